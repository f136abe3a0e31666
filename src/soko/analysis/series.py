"""One figure over the stored periods, oldest first: what a run chart is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue


class Point(NamedTuple):
    """The figure of a period; None where nothing comparable is stored."""

    period: Period
    value: float | None


def series(
    workspace: Workspace,
    period: Period,
    indicator: str,
    catalogue: Catalogue | None = None,
    *,
    school_id: str = "",
    **fixed: Any,
) -> list[Point]:
    """The indicator in every period of the same kind from the first stored one to ``period``.

    A period that is not stored, whose data have changed since, or whose definition was another one has the value
    None: it keeps its place in the row, so that nothing is joined over it silently.
    """
    from soko.indicators import history, load_catalogue, one

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    stored = {found for found in history.periods(workspace) if found.kind == period.kind and found <= period}
    if not stored:
        return []
    asked, first = [period], min(stored)
    while asked[-1] > first:
        asked.append(asked[-1].previous())
    points = []
    for when in reversed(asked):
        frame = history.load(workspace, when, catalogue) if when in stored else None
        row = None if frame is None else one(frame, indicator, school_id=school_id, **fixed)
        points.append(Point(when, None if row is None else float(row["value"])))
    return points
