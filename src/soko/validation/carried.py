"""Tables that are the same as in another period: last year's list handed in under a new date.

Dates are left out of the comparison, because the date is what gets changed.
"""

from __future__ import annotations

from soko import clean
from soko.tables import Table


def views(tables: dict[str, Table], present: set[str]) -> dict[str, str]:
    """SQL of the views ``repeated_<table>``: how many rows, and whether they are those of another period.

    ``as_previous`` and ``as_year_ago`` are NULL where the other period has no such table; a table that the period lacks
    gives no row. One view a table, so that a change of one table leaves the others' answers as they are.
    """
    nothing = "SELECT '' AS name, 0 AS n, NULL::BOOLEAN AS as_previous, NULL::BOOLEAN AS as_year_ago WHERE false"
    return {
        f"repeated_{name}": f"{nothing} UNION ALL {_compared(table, present)}" if name in present else nothing
        for name, table in tables.items()
    }


def _compared(table: Table, present: set[str]) -> str:
    name = table.table
    then = [
        f"(SELECT p FROM ({_print(table, other)})) = now.p" if other in present else "NULL"
        for other in (f"previous_{name}", f"year_ago_{name}")
    ]
    return f"""SELECT '{name}' AS name, now.n, {then[0]}, {then[1]}
        FROM ({_print(table, f"({clean.statement(table)})")}) AS now"""


def _print(table: Table, relation: str) -> str:
    """Number of rows and a fingerprint that does not depend on their order."""
    dates = {column.name for column in table.columns if column.type == "date"}
    kept = ", ".join(f'"{name}"' for name in clean.columns(table) if name not in dates)
    return f"""SELECT count(*) AS n, (count(*), sum(hash(rows)::HUGEINT)) AS p
        FROM (SELECT {kept} FROM {relation}) AS rows"""
