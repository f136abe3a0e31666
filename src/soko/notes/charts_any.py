"""Charts of any indicator: ranked bars, and shares stacked to a whole. Each gives a Figure, None without data."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.indicators.model import Indicator
from soko.notes import theme
from soko.notes.data import NoteData
from soko.notes.facts import show as shown
from soko.notes.objects import Line, is_share, lines, parts_of
from soko.publish.blocks import Figure
from soko.russian import NBSP

_ROW_CM = 0.42
_FRAME_CM = 1.9  # axis, its title and the legend
_NAME = 38  # letters of a name on one line
_LEAST_LABEL = 6  # a narrower piece has no room for its number, per cent
#: From light to dark, with hatching for the printer: as many as a reader can tell apart.
_SHADES = ("#DCEBF5", "#8CC1E0", "#F0A63C", "#8A3800", "#FFFFFF")
_HATCHES = ("", "", "///", "", "xxxx")


def bars(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | None:
    """The figure of every object, ranked, with a marker of the previous period and a line at the target or the whole.

    Small groups are left to the table; fewer than two objects make no chart.
    """
    indicator = data.catalogue[ids[0]]
    limit = data.conventions.thresholds.small_group if is_share(indicator) else 0
    every = lines(data, school, show, ids)
    objects = [line for line in every if not line.whole]
    rows = [line for line in objects if (parts := parts_of(data, ids[0], line.place)) and (parts.base or 0) >= limit]
    rows = [line for line in rows if _value(data, indicator, line) is not None]
    if len(rows) < 2:
        return None
    rows.sort(key=lambda line: (_value(data, indicator, line) or 0.0, line.name))
    whole = next((line for line in every if line.whole), None)
    marks = _marks(data, indicator, whole)
    best, worst = rows[-1], rows[0]
    alt = f"Больше всего: {_said(data, indicator, best)}, меньше всего: {_said(data, indicator, worst)}"
    if whole is not None:
        alt += f"; всего: {shown(indicator, parts_of(data, ids[0], whole.place))}"
    return Figure(
        caption=show.caption,
        svg=_drawn(data, indicator, rows, marks),
        alt=f"{alt}.",
        source=_source(data, indicator, rows, len(objects) - len(rows)),
        label=show.label,
    )


def stacked(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | None:
    """Shares of several indicators that make up a whole, one bar an object (or one for the whole school).

    The parts are the numerators: counts and shares of one base may be stacked alike.
    """
    ids = [name for name in ids if name in data.current.indicators][: len(_SHADES)]
    if len(ids) < 2:
        return None
    found = lines(data, school, show, ids) if show.dimension else _only_whole(data, school)
    rows: list[tuple[Line, list[float]]] = []
    for line in found:
        parts = [parts_of(data, name, line.place) for name in ids]
        numbers = [item.part if item else 0.0 for item in parts]
        if sum(numbers) > 0:
            rows.append((line, numbers))
    if not rows:
        return None
    labels = [data.catalogue[name].label for name in ids]
    noun = _noun(data, ids[0])
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, len(rows) * 0.55 + _FRAME_CM)
        left = [0.0] * len(rows)
        for place, name in enumerate(labels):
            shares = [numbers[place] / sum(numbers) * 100 for _, numbers in rows]
            axes.barh(
                range(len(rows)),
                shares,
                left=left,
                height=0.74,
                color=_SHADES[place],
                hatch=_HATCHES[place],
                edgecolor="black",
                linewidth=0.5,
                label=name,
            )
            for i, share in enumerate(shares):
                if share >= _LEAST_LABEL:
                    axes.text(
                        left[i] + share / 2,
                        i,
                        theme.label(share, 0),
                        ha="center",
                        va="center",
                        fontsize=9,
                        color="white" if _SHADES[place] == "#8A3800" else "black",
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8} if _HATCHES[place] else None,
                    )
            left = [start + share for start, share in zip(left, shares, strict=True)]
        names = [f"{_wrap(line.name)} ({russian.count(sum(numbers), noun)})" for line, numbers in rows]
        axes.set_yticks(range(len(rows)), names)
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel("Доля, %")
        fig.legend(loc="outside upper center", ncols=min(3, len(labels)), frameon=False)
        drawn = theme.svg(plt, fig)
    return Figure(
        caption=show.caption,
        svg=drawn,
        alt=_largest(rows, labels),
        source=f"Источник: {data.period.title('ordinal')}. Доли менее {_LEAST_LABEL}{NBSP}% не подписаны.",
        label=show.label,
    )


def _only_whole(data: NoteData, school: str) -> list[Line]:
    from soko.notes.places import places

    whole = next(iter(places(data, school, lambda _scope: ())))
    return [Line(whole, "Всего", whole=True)]


def _largest(rows: Sequence[tuple[Line, list[float]]], labels: Sequence[str]) -> str:
    line, numbers = rows[-1]
    top = max(range(len(numbers)), key=lambda i: numbers[i])
    share = numbers[top] / sum(numbers) * 100
    return russian.sentence(f"{line.name}: больше всего – {russian.lower_first(labels[top])}, {russian.percent(share)}")


def _value(data: NoteData, indicator: Indicator, line: Line, which: str = "now") -> float | None:
    parts = parts_of(data, indicator.id, line.place, which)
    return None if parts is None else parts.value(float(indicator.scale))


def _said(data: NoteData, indicator: Indicator, line: Line) -> str:
    return f"{russian.lower_first(line.name)} – {shown(indicator, parts_of(data, indicator.id, line.place))}"


def _marks(data: NoteData, indicator: Indicator, whole: Line | None) -> list[tuple[str, float]]:
    """Vertical lines: the whole that the objects are parts of (not of counts, which add up), and the target."""
    marks = []
    value = _value(data, indicator, whole) if whole is not None and indicator.unit != "count" else None
    if value is not None:
        marks.append(("всего", value))
    target = data.catalogue.target(indicator.id)
    if target is not None:
        marks.append(("цель", target))
    return marks


def _drawn(data: NoteData, indicator: Indicator, rows: Sequence[Line], marks: Sequence[tuple[str, float]]) -> str:
    with theme.theme() as plt:
        names = [_wrap(line.name) for line in rows]
        heights = [name.count("\n") + 1 for name in names]
        fig, axes = theme.figure(plt, max(3.5, sum(heights) * _ROW_CM + _FRAME_CM))
        values = [_value(data, indicator, line) or 0.0 for line in rows]
        earlier = [_value(data, indicator, line, "previous") for line in rows]
        at = [sum(heights[:i]) + (own - 1) / 2 for i, own in enumerate(heights)]
        top = _top(indicator, [*values, *(value for value in earlier if value is not None), *(v for _, v in marks)])
        axes.hlines(at, values, top, color="#D0D0D0", linewidth=0.5, zorder=0.5)
        axes.barh(at, values, height=0.62, color=theme.NOW, label=data.period.short())
        before = [(y, value) for y, value in zip(at, earlier, strict=True) if value is not None]
        if before:
            axes.plot(
                [value for _, value in before],
                [y for y, _ in before],
                linestyle="none",
                marker="D",
                markersize=4.5,
                markerfacecolor="white",
                markeredgecolor="black",
                label=data.period.previous().short(),
                clip_on=False,
            )
        for y, value in zip(at, values, strict=True):
            text = theme.label(value, indicator.decimals)
            axes.text(top * 1.025, y, text, va="center_baseline", ha="left", fontsize=9, color="black")
        sign = f"{NBSP}%" if indicator.unit == "percent" else ""
        for style, (name, value) in zip(("--", ":"), marks, strict=False):
            text = f"{name} {theme.label(value, indicator.decimals)}{sign}"
            axes.axvline(value, color="black", linewidth=1.2, linestyle=style, label=text)
        theme.names(axes, at, names)
        axes.set_xlim(0, top)
        axes.set_ylim(-0.6, sum(heights) - 0.4)
        unit = indicator.unit_title
        axes.set_xlabel(f"{indicator.label}, {unit}" if unit else indicator.label)
        _legend(fig, axes, data.period.short())
        return theme.svg(plt, fig)


def _legend(fig: Any, axes: Any, first: str) -> None:
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: labels[i] != first)
    fig.legend(
        [handles[i] for i in order], [labels[i] for i in order], loc="outside upper center", ncols=4, frameon=False
    )


def _top(indicator: Indicator, values: Sequence[float]) -> float:
    """End of the axis: 100 for shares, 5 for marks, else a little more than the largest."""
    largest = max(values)
    if indicator.unit == "percent":
        return max(100.0, largest)
    if indicator.unit == "mark":
        return 5.0
    return largest * 1.05 or 1.0


def _source(data: NoteData, indicator: Indicator, rows: Sequence[Line], left_out: int) -> str:
    text = f"Источник: {data.period.title('ordinal')}"
    if any(parts_of(data, indicator.id, line.place, "previous") for line in rows):
        text += f" и{NBSP}{data.period.previous().title('ordinal')}"
    text += f"; база – {data.catalogue.base(indicator.id)}"
    if left_out:
        limit = russian.count(data.conventions.thresholds.small_group, _noun(data, indicator.id), "gent")
        text += f". Группы менее {limit} на рисунке не показаны"
    return russian.sentence(text)


def _noun(data: NoteData, indicator: str) -> str:
    return data.catalogue.noun(indicator)


def _wrap(name: str) -> str:
    return "\n".join(textwrap.wrap(name, _NAME)) if len(name) > _NAME else name
