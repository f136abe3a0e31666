"""Charts of any indicator: ranked bars, and shares stacked to a whole. Each gives a Figure, None without data."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.indicators.model import Indicator
from soko.notes import bar_charts, chart_words, theme
from soko.notes.data import NoteData
from soko.notes.objects import Line, axis_title, is_share, lines, parts_of
from soko.periods import Period
from soko.publish.blocks import Figure
from soko.russian import NBSP


def bars(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | None:
    """The figure of every object, ranked, with a marker of the previous period and a line at the target or the whole.

    Small groups are left to the table; fewer than two objects make no chart.
    """
    indicator = data.catalogue[ids[0]]
    judged = is_share(indicator) and not data.catalogue.counts_things(indicator.id)
    limit = data.conventions.thresholds.small_group if judged else 0
    every = lines(data, school, show, ids)
    objects = [line for line in every if not line.whole]
    rows = [line for line in objects if (parts := parts_of(data, ids[0], line.place)) and (parts.base or 0) >= limit]
    rows = [line for line in rows if _value(data, indicator, line) is not None]
    if len(rows) < 2:
        return None
    rows.sort(key=lambda line: (_value(data, indicator, line) or 0.0, line.name))
    whole = next((line for line in every if line.whole), None)
    marks = _marks(data, indicator, whole)
    return Figure(
        caption=show.caption,
        svg=_drawn(data, indicator, rows, marks, _before(show)),
        alt=chart_words.ends(data, indicator, rows, whole),
        source=_source(data, indicator, rows, len(objects) - len(rows), _before(show)),
        label=show.label,
    )


def stacked(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | None:
    """Shares of several indicators that make up a whole, one bar an object (or one for the whole school).

    The parts are the numerators: counts and shares of one base may be stacked alike.
    """
    if data.public and any(name not in data.current.indicators and data.current.hides([name]) for name in ids):
        return None  # of no group is the whole known
    ids = [name for name in ids if name in data.current.indicators][: len(bar_charts.SHADES)]
    if len(ids) < 2:
        return None
    found = lines(data, school, show, ids) if show.dimension else _only_whole(data, school)
    rows: list[tuple[Line, list[float]]] = []
    # Per cent of three pupils say what «2 из 3» does not; things are shown however few they are.
    limit = 0 if data.catalogue.counts_things(ids[0]) else data.conventions.thresholds.small_group
    left_out = 0
    for line in found:
        if any(data.current.why_hidden(name, school, **line.place.now) for name in ids):
            continue  # a whole without a part of it would be another whole
        parts = [parts_of(data, name, line.place) for name in ids]
        numbers = [item.part if item else 0.0 for item in parts]
        if sum(numbers) >= max(limit, 1e-9):
            rows.append((line, numbers))
        else:
            left_out += sum(numbers) > 0
    if not rows:
        return None
    labels = [data.catalogue[name].label for name in ids]
    noun = data.catalogue.noun(ids[0])
    names = [bar_charts.wrapped(f"{line.name} ({russian.count(sum(numbers), noun)})") for line, numbers in rows]
    drawn = bar_charts.stack(names, [numbers for _, numbers in rows], labels, "Доля, %")
    source = (
        f"Источник: {data.period.title('ordinal')}; база – {data.catalogue.base(ids[0])}. "
        f"Доли менее {bar_charts.LEAST_LABEL}{NBSP}% не подписаны."
    )
    return Figure(
        caption=show.caption,
        svg=drawn,
        alt=chart_words.pieces(rows, labels),
        source=f"{source} {_not_shown(data, noun)}" if left_out and not data.public else source,
        label=show.label,
    )


def _only_whole(data: NoteData, school: str) -> list[Line]:
    from soko.notes.places import places

    whole = next(iter(places(data, school, lambda _scope: ())))
    return [Line(whole, "Всего", whole=True)]


def _value(data: NoteData, indicator: Indicator, line: Line, which: str = "now") -> float | None:
    parts = parts_of(data, indicator.id, line.place, which)
    return None if parts is None else parts.value(float(indicator.scale))


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


def _before(show: Show) -> str:
    """The earlier period that a marker stands for."""
    return "year_ago" if show.compare == ["year_ago"] else "previous"


def _other(data: NoteData, which: str) -> Period:
    return data.period.previous() if which == "previous" else data.period.year_ago()


def _drawn(
    data: NoteData, indicator: Indicator, rows: Sequence[Line], marks: Sequence[tuple[str, float]], which: str
) -> str:
    values = [_value(data, indicator, line) or 0.0 for line in rows]
    earlier = [_value(data, indicator, line, which) for line in rows]
    sign = f"{NBSP}%" if indicator.unit == "percent" else ""
    return bar_charts.ranked(
        [bar_charts.wrapped(line.name) for line in rows],
        values,
        earlier,
        periods=(data.period.short(), _other(data, which).short()),
        marks=[(f"{name} {theme.label(value, indicator.decimals)}{sign}", value) for name, value in marks],
        title=axis_title(indicator),
        top=_top(indicator, [*values, *(value for value in earlier if value is not None), *(v for _, v in marks)]),
        decimals=indicator.decimals,
    )


def _top(indicator: Indicator, values: Sequence[float]) -> float:
    """End of the axis: 100 for shares, 5 for marks, else a little more than the largest."""
    largest = max(values)
    if indicator.unit == "percent":
        return max(100.0, largest)
    if indicator.unit == "mark":
        return 5.0
    return largest * 1.05 or 1.0


def _source(data: NoteData, indicator: Indicator, rows: Sequence[Line], left_out: int, which: str) -> str:
    text = f"Источник: {data.period.title('ordinal')}"
    if any(parts_of(data, indicator.id, line.place, which) for line in rows):
        text += f" и{NBSP}{_other(data, which).title('ordinal')}"
    text += f"; база – {data.catalogue.base(indicator.id)}"
    if size := chart_words.sizes(data, indicator, rows):
        text += f". {size}"
    if left_out and not data.public:  # there the public edition says why (soko.notes.hidden)
        text += f". {_not_shown(data, data.catalogue.noun(indicator.id))}"
    return russian.sentence(text)


def _not_shown(data: NoteData, noun: str) -> str:
    limit = russian.count(data.conventions.thresholds.small_group, noun, "gent")
    return f"Группы менее {limit} на рисунке не показаны."
