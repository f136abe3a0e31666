"""``soko plan``: the yearly scheme as HTML, PDF, DOCX and calendar; nothing half-written, the same bytes twice."""

import io
import json
import zipfile
from pathlib import Path

import nbformat
import pypdf
import pytest
from conftest import ROOT, copy_workspace, soko

from soko.params import Params
from soko.plan import load_plan, words
from soko.plan.tables import often
from soko.workspace import Workspace

FILES = ["manifest.json", "plan.docx", "plan.html", "plan.ics", "plan.ipynb", "plan.pdf"]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = copy_workspace(tmp_path_factory.mktemp("plan") / "school")
    done = soko("plan", "2025-2026", workspace=place)
    assert done.code == 0, done.err
    assert "План мониторинга на 2025/2026 учебный год выпущен" in done.out
    return place


def content(place: Path) -> dict[str, bytes]:
    folder = place / "outputs" / "2025-2026" / "plan"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def squeezed(text: str) -> str:
    return "".join(
        text.replace("\xad", "").replace("\u2011", "").replace("\u200b", "").replace("-", "").split()
    ).casefold()


@pytest.mark.slow
def test_every_procedure_is_in_every_format(planned: Path) -> None:
    made = content(planned)
    assert list(made) == FILES
    pages = pypdf.PdfReader(io.BytesIO(made["plan.pdf"])).pages
    printed = squeezed("".join(page.extract_text() for page in pages))
    html = squeezed(made["plan.html"].decode())
    word = squeezed(zipfile.ZipFile(io.BytesIO(made["plan.docx"])).read("word/document.xml").decode())
    for text in ("УТВЕРЖДАЮ", "РАССМОТРЕНО", "Н. П. Верещагина", "14.11.2025", "Медицинский работник"):
        assert all(squeezed(text) in where for where in (printed, html, word)), text
    plan, params = load_plan(Workspace.open(planned)), Params(Workspace.open(planned))
    for item in plan.procedures:
        assert squeezed(item.name) in html, item.id
        assert squeezed(item.name) in word, item.id
        assert squeezed(item.name) in printed, item.id
        for text in (plan.forms[item.form], often(item, params, 2025), plan.documents[item.document].title):
            assert all(squeezed(text) in where for where in (printed, html, word)), (item.id, text)
        for text in (*item.methods, *(plan.levels[level] for level in item.levels), *words.people(params.school, item)):
            assert all(squeezed(text) in where for where in (html, word)), (item.id, text)


@pytest.mark.slow
def test_the_scheme_has_a_turned_page_with_its_heading(planned: Path) -> None:
    pages = pypdf.PdfReader(io.BytesIO(content(planned)["plan.pdf"])).pages
    turned = [page for page in pages if page.mediabox.width > page.mediabox.height]
    assert len(turned) > 4
    assert "Циклограмма" in turned[0].extract_text().split("Таблица")[0]
    assert not any(page.extract_text().strip().endswith("Циклограмма") for page in pages)


@pytest.mark.deep
@pytest.mark.slow
def test_again_nothing_is_done_and_by_force_the_same(planned: Path) -> None:
    before = content(planned)
    done = soko("plan", "2025/2026", workspace=planned)
    assert "Изменений нет" in done.out
    assert soko("plan", "--force", workspace=planned).code == 0
    assert content(planned) == before
    assert str(planned).encode() not in before["plan.ipynb"]


@pytest.mark.slow
def test_a_wrong_plan_leaves_what_was_published(planned: Path) -> None:
    before = content(planned)
    path = planned / "params" / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("document: health", "document: helth", 1), encoding="utf-8")
    try:
        done = soko("plan", "2025-2026", workspace=planned)
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.code == 2
    assert "возможно, имелось в виду «health»" in done.err
    assert content(planned) == before
    assert [item.name for item in (planned / "outputs" / "2025-2026").iterdir()] == ["plan"]


@pytest.mark.deep
@pytest.mark.slow
def test_a_damaged_file_is_made_again(planned: Path) -> None:
    before = content(planned)
    (planned / "outputs" / "2025-2026" / "plan" / "plan.ics").write_text("испорчен", encoding="utf-8")
    assert "выпущен" in soko("plan", "2025-2026", workspace=planned).out
    assert content(planned) == before


def test_a_calendar_year_is_no_plan(tmp_path: Path) -> None:
    done = soko("plan", "2025", workspace=copy_workspace(tmp_path / "school"))
    assert done.code == 2
    assert "2025-2026" in done.err


def test_notebook_is_thin() -> None:
    path = ROOT / "notebooks" / "reports" / "plan.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert len(notebook.cells) <= 12
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells)
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["soko"]["title"]
