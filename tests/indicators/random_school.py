"""Schools of every table by chance, within the contracts: unfilled cells, strangers, other dates and noughts, too."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import clean_workspace as cw

from soko.periods import Period
from soko.tables import Column, Table, load_tables
from soko.workspace import Workspace

Rows = list[dict[str, Any]]
YEAR = "2025-2026/year"
CLASSES = ["1А", "3А", "7А", "7Б", "9А", "11А"]
DAYS = [
    date(2021, 5, 26), date(2023, 5, 26), date(2024, 3, 1), date(2025, 9, 1), date(2025, 9, 2), date(2025, 12, 30),
    date(2026, 5, 26), date(2026, 6, 3), date(2026, 9, 5),
]  # fmt: skip
PERSONAL = ("marks", "attendance", "health", "contests", "registers", "activities", "diagnostics", "exams")
ONE_A_PUPIL = ("attendance", "health", "graduates")
# Texts that no contract lists and that definitions look at; None is «not filled in».
TEXTS: dict[tuple[str, str], list[Any]] = {
    ("marks", "subject"): ["Математика", "Русский язык", "Поведение"],
    ("marks", "teacher_id"): ["t1", "t2", None],
    ("contests", "event"): ["ВсОШ", "Эссе"],
    ("contests", "subject"): ["Физика", None],
    ("activities", "activity"): ["Хор", "Футбол"],
    ("activities", "programme_id"): ["Д1", None, None],
    ("health", "section"): ["плавание", "нет", "–", "Нет", None],
    ("exams", "subject"): ["Русский язык", "Математика", "Физика"],
    ("exams", "participant_code"): ["10001", "10002", None],
    ("staff", "staff_id"): ["t1", "t2", "t3", "t4", None],
    ("staff", "position"): ["учитель", "Учитель физики", "учитель-логопед", "педагог-психолог", "директор", "завхоз"],
    ("staff", "technologies"): ["проектная", "нет", "-", None],
    ("lesson_visits", "staff_id"): ["t1", "t2", None],
    ("lesson_visits", "subject"): ["Алгебра", "Физика"],
    ("lesson_visits", "criterion"): ["Цель", "Итог"],
    ("lesson_visits", "technology"): ["проект", "нет", None],
    ("staffing", "subject"): ["Алгебра", "Физика", "Труд"],
    ("conditions", "item"): [
        "Столовая", "Лицензия", "Медицинский кабинет", "Доступ в Интернет", "Компьютеры для учащихся", "Компьютеры",
    ],
    ("conditions", "place"): ["физика", "химия", None],
    ("programmes", "programme_id"): ["Д1", "Д2", "Д3"],
    ("surveys", "survey"): ["Анкета"],
    ("surveys", "respondent"): ["1", "2", "3"],
    ("surveys", "question"): ["Довольны?", "Открыто?"],
    ("surveys", "answer"): ["да", None],
    ("self_government", "body"): ["Совет", "Штаб", "Клуб"],
    ("expert_scores", "criterion"): ["Пути", "Журнал"],
    ("expert_scores", "expert"): ["1", "2"],
    ("diagnostics", "scale"): ["труд", "учёба", None],
    ("facts", "code"): ["1.20", "1.21", "2.1", "2.1.", "2.2", "2.3", "2.4", "2.4.1", "2.5", "2.6 "],
}  # fmt: skip
NUMBERS: dict[tuple[str, str], list[Any]] = {
    ("exams", "score"): [20, 27, 70, 85, 100, None, None],
    ("exams", "minimum"): [24, 27, None],
    ("health", "age"): [13, 14, None],
    ("pupils", "age"): [13, 14, None],
    ("staff", "age"): [25, 29, 30, 54, 55, None],
    ("staff", "teaching_years"): [3, 5, 30, 31, None],
    ("surveys", "score"): [0, 0.25, 0.5, 0.75, 1, 4, None],
    ("expert_scores", "weight"): [0.5, 2, None],
    ("facts", "number"): [0, 1, 0.5, None],
    ("parents", "families"): [0, 7, 20],
}
SMALL = [0, 0, 1, 2, 3, 7]
HALVES = [0, 0.25, 1, 2.5, 3]
ITEMS = ("scope", "direction")  # columns that become the dimension item as they are
# part <= whole: what the contracts' rules would not let through.
WITHIN = {
    "exams": [("primary_score", "max_primary")], "lesson_visits": [("score", "max_score")],
    "expert_scores": [("score", "max_score")], "parents": [("participating", "families")],
}  # fmt: skip


def tables(seed: int, schools: int, size: int, gaps: bool = True) -> dict[str, Rows]:
    """Every table of ``schools`` schools that share names of classes and ids of pupils, about ``size`` pupils each.

    Without ``gaps`` class, sex, subject and item are always known, so that the parts of every set add up to the whole.
    """
    chance, contracts = Random(seed), load_tables(Workspace.open(cw.REPO))
    result: dict[str, Rows] = {name: [] for name in contracts}
    for number in range(1, schools + 1):
        pupils = [_pupil(chance, contracts["pupils"], f"p{i}", gaps) for i in range(chance.randint(1, size))]
        result["pupils"] += [{**row, "school_id": f"s{number}"} for row in pupils]
        for name, table in contracts.items():
            if name not in ("pupils", "classes", "schools"):
                rows = _rows(chance, name, table, pupils, size, gaps)
                result[name] += [{**row, "school_id": f"s{number}"} for row in rows]
    # An empty table is one that nobody handed in.
    return {name: rows for name, rows in result.items() if rows}


def handed_in(workspace: Workspace, given: dict[str, Rows], period: str = YEAR) -> Period:
    """Make ``given`` the clean tables of the period, and nothing else."""
    for path in workspace.clean(Period.parse(period)).glob("*.parquet"):
        path.unlink()
    return cw.put(workspace, period, **given)


def _pupil(chance: Random, table: Table, pupil_id: str, gaps: bool) -> dict[str, Any]:
    row = {column.name: _value(chance, "pupils", column, gaps) for column in table.columns if column.clean}
    came, left = sorted([chance.choice([None, *DAYS]), chance.choice([None, None, *DAYS])], key=lambda d: d or date.max)
    class_ = chance.choice(CLASSES)
    sister = {"7А": "7Б", "7Б": "7А"}.get(class_)
    moved = {"moved_from": chance.choice([None, sister]), "moved_on": chance.choice([None, date(2025, 12, 1)])}
    if (came or date.min) >= date(2025, 12, 1) or (left or date.max) <= date(2025, 12, 1):
        moved = {"moved_from": None, "moved_on": None}
    return {**row, "pupil_id": pupil_id, "class": class_, "arrived_on": came, "left_on": left, **moved}


def _rows(chance: Random, name: str, table: Table, pupils: Rows, size: int, gaps: bool) -> Rows:
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    for _ in range(chance.randint(0, 2 * size + (6 if name in ("exams", "facts", "conditions") else 0))):
        row = {column.name: _value(chance, name, column, gaps) for column in table.columns if column.clean}
        if name in PERSONAL or name == "graduates":
            pupil = chance.choice(pupils)
            own = {"pupil_id": pupil["pupil_id"], "class": pupil["class"]}
            if gaps and name not in ("marks", "attendance", "graduates") and chance.random() < 0.1:
                own = {"pupil_id": chance.choice([None, "p_unknown"]), "class": chance.choice([None, "9А"])}
            if name == "graduates":
                own = {"pupil_id": pupil["pupil_id"], "class": chance.choice(["9А", "11А"])}
            row |= own
        for part, whole in WITHIN.get(name, []):
            if row[part] is not None and row[whole] is not None:
                row[part] = min(row[part], row[whole])
        if name == "parents" and row["attendance"] is not None and row["meetings"] is not None:
            row["attendance"] = min(row["attendance"], row["families"] * row["meetings"])
        key = tuple(row.get(column) for column in table.key if column != "school_id")
        if name in ONE_A_PUPIL:
            key = (row["pupil_id"],)
        if name == "facts":
            key = (row["code"].strip().rstrip("."), row["as_of"])
        known.setdefault(key, row)
    return list(known.values())


def _value(chance: Random, table: str, column: Column, gaps: bool) -> Any:
    """A value that the contract allows; None for a fifth of what need not be filled in."""
    at = (table, column.name)
    if column.type == "class":
        return chance.choice(CLASSES if not gaps or column.required else [*CLASSES, None])
    if column.name == "sex":
        return chance.choice(["м", "ж", None] if gaps else ["м", "ж"])
    listed = TEXTS.get(at) or NUMBERS.get(at)
    if listed:
        return chance.choice(listed)
    if not column.required and (gaps or column.name not in ITEMS) and chance.random() < 0.2:
        return None
    if column.values:
        return chance.choice(column.values)
    choices = {"boolean": [True, False], "date": DAYS, "integer": SMALL, "number": HALVES}
    return chance.choice(choices.get(column.type, ["а", "б"]))
