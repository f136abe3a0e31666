"""Figures over the stored periods, oldest first: what a run chart is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from soko.indicators.reasons import DEFINITION, NO_BEFORE
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from soko.indicators.catalogue import Catalogue


class Point(NamedTuple):
    """The figure of a period; None where nothing comparable is stored, and then the code of ``reasons`` why."""

    period: Period
    value: float | None
    reason: str = ""
    denominator: float | None = None


@dataclass(frozen=True)
class Stored:
    """Every period of one kind from the first stored one to the one asked for, with what may be compared of each.

    A frame is None for a period that is not stored or whose data have changed since; ``changed`` are the indicators
    whose definition was another one then.
    """

    periods: tuple[Period, ...]
    frames: tuple[pd.DataFrame | None, ...]
    changed: tuple[frozenset[str], ...]

    def points(self, indicator: str, *, school_id: str = "", **fixed: Any) -> list[Point]:
        """The indicator in every period.

        What cannot be compared has the value None: it keeps its place in the row, so that nothing is joined over it
        silently.
        """
        from soko.indicators import one

        points = []
        for period, frame, changed in zip(self.periods, self.frames, self.changed, strict=True):
            row = None if frame is None else one(frame, indicator, school_id=school_id, **fixed)
            if row is not None:
                points.append(Point(period, float(row["value"]), "", float(row["denominator"])))
            else:
                points.append(Point(period, None, DEFINITION.code if indicator in changed else NO_BEFORE.code))
        return points


def stored(workspace: Workspace, period: Period, catalogue: Catalogue | None = None) -> Stored:
    """Read what history holds of the kind of ``period``, up to it; nothing when that is nothing."""
    from soko.indicators import history, load_catalogue

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    known = {found for found in history.periods(workspace) if found.kind == period.kind and found <= period}
    if not known:
        return Stored((), (), ())
    asked, first = [period], min(known)
    while asked[-1] > first:
        asked.append(asked[-1].previous())
    asked.reverse()
    read = [history.load_with_state(workspace, when, catalogue) for when in asked]
    return Stored(tuple(asked), tuple(frame for frame, _ in read), tuple(frozenset(state.changed) for _, state in read))


def series(
    workspace: Workspace,
    period: Period,
    indicator: str,
    catalogue: Catalogue | None = None,
    *,
    school_id: str = "",
    **fixed: Any,
) -> list[Point]:
    """The indicator in every period of the same kind from the first stored one to ``period`` (see ``Stored``)."""
    return stored(workspace, period, catalogue).points(indicator, school_id=school_id, **fixed)


def since(points: list[Point]) -> Period | None:
    """From when the definition is the present one: the first period after the last with another; None without one."""
    places = [at for at, point in enumerate(points) if point.reason == DEFINITION.code]
    after = points[places[-1] + 1 :] if places else []
    return after[0].period if after else None
