"""Reader of long lists: a row a pupil, a mark, a worker. The header may stand anywhere in the first rows."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from soko.cohorts import NUMBERED
from soko.intake import list_told
from soko.intake.config import Context, Layout
from soko.intake.headers import NAME_PARTS, Header, find_header
from soko.intake.meta import lines
from soko.intake.model import Draft, Sheet, a1
from soko.intake.normalise import number
from soko.intake.subtotals import grade_spans, total_label
from soko.intake.words import blank, column_letter, text

HEADER = "шапка и строки над ней"
_IDENTITY = ("pupil_id", "staff_id", "full_name", "last_name", "class", "subject")


def candidate(sheet: Sheet, layout: Layout, context: Context) -> Header | None:
    """The header by which the sheet fits the layout, or None."""
    return find_header(sheet, layout, context)


def read_list(sheet: Sheet, layout: Layout, header: Header, context: Context) -> Draft:
    """Rows under the header as a draft; totals, numbering rows and notes are told apart, never dropped unsaid."""
    sources = context.sources
    columns = header.columns
    bottom = _bottom(sheet, header)
    _fill_merged(sheet, bottom, set(columns.values()))
    width = max(columns.values()) + 1
    known = set(columns.values()) | set(header.unknown)
    values: dict[str, list[Any]] = {name: [] for name in columns}
    numbers: list[int] = []
    strange: list[int] = []
    shifted: list[int] = []
    examples: list[int] = []
    nothing: list[tuple[int, str]] = []
    draft = Draft(
        layout.table, sheet.name, pd.DataFrame(), {n: column_letter(c) for n, c in columns.items()}, layout.id
    )
    draft.about = lines(sheet, 0, header.top - 1, sources.labels)
    draft.rows_aside = dict.fromkeys(range(1, bottom + 2), HEADER)
    places = list(columns.values())
    header_width = _width(sheet, header)
    order = list(columns.items())
    identity = [columns[name] for name in _IDENTITY if name in columns]
    people = frozenset(columns[name] for name in _IDENTITY[:4] if name in columns)
    spans = grade_spans(sheet, columns.get("class"), bottom)
    for index in range(bottom + 1, len(sheet.rows)):
        row = sheet.rows[index]
        filled = [column for column, value in enumerate(row) if not blank(value)]
        if not filled:
            continue
        if _example(row, filled):
            examples.append(index + 1)
            continue
        there = set(filled)
        got = [column for column in places if column in there]
        if index <= bottom + 2 and _numbering(row, filled):
            draft.rows_aside[index + 1] = "нумерация граф"
            continue
        if len(filled) == 1 and sources.nothing_pattern.match(text(row[filled[0]])):
            nothing.append((index + 1, text(row[filled[0]])))
            draft.rows_aside[index + 1] = "сказано, что перечислять нечего"
            continue
        measure, label = total_label(row, filled, sources, spans, people)
        if measure:
            _totals(draft, sheet, index, (measure, label), order, context)
            draft.rows_aside[index + 1] = "итоги"
            continue
        if sheet.merged is None and filled[-1] >= header_width and filled[-1] not in known:
            shifted.append(index + 1)
        if not got or (len(got) == 1 and len(columns) > 2 and got[0] not in identity) or _legend(row, got, columns):
            strange.append(index + 1)
            draft.rows_aside[index + 1] = "не похожи на данные"
            continue
        cells = row if len(row) >= width else [*row, *[""] * (width - len(row))]
        for name, column in order:
            values[name].append(cells[column])
        numbers.append(index + 1)
    draft.frame = pd.DataFrame({**values, "_row": numbers, "_col": [""] * len(numbers)}, dtype=object)
    _one_name(draft, context)
    for name, value in {**layout.fixed, **{name: item.value for name, item in header.said.items()}}.items():
        if name not in columns:
            draft.frame[name] = value
    draft.unread = {
        cell: why for cell, why in sheet.unread.items() if cell[0] > bottom and cell[1] in set(columns.values())
    }
    draft.aside["not_data"] = len(strange)
    list_told.layout(draft, sheet, header, context, strange, shifted)
    list_told.nothing(draft, context, nothing)
    list_told.examples(draft, examples)
    return draft


def _one_name(draft: Draft, context: Context) -> None:
    """Surname, name and patronymic of three columns as one, where the table keeps the name in one."""
    parts = [name for name in NAME_PARTS if name in draft.frame]
    names = {column.name for column in context.tables[draft.table].columns}
    if not parts or "last_name" in names:
        return
    rows = zip(*[draft.frame.pop(name) for name in parts], strict=True)
    joined = [text(" ".join(text(part) for part in row)) for row in rows]
    if "full_name" not in draft.frame:
        draft.frame["full_name"] = pd.Series(joined, index=draft.frame.index, dtype=object)
        draft.letters["full_name"] = draft.letters[parts[0]]


def _width(sheet: Sheet, header: Header) -> int:
    """Columns of the header row; a row beyond it has lost its columns (a stray comma, a broken quote)."""
    row = sheet.rows[header.bottom]
    return max((column + 1 for column, value in enumerate(row) if not blank(value)), default=len(row))


def _bottom(sheet: Sheet, header: Header) -> int:
    """The header's last row; cells of the header merged downwards belong to it."""
    inside = set(header.columns.values())
    return max(
        [header.bottom]
        + [
            b
            for t, left, b, _ in sheet.merged or []
            if header.top <= t <= header.bottom and left in inside and b - t < 6
        ]
    )


def _fill_merged(sheet: Sheet, bottom: int, columns: set[int]) -> None:
    """A class or a subject merged over its rows holds for each of them."""
    for top, left, last, _ in sheet.merged or []:
        if top <= bottom or left not in columns or last == top:
            continue
        value = sheet.cell(top, left)
        for index in range(top + 1, min(last, len(sheet.rows) - 1) + 1):
            if left < len(sheet.rows[index]) and any(not blank(cell) for cell in sheet.rows[index]):
                sheet.rows[index][left] = value


def _example(row: list[Any], filled: list[int]) -> bool:
    """The row of our own forms that shows how to fill them in: its first cell begins with «Пример:»."""
    first = row[filled[0]]
    return isinstance(first, str) and text(first).lower().startswith("пример:")


def _numbering(row: list[Any], filled: list[int]) -> bool:
    """The row «1 2 3 …» under a header."""
    found = [text(row[column]) for column in filled]
    return (
        len(found) > 2
        and all(item.isdecimal() for item in found)
        and [int(item) for item in found] == list(range(int(found[0]), int(found[0]) + len(found)))
    )


def _legend(row: list[Any], got: list[int], columns: dict[str, int]) -> bool:
    """A note under the table: one long text in the first column and nothing else."""
    if len(got) != 1 or len(columns) < 3:
        return False
    line = text(row[got[0]])
    return len(line) > 60 or (line.endswith((":", ".")) and " " in line and len(line) > 25)


def _totals(
    draft: Draft, sheet: Sheet, index: int, label: tuple[str, str], order: list[tuple[str, int]], context: Context
) -> None:
    """Numbers of a total row by measure: the column's own name, with the measure before it for means."""
    table = context.tables[draft.table]
    named = re.search(rf"\d{{1,2}}\s*[А-ЯA-Z](?![а-яa-z])|{NUMBERED}", label[1])
    contract = {column.name for column in table.columns}
    for name, column in order:
        printed = number(sheet.cell(index, column)).value
        if name in contract and table.column(name).type in ("integer", "number") and printed is not None:
            measure = name if label[0] in ("total", "pupils") else f"{label[0]}.{name}"
            own = named[0] if named else ""
            draft.totals.append(
                {"cell": a1(index, column), "class": own, "subject": "", "measure": measure, "printed": printed}
            )
