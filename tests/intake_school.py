"""Helpers of the intake tests: a small workspace, and files written as schools write them."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from soko.intake import Intake, read_period
from soko.periods import Period
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2025-2026/q2"
PUPILS = [
    ["№ личного дела", "ФИО", "Дата рождения", "Пол", "Класс"],
    ["К-1", "Абрамов Илья Петрович", "01.02.2014", "м", "5А"],
    ["К-2", "Белова Анна Сергеевна", "11.12.2013", "ж", "5А"],
    ["К-3", "Волков Пётр Ильич", "05.06.2014", "м", "5А"],
    ["К-4", "Громова Ольга Олеговна", "07.08.2014", "ж", "5Б"],
]


def workspace(root: Path) -> Workspace:
    """The repository's settings and tables in an empty workspace."""
    for name in ("params", "validation"):
        shutil.copytree(ROOT / name, root / name)
    return Workspace(root)


def incoming(space: Workspace, period: str = PERIOD) -> Path:
    """The period's folder, made."""
    folder = space.incoming(Period.parse(period))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def read(space: Workspace, period: str = PERIOD) -> Intake:
    return read_period(space, Period.parse(period))


def rules(intake: Intake, severity: str = "") -> list[str]:
    """Rules of the findings, of one severity when given."""
    return [item.rule for item in intake.findings if not severity or item.severity == severity]


def write_list(path: Path, rows: list[list[Any]], encoding: str = "utf-8", delimiter: str = ";") -> Path:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def write_book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def gradebook(
    marks: dict[str, list[Any]],
    subjects: list[str],
    own: str = "5А",
    period: str = "2 четверть",
    year: str = "2025/2026",
) -> list[list[Any]]:
    """A wide gradebook: lines over the table, header of two rows, pupils, totals, legend."""
    rows: list[list[Any]] = [
        ["МБОУ «Школа»"], [f"Учебный год: {year}"], [f"Класс: {own}"], [f"Период: {period}"], [],
        ["№", "ФИО обучающегося", *subjects], ["", "", *["Иванова А.П."] * len(subjects)],
    ]  # fmt: skip
    rows += [[i, name, *given] for i, (name, given) in enumerate(marks.items(), 1)]
    columns = list(zip(*marks.values(), strict=True))
    rows.append([None, "Средний балл", *["4,5"] * len(subjects)])
    rows.append([None, '"5"', *[sum(str(v) == "5" for v in column) for column in columns]])
    return [*rows, [], ["Условные обозначения: н/а – не аттестован"]]
