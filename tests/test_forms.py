"""Forms: an Excel template a table, whole and safe, the same bytes twice; the data dictionary."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from intake_school import workspace
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from soko.errors import UsageError
from soko.forms import book, dictionary, examples, guide, sheet, words, write_all
from soko.forms.form import Form, form_of
from soko.intake import Context
from soko.intake.columns import Normaliser
from soko.periods import Period
from soko.tables import Rule, load_tables
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
TABLES = load_tables(Workspace(ROOT))
CONTEXT = Context.open(Workspace(ROOT), Period.parse("2025-2026/q2"))
FORMS = {name: form_of(table, CONTEXT) for name, table in TABLES.items()}
every_table = pytest.mark.parametrize("name", sorted(TABLES))


@cache
def opened_table(name: str) -> object:
    return load_workbook(io.BytesIO(book.content(FORMS[name])))


def opened(form: Form) -> object:
    return opened_table(form.table.table)


def headers(form: Form) -> dict[str, str]:
    """Canonical name → column letter."""
    return {name: get_column_letter(place) for place, name in enumerate(form.names, 2)}


@every_table
def test_same_contract_gives_the_same_bytes(name: str) -> None:
    content = book.content(FORMS[name])
    assert content == book.content(FORMS[name])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        times = re.findall(r"20\d\d-\d\d-\d\dT[\d:]+Z", parts.read("docProps/core.xml").decode())
    assert set(times) == {"2025-09-01T00:00:00Z"}


@every_table
def test_first_line_is_an_anchor_of_the_tables_layout(name: str) -> None:
    anchors = [a for layout in CONTEXT.sources.layouts if layout.table == name for a in layout.anchors]
    assert opened(FORMS[name])[book.SHEET]["A1"].value in anchors


@every_table
def test_every_column_has_its_title_comment_and_check(name: str) -> None:
    form = FORMS[name]
    data = opened(form)[book.SHEET]
    checked = {str(cells) for rule in data.data_validations.dataValidation for cells in rule.sqref.ranges}
    for item, letter in zip(form.fields, headers(form).values(), strict=True):
        head = data[f"{letter}{sheet.HEADER_ROW}"]
        assert head.value == item.column.title
        assert head.comment.text == words.about(item)
        for rule in item.rules:
            assert rule.title in head.comment.text
        if item.options or item.column.type in ("date", "integer", "number"):
            assert f"{letter}{sheet.FIRST_ROW}:{letter}{sheet.LAST_ROW}" in checked, item.column.name


@every_table
def test_lists_offer_the_contracts_values(name: str) -> None:
    form = FORMS[name]
    workbook = opened(form)
    data = workbook[book.SHEET]
    offered = {}
    for rule in data.data_validations.dataValidation:
        if rule.type == "list":
            letter = re.match("[A-Z]+", str(rule.sqref))[0]
            if rule.formula1.startswith('"'):
                assert len(rule.formula1) <= 257
                offered[letter] = rule.formula1.strip('"').split(",")
            else:
                title, _, cells = rule.formula1.partition("!")
                cells = workbook[title.strip("'")][cells.replace("$", "")]
                offered[letter] = [row[0].value for row in cells]
    wanted = {headers(form)[item.column.name]: list(item.options) for item in form.fields if item.options}
    assert offered == wanted


@every_table
def test_head_is_locked_and_cells_under_it_are_not(name: str) -> None:
    form = FORMS[name]
    data = opened(form)[book.SHEET]
    assert data.protection.sheet
    assert not data.protection.password
    for letter in ["A", *headers(form).values()]:
        for row in range(1, sheet.FIRST_ROW):
            assert data[f"{letter}{row}"].protection.locked
        assert not data.column_dimensions[letter].protection.locked
    for item, letter in zip(form.fields, headers(form).values(), strict=True):
        if item.column.type in ("text", "class", "person"):  # «0417» and «1.10» must stay what they are
            assert data.column_dimensions[letter].number_format == "@", item.column.name
    assert data.freeze_panes.endswith(str(sheet.HEADER_ROW + 1))
    assert data.page_setup.orientation == "landscape"


@every_table
def test_guide_names_the_owner_every_column_every_rule(name: str) -> None:
    form = FORMS[name]
    page = "\n".join(str(c.value) for row in opened(form)[guide.TITLE].iter_rows() for c in row if c.value)
    assert form.owner[1:] in page
    for item in form.fields:
        assert item.column.title in page
    for rule in form.table.rules:
        assert rule.title in page
        assert words.SEVERITY[rule.severity] in page


@every_table
def test_texts_are_finished(name: str) -> None:
    form = FORMS[name]
    for row in opened(form)[guide.TITLE].iter_rows():
        for cell in row:
            text = str(cell.value or "")
            assert not re.search(r"[{}]|  |\.\.|None|nan", text), text
    for item in form.fields:
        assert not re.search(r"[{}]|  |None", words.about(item)), words.about(item)


@every_table
def test_examples_can_be_read(name: str) -> None:
    """A form must not show what intake would refuse."""
    normaliser = Normaliser(CONTEXT)
    for item in FORMS[name].fields:
        if item.example is None:
            assert not item.column.required, item.column.name
            continue
        found = normaliser.reader(item.column, name)(item.example)
        assert found.value is not None, item.column.name
        assert not found.problem, item.column.name
        if item.column.values:
            assert item.example in item.column.values


def test_no_form_asks_for_a_number_of_a_document() -> None:
    assert not {"snils", "last_name", "letter"} & set(FORMS["pupils"].names)
    assert "full_name" in FORMS["pupils"].names


def test_advice_leaves_out_what_speaks_of_one_value() -> None:
    rule = Rule(
        id="r", title="Т", severity="warning", check="true", limits={"least": 0, "most": 70.5},
        message="Стаж, лет: {value}. Ожидалось от {least} до {most}; проверьте число.",
    )  # fmt: skip
    assert words.advice(rule) == "Ожидалось от 0 до 70,5; проверьте число."


def test_written_again_but_never_over_what_was_filled_in(tmp_path: Path) -> None:
    space, target = workspace(tmp_path / "school"), tmp_path / "forms"
    paths = write_all(space, target)
    assert len(paths) == len(TABLES)
    assert {path.stem for path in paths} == {book.file_name(table.title)[:-5] for table in TABLES.values()}
    before = {path: path.read_bytes() for path in paths}
    write_all(space, target)
    assert {path: path.read_bytes() for path in paths} == before
    filled = load_workbook(paths[0])
    filled[book.SHEET].cell(sheet.FIRST_ROW, 2, "К-1")
    filled.save(paths[0])
    kept = paths[0].read_bytes()
    paths[1].unlink()
    with pytest.raises(UsageError, match=re.escape(paths[0].name)):
        write_all(space, target)
    assert paths[0].read_bytes() == kept
    assert not paths[1].exists()


def test_names_of_files_have_no_forbidden_signs() -> None:
    assert book.file_name('Учёт: ОПДН/КДН "2025"?') == "Учёт ОПДН КДН 2025.xlsx"


def test_example_marks_are_those_that_intake_sets_aside() -> None:
    assert examples.MARK.lower() == "пример:"
    assert all(isinstance(item, (str, int, float, date, type(None))) for item in examples._BY_NAME.values())


def test_data_dictionary_is_fresh() -> None:
    page = (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary.markdown(CONTEXT), "run: python -m soko.forms.dictionary docs/data_dictionary.md"


@every_table
def test_data_dictionary_tells_all(name: str) -> None:
    _, _, rest = dictionary.markdown(CONTEXT).partition(f"\n## {name}\n")
    section = rest.partition("\n## ")[0]
    table = TABLES[name]
    for item in [*table.columns, *table.rules]:
        assert item.title in section
    for layout in CONTEXT.sources.layouts:
        assert (f"`{layout.id}`" in section) == (layout.table == name)
    assert len([line for line in section.splitlines() if "personal" in line]) == len(table.personal)
