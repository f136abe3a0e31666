"""Tables and sentences as numbers with their words: what every reader of ``soko.disclosure.hidden_records`` makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from soko.disclosure.hidden_words import plain

_UNITS = re.compile(r"п\.п\.|чел\w*\.?|балл\w*|урок\w*|обуч\w*|уч\.|\bиз\b|[%/()]")
_FIGURE = re.compile(r"[<≈±+−–-]?\s*\d[\d\s.,]*")
_DATE = re.compile(r"\d[.,]\d+[.,]\d")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[«А-ЯЁA-Z\d])|\n{2,}")
_PERIOD_HEAD = re.compile(r"\bperiod\b|период", re.IGNORECASE)
_GROUP_HEAD = re.compile(r"паралл|класс|grade", re.IGNORECASE)
LONGEST = 400  # characters of a cell or a head that are read as words


class Told(NamedTuple):
    """A text with numbers. Of a cell ``label`` is the rest of its row, ``heads`` its column, ``about`` the caption and
    the section; of prose ``text`` is the sentence and the others are empty. ``loose``: columns are not known (PDF).
    """

    text: str
    where: str
    label: str = ""
    heads: str = ""
    about: str = ""
    cell: bool = False
    loose: bool = False


class Grid(NamedTuple):
    """A table: its caption, rows of texts, how many of them are heads."""

    caption: str
    rows: list[list[str]]
    heads: int


def is_figure(text: str) -> bool:
    """Whether a cell holds figures and their units alone: «66,7», «< 5», «188 из 432», «188 чел. / 43,5 %»; no date."""
    if not text[:3].strip("<≈±+−–- ")[:1].isdigit() or len(text) > LONGEST:
        return False
    return _FIGURE.fullmatch(_UNITS.sub(" ", text)) is not None and _DATE.search(text) is None


def prose(text: str, where: str) -> Iterator[Told]:
    """Sentences that have a number or a number's word."""
    for sentence in _SENTENCE.split(text):
        if line := plain(sentence):
            yield Told(line, where)


def of_grid(grid: Grid, where: str) -> Iterator[Told]:
    """The cells of a table that hold figures; long texts in cells are prose."""
    heads = [
        plain(" ".join(dict.fromkeys(cell[:LONGEST] for cell in column)))
        for column in zip(*grid.rows[: grid.heads], strict=True)
    ]
    section = ""
    for number, row in enumerate(grid.rows[grid.heads :], start=grid.heads + 1):
        cells = [plain(cell) for cell in row]
        filled = list(dict.fromkeys(cell for cell in cells if cell))
        if len(filled) == 1 and len(cells) > 1 and not is_figure(filled[0]):
            section = filled[0][:LONGEST]
            yield from prose(filled[0], where)
            continue
        label = " | ".join(
            dict.fromkeys(_named(cell[:LONGEST], head) for cell, head in zip(cells, heads, strict=True) if cell)
        )
        for cell, head in zip(cells, heads, strict=True):
            if is_figure(cell):
                if not (_GROUP_HEAD.search(head) and cell.isdigit()):
                    yield Told(cell, f"{where}, строка {number}", label, head, f"{grid.caption} | {section}", cell=True)
            elif len(cell) > 30 and any(char.isdigit() for char in cell):
                yield from prose(cell, where)


def _named(cell: str, head: str) -> str:
    """A cell as words of its row: «7» in the column of parallels names a group, «2024» in that of periods a year."""
    if not is_figure(cell) or _PERIOD_HEAD.search(head):
        return cell
    return f"{cell} класс" if cell.isdigit() and _GROUP_HEAD.search(head) else ""


def grid_of(caption: str, rows: list[list[str]], heads: int) -> Grid:
    """Rows of one width; without known heads those rows are heads before the first that holds a figure."""
    width = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    if not heads:
        heads = next(
            (at for at, row in enumerate(filled) if any(is_figure(plain(cell)) for cell in row[1:])), 0
        ) or min(1, len(filled))  # fmt: skip
    return Grid(plain(caption), filled, min(heads, len(filled)))
