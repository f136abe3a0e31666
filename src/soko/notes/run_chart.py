"""A figure over all stored periods of a kind: points, median, runs that chance hardly makes, gaps with their reason.

Two points are a comparison, not a row: under ``FEWEST`` known values nothing is drawn. Median and signals need the
``MINIMUM`` of ``soko.analysis.run_chart``; until then the points stand alone and the source line says so.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.analysis.run_chart import MINIMUM, RunChart, Signal, run_chart
from soko.analysis.series import Point, since, stored
from soko.indicators.model import Indicator
from soko.indicators.reasons import DEFINITION
from soko.notes import theme
from soko.notes.data import NoteData
from soko.notes.places import places
from soko.periods import Period
from soko.publish.blocks import Figure, Prose
from soko.russian import NBSP

FEWEST = 4
_HEIGHT_CM = 6.2
_TITLE = 30  # letters that stand beside the axis in one line
_WAYS = {"up": "выше", "down": "ниже"}
_CLIMBS = {"up": "рост", "down": "снижение"}


@dataclass(frozen=True)
class _Row:
    """A row of points with what the rules say of it."""

    item: Indicator
    points: list[Point]
    chart: RunChart | None

    @property
    def known(self) -> list[Point]:
        return [point for point in self.points if point.value is not None]


def figure(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | Prose | None:
    """The indicator of the whole that the note is about, over the stored periods; None with fewer than ``FEWEST``.

    Where a changed definition is why there are so few, that is said instead.
    """
    item = data.catalogue[ids[0]]
    whole = next(iter(places(data, school, lambda _scope: ())))
    fixed = {name: value for name, value in data.focus.items() if name in ("class", "subject")} | whole.now
    if "area" in data.focus or "class" in fixed:  # a class has other pupils every year, an area no row of its own
        return None
    points = stored(data.workspace, data.period, data.catalogue).points(item.id, school_id=school, **fixed)
    row = _Row(item, points, run_chart([point.value for point in points]))
    if len(row.known) < FEWEST:
        return _not_joined(row)
    return Figure(
        caption=show.caption, svg=_drawn(row), alt=russian.sentence(_finding(row)), source=_source(data, row),
        label=show.label,
    )  # fmt: skip


def _not_joined(row: _Row) -> Prose | None:
    lost = sum(point.reason == DEFINITION.code for point in row.points)
    if len(row.known) + lost < FEWEST:
        return None
    start = since(row.points)
    when = f" с{NBSP}периода {start.short()}" if start else ""
    return Prose(
        markdown=f"Ряд значений показателя {russian.quote(row.item.label)} не показан: его определение "
        f"изменилось{when}, прежние значения ({russian.count(lost, 'период')}) не сопоставляются. Если файлы прежних "
        "периодов целы, их пересчитывает команда `soko history`."
    )


def _drawn(row: _Row) -> str:
    item, points, chart = row.item, row.points, row.chart
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, _HEIGHT_CM)
        at = range(len(points))
        values = [float("nan") if point.value is None else point.value for point in points]
        axes.plot(at, values, color=theme.NOW, linewidth=1.4, marker="o", markersize=5, label=item.label)
        if chart:
            axes.axhline(chart.center, color="black", linewidth=1, linestyle="--",
                         label=f"Медиана {russian.number(chart.center, item.decimals)}")  # fmt: skip
            marked = sorted({place for signal in chart.signals for place in range(signal.first, signal.last + 1)})
            marked = [place for place in marked if points[place].value is not None]
            if marked:
                axes.plot(marked, [values[place] for place in marked], linestyle="none", marker="s", markersize=8,
                          markerfacecolor="none", markeredgecolor="black", label="Сигнал")  # fmt: skip
        low, high = min(v for v in values if v == v), max(v for v in values if v == v)
        room = max(high - low, 1.0 if item.unit == "percent" else 0.1)
        for place, point in enumerate(points):
            if point.value is None:
                word = "опр." if point.reason == DEFINITION.code else "нет"
                axes.text(place, low - room * 0.25, word, ha="center", va="center", fontsize=9, style="italic")
            elif len(row.known) <= MINIMUM or point is points[-1]:
                text = russian.number(point.value, item.decimals)
                away = {"xytext": (0, -15), "va": "bottom"} if _in_a_hollow(values, place) else {"xytext": (0, 8)}
                axes.annotate(text, (place, point.value), textcoords="offset points", ha="center", fontsize=9, **away)
        axes.set_ylim(low - room * 0.4, high + room * 0.4)
        names = [_on_two_lines(point.period) for point in points]
        # Ticks of one width: those of a half step would appear after the layout has been made, and push the title out.
        axes.locator_params(axis="y", nbins=5, steps=[1, 2, 5, 10])
        axes.yaxis.set_major_formatter(lambda value, _: russian.number(value))
        axes.set_xticks(list(at), names, rotation=90 if len(points) > MINIMUM else 0)
        axes.set_xlim(-0.5, len(points) - 0.5)
        title = f"{item.label}, {item.head_unit}" if item.head_unit else item.label
        axes.set_ylabel("\n".join(textwrap.wrap(title, _TITLE)))
        if chart:
            fig.legend(loc="outside upper center", ncols=3, frameon=False)
        return theme.svg(plt, fig)


def _in_a_hollow(values: list[float], place: int) -> bool:
    """Whether the line comes from above on a side and nowhere from below: a name over the point would lie on it."""
    beside = [values[at] for at in (place - 1, place + 1) if 0 <= at < len(values) and values[at] == values[at]]
    return bool(beside) and min(beside) >= values[place] and max(beside) > values[place]


def _on_two_lines(period: Period) -> str:
    """«1 четв.» over «2024/25»."""
    return "\n".join(period.short().split(" ", 1) if period.kind == "year" else period.short().rsplit(" ", 1))


def _finding(row: _Row) -> str:
    """What is to be seen: the ends, the median, the signals; that the rules find nothing, or cannot be asked yet."""
    item, known = row.item, row.known
    ends = [f"{_value(item, point)} ({point.period.short()})" for point in (known[0], known[-1])]
    said = f"{item.label}: {ends[0]} в начале ряда, {ends[1]} в конце"
    if row.chart is None:
        return f"{said}; периодов {len(known)}, для вывода о сдвиге нужно {MINIMUM}"
    said += f"; медиана {russian.number(row.chart.center, item.decimals)}"
    if not row.chart.signals:
        return f"{said}; правила серий не находят ни сдвига, ни тренда"
    return said + "; " + "; ".join(_signal(row, signal) for signal in row.chart.signals)


def _signal(row: _Row, signal: Signal) -> str:
    first, last = (row.points[place].period.short() for place in (signal.first, signal.last))
    span = f"с{NBSP}периода {first} по{NBSP}период {last}"
    if signal.kind == "shift":
        return f"сдвиг: все значения {_WAYS[signal.direction]} медианы {span}"
    return f"тренд: {_CLIMBS[signal.direction]} {span}"


def _value(item: Indicator, point: Point) -> str:
    text = russian.number(point.value or 0.0, item.decimals)
    return f"{text}{NBSP}%" if item.unit == "percent" else text


def _source(data: NoteData, row: _Row) -> str:
    """Whence the figures are, what the gaps are, by what rule a run is a signal."""
    said = [f"Источник: показатели школы за {russian.count(len(row.known), 'период', 'accs')}"]
    bases = [point.denominator for point in row.known if point.denominator is not None and point.denominator > 0]
    if bases:
        span = russian.count(max(bases), data.catalogue.noun(row.item.id))
        said[0] += f"; в базе {span if min(bases) == max(bases) else f'{russian.number(min(bases))}–{span}'}"
    reasons = {point.reason for point in row.points if point.value is None}
    start = since(row.points)
    if start is not None:
        said.append(f"«опр.» – определение изменилось с периода {start.short()}, прежние значения не сопоставляются")
    if reasons - {DEFINITION.code}:
        said.append("«нет» – значений за период нет")
    if row.chart is None:
        said.append(f"Медиана и сигналы показываются от {MINIMUM} периодов")
    else:
        said.append("Сигнал: восемь значений подряд по одну сторону медианы или шесть подряд только растут (снижаются)")
    return " ".join(russian.sentence(text) for text in said)
