"""Rows of a year's tables, each made of those of its parts without counting one twice.

``_rank`` is the place of the part: of one thing told by several parts the latest is taken. A part may be contained in
another (a half-year reads the folder of its last quarter), so the same row comes twice and must count once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from soko.periods import Period

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from soko.indicators.combine import Parts

#: Tables of things that happen on a day, and the column of the day.
DATED = {
    "contests": "held_on",
    "exams": "held_on",
    "surveys": "answered_on",
    "lesson_visits": "visited_on",
    "diagnostics": "held_on",
}
#: Tables with numbers «за период», and these numbers. Rows of registers have days too.
BY_TERM = {
    "attendance": ["lessons_missed", "lessons_missed_illness", "lessons_missed_excused", "lessons_missed_unexcused"],
    "registers": ["offences", "crimes"],
}


def stack(connection: duckdb.DuckDBPyConnection, parts: Parts, table: str, among: Iterable[Period]) -> bool:
    """Make ``rows``: the table of all parts ``among``, with ``_rank``, ``_year``, ``_start`` and ``_end`` of each."""
    pieces = []
    for rank, part in enumerate(parts.periods):
        if part not in among:
            continue
        read = parts.read(part, table)
        if read is None:
            continue
        name, span = f"part_{rank}", parts.params.dates(part)
        connection.register(name, read)
        pieces.append(
            f"SELECT *, {rank} AS _rank, {part.year} AS _year, "
            f"DATE '{span.start}' AS _start, DATE '{span.end}' AS _end FROM {name}"
        )
    if pieces:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {' UNION ALL BY NAME '.join(pieces)}")
    return bool(pieces)


def latest(
    connection: duckdb.DuckDBPyConnection, parts: Parts, table: str, key: list[str], among: Iterable[Period]
) -> pa.Table | None:
    """Of each key what the latest part has of it."""
    if not stack(connection, parts, table, among):
        return None
    return arrow(
        connection, f"SELECT * FROM rows QUALIFY _rank = max(_rank) OVER (PARTITION BY {_list(key)}) ORDER BY ALL"
    )


def pupils(connection: duckdb.DuckDBPyConnection, parts: Parts) -> pa.Table | None:
    """Everybody who was on a list of the year, once, as the latest list has him.

    A list gives arrivals of its own school year only, so who stayed from one year to the next has the day on which the
    former list says that he came. Who is on the former list alone left, and who is on the latter alone came, between
    the school years: where no day is written, it is the first day of the new one. In a single school year who is on
    an earlier list and not on the last ones left by the day of the last list that has him.
    """
    if not stack(connection, parts, "pupils", parts.periods):
        return None
    opening = parts.params.calendar(Period(parts.year.year, "year")).year.start
    return arrow(
        connection,
        f"""
        WITH at_end AS (SELECT max(_end) AS _end, max(_rank) AS _rank FROM rows),
        once AS (SELECT *, max(_end) OVER (PARTITION BY school_id, pupil_id) AS _seen FROM rows
                 QUALIFY row_number() OVER (PARTITION BY school_id, pupil_id, _year ORDER BY _rank DESC) = 1),
        former AS (SELECT * FROM once WHERE _year = {parts.year.year - 1}),
        latter AS (SELECT * FROM once WHERE _year = {parts.year.year}),
        years AS (SELECT count(DISTINCT _year) = 2 AS two_years FROM rows)
        SELECT l.* REPLACE (
            CASE WHEN f.pupil_id IS NOT NULL AND f.left_on IS NULL THEN f.arrived_on
                 WHEN f.pupil_id IS NULL AND two_years THEN coalesce(l.arrived_on, DATE '{opening}')
                 ELSE coalesce(l.arrived_on, f.arrived_on) END AS arrived_on,
            CASE WHEN l._seen < at_end._end THEN coalesce(l.left_on, l._seen) ELSE l.left_on END AS left_on)
        FROM latter AS l CROSS JOIN at_end CROSS JOIN years
        LEFT JOIN former AS f ON f.school_id = l.school_id AND f.pupil_id = l.pupil_id
        UNION ALL BY NAME
        SELECT f.* REPLACE (CASE WHEN two_years THEN coalesce(f.left_on, DATE '{opening}')
                                 WHEN f._seen < at_end._end THEN coalesce(f.left_on, f._seen)
                                 ELSE f.left_on END AS left_on)
        FROM former AS f CROSS JOIN at_end CROSS JOIN years
        WHERE NOT EXISTS (SELECT 1 FROM latter AS l WHERE l.school_id = f.school_id AND l.pupil_id = f.pupil_id)
        ORDER BY school_id, grade, class, pupil_id""",
    )


def between_years(connection: duckdb.DuckDBPyConnection, parts: Parts) -> int:
    """How many came or went between the two school years on a day that no list tells."""
    if not stack(connection, parts, "pupils", parts.periods):
        return 0
    return number(
        connection,
        """
        WITH people AS (
            SELECT max(_year) AS latest, min(_year) AS first, bool_or(arrived_on IS NOT NULL) AS arrived,
                   bool_or(left_on IS NOT NULL) AS gone
            FROM rows GROUP BY school_id, pupil_id)
        SELECT count(*) FROM people, (SELECT min(_year) AS one, max(_year) AS two FROM rows)
        WHERE one < two AND ((latest = one AND NOT gone) OR (first = two AND NOT arrived))""",
    )


def dated(connection: duckdb.DuckDBPyConnection, parts: Parts, table: str) -> pa.Table | None:
    """Rows of the year; of each key those of the latest part that has it.

    A row without a day belongs to a calendar year when its part lies within it; of other parts nobody can say. All
    rows of a school year's parts are of that school year.
    """
    if not stack(connection, parts, table, parts.among(table)):
        return None
    return arrow(
        connection,
        f"SELECT * FROM ({_within(parts, DATED[table])}) "
        f"QUALIFY _rank = max(_rank) OVER (PARTITION BY {_list(parts.tables[table].key)}) "
        "ORDER BY ALL",
    )


def left_out(connection: duckdb.DuckDBPyConnection, parts: Parts, table: str) -> int:
    """How many rows have no day and come from a part that reaches into another calendar year."""
    if parts.year.kind == "year" or table not in DATED or not stack(connection, parts, table, parts.having(table)):
        return 0
    first = f"DATE '{parts.year.year}-01-01'"
    return number(connection, f"SELECT count(*) FROM rows WHERE {DATED[table]} IS NULL AND _start < {first}")


def _within(parts: Parts, day: str) -> str:
    if parts.year.kind == "year":
        return "SELECT * FROM rows"
    first, last = f"DATE '{parts.year.year}-01-01'", f"DATE '{parts.year.year}-12-31'"
    return f"SELECT * FROM rows WHERE {day} BETWEEN {first} AND {last} OR ({day} IS NULL AND _start >= {first})"


def graduates(connection: duckdb.DuckDBPyConnection, parts: Parts) -> pa.Table | None:
    """Graduates of the year's summer: certificates from June, destinations from September, a graduate once.

    Rows that name nobody are those of the latest part that has such rows: they cannot be told apart.
    """
    having = parts.having("graduates")
    if not stack(connection, parts, "graduates", having):
        return None
    key = ["school_id", "pupil_id", "class"]
    others = [c for c in _columns(connection) if c not in (*key, "grade", "level") and not c.startswith("_")]
    known = ", ".join(f'arg_max("{name}", _rank) FILTER ("{name}" IS NOT NULL) AS "{name}"' for name in others)
    return arrow(
        connection,
        f"""
        SELECT school_id, pupil_id, arg_max(class, _rank) AS class, arg_max(grade, _rank) AS grade,
               arg_max(level, _rank) AS level, {known}, 0 AS _rank, 0 AS _year, NULL AS _start, NULL AS _end
        FROM rows WHERE pupil_id IS NOT NULL GROUP BY school_id, pupil_id
        UNION ALL BY NAME
        SELECT * FROM rows WHERE pupil_id IS NULL QUALIFY _rank = max(_rank) OVER (PARTITION BY school_id, grade)
        ORDER BY school_id, grade, class, pupil_id""",
    )


def over_terms(connection: duckdb.DuckDBPyConnection, parts: Parts, table: str) -> pa.Table | None:
    """The latest row of each key with its numbers summed over the terms of the year.

    An attendance without one of the terms would be taken for that of the whole year, so there is none. A number that
    one term does not tell is unknown. Offences are those of the pupil: written beside each of his registers, they
    count once a term.
    """
    key, numbers = parts.tables[table].key, BY_TERM[table]
    complete = all(term in parts.periods and parts.has(term, table) for term in parts.terms)
    if not complete and table == "attendance":
        return None
    among = parts.terms if table == "attendance" else parts.having(table)
    found = latest(connection, parts, table, key, among)
    if not complete or found is None:
        return found
    stack(connection, parts, table, parts.terms)
    a_term = ", ".join(f'max("{name}") AS "{name}"' for name in numbers)
    sums = ", ".join(f'CASE WHEN count("{n}") = count(*) THEN sum("{n}") END::BIGINT AS "{n}"' for n in numbers)
    if table == "registers":  # a blank number of offences is none
        sums = ", ".join(f'sum("{name}")::BIGINT AS "{name}"' for name in numbers)
    connection.register("found", found)
    return arrow(
        connection,
        f"""
        WITH of_term AS (SELECT school_id, pupil_id, _rank, {a_term} FROM rows GROUP BY school_id, pupil_id, _rank),
        of_year AS (SELECT school_id, pupil_id, {sums} FROM of_term GROUP BY school_id, pupil_id)
        SELECT f.* REPLACE ({", ".join(f'y."{name}" AS "{name}"' for name in numbers)})
        FROM found AS f LEFT JOIN of_year AS y
          ON y.school_id = f.school_id AND y.pupil_id IS NOT DISTINCT FROM f.pupil_id
        ORDER BY ALL""",
    )


def number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The single number of a query. Fetched to the end: a result that is not blocks what comes next."""
    return int(connection.execute(sql).fetchall()[0][0])


def _columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in connection.execute("DESCRIBE rows").fetchall()]


def _list(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def arrow(connection: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    """The result of a query as Arrow."""
    return connection.sql(sql).to_arrow_table()
