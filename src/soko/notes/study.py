"""A starting point for investigations: the same data and definitions as the notes, in a notebook of one's own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from soko.errors import DataError, UsageError
from soko.hints import did_you_mean
from soko.indicators import compute, load_catalogue, rows
from soko.notes import theme
from soko.notes.overview import indicator_table
from soko.periods import Period
from soko.publish.blocks import Figure, Prose, Table
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


class Study:
    """Clean tables, indicators and the catalogue of one period."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        self.workspace = workspace
        self.period = period
        self.catalogue = load_catalogue(workspace)

    def table(self, name: str) -> pd.DataFrame:
        """A clean table («pupils», «marks», …); UsageError with the nearest name when there is none."""
        import pandas as pd

        folder = self.workspace.clean(self.period)
        known = sorted(path.stem for path in folder.glob("*.parquet"))
        if not known:
            raise DataError(
                f"проверенных данных за период {self.period.id} нет",
                where=self.workspace.relative(folder),
                todo=f"выполните soko validate {self.period.id}",
            )
        if name not in known:
            raise UsageError(f"таблицы «{name}» нет{did_you_mean(name, known)}")
        return pd.read_parquet(folder / f"{name}.parquet")

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The tidy table of the period's indicators, computed from the clean tables."""
        return compute(self.workspace, self.period)

    def overview(self) -> Table:
        """Every indicator for the whole school."""
        return indicator_table(self.indicators, str(self.workspace.root))

    def definition(self, indicator: str) -> Prose:
        """What an indicator means: name, unit, formula, base, clause, source tables."""
        item = self.catalogue[indicator]
        lines = [
            f"**{item.name}** (`{item.id}`)",
            f"- Формула: {item.formula}.",
            f"- База: {self.catalogue.base(indicator)}.",
            f"- Основание: {item.clause or 'решение школы'}.",
        ]
        target = self.catalogue.target(indicator)
        if target is not None:
            lines.append(f"- Цель: {theme.label(target)} {item.unit_title}".rstrip() + ".")
        return Prose(markdown="\n".join([lines[0], "", *lines[1:]]))

    def values(self, indicator: str, *dimensions: str) -> pd.DataFrame:
        """Rows of one indicator by the dimensions («grade», «class», …), for the workspace as a whole."""
        return rows(self.indicators, indicator, dimensions)

    def bars(self, frame: pd.DataFrame, x: str, y: str, title: str) -> Figure:
        """A bar chart in the look of the notes."""
        with theme.theme() as plt:
            fig, axes = theme.figure(plt, 8)
            names, heights = [str(value) for value in frame[x]], [float(value) for value in frame[y]]
            axes.bar(names, heights, color=theme.NOW)
            for at, height in enumerate(heights):
                axes.text(at, height, theme.label(height), ha="center", va="bottom", fontsize=9)
            axes.set_ylim(bottom=0)
            drawn = theme.svg(plt, fig)
        low, high = heights.index(min(heights)), heights.index(max(heights))
        alt = f"{title}: от {theme.label(heights[low])} ({names[low]}) до {theme.label(heights[high])} ({names[high]})."
        return Figure(caption=title, svg=drawn, alt=alt)
