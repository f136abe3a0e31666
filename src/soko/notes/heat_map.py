"""A map of one indicator over two dimensions, class by subject say: the figure in each cell, darker where higher.

Small groups are hatched and carry no figure: their share is no ground for a judgement, and a colour would be one.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.analysis.rounding import format_number
from soko.cohorts import grade_of
from soko.indicators.model import Indicator
from soko.notes import bar_charts, theme
from soko.notes.data import NoteData, Parts
from soko.notes.figure_words import show as shown
from soko.notes.objects import Line, axis_title, by_two, is_share
from soko.publish.blocks import Figure, Prose
from soko.russian import NBSP
from soko.school import School

#: More columns do not fit the width of the text with figures that can be read.
MOST_COLUMNS = 26
_ROW_CM = 0.5
_FRAME_CM = 1.0
_MAP_CM = 14.0  # width of the cells, beside the names of rows
_LETTER_CM = 0.155  # of a name that stands upright over its column
_LYING_CM = 0.19  # of a name over its column, with the gap between two names


@dataclass(frozen=True)
class _Cell:
    """A figure, None where nobody has one; ``small`` is too few to be judged."""

    value: float | None
    parts: Parts | None
    small: bool = False


@dataclass(frozen=True)
class _Grid:
    """Names of rows and columns with the cells between them."""

    rows: list[Line]
    columns: list[Line]
    cells: list[list[_Cell]]

    def turned(self) -> _Grid:
        """Columns as rows: the longer side goes down the page."""
        return _Grid(self.columns, self.rows, [list(column) for column in zip(*self.cells, strict=True)])

    def of_rows(self, rows: Sequence[int]) -> _Grid:
        """Some of the rows, without the columns in which none of them has a figure."""
        kept = [at for at in range(len(self.columns)) if any(self.cells[row][at].value is not None for row in rows)]
        cells = [[self.cells[row][at] for at in kept] for row in rows]
        return _Grid([self.rows[row] for row in rows], [self.columns[at] for at in kept], cells)

    def judged(self) -> list[tuple[Line, Line, _Cell]]:
        """Cells that have a figure and are not small, row by row."""
        return [
            (row, column, cell)
            for row, line in zip(self.rows, self.cells, strict=True)
            for column, cell in zip(self.columns, line, strict=True)
            if cell.value is not None and not cell.small
        ]


def figures(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> list[Figure | Prose]:
    """The indicator by ``dimension`` (rows) and ``across`` (columns), in as many maps as its rows need pages.

    A map that is too high is told in parts: whole levels of education together where they fit, each with the columns
    that it has. The first part keeps the label. Nothing with fewer than two rows or columns, and where every group is
    small; said in words where there are more columns than a page can show.
    """
    item = data.catalogue[ids[0]]
    grid = _grid(data, school, show, item)
    if len(grid.rows) < 2 or len(grid.columns) < 2 or not grid.judged():
        return []
    if len(grid.columns) > MOST_COLUMNS and len(grid.rows) < len(grid.columns):
        grid = grid.turned()
    parts = [part for part in _parts(grid, data.params.school) if part.judged()]
    if any(len(part.columns) > MOST_COLUMNS for part in parts):
        return [
            Prose(
                markdown=f"Рисунок «{show.caption}» не построен: строк {len(grid.rows)}, столбцов {len(grid.columns)}, "
                "на странице столько не читается. Выберите часть ключом only в файле справки."
            )
        ]
    ends = _ends(item, grid)
    return [
        Figure(
            caption=show.caption + (f" (часть {number} из {len(parts)})" if len(parts) > 1 else ""),
            svg=_drawn(item, part, ends), alt=_alt(data, item, part), source=_source(data, item, part),
            label=show.label if number == 1 or not show.label else f"{show.label}_{number}",
        )
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip


def _parts(grid: _Grid, school: School) -> list[_Grid]:
    """The map itself, or its rows in parts that fit a page: levels together while they fit, a level halved if not."""
    if _height(grid) <= theme.MOST_CM:
        return [grid]
    most = max(2, len(grid.rows) - math.ceil((_height(grid) - theme.MOST_CM) / _ROW_CM))
    level = [_level(row.place.key, school) for row in grid.rows]
    parts: list[list[int]] = [[]]
    for _, found in groupby(range(len(grid.rows)), key=level.__getitem__):
        own = list(found)
        if len(parts[-1]) + len(own) <= most:
            parts[-1] += own
            continue
        size = math.ceil(len(own) / math.ceil(len(own) / most))
        parts += [own[at : at + size] for at in range(0, len(own), size)]
    return [grid.of_rows(rows) for rows in parts if rows]


def _level(key: str, school: School) -> str:
    """The level of a class or parallel; empty for what is neither."""
    return school.level_of(grade) if (grade := grade_of(key)) else ""


def _grid(data: NoteData, school: str, show: Show, item: Indicator) -> _Grid:
    limit = data.conventions.thresholds.small_group if is_share(item) else 0
    rows, columns, found = by_two(data, school, show, item.id)
    cells = []
    for row in rows:
        parts = [found.get((row.place.key, column.place.key)) for column in columns]
        cells.append(
            [
                _Cell(
                    None if one is None else one.value(float(item.scale)),
                    one,
                    one is not None and one.base is not None and one.base < limit,
                )
                for one in parts
            ]
        )
    return _Grid(rows, columns, cells)


def _height(grid: _Grid) -> float:
    heads = _lying(grid)
    above = max(text.count("\n") + 1 for text in heads) * 0.5 if heads else _longest(grid) * _LETTER_CM
    return len(grid.rows) * _ROW_CM + _FRAME_CM + above


def _longest(grid: _Grid) -> int:
    return max(len(column.name) for column in grid.columns)


def _lying(grid: _Grid) -> list[str]:
    """Heads of the columns on one line or two, where all have room; empty where they have to stand upright."""
    room = int(_MAP_CM / len(grid.columns) / _LYING_CM)
    heads = [textwrap.wrap(column.name, room, break_long_words=False) for column in grid.columns]
    fits = all(len(lines) <= 2 and max(map(len, lines)) <= room for lines in heads)
    return ["\n".join(lines) for lines in heads] if fits else []


def _ends(item: Indicator, grid: _Grid) -> tuple[float, float]:
    """Values of the lightest and the darkest cell, the same in all parts."""
    values = [cell.value or 0.0 for _, _, cell in grid.judged()]
    return (0.0, 100.0) if item.unit == "percent" else (min(values), max(values))


def _drawn(item: Indicator, grid: _Grid, ends: tuple[float, float]) -> str:
    low, high = ends
    size = 9 if len(grid.columns) <= 16 else 7.5
    decimals = 0 if item.unit == "percent" else min(item.decimals, 1 if len(grid.columns) > 12 else 2)
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, _height(grid))
        found = [
            (x, y, cell) for y, line in enumerate(grid.cells) for x, cell in enumerate(line) if cell.value is not None
        ]
        few = [(x, y) for x, y, cell in found if cell.small]
        judged = [(x, y, cell.value or 0.0) for x, y, cell in found if not cell.small]
        grounds = [theme.shade(value, low, high) for _, _, value in judged]
        _squares(axes, few, facecolor="white", edgecolor="#9A9A9A", linewidth=0, hatch="////")
        _squares(axes, [(x, y) for x, y, _ in judged], facecolors=grounds, edgecolor="white", linewidth=0.8)
        for (x, y, value), ground in zip(judged, grounds, strict=True):
            text = theme.label(value, decimals) if decimals else format_number(value, 0)
            axes.text(x, y, text, ha="center", va="center_baseline", fontsize=size, color=theme.ink(ground))
        theme.names(axes, range(len(grid.rows)), [bar_charts.wrapped(row.name).replace("\n", " ") for row in grid.rows])
        heads = _lying(grid)
        axes.set_xticks(range(len(grid.columns)), heads or [column.name for column in grid.columns])
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelrotation=0 if heads else 90)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_xlim(-0.5, len(grid.columns) - 0.5)
        axes.set_ylim(len(grid.rows) - 0.5, -0.5)
        axes.set_xlabel(axis_title(item))
        axes.xaxis.set_label_position("bottom")
        return theme.svg(plt, fig)


def _squares(axes: Any, at: Sequence[tuple[int, int]], **look: Any) -> None:
    theme.bars(axes, [y for _, y in at], [1.0] * len(at), 1.0, [x - 0.5 for x, _ in at], **look)


def _alt(data: NoteData, item: Indicator, grid: _Grid) -> str:
    """The lowest and the highest cell, which is what one looks at such a map for."""
    judged = grid.judged()
    ordered = sorted(judged, key=lambda found: found[2].value or 0.0)
    low, high = ordered[0], ordered[-1]
    if low[2].value == high[2].value:
        return russian.sentence(f"{item.label}: во всех клетках {shown(item, low[2].parts)}")
    return russian.sentence(f"{item.label}: ниже всего {_cell(item, low)}, выше всего {_cell(item, high)}")


def _cell(item: Indicator, found: tuple[Line, Line, _Cell]) -> str:
    row, column, cell = found
    return f"{row.name}, {russian.lower_first(column.name)}{NBSP}– {shown(item, cell.parts)}"


def _source(data: NoteData, item: Indicator, grid: _Grid) -> str:
    said = [f"Источник: {data.period.title('ordinal')}; база – {data.catalogue.base(item.id)}"]
    bases = [int(cell.parts.base) for _, _, cell in grid.judged() if cell.parts is not None and cell.parts.base]
    noun = data.catalogue.noun(item.id)
    if bases:
        span = russian.count(max(bases), noun)
        said.append(f"В клетке – {span if min(bases) == max(bases) else f'{russian.number(min(bases))}–{span}'}")
    said.append("Чем темнее клетка, тем выше значение" + (", в целых процентах" if item.unit == "percent" else ""))
    every = [cell for line in grid.cells for cell in line]
    if any(cell.small for cell in every):
        limit = russian.count(data.conventions.thresholds.small_group, noun, "gent")
        said.append(f"Штриховка – в базе менее {limit}, значение не показано")
    if any(cell.value is None for cell in every):
        said.append("Пустая клетка – значения нет" + (" или оно не публикуется" if data.public else ""))
    return " ".join(russian.sentence(text) for text in said)
