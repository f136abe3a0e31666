"""A table with more columns than an upright page can show is told in several, each with the names of its rows."""

from __future__ import annotations

from soko.publish.blocks import Head, Row, Table

#: Columns of figures beside the name of the row: with more they are narrower than their heads.
MOST = 9


def split(table: Table) -> list[Table]:
    """The table itself, or its parts: whole groups of columns, as many as fit, after those that all parts have.

    All parts have the first column and the ungrouped one after it where the others are grouped (the common base). What
    stands under the table stands under the last part; the first keeps the label.
    """
    if len(table.columns) - 1 <= MOST:
        return [table]
    kept, groups = _groups(table.columns)
    room = MOST - len(kept) + 1
    parts = _packed(groups, room)
    if len(parts) == 1:
        return [table]
    for less in range(room - 1, max(map(len, groups)) - 1, -1):  # no part with a single column left over
        even = _packed(groups, less)
        if len(even) > len(parts):
            break
        parts = even
    return [
        table.model_copy(
            update={
                "caption": f"{table.caption} (часть {number} из {len(parts)})",
                "columns": [table.columns[at] for at in (*kept, *own)],
                "rows": [_row(row, (*kept, *own)) for row in table.rows],
                "notes": table.notes if number == len(parts) else [],
                "label": table.label if number == 1 or not table.label else f"{table.label}_{number}",
            }
        )
        for number, own in enumerate(parts, start=1)
    ]


def _groups(columns: list[Head]) -> tuple[list[int], list[list[int]]]:
    """Places of the columns that every part has, then of each group of neighbours (a column without one by itself)."""
    kept = [0]
    if len(columns) > 1 and not columns[1].group and columns[1].title == "В базе":
        kept.append(1)
    groups: list[list[int]] = []
    for at in range(len(kept), len(columns)):
        same = groups and columns[at].group and columns[at].group == columns[at - 1].group
        if same:
            groups[-1].append(at)
        else:
            groups.append([at])
    return kept, groups


def _packed(groups: list[list[int]], room: int) -> list[list[int]]:
    """The columns of whole groups, at most ``room`` in a part; a group that is larger has a part of its own."""
    parts: list[list[int]] = [[]]
    for group in groups:
        if parts[-1] and len(parts[-1]) + len(group) > room:
            parts.append([])
        parts[-1] += group
    return parts


def _row(row: Row, places: tuple[int, ...]) -> Row:
    if row.kind == "section":
        return row
    return row.model_copy(update={"cells": [row.cells[at] for at in places]})
