"""Hidden figures in tables and charts of the public edition: their signs, one legend, rows and columns of signs alone.

The figures themselves are not there (``Figures.hidden``); what is here only says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from soko import russian
from soko.indicators.reasons import PUBLIC, UNDER, Reason
from soko.notes import public_side
from soko.notes.data import Figures, NoteData
from soko.publish.blocks import Block, Figure, Row, Table
from soko.russian import DASH, NBSP

#: What a cell without a figure may hold beside the sign of a hidden one, for its row to have nothing to tell.
_EMPTY = ("", DASH, "×", "нп", "нс", "нд", "нк", "мг")
_MOST_NAMES = 12
REMARK = "*О классах, параллелях и предметах сказано по тем данным, которые публикуются.*"
#: Before sentences that would hold of all groups had none been hidden.
OF_SOME = "*По тем группам, данные о которых публикуются:*"


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
    sign = item.sign.replace("cell", str(limits.cell))
    text = item.text.replace("least", str(limits.cell - 1)).replace("group", str(limits.group))
    return Reason(item.code, sign, text)


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
        more = "Группы, данные о которых не публикуются (малая численность), на рисунке не показаны."
        return block.model_copy(update={"source": f"{block.source} {more}".strip()})
    return block


def _folded(data: NoteData, table: Table) -> Table:
    known = signs(data)
    body = [row for row in table.rows if row.kind != "section"]
    mute = [row for row in body if _is_mute(row.cells[1:], known)]
    rows = _without_empty_sections([row for row in table.rows if row not in mute])
    told = [row for row in rows if row.kind != "section"]
    if not told:  # it stays, so that texts may go on referring to it
        only = Row(cells=["Не публикуется: все числа таблицы скрыты в связи с малой численностью (152-ФЗ)."])
        return table.model_copy(update={"rows": [only], "columns": table.columns[:1]})
    dead = [at for at in range(1, len(table.columns)) if _is_mute([row.cells[at] for row in told], known)]
    notes = list(table.notes)
    if mute:
        notes.append(f"Не показаны строки, в которых скрыты все числа: {_names(row.cells[0] for row in mute)}.")
    if dead:
        notes.append(f"Не показаны графы, в которых скрыты все числа: {_heads(table, dead)}.")
    kept = [at for at in range(len(table.columns)) if at not in dead]
    found = [
        row if row.kind == "section" else row.model_copy(update={"cells": [row.cells[at] for at in kept]})
        for row in rows
    ]
    if not (mute or dead):
        return table
    return table.model_copy(update={"rows": found, "columns": [table.columns[at] for at in kept], "notes": notes})


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


def _heads(table: Table, dead: Sequence[int]) -> str:
    heads = [table.columns[at] for at in dead]
    return russian.listing(
        [russian.quote(f"{head.group}: {head.title}" if head.group else head.title) for head in heads], _MOST_NAMES
    )
