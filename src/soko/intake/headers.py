"""Find the header of a list: its rows and columns, whatever the wording, the order and the depth."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from soko.hints import nearest
from soko.intake.above import said
from soko.intake.config import Context, Layout, Limits
from soko.intake.meta import Line
from soko.intake.model import Sheet
from soko.intake.words import blank, column_index, column_letter, key, text
from soko.tables import Table

_ALL = (-1, -1)  # under this key a sheet keeps the headers of all its first rows
#: A name in three columns, in any table of people.
NAME_PARTS = {"last_name": "Фамилия", "first_name": "Имя", "patronymic": "Отчество"}


@dataclass
class Header:
    """Where the header stands: first and last row (0-based), canonical column → index; what was not understood."""

    top: int
    bottom: int
    columns: dict[str, int]
    unknown: list[int] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    said: dict[str, Line] = field(default_factory=dict)

    @property
    def found(self) -> set[str]:
        """Canonical columns that stand in the header or over the table; a name in parts is a name."""
        parts = {"full_name"} if "last_name" in self.columns else set()
        return set(self.columns) | set(self.said) | parts


def spread(sheet: Sheet, first: int, last: int) -> list[list[str]]:
    """Texts of rows first…last with merged blocks spread over their cells.

    A format that does not tell of merged cells (csv, ods) gets a blank filled from the left when there is something
    under it: «Пропущено уроков» over «всего» and «по болезни».
    """
    width = sheet.width
    rows = [list(_texts(sheet, row)) for row in range(first, last + 1)]
    for top, left, bottom, right in sheet.merged or []:
        if bottom < first or top > last:
            continue
        value = text(sheet.cell(top, left))
        for r in range(max(top, first), min(bottom, last) + 1):
            for c in range(left, min(right, width - 1) + 1):
                rows[r - first][c] = value
    if sheet.merged is None and len(rows) > 1:
        for upper, lower in itertools.pairwise(rows):
            for c in range(1, width):
                if not upper[c] and lower[c] and upper[c - 1]:
                    upper[c] = upper[c - 1]
    return rows


def _texts(sheet: Sheet, row: int) -> list[str]:
    """The row's cells as text, as wide as the sheet; every table asks for the same first rows."""
    kept = sheet.texts.get(row)
    if kept is None:
        kept = [text(value) for value in (sheet.rows[row] if row < len(sheet.rows) else [])]
        kept += [""] * (sheet.width - len(kept))
        sheet.texts[row] = kept
    return kept


def joined(rows: list[list[str]], column: int) -> list[str]:
    """Ways to read a header of several rows: all joined, the lowest alone, the highest alone."""
    parts: list[str] = []
    for row in rows:
        if row[column] and (not parts or parts[-1] != row[column]):
            parts.append(row[column])
    if not parts:
        return []
    return list(dict.fromkeys([" ".join(parts), parts[-1], parts[0]]))


#: What was made of a table and a layout, with both, so that their ids mean them and no others.
_Made = dict[tuple[int, int], tuple[Table, Layout | None, dict[str, tuple[str, int]]]]
_made: _Made = {}


def _once(
    table: Table, layout: Layout | None, make: Callable[[], dict[str, tuple[str, int]]]
) -> dict[str, tuple[str, int]]:
    """What ``make`` gives, made once for the same two objects, which never change: every sheet asks all layouts."""
    known = _made.get((id(table), id(layout)))
    if known is None or known[0] is not table or known[1] is not layout:
        known = _made[id(table), id(layout)] = (table, layout, make())
    return known[2]


def names_of(table: Table) -> dict[str, tuple[str, int]]:
    """Key of an accepted header → (canonical column, rank); a lower rank is the more exact name. Not to be changed."""
    return _once(table, None, lambda: _names_of(table))


def _names_of(table: Table) -> dict[str, tuple[str, int]]:
    names: dict[str, tuple[str, int]] = {}
    for column in table.columns:
        for rank, word in enumerate([column.name, column.title, *column.synonyms]):
            names.setdefault(key(word), (column.name, rank))
    return names


def accepted(table: Table, layout: Layout) -> dict[str, tuple[str, int]]:
    """``names_of`` with the headers that the layout alone accepts and, in tables of people, the parts of a name."""
    return _once(table, layout, lambda: _accepted(table, layout))


def _accepted(table: Table, layout: Layout) -> dict[str, tuple[str, int]]:
    own = {key(word): (name, 0) for name, words in layout.columns.items() for word in words}
    names = {**names_of(table), **own}
    if "full_name" in {column.name for column in table.columns}:
        for name, title in NAME_PARTS.items():
            names.setdefault(key(title), (name, 0))
    return names


def find_header(sheet: Sheet, layout: Layout, context: Context) -> Header | None:
    """The best header in the first rows that has what ``layout.needs``; None when there is none."""
    limits = context.sources.limits
    names = accepted(context.tables[layout.table], layout)
    if not _possible(sheet, layout, names, limits):
        return None
    labels = {key(word) for words in layout.over.values() for word in words}
    best: Header | None = None
    for top in range(min(limits.header_rows, len(sheet.rows))):
        if all(blank(value) for value in sheet.rows[top]):
            continue
        over: dict[str, Line] | None = None
        for depth in range(1, min(limits.header_depth, len(sheet.rows) - top) + 1):
            if labels and _labels(sheet, top + depth - 1, labels):
                break  # «Предмет: Химия» over a table is no part of its header
            found = _match(sheet, top, top + depth - 1, names)
            if not found.columns:
                continue
            _place(found, layout)
            over = said(sheet, top, layout, context) if over is None else over
            found.said = {name: value for name, value in over.items() if name not in found.columns}
            there = found.found | set(layout.fixed)
            fits = all(any(name in there for name in group) for group in layout.needs)
            # Of equal headers the one of fewer rows: a title over the table is merged over every column too.
            if fits and (best is None or _rank(found) > _rank(best)):
                best = found
    return best


def _possible(sheet: Sheet, layout: Layout, names: dict[str, tuple[str, int]], limits: Limits) -> bool:
    """False when no header of the first rows, whatever its height, names what the layout needs."""
    if _ALL not in sheet.headers:
        rows = range(min(limits.header_rows, len(sheet.rows)))
        tops = [(top, last) for top in rows for last in range(top, min(top + limits.header_depth, len(sheet.rows)))]
        sheet.headers[_ALL] = [list({way for top, last in tops for ways in _ways(sheet, top, last) for way in ways})]
    named = {names[way][0] for way in sheet.headers[_ALL][0] if way in names}
    named |= {"full_name"} if "last_name" in named else set()
    told = {name for title in layout.titles for name in re.compile(title).groupindex}
    there = named | told | set(layout.over) | set(layout.positions) | set(layout.fixed)
    return bool(named) and all(any(name in there for name in group) for group in layout.needs)


def _place(header: Header, layout: Layout) -> None:
    """Columns without a title, by the letters of the layout."""
    for name, letter in layout.positions.items():
        if name not in header.columns:
            header.columns[name] = column_index(letter)
            header.unknown = [column for column in header.unknown if column != header.columns[name]]


def _labels(sheet: Sheet, row: int, labels: set[str]) -> bool:
    """True for a row that says something of the whole table: a label with a colon, or a label and its value."""
    filled = [text(raw) for raw in sheet.rows[row] if not blank(raw)]
    if not filled or key(filled[0].partition(":")[0]) not in labels:
        return False
    return ":" in filled[0] or len(filled) == 2


def _rank(header: Header) -> tuple[int, int]:
    return len(header.columns), header.top - header.bottom


def misspelt(sheet: Sheet, header: Header, table: Table) -> list[tuple[str, str]]:
    """(letter of a column, the title that its header resembles) for headers that were not understood."""
    free = [column for column in table.columns if column.name not in header.found]
    names = {key(word): column.title for column in free for word in [column.title, *column.synonyms]}
    found = []
    for column in header.unknown:
        ways = _ways(sheet, header.top, header.bottom)[column]
        near = next((names[hit] for way in ways if (hit := nearest(way, list(names)))), "")
        if near:
            found.append((column_letter(column), near))
    return found


def recognised(sheet: Sheet, table: Table, limits: Limits) -> set[str]:
    """The columns of ``table`` that the best single row of the sheet names; for the message about an unknown file."""
    names = names_of(table)
    rows = range(min(limits.header_rows, len(sheet.rows)))
    return max((set(_match(sheet, row, row, names).columns) for row in rows), key=len, default=set())


def _match(sheet: Sheet, top: int, bottom: int, names: dict[str, tuple[str, int]]) -> Header:
    header = Header(top, bottom, {})
    ranks: dict[str, int] = {}
    for column, ways in enumerate(_ways(sheet, top, bottom)):
        hit = next((names[way] for way in ways if way in names), None)
        if hit is None:
            if ways:
                header.unknown.append(column)
            continue
        name, rank = hit
        if name not in ranks or rank < ranks[name]:
            if name in ranks:
                header.unknown.append(header.columns[name])
            header.columns[name], ranks[name] = column, rank
        elif rank == ranks[name]:
            header.twice.append(name)
        else:
            header.unknown.append(column)
    return header


def near_misses(sheet: Sheet, table: Table, limits: Limits) -> list[tuple[str, str]]:
    """``misspelt`` of the best single row, for a sheet that no layout fits."""
    names = names_of(table)
    rows = range(min(limits.header_rows, len(sheet.rows)))
    best = max((_match(sheet, row, row, names) for row in rows), key=lambda found: len(found.columns), default=None)
    return misspelt(sheet, best, table) if best is not None and best.columns else []


def _ways(sheet: Sheet, top: int, bottom: int) -> list[list[str]]:
    """Keys of each column's header; kept with the sheet, because every table is tried on the same rows."""
    kept = sheet.headers.get((top, bottom))
    if kept is None:
        rows = spread(sheet, top, bottom)
        kept = [[key(way) for way in joined(rows, column)] for column in range(sheet.width)]
        sheet.headers[top, bottom] = kept
    return kept
