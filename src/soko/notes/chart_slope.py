"""The slope chart: quality of each parallel in the previous period and now."""

from __future__ import annotations

from soko import russian
from soko.notes import slope_charts, theme
from soko.notes.charts import found, rows_of, source, value_of
from soko.notes.data import QUALITY, NoteData
from soko.publish.blocks import Figure
from soko.russian import NBSP


def slope(data: NoteData, school: str = "") -> Figure | None:
    """Quality of each parallel in the previous period and now; lines that fall by rule are bold."""
    rows = [row for row in rows_of(data, school, "grade", QUALITY) if value_of(row[2]) is not None]
    if data.previous is None or len(rows) < 2:
        return None
    thresholds = data.conventions.thresholds
    pairs = [(row[0], value_of(row[2]) or 0.0, value_of(row[1]) or 0.0) for row in rows]
    drawn = slope_charts.slope(
        [
            slope_charts.Slope(f"{place.key}-е", old, new, worse=new < old - thresholds.stable_points)
            for place, old, new in pairs
        ],
        periods=(data.period.previous().short(), data.period.short()),
        title="Качество знаний, %",
    )
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
