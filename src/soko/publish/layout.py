"""Widths of a table's columns and the size of its type, the same for PDF and DOCX.

A table fills the width of the text. Every column gets at least its longest word, so that words are not torn; what is
left goes to the columns that have more to say. A table that does not fit gets smaller type, then a landscape page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from soko.publish.blocks import Head, Table

PORTRAIT = 16.5  # cm: A4 without margins of 3 and 1.5
LANDSCAPE = 25.7  # cm: A4 on its side without margins of 2 and 2
CM = 28.3465  # points
INSET = 3.5  # points left and right of a cell's text
# (points of type, landscape), tried in this order
_CHOICES = ((11.0, False), (10.0, False), (9.0, False), (10.0, True), (9.0, True), (8.0, True), (7.0, True))
_TURNED = tuple(choice for choice in _CHOICES if choice[1])
_LONGEST_WORD = 9.0  # em; hyphenation breaks longer words
_ENOUGH = 30.0  # em in a line of a cell beyond which more width does not help
_BOLD = 1.08
_EASE = 1.12  # upright pages: smaller type is better than columns as narrow as their longest words
_EM = dict.fromkeys("шщжюмфыw", 0.79) | dict.fromkeys("ШЩЖЮМФЫW", 1.0) | dict.fromkeys(" ,.:;!'|()ijlt", 0.3)
_EM |= dict.fromkeys("0123456789", 0.5) | {"%": 0.84, "\xa0": 0.25}
_MANY_COLUMNS = 12
_SHORT_TOTAL = 9  # letters: «По школе» stays on one line
_SMALL = 9.0  # points at most for many columns and for an annex
_WORD_ENDS = re.compile(r"[ \n]|(?<=[-/])")


@dataclass(frozen=True)
class Layout:
    """Widths in cm (they add up to the text width), type in points, and whether the page is turned.

    ``whole`` and ``whole_heads`` tell for each column that its longest word fits: then no word of it is hyphenated.
    """

    widths: list[float]
    points: float
    landscape: bool
    whole: list[bool]
    whole_heads: list[bool]


def of(table: Table) -> Layout:
    """Choose the layout of ``table``; given ``Head.width`` values are proportions, kept while the words fit."""
    many = len(table.columns) > _MANY_COLUMNS
    for points, landscape in _TURNED if table.landscape else _CHOICES:
        if (many or table.small) and points > _SMALL and not landscape:
            continue
        total = LANDSCAPE if landscape else PORTRAIT
        least, natural = _measures(table, points)
        room = total / _EASE if points > 9 and not landscape else total
        if sum(least) <= room or (points, landscape) == _CHOICES[-1]:
            widths = _share(table, least, natural, total)
            whole = [_fits(_longest(table, at), size, points) for at, size in enumerate(widths)]
            heads = [_fits(_longest_title(table.columns[at]), size, points) for at, size in enumerate(widths)]
            return Layout(widths, points, landscape, whole, heads)
    raise AssertionError("the last choice always fits")


def fits(title: str, size: float, points: float) -> bool:
    """Whether the longest word of a bold title fits into ``size`` cm of type of ``points``."""
    return _fits(max(width(word) * _BOLD for word in _words(title, False)), size, points)


def _measures(table: Table, points: float) -> tuple[list[float], list[float]]:
    """Least and natural width of each column in cm."""
    least, natural = [], []
    for at, column in enumerate(table.columns):
        cells = [row.cells[at] for row in table.rows if row.kind != "section"]
        words, titles = _longest(table, at), _longest_title(column)
        whole = max((width(text) * _BOLD for text in cells), default=0.5)
        title = max(titles, width(column.title) * _BOLD * 0.6)  # a title reads well in two lines
        low = max(words if column.align == "decimal" else min(words, _LONGEST_WORD), min(titles, _LONGEST_WORD))
        padding = 2 * INSET / CM
        scale = points / CM
        least.append(low * scale + padding)
        natural.append(max(low, min(whole, _ENOUGH), title) * scale + padding)
    return least, natural


class _Widths(dict[str, float]):
    """Width of each character in em, worked out when it is first met."""

    def __missing__(self, char: str) -> float:
        self[char] = found = _EM.get(char, 0.74 if char.isupper() else 0.52)
        return found


_WIDTHS = _Widths()


@lru_cache(maxsize=8192)
def width(text: str) -> float:
    """Return the width of ``text`` in em of Times: by classes of letters, a little on the safe side."""
    return sum(map(_WIDTHS.__getitem__, text))


def _longest(table: Table, at: int) -> float:
    """Width in em of the longest word of a column; totals are bold."""
    decimal = table.columns[at].align == "decimal"
    sizes = (
        width(word) * (_BOLD if row.kind == "total" else 1.0)
        for row in table.rows
        if row.kind != "section"
        for word in _words(row.cells[at], decimal or (row.kind == "total" and len(row.cells[at]) <= _SHORT_TOTAL))
    )
    return max(sizes, default=0.5)


def _longest_title(column: Head) -> float:
    return max(width(word) * _BOLD for text in (column.title, column.unit) for word in _words(text, False))


def _fits(longest: float, size: float, points: float) -> bool:
    return longest * points <= size * CM - 2 * INSET + 0.01


def _words(text: str, decimal: bool) -> list[str]:
    return [text] if decimal or text.isalnum() else _WORD_ENDS.split(text)


def _share(table: Table, least: list[float], natural: list[float], total: float) -> list[float]:
    if any(column.width for column in table.columns):
        return _proportional([column.width or 1.0 for column in table.columns], least, total)
    if sum(natural) <= total:
        return [width * total / sum(natural) for width in natural]
    if sum(least) >= total:
        return [width * total / sum(least) for width in least]
    wish = [big - small for big, small in zip(natural, least, strict=True)]
    spare = total - sum(least)
    return [small + spare * part / sum(wish) for small, part in zip(least, wish, strict=True)]


def _proportional(given: list[float], least: list[float], total: float) -> list[float]:
    """Share ``total`` by the given proportions, but leave no column narrower than its longest word."""
    if sum(least) >= total:
        return [total * width / sum(given) for width in given]
    fixed: dict[int, float] = {}
    while True:
        free = [at for at in range(len(given)) if at not in fixed]
        unit = (total - sum(fixed.values())) / sum(given[at] for at in free)
        narrow = {at: least[at] for at in free if given[at] * unit < least[at] - 1e-9}
        if not narrow:
            return [fixed.get(at, width * unit) for at, width in enumerate(given)]
        fixed |= narrow
