"""The slope chart of any indicator: each object in an earlier period and now, what got worse by rule in bold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from soko import russian
from soko.analysis.compare import Change
from soko.analysis.narrative_sections import Show
from soko.indicators.model import Indicator
from soko.notes import chart_words, slope_charts, table_parts
from soko.notes.data import NoteData
from soko.notes.figure_words import show as shown
from soko.notes.objects import Line, apart, axis_title, changed, is_share, lines, parts_of, signed
from soko.periods import Period
from soko.publish.blocks import Figure
from soko.russian import NBSP


class _Pair(NamedTuple):
    line: Line
    before: float
    now: float
    change: Change


def figure(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | None:
    """None without the earlier period, and with fewer than two objects that have both figures.

    Small groups are left to the table. Of more than ``slope_charts.MOST`` objects those are drawn that changed most.
    """
    which = next(iter(table_parts.compared(data, show.compare)), None)
    if which is None:
        return None
    item = data.catalogue[ids[0]]
    objects = [line for line in lines(data, school, show, ids) if not line.whole]
    pairs = [pair for line in objects if (pair := _pair(data, item, line, which)) is not None]
    pairs = [pair for pair in pairs if not (is_share(item) and pair.change.small)]
    if len(pairs) < 2:
        return None
    drawn = pairs
    if len(pairs) > slope_charts.MOST:
        largest = sorted(pairs, key=lambda pair: (-abs(pair.change.delta), pair.line.name))[: slope_charts.MOST]
        drawn = [pair for pair in pairs if pair in largest]
    other = data.period.previous() if which == "previous" else data.period.year_ago()
    svg = slope_charts.slope(
        [
            slope_charts.Slope(
                pair.line.name, pair.before, pair.now, pair.change.verdict == "worse",
                pair.change.verdict in ("improved", "changed"),
            )
            for pair in drawn
        ],
        periods=(other.short(), data.period.short()),
        title=axis_title(item),
        decimals=item.decimals,
        span=_span(item, drawn),
        leaders=True,
    )  # fmt: skip
    return Figure(
        caption=show.caption, svg=svg, alt=_alt(data, item, drawn, which),
        source=_source(data, item, drawn, len(objects), other, which), label=show.label,
    )  # fmt: skip


def _pair(data: NoteData, item: Indicator, line: Line, which: str) -> _Pair | None:
    if apart(line.place, which):
        return None
    change = changed(data, item, line.place, which)
    return None if change is None else _Pair(line, float(change.before), float(change.current), change)


def _span(item: Indicator, pairs: Sequence[_Pair]) -> tuple[float, float] | None:
    """Shares and counts stand on zero; means, whose differences are small beside them, on their own range."""
    if item.unit in ("percent", "count", "pupils"):
        return None if any(pair.before or pair.now for pair in pairs) else (0.0, 1.0)
    values = [value for pair in pairs for value in (pair.before, pair.now)]
    room = (max(values) - min(values)) * 0.15 or 1.0
    return min(values) - room, max(values) + room


def _alt(data: NoteData, item: Indicator, pairs: Sequence[_Pair], which: str) -> str:
    """The largest fall and the largest rise; whether these are good is left to the indicator's direction."""
    said = []
    for word, pair, there in (
        ("сильнее всего снизилось", min(pairs, key=lambda one: one.change.delta), -1),
        ("сильнее всего выросло", max(pairs, key=lambda one: one.change.delta), 1),
    ):
        if pair.change.delta * there > 0:
            before, now = (shown(item, parts_of(data, item.id, pair.line.place, when)) for when in (which, "now"))
            said.append(f"{word}: {pair.line.name}{NBSP}– было {before}, стало {now} ({signed(item, pair.change)})")
    return russian.sentence(f"{item.label}: {'; '.join(said) or 'значения не изменились'}")


def _source(data: NoteData, item: Indicator, pairs: Sequence[_Pair], objects: int, other: Period, which: str) -> str:
    said = [f"Источник: {data.period.title('ordinal')} и{NBSP}{other.title('ordinal')}"]
    said[0] += f"; база – {data.catalogue.base(item.id)}" if item.unit != "count" else ""
    bases = [int(found.base) for pair in pairs if (found := parts_of(data, item.id, pair.line.place)) and found.base]
    if bases:
        said.append(chart_words.span(bases, data.catalogue.noun(item.id)))
    verdicts = {pair.change.verdict for pair in pairs}
    words = [
        ("worse", "толстая линия – ухудшение"),
        ("improved", "тонкая сплошная – улучшение"),
        ("changed", "сплошная – изменение больше порога"),
        ("stable", "штриховая – изменение не больше порога"),
    ]
    said.append("; ".join(text for verdict, text in words if verdict in verdicts))
    if objects > len(pairs):
        said.append(f"Показано {len(pairs)} из {objects}: {_left(item, pairs)}")
    return " ".join(russian.sentence(text) for text in said)


def _left(item: Indicator, pairs: Sequence[_Pair]) -> str:
    if len(pairs) == slope_charts.MOST:
        return "с наибольшими изменениями"
    return "без малых групп и тех, кому не с чем сравнивать" if is_share(item) else "те, кому есть с чем сравнивать"
