"""Layouts of real exports against the tables that stand beside them, and lists with odd headers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from intake_school import PUPILS, ROOT, write_book, write_list

from soko.intake import Context, FileRead, read_file
from soko.periods import Period
from soko.workspace import Workspace

LAYOUTS = ROOT.parent / "shared" / "data" / "layouts"
CONTEXT = Context.open(Workspace(ROOT), Period.parse("2025-2026/q2"))
needs_layouts = pytest.mark.skipif(not LAYOUTS.is_dir(), reason="no ../shared folder with layouts here")


def layout(name: str) -> FileRead:
    return read_file(LAYOUTS / name, CONTEXT)


def expected(name: str) -> list[list[str]]:
    with (LAYOUTS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


@needs_layouts
def test_report_card_gives_exactly_the_expected_table() -> None:
    frame = layout("tabel_ves_klass_replica.xlsx").drafts[0].frame
    got = [
        [row.full_name, row.subject, row.term[1:], str(row.mark)]
        for row in frame.itertuples()
        if row.term.startswith("q")
    ]
    assert sorted(got) == sorted(expected("tabel_expected_long.csv"))
    assert set(frame["class"]) == {"8А"}


@needs_layouts
def test_journal_gives_exactly_the_expected_table() -> None:
    read = layout("otchet_uspevaemost_poseshaemost_ves_klass_replica.xlsx")
    journal = read.drafts[0].frame
    got = sorted((row.full_name, row.subject, row.n_marks, row.mean) for row in journal.itertuples())
    wanted = sorted((a, b, int(n), float(mean)) for a, b, n, mean in expected("otchet_expected.csv"))
    assert [row[:3] for row in got] == [row[:3] for row in wanted]
    assert [row[3] for row in got] == pytest.approx([row[3] for row in wanted], abs=1e-12)
    attendance = next(draft for draft in read.drafts if draft.table == "attendance").frame
    assert len(attendance) == 28
    absences = journal[["illness", "excused", "unexcused", "other"]].to_numpy().sum()
    assert attendance["lessons_missed"].sum() == absences > 500


@needs_layouts
def test_exam_sheet_without_documents() -> None:
    draft = layout("ris_gia_results_replica.xlsx").drafts[0]
    frame, wanted = draft.frame, json.loads((LAYOUTS / "ris_gia_expected.json").read_text(encoding="utf-8"))
    score = frame["score"].astype(float)
    assert {
        "n": len(frame), "below_36": int((score < 36).sum()), "below_24": int((score < 24).sum()),
        "mean": round(score.mean(), 6), "high_80_99": int(score.between(80, 99).sum()),
    } == wanted  # fmt: skip
    assert str(frame["held_on"].iloc[0]) == "2026-06-05"
    cells = {str(value) for value in frame.to_numpy().ravel()}
    assert not {"100001", "100040", "0000"} & cells  # series and number of the document


@needs_layouts
def test_import_list_with_class_and_letter_apart() -> None:
    draft = layout("vsosh_students_import_replica.csv").drafts[0]
    assert draft.table == "pupils"
    assert len(draft.frame) == 30
    assert set(draft.letters) == {"full_name", "birth_date", "snils", "sex", "class", "letter"}


def test_header_anywhere_in_any_words(tmp_path: Path) -> None:
    rows = [["Список"], [], ["по состоянию на 1 сентября"],
            ["", "Ф. И. О.\nученика", "КЛАСС обучения", "Дата\nрождения", "Пол "],
            ["", 1, 2, 3, 4], ["", "Абрамов Илья", "5А", "01.02.2014", "м"], ["", "Итого: 1", "", "", ""]]  # fmt: skip
    draft = read_file(write_book(tmp_path / "a.xlsx", {"Лист1": rows}), CONTEXT).drafts[0]
    assert draft.table == "pupils"
    assert draft.letters == {"full_name": "B", "class": "C", "birth_date": "D", "sex": "E"}
    assert list(draft.frame["_row"]) == [6]


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_header_of_two_rows(tmp_path: Path, suffix: str) -> None:
    head = [["ФИО", "Класс", "Пропущено уроков", "", ""], ["", "", "всего", "по болезни", "без уважительной причины"]]
    rows = [
        *head,
        ["Абрамов Илья", "5А", 10, 4, 6],
        ["Белова Анна", "5А", 0, 0, 0],
        ["Итого по классу 5А", "", 10, 4, 6],
    ]
    path = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        write_list(path, rows)
    else:
        from openpyxl import load_workbook

        book = load_workbook(write_book(path, {"Лист1": rows}))
        for block in ("A1:A2", "B1:B2", "C1:E1"):
            book.worksheets[0].merge_cells(block)
        book.save(path)
    draft = read_file(path, CONTEXT).drafts[0]
    assert draft.table == "attendance"
    assert draft.letters["lessons_missed"] == "C"
    assert draft.letters["lessons_missed_illness"] == "D"
    assert draft.letters["lessons_missed_unexcused"] == "E"
    assert len(draft.frame) == 2
    assert {item["measure"]: item["printed"] for item in draft.totals} == {
        "lessons_missed": 10, "lessons_missed_illness": 4, "lessons_missed_unexcused": 6,
    }  # fmt: skip


def test_merged_classes_hold_for_their_rows(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = write_book(tmp_path / "a.xlsx", {"Лист1": [["ФИО", "Класс"], ["Абрамов Илья", "5А"], ["Белова Анна", ""]]})
    book = load_workbook(path)
    book.worksheets[0].merge_cells("B2:B3")
    book.save(path)
    assert list(read_file(path, CONTEXT).drafts[0].frame["class"]) == ["5А", "5А"]


def test_a_shifted_row_is_critical(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ФИО,Класс,Пол\nАбрамов Илья,5А,м\nБелова, Анна,5А,ж\n", encoding="utf-8")
    findings = read_file(path, CONTEXT).drafts[0].findings
    assert [(f.severity, f.rule, f.row) for f in findings] == [("critical", "row_shifted", 3)]


def test_a_column_twice_is_critical(tmp_path: Path) -> None:
    rows = [["ФИО", "Предмет", "Отметка", "Отметка"], ["Абрамов Илья", "Алгебра", 5, 4]]
    findings = read_file(write_list(tmp_path / "a.csv", rows), CONTEXT).drafts[0].findings
    assert [(f.severity, f.rule) for f in findings] == [("critical", "header_twice")]


def test_a_tie_between_tables_is_told(tmp_path: Path) -> None:
    rows = [["ФИО", "Класс", "Должность", "Пропущено уроков"], ["Абрамов Илья", "5А", "учитель", 5]]
    read = read_file(write_list(tmp_path / "a.csv", rows), CONTEXT)
    assert [draft.table for draft in read.drafts] == ["attendance"]  # three columns against two
    rows = [["ФИО", "Должность", "Пропущено уроков"], ["Абрамов Илья", "учитель", 5]]
    read = read_file(write_list(tmp_path / "b.csv", rows), CONTEXT)
    assert [(f.severity, f.rule) for f in read.findings] == [("critical", "file_ambiguous")]


def test_unknown_headers_are_told_without_contents(tmp_path: Path) -> None:
    rows = [["Ребёнок", "Класс"], *[[row[1], row[4]] for row in PUPILS[1:]]]
    read = read_file(write_list(tmp_path / "a.csv", rows), CONTEXT)
    assert [(f.severity, f.rule) for f in read.findings] == [("critical", "file_unknown")]
    message = read.findings[0].message_ru
    assert "«Класс»" in message
    assert "«ФИО»" in message
    assert not any(word in message for row in PUPILS[1:] for word in row[1].split())
