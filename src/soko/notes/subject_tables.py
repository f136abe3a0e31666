"""Tables of subjects: success, quality, СОУ, mean mark."""

from __future__ import annotations

from soko.analysis.rounding import format_number, format_points
from soko.notes import legend
from soko.notes.data import NoteData
from soko.notes.facts import before, change, show
from soko.notes.table_parts import GROUP, compared, ordered, row_name, scoped, share
from soko.publish.blocks import Head, Row, Table


def subject_table(data: NoteData, school: str, caption: str, label: str = "") -> Table | None:
    """Subjects: base, success, quality, СОУ with its change, mean mark. Quality compared has a table of its own."""
    shown = [name for name in ("subjects.success", "subjects.quality", "subjects.mean_mark") if name in data.catalogue]
    kinds = compared(data) if "subjects.sou" in data.catalogue else []
    small_group = data.conventions.thresholds.small_group
    rows: list[Row] = []
    small = False
    for place in scoped(data, school, ("subject",)):
        base = data.current.get("subjects.quality", school, **place.now)
        if base is None or not base.base:
            continue
        small |= base.base < small_group
        cells = [place.name, format_number(base.base)]
        cells += [
            show(data.catalogue[name], data.current.get(name, school, **place.now), small_group, sign=False)
            for name in shown
        ]
        now = data.current.get("subjects.sou", school, **place.now)
        cells.append(share(data, "subjects.sou", school, place.now))
        for which in kinds:
            found = change(data, data.catalogue["subjects.sou"], now, before(data, "subjects.sou", place, which))
            cells.append(format_points(found.delta if found else None, unit=""))
        rows.append(Row(cells=cells))
    if not rows:
        return None
    columns = [Head(title="Предмет", width=3), Head(title="Отметок в базе", align="decimal")]
    columns += [
        Head(title=data.catalogue[name].label, unit=data.catalogue[name].unit_title, align="decimal") for name in shown
    ]
    columns.append(Head(title="СОУ", unit="%", align="decimal"))
    columns += [Head(title=GROUP[which], unit="п.п.", align="decimal", group="Разница: СОУ") for which in kinds]
    return Table(
        caption=caption, columns=columns, rows=rows, notes=legend.subjects(data, kinds, small=small), label=label
    )


def sou(data: NoteData, school: str, caption: str, label: str = "") -> Table | None:
    """СОУ and mean mark over all subjects, by level and grade, with the previous period and a year ago."""
    chosen = [name for name in ("subjects.sou", "subjects.mean_mark") if name in data.catalogue]
    kinds = compared(data)
    rows: list[Row] = []
    for place in ordered(scoped(data, school, ("level", "grade", "overall", "school"))):
        base = data.current.get("subjects.sou", school, **place.now)
        if base is None or not base.base:
            continue
        cells = [row_name(data, place), format_number(base.base)]
        for name in chosen:
            indicator = data.catalogue[name]
            now = data.current.get(name, school, **place.now)
            cells.append(show(indicator, now, sign=False))
            for which in kinds:
                found = change(data, indicator, now, before(data, name, place, which))
                cells.append(format_points(found.delta if found else None, indicator.decimals, unit=""))
        rows.append(Row(cells=cells, kind="total" if place.scope in ("overall", "school") else "body"))
    if not rows:
        return None
    columns = [Head(title="Уровень, параллель", width=1.6), Head(title="Отметок в базе", align="decimal")]
    for name in chosen:
        indicator = data.catalogue[name]
        columns.append(Head(title=indicator.label, unit=indicator.unit_title, align="decimal"))
        delta = "п.п." if indicator.unit == "percent" else indicator.unit_title
        columns += [
            Head(title=GROUP[which], unit=delta, align="decimal", group=f"Разница: {indicator.label}")
            for which in kinds
        ]
    return Table(caption=caption, columns=columns, rows=rows, notes=legend.sou(data, kinds), label=label)
