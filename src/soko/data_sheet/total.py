"""Sums of sheets: what a district knows of its schools, exactly. And which cuts of a sheet add up to the school."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from soko.data_sheet.rows import SheetRow
from soko.indicators.model import UNKNOWN

#: (numerator, denominator); the denominator of a count is None.
Sums = tuple[Fraction, Fraction | None]
Group = tuple[str, str, int | None, str, str]
PARTS = ("level", "grade", "subject")


def add(sheets: Iterable[Sequence[SheetRow]]) -> dict[Group, Sums]:
    """(indicator, level, grade, subject, item) → sums over the schools of all sheets, without rounding.

    A group of which a figure is hidden has no sum. A school that gives a figure for itself and by no level, where
    others give it by levels, does not know its levels: it is in their «не указано», as in a table of all together.
    """
    sums: dict[Group, Sums] = {}
    lost: set[Group] = set()
    rows = [row for sheet in sheets for row in sheet]
    for row in (*rows, *_not_told(rows)):
        group = (row.indicator, row.level if row.grade is None else "", row.grade, row.subject, row.item)
        if row.numerator is None:
            lost.add(group)
            continue
        own = Fraction(row.numerator), None if row.denominator is None else Fraction(row.denominator)
        before = sums.get(group)
        if before is None:
            sums[group] = own
        else:
            base = None if before[1] is None or own[1] is None else before[1] + own[1]
            sums[group] = before[0] + own[0], base
    return {group: found for group, found in sums.items() if group not in lost}


def _not_told(rows: Sequence[SheetRow]) -> Iterator[SheetRow]:
    """Schools of which a cut is not known at all: ``soko.indicators.tidy`` spares them the line «не указано»."""
    for cut in ("level", "subject"):
        of_cut = {(row.school_id, row.indicator) for row in rows if _is_of(row, cut) and not row.item}
        cut_by = {indicator for _, indicator in of_cut}
        for row in rows:
            whole = not (row.level or row.subject or row.item) and row.grade is None
            if whole and row.indicator in cut_by and (row.school_id, row.indicator) not in of_cut:
                yield replace(row, level=UNKNOWN) if cut == "level" else replace(row, subject=UNKNOWN)


def balanced(rows: Sequence[SheetRow]) -> dict[str, list[str]]:
    """Indicator → cuts («level», «grade», «subject») whose rows add up to the whole school, in every school.

    A sheet states it, and its receiver asks whether it still holds. Cuts with a hidden figure are not stated.
    """
    of_school: dict[str, list[SheetRow]] = {}
    for row in rows:
        of_school.setdefault(row.school_id, []).append(row)
    found: dict[str, list[str]] = {}
    for name in sorted({row.indicator for row in rows}):
        cuts = [cut for cut in PARTS if _adds_up(of_school.values(), name, cut)]
        if cuts:
            found[name] = cuts
    return found


def _adds_up(schools: Iterable[Sequence[SheetRow]], indicator: str, cut: str) -> bool:
    seen = False
    for rows in schools:
        own = [row for row in rows if row.indicator == indicator and not row.item]
        whole = [row for row in own if not row.level and row.grade is None and not row.subject]
        parts = [row for row in own if _is_of(row, cut)]
        if not whole or not parts:
            continue
        if any(row.numerator is None for row in (*whole, *parts)):
            return False
        if not _equal(whole[0], parts):
            return False
        seen = True
    return seen


def _is_of(row: SheetRow, cut: str) -> bool:
    filled = {
        "level": bool(row.level) and row.grade is None and not row.subject,
        "grade": row.grade is not None and not row.subject,
        "subject": bool(row.subject) and not row.level and row.grade is None,
    }
    return filled[cut]


def _equal(whole: SheetRow, parts: Sequence[SheetRow]) -> bool:
    numerator = sum((Fraction(row.numerator or 0) for row in parts), Fraction())
    denominator = sum((Fraction(row.denominator or 0) for row in parts), Fraction())
    return close(numerator, whole.numerator) and (whole.denominator is None or close(denominator, whole.denominator))


def close(exact: Fraction, told: float | None) -> bool:
    """Whether two sums are one: those of whole numbers exactly, others as far as a binary fraction keeps them."""
    if told is None:
        return False
    if exact.denominator == 1 and float(told).is_integer():
        return exact == Fraction(told)
    return abs(exact - Fraction(told)) <= abs(exact) * Fraction(1, 10**12) + Fraction(1, 10**12)
