"""Hidden figures in tables and charts of the public edition: their signs, one legend, rows and columns of signs alone.

The figures themselves are not there (``Figures.hidden``); what is here only says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from soko import russian
from soko.indicators import reasons
from soko.indicators.reasons import FEW, PROTECTED, PUBLIC, REASONS, UNDER, Reason
from soko.notes import public_side
from soko.notes.data import Figures, NoteData
from soko.publish.blocks import Block, Figure, Row, Table
from soko.russian import DASH, NBSP

#: What a cell without a figure may hold beside the sign of a hidden one, for its row to have nothing to tell.
_EMPTY = ("", DASH, "×", "нп", "нс", "нд", "нк", "мг")
_MOST_NAMES = 12
#: Columns that say how many there are, and nothing of them.
_BASES = ("В базе", "Всего", "Отметок в базе")
_ALL = "Не публикуется: все числа этой таблицы скрыты"
_BY_SIZE = " в связи с малой численностью групп (152-ФЗ)"
REMARK = "*О классах, параллелях и предметах сказано по тем данным, которые публикуются.*"
#: Before sentences that would hold of all groups had none been hidden.
OF_SOME = "*Далее – только о группах, данные о которых публикуются.*"


def reason(
    data: NoteData, indicator: str, school: str, dims: Mapping[str, str] | None, which: str = "now"
) -> Reason | None:
    """Why the figure of a period («now», «previous», «year_ago») is hidden, with its sign; None when it is not."""
    figures: Figures | None = data.current if which == "now" else getattr(data, which)
    if figures is None or dims is None:
        return None
    code = figures.why_hidden(indicator, school, **dims)
    return _told(data, PUBLIC[code]) if code else None


def sign(data: NoteData, indicator: str, school: str, dims: Mapping[str, str] | None, which: str = "now") -> str:
    """The sign of a hidden figure; empty when it is not hidden."""
    found = reason(data, indicator, school, dims, which)
    return found.sign if found else ""


def of_change(*found: str) -> str:
    """The sign of a change of which one of the figures is hidden; «< 5» would be read as the size of the change."""
    sign = next((one for one in found if one), "")
    return PROTECTED.sign if sign.startswith("<") else sign


def first_sign(data: NoteData, indicators: Iterable[str], school: str, dims: Mapping[str, str]) -> str:
    """The sign of the first of the indicators that is hidden."""
    return next((found for name in indicators if (found := sign(data, name, school, dims))), "")


def small(data: NoteData, number: float) -> str:
    """The sign of a count that is worked out from shown ones and is as small as those that are not shown."""
    found = _told(data, UNDER)
    return found.sign if data.public and 0 < number < public_side.limits(data.params, data.period).cell else ""


def base(data: NoteData, indicators: Iterable[str], school: str, dims: Mapping[str, str]) -> float | None:
    """The base of the first indicator of which it may be told."""
    known = (data.current.base_of(name, school, **dims) for name in indicators)
    return next((found for found in known if found is not None), None)


def legend(data: NoteData, cells: Iterable[str]) -> list[str]:
    """What the signs of hidden figures mean that the cells really have, for the line with the other signs."""
    if not data.public:
        return []
    found = set(cells)
    told = [_told(data, item) for item in PUBLIC.values()]
    return [f"«{item.sign}» – {item.text}" for item in told if item.sign in found]


def signs(data: NoteData) -> set[str]:
    """The signs of hidden figures."""
    return {_told(data, item).sign for item in PUBLIC.values()} if data.public else set()


def _told(data: NoteData, item: Reason) -> Reason:
    """The reason with the thresholds in its sign and words."""
    if not data.public:
        return item
    limits = public_side.limits(data.params, data.period)
    return reasons.public(limits.group, limits.cell)[item.code]


def shown(data: NoteData, block: Block | None, ids: Collection[str] = (), shape: Collection[str] = ()) -> Block | None:
    """A table or chart as the public edition has it; as it is for the internal one.

    Of a table rows and columns of signs alone are folded into a line under it. A chart says that groups are left out
    where a figure of ``ids`` with the dimensions ``shape`` is hidden.
    """
    if not data.public:
        return block
    if isinstance(block, Table):
        return _folded(data, block)
    if isinstance(block, Figure) and data.current.hides(ids, shape):
        more = "Группы, данные о которых не публикуются, на рисунке не показаны."
        return block.model_copy(update={"source": f"{block.source} {more}".strip()})
    return block


def _folded(data: NoteData, table: Table) -> Table:
    """The table without rows and columns that tell nothing, which it names; of nothing but signs, one line."""
    known = signs(data)
    rows, kept = list(table.rows), list(range(len(table.columns)))
    while True:
        mute = [row for row in rows if row.kind != "section" and _is_mute([row.cells[at] for at in kept[1:]], known)]
        rows = [row for row in rows if row not in mute]
        told = [row for row in rows if row.kind != "section"]
        dead = [at for at in kept[1:] if told and _is_dead(told, at, known)]
        kept = [at for at in kept if at not in dead]
        if not (mute or dead):
            break
    rows = _without_empty_sections(rows)
    gone = [row for row in table.rows if row.kind != "section" and row not in rows]
    dropped = [at for at in range(len(table.columns)) if at not in kept]
    if not gone and not dropped:
        return table
    if not rows or (dropped and all(table.columns[at].title in _BASES for at in kept[1:])):
        # It stays, so that texts may go on referring to it.
        told_why = f"{_ALL}{_small(data, table.rows)}."
        return table.model_copy(update={"rows": [Row(cells=[told_why])], "columns": table.columns[:1], "notes": []})
    made = [
        row if row.kind == "section" else row.model_copy(update={"cells": [row.cells[at] for at in kept]})
        for row in rows
    ]
    notes = _still_meant(table.notes, {cell for row in made for cell in row.cells}, known)
    if gone:
        names = _names(row.cells[0] for row in gone)
        notes.append(f"Не показаны строки, в которых все числа скрыты{_small(data, gone)}: {names}.")
    last = table.rows[-1]
    whole = [at for at in dropped if last.kind == "total" and last.cells[at] not in (*known, *_EMPTY)]
    if whole:
        notes.append(f"Публикуется одним числом ({russian.lower_first(last.cells[0])}): {_figures(table, whole)}.")
    if silent := [at for at in dropped if at not in whole]:
        notes.append(f"Не показаны графы, в которых нет ни одного публикуемого числа: {_heads(table, silent)}.")
    return table.model_copy(update={"rows": made, "columns": [table.columns[at] for at in kept], "notes": notes})


def _small(data: NoteData, rows: Iterable[Row]) -> str:
    """Why the rows are hidden, where it is for the sake of the few in them and not of a teacher alone."""
    cells = {cell for row in rows for cell in row.cells}
    return _BY_SIZE if cells & {_told(data, item).sign for item in (FEW, UNDER)} else ""


def _is_dead(rows: Sequence[Row], at: int, known: set[str]) -> bool:
    """Whether a column has no figure, or that of the whole alone, which is told under the table."""
    cells = [row.cells[at] for row in (rows[:-1] if len(rows) > 1 and rows[-1].kind == "total" else rows)]
    speaks = any(cell not in known and cell not in _EMPTY for cell in cells)
    return not speaks and any(cell in known or cell == DASH for cell in cells)


def _still_meant(notes: Sequence[str], cells: set[str], known: set[str]) -> list[str]:
    """The notes without the meaning of signs that no cell has any more."""
    every = known | set(_EMPTY) | {item.sign for item in REASONS.values()}
    found = []
    for note in notes:
        meanings = [text for text in note.rstrip(".").split("; «") if text]
        named = [text.removeprefix("«").partition("»")[0] for text in meanings]
        if named[0] in every and note.startswith("«"):
            left = [text.removeprefix("«") for text, sign in zip(meanings, named, strict=True) if sign in cells]
            found += [f"«{'; «'.join(left)}."] if left else []
        else:
            found.append(note)
    return found


def _is_mute(cells: Sequence[str], known: set[str]) -> bool:
    """Whether the cells hold signs alone, that of a hidden figure among them."""
    return any(cell in known for cell in cells) and all(cell in known or cell in _EMPTY for cell in cells)


def _without_empty_sections(rows: Sequence[Row]) -> list[Row]:
    """The rows without those that head a section of which nothing is left."""
    return [
        row
        for at, row in enumerate(rows)
        if row.kind != "section" or (at + 1 < len(rows) and rows[at + 1].kind != "section")
    ]


def _names(cells: Iterable[str]) -> str:
    return russian.listing([cell.strip(f" {NBSP}") for cell in cells], _MOST_NAMES)


def _figures(table: Table, columns: Sequence[int]) -> str:
    """What the last row has in ``columns``, with units: «Успеваемость» – 96,8 %; of a group of columns each by name."""
    cells, said = table.rows[-1].cells, []
    for name, own in groupby(columns, key=lambda at: table.columns[at].group or at):
        each = list(own)
        if isinstance(name, int):
            head = table.columns[name]
            told = f" – {_with_unit(cells[name], head.unit, head.title)}"
            said.append(f"{russian.quote(head.title.removesuffix(', %'))}{told}")
            continue
        parts = []
        for at in each:
            head = table.columns[at]
            if head.title == "%":
                parts.append(_with_unit(cells[at], "%", ""))
            elif head.title in _BASES:
                parts.append(f"{russian.lower_first(head.title)} {cells[at]}")
            else:
                parts.append(f"{head.title} – {_with_unit(cells[at], head.unit, name)}")
        said.append(f"{russian.quote(name.removesuffix(', %'))}: {', '.join(parts)}")
    return "; ".join(said)


def _with_unit(cell: str, unit: str, head: str) -> str:
    unit = unit or ("%" if head.endswith(", %") else "")
    return f"{cell}{NBSP}{unit}" if unit and cell[-1:].isdigit() else cell


def _heads(table: Table, dead: Sequence[int]) -> str:
    """The columns by name; those of a group that is gone as a whole by the group's."""
    left = {head.group for at, head in enumerate(table.columns) if at not in dead}
    names = []
    for head in (table.columns[at] for at in dead):
        whole = bool(head.group) and head.group not in left
        names.append(head.group if whole else f"{head.group}: {head.title}" if head.group else head.title)
    return russian.listing([russian.quote(name.removesuffix(", %")) for name in dict.fromkeys(names)], _MOST_NAMES)
