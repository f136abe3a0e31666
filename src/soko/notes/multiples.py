"""Small multiples: the same small chart for every class, so that the one which is unlike the others is seen.

Two forms: several indicators that make up a whole (marks «5»–«2») as a distribution in each panel, or one indicator
over a second dimension (its subjects) as bars in each panel. The figure of the whole stands beside every bar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.analysis.rounding import format_number, percent_value
from soko.indicators.model import Indicator
from soko.notes import bar_charts, theme
from soko.notes.data import NoteData, Parts
from soko.notes.figure_words import show as shown
from soko.notes.objects import Line, by_two, is_share, lines, parts_of
from soko.notes.places import places
from soko.publish.blocks import Figure, Prose
from soko.russian import NBSP

_ABREAST = 4
_ROW_CM, _BAR_CM, _FRAME_CM = 2.9, 0.36, 1.2


@dataclass(frozen=True)
class Panel:
    """A group: its title, the height of each bar (None: nothing to show), the bars that are too small to be judged."""

    name: str
    values: list[float | None]
    small: list[bool]
    size: float | None = None


def figure(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | Prose | None:
    """A panel for each value of ``dimension``; None with fewer than two. Too many for a page is said in words."""
    return _over(data, school, show, ids[0]) if show.across else _distribution(data, school, show, ids)


def _distribution(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | Prose | None:
    ids = [name for name in ids if name in data.current.indicators]
    limit = data.conventions.thresholds.small_group
    panels, left_out = [], 0
    for line in lines(data, school, show, ids):
        if any(data.current.why_hidden(name, school, **line.place.now) for name in ids):
            continue
        shares, total = _shares([parts_of(data, name, line.place) for name in ids])
        if line.whole or not total:
            continue
        if total < limit:
            left_out += 1
        else:
            panels.append(Panel(line.name, list(shares), [False] * len(ids), total))
    if len(panels) < 2 or len(ids) < 2:
        return None
    if -(-len(panels) // _ABREAST) * _ROW_CM > theme.MOST_CM:
        return _too_many(show, len(panels))
    whole = next(iter(places(data, school, lambda _scope: ())))
    of_whole, total = _shares([parts_of(data, name, whole) for name in ids])
    if any(data.current.why_hidden(name, school, **whole.now) for name in ids):
        total = 0.0
    beside: list[float | None] = list(of_whole) if total else [None] * len(ids)
    labels, noun = [data.catalogue[name].label for name in ids], data.catalogue.noun(ids[0])
    titles = [f"{panel.name} ({russian.count(panel.size or 0, noun)})" for panel in panels]
    source = f"Источник: {data.period.title('ordinal')}; доли в{NBSP}процентах, всего {russian.count(total, noun)}"
    said = [source, "Черта – по всем вместе"] if total else [source]
    if left_out:
        said.append(f"Группы менее {russian.count(limit, noun, 'gent')} не показаны: {left_out}")
    return Figure(
        caption=show.caption, svg=upright(panels, titles, labels, beside), alt=_unlike(panels, labels, beside),
        source=" ".join(russian.sentence(text) for text in said), label=show.label,
    )  # fmt: skip


def _shares(parts: Sequence[Parts | None]) -> tuple[list[float], float]:
    """Per cent of the sum, as printed in tables; the sum."""
    numbers = [one.part if one else 0.0 for one in parts]
    total = sum(numbers)
    return [float(percent_value(number, total)[0]) if total else 0.0 for number in numbers], total


def _over(data: NoteData, school: str, show: Show, name: str) -> Figure | Prose | None:
    item = data.catalogue[name]
    limit = data.conventions.thresholds.small_group if is_share(item) else 0
    rows, columns, found = by_two(data, school, show, name)
    if len(rows) < 2 or not columns:
        return None
    names = [column.name for column in columns]
    if -(-len(rows) // _abreast(names, len(rows))) * (len(names) * _BAR_CM + _FRAME_CM) > theme.MOST_CM:
        return _too_many(show, len(rows))
    panels = []
    for row in rows:
        parts = [found.get((row.place.key, column.place.key)) for column in columns]
        small = [one is not None and one.base is not None and one.base < limit for one in parts]
        values = [
            None if one is None or few else one.value(float(item.scale)) for one, few in zip(parts, small, strict=True)
        ]
        panels.append(Panel(row.name, values, small))
    if not any(value is not None for panel in panels for value in panel.values):
        return None
    whole = [data.current.get(name, school, **column.place.now) for column in columns]
    beside = [None if one is None else one.value(float(item.scale)) for one in whole]
    said = [f"Источник: {data.period.title('ordinal')}; база – {data.catalogue.base(name)}"]
    if any(value is not None for value in beside):
        said.append("Черта – по всем вместе")
    if any(few for panel in panels for few in panel.small):
        said.append(f"«мало» – менее {russian.count(limit, data.catalogue.noun(name), 'gent')}, значение не показано")
    return Figure(
        caption=show.caption, svg=lying(item, panels, names, beside), alt=_ends(item, panels, rows, columns, found),
        source=" ".join(russian.sentence(text) for text in said), label=show.label,
    )  # fmt: skip


def upright(
    panels: Sequence[Panel], titles: Sequence[str], labels: Sequence[str], beside: Sequence[float | None]
) -> str:
    """Columns of a distribution, shaded as in every note; the share of the whole as a line across each."""
    shades = bar_charts.shades(len(labels))
    top = max([value or 0.0 for panel in panels for value in panel.values] + [value or 0.0 for value in beside]) * 1.25
    with theme.theme() as plt:
        fig, every = theme.panels(plt, len(panels), _ABREAST, _ROW_CM)
        for panel, title, axes in zip(panels, titles, every, strict=True):
            for at, (value, whole, (colour, hatch)) in enumerate(zip(panel.values, beside, shades, strict=False)):
                axes.bar(at, value or 0.0, width=0.8, color=colour, hatch=hatch, edgecolor="black", linewidth=0.5)
                above = max(value or 0.0, whole or 0.0)  # the line of the whole must not strike the number out
                axes.text(at, above + top * 0.02, format_number(value, 0), ha="center", fontsize=7.5)
                if whole is not None:
                    axes.plot([at - 0.5, at + 0.5], [whole, whole], color="black", linewidth=1.3)
            axes.set_title(title, fontsize=8.5)
            axes.set_xticks(range(len(labels)), list(labels))
            axes.tick_params(length=0, labelsize=8)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.set_xlim(-0.6, len(labels) - 0.4)
            axes.set_ylim(0, top)
        return theme.svg(plt, fig)


def lying(item: Indicator, panels: Sequence[Panel], names: Sequence[str], beside: Sequence[float | None]) -> str:
    """Horizontal bars with their values, the names once at the left; the figure of the whole as an upright line."""
    values = [value for panel in panels for value in (*panel.values, *beside) if value is not None]
    top = max(100.0 if item.unit == "percent" else 0.0, *values) or 1.0
    decimals = 0 if item.unit == "percent" else min(item.decimals, 2)
    abreast = _abreast(names, len(panels))
    with theme.theme() as plt:
        fig, every = theme.panels(plt, len(panels), abreast, len(names) * _BAR_CM + _FRAME_CM)
        for number, (panel, axes) in enumerate(zip(panels, every, strict=True)):
            shown = [(at, value) for at, value in enumerate(panel.values) if value is not None]
            theme.bars(
                axes,
                [at for at, _ in shown],
                [value for _, value in shown],
                0.66,
                facecolor=theme.LIGHT,
                edgecolor="black",
                linewidth=0.4,
            )
            for at, (value, few, whole) in enumerate(zip(panel.values, panel.small, beside, strict=True)):
                if few:
                    axes.text(top * 0.02, at, "мало", va="center_baseline", fontsize=7, style="italic", color=".3")
                if value is None:
                    continue
                text = theme.label(value, decimals) if decimals else format_number(value, 0)
                axes.text(top * 1.03, at, text, va="center_baseline", fontsize=7.5)
                if whole is not None:
                    axes.plot([whole, whole], [at - 0.42, at + 0.42], color="black", linewidth=1.4)
            if number % abreast == 0:
                theme.names(axes, range(len(names)), names)
            else:
                axes.set_yticks([])
            axes.set_title(panel.name, fontsize=9)
            axes.set_xlim(0, top)
            axes.set_ylim(len(names) - 0.4, -0.6)
            axes.set_xticks([0, top / 2, top], [theme.label(one, decimals) for one in (0, top / 2, top)], fontsize=7)
        return theme.svg(plt, fig)


def _abreast(names: Sequence[str], panels: int) -> int:
    """How many panels stand abreast: long names take the room of one."""
    return 3 if max(map(len, names)) > 16 or panels <= 3 else _ABREAST


def _unlike(panels: Sequence[Panel], labels: Sequence[str], beside: Sequence[float | None]) -> str:
    """The panel whose share is farthest from that of the whole."""
    gaps = [
        (abs((panel.values[at] or 0.0) - whole), panel, at)
        for panel in panels
        for at, whole in enumerate(beside)
        if whole is not None
    ]
    if not gaps or not max(gap for gap, _, _ in gaps):
        return russian.sentence(f"Распределения одинаковы во всех группах ({len(panels)})")
    _, panel, at = max(gaps, key=lambda one: one[0])
    here, there = (russian.percent(value or 0.0) for value in (panel.values[at], beside[at]))
    return russian.sentence(
        f"Сильнее всего от общего распределения отличается {russian.quote(panel.name)}: "
        f"{russian.lower_first(labels[at])} – {here}, по всем вместе – {there}"
    )


def _ends(
    item: Indicator,
    panels: Sequence[Panel],
    rows: Sequence[Line],
    columns: Sequence[Line],
    found: Mapping[tuple[str, str], Parts],
) -> str:
    """The lowest and the highest bar of all."""
    known = [
        (value, row, column)
        for panel, row in zip(panels, rows, strict=True)
        for value, column in zip(panel.values, columns, strict=True)
        if value is not None
    ]
    said = []
    for word, pick in (("ниже всего", min), ("выше всего", max)):
        _, row, column = pick(known, key=lambda one: one[0])
        parts = found[row.place.key, column.place.key]
        said.append(f"{word} {row.name}, {russian.lower_first(column.name)}{NBSP}– {shown(item, parts)}")
    return russian.sentence(f"{item.label}: {', '.join(said)}")


def _too_many(show: Show, count: int) -> Prose:
    return Prose(
        markdown=f"Рисунок «{show.caption}» не построен: групп {count}, на страницу столько не помещается. "
        "Выберите часть ключом only в файле справки."
    )
