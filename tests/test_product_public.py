"""The public edition as a run makes it: beside the internal documents, or in their place."""

from __future__ import annotations

import json
import re
import shutil
import zipfile

import nbformat
import note_school
import pytest
import yaml

from soko import editions
from soko.errors import ConfigError, DataError, UsageError
from soko.periods import Period
from soko.run import hashing, jobs, manifest, public, stages
from soko.run.memory import Memory
from soko.run.sweeps import Asked

pytestmark = pytest.mark.deep

PERIOD = note_school.PERIOD
SIZES = {"5А": 4, "5Б": 24, "6А": 22, "6Б": 21, "7А": 25, "7Б": 23}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A school with an internal publication: an indicator table, one note, a manifest."""
    found = note_school.workspace(tmp_path_factory.mktemp("run") / "school")
    note_school.put(found, PERIOD, note_school.tables(SIZES, {"7А": -0.5}, 3))
    (found.incoming(PERIOD)).mkdir(parents=True)
    (found.incoming(PERIOD) / "отметки.csv").write_text("класс;предмет\n", encoding="utf-8")
    settings = {"notes": ["academic_results", "conditions", "class_teacher"], "annexes": []}
    path = found.params / "periods" / f"{PERIOD.id}.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    out = found.outputs(PERIOD)
    (out / "notes").mkdir(parents=True)
    (out / "validation").mkdir()
    (out / "validation" / "findings.csv").write_text("severity\n", encoding="utf-8")
    (out / "notes" / "academic_results.html").write_text("<title>Внутренняя</title>", encoding="utf-8")
    shutil.copyfile(found.history / f"{PERIOD.id}.parquet", out / "indicators.parquet")
    facts = {"notes": {"academic_results": "key"}, "steps": {}, "swept": {}, "findings": {}, "inputs_key": "key"}
    manifest.write(found, PERIOD, out, facts)
    return found


@pytest.fixture(scope="module")
def made(place):
    return public.make(place, PERIOD)


def files(place):
    return {path.name for path in (place.outputs(PERIOD) / "public").iterdir()}


def test_the_notes_that_have_an_edition_and_something_to_tell(place, made):
    assert [path.name for path in made] == ["academic_results.html"]
    assert {f"academic_results.{suffix}" for suffix in ("ipynb", "html", "pdf", "docx")} <= files(place)
    assert not {name for name in files(place) if name.startswith(("conditions", "class_teacher"))}
    why = public.left_out(place, PERIOD)
    assert why["class_teacher"] == editions.reason(place, "class_teacher")
    assert "опубликовать нельзя" in why["conditions"]


def test_internal_documents_stay_and_the_index_leads_to_both(place, made):
    assert (
        (place.outputs(PERIOD) / "notes" / "academic_results.html").read_text(encoding="utf-8").startswith("<title>В")
    )
    page = (place.outputs(PERIOD) / "index.html").read_text(encoding="utf-8")
    assert "<h2>Публичные экземпляры</h2>" in page
    assert 'href="public/academic_results.pdf"' in page
    assert not manifest.verify(place, PERIOD)


def test_public_documents_lead_to_no_internal_one(place, made):
    page = made[0].read_text(encoding="utf-8")
    assert not [link for link in re.findall(r'href="([^"]+)"', page) if not link.startswith("#")]
    assert "private" not in page
    assert "Для служебного пользования" not in page


def test_properties_and_notebook_tell_of_no_person_and_no_row(place, made):
    folder = place.outputs(PERIOD) / "public"
    with zipfile.ZipFile(folder / "academic_results.docx") as package:
        core = package.read("docProps/core.xml").decode()
        assert not [name for name in package.namelist() if "embeddings" in name or "customXml" in name]
    school = yaml.safe_load((place.params / "school.yaml").read_text(encoding="utf-8"))
    for text in (core, (folder / "academic_results.pdf").read_bytes().decode("latin-1")):
        assert school["director"]["name"].split()[0] not in text
        assert str(place.root) not in text
    notebook = nbformat.read(folder / "academic_results.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert kinds == {"text/html", "text/plain", "application/vnd.soko.block+json"}
    text = json.dumps(notebook, ensure_ascii=False)
    assert str(place.root) not in text
    assert "p_5А" not in text  # codes of pupils


def test_nothing_is_made_again_where_nothing_has_changed(place, made, monkeypatch):
    ran = []
    monkeypatch.setattr(jobs, "run", lambda work, _step: ran.extend(work))
    before = hashing.hash_files(hashing.files_below(place.outputs(PERIOD)), place.root)
    public.make(place, PERIOD)
    assert not ran
    assert hashing.hash_files(hashing.files_below(place.outputs(PERIOD)), place.root) == before


def test_changed_data_are_refused_and_nothing_is_touched(place, made):
    path = place.incoming(PERIOD) / "отметки.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}7А;История\n", encoding="utf-8")
    try:
        with pytest.raises(DataError, match="изменились данные или настройки"):
            public.make(place, PERIOD)
    finally:
        path.write_text(before, encoding="utf-8")
    assert not manifest.verify(place, PERIOD)


def test_figures_of_earlier_periods_that_are_known_since_are_told_as_such(place, made):
    earlier = Period.parse("2023-2024/q3")
    before = {path.suffix: path.read_bytes() for path in place.history.glob(f"{PERIOD.id}.*")}
    added = [place.history / f"{earlier.id}{suffix}" for suffix in (".json", ".parquet")]
    added[0].parent.mkdir()
    for path in added:
        path.write_bytes(before[path.suffix])
    try:
        with pytest.raises(DataError, match=r"рассчитаны показатели прежних периодов \(3 четв\. 2023/24\)"):
            public.make(place, PERIOD)
    finally:
        shutil.rmtree(added[0].parent)
    assert not manifest.verify(place, PERIOD)


def test_without_a_report_there_is_nothing_to_publish(place):
    with pytest.raises(UsageError, match="ещё не выпускался"):
        public.make(place, PERIOD.previous())


def test_in_place_of_the_internal_documents(place, made, tmp_path, monkeypatch):
    """``audience: public``: notes/ holds the public edition alone; no draft of an order is left."""
    stage = tmp_path / "stage"
    shutil.copytree(place.outputs(PERIOD), stage)
    (stage / "notes" / "class_teacher_7А.html").write_text("внутренняя", encoding="utf-8")
    (stage / "orders").mkdir()
    (stage / "orders" / "academic_results.docx").write_bytes(b"")
    monkeypatch.setattr(stages, "notes", lambda *_rest: [])
    asked = public.allowed(place, PERIOD, [Asked("academic_results"), Asked("class_teacher")])
    public.instead(Memory(place, PERIOD), stage, asked, [], lambda _title: None)
    assert {path.name for path in (stage / "notes").iterdir()} == {
        f"academic_results.{suffix}" for suffix in ("ipynb", "html", "pdf", "docx")
    }
    assert "Публичный экземпляр" in (stage / "notes" / "academic_results.html").read_text(encoding="utf-8")
    assert not (stage / "orders").exists()


def test_a_note_asked_for_by_name_is_refused_with_its_reason(place):
    with pytest.raises(UsageError, match="об одном классе"):
        public.allowed(place, PERIOD, [Asked("class_teacher")], named=True)
    with pytest.raises(ConfigError, match="ни у одной справки"):
        public.allowed(place, PERIOD, [Asked("class_teacher")])
