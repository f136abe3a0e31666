"""Tables that compare: now, the previous period and a year ago, in percentage points and in pupils."""

from __future__ import annotations

from soko import russian
from soko.analysis.rounding import format_number, format_points
from soko.indicators.reasons import SMALL
from soko.notes import hidden, legend, tables
from soko.notes.data import QUALITY, NoteData
from soko.notes.facts import before, change
from soko.notes.figure_words import show
from soko.notes.places import Place
from soko.notes.table_parts import compared, heading, is_small, pupils_cell, row_kind, row_name, with_base
from soko.notes.tables import SUCCESS, first_column
from soko.publish.blocks import Head, Row, Table

_GROUPS = ((SUCCESS, "Успеваемость, %"), (QUALITY, "Качество знаний, %"))
#: What the comparison shows, and how texts refer to it: by grade, by class.
SHOWN = tuple(indicator for indicator, _ in _GROUPS)
GRADES, CLASSES = "compared", "class_compared"
LABELS = (GRADES, CLASSES)


def comparison(data: NoteData, school: str, scopes: tuple[str, ...], caption: str, label: str = "") -> Table | None:
    """Success and quality now, before and a year ago, with the differences; None when there is nothing to compare."""
    kinds = compared(data)
    if not kinds:
        return None
    rows: list[Row] = []
    small = False
    for place, base in with_base(data, school, scopes, SHOWN):
        small |= is_small(data, base)
        cells = [row_name(data, place)]
        for indicator, _ in _GROUPS:
            cells += cells_of(data, school, indicator, place)
        rows.append(Row.model_validate({"cells": cells, "kind": row_kind(place)}))
    if not rows:
        return None
    columns = [Head(title=first_column(scopes), width=1.7)]
    for _, group in _GROUPS:
        columns += heads_of(data, group)
    notes = legend.comparison(data, school, label, scopes, small=small)
    notes += legend.codes(data, (cell for row in rows for cell in row.cells))
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)


def cells_of(data: NoteData, school: str, indicator_id: str, place: Place) -> list[str]:
    """A share now; in the previous period with the difference in points and in pupils; a year ago with points.

    Small groups get their numbers and no difference.
    """
    indicator = data.catalogue[indicator_id]
    small_group = data.conventions.thresholds.small_group
    now = data.current.get(indicator_id, school, **place.now)
    own = hidden.sign(data, indicator_id, school, place.now)
    cells = [own or show(indicator, now, small_group, sign=False)]
    for which in compared(data):
        dims = place.previous if which == "previous" else place.year_ago
        apart = dims is None
        earlier = before(data, indicator_id, place, which)
        found = change(data, indicator, now, earlier)
        their = hidden.sign(data, indicator_id, school, dims, which)
        gone = hidden.of_change(own, their)
        cells.append("×" if apart else their or show(indicator, earlier, small_group, sign=False))
        # A pupil of four is 25 points: of a small group nothing is said to have changed.
        gone = gone or (SMALL.sign if found and found.small else "")
        cells.append("×" if apart else gone or format_points(found.delta if found else None, unit=""))
        if which == compared(data)[0]:
            cells.append("×" if apart else gone or pupils_cell(found.pupils if found else None))
    return cells


def heads_of(data: NoteData, group: str) -> list[Head]:
    """Columns of ``cells_of``."""
    columns = [Head(title=heading(data, "now"), align="decimal", group=group)]
    for which in compared(data):
        columns.append(Head(title=heading(data, which), align="decimal", group=group))
        columns.append(Head(title="±", unit="п.п.", align="decimal", group=group))
        if which == compared(data)[0]:
            columns.append(Head(title="≈", unit="чел.", align="decimal", group=group))
    return columns


def over_marks(data: NoteData, school: str, label: str = "") -> Table | None:
    """Changes of СОУ and of the mean mark over all subjects, by level and grade; None without earlier periods."""
    chosen = tables.over_marks(data)
    named = " и ".join(title if at == 0 else russian.lower_first(title) for at, (_, title) in enumerate(chosen))
    caption = f"{named}: сравнение"
    kinds = compared(data)
    rows: list[Row] = []
    ids = [name for name, _ in chosen]
    for place, base in with_base(data, school, ("level", "grade"), ids) if kinds else ():
        sign = hidden.first_sign(data, ids, school, place.now)
        cells = [row_name(data, place), sign if base is None else format_number(base)]
        for name, _ in chosen:
            indicator = data.catalogue[name]
            now = data.current.get(name, school, **place.now)
            own = hidden.sign(data, name, school, place.now)
            cells.append(own or show(indicator, now, sign=False))
            for which in kinds:
                found = change(data, indicator, now, before(data, name, place, which))
                dims = place.previous if which == "previous" else place.year_ago
                sign = hidden.of_change(own, hidden.sign(data, name, school, dims, which))
                cells.append(sign or format_points(found.delta if found else None, indicator.decimals, unit=""))
        rows.append(Row.model_validate({"cells": cells, "kind": row_kind(place)}))
    if not rows:
        return None
    columns = [Head(title="Уровень, параллель", width=1.7), Head(title="Отметок в базе", align="decimal")]
    for name, title in chosen:
        percent = data.catalogue[name].unit == "percent"
        group = f"{title}, %" if percent else title
        columns.append(Head(title=heading(data, "now"), align="decimal", group=group))
        for which in kinds:
            unit = "п.п." if percent else "балл"
            columns.append(Head(title=f"± {heading(data, which)}", unit=unit, align="decimal", group=group))
    notes = legend.over_marks(data, school)
    notes += legend.codes(data, (cell for row in rows for cell in row.cells))
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)
