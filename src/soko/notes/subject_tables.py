"""The table of subjects: success, quality compared, СОУ with its changes, mean mark."""

from __future__ import annotations

from soko.analysis.rounding import format_number, format_points
from soko.notes import doubtful, hidden, legend
from soko.notes.comparison import cells_of, heads_of
from soko.notes.data import NoteData
from soko.notes.facts import before, change
from soko.notes.figure_words import show
from soko.notes.table_parts import compared, heading, scoped, share
from soko.publish.blocks import Head, Row, Table

_SHARES = ("subjects.quality", "subjects.success")
_SOU, _MEAN = "subjects.sou", "subjects.mean_mark"


def subject_table(data: NoteData, school: str, caption: str, label: str = "") -> Table | None:
    """Subjects: base, success, quality with the earlier periods, СОУ with its changes, mean mark."""
    kinds, sou = compared(data), legend.has_sou(data)
    small_group = data.conventions.thresholds.small_group
    rows: list[Row] = []
    small = False
    doubted = doubtful.subjects(data)
    for place in scoped(data, school, ("subject",)):
        base = hidden.base(data, _SHARES, school, place.now)
        sign = hidden.first_sign(data, _SHARES, school, place.now)
        if not base and not sign:
            continue
        small |= base is not None and base < small_group
        mark = "*" if place.key in doubted else ""
        size = sign if base is None else format_number(base)
        cells = [f"{place.name}{mark}", size, share(data, "subjects.success", school, place.now)]
        cells += cells_of(data, school, "subjects.quality", place)
        if sou:
            now = data.current.get(_SOU, school, **place.now)
            own = hidden.sign(data, _SOU, school, place.now)
            cells.append(own or show(data.catalogue[_SOU], now, sign=False))
            for which in kinds:
                found = change(data, data.catalogue[_SOU], now, before(data, _SOU, place, which))
                dims = place.previous if which == "previous" else place.year_ago
                their = hidden.of_change(own, hidden.sign(data, _SOU, school, dims, which))
                cells.append(their or format_points(found.delta if found else None, unit=""))
        if _MEAN in data.catalogue:
            cells.append(share(data, _MEAN, school, place.now))
        rows.append(Row(cells=cells))
    if not rows:
        return None
    columns = [
        Head(title="Предмет", width=2.9),
        Head(title="В базе", align="decimal"),
        Head(title="Успев.", unit="%", align="decimal"),
    ]
    if kinds:
        columns += heads_of(data, "Качество знаний, %")
    else:
        columns.append(Head(title="Качество знаний", unit="%", align="decimal"))
    if sou:
        group = "СОУ, %" if kinds else ""
        columns.append(
            Head(
                title=heading(data, "now") if kinds else "СОУ", unit="" if kinds else "%", align="decimal", group=group
            )
        )
        columns += [
            Head(title=f"± {heading(data, which)}", unit="п.п.", align="decimal", group=group) for which in kinds
        ]
    if _MEAN in data.catalogue:
        columns.append(Head(title="Ср. балл", align="decimal"))
    notes = legend.subjects(data, school, label, small=small, doubtful=any(row.cells[0].endswith("*") for row in rows))
    notes += legend.codes(data, (cell for row in rows for cell in row.cells))
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)
