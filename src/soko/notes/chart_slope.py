"""The slope chart: quality of each parallel in the previous period and now."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.notes import theme
from soko.notes.charts import found, rows_of, source, value_of
from soko.notes.data import QUALITY, NoteData
from soko.publish.blocks import Figure
from soko.russian import NBSP

_HEIGHT_CM = 7.0
_LINE_CM = 0.38  # a label of 9 points


def slope(data: NoteData, school: str = "") -> Figure | None:
    """Quality of each parallel in the previous period and now; lines that fall by rule are bold."""
    rows = [row for row in rows_of(data, school, "grade", QUALITY) if value_of(row[2]) is not None]
    if data.previous is None or len(rows) < 2:
        return None
    thresholds = data.conventions.thresholds
    pairs = [(row[0], value_of(row[2]) or 0.0, value_of(row[1]) or 0.0) for row in rows]
    top = max(max(old, new) for _, old, new in pairs)
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, _HEIGHT_CM)
        for _place, old, new in pairs:
            worse = new < old - thresholds.stable_points
            axes.plot(
                [0, 1],
                [old, new],
                color=theme.NOW if worse else "#6E6E6E",
                linewidth=2.2 if worse else 1.0,
                linestyle="-" if worse else "--",
                marker="o",
                markersize=4,
            )
        step = max(top, 1) * 1.12 * _LINE_CM / (_HEIGHT_CM - 1)
        sides = (("right", -0.03, [old for _, old, _ in pairs]), ("left", 1.03, [new for _, _, new in pairs]))
        for align, at, values in sides:
            ys = _apart(values, step)
            for (place, _, _), value, y in zip(pairs, values, ys, strict=True):
                words = [f"{place.key}-е", theme.label(value)]
                text = "  ".join(words if align == "right" else reversed(words))
                axes.text(at, y, text, ha=align, va="center", fontsize=9)
        axes.set_xticks([0, 1], [data.period.previous().short(), data.period.short()])
        axes.set_xlim(-0.35, 1.35)
        axes.set_ylim(0, top * 1.12)
        axes.set_ylabel("Качество знаний, %")
        drawn = theme.svg(plt, fig)
    fell = min(pairs, key=lambda pair: pair[2] - pair[1])
    rose = max(pairs, key=lambda pair: pair[2] - pair[1])
    parts = []
    if fell[2] < fell[1]:
        parts.append(
            f"сильнее всего качество снизилось {fell[0].where} "
            f"(с{NBSP}{theme.label(fell[1])} до{NBSP}{theme.label(fell[2])}{NBSP}%)"
        )
    if rose[2] > rose[1]:
        parts.append(
            f"сильнее всего выросло {rose[0].where} "
            f"(с{NBSP}{theme.label(rose[1])} до{NBSP}{theme.label(rose[2])}{NBSP}%)"
        )
    return Figure(
        caption=f"Качество знаний по параллелям: {data.period.previous().short()} и {data.period.short()}",
        svg=drawn,
        alt=russian.sentence(", ".join(parts) or "качество знаний параллелей не изменилось"),
        source=f"{source(data, rows, 'обучающийся', found(data, school, 'grade'))} Сплошная линия – снижение более чем "
        f"на{NBSP}{russian.points(thresholds.stable_points, 0)}",
        label="slope",
    )


def _apart(values: Sequence[float], step: float) -> list[float]:
    """Positions of labels at least ``step`` apart and as near their values as that allows, none below zero.

    Labels that would overlap form a cluster, which is centred on the mean of its values.
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    clusters: list[list[int]] = []
    for i in order:
        clusters.append([i])
        while len(clusters) > 1 and _top(clusters[-2], values, step) > _bottom(clusters[-1], values, step) - step:
            last = clusters.pop()
            clusters[-1] += last
    result = [0.0] * len(values)
    for cluster in clusters:
        for place, i in enumerate(cluster):
            result[i] = _bottom(cluster, values, step) + place * step
    return result


def _bottom(cluster: list[int], values: Sequence[float], step: float) -> float:
    centre = sum(values[i] for i in cluster) / len(cluster)
    return max(0.0, centre - (len(cluster) - 1) * step / 2)


def _top(cluster: list[int], values: Sequence[float], step: float) -> float:
    return _bottom(cluster, values, step) + (len(cluster) - 1) * step
