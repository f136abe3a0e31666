"""Key figures as tiles: a large number, what it is in words, the row of earlier years as a small line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soko import russian
from soko.analysis.series import Point
from soko.notes import theme

# Centimetres: the number, a line of words, what is said of the year before, the line of values.
_NUMBER, _LINE, _BEFORE, _SPARK, _GAP = 0.85, 0.36, 0.42, 0.62, 0.35
FEWEST = 2  # points that make a line
_ROOM = 0.1  # of the value: the smallest change that takes the whole height


@dataclass(frozen=True)
class Tile:
    """A figure as printed, its words, what is said of the year before, and the row of values behind it.

    ``bad`` says that it got worse by rule; then its line is bold and its number stands in black.
    """

    value: str
    words: str
    before: str = ""
    row: tuple[float | None, ...] = ()
    bad: bool = False

    @property
    def said(self) -> str:
        """The tile as a sentence has it."""
        return f"{self.value} – {self.words}" + (f" ({self.before})" if self.before else "")


def values(points: Sequence[Point]) -> tuple[float | None, ...]:
    """What a tile draws of a row of points, from the first that has a value."""
    known = [point.value for point in points]
    while known and known[0] is None:
        known.pop(0)
    return tuple(known)


def draw(tiles: Sequence[Tile], columns: int = 4) -> str:
    """The tiles as SVG, ``columns`` abreast."""
    words = [textwrap.wrap(tile.words, 92 // columns) or [""] for tile in tiles]
    lines = max(len(own) for own in words)
    has_lines = any(len([value for value in tile.row if value is not None]) >= FEWEST for tile in tiles)
    height = _NUMBER + _LINE * lines + _BEFORE + (_SPARK if has_lines else 0.0) + _GAP
    with theme.theme() as plt:
        fig, panels = theme.panels(plt, len(tiles), columns, height)
        for axes, tile, own in zip(panels, tiles, words, strict=True):
            _tile(axes, tile, own, height)
        return theme.svg(plt, fig)


def _tile(axes: Any, tile: Tile, words: Sequence[str], height: float) -> None:
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(height, 0)  # centimetres from the top
    colour = "black" if tile.bad else theme.NOW
    axes.text(
        0, _NUMBER - 0.15, tile.value, fontsize=20 if len(tile.value) < 9 else 14, fontweight="bold", color=colour
    )
    for at, line in enumerate(words, start=1):
        axes.text(0, _NUMBER + _LINE * at, line, fontsize=9)
    below = _NUMBER + _LINE * len(words) + _BEFORE
    if tile.before:
        axes.text(0, below, tile.before, fontsize=8, color=".35")
    known = [(at, value) for at, value in enumerate(tile.row) if value is not None]
    if len(known) < FEWEST:
        return
    low, high = min(value for _, value in known), max(value for _, value in known)
    # A line over a tenth of the value: one whose own ends were top and bottom would draw «97,7 % → 97,7 %» as a climb.
    last, room = len(tile.row) - 1, max(high - low, _ROOM * max(abs(high), abs(low)))
    middle = (low + high) / 2
    xs = [at / last * 0.9 for at, _ in known]
    ys = [below + _SPARK - (_SPARK - 0.25) * ((value - middle) / room + 0.5 if room else 0.5) for _, value in known]
    axes.plot(xs, ys, color=colour, linewidth=2.2 if tile.bad else 1.2)
    axes.plot(xs[-1], ys[-1], marker="o", markersize=4, color=colour)


def alt(tiles: Sequence[Tile]) -> str:
    """What the tiles say, for those who do not see them."""
    return russian.sentence("; ".join(tile.said for tile in tiles))
