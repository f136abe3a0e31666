"""Tables of outcomes: who learns how, by level, grade and class, and the schools side by side. Wording is elsewhere."""

from __future__ import annotations

from soko.analysis.rounding import format_number
from soko.notes import hidden, legend
from soko.notes.data import QUALITY, NoteData
from soko.notes.places import Place
from soko.notes.table_parts import count, is_small, row_kind, row_name, share, with_base
from soko.publish.blocks import Head, Row, Table
from soko.russian import DASH

SUCCESS = "outcomes.success"
REST = ""  # everybody else: two «3» or more, no «2», no «н/а»
#: Counts of the outcomes table: indicator, head of the column.
COUNTS = (
    ("outcomes.excellent", "на «5»"),
    ("outcomes.good", "на «4» и «5»"),
    ("outcomes.one_three", "с одной «3»"),
    (REST, "с «3»"),
    ("outcomes.failing", "с «2»"),
    ("outcomes.not_attested", "с «н/а»"),
)
#: Where the base of a row may be told, though a figure of it is hidden.
_OUTCOMES = (QUALITY, SUCCESS, *(indicator for indicator, _ in COUNTS if indicator != REST))
#: Measures over marks, not over pupils: indicator, head of the column.
SOU = "subjects.sou"
OVER_MARKS = ((SOU, "СОУ"), ("subjects.mean_mark", "Средний балл"))


def outcomes(data: NoteData, school: str, scopes: tuple[str, ...], caption: str, label: str = "") -> Table | None:
    """Who learns how: counts by category, success, quality, СОУ and mean mark; the total last.

    ``scopes`` are levels and grades, or classes. None when nobody is in the base.
    """
    rows: list[Row] = []
    small = False
    for place, base in with_base(data, school, scopes, _OUTCOMES):
        small |= is_small(data, base)
        rows.append(_row(data, school, place, row_name(data, place), base, row_kind(place)))
    if not rows:
        return None
    columns = _columns(data, first_column(scopes))
    notes = legend.outcomes(data, school, label, small=small)
    if scopes == ("level",):
        notes.append("В каждой параллели один класс: итоги параллелей – это итоги классов (следующий раздел).")
    notes += legend.codes(data, (cell for row in rows for cell in row.cells))
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)


def first_column(scopes: tuple[str, ...]) -> str:
    """Head of the column of names."""
    return "Класс" if scopes == ("class",) else "Уровень" if scopes == ("level",) else "Уровень, параллель"


def by_school(data: NoteData) -> Table | None:
    """The schools of the workspace side by side, all together last."""
    rows: list[Row] = []
    small = False
    for school in [*data.schools, ""]:
        base = hidden.base(data, _OUTCOMES, school, {})
        if not base and not hidden.first_sign(data, _OUTCOMES, school, {}):
            continue
        small |= is_small(data, base)
        rows.append(_row(data, school, None, school or legend.whole(data), base, "body" if school else "total"))
    if not rows:
        return None
    label = "by_school"
    notes = legend.outcomes(data, "", label, small=small)
    notes += legend.codes(data, (cell for row in rows for cell in row.cells))
    return Table(caption="Итоги по школам", columns=_columns(data, "Школа"), rows=rows, notes=notes, label=label)


def _row(data: NoteData, school: str, place: Place | None, name: str, base: float | None, kind: str) -> Row:
    dims = place.now if place else {}
    cells = [name, hidden.first_sign(data, _OUTCOMES, school, dims) if base is None else format_number(base)]
    cells += [
        _others(data, school, dims, base) if indicator == REST else count(data, indicator, school, dims)
        for indicator, _ in COUNTS
    ]
    cells += [share(data, indicator, school, dims) for indicator in (SUCCESS, QUALITY)]
    cells += [share(data, indicator, school, dims) for indicator, _ in over_marks(data)]
    return Row.model_validate({"cells": cells, "kind": kind})


def _others(data: NoteData, school: str, dims: dict[str, str], base: float | None) -> str:
    """Everybody else of the base; of hidden counts nothing is subtracted: the rest would be wrong, or tell them."""
    counted = [indicator for indicator, _ in COUNTS if indicator != REST]
    sign = hidden.first_sign(data, counted, school, dims)
    if base is None or sign:
        return sign or hidden.first_sign(data, _OUTCOMES, school, dims)
    found = [data.current.get(indicator, school, **dims) for indicator in counted]
    if data.public and None in found:  # not published by this breakdown
        return DASH
    others = base - sum(parts.part for parts in found if parts)
    return hidden.small(data, others) or format_number(others)


def _columns(data: NoteData, first: str) -> list[Head]:
    columns = [Head(title=first, width=1.7), Head(title="В базе", unit="чел.", align="decimal")]
    columns += [Head(title=title, unit="чел.", align="decimal", group="Учатся", width=1.2) for _, title in COUNTS]
    columns.append(Head(title="Успеваемость", unit="%", align="decimal", width=1.9))
    columns.append(Head(title="Качество знаний", unit="%", align="decimal", width=1.4))
    for indicator, title in over_marks(data):
        unit = "%" if data.catalogue[indicator].unit == "percent" else ""
        columns.append(Head(title=title, unit=unit, align="decimal", width=1.2))
    return columns


def over_marks(data: NoteData) -> list[tuple[str, str]]:
    """Measures over marks that the tables have, with the heads of their columns; no СОУ where none is published."""
    return [one for one in OVER_MARKS if one[0] in data.catalogue and (one[0] != SOU or legend.has_sou(data))]
