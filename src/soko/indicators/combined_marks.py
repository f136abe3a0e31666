"""The marks of a school year, and of the one that ended in a calendar year: marks of the year or of its last term."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soko.indicators.combined_rows import arrow, stack
from soko.periods import Period

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from soko.indicators.combine import Parts


@dataclass(frozen=True)
class YearMarks:
    """Marks of the school year. ``grades``: from which part the pupils of which grades have them, how many pupils.

    ``lacking``: grades whose pupils have marks of terms and none of the year, where that forbids a table.
    """

    table: pa.Table | None = None
    grades: dict[Period, tuple[list[int], int]] = field(default_factory=dict)
    lacking: list[int] = field(default_factory=list)


def year_marks(connection: duckdb.DuckDBPyConnection, parts: Parts) -> YearMarks:
    """The marks of the school year that ended in the year, of every pupil on the lists of its end.

    A pupil without marks of the year has those of the last term where the school's conventions say so; else there is
    no table until every marked grade has them.
    """
    ending = [part for part in parts.school_year_end if parts.has(part, "marks")]
    if not ending or not stack(connection, parts, "marks", ending):
        return YearMarks()
    breadth = {rank: ("year", "half", "trimester", "quarter").index(part.kind)
               for rank, part in enumerate(parts.periods) if part in ending}  # fmt: skip
    order = "CASE _rank " + " ".join(f"WHEN {rank} THEN {place}" for rank, place in breadth.items()) + " END"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE chosen AS SELECT *, {order} AS _place FROM rows "
        f"QUALIFY dense_rank() OVER (PARTITION BY school_id, pupil_id ORDER BY {order}) = 1"
    )
    counted = connection.execute(
        "SELECT _rank, list_sort(list(DISTINCT grade)), count(DISTINCT (school_id, pupil_id)) "
        "FROM chosen GROUP BY _rank"
    ).fetchall()
    grades = {parts.periods[rank]: ([int(g) for g in found if g is not None], int(number))
              for rank, found, number in sorted(counted)}  # fmt: skip
    lacking = sorted({g for part, (found, _) in grades.items() if part.kind != "year" for g in found})
    partial = any(part.kind != "year" for part in grades)
    if partial and parts.params.conventions.calendar_on(parts.params.dates(parts.year).end).value.year_marks == "given":
        return YearMarks(None, grades, lacking)
    return YearMarks(
        arrow(connection, "SELECT * FROM chosen ORDER BY school_id, grade, class, pupil_id, subject"), grades
    )
