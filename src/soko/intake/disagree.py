"""Sources that say different things about one pupil: both are told with their addresses, neither is believed more.

Rules see no personal column and one table at a time, so what they cannot tell is told here: dates of birth, the sex of
a pupil in two classes, and the class of an attendance row. The other tables have a rule ``class_differs``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.model import cells
from soko.intake.words import listed

Letters = dict[str, dict[tuple[str, str], dict[str, str]]]
Person = tuple[str, str]  # (school_id, pupil_id)

_TITLES = {"birth_date": "дата рождения", "sex": "пол", "class": "класс"}
_ADVICE = "Проверьте, какая запись верна, и исправьте другую."


def disagree(frames: dict[str, pd.DataFrame], letters: Letters) -> list[Finding]:
    """Warnings ``sources_disagree``: one for each of the rows of the lists, one for each row of another table."""
    if "pupils" not in frames:
        return []
    people: dict[Person, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(frames["pupils"], ("birth_date", "sex", "class")):
        if row["pupil_id"]:
            people[row["school_id"], row["pupil_id"]].append(row)
    found: list[Finding] = []
    for rows in people.values():
        for column in ("birth_date", "sex"):
            if len(rows) > 1 and _differs(rows, column):
                found += [_finding("pupils", column, row, [o for o in rows if o is not row], letters) for row in rows]
    for row in _rows(frames["attendance"], ("class",)) if "attendance" in frames else ():
        own = people.get((row["school_id"], row["pupil_id"]), [])
        classes = {item["class"] for item in own if item["class"]}
        if row["class"] and classes and row["class"] not in classes:
            found.append(_finding("attendance", "class", row, own, letters))
    return found


def _rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    names = ("school_id", "pupil_id", *columns, "_file", "_sheet", "_row")
    values = [cells(frame, name) if name in frame else [None] * len(frame) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _differs(rows: list[dict[str, Any]], column: str) -> bool:
    """Whether known values differ. The sex of two rows of one class has a rule of its own (same_pupil_differs)."""
    if len({row[column] for row in rows if row[column]}) < 2:
        return False
    return column != "sex" or len({row["class"] for row in rows}) == len(rows)


def _finding(
    table: str, column: str, row: dict[str, Any], others: list[dict[str, Any]], letters: Letters
) -> Finding:  # fmt: skip
    letter = letters.get(table, {}).get((row["_file"], row["_sheet"]), {}).get(column, "")
    cell = f"{letter}{row['_row']}" if letter else ""
    elsewhere = listed([_place(other, row) for other in others], 5)
    text = f"Источники расходятся в сведениях об обучающемся ({_TITLES[column]}): здесь и {elsewhere}. {_ADVICE}"
    return Finding("warning", table, "sources_disagree", row["_file"], row["_sheet"], cell, int(row["_row"]), column,
                   text)  # fmt: skip


def _place(other: dict[str, Any], row: dict[str, Any]) -> str:
    """«в строке 5», with the sheet and the file where they are others."""
    parts = [f"в строке {other['_row']}"]
    if (other["_file"], other["_sheet"]) != (row["_file"], row["_sheet"]):
        parts += [f"листа «{other['_sheet']}»"] if other["_sheet"] not in ("", "CSV") else []  # text has no sheets
        parts += [f"файла «{other['_file']}»"] if other["_file"] != row["_file"] else []
    return " ".join(parts)
