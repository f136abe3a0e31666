"""Where the names of points stand so that none covers another: a fixed search, so the same picture every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_LETTER, _LINE = 5.0, 10.5  # width of a letter and height of a line of 9 points, in points
_MARKER = 4.0  # half of a marker's side with its edge


class Point(NamedTuple):
    """A point of the plot in points (1/72 inch) from its left lower corner; without a name it only takes room."""

    x: float
    y: float
    name: str = ""
    above: bool = True  # where its name is looked for first


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def covers(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )


def offsets(points: Sequence[Point], width: float, height: float) -> list[tuple[float, float] | None]:
    """For each point how far its name stands from it (left lower corner, in points); None for no name or no room.

    ``points`` come the most important first: those get the room. A name stays within ``width`` × ``height``, covers no
    other name and no point at all.
    """
    markers = [_Box(x - _MARKER, y - _MARKER, x + _MARKER, y + _MARKER) for x, y, *_ in points]
    placed: list[_Box] = []
    found: list[tuple[float, float] | None] = []
    for point in points:
        chosen = None
        for dx, dy in _candidates(point) if point.name else ():
            box = _Box(point.x + dx, point.y + dy, point.x + dx + len(point.name) * _LETTER, point.y + dy + _LINE)
            inside = box.left >= 0 and box.right <= width and box.bottom >= 0 and box.top <= height
            if inside and not any(box.covers(other) for other in (*placed, *markers)):
                placed.append(box)
                chosen = (dx, dy)
                break
        found.append(chosen)
    return found


def _candidates(point: Point) -> list[tuple[float, float]]:
    """Beside the point, then above and beneath it, then a line farther."""
    long = len(point.name) * _LETTER
    near, far = _MARKER + 1, _MARKER + _LINE + 1
    made = []
    for up, middle in ((near, True), (far, False)):
        for side in (near, -near - long):
            made += [(side, up - 2), (side, 2 - up - _LINE)]
        made += [(side, -_LINE / 2) for side in (near, -near - long) if middle]
        made += [(-long / 2, up), (-long / 2, -up - _LINE)]
    return made if point.above else sorted(made, key=lambda at: at[1] > 0)
