"""Dynamics in a note: a table of changes with a verdict by rule, the same rule as that of dynamics.csv."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.dynamics import WORDS, Judged, judged, traits
from soko.analysis.narrative_sections import Show
from soko.analysis.rounding import format_points
from soko.indicators import dynamics
from soko.indicators.model import Indicator
from soko.indicators.reasons import DEFINITION, LENGTH, NO_BEFORE, sign
from soko.notes import hidden, reasoned
from soko.notes.data import NoteData, Parts
from soko.notes.facts import change as changed
from soko.notes.figure_words import counted_change, show as shown, small_limit
from soko.notes.objects import parts_of
from soko.notes.places import Place, places
from soko.notes.table_parts import compared
from soko.periods import Period
from soko.publish.blocks import Head, Row, Table
from soko.russian import DASH, NBSP

_NAN = float("nan")


def table(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Table | None:
    """One row an indicator and a comparison, for the whole that the note is about.

    None without a figure that has an earlier one: a table of dashes says nothing.
    """
    whole = next(iter(places(data, school, lambda _scope: ())))
    kept_back = [name for name in ids if data.current.why_hidden(name, whole.school, **whole.now)]
    ids = [name for name in ids if parts_of(data, name, whole) is not None]
    rows: list[Row] = []
    signs: set[str] = set()
    for which in compared(data):
        found = _judged(data, whole, ids, which)
        if not any(value == value for value in found.delta):
            continue
        other = _other(data, which)
        rows.append(Row(cells=[f"Сравнение: {other.short()}"], kind="section"))
        for at, name in enumerate(ids):
            why = hidden.sign(data, name, whole.school, whole.now, which) or sign(str(found.reason[at]))
            rows.append(Row(cells=_cells(data, data.catalogue[name], whole, which, found, at, why)))
            signs.add(why)
    if not rows:
        return None
    people = any(cell != DASH for row in rows if row.kind == "body" for cell in [row.cells[5]])
    return Table(
        caption=show.caption,
        columns=[
            Head(title=show.first or "Показатель", width=2.5),
            Head(title="Было", align="right", width=1.1),
            Head(title="Стало", align="right", width=1.1),
            Head(title="Интервал", unit="%", align="center", width=1.2),
            Head(title="±", align="right", width=1.2),
            Head(title="≈", unit="чел.", align="decimal", width=0.7),
            Head(title="Вывод", width=2.0),
        ],
        rows=rows,
        notes=[*show.notes, *_notes(data, signs - {""}, people=people), *_kept_back(data, kept_back)],
        label=show.label,
    )


def _kept_back(data: NoteData, ids: Sequence[str]) -> list[str]:
    """Which indicators of the table are not published."""
    names = russian.listing([russian.quote(data.catalogue[name].label) for name in ids])
    return [f"Не публикуются в связи с малой численностью (152-ФЗ): {names}."] if ids else []


def _judged(data: NoteData, whole: Place, ids: Sequence[str], which: str) -> Judged:
    """The rule's answer to each indicator of the whole against the period."""
    thresholds = data.conventions.thresholds
    other = _other(data, which)
    changed = data.redefined.get(which, frozenset())
    uneven = dynamics.uneven(data.params, data.catalogue, data.period, other)
    parts: list[list[float]] = []
    reasons = []
    for name in ids:
        now, before = parts_of(data, name, whole), parts_of(data, name, whole, which)
        if before is None:
            reasons.append(DEFINITION.code if name in changed else NO_BEFORE.code)
        else:
            reasons.append(LENGTH.code if name in uneven else "")
        parts.append([*_numbers(now), *_numbers(before)])
    filled = [*whole.now, *({"class", "subject"} & data.focus.keys())]
    of = traits(data.catalogue, thresholds, [(name, filled) for name in ids])
    columns = list(zip(*parts, strict=True)) or [()] * 4
    return judged(columns, of, thresholds, reasons)


def _other(data: NoteData, which: str) -> Period:
    return data.period.previous() if which == "previous" else data.period.year_ago()


def _numbers(parts: Parts | None) -> tuple[float, float]:
    if parts is None:
        return _NAN, _NAN
    return parts.part, _NAN if parts.base is None else parts.base


def _cells(data: NoteData, item: Indicator, whole: Place, which: str, found: Judged, at: int, why: str) -> list[str]:
    small, now = small_limit(data, item), parts_of(data, item.id, whole)
    before = parts_of(data, item.id, whole, which)
    delta, people, low, high = (float(column[at]) for column in (found.delta, found.people, found.low, found.high))
    change = DASH
    if delta == delta:
        moved = _counted(data, item, now, before) if item.unit == "percent" else russian.signed(delta, item.decimals)
        change = moved or format_points(delta, unit="п.п.")
    verdict = WORDS[str(found.verdict[at])] + (f" ({why})" if why else "")
    tested = low == low
    return [
        item.label,
        why if before is None else shown(item, before, small),
        shown(item, now, small),
        f"{russian.number(low, 0)}–{russian.number(high, 0)}" if tested else DASH,
        change,
        russian.signed(people, 0) if people == people and tested else DASH,
        verdict,
    ]


def _counted(data: NoteData, item: Indicator, now: Parts | None, before: Parts | None) -> str | None:
    """``figure_words.counted_change`` of two figures, either of which may be absent."""
    found = changed(data, item, now, before)
    return counted_change(data, item, now, before, found) if now and before and found else None


def _notes(data: NoteData, signs: set[str], *, people: bool) -> list[str]:
    limits = data.conventions.thresholds
    level = f"{russian.number(limits.confidence * 100, 0)}{NBSP}%"
    said = [
        "База каждого показателя названа в приложении «Определения показателей».",
        f"Интервал Уилсона на уровне {level} – для нынешней доли людей; «–» – в показателе складываются не люди.",
        f"Вывод – по правилу. «Стабильно»: изменение не больше порога (для долей "
        f"{russian.points(limits.stable_points)}) или одного человека. «Улучшение», "
        f"«ухудшение»: больше порога, и для доли людей точный критерий Фишера "
        f"отвергает случайность на уровне {level}.",
    ]
    if people:
        said.append("≈ чел. – изменение, пересчитанное на нынешнюю базу.")
    return [*said, *reasoned.legend(data, signs)]
