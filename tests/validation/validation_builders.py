"""Small periods built by hand: a Period of a tiny school, its Intake, and a workspace around them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import rows_people
import rows_school

from soko.intake.model import CHANGE_COLUMNS, PEOPLE_COLUMNS, TOTAL_COLUMNS, Intake, RawTable
from soko.periods import Period
from soko.workspace import Workspace

REPO = Path(__file__).resolve().parents[2]
PERIOD = Period.parse("2025-2026/q2")
FILES = {
    "pupils": "2025-2026/q2/pupils.csv",
    "marks": "2025-2026/q2/5А.xlsx",
    "attendance": "2025-2026/q2/attendance.xlsx",
    "staff": "2025-2026/q2/staff.xlsx",
    "classes": "2025-2026/q2/classes.csv",
    **rows_people.FILES,
    **rows_school.FILES,
}
CORE = ("pupils", "marks", "attendance", "staff", "classes")
CLASSES = ("5А", "5Б")
MISSED = ("lessons_missed", "lessons_missed_illness", "lessons_missed_excused", "lessons_missed_unexcused")
SUBJECTS = ("Русский язык", "Математика", "Литература", "История")


def make_workspace(folder: Path) -> Workspace:
    """A workspace with the repository's own settings and rules."""
    for name in ("params", "validation"):
        if not (folder / name).exists():
            shutil.copytree(REPO / name, folder / name)
    return Workspace.open(folder)


@dataclass
class Build:
    """Rows of the tables and the totals that the gradebooks print."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    totals: list[dict[str, Any]] = field(default_factory=list)

    def intake(self) -> Intake:
        """The rows as intake would have read them, the first in row 2 of its file."""
        raw = {}
        for name, rows in self.tables.items():
            frame = pd.DataFrame(rows)
            letters = {column: chr(ord("A") + i) for i, column in enumerate(frame.columns)}
            frame["_file"], frame["_sheet"] = FILES[name], "Лист1"
            frame["_row"], frame["_col"] = range(2, len(frame) + 2), ""
            raw[name] = RawTable(frame, {(FILES[name], "Лист1"): letters})
        totals = pd.DataFrame(self.totals, columns=TOTAL_COLUMNS)
        changes = pd.DataFrame(columns=CHANGE_COLUMNS)
        return Intake(raw, [], changes, totals, [], pd.DataFrame(columns=PEOPLE_COLUMNS))

    def of_class(self, table: str, name: str) -> list[dict[str, Any]]:
        """Rows of the class."""
        return [row for row in self.tables[table] if row["class"] == name]

    def subject_of(self, name: str, subject: str) -> list[dict[str, Any]]:
        """Marks of the class in the subject, in the order of the list."""
        return [row for row in self.of_class("marks", name) if row["subject"] == subject]


def _total(table: str, measure: str, printed: float, own: str = "") -> dict[str, Any]:
    return {"file": FILES[table], "sheet": "Лист1", "cell": "E99", "class": own, "subject": "", "measure": measure,
            "printed": float(printed)}  # fmt: skip


def school(pupils: int = 12, salt: str = "") -> Build:
    """A period without a fault, with every table of the regulation."""
    build = core(pupils, salt)
    build.tables |= {name: [] for name in FILES if name not in CORE}
    rows_people.add(build.tables)
    rows_school.add(build.tables)
    build.totals += rows_school.totals(build.tables)
    return build


# What says whose row it is; without it the row would be another one.
_OWN = ("school_id", "pupil_id", "class", "subject", "staff_id", "code")


def former(salt: str) -> Build:
    """Another period: its marks are others, its facts a little higher, and every other table differs in one cell."""
    build = school(salt=salt)
    for row in build.tables["facts"]:
        if row["number"] is not None:
            row["number"] += 1
    for name, rows in build.tables.items():
        if name != "marks" and rows:
            cells = [
                key for key, value in rows[-1].items()
                if value is not None and key not in _OWN and not isinstance(value, date)
            ]  # fmt: skip
            rows[-1][cells[-1]] = None
    return build


def core(pupils: int = 12, salt: str = "") -> Build:
    """Two classes of ``pupils``, four subjects, staff, attendance, printed totals: what the notes of a term need."""
    build = Build({name: [] for name in CORE})
    for name in CLASSES:
        for i in range(pupils):
            pupil = f"p_{name}{i:02d}"
            build.tables["pupils"].append(
                {"pupil_id": pupil, "class": name, "sex": "мж"[i % 2], "arrived_on": None, "left_on": None}
            )
            for j, subject in enumerate(SUBJECTS):
                # Each column of its own: no two of a class are equal, none is all «5».
                build.tables["marks"].append(
                    {"pupil_id": pupil, "class": name, "subject": subject, "teacher_id": f"t_{j}",
                     "mark": Random(f"{salt}{name}{j}{i}").choice("345")}
                )  # fmt: skip
            build.tables["attendance"].append(
                {"pupil_id": pupil, "class": name, "lessons_missed": 6 + i, "lessons_missed_illness": 4,
                 "lessons_missed_excused": 1 + i, "lessons_missed_unexcused": 1}
            )  # fmt: skip
        build.tables["classes"].append(
            {"class": name, "pupils_start": pupils, "arrived": 0, "left": 0, "pupils_end": pupils}
        )
        for measure in MISSED:
            printed = sum(row[measure] for row in build.of_class("attendance", name))
            build.totals.append(_total("attendance", measure, printed, name))
        for subject in SUBJECTS:
            marks = [row["mark"] for row in build.subject_of(name, subject)]
            share = round(100 * sum(mark in "45" for mark in marks) / len(marks), 1)
            for measure, printed in (("n5", marks.count("5")), ("quality", share), ("success", 1.0)):
                build.totals.append(
                    {"file": FILES["marks"], "sheet": "Лист1", "cell": "E99", "class": name, "subject": subject,
                     "measure": measure, "printed": printed}
                )  # fmt: skip
    for measure in ("pupils_start", "arrived", "left", "pupils_end"):
        build.totals.append(_total("classes", measure, sum(row[measure] for row in build.tables["classes"])))
    for j, subject in enumerate(SUBJECTS):
        build.tables["staff"].append(
            {"staff_id": f"t_{j}", "position": "учитель", "subjects": subject, "load_hours": 20.0,
             "experience_years": 12.0, "category": "первая", "category_date": date(2023, 3, 1),
             "training_date": date(2024, 3, 1)}
        )  # fmt: skip
    return build
