"""Tables of any indicators: several of them for the whole (``values``), or one row an object (``by``)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.indicators.model import Indicator
from soko.indicators.reasons import NOT_APPLICABLE
from soko.notes import hidden, legend, reasoned, table_parts
from soko.notes.data import NoteData
from soko.notes.figure_words import small_limit
from soko.notes.lacking import lacking
from soko.notes.objects import FIRST, Line, amount, is_share, lines, parts_of
from soko.notes.places import Place, places
from soko.publish.blocks import Head, Row, Table
from soko.russian import NBSP

#: Indicators that get columns of comparison in a table by objects; with more the columns are too narrow to read.
COMPARED = 2
_YEAR_AGO = re.compile(r"Год назад[^.]*\.\s*")
_LONG_NAME = 36  # characters from which a name needs a wide column


def values(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Table | None:
    """One row an indicator: whole, part, value, earlier periods, target; the sign of a reason in empty cells."""
    whole = next(iter(places(data, school, lambda _scope: ())))
    absent = {item.indicator for item in lacking(data)}
    earlier = table_parts.compared(data, show.compare)
    kinds = [which for which in earlier if any(parts_of(data, name, whole, which) for name in ids)]
    shares = any(is_share(data.catalogue[name]) for name in ids)
    # The targets are the school's; a class has none.
    targets = "class" not in data.focus and any(data.catalogue.target(name) is not None for name in ids)
    rows = []
    for name in ids:
        indicator = data.catalogue[name]
        if data.current.has(name, whole.school, **whole.now) or name in absent:
            rows.append(Row(cells=_value_cells(data, indicator, whole, kinds, shares=shares, targets=targets)))
    if not any(data.current.has(name, whole.school, **whole.now) for name in ids):
        return None
    columns = [Head(title=show.first or "Показатель", width=3.2)]
    if shares:
        columns += [Head(title=title, align="decimal", width=0.9) for title in ("Всего", "Из них")]
    columns.append(Head(title=table_parts.heading(data, "now"), align="decimal", width=1.2))
    for which in kinds:
        columns.append(Head(title=table_parts.heading(data, which), align="decimal", width=1.2))
        columns.append(Head(title="Изменение", align="decimal", width=1.3))
    if targets:
        columns.append(Head(title="Цель", align="decimal", width=0.9))
    return Table(
        caption=show.caption,
        columns=columns,
        rows=rows,
        notes=[*_own_notes(data, show, kinds), *_notes(data, ids, rows, small=_small(data, ids, [whole]))],
        label=show.label,
    )


def _value_cells(
    data: NoteData, indicator: Indicator, whole: Place, kinds: Sequence[str], *, shares: bool, targets: bool
) -> list[str]:
    now = parts_of(data, indicator.id, whole)
    cells = [indicator.label]
    if is_share(indicator):
        why = reasoned.absent(data, indicator, whole).sign if now is None else ""
        base = data.current.base_of(indicator.id, whole.school, **whole.now)
        cells += [why if base is None else amount(base), why if now is None else amount(now.part)]
    elif shares:
        cells += [reasoned.NO_CELL, reasoned.NO_CELL]
    cells.append(reasoned.figure(data, indicator, whole))
    for which in kinds:
        cells.append(reasoned.figure(data, indicator, whole, which))
        cells.append(reasoned.difference(data, indicator, whole, which))
    if targets:
        target = data.catalogue.target(indicator.id)
        sign = f"{NBSP}%" if indicator.unit == "percent" else ""
        cells.append(reasoned.NO_CELL if target is None else f"{russian.number(target)}{sign}")
    return cells


def by(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Table | None:
    """One row an object of the dimension: the base once where it is the same, the figures, what changed."""
    shape = {"work": {"grade", "subject"}, "class_subject": {"class", "subject"}}.get(show.dimension, {show.dimension})
    ids = [name for name in ids if name in data.current.indicators or data.current.hides([name], shape)]
    found = lines(data, school, show, ids)
    if not ids or not [line for line in found if not line.whole]:
        return None
    items = [data.catalogue[name] for name in ids]
    kinds = {name: _kinds(data, show, name, found) if len(ids) <= COMPARED else [] for name in ids}
    common = _common_base(data, ids, found)
    rows = [
        Row(cells=_cells(data, line, items, kinds, common=common), kind="total" if line.whole else "body")
        for line in found
    ]
    if (closing := _closing(data, school, show)) is not None:
        last = data.catalogue[show.total_of]
        cells = _cells(data, closing, [last], {last.id: kinds[ids[0]]}, common=common)
        rows.append(Row(cells=cells, kind="total"))
        ids = [*ids, last.id]
    columns = [Head(title=show.first or FIRST[show.dimension], width=_width(show, found))]
    if common:
        columns.append(Head(title="В базе", align="decimal"))
    for indicator in items:
        columns += _heads(data, indicator, kinds[indicator.id], common=common)
    small = _small(data, ids, [line.place for line in found])
    earlier = {which for every in kinds.values() for which in every}
    told = legend.cohorts(data, show.dimension, earlier)
    notes = [*_own_notes(data, show, earlier), *told, *_notes(data, ids, rows, small=small)]
    if show.dimension != "item":
        notes += legend.withheld(data, ids)
    return Table(caption=show.caption, columns=columns, rows=rows, notes=notes, label=show.label)


def _closing(data: NoteData, school: str, show: Show) -> Line | None:
    """The last row of ``total_of``: the object whose parts the rows are."""
    dims = {"item": show.whole_item}
    if not show.total_of or not data.current.has(show.total_of, school, **dims):
        return None
    return Line(Place("item", show.whole_item, "Всего", "", school, dims, dims, dims), "Всего", whole=True)


def _own_notes(data: NoteData, show: Show, earlier: Collection[str]) -> list[str]:
    """The notes of the rule file; without what they say of a year ago where no column has it."""
    ago = data.period.year_ago()
    if "year_ago" in earlier or ("previous" in earlier and data.period.previous() == ago):
        return show.notes
    return [said for note in show.notes if (said := _YEAR_AGO.sub("", note).strip())]


def _kinds(data: NoteData, show: Show, name: str, found: Sequence[Line]) -> list[str]:
    """The periods compared with, without one of which no object has the figure: its columns would be empty."""
    return [
        which
        for which in table_parts.compared(data, show.compare)
        if any(parts_of(data, name, line.place, which) for line in found)
    ]


def _width(show: Show, found: Sequence[Line]) -> float:
    """Of the first column: names of things may be long, those of classes are not."""
    if show.dimension not in ("item", "subject", "work", "class_subject"):
        return 1.3
    return 3.6 if max(len(line.name) for line in found) > _LONG_NAME else 2.2


def _common_base(data: NoteData, ids: Sequence[str], found: Sequence[Line]) -> bool:
    """Whether every indicator has the same base in every row, so that it needs to be printed only once."""
    for line in found:
        bases = {parts.base for name in ids if (parts := parts_of(data, name, line.place)) is not None}
        bases |= {known for name in ids if (known := _hidden_base(data, name, line)) is not None}
        if len(bases) > 1 or None in bases:
            return False
    return True


def _hidden_base(data: NoteData, name: str, line: Line) -> float | None:
    """The base of a hidden figure, where it may be told."""
    hides = data.current.why_hidden(name, line.place.school, **line.place.now)
    return data.current.base_of(name, line.place.school, **line.place.now) if hides else None


def _cells(
    data: NoteData, line: Line, items: Sequence[Indicator], kinds: Mapping[str, Sequence[str]], *, common: bool
) -> list[str]:
    cells = [line.name]
    if common:
        ids = [item.id for item in items]
        base = hidden.base(data, ids, line.place.school, line.place.now)
        sign = hidden.first_sign(data, ids, line.place.school, line.place.now) or NOT_APPLICABLE.sign
        cells.append(sign if base is None else amount(base))
    for item in items:
        now = parts_of(data, item.id, line.place)
        if not common and item.unit != "count":
            base = now.base if now else _hidden_base(data, item.id, line)
            cells.append(reasoned.absent(data, item, line.place).sign if base is None else amount(base))
        cells.append(reasoned.figure(data, item, line.place, sign=False))
        for which in kinds[item.id]:
            cells.append(reasoned.figure(data, item, line.place, which, sign=False))
            cells.append(reasoned.difference(data, item, line.place, which, unit=False))
    return cells


def _heads(data: NoteData, item: Indicator, kinds: Sequence[str], *, common: bool) -> list[Head]:
    unit = item.head_unit
    own = [] if common or item.unit == "count" else [Head(title="В базе", align="decimal", group=item.label)]
    if not own and not kinds:
        return [Head(title=item.label, unit=unit, align="decimal")]
    group = f"{item.label},{NBSP}{unit}" if unit else item.label
    heads = [Head(title=head.title, align="decimal", group=group) for head in own]
    heads.append(
        Head(
            title=table_parts.heading(data, "now") if kinds else item.unit_title or "Число",
            align="decimal",
            group=group,
        )
    )
    for which in kinds:
        heads.append(Head(title=table_parts.heading(data, which), align="decimal", group=group))
        heads.append(Head(title="±", unit="п.п." if unit == "%" else "", align="decimal", group=group))
    return heads


def _small(data: NoteData, ids: Sequence[str], found: Sequence[Place]) -> bool:
    return any(
        is_share(item) and (parts := parts_of(data, item.id, place)) and parts.base and parts.base < limit
        for item, limit in ((data.catalogue[name], small_limit(data, data.catalogue[name])) for name in ids)
        if limit is not None
        for place in found
    )


def base_notes(data: NoteData, ids: Sequence[str], rows: Sequence[Row], found: Sequence[Place]) -> list[str]:
    """The bases of the indicators, each once, and what the signs of the rows' cells mean."""
    return _notes(data, ids, rows, small=_small(data, ids, found))


def _notes(data: NoteData, ids: Sequence[str], rows: Sequence[Row], *, small: bool) -> list[str]:
    """The bases, each once; what the signs of empty cells mean; who owes what is absent."""
    bases: dict[str, list[str]] = {}
    for name in ids:
        if name in data.current.indicators and data.catalogue[name].unit != "count":
            bases.setdefault(data.catalogue.base(name), []).append(data.catalogue[name].label)
    if len(bases) == 1:
        notes = [f"База: {next(iter(bases))}."]
    else:
        notes = (
            [f"База: {'; '.join(f'{base} ({_labels(labels)})' for base, labels in bases.items())}."] if bases else []
        )
    pupils = all(data.catalogue.noun(name) == "обучающийся" for name in ids if is_share(data.catalogue[name]))
    notes += legend.small_groups(data, small, pupils=pupils)
    return [*notes, *reasoned.legend(data, (cell for row in rows for cell in row.cells))]


def _few(names: list[str]) -> str:
    """The first three: «„а“, „б“, „в“ и другие»."""
    return russian.listing(names if len(names) <= 3 else [*names[:3], "другие"])


def _labels(labels: Sequence[str]) -> str:
    return _few([russian.quote(label) for label in labels])
