"""How a slope chart is drawn in every note: two periods, a line an object, values at both ends. Returns SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from soko import russian
from soko.notes import theme

_HEIGHT_CM = 7.0
_LINE_CM = 0.38  # a label of 9 points
_LETTER_CM = 0.165
_ROOM = 0.35  # of the distance between the two periods, on either side of them
MOST = 14  # more lines cannot be told apart


class Slope(NamedTuple):
    """A line: its name, the two values, whether it got worse (bold) or better by rule."""

    name: str
    before: float
    now: float
    worse: bool
    better: bool = False


def slope(
    lines: Sequence[Slope],
    *,
    periods: tuple[str, str],
    title: str,
    decimals: int = 1,
    span: tuple[float, float] | None = None,
    leaders: bool = False,
) -> str:
    """``periods`` are the names of the earlier period and of this one; ``span`` the axis, else from 0 up.

    ``leaders`` joins a point with its label where other labels have pushed that away.
    """
    top = max(max(line.before, line.now) for line in lines)
    low, high = span or (0, top * 1.12)
    long = max(len(line.name) for line in lines) > 12
    side = _ROOM
    if long:  # the name stands at the right end alone
        room = (max(len(line.name) for line in lines) + 7) * _LETTER_CM
        side = max(_ROOM, room / (theme.WIDTH_CM - 2.2 - room))
    with theme.theme() as plt:
        height = max(_HEIGHT_CM, len(lines) * _LINE_CM * 1.6)
        fig, axes = theme.figure(plt, height)
        for line in lines:
            axes.plot(
                [0, 1],
                [line.before, line.now],
                color=theme.NOW if line.worse else "black" if line.better else "#6E6E6E",
                linewidth=2.2 if line.worse else 1.0,
                linestyle="-" if line.worse or line.better else "--",
                marker="o",
                markersize=4,
            )
        step = (high - low if span else max(top, 1) * 1.12) * _LINE_CM / (height - 1)
        sides = (
            ("right", -0.03, [line.before for line in lines]),
            ("left", 1.03, [line.now for line in lines]),
        )
        for align, at, values in sides:
            ys = _apart(values, step, low)
            for line, value, y in zip(lines, values, ys, strict=True):
                end = 0 if align == "right" else 1
                far = leaders and abs(y - value) > step / 2
                if far:
                    axes.plot([end, at + (at - end)], [value, y], color="#9A9A9A", linewidth=0.5)
                words = [line.name, theme.label(value, decimals)]
                if long and align == "right":
                    words = words[1:]
                text = "  ".join(words if align == "right" else reversed(words))
                axes.text(at + (at - end if far else 0), y, text, ha=align, va="center", fontsize=9)
        axes.set_xticks([0, 1], list(periods))
        axes.set_xlim(-0.35, 1 + side)
        axes.set_ylim(low, high)
        axes.set_ylabel(title)
        axes.yaxis.set_major_formatter(lambda value, _: russian.number(value))
        return theme.svg(plt, fig)


def _apart(values: Sequence[float], step: float, floor: float = 0.0) -> list[float]:
    """Positions of labels at least ``step`` apart and as near their values as that allows, none below ``floor``.

    Labels that would overlap form a cluster, which is centred on the mean of its values.
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    clusters: list[list[int]] = []
    for i in order:
        clusters.append([i])
        while (
            len(clusters) > 1
            and _top(clusters[-2], values, step, floor) > _bottom(clusters[-1], values, step, floor) - step
        ):
            last = clusters.pop()
            clusters[-1] += last
    result = [0.0] * len(values)
    for cluster in clusters:
        for place, i in enumerate(cluster):
            result[i] = _bottom(cluster, values, step, floor) + place * step
    return result


def _bottom(cluster: list[int], values: Sequence[float], step: float, floor: float) -> float:
    centre = sum(values[i] for i in cluster) / len(cluster)
    return max(floor, centre - (len(cluster) - 1) * step / 2)


def _top(cluster: list[int], values: Sequence[float], step: float, floor: float) -> float:
    return _bottom(cluster, values, step, floor) + (len(cluster) - 1) * step
