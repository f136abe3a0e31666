"""Charts of the note. Each gives a Figure block whose alt text says what is to be seen; None without data."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.rounding import percent_value
from soko.notes import doubtful, theme
from soko.notes.data import QUALITY, NoteData, Parts
from soko.notes.facts import before
from soko.notes.places import Place, places
from soko.publish.blocks import Figure
from soko.russian import NBSP

_ROW_CM = 0.37  # height of a line of 9 points
_FRAME_CM = 1.9  # axis, its title and the legend
_COLUMN = 102.5  # where the values stand: right of 100 %, so that no marker of the previous period can cover them


def rows_of(data: NoteData, school: str, scope: str, indicator: str) -> list[tuple[Place, Parts, Parts | None]]:
    """Places of a scope with current and previous figures; small groups are left to the table."""
    result = []
    for place in places(data, school):
        now = data.current.get(indicator, school, **place.now) if place.scope == scope else None
        if now is not None and now.base and now.base >= data.conventions.thresholds.small_group:
            result.append((place, now, before(data, indicator, place, "previous")))
    return result


def value_of(parts: Parts | None) -> float | None:
    """A share as it is printed, in percent: the bar and its label agree with the table."""
    if parts is None or not parts.base:
        return None
    value, _ = percent_value(parts.part, parts.base)
    return float(value)


def source(data: NoteData, rows: Sequence[tuple[Place, Parts, Parts | None]], unit: str, places_found: int) -> str:
    """The line under a chart: whence the figures are, how many pupils or marks they rest on, what is left out."""
    periods = data.period.title("ordinal")
    if any(row[2] for row in rows):
        periods += f" и{NBSP}{data.period.previous().title('ordinal')}"
    text = f"Источник: отметки журнала, {periods}; в базе "
    text += russian.count(sum(row[1].base or 0 for row in rows), unit)
    if places_found > len(rows):
        limit = russian.count(data.conventions.thresholds.small_group, unit, "gent")
        text += f". Группы менее {limit} на рисунке не показаны"
    return russian.sentence(text)


def found(data: NoteData, school: str, scope: str) -> int:
    """How many objects of the scope there are, small ones too."""
    return sum(place.scope == scope for place in places(data, school))


def quality_by_class(data: NoteData, school: str = "") -> Figure | None:
    """Quality of every class, ranked, with a marker of the previous period."""
    rows = rows_of(data, school, "class", QUALITY)
    if len(rows) < 2:
        return None
    rows.sort(key=lambda row: (value_of(row[1]) or 0, row[0].key))
    whole = data.current.get(QUALITY, school)
    best, worst = rows[-1], rows[0]
    alt = (
        f"Самое высокое качество знаний {best[0].where} – {_text(best[1])}, самое низкое {worst[0].where} – "
        f"{_text(worst[1])}"
    )
    if whole and whole.base:
        alt += f"; по школе {_text(whole)}"
    return Figure(
        caption=f"Качество знаний по классам, {data.period.title('ordinal')}",
        svg=_bars(data, rows, [row[0].name for row in rows], _levels(data, school), "Качество знаний, %"),
        alt=alt + ".",
        source=source(data, rows, "обучающийся", found(data, school, "class")),
        label="quality_by_class",
    )


def _levels(data: NoteData, school: str) -> list[tuple[str, float]]:
    """The figure of each level: a class is held against its own level, not against the school."""
    found = [
        (place.name, value_of(data.current.get(QUALITY, school, **place.now)))
        for place in places(data, school)
        if place.scope == "level"
    ]
    return [(name, value) for name, value in found if value is not None]


def subjects_quality(data: NoteData, school: str = "") -> Figure | None:
    """Quality of every subject, ranked, with a marker of the previous period."""
    rows = rows_of(data, school, "subject", "subjects.quality")
    if len(rows) < 2:
        return None
    rows.sort(key=lambda row: (value_of(row[1]) or 0, row[0].key))
    best, worst = rows[-1], rows[0]
    doubted = doubtful.subjects(data)
    star = any(row[0].key in doubted for row in rows)
    return Figure(
        caption=f"Качество знаний по предметам, {data.period.title('ordinal')}",
        svg=_bars(
            data,
            rows,
            [_wrap(row[0].name + ("*" if row[0].key in doubted else "")) for row in rows],
            [],
            "Доля отметок «4» и «5», %",
        ),
        alt=f"Самая высокая доля отметок «4» и «5» {best[0].where} – {_text(best[1])}, самая низкая {worst[0].where} – "
        f"{_text(worst[1])}.",
        source=source(data, rows, "отметка", found(data, school, "subject"))
        + (f" *{NBSP}{russian.DASH} предварительно." if star else ""),
        label="subjects_quality",
    )


def _bars(
    data: NoteData,
    rows: Sequence[tuple[Place, Parts, Parts | None]],
    names: Sequence[str],
    lines_at: Sequence[tuple[str, float]],
    title: str,
) -> str:
    """Horizontal bars with the values in a column at the right, and a diamond for the previous period."""
    with theme.theme() as plt:
        lines = [name.count("\n") + 1 for name in names]
        fig, axes = theme.figure(plt, max(3.5, sum(lines) * _ROW_CM + _FRAME_CM))
        values = [value_of(row[1]) or 0.0 for row in rows]
        # A name of two lines gets two lines of room.
        at = [sum(lines[:i]) + (own - 1) / 2 for i, own in enumerate(lines)]
        axes.hlines(at, values, 100, color="#D0D0D0", linewidth=0.5, zorder=0.5)
        axes.barh(at, values, height=0.62, color=theme.NOW, label=data.period.short())
        earlier = [(y, value) for y, row in zip(at, rows, strict=True) if (value := value_of(row[2])) is not None]
        if earlier:
            axes.plot(
                [value for _, value in earlier],
                [y for y, _ in earlier],
                linestyle="none",
                marker="D",
                markersize=4.5,
                markerfacecolor="white",
                markeredgecolor="black",
                label=data.period.previous().short(),
                clip_on=False,
            )
        for y, value in zip(at, values, strict=True):
            axes.text(_COLUMN, y, theme.label(value), va="center_baseline", ha="left", fontsize=9, color="black")
        for style, (name, value) in zip(("--", ":", "-."), lines_at, strict=False):
            axes.axvline(
                value, color="black", linewidth=1.2, linestyle=style, label=f"{name} {theme.label(value)}{NBSP}%"
            )
        theme.names(axes, at, names)
        axes.set_xlim(0, 100)
        axes.set_ylim(-0.6, sum(lines) - 0.4)
        axes.set_xlabel(title)
        handles, labels = axes.get_legend_handles_labels()
        order = sorted(range(len(labels)), key=lambda i: labels[i] != data.period.short())
        fig.legend(
            [handles[i] for i in order], [labels[i] for i in order], loc="outside upper center", ncols=3, frameon=False
        )
        return theme.svg(plt, fig)


def marks_by_grade(data: NoteData, school: str = "") -> Figure | None:
    """Shares of «5», «4», «3», «2» and «н/а» among the marks of each parallel, from the first grade down."""
    names = {"5": "n5", "4": "n4", "3": "n3", "2": "n2", "н/а": "n_na"}
    rows: list[tuple[Place, dict[str, float]]] = []
    for place in places(data, school):
        if place.scope != "grade":
            continue
        found = {mark: data.current.get(f"subjects.{name}", school, **place.now) for mark, name in names.items()}
        counts = {mark: parts.part if parts else 0.0 for mark, parts in found.items()}
        if sum(counts.values()) > 0:
            rows.append((place, counts))
    if not rows:
        return None
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, len(rows) * 0.5 + _FRAME_CM)
        left = [0.0] * len(rows)
        for mark in names:
            shares = [counts[mark] / sum(counts.values()) * 100 for _, counts in rows]
            axes.barh(
                range(len(rows)),
                shares,
                left=left,
                height=0.74,
                color=theme.MARKS[mark],
                hatch=theme.HATCHES[mark],
                edgecolor="black",
                linewidth=0.5,
                label=f"«{mark}»",
            )
            for i, share in enumerate(shares):
                if share >= 6:  # a narrower piece has no room for its label; the table has the number
                    axes.text(
                        left[i] + share / 2,
                        i,
                        theme.label(share, 0),
                        ha="center",
                        va="center",
                        fontsize=9,
                        color="white" if mark == "2" else "black",
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8} if mark == "3" else None,
                    )
            left = [start + share for start, share in zip(left, shares, strict=True)]
        axes.set_yticks(
            range(len(rows)),
            [f"{place.key}-е ({russian.count(sum(counts.values()), 'отметка')})" for place, counts in rows],
        )
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel("Доля отметок, %")
        fig.legend(loc="outside upper center", ncols=5, frameon=False)
        drawn = theme.svg(plt, fig)

    def threes(row: tuple[Place, dict[str, float]]) -> float:
        return (row[1]["3"] + row[1]["2"] + row[1]["н/а"]) / sum(row[1].values())

    most = max(rows, key=threes)
    total = sum(sum(counts.values()) for _, counts in rows)
    return Figure(
        caption=f"Распределение отметок по параллелям, {data.period.title('ordinal')}",
        svg=drawn,
        alt=f"Доля «3», «2» и «н/а» больше всего {most[0].where} – {russian.percent(threes(most) * 100)} отметок.",
        source=f"Источник: отметки журнала, {data.period.title('ordinal')}; в базе "
        f"{russian.count(total, 'отметка')}. Доли менее 6{NBSP}% не "
        "подписаны.",
        label="marks_by_grade",
    )


def _text(parts: Parts) -> str:
    value = value_of(parts)
    return f"{theme.label(value or 0.0)}{NBSP}%"


def _wrap(name: str, width: int = 38) -> str:
    """A long subject name on two lines."""
    import textwrap

    return "\n".join(textwrap.wrap(name, width)) if len(name) > width else name
