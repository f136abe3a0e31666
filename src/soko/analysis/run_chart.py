"""Signals of a run chart: when a row of figures is more than the usual ups and downs.

Rules of statistical process control, as NHS England teaches them in «Making Data Count»: look at runs of points, never
at two of them. That programme counts seven points around the mean for both; around a median, and for the few periods
of a school, the classical numbers are taken:

* shift: eight points in a row on one side of the median (Western Electric, 1956). By chance a given eight do so once
  in 128 times.
* trend: six points in a row, each higher (or each lower) than the one before (Nelson, 1984). By chance a given six do
  so once in 360 times.

A point on the median neither breaks a shift nor counts; a point equal to the one before does so for a trend. A period
without a comparable value (None: no data, another definition) breaks both: what is not known is not joined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

#: Fewer points make no median worth comparing with.
MINIMUM = 12
SHIFT = 8
TREND = 6
Direction = Literal["up", "down"]


@dataclass(frozen=True)
class Signal:
    """A run of points that chance hardly makes: positions of its first and last point."""

    kind: Literal["shift", "trend"]
    direction: Direction
    first: int
    last: int


@dataclass(frozen=True)
class RunChart:
    """The median of all points and the signals, in order of their first point."""

    center: float
    signals: tuple[Signal, ...]
    last: int

    @property
    def now(self) -> Direction | None:
        """Where the figure has gone by rule: the direction of the signals that reach the last point, if they agree."""
        directions = {signal.direction for signal in self.signals if signal.last == self.last}
        return directions.pop() if len(directions) == 1 else None

    def verdict(self, better: Literal["up", "down", "none"]) -> Literal["improved", "worse", "stable", "changed"]:
        """The word for ``now``: «stable» without a signal, «changed» where the indicator has no direction."""
        if self.now is None:
            return "stable"
        if better == "none":
            return "changed"
        return "improved" if self.now == better else "worse"


def run_chart(values: Sequence[float | None]) -> RunChart | None:
    """Median and signals of the values in order of time; None when fewer than ``MINIMUM`` of them are known."""
    known = [value for value in values if value is not None]
    if len(known) < MINIMUM:
        return None
    center = median(known)
    shifts = [_signal("shift", run) for run in _sides(values, center) if len(run[1]) >= SHIFT]
    trends = [_signal("trend", run) for run in _climbs(values) if len(run[1]) >= TREND]
    ordered = sorted([*shifts, *trends], key=lambda signal: (signal.first, signal.last, signal.kind))
    return RunChart(center, tuple(ordered), max(at for at, value in enumerate(values) if value is not None))


_Run = tuple[Direction, list[int]]


def _signal(kind: Literal["shift", "trend"], run: _Run) -> Signal:
    return Signal(kind, run[0], run[1][0], run[1][-1])


def _sides(values: Sequence[float | None], center: float) -> Iterator[_Run]:
    """Longest runs of points on one side of the center."""
    points: list[int] = []
    side: Direction | None = None
    for at, value in enumerate([*values, None]):
        here: Direction | None = None if value is None or value == center else "up" if value > center else "down"
        if value is not None and here in (None, side):
            points += [at] if here else []
            continue
        if side and points:
            yield side, points
        side, points = here, [at] if here else []


def _climbs(values: Sequence[float | None]) -> Iterator[_Run]:
    """Longest runs of points that rise or fall all the way."""
    points: list[int] = []
    way: Direction | None = None
    before: float | None = None
    for at, value in enumerate([*values, None]):
        if value is not None and value == before:
            continue
        here: Direction | None = None if value is None or before is None else "up" if value > before else "down"
        if here is None or (way and here != way):
            if way:
                yield way, points
            # A turning point is the first of the run that follows.
            points, way = points[-1:] if here else [], here
        points, way, before = [*points, *([at] if value is not None else [])], here or way, value
        if value is None:
            points, way = [], None
