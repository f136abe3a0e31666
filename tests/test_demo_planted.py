"""The demo school's planted faults stand where docs/demo-data.md says."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from test_demo_files import CURRENT, INCOMING, ROOT, rows

CRITICAL = INCOMING / "2026-2027" / "q1"
FINAL = INCOMING / "2025-2026" / "year"
PLANTED = [
    (CURRENT / "gradebooks/Сводная ведомость 6А.xlsx", "6А", {"I9": "Обществознание"}),
    (CURRENT / "gradebooks/Сводная ведомость 1А.xlsx", "Сводная ведомость", {"C13": 5, "C18": 4}),
    (CURRENT / "gradebooks/Сводная ведомость 9Б.xlsx", "Лист1", {"L11": 5, "L34": 5}),
    (CURRENT / "gradebooks/Сводная ведомость 5А.xlsx", "Лист1", {"G39": 9, "G40": 12, "G45": 53.8}),
    (CURRENT / "gradebooks/Сводная ведомость 8Б.xlsx", "Сводная ведомость", {"P9": "Музыка", "P11": None, "P29": None}),
    (CURRENT / "Посещаемость.xlsx", "8 классы", {"D5": 2, "E5": 72}),
    (CURRENT / "Кадры.xlsx", "Кадры", {"O23": 28, "I23": "22 л. 8 мес."}),
    (CURRENT / "ВПР.xlsx", "ВПР", {"F4": 181, "G4": 24}),
    (CURRENT / "Олимпиады и конкурсы, 4 четверть.xlsx", "Лист1", {"F4": None, "J4": "победитель"}),
    (CURRENT / "Занятость.xlsx", "Лист1", {"F4": "ДО-88"}),
    (CURRENT / "Программы ДО.xlsx", "Лист1", {"H8": 24}),
    (CURRENT / "Здоровье.xlsx", "Медкабинет", {"C12": None, "D12": "III"}),
    (CURRENT / "Диагностика.xlsx", "Психолог", {"G8": 5.5}),
    (CURRENT / "Самоуправление.xlsx", "Лист1", {"H7": 4, "G7": 3}),
    (CURRENT / "Экспертные оценки.xlsx", "Лист1", {"D11": 6, "E11": 5}),
    (FINAL / "Выпускники.xlsx", "Лист1", {"E50": "аттестат с отличием", "D50": "нет"}),
    (CRITICAL / "gradebooks/Сводная ведомость 5А.xlsx", "Лист1", {"G13": 6}),
    (CRITICAL / "gradebooks/Сводная ведомость 5А.xlsx", "Лист1", {"B35": "Небывалов Тихон"}),
]


@pytest.mark.parametrize(("path", "sheet", "expected"), PLANTED)
def test_planted_error_stands_where_the_docs_say(path: Path, sheet: str, expected: dict[str, object]) -> None:
    page = openpyxl.load_workbook(path)[sheet]
    assert {cell: page[cell].value for cell in expected} == expected
    docs = (ROOT / "docs" / "demo-data.md").read_text(encoding="utf-8")
    line = next(line for line in docs.splitlines() if path.name in line and next(iter(expected)).lstrip("B") in line)
    assert line.startswith("|")


def test_planted_errors_of_files_without_styles() -> None:
    parents = rows(CURRENT / "Родители.ods")
    assert parents[10][:3] == ["4Б", 20, 22]
    lines = {
        name: list(csv.reader((CURRENT / name).read_text(encoding="cp1251").splitlines(), delimiter=";"))
        for name in ("Сведения 1324.csv", "Профилактический учёт.csv")
    }
    assert [lines["Сведения 1324.csv"][6][at] for at in (0, 3)] == ["1.21", "22,2"]
    assert lines["Профилактический учёт.csv"][1][3:5] == ["24.08.2025", "24.07.2025"]
    conditions = openpyxl.load_workbook(CURRENT / "Условия.xlsx").worksheets[0]
    assert f"{conditions['J23'].value:%d.%m.%Y}" == "15.10.2025"
    docs = (ROOT / "docs" / "demo-data.md").read_text(encoding="utf-8")
    for name, cell in (("Родители.ods", "C11"), ("Сведения 1324.csv", "D7"), ("Профилактический учёт.csv", "E2"),
                       ("Условия.xlsx", "J23")):  # fmt: skip
        assert any(name in line and cell in line for line in docs.splitlines() if line.startswith("|"))


def test_planted_errors_of_lists_and_of_the_second_gradebook() -> None:
    lines = (CURRENT / "Список обучающихся.csv").read_text(encoding="cp1251").splitlines()
    assert lines[165] == lines[166]
    assert [i + 1 for i, line in enumerate(lines) if ";9A;" in line] == [387, 388]
    staff = openpyxl.load_workbook(CURRENT / "Кадры.xlsx")["Кадры"]
    assert "2042" in str(staff["K35"].value)
    first = openpyxl.load_workbook(CRITICAL / "gradebooks/Сводная ведомость 5А.xlsx")["Лист1"]
    assert first["B15"].value == first["B36"].value
    assert first["G15"].value != first["G36"].value
    pages = [
        openpyxl.load_workbook(CRITICAL / f"gradebooks/Сводная ведомость 5Б{suffix}.xlsx").worksheets[0]
        for suffix in ("", " (исправленная)")
    ]
    assert all(pages[0][f"G{row}"].value != pages[1][f"G{row}"].value for row in (11, 12, 13))
