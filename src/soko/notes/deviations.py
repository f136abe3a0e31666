"""The table of page one: what is worse than before or than the target, or what stands in its place."""

from __future__ import annotations

from collections import Counter

from soko import russian
from soko.analysis.narrative import Narrative
from soko.notes import lacking, telling
from soko.notes.data import ACADEMIC, NoteData
from soko.notes.objects import is_share
from soko.notes.table_parts import heading
from soko.publish.blocks import Callout, Head, Row, Table

_ROWS = 6  # with the title they must fit on the first page
_PER_RULE = 2  # six falling classes must not hide the subject that fell
_CHANCE = "*"  # of a change that chance may make: a word more in each row would take page one's room
_WHY = {"worsened": "снижение", "below_target": "ниже цели"}


def rows(data: NoteData, narrative: Narrative) -> list[list[str]]:
    """Rows of the table: the most urgent rule first, within a rule the largest deviation first.

    An object and indicator that two rules speak of (worse than before, below the target) has one row, and so has an
    item that is called as an indicator of the school in the table.
    """
    seen: set[tuple[str, str]] = set()
    taken: Counter[str] = Counter()
    again: set[tuple[object, ...]] = set()
    whole: set[str] = set()
    found: list[list[str]] = []
    ordered = sorted(narrative.deviations, key=lambda item: (item.headline, item.order))
    for item in ordered:
        key = (item.indicator, item.name)
        if key in seen or taken[item.rule] == _PER_RULE:
            continue
        seen.add(key)
        what = data.catalogue[item.indicator].label
        if item.scope != "overall":
            what = f"{russian.upper_first(item.name)}: {russian.lower_first(what)}"
        if item.scope == "item" and item.name.lower() in whole:
            continue  # «санитарные требования» as a section of conditions, beside the share of them that are met
        if item.scope == "overall":
            whole.add(what.lower())
        cells = [item.texts.get(name, russian.DASH) for name in ("previous", "value", "signed", "target")]
        told = (item.why, *cells[:3])
        if item.scope == "item" and is_share(data.catalogue[item.indicator]) and told in again:
            continue  # the only programme of a direction is not worse twice
        again.add(told)
        taken[item.rule] += 1
        mark = _CHANCE if item.by_chance else ""
        words = (_why(data, item.indicator, name) + (mark if name == "worsened" else "") for name in item.why)
        why = ", ".join(words)
        found.append([what, *cells, why + item.texts.get("pulls_short", ""), item.who])
    return found[:_ROWS]


def table(data: NoteData, found: list[list[str]]) -> Table:
    """The table of ``rows``; the public edition does not tell who answers."""
    heads = [
        Head(title="Что", width=2.0),
        Head(title=heading(data, "previous"), align="right"),
        Head(title=heading(data, "now"), align="right"),
        Head(title="Изменение", align="right", width=1.1),
        Head(title="Цель", align="right", width=0.7),
        Head(title="Почему здесь", width=1.4),
        Head(title="Кто отвечает", width=3.0),
    ][: -1 if data.public else None]
    return Table(
        caption="Что хуже прошлого периода или цели",
        columns=heads,
        rows=[Row(cells=cells[: len(heads)]) for cells in found],
        notes=[f"{_CHANCE} Изменение может быть случайным."] if any(_CHANCE in row[5] for row in found) else [],
        label="deviations",
        numbered=False,
    )


def instead(data: NoteData, narrative: Narrative) -> Callout | None:
    """Why there is no such table: no data, nothing to compare with, nothing worse; None where a sentence says more."""
    if missing := _nothing(data):
        return missing
    if data.note == ACADEMIC and data.unmarked:
        return Callout(
            kind="warning",
            title="Отметок за период нет",
            markdown="Показатели успеваемости и качества знаний не посчитаны: ни у одного обучающегося нет отметок "
            "«2»–«5» или «н/а».",
        )
    if data.previous is None and not data.catalogue.targets:
        return Callout(
            title="Сравнить не с чем",
            markdown="Данных за прошлый период и целей нет, поэтому отклонения не определяются.",
        )
    if not _compared(data) or any(item.severity == "concern" for item in narrative.headlines()):
        return None
    unjudged = _unjudged(data)
    return Callout(
        kind="neutral" if unjudged else "strength",
        title="Отклонений нет",
        markdown="Показателей, которые по правилам справки хуже прошлого периода или цели, не обнаружено"
        + (" среди тех, которые публикуются." if data.public else ".")
        + unjudged,
    )


def _nothing(data: NoteData) -> Callout | None:
    """That there are no data at all for the note, and who owes them; None when there are some."""
    if telling.has_data(data):
        return None
    if data.public:
        return Callout(kind="warning", title="Публиковать нечего", markdown=telling.NOTHING)
    return lacking.callout(data, telling.book(data).used()) or Callout(
        kind="warning",
        title="Показатели этой справки за такой период не рассчитываются",
        markdown="Каталог показателей относит их к другим видам периодов (periodicity в params/indicators).",
    )


def _unjudged(data: NoteData) -> str:
    """Which sections have no data at all: nothing found there is no good news."""
    rules = telling.book(data)
    without = [
        (russian.quote(rules.sections[section]), any(data.current.withheld & set(ids) for _, ids in shown))
        for section, shown in rules.shown.items()
        if telling.has_section(data, section)
        and shown
        and not any(set(ids) & data.current.indicators for _, ids in shown)
    ]
    nothing, few = ([name for name, held in without if held is small] for small in (False, True))
    told = f" Данных за период нет, судить нельзя: {russian.listing(nothing)}." if nothing else ""
    return f"{told} Группы малы, в справке о них не говорится: {russian.listing(few)}." if few else told


def _compared(data: NoteData) -> bool:
    """Whether a figure of the note has a target or an earlier one: works of spring have none in the quarter before."""
    used = telling.book(data).used()
    before = data.previous.indicators if data.previous is not None else set()
    return any(
        name in before or data.catalogue.target(name) is not None for name in used if name in data.current.indicators
    )


def _why(data: NoteData, indicator: str, name: str) -> str:
    """«снижение», «рост» where less is better, «ниже цели»."""
    falls = data.catalogue[indicator].better != "down"
    return _WHY[name] if falls else {"worsened": "рост", "below_target": "выше цели"}[name]
