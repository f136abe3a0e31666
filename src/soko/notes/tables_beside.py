"""Tables of figures beside those of the parallel and of the level: the one class of a note, as a whole or by subject.

The parallel is all its classes together, this one too; no other class stands in the table by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.narrative_sections import Beside, Show
from soko.analysis.rounding import format_number
from soko.indicators.model import Indicator
from soko.indicators.reasons import NOT_APPLICABLE, SMALL
from soko.notes import held
from soko.notes.data import NoteData
from soko.notes.facts import change
from soko.notes.figure_words import show as shown
from soko.notes.objects import FIRST, is_share, lines, parts_of, signed
from soko.notes.places import Place, level_name, places
from soko.notes.reasoned import NO_CELL, figure
from soko.notes.table_parts import heading
from soko.notes.tables_any import base_notes
from soko.publish.blocks import Head, Row, Table
from soko.russian import DASH, NBSP

_HOW = {"grade": held.parallel, "level": held.whole}


def beside(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Table | None:
    """One row an indicator (or, with a dimension, an object): the figure, that of the parallel or level, the gap.

    None without data; a column that would be empty (the only class of its parallel) is left out.
    """
    ids = [name for name in ids if name in data.current.indicators]
    if show.dimension:
        return _by(data, school, show, ids)
    place = next(iter(places(data, school, lambda _scope: ())))
    kinds = [what for what in show.against if any(_HOW[what](data, name, place) for name in ids)]
    if not ids or not kinds:
        return None
    own = [Head(title=title, align="decimal", width=0.9) for title in ("Всего", "Из них")]
    earlier = [
        which for which in show.compare if which != "none" and any(parts_of(data, name, place, which) for name in ids)
    ]
    columns = [Head(title=show.first or "Показатель", width=3.0), *own, _here(data)]
    columns += [Head(title=heading(data, which), align="right", width=1.1) for which in earlier]
    for what in kinds:
        columns += [Head(title=_title(data, ids, place, what), align="right", width=1.2), _gap()]
    rows = []
    for name in ids:
        item, now = data.catalogue[name], parts_of(data, name, place)
        counted = now is not None and is_share(item)
        counts = [format_number(now.base), format_number(now.part)] if counted and now else [NO_CELL, NO_CELL]
        cells = [item.label, *counts]
        value, *others = _cells(data, item, place, kinds)
        before = [figure(data, item, place, which) for which in earlier]
        rows.append(Row(cells=[*cells, value, *before, *others]))
    return _table(data, show, columns, rows, ids, [place])


def _by(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Table | None:
    found = [line for line in lines(data, school, show, ids) if not line.whole]
    items = [data.catalogue[name] for name in ids]
    kinds = {
        item.id: [what for what in show.against if any(_HOW[what](data, item.id, line.place) for line in found)]
        for item in items
    }
    if not found or not any(kinds.values()):
        return None
    columns = [
        Head(title=show.first or FIRST[show.dimension], width=2.6),
        Head(title=f"{russian.upper_first(russian.word(0, data.catalogue.noun(ids[0])))}", align="decimal", width=0.9),
    ]
    for item in items:
        group = f"{item.label}, {item.head_unit}" if item.head_unit else item.label
        columns.append(Head(title=_here(data).title, align="decimal", group=group))
        for what in kinds[item.id]:
            title = _title(data, [item.id], found[0].place, what)
            columns.append(Head(title=title, align="decimal", group=group))
            columns.append(Head(title="±", unit="п.п." if item.unit == "percent" else "", align="decimal", group=group))
    rows = []
    for line in found:
        first = next((parts for name in ids if (parts := parts_of(data, name, line.place))), None)
        cells = [line.name, NOT_APPLICABLE.sign if first is None else format_number(first.base)]
        for item in items:
            cells += _cells(data, item, line.place, kinds[item.id], bare=True)
        rows.append(Row(cells=cells))
    return _table(data, show, columns, rows, ids, [line.place for line in found])


def _cells(data: NoteData, item: Indicator, place: Place, kinds: Sequence[Beside], *, bare: bool = False) -> list[str]:
    """The figure, then for each kind the other figure and the difference; signs of per cent stand in heads."""
    small = data.conventions.thresholds.small_group
    now = parts_of(data, item.id, place)
    cells = [figure(data, item, place, sign=not bare)]
    for what in kinds:
        found = _HOW[what](data, item.id, place)
        other = found.parts if found else None
        few = now is not None and is_share(item) and (now.base or 0) < small
        gap = None if few else change(data, item, now, other)
        beside = NO_CELL if other is None else shown(item, other, small, sign=not bare)
        why = SMALL.sign if few else NO_CELL
        cells += [beside, why if gap is None else signed(item, gap, unit=not bare)]
    return cells


def _here(data: NoteData) -> Head:
    return Head(title="".join(data.focus.values()) or "Здесь", align="right", width=1.1)


def _gap() -> Head:
    return Head(title="Разница", align="right", width=1.2)


def _title(data: NoteData, ids: Sequence[str], place: Place, what: Beside) -> str:
    """«5-е классы», «НОО»."""
    if what == "grade":
        return f"{place.grade}\u2011е классы"
    level = next((item for item in data.school.levels if item.id == place.level), None)
    return level_name(level) if level else place.level


def _table(
    data: NoteData, show: Show, columns: list[Head], rows: list[Row], ids: Sequence[str], found: Sequence[Place]
) -> Table:
    notes = [*show.notes, *base_notes(data, ids, rows, found)]
    if any(head.group or head.title == "Разница" for head in columns):
        notes.insert(len(show.notes), _MEANING)
    heads = {head.title for head in columns}
    for level in data.school.levels:
        if level.id == level_name(level) and level.id in heads:
            notes.append(f"{level.id}{NBSP}{DASH} {russian.lower_first(level.title)}.")
    return Table(caption=show.caption, columns=columns, rows=rows, notes=notes, label=show.label)


_MEANING = (
    "Показатель параллели или уровня – по всем их классам вместе, этот класс тоже входит; разница – из неокруглённых "
    "величин, для групп меньше порога она не указывается."
)
