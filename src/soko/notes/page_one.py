"""How much of page one is taken: what fits on it beside its table, and whether the introduction begins under it.

Counted in lines, by letters: the notebook knows nothing of the typeface, and HTML, PDF and Word are to agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from soko.publish.blocks import Callout, Table

# Lines of text that page one has room for beneath a table of _ROOM_LINES lines, and letters in a line of it.
_ROOM, _ROOM_LINES, _WIDTH = 19, 10, 86
# Letters on a line of those columns of the table in which a cell may take several.
_NARROW = {0: 15, 5: 11, 6: 25}
_LINES_ON_PAGE = 47
_HEADING = 13  # lines of the school's name, the approval, the title and the heading of the page
_SMALL = 0.85  # height of a line of a table
_AROUND = 0.35  # a row, an item of a list: what is left free around it, in lines
_WELL_FILLED = 0.66  # what is counted is right within a twentieth; pages are to be more than half full


def fitting(lines: list[str], decisions: list[str], rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """What of the texts fits on page one beside the table of these rows; all of it stands in the body anyway.

    The last of the longer list goes first, so that both what to know and what to decide stay.
    """
    taken = sum(map(_row, rows))
    room = _ROOM - math.ceil(max(0, taken - _ROOM_LINES) * 0.7)  # lines of a table are small
    while _height(lines) + _height(decisions) > room and len(lines) + len(decisions) > 2:
        (decisions if len(decisions) >= len(lines) else lines).pop()
    return lines, decisions


def is_short(first: Table | Callout | None, lines: Sequence[str], decisions: Sequence[str]) -> bool:
    """Whether the page would end half empty: then it is no page of its own."""
    taken = float(_HEADING)
    if isinstance(first, Table):
        heights = [_row(row.cells) * _SMALL + _AROUND for row in first.rows]
        taken += 4 + sum(heights) + len(first.notes)  # caption and head
    elif first is not None:
        taken += 3 + _height([first.markdown])
    taken += _height(lines) + _AROUND * len(lines)
    if decisions:
        taken += 1.5 + _height(decisions) + _AROUND * len(decisions)
    return taken < _WELL_FILLED * _LINES_ON_PAGE


def _row(cells: list[str]) -> int:
    return max(math.ceil(len(cells[at]) / letters) for at, letters in _NARROW.items() if at < len(cells))


def _height(texts: Sequence[str]) -> int:
    return sum(math.ceil(len(text) / _WIDTH) for text in texts)
