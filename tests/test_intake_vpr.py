"""ВПР: the collection form, Ф1, and the statistics that are no results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from intake_school import ROOT, incoming, read, rules, workspace, write_book

from soko.intake import Context, Draft, read_file
from soko.workspace import Workspace

CONTEXT = Context.open(Workspace(ROOT))
HEAD = ["Код участника", "Вариант", "1 (5б)", "2.1 (1б)", "3", "4К1 (3б)", "4К2 (2б)", "Порядковый номер класса",
        "Отметка за предыдущий триместр/ четверть/полугодие", "Итого баллов"]  # fmt: skip
ROWS: list[list[Any]] = [
    ["50001", 1, 5, 1, "", 3, 2, 1, 5, 11],
    ["50002", 2, "X", 1, "", "Х", 0, 2, "нет отметки", 1],  # Latin and Cyrillic
    ["50003", "отсутствовал", "", "", "", "", "", 1, 4, 0],
]
NUMBERS = [["Порядковый номер класса", "Класс"], [1, "5 «а»"], [2, "5Б"]]


def form(tmp_path: Path, rows: list[list[Any]] | None = None, prepared: int = 0, numbers: bool = True) -> Path:
    empty = [[None, None, None, None, None, None, None, None, None, 0]] * prepared
    sheets = {"Протокол": [HEAD, *(rows or ROWS), *empty], "Служебный": [["ВПР 2026"], ["Математика 5 класс"]]}
    if numbers:
        sheets["Порядковый номер класса"] = NUMBERS
    return write_book(tmp_path / "форма.xlsx", sheets)


def vpr(path: Path) -> Draft:
    found = read_file(path, CONTEXT)
    return next(draft for draft in found.drafts if draft.layout == "vpr")


def told(draft: Draft) -> list[str]:
    return [item.rule for item in draft.findings]


def test_the_form_of_the_school(tmp_path: Path) -> None:
    draft = vpr(form(tmp_path, prepared=1496))
    frame = draft.frame
    assert list(frame["participant_code"]) == ["50001", "50002", "50003"]
    assert list(frame["class"]) == ["5А", "5Б", "5А"]
    assert list(frame["primary_score"]) == [11, 1, None]
    assert list(frame["status"]) == ["участвовал", "участвовал", "отсутствовал"]
    assert list(frame["term_mark"]) == ["5", "", "4"]
    assert set(frame["exam"]) == {"ВПР"}
    assert set(frame["subject"]) == {"Математика"}
    assert set(frame["max_primary"]) == {11}
    assert sum(why == "заготовка без кода участника" for why in draft.rows_aside.values()) == 1496
    assert len(draft.frame) + len(draft.rows_aside) == 1500
    assert told(draft) == ["row_prepared"]
    unknown = [f.message_ru for f in read_file(tmp_path / "форма.xlsx", CONTEXT).findings if f.rule == "sheet_unknown"]
    assert ["Порядковый" in message for message in unknown] == [False]  # «Служебный» alone


def test_a_printed_total_that_is_not_the_sum(tmp_path: Path) -> None:
    draft = vpr(form(tmp_path, [["50001", 1, 5, 1, "", 3, 2, 1, 5, 12]]))
    assert told(draft) == ["exam_sum"]
    assert list(draft.frame["primary_score"]) == [12]
    assert "2" in draft.findings[0].message_ru


def test_points_that_are_neither_a_number_nor_x(tmp_path: Path) -> None:
    draft = vpr(form(tmp_path, [["50001", 1, 5, "?", "", "Х", "x", 1, 5, 5]]))
    assert told(draft) == ["value_unreadable"]
    assert "D2" in draft.findings[0].message_ru
    assert "E2" not in draft.findings[0].message_ru


def test_a_class_number_that_nothing_explains(tmp_path: Path) -> None:
    draft = vpr(form(tmp_path, numbers=False))
    assert list(draft.frame["class"]) == [None] * 3
    assert told(draft) == ["class_number"]


def test_a_work_without_a_subject_is_critical(tmp_path: Path) -> None:
    path = write_book(tmp_path / "форма.xlsx", {"Протокол": [HEAD, *ROWS]})
    assert ("critical", "exam_subject_missing") in [(f.severity, f.rule) for f in vpr(path).findings]


def test_the_subject_may_stand_in_the_files_name(tmp_path: Path) -> None:
    path = write_book(tmp_path / "ВПР_5 класс_русский язык.xlsx", {"Протокол": [HEAD, *ROWS]})
    assert set(vpr(path).frame["subject"]) == {"Русский язык"}


def individual(tmp_path: Path) -> Path:
    head = ["ОО", "Муниципалитет", "Название ОО", "Код участника", "Класс", "Вариант", "1 (2б)", "2 (1б)", "12.2 (1б)",
            "Первичный балл", "Отметка", "Отметка по журналу"]  # fmt: skip
    rows = [["Индивидуальные результаты"], [], ["ВПР 2026 Русский язык 4 класс"], ["Предмет:", "Русский язык"],
            ["Максимальный первичный балл:", 4], ["Дата:", "20.04.2026"], ["", "", "", "", "", "", "Б", "Б", "П"], head,
            ["МБОУ Школа (edu123456)", "", "Кол-во участников: 2"],
            ["edu123456", "Район", "Школа", "40001", "4А", 1, 2, 1, "X", 3, 5, 4],
            ["edu123456", "Район", "Школа", "40002", "4Б", 2, 1, "Х", 0, 1, 2, 3]]  # fmt: skip
    return write_book(tmp_path / "Ф1.xlsx", {"Лист1": rows})


def test_individual_results(tmp_path: Path) -> None:
    draft = vpr(individual(tmp_path))
    frame = draft.frame
    assert list(frame["participant_code"]) == ["40001", "40002"]
    assert list(frame["class"]) == ["4А", "4Б"]
    assert list(frame["mark"]) == ["5", "2"]
    assert list(frame["term_mark"]) == ["4", "3"]
    assert (frame["max_primary"].iloc[0], str(frame["held_on"].iloc[0])) == (4, "2026-04-20")
    assert draft.rows_aside[9] == "строка группы участников"
    assert told(draft) == []


def test_a_period_takes_codes_without_names(tmp_path: Path) -> None:
    space = workspace(tmp_path / "school")
    individual(incoming(space))
    intake = read(space)
    frame = intake.tables["exams"].frame
    assert [f.message_ru for f in intake.findings] == []
    assert list(frame["mark"]) == ["5", "2"]
    assert list(frame["pupil_id"]) == [None, None]
    assert list(frame["effective"]) == [True, True]
    assert intake.tables["exams"].address(frame.index[0], "mark")[2] == "K10"


COMPARED = ["Группы участников", "Кол-во участников (всего)", "Понизили (Отметка < Отметка по журналу) %",
            "Подтвердили %", "Повысили %"]  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "head"),
    [
        ("vpr_marks_statistics", ["Группы участников", "Кол-во ОО", "Кол-во участников", 2, 3, 4, 5]),
        ("vpr_journal_comparison", COMPARED),
        ("vpr_tasks_statistics", ["Группы участников", "Кол-во ОО", "Кол-во участников", "1", "2.1"]),
    ],
)
def test_statistics_are_known_and_answered(tmp_path: Path, layout: str, head: list[Any]) -> None:
    space = workspace(tmp_path / "school")
    rows = [["Статистика"], [], head, ["Вся выборка", 1, 2.5, 3, 4, 5, 6], ["МБОУ Школа", "", 2.5, 30, 4, 5]]
    write_book(incoming(space) / "Ф3.xlsx", {"Лист1": rows})
    intake = read(space)
    assert rules(intake) == ["summary_report"]
    assert "Индивидуальные результаты" in intake.findings[0].message_ru
    assert intake.tables == {}
    assert intake.files[0].layout == layout


def test_the_real_form(shared: Path) -> None:
    found = read_file(shared / "data" / "ru_vpr_form" / "vpr_base_form.xlsx", CONTEXT)
    assert [len(draft.frame) for draft in found.drafts] == [20, 20]
    frame = found.drafts[0].frame
    assert list(frame["status"]).count("отсутствовал") == 2
    assert frame["primary_score"].dropna().sum() == 286
    assert "exam_sum" not in {item.rule for draft in found.drafts for item in draft.findings}
