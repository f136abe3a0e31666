"""Charts of the note. Each gives a Figure block whose alt text says what is to be seen; None without data."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.rounding import percent_value
from soko.notes import bar_charts, doubtful, theme
from soko.notes.data import QUALITY, NoteData, Parts
from soko.notes.facts import before
from soko.notes.places import Place, places
from soko.publish.blocks import Figure
from soko.russian import NBSP

#: Counts of marks, from «5» down.
MARKS = tuple(f"subjects.{name}" for name in ("n5", "n4", "n3", "n2", "n_na"))


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
    if places_found > len(rows) and not data.public:  # there the public edition says why (soko.notes.hidden)
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
            [bar_charts.wrapped(row[0].name + ("*" if row[0].key in doubted else "")) for row in rows],
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
    return bar_charts.ranked(
        names,
        [value_of(row[1]) or 0.0 for row in rows],
        [value_of(row[2]) for row in rows],
        periods=(data.period.short(), data.period.previous().short()),
        marks=[(f"{name} {theme.label(value)}{NBSP}%", value) for name, value in lines_at],
        title=title,
    )


def marks_by_grade(data: NoteData, school: str = "") -> Figure | None:
    """Shares of «5», «4», «3», «2» and «н/а» among the marks of each parallel, from the first grade down."""
    names = dict(zip(("5", "4", "3", "2", "н/а"), (name.removeprefix("subjects.") for name in MARKS), strict=True))
    rows: list[tuple[Place, dict[str, float]]] = []
    for place in places(data, school):
        if place.scope != "grade":
            continue
        if any(data.current.why_hidden(f"subjects.{name}", school, **place.now) for name in names.values()):
            continue
        found = {mark: data.current.get(f"subjects.{name}", school, **place.now) for mark, name in names.items()}
        counts = {mark: parts.part if parts else 0.0 for mark, parts in found.items()}
        if sum(counts.values()) > 0:
            rows.append((place, counts))
    if not rows:
        return None
    drawn = bar_charts.stack(
        [f"{place.key}-е ({russian.count(sum(counts.values()), 'отметка')})" for place, counts in rows],
        [list(counts.values()) for _, counts in rows],
        [f"«{mark}»" for mark in names],
        "Доля отметок, %",
    )

    def threes(row: tuple[Place, dict[str, float]]) -> float:
        return (row[1]["3"] + row[1]["2"] + row[1]["н/а"]) / sum(row[1].values())

    most = max(rows, key=threes)
    total = sum(sum(counts.values()) for _, counts in rows)
    return Figure(
        caption=f"Распределение отметок по параллелям, {data.period.title('ordinal')}",
        svg=drawn,
        alt=f"Доля «3», «2» и «н/а» больше всего {most[0].where} – {russian.percent(threes(most) * 100)} отметок.",
        source=f"Источник: отметки журнала, {data.period.title('ordinal')}; в базе "
        f"{russian.count(total, 'отметка')}. Доли менее {bar_charts.LEAST_LABEL}{NBSP}% не "
        "подписаны.",
        label="marks_by_grade",
    )


def _text(parts: Parts) -> str:
    value = value_of(parts)
    return f"{theme.label(value or 0.0)}{NBSP}%"
