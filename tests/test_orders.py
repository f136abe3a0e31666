"""Drafts of orders: what they say is what the note recommends; whole files without traces; made again only when due."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
import word_files
from conftest import PERIOD as CURRENT, ROOT, soko
from note_school import PERIOD, school

from soko import resources
from soko.errors import ConfigError, UsageError
from soko.notes import open_note, open_theme
from soko.notes.data import read
from soko.orders import defaults, open_orders
from soko.orders.content import FIELDS, Order, heading, order_of
from soko.orders.drafts import draft
from soko.periods import Period
from soko.publish import document, index
from soko.run import orders, work
from soko.run.memory import Memory, focused_record, indicators_record, note_record, validation_record
from soko.run.notebooks import execute
from soko.run.sweeps import Document
from soko.workspace import Workspace

NAMES = ["academic_results.docx", "academic_results_extract.docx"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return school(tmp_path_factory.mktemp("orders") / "school")


@pytest.fixture(scope="module")
def order(place: Workspace) -> Order:
    return order_of(read(place, PERIOD))


@pytest.fixture(scope="module")
def files(place: Workspace, order: Order, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return [path.read_bytes() for path in draft(place, order, tmp_path_factory.mktemp("files"), "academic_results")]


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else [] if isinstance(value, list) else str


def test_the_fields_are_those_that_are_told_of(order: Order) -> None:
    known = shape(FIELDS)
    for name, value in shape(order.fields).items():
        assert value in (known[name], []), name
    assert set(order.fields) == set(FIELDS)


def test_every_field_is_in_the_guide() -> None:
    guide = (ROOT / "README.ru.md").read_text(encoding="utf-8")
    for name, value in FIELDS.items():
        inner = value[0] if isinstance(value, list) else value
        for key in inner if isinstance(inner, dict) else [""]:
            prefix = "item" if name == "items" else name
            assert f"`{prefix}.{key}`" in guide if key else f"`{name}`" in guide, (name, key)


def test_every_recommendation_is_a_point_with_its_person_and_date(
    place: Workspace, files: list[bytes], order: Order
) -> None:
    note = open_note(str(place.root))
    wanted = sorted(note.narrative.recommendations, key=lambda item: item.due)
    assert len(wanted) > 3
    months = {4: "апреля", 5: "мая", 6: "июня", 7: "июля", 8: "августа", 9: "сентября"}
    for content in files:
        points = [text for text in word_files.paragraphs(content) if "Ответственный – " in text]
        assert len(points) == len(wanted)
        for point, item in zip(points, wanted, strict=True):
            plain = item.who.replace("\xa0", " ")
            assert point.startswith(item.what.replace("\xa0", " ")[:40])
            assert f"Ответственный – {plain[:1].lower()}{plain[1:]}." in point
            assert point.endswith(f"до {item.due.day} {months[item.due.month]} {item.due.year} г.")
    people = {item.who.replace("\xa0", " ") for item in wanted}
    assert people <= set(word_files.paragraphs(files[0]))


def test_conclusions_are_those_of_the_note_and_faults_of_data_stand_apart(files: list[bytes], order: Order) -> None:
    for content in files:
        texts = word_files.paragraphs(content)
        start = next(at for at, text in enumerate(texts) if "установлено" in text or text == "ОТМЕТИЛИ:")
        for text in order.conclusions:
            assert texts.index(text.replace("\xa0", " ").replace("\u2011", "-")) > start


def test_what_is_wrong_with_the_data_is_to_be_settled_before_signing(
    place: Workspace, order: Order, tmp_path: Path
) -> None:
    fields = order.fields | {"remarks": ["Исправить до подписания: нет отметок."]}
    paths = draft(place, replace(order, fields=fields), tmp_path, "n")
    texts = word_files.paragraphs(paths[0].read_bytes())
    assert texts[:2] == ["До подписания проверьте (рамку затем удалите):", "Исправить до подписания: нет отметок."]
    without = draft(place, replace(order, fields=order.fields | {"remarks": []}), tmp_path, "n")
    assert not any("До подписания" in text for text in word_files.paragraphs(without[0].read_bytes()))


def test_the_files_are_whole_and_tell_of_nobody(files: list[bytes], place: Workspace) -> None:
    for content, title in zip(files, ("Приказ. Об итогах", "Выписка из протокола. Об итогах"), strict=True):
        word_files.sound(content)
        found = word_files.parts(content)
        core = found["docProps/core.xml"].decode()
        assert f"<dc:title>{title}" in core
        assert "<dc:creator>МБОУ «СОШ № 4 г. Ключевогорска»</dc:creator>" in core
        assert set(re.findall(r">(\d{4}-\d\d-\d\d)T", core)) == {"2026-05-26"}
        assert "docProps/app.xml" not in found
        everything = b"".join(found.values()).decode(errors="replace")
        for left in ("{{", "{%", "python-docx", "docxtpl", "None", str(place.root)):
            assert left not in everything, left
        assert not re.search(r"\bp_[0-9А-Я]", everything)


def test_number_and_date_are_fields_to_fill_in(files: list[bytes]) -> None:
    for content in files:
        xml = word_files.parts(content)["word/document.xml"].decode()
        assert {"date", "number"} <= set(re.findall(r'<w:tag w:val="(\w+)"/>', xml))
        assert xml.count("<w:showingPlcHdr/>") >= 2


def test_the_same_note_gives_the_same_bytes(place: Workspace, files: list[bytes], tmp_path: Path) -> None:
    again = draft(place, order_of(read(place, PERIOD)), tmp_path, "academic_results")
    assert [path.name for path in again] == NAMES
    assert [path.read_bytes() for path in again] == files


@pytest.mark.slow
def test_libreoffice_prints_them(files: list[bytes], order: Order, tmp_path: Path) -> None:
    for content, head in zip(files, ("ПРИКАЗ", "ВЫПИСКА ИЗ ПРОТОКОЛА"), strict=True):
        text = word_files.printed(content, tmp_path)
        for wanted in (head, "г. Ключевогорск", "Н. П. Верещагина", "«____» ______________ 20___ г.", "№ ________"):
            assert wanted in text, wanted
        # numbers of points are Word's own: the clerk may add one
        numbers = [int(found) for found in re.findall(r"^ *(\d+)\. ", text, flags=re.M)]
        fixed = 2 if head == "ПРИКАЗ" else 1
        assert numbers == list(range(1, len(order.assignments) + fixed + 1))
        assert "{" not in text


def test_nothing_to_order_no_file(place: Workspace, order: Order, tmp_path: Path) -> None:
    assert draft(place, replace(order, assignments=()), tmp_path / "orders", "n") == []
    assert not (tmp_path / "orders").exists()


def test_headings_answer_what_about() -> None:
    assert heading("по итогам успеваемости за год") == "Об итогах успеваемости за год"
    assert heading("об условиях обучения за год") == "Об условиях обучения за год"
    assert heading("о результатах ОГЭ") == "О результатах ОГЭ"
    assert heading("за 2025 год") == "Об итогах мониторинга: за 2025 год"


def test_committed_templates_are_what_the_program_makes() -> None:
    folder = resources.root() / "params" / "templates"
    for name, made in (("order_results.docx", defaults.order()), ("extract.docx", defaults.extract())):
        assert word_files.parts((folder / name).read_bytes()) == word_files.parts(made), name


# --- the run -------------------------------------------------------------------------------------------------------


def settings(place: Workspace, text: str, period: Period = PERIOD) -> None:
    path = place.params / "periods" / f"{period.id}.yaml"
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def own(place: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(place.root, tmp_path / "school")
    own = Workspace.open(tmp_path / "school")
    settings(own, "notes: [academic_results, conditions]\norders: [academic_results]\n")
    return own


def run(own: Workspace, stage: Path, published: dict[str, Any], chosen: list[Document]) -> Memory:
    """Ask the memory and make the drafts, as a run does."""
    memory = Memory(own, PERIOD)
    memory.published = published

    def record(item: Document) -> dict[str, str]:
        return {"показатели": "1"}

    for job in orders.jobs(memory, stage, chosen, record, {}):
        assert job.function == "order"
        work.order(**job.arguments)
    orders.done(memory, stage, chosen, record)
    return memory


def test_a_draft_is_made_again_only_when_its_template_has_changed(own: Workspace, tmp_path: Path) -> None:
    stage, chosen = tmp_path / "stage", [Document("academic_results"), Document("conditions")]
    (stage / "notes").mkdir(parents=True)
    (stage / "notes" / "academic_results.html").write_text("<title>А</title>", encoding="utf-8")
    first = run(own, stage, {}, chosen)
    assert sorted(path.name for path in (stage / "orders").iterdir()) == NAMES
    assert list(first.reasons) == ["orders/academic_results"]
    hashes = {
        f"orders/{path.name}": {"sha256": orders.hashing.sha256_file(path)} for path in (stage / "orders").iterdir()
    }
    published = {"steps": first.records, "outputs": hashes}
    again = run(own, stage, published, chosen)
    assert again.reasons == {"orders/academic_results": "изменений нет, результат прежний"}
    path = own.params / "templates" / "extract.docx"
    path.write_bytes(word_files.changed(path.read_bytes(), document=("СЛУШАЛИ:", "СЛУШАЛИ И ОБСУДИЛИ:")))
    changed = run(own, stage, published, chosen)
    assert changed.reasons == {"orders/academic_results": "изменилось: params/templates/extract.docx"}
    assert "СЛУШАЛИ И ОБСУДИЛИ:" in word_files.paragraphs((stage / "orders" / NAMES[1]).read_bytes())
    settings(own, "notes: [academic_results]\n")
    assert not run(own, stage, published, chosen).reasons
    assert list((stage / "orders").iterdir()) == []


def test_templates_are_read_by_no_other_step(own: Workspace, tmp_path: Path) -> None:
    def records() -> list[dict[str, str]]:
        note = note_record(own, PERIOD, tmp_path, "notes/academic_results")
        focused = focused_record(own, PERIOD, "class_teacher")
        return [validation_record(own, PERIOD), indicators_record(own, PERIOD), note, focused]

    before = records()
    path = own.params / "templates" / "extract.docx"
    path.write_bytes(path.read_bytes() + b"\0")
    assert records() == before
    (own.params / "templates" / "reference.docx").write_bytes(b"1")
    assert [now == then for now, then in zip(records(), before, strict=True)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("notes: [academic_results]\norders: [academic_result]\n", "возможно, имелось в виду «academic_results»"),
        ("notes: [academic_results]\norders: [conditions]\n", "справки «conditions» в этом периоде нет"),
        ("notes: [key_indicators]\norders: [key_indicators]\n", "нет правил с рекомендациями"),
    ],
)
def test_an_order_of_a_note_that_cannot_have_one_is_refused(own: Workspace, text: str, said: str) -> None:
    settings(own, text)
    with pytest.raises(ConfigError, match=said) as caught:
        orders.notes(own, PERIOD)
    assert PERIOD.id in str(caught.value)


def test_the_index_names_the_drafts(files: list[bytes], tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    for name, content in zip(NAMES, files, strict=True):
        (tmp_path / "orders" / name).write_bytes(content)
    page = index.write(tmp_path, period=PERIOD).read_text(encoding="utf-8")
    assert "<h2>Проекты приказов</h2>" in page
    assert "Об итогах успеваемости и качества знаний за 4\u2011ю" in page
    assert page.count("orders/academic_results") == 2
    assert "Прочие файлы" not in page


# --- the notebook --------------------------------------------------------------------------------------------------


def computed(own: Workspace) -> None:
    folder = own.outputs(PERIOD)
    folder.mkdir(parents=True)
    shutil.copyfile(own.history / f"{PERIOD.id}.parquet", folder / "indicators.parquet")


@pytest.mark.slow
def test_the_notebook_shows_all_drafts_of_the_period(own: Workspace, order: Order, tmp_path: Path) -> None:
    computed(own)
    source = resources.notebook("reports/orders", own.notebooks)
    assert source is not None
    made = execute(source, tmp_path / "orders.ipynb", {"workspace": str(own.root), "period": PERIOD.id}, cwd=own.root)
    shown = document.read(made, "orders")
    text = "\n".join(item.block.plain() for item in shown.items)
    assert "Проекты приказов периода" in text
    assert "Поручения всех проектов" in text
    table = next(item.block for item in shown.items if item.block.plain() == "Поручения всех проектов")
    assert len(table.rows) == len(order.assignments)
    assert nbformat.validate(made) is None


def test_without_orders_the_notebook_says_where_to_name_them(own: Workspace) -> None:
    settings(own, "notes: [academic_results]\n")
    computed(own)
    view = open_orders(str(own.root), PERIOD.id)
    assert "params/periods/2025-2026/q4.yaml" in view.overview()[0].markdown
    assert view.assignments() == []
    with pytest.raises(UsageError):
        view.order("academic_results")


@pytest.mark.deep
def test_a_run_leaves_drafts_that_its_manifest_holds(reported: Path, tmp_path: Path) -> None:
    place = tmp_path / "school"
    shutil.copytree(reported, place)
    path = place / "params" / "periods" / f"{CURRENT}.yaml"
    text = re.sub(r"^orders:.*\n", "", path.read_text(encoding="utf-8"), flags=re.M)
    path.write_text(text.replace("annexes:", "orders: [academic_results]\nannexes:", 1), encoding="utf-8")
    done = soko("report", CURRENT, "--note", "academic_results", workspace=place)
    assert done.code == 0, done.out + done.err
    assert "проекты приказов и выписок (2\xa0файла)" in done.out
    folder = place / "outputs" / CURRENT
    assert sorted(item.name for item in (folder / "orders").iterdir()) == NAMES
    assert '"orders/academic_results.docx"' in (folder / "manifest.json").read_text(encoding="utf-8")
    assert "Проекты приказов" in (folder / "index.html").read_text(encoding="utf-8")
    assert soko("verify", CURRENT, workspace=place).code == 0
    note = open_theme("academic_results", str(place), CURRENT)
    points = [t for t in word_files.paragraphs((folder / "orders" / NAMES[0]).read_bytes()) if "Ответственный – " in t]
    assert len(points) == len(note.narrative.recommendations)
    import pandas as pd

    people = pd.read_parquet(place / "data" / "private" / CURRENT / "people.parquet")
    surnames = set(people[people["kind"].str.startswith("pupil")]["full_name"].str.split().str[0])
    words = set(re.findall(r"\w+", " ".join(word_files.paragraphs((folder / "orders" / NAMES[0]).read_bytes()))))
    own = {
        name.split()[0] for name in re.findall(r"name: (\S+ \S+)\}?", (place / "params" / "school.yaml").read_text())
    }
    assert surnames
    assert not (words & surnames) - own
