"""The funnel plot: shares of groups by their size, with the limits that chance alone keeps to.

A ranked bar chart puts the smallest classes first and last by chance; a funnel shows how far a group of its size may
stand from the school and mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.funnel import ALARM, WARNING, Place, limits, place
from soko.analysis.narrative_sections import Show
from soko.analysis.rounding import format_share
from soko.notes import theme
from soko.notes.data import NoteData, Parts
from soko.notes.groups import OF_MANY, Group, groups
from soko.notes.objects import is_share
from soko.notes.point_labels import Point, offsets
from soko.publish.blocks import Figure
from soko.russian import NBSP

_HEIGHT_CM = 8.6
_AXIS_CM = (1.7, 2.6)  # what names of axes and the legend take of the width and of the height
_MOST_STEPS = 160  # sizes at which the limits are computed; a line of more has no more to show
# Marker and size by where a group stands: form as well as colour, for grey print.
_LOOKS = {"inside": ("o", "white", 5.0), "out": ("s", theme.NOW, 6.0), "far": ("D", "black", 6.5)}
_TITLES = {
    "inside": "в пределах случайного",
    "out": "за границей 95" + NBSP + "%",
    "far": "за границей 99,8" + NBSP + "%",
}


def figure(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | None:
    """The funnel plot of ``show``: its indicator by its dimension. None where the figures are no share of people.

    Limits of chance hold for who is counted once; marks of one pupil in several subjects go together.
    """
    item = data.catalogue[ids[0]]
    filled = {show.dimension, *data.focus} & {"class", "subject"}
    if not is_share(item) or show.dimension not in OF_MANY or not data.catalogue.counts_people(item.id, filled):
        return None
    found = [group.parts for group in groups(data, item.id, show.dimension, school)]
    if not all(float(number or 0).is_integer() for parts in found for number in (parts.part, parts.base)):
        return None
    return funnel(data, item.id, show.dimension, school, label=show.label, caption=show.caption)


def funnel(
    data: NoteData,
    indicator: str,
    dimension: str,
    school: str = "",
    *,
    label: str = "funnel",
    caption: str = "",
    source: str = "",
) -> Figure | None:
    """The funnel plot of a share by group around the figure of the whole school; None for fewer than four groups.

    Groups under thresholds.small_group are drawn in grey and not judged.
    """
    found = groups(data, indicator, dimension, school)
    whole = data.current.get(indicator, school)
    if len(found) < 4 or whole is None or not whole.base:
        return None
    small_group = data.conventions.thresholds.small_group
    target = whole.part / whole.base
    judged = [(group, place(group.parts.part, group.parts.base or 0, target)) for group in found
              if (group.parts.base or 0) >= small_group]  # fmt: skip
    small = [group for group in found if (group.parts.base or 0) < small_group]
    item = data.catalogue[indicator]
    several = len(judged)
    by_chance = max(1, round(len(judged) * (1 - WARNING)))
    note = (
        f"Источник: {source or 'данные за период'}, {data.period.title('ordinal')}; база – "
        f"{data.catalogue.base(indicator)}, всего {russian.number(whole.base)}. Границы – точные биномиальные вокруг "
        f"{_around(data)}. Из {several} {OF_MANY[dimension]} примерно {by_chance} "
        f"{russian.choose(by_chance, 'вышел', 'вышли')} бы за границу 95{NBSP}% и без всякой причины; с поправкой на "
        "число сравнений отличия судит таблица"
    )
    if small:
        note += f". Серым – менее {russian.number(small_group)}, о них не судим"
    svg, unnamed = _drawn(data, indicator, judged, small, whole)
    if unnamed:
        note += f". Подписи не поместились у {russian.count(unnamed, 'точка', 'gent')}: значения – в таблице"
    return Figure(
        caption=caption or f"{item.label}: что может быть случайным, {data.period.title('ordinal')}",
        svg=svg,
        alt=_alt(item.label, dimension, judged, whole, _around(data)),
        source=russian.sentence(note),
        label=label,
    )


def _alt(title: str, dimension: str, judged: Sequence[tuple[Group, Place]], whole: Parts, around: str) -> str:
    """What the plot shows, in words."""
    said = []
    for word, places in (("выше", ("above", "far_above")), ("ниже", ("below", "far_below"))):
        names = [f"{group.name} ({_share(group.parts)})" for group, where in judged if where in places]
        if names:
            said.append(f"{word} границ случайного: {', '.join(names)}")
    text = f"{title} {OF_MANY[dimension]} вокруг {around}, {_share(whole)}: "
    text += "; ".join(said) if said else "за границы случайного не выходит ни одна группа"
    inside = sum(where == "inside" for _, where in judged)
    return f"{text}. В границах – {inside} из {len(judged)}."


def _around(data: NoteData) -> str:
    return "общей доли" if data.focus else "доли по школе"


def _share(parts: Parts) -> str:
    return format_share(parts.part, parts.base)


def _drawn(
    data: NoteData,
    indicator: str,
    judged: Sequence[tuple[Group, Place]],
    small: Sequence[Group],
    whole: Parts,
) -> tuple[str, int]:
    """The picture, and how many points outside the bounds have no name in it for want of room."""
    target = whole.part / (whole.base or 1)
    everybody = [*(group for group, _ in judged), *small]
    sizes = [int(group.parts.base or 0) for group in everybody]
    least, most = max(2, int(min(sizes) * 0.9)), max(int(max(sizes) * 1.08), max(sizes) + 1)
    step = max(1, (most - least) // _MOST_STEPS)
    at = list(range(least, most + 1, step))
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, _HEIGHT_CM)
        for confidence, style, width in ((WARNING, "--", 0.9), (ALARM, "-", 0.9)):
            bounds = [limits(size, target, confidence) for size in at]
            name = f"границы {theme.label(confidence * 100, 0 if confidence == WARNING else 1)}{NBSP}%"
            axes.step(at, [b.low * 100 for b in bounds], style, where="mid", color="#6E6E6E", linewidth=width)
            axes.step(
                at, [b.high * 100 for b in bounds], style, where="mid", color="#6E6E6E", linewidth=width, label=name
            )
        axes.axhline(
            target * 100, color="black", linewidth=1.2, label=f"{'всего' if data.focus else 'школа'} {_share(whole)}"
        )
        for kind, (marker, face, size) in _LOOKS.items():
            own = [group for group, where in judged if _kind(where) == kind]
            if own:
                axes.plot(
                    [group.parts.base or 0 for group in own],
                    [group.parts.part / (group.parts.base or 1) * 100 for group in own],
                    linestyle="none", marker=marker, markersize=size, markerfacecolor=face, markeredgecolor="black",
                    label=_TITLES[kind], clip_on=False,
                )  # fmt: skip
        if small:
            axes.plot(
                [group.parts.base or 0 for group in small],
                [group.parts.part / (group.parts.base or 1) * 100 for group in small],
                linestyle="none", marker="o", markersize=4, color="#BDBDBD", label="малые группы", clip_on=False,
            )  # fmt: skip
        outside = _outside(judged)
        apart = _apart(outside, everybody, least, most)
        for at_point, by in apart.items():
            axes.annotate(
                ", ".join(outside[at_point][0]), at_point, xytext=by, textcoords="offset points", fontsize=9,
                va="bottom", bbox={"boxstyle": "square,pad=0", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            )  # fmt: skip
        axes.set_xlim(least, most)
        axes.locator_params(axis="x", nbins=9, integer=True, steps=[1, 2, 5, 10])
        axes.set_ylim(0, 100)
        axes.set_xlabel("Размер группы (в базе)")
        axes.set_ylabel(f"{data.catalogue[indicator].label}, %")
        fig.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)
        return theme.svg(plt, fig), len(outside) - len(apart)


def _apart(
    outside: dict[tuple[float, float], tuple[list[str], bool]], everybody: Sequence[Group], least: float, most: float
) -> dict[tuple[float, float], tuple[float, float]]:
    """How far from its point each name stands; a name for which there is no room is left out."""
    width, height = ((size / 2.54 * 72) for size in (theme.WIDTH_CM - _AXIS_CM[0], _HEIGHT_CM - _AXIS_CM[1]))

    def at(size: float, share: float) -> tuple[float, float]:
        return (size - least) / (most - least) * width, share / 100 * height

    named = [Point(*at(*where), ", ".join(names), above) for where, (names, above) in outside.items()]
    others = [at(group.parts.base or 0, group.parts.part / (group.parts.base or 1) * 100) for group in everybody]
    found = offsets([*named, *(Point(*where) for where in others)], width, height)
    return {where: by for where, by in zip(outside, found, strict=False) if by is not None}


def _outside(judged: Sequence[tuple[Group, Place]]) -> dict[tuple[float, float], tuple[list[str], bool]]:
    """Names of the groups outside the bounds by their point, and whether it is above: two classes may share one."""
    found: dict[tuple[float, float], tuple[list[str], bool]] = {}
    # Those beyond the outer bound first: they get the room for a name.
    for group, where in sorted(judged, key=lambda pair: not pair[1].startswith("far")):
        if where != "inside":
            at = (group.parts.base or 0, group.parts.part / (group.parts.base or 1) * 100)
            found.setdefault(at, ([], "above" in where))[0].append(group.name)
    return found


def _kind(where: Place) -> str:
    return "inside" if where == "inside" else "far" if where.startswith("far") else "out"
