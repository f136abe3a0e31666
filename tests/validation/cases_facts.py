"""One way to break each rule about the facts of order 1324, and each rule that finds what was carried over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from validation_builders import CLASSES, REPO, former

from soko.tables import load_tables
from soko.workspace import Workspace

Spoil = Callable[[Any, int], int]
TABLES = load_tables(Workspace(REPO))
CASES: dict[str, Spoil] = {}


def fact(build: Any, code: str) -> dict[str, Any]:
    """The row of the code."""
    return next(row for row in build.tables["facts"] if row["code"] == code)


def codes(*names: str, failing: int = 0, **values: Any) -> Spoil:
    """Change the rows of the first ``k`` codes; as many fail, unless ``failing`` says otherwise."""

    def spoil(build: Any, k: int) -> int:
        for name in names[: len(names) if failing else k]:
            fact(build, name).update(values)
        return failing or min(k, len(names))

    return spoil


def first(**values: Any) -> Spoil:
    return codes("1.1", "1.2", "1.3", **values)


SHARES = ("1.5", "1.18", "1.25")
CASES |= {
    "facts.code_missing": first(code=None),
    "facts.code_unknown": first(code="9.9"),
    "facts.code_name_differs": first(name="Общая численность педагогических работников, в том числе:"),
    "facts.date_missing": first(as_of=None),
    "facts.date_future": first(as_of=date(2026, 3, 1)),
    "facts.responsible_missing": first(responsible=None),
    "facts.value_missing": first(number=None),
    "facts.flag_expected": codes("2.3", "2.4", "2.4.1", flag=None, number=1.0),
    "facts.number_expected": first(number=None, flag=True),
    "facts.count_missing": codes(*SHARES, number=None),
    "facts.percent_unexpected": first(percent=50.0),
    "facts.number_range": first(number=-1.0),
    "facts.number_whole": first(number=1.5),
    "facts.percent_range": first(percent=150.0),
    "facts.part_over_whole": codes(*SHARES, number=99.0),
    "facts.percent_differs": codes(*SHARES, percent=77.7),
    "facts.rounded_to_whole": codes(*SHARES, percent=100.0),
    "facts.computers_inverted": codes("2.1", number=5.0),
    "facts.internet_contradicts": codes("2.5", number=0.0),
    "facts.retake_unexplained": codes("1.10", "1.11", number=2.0),
    "facts.experience_over_age": codes("1.30.2", number=6.0),
    "facts.neighbours_same": codes("1.30.2", "1.31", failing=1, number=3.0, percent=50.0),
    "facts.contingent_differs": codes("1.1", "1.3", "1.2", number=25.0),
    "facts.teachers_differ": codes("1.24", number=9.0),
}


def case(name: str) -> Callable[[Spoil], Spoil]:
    def register(spoil: Spoil) -> Spoil:
        CASES[name] = spoil
        return spoil

    return register


@case("facts.same_code_twice")
def _twice(build: Any, k: int) -> int:
    build.tables["facts"] += [dict(row) for row in build.tables["facts"][:k]]
    return 2 * k


@case("facts.balance")
def _balance(build: Any, k: int) -> int:
    for code, number in (("1.1", 31.0), ("1.26", 5.0), ("1.28", 3.0))[:k]:
        fact(build, code)["number"] = number
    return k


@case("facts.flag_without_parent")
def _parts(build: Any, k: int) -> int:
    fact(build, "2.4")["flag"] = False
    for number, code in enumerate(("2.4.1", "2.4.2", "2.4.4")):
        fact(build, code)["flag"] = number < k
    return k


@case("facts.excellent_left_out")
def _good_only(build: Any, k: int) -> int:
    marks = [row for row in build.tables["marks"] if row["pupil_id"].endswith(("00", "01"))]
    for row in build.tables["marks"]:
        row["mark"] = "3"
    for row in marks:
        row["mark"] = "5" if row["pupil_id"].endswith("00") else "4"
    fact(build, "1.5")["number"] = 2.0
    return 1


@case("facts.unchanged")
@case("facts.staff_unchanged")
def _same_facts(build: Any, k: int) -> int:
    build.tables["facts"] = former("earlier").tables["facts"]
    return 1


@case("marks.class_twins")
def _twins(build: Any, k: int) -> int:
    one, other = (build.of_class("marks", name) for name in CLASSES)
    for row, twin in zip(one, other, strict=True):
        twin["mark"] = row["mark"]
    return 1


@case("marks.subjects_as_year_ago")
def _year_ago(build: Any, k: int) -> int:
    build.tables["marks"] = former("earlier").tables["marks"]
    return 1


def _carried(table: str, salt: str) -> Spoil:
    def spoil(build: Any, k: int) -> int:
        if not build.tables.get(table):
            pytest.skip(f"таблица {table} в примере пуста")
        rows = build.tables[table] = former(salt).tables[table]
        for row in rows:  # under a new date
            row |= {name: date(2025, 12, 1) for name, value in row.items() if isinstance(value, date)}
        return int(len(rows) >= 5)  # fewer rows may well stay as they are

    return spoil


for _table in TABLES.values():
    for _rule in _table.rules:
        if _rule.rows == f"repeated_{_table.table}":
            _salt = "before" if _rule.id == "as_previous" else "earlier"
            CASES[f"{_table.table}.{_rule.id}"] = _carried(_table.table, _salt)
