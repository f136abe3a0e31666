"""The one query of a population: every indicator, every set of dimensions, in one pass."""

from __future__ import annotations

from collections.abc import Sequence

from soko.indicators.model import DIMENSIONS, UNKNOWN, WITHIN_SCHOOL, Indicator


def grouping_sets(item: Indicator) -> list[tuple[str, ...]]:
    """Sets of the indicator: each within a school, and over all schools where that makes sense."""
    sets: list[tuple[str, ...]] = []
    for names in item.dimensions:
        ordered = tuple(name for name in DIMENSIONS if name in names)
        sets.append(("school_id", *ordered))
        if not WITHIN_SCHOOL & set(ordered):
            sets.append(ordered)
    return sets


def _key(names: Sequence[str], columns: Sequence[str]) -> int:
    """What GROUPING(columns…) gives for the set ``names``: a bit for each column that is rolled up."""
    return sum(1 << (len(columns) - 1 - i) for i, column in enumerate(columns) if column not in names)


def group_query(view: str, indicators: Sequence[Indicator]) -> str:
    """SQL giving ``indicator`` (number in ``indicators``), school_id, the dimensions, numerator and denominator.

    GROUPING() tells a rolled-up column («all», empty) from a value that is missing in the data («не указано»).
    A set whose dimension nobody filled in a school is left out there: a «by sex» of one line «не указано» says nothing.
    """
    sets = [grouping_sets(item) for item in indicators]
    used = [name for name in DIMENSIONS if any(name in names for group in sets for names in group)]
    keys = ["school_id", *used]
    distinct = sorted({names for group in sets for names in group})
    spelled = ", ".join("(" + ", ".join(f'"{name}"' for name in names) + ")" for names in distinct)
    parts = ", ".join(
        f"CAST(({item.numerator}) AS DOUBLE) AS n{i}, "
        + (f"CAST(({item.denominator}) AS DOUBLE) AS d{i}" if item.denominator else f"CAST(NULL AS DOUBLE) AS d{i}")
        for i, item in enumerate(indicators)
    )
    listed = ", ".join(
        f"{{'i': {i}, 'n': n{i}, 'd': d{i}, 'counted': {'false' if item.denominator else 'true'}}}"
        for i, item in enumerate(indicators)
    )
    wanted = ", ".join(f"({i}, {_key(names, keys)})" for i, group in enumerate(sets) for names in group)
    shown, known = [], []
    for name in DIMENSIONS:
        if name not in used:
            shown.append(f'CAST(NULL AS INTEGER) AS "{name}"' if name == "grade" else f"'' AS \"{name}\"")
            continue
        bit = f"(g & {1 << (len(keys) - 1 - keys.index(name))}) <> 0"
        filled = f'"{name}" IS NOT NULL' if name == "grade" else f"coalesce(\"{name}\", '') <> ''"
        known.append(f"({bit} OR {filled})")
        if name == "grade":
            shown.append(f'CAST("{name}" AS INTEGER) AS "{name}"')
        else:
            shown.append(f"CASE WHEN {bit} THEN '' WHEN {filled} THEN \"{name}\" ELSE '{UNKNOWN}' END AS \"{name}\"")
    quoted = ", ".join(f'"{name}"' for name in keys)
    columns = ", ".join(f'"{name}"' for name in DIMENSIONS)
    # Grades are numbers, so «не указано» cannot stand in their column: such a group has no row of its own.
    grade_known = known[used.index("grade")] if "grade" in used else "true"
    return f"""
        WITH grouped AS (
          SELECT GROUPING({quoted}) AS g, {quoted}, {parts}
          FROM {view} GROUP BY GROUPING SETS ({spelled}) HAVING count(*) > 0
        ), told AS (
          SELECT *, bool_or({" AND ".join(known) or "true"}) OVER (PARTITION BY g, school_id) AS any_known
          FROM grouped
        ), long AS (
          SELECT g, school_id, {", ".join(shown)}, unnest([{listed}]) AS part
          FROM told WHERE any_known AND {grade_known}
        )
        SELECT part.i AS indicator, coalesce(school_id, '') AS school_id, {columns},
               coalesce(part.n, 0) AS numerator, part.d AS denominator
        FROM long JOIN (VALUES {wanted}) AS wanted(i, key) ON wanted.i = part.i AND wanted.key = long.g
        WHERE part.counted OR part.d <> 0
    """
