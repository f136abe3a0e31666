"""The one query of a population: every indicator, every set of dimensions, in one pass."""

from __future__ import annotations

from collections.abc import Sequence

from soko.indicators.model import DIMENSIONS, WITHIN_SCHOOL, Indicator

NO_GRADE = -1


def grouping_sets(item: Indicator) -> list[tuple[str, ...]]:
    """Sets of the indicator: each within a school, and over all schools where that makes sense."""
    sets: list[tuple[str, ...]] = []
    for names in item.dimensions:
        ordered = tuple(name for name in DIMENSIONS if name in names)
        sets.append(("school_id", *ordered))
        if not WITHIN_SCHOOL & set(ordered):
            sets.append(ordered)
    return sets


def keys_of(indicators: Sequence[Indicator]) -> list[str]:
    """school_id and every dimension that one of the indicators uses, in the order of the tidy table."""
    used = {name for item in indicators for names in item.dimensions for name in names}
    return ["school_id", *(name for name in DIMENSIONS if name in used)]


def bit(name: str, keys: Sequence[str]) -> int:
    """The bit that GROUPING(keys…) sets when ``name`` is rolled up."""
    return 1 << (len(keys) - 1 - list(keys).index(name))


def set_number(names: Sequence[str], keys: Sequence[str]) -> int:
    """What GROUPING(keys…) gives for the set ``names``."""
    return sum(bit(name, keys) for name in keys if name not in names)


def group_query(view: str, indicators: Sequence[Indicator]) -> str:
    """SQL giving a row a group: ``g`` (the number of its set), school_id, the dimensions, and n0, d0, n1, d1, …

    A dimension that is rolled up or missing in the data is '' (grade: −1); ``g`` tells the two apart. Counts have no d.
    The long form is made from it in numpy: doing that in SQL too took twice the time, nearly all of it planning.
    """
    keys = keys_of(indicators)
    distinct = sorted({names for item in indicators for names in grouping_sets(item)})
    spelled = ", ".join("(" + ", ".join(f'"{name}"' for name in names) + ")" for names in distinct)
    shown = [
        f'coalesce("{name}", {NO_GRADE})::INTEGER AS "{name}"'
        if name == "grade"
        else f'coalesce("{name}", \'\') AS "{name}"'
        for name in keys
    ]
    for i, item in enumerate(indicators):
        # A share's numerator over nothing is 0; a count of nothing told is not a number: «нет данных», never 0.
        empty = "0" if item.denominator else "'NaN'::DOUBLE"
        shown.append(f"coalesce(CAST(({item.numerator}) AS DOUBLE), {empty}) AS n{i}")
        if item.denominator:
            shown.append(f"coalesce(CAST(({item.denominator}) AS DOUBLE), 0) AS d{i}")
    listed = ", ".join(f'"{name}"' for name in keys)
    return (
        f"SELECT GROUPING({listed})::INTEGER AS g, {', '.join(shown)} FROM {view} "
        f"GROUP BY GROUPING SETS ({spelled}) HAVING count(*) > 0"
    )
