"""Classes whose names are two numbers («7-1», as in Moscow and Saint Petersburg), from the file to the page."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from intake_school import PERIOD, PUPILS, ROOT, gradebook, incoming, read, rules, workspace, write_book, write_list

from soko.cohorts import NUMBERED, as_range, cohort, grade_of, in_order
from soko.disclosure import freetext
from soko.disclosure.places import above
from soko.intake import Context, read_file
from soko.intake.classname import school_class
from soko.params import Params
from soko.periods import Period
from soko.publish import html_text, untorn, word_xml
from soko.retention.person import Person
from soko.workspace import Workspace

CONTEXT = Context.open(Workspace(ROOT), Period.parse(PERIOD))
GRADES, NUMBERS = st.integers(1, 11), st.integers(1, 20)
WAYS = ["{}-{}", "{}.{}", "{}/{}", "{} – {}", "{} «{}»", "{}_{}", "{},{}", "{}-{} класс", "{:02}-{}", "{}\u2011{}"]


@given(GRADES, NUMBERS, st.sampled_from(WAYS))
def test_every_way_to_write_one_is_one_name(grade: int, number: int, way: str) -> None:
    found = school_class(way.format(grade, number))
    assert (found.value, found.problem) == (f"{grade}-{number}", "")
    assert school_class(found.value).value == found.value
    assert grade_of(found.value) == grade
    assert re.fullmatch(NUMBERED, found.value)
    assert cohort(found.value) == (None if grade in (1, 10) else f"{grade - 1}-{number}")
    assert as_range(found.value) == ((grade, number) if grade < number else None)


def test_a_number_of_excel_is_a_class_and_a_whole_one_a_grade() -> None:
    assert school_class(7.1).value == "7-1"
    assert school_class(7.0).value == "7"


@pytest.mark.parametrize(
    "raw", ["7, 8", "1–4 классы", "5-9 классов", "7 1", "13-1", "7-0", "7-100", "2025-2026", "11.0"]
)
def test_what_is_none(raw: str) -> None:
    found = school_class(raw)
    assert found.value is None
    assert found.problem


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_what_excel_made_a_date_of_is_told_and_never_read(day: date) -> None:
    months = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
    typed: list[Any] = [day, datetime(day.year, day.month, day.day), f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}"]
    typed += [f"{day:%d}.{months[day.month - 1]}", f"{day.day} {months[day.month - 1]}."]
    for raw in typed:
        found = school_class(raw)
        assert found.value is None
        assert "Excel" in found.problem
        assert (f"«{day.day}-{day.month}»" in found.problem) == (day.day <= 12)


def test_a_date_in_the_column_of_classes_is_named_with_its_cell(tmp_path: Path) -> None:
    rows = [row[:] for row in PUPILS]
    for row, name in zip(rows[1:], [datetime(2026, 1, 5), "5-1", 5.1, "5/2"], strict=True):
        row[4] = name  # type: ignore[assignment]
    space = workspace(tmp_path)
    write_book(incoming(space) / "Список.xlsx", {"Список": rows})
    intake = read(space)
    assert intake.tables["pupils"].frame["class"].tolist() == [None, "5-1", "5-1", "5-2"]
    [finding] = [item for item in intake.findings if item.rule == "value_unreadable"]
    assert (finding.severity, finding.cell) == ("critical", "E2")
    assert "было, видимо, «5-1»" in finding.message_ru


def test_a_letter_of_its_own_column_may_be_a_number(tmp_path: Path) -> None:
    rows = [
        [*PUPILS[0], "Литера"],
        *([*row[:4], 5, letter] for row, letter in zip(PUPILS[1:], [1, 2, "А", "11"], strict=True)),
    ]
    space = workspace(tmp_path)
    write_book(incoming(space) / "Список.xlsx", {"Список": rows})
    assert read(space).tables["pupils"].frame["class"].tolist() == ["5-1", "5-2", "5А", "5-11"]


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (
            ["1-1", "1-2", "1-3", "1-4", "7-1", "5-9", "1–4 классы", "по классу 7-1"],
            ["1-1", "1-2", "1-3", "1-4", "7-1"],
        ),
        (["1А", "4Б", "1-4", "5А", "5-9", "10-11", "1–11"], ["1А", "4Б", "5А"]),
    ],
)
def test_grades_and_classes_are_told_apart_in_a_list_of_classes(
    tmp_path: Path, names: list[str], classes: list[str]
) -> None:
    """«1-4» is a total where classes have letters, and a class where there is a «1-1»."""
    path = write_list(
        tmp_path / "Классы.csv", [["Класс", "На начало", "На конец"], *([name, 20, 20] for name in names)]
    )
    [draft] = read_file(path, CONTEXT).drafts
    assert draft.frame["class"].tolist() == classes
    aside = [names[row - 2] for row, why in draft.rows_aside.items() if why == "итоги"]
    assert aside == [name for name in names if name not in classes]


def test_a_row_of_a_pupil_is_no_total_whatever_his_class_is_called(tmp_path: Path) -> None:
    rows = [["Класс", "ФИО", "№ личного дела"], ["1-4", "Абрамов Илья Петрович", "К-1"], ["1-4", "", ""]]
    [draft] = read_file(write_list(tmp_path / "Список.csv", rows), CONTEXT).drafts
    assert draft.frame["class"].tolist() == ["1-4"]
    assert draft.rows_aside[3] == "итоги"


@pytest.mark.parametrize(("stem", "told"), [("7-1", []), ("7-2", ["class_file_name"]), ("Отчёт 07-02", [])])
def test_only_a_whole_name_of_a_file_is_a_numbered_class(tmp_path: Path, stem: str, told: list[str]) -> None:
    space = workspace(tmp_path)
    table = gradebook({"Абрамов Илья": [5, 4]}, ["Алгебра", "Физика"], own="7.1")
    write_book(incoming(space) / f"{stem}.xlsx", {"Лист1": table})
    intake = read(space)
    assert set(intake.tables["marks"].frame["class"]) == {"7-1"}
    assert [rule for rule in rules(intake, "warning") if rule != "pupils_built"] == told
    assert rules(intake, "critical") == []


def test_a_sheet_named_after_a_level_or_a_day_is_of_no_other_class(tmp_path: Path) -> None:
    for name, told in (("5-9", []), ("05-11", []), ("5Б", ["class_mismatch"])):
        space = workspace(tmp_path / name)
        write_book(
            incoming(space) / "а.xlsx", {name: gradebook({"Абрамов Илья": [5, 4]}, ["Алгебра", "Физика"], own="5А")}
        )
        assert rules(read(space), "critical") == told


def test_it_lies_in_its_parallel_and_stands_in_its_order() -> None:
    school = Params(Workspace(ROOT)).school
    assert above("class", "7-1", school) == [(("grade", "7"),), (("level", "ООО"),), ()]
    assert sorted(["10-1", "7-10", "7-2", "7А"], key=in_order) == ["7-2", "7-10", "7А", "10-1"]


@pytest.mark.parametrize(
    ("around", "told"),
    [("класс 7-1", "sure"), ("7.1", "sure"), ("7/2", "other"), ("7-1 и 7-2", "maybe"), ("07.01.2012", "maybe"),
     ("5.7.1", "maybe")],
)  # fmt: skip
def test_namesakes_are_told_apart_by_it(around: str, told: str) -> None:
    assert Person(["Белов Иван Петрович"], [], classes=["7-1"], like_classes=["7-2"]).by_class(around) == told


def test_a_name_beside_it_is_found_in_a_text() -> None:
    assert [item.kind for item in freetext.scan("ученик 7-1 класса Хабибуллин")] == [freetext.NAME]


def test_no_line_tears_it() -> None:
    told = "В 7-1 классе (и в 10-12) – лучше; 2025-2026, 01-07-2026, 5–9"
    assert [node["text"] for node in untorn.pieces(told) if node["t"] == "whole"] == ["7-1", "10-12"]
    assert re.findall(r'"whole">([^<]*)<', html_text.head(told)) == ["7-1", "10-12"]
    assert "7\u20111" in word_xml.inline([{"t": "text", "text": told}])
    assert "2025-2026" in word_xml.inline([{"t": "text", "text": told}])
