"""The short table under the calculation of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soko.analysis.rounding import format_number
from soko.indicators import load_catalogue
from soko.notes.data import Figures
from soko.notes.figure_words import show
from soko.publish.blocks import Head, Row, Table
from soko.russian import DASH
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def indicator_table(frame: pd.DataFrame, workspace: str = "") -> Table:
    """Every indicator for the whole workspace: numerator, denominator, value as it is shown."""
    catalogue = load_catalogue(Workspace.open(workspace or None))
    figures = Figures(frame)
    rows = []
    for indicator in catalogue:
        parts = figures.get(indicator.id)
        if parts is None:
            continue
        base = DASH if parts.base is None else format_number(parts.base)
        rows.append(Row(cells=[indicator.name, format_number(parts.part), base, show(indicator, parts)]))
    return Table(
        caption="Показатели периода",
        columns=[
            Head(title="Показатель", width=4),
            Head(title="Числитель", align="decimal"),
            Head(title="Знаменатель", align="decimal"),
            Head(title="Значение", align="decimal"),
        ],
        rows=rows,
        notes=["«–» в знаменателе: показатель – число, а не доля."],
        numbered=False,
    )
