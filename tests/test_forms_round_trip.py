"""What is written into a form of any table comes out of intake as the same canonical values."""

from __future__ import annotations

import io
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from intake_school import incoming, read, rules, workspace
from openpyxl import load_workbook

from soko.forms import book, sheet
from soko.forms.form import Form, form_of
from soko.intake import Context, Intake
from soko.intake.private import private_key, pseudonym
from soko.periods import Period
from soko.tables import Column, load_tables
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
CONTEXT = Context.open(Workspace(ROOT), Period.parse("2025-2026/q2"))
TABLES = load_tables(Workspace(ROOT))
every_table = pytest.mark.parametrize("name", sorted(TABLES))

#: Columns whose given code becomes a pseudonym, with its prefix.
_CODES = {"pupil_id": "p_", "teacher_id": "t_", "mentor_id": "t_"}
_WORKERS = ("staff", "lesson_visits", "programmes")
_NAMES = ["Абрамов Илья Петрович", "Белова Анна Сергеевна", "Громова Ольга Олеговна", "Ким Артём Львович"]
# Codes look like numbers, dates and formulas on purpose: a form must not turn them into anything else.
_WORDS = [
    "Кабинет 12",
    "1.10",
    "007",
    "=1+1",
    "3/4",
    "1-2 раза",
    "Школа № 2, «Лицей»",
    "1e5",
    "ё",
    "+7 раз",
    "TRUE дом",
]


@cache
def form(name: str) -> Form:
    return form_of(TABLES[name], CONTEXT)


@cache
def blank_form(name: str) -> bytes:
    return book.content(form(name))


def values(column: Column, options: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Valid canonical values of a column; for most also none at all."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(0, 2000),
        "number": st.floats(0, 5000, allow_nan=False).map(lambda x: round(x, 3)) | st.integers(0, 300).map(float),
        "date": st.dates(date(1950, 1, 1), date(2030, 12, 31)),
        "boolean": st.booleans(),
        "class": st.builds("{}{}".format, st.integers(1, 11), st.sampled_from(["А", "Б", "В", ""])),
        "person": st.sampled_from(_NAMES),
        "text": st.sampled_from(_WORDS),
    }
    found = st.sampled_from(options) if options and column.type != "boolean" else kinds[column.type]
    return found if column.required else st.none() | found


def rows(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of the table, no two of them of one person."""
    drawn = {}
    for item in form(name).fields:
        column = item.column
        if column.name == "term":
            drawn[column.name] = st.sampled_from(["2 четверть", "q2"])
        elif column.name == "school_id":
            drawn[column.name] = st.none() if not column.required else st.just("sosh4")
        elif column.name in ("pupil_id", "staff_id", "code", "respondent", "programme_id"):
            drawn[column.name] = st.builds("К-{:04d}".format, st.integers(0, 9999))
        elif (name, column.name) == ("exams", "effective"):  # what is left empty is decided by intake
            drawn[column.name] = st.booleans()
        elif (name, column.name) == ("exams", "stage"):  # an appeal without a main result is told, and rightly
            drawn[column.name] = values(column, tuple(item.options[:-1]))
        else:
            drawn[column.name] = values(column, item.options)
    # A row with one lone value is taken for a note under the table (and intake says so).
    one = st.fixed_dictionaries(drawn).filter(lambda row: sum(value is not None for value in row.values()) > 1)
    first = next((n for n in ("pupil_id", "staff_id", "code", "respondent") if n in drawn), None)
    unique = (lambda row: row[first]) if first else None
    return st.lists(one, min_size=1, max_size=4, unique_by=unique) if unique else st.lists(one, min_size=1, max_size=4)


def fill(name: str, data: list[dict[str, Any]], path: Path) -> None:
    """Write the rows as a person in Excel does: values under the header, formats of the cells as the form sets them."""
    workbook = load_workbook(io.BytesIO(blank_form(name)))
    page = workbook[book.SHEET]
    for index, row in enumerate(data):
        for place, key in enumerate(form(name).names, 2):
            value = row[key]
            cell = page.cell(sheet.FIRST_ROW + index, place)
            cell.value = ("да" if value else "нет") if isinstance(value, bool) else value
            if isinstance(value, str):
                cell.data_type = "s"  # openpyxl would make a formula of «=1+1»; a text cell of Excel does not
            cell.number_format = page.column_dimensions[cell.column_letter].number_format
    workbook.save(path)


def expected(name: str, row: dict[str, Any], key: bytes) -> dict[str, Any]:
    """The row as intake gives it: codes as pseudonyms, no personal column, the school filled in."""
    wanted = {column: value for column, value in row.items() if column not in TABLES[name].personal}
    wanted["school_id"] = row.get("school_id") or CONTEXT.params.school.id
    for column, value in wanted.items():
        prefix = "t_" if column == "staff_id" and name in _WORKERS else _CODES.get(column)
        if prefix and value:
            wanted[column] = pseudonym(key, prefix, f"id:{value}")
    if row.get("birth_date") and row.get("age") is None:
        del wanted["age"]  # told by the date of birth
    for code, person in (("teacher_id", "teacher"), ("mentor_id", "mentor"), ("staff_id", "leader")):
        if row.get(person) and row.get(code) is None:
            wanted.pop(code, None)  # told by the name
    return wanted


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("school"))


def taken(space: Workspace, files: dict[str, list[dict[str, Any]]]) -> Intake:
    """Intake of a period's folder that holds exactly these filled forms."""
    folder = incoming(space)
    shutil.rmtree(folder)
    folder.mkdir()
    for name, data in files.items():
        fill(name, data, folder / f"{name}.xlsx")
    return read(space)


@every_table
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_filled_form_reads_back(name: str, space: Workspace, data: st.DataObject) -> None:
    given_rows = data.draw(rows(name))
    result = taken(space, {name: given_rows})
    assert not {"critical", "warning"} & {f.severity for f in result.findings if f.rule != "pupils_built"}
    assert [file.layout for file in result.files] == [f"{name}_list"]
    frame = result.tables[name].frame
    got = frame.to_dict("records")
    assert len(got) == len(given_rows)
    for found, row in zip(got, given_rows, strict=True):
        for column, value in expected(name, row, private_key(space)).items():
            assert found[column] == value or (value is None and found[column] is None), column
            assert value is None or type(found[column]) is type(value), column
        assert not TABLES[name].personal & found.keys()


@every_table
def test_untouched_form_has_no_rows(name: str, space: Workspace) -> None:
    result = taken(space, {name: []})
    assert sum(len(table.frame) for table in result.tables.values()) == 0
    assert "row_example" in rules(result, "info")
    assert rules(result, "critical") == []


def test_copied_example_is_told(space: Workspace) -> None:
    """Somebody copies the example row and types over it: the rows are not lost in silence."""
    folder = incoming(space)
    taken(space, {"classes": []})
    fill("classes", [dict.fromkeys(form("classes").names) | {"class": "5А"}] * 2, folder / "classes.xlsx")
    workbook = load_workbook(folder / "classes.xlsx")
    workbook[book.SHEET].cell(sheet.FIRST_ROW, 1, "Пример: 5А")
    workbook.save(folder / "classes.xlsx")
    result = read(space)
    [finding] = [item for item in result.findings if item.rule == "row_example"]
    assert (finding.severity, finding.row) == ("warning", sheet.EXAMPLE_ROW)
    assert f"{sheet.EXAMPLE_ROW}, {sheet.FIRST_ROW}" in finding.message_ru
    assert len(result.tables["classes"].frame) == 1


def test_people_without_codes_are_one_person_in_every_form(space: Workspace) -> None:
    """Names of one form are found in another; none of them gets out."""
    empty = {name: dict.fromkeys(form(name).names) for name in ("pupils", "marks", "health", "contests")}
    who = {"full_name": _NAMES[0], "class": "5А"}
    result = taken(
        space,
        {
            "pupils": [empty["pupils"] | who | {"birth_date": date(2014, 3, 1)}],
            "marks": [empty["marks"] | who | {"subject": "Математика", "mark": "5", "term": "2 четверть"}],
            "health": [empty["health"] | who | {"health_group": "II"}],
            "contests": [
                empty["contests"] | who | {"event": "Олимпиада", "event_level": "школьный", "result": "призёр"}
            ],
        },
    )
    codes = {name: set(result.tables[name].frame["pupil_id"]) for name in empty}
    assert codes["pupils"] == codes["marks"] == codes["health"] == codes["contests"]
    assert all(code.startswith("p_") for code in codes["pupils"])
    assert list(result.tables["health"].frame["age"]) == [11]
    assert list(result.people["full_name"]) == [_NAMES[0]]
    for table in result.tables.values():
        assert "Абрамов" not in table.frame.to_csv()
    assert not [item for item in result.findings if "Абрамов" in item.message_ru]
