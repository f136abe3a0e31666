"""The clean tables: data/clean/<period>/<table>.parquet, typed, sorted, pupils under a pseudonym.

What does not get there, and why (each is told by a finding): all but one of identical rows; marks of grades that are
not marked; marks of columns that are no subject; empty marks; absences of somebody who is not in the list.
Rows with other warnings stay. ``soko.validation.accounting`` says why of each row that a SELECT here leaves out: the
two are changed together.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from soko.errors import FailureError
from soko.tables import ColumnType, Table

if TYPE_CHECKING:
    import duckdb

TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "mark": pa.string(),
    "class": pa.string(),
    "subject": pa.string(),
    "person": pa.string(),
    "sex": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}
# Of attendance the class is only where it was written down; its pupils have theirs in the list.
_NO_GRADE = ("attendance",)

# Every statement reads the working tables of soko.validation.bench; {columns} are the contract's clean columns.
_SELECT: dict[str, str] = {
    # A pupil who went from one class to another has several rows: his class is that of the period's end, he came to
    # the school with the first row and left it with the last.
    "pupils": """
        WITH one AS (
            SELECT * REPLACE (school_since AS arrived_on, school_from AS arrived_from, school_left AS left_on,
                              school_to AS left_to)
            FROM stays WHERE is_main)
        SELECT {columns} FROM one ORDER BY school_id, grade, class, pupil_id""",
    # The class of the list counts, not that of the gradebook: a pupil has one class at the period's end.
    "marks": """
        WITH listed AS (
            SELECT school_id, pupil_id, class, grade, level FROM stays WHERE is_main),
        own AS (
            SELECT m.* REPLACE (
                coalesce(p.class, m.class) AS class, coalesce(p.grade, m.grade) AS grade,
                coalesce(p.level, m.level) AS level)
            FROM marks AS m LEFT JOIN listed AS p USING (school_id, pupil_id))
        SELECT {columns} FROM own
        WHERE mark IS NOT NULL
          AND NOT coalesce(list_contains((SELECT unmarked_grades FROM params), grade), false)
          AND subject NOT IN (SELECT subject FROM curriculum_table WHERE NOT counted)
        QUALIFY row_number() OVER (PARTITION BY school_id, pupil_id, subject ORDER BY _i) = 1
        ORDER BY school_id, grade, class, pupil_id, subject""",
    "attendance": """
        SELECT {columns} FROM attendance AS a
        WHERE EXISTS (SELECT 1 FROM stays AS p WHERE p.school_id = a.school_id AND p.pupil_id = a.pupil_id)
        QUALIFY row_number() OVER (PARTITION BY school_id, pupil_id ORDER BY _i) = 1
        ORDER BY school_id, pupil_id""",
    "classes": """
        WITH counted AS (
            SELECT school_id, class, grade, level,
                count(*) FILTER ((since IS NULL OR since <= params.opening)
                             AND (left_on IS NULL OR left_on > params.opening)) AS pupils_start,
                count(*) FILTER (since > params.opening AND since <= params.period_end) AS arrived,
                count(*) FILTER (left_on > params.opening AND left_on <= params.period_end) AS "left",
                count(*) FILTER ((since IS NULL OR since <= params.period_end)
                             AND (left_on IS NULL OR left_on > params.period_end)) AS pupils_end
            FROM stays, params WHERE class IS NOT NULL GROUP BY ALL),
        given AS (
            SELECT * FROM classes WHERE class IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY school_id, class ORDER BY _i) = 1),
        joined AS (
            SELECT coalesce(g.school_id, c.school_id) AS school_id, coalesce(g.class, c.class) AS class,
                coalesce(g.grade, c.grade) AS grade, coalesce(g.level, c.level) AS level,
                coalesce(g.pupils_start, c.pupils_start) AS pupils_start,
                coalesce(g.arrived, c.arrived) AS arrived, coalesce(g."left", c."left") AS "left",
                coalesce(g.pupils_end, c.pupils_end) AS pupils_end,
                g.* EXCLUDE (school_id, class, grade, level, pupils_start, arrived, "left", pupils_end)
            FROM given AS g FULL JOIN counted AS c ON g.school_id = c.school_id AND g.class = c.class)
        SELECT {columns} FROM joined ORDER BY school_id, grade, class""",
    "staff": "SELECT DISTINCT {columns} FROM staff ORDER BY ALL",
}


def columns(table: Table) -> list[str]:
    """Columns of the table's Parquet: school_id first, then the contract's, then grade and level where they apply."""
    names = ["school_id", *(name for name in table.clean_columns if name != "school_id")]
    return [*names, "grade", "level"] if has_grade(table) else names


def has_grade(table: Table) -> bool:
    """Whether rows of the table belong to a class, so that grade and level follow from it."""
    return table.table not in _NO_GRADE and any(column.name == "class" for column in table.columns)


def typed(frame: pd.DataFrame, table: Table) -> pa.Table:
    """The frame's clean columns with the contract's types, a column that is missing as NULL; row for row."""
    names = [column for column in table.columns if column.clean and not column.personal]
    fields, arrays = [], []
    for column in names:
        kind = TYPES[column.type]
        fields.append(pa.field(column.name, kind))
        arrays.append(
            _array(frame[column.name], kind, f"{table.table}.{column.name}")
            if column.name in frame
            else pa.nulls(len(frame), kind)
        )
    return pa.table(arrays, schema=pa.schema(fields))


def _array(series: pd.Series, kind: pa.DataType, where: str) -> pa.Array:
    try:
        if pa.types.is_string(kind):
            return texts(series)
        if pa.types.is_date(kind):
            return pa.array(pd.to_datetime(series).astype("datetime64[s]"), pa.timestamp("s"), from_pandas=True).cast(
                kind
            )
        if pa.types.is_boolean(kind):
            return pa.array([None if pd.isna(v) else bool(v) for v in series], kind)
        return pa.array(pd.to_numeric(series), from_pandas=True).cast(kind)
    except (ValueError, TypeError, pa.ArrowInvalid):
        # The value itself stays out of the message: it may be anything, a name included.
        raise FailureError(f"в таблице осталось значение не типа {kind}", where=where) from None


def texts(series: pd.Series) -> pa.Array:
    """The values as text, missing ones as NULL. Arrow takes a column of text whole; one with numbers in it cell by
    cell, which is ten times slower."""
    values = series.to_numpy(dtype=object)
    try:
        return pa.array(values, pa.string(), from_pandas=True)
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        missing = pd.isna(values)
        return pa.array([None if gone else str(v) for v, gone in zip(values, missing, strict=True)], pa.string())


@dataclass(frozen=True)
class Stored:
    """A clean table that stands in a file and is to be taken as it is."""

    path: Path
    rows: int

    def __len__(self) -> int:
        return self.rows


def names(tables: dict[str, Table], present: set[str]) -> list[str]:
    """Tables that become clean: those that are there, and ``classes``, which follows from the pupils."""
    return [name for name in tables if name in present or (name == "classes" and "pupils" in present)]


def build(connection: duckdb.DuckDBPyConnection, tables: dict[str, Table], present: set[str]) -> dict[str, pa.Table]:
    """The clean tables from the working tables of the connection; ``classes`` always, the others where present."""
    return {name: connection.sql(statement(tables[name])).to_arrow_table() for name in names(tables, present)}


def statement(table: Table) -> str:
    """The SELECT that makes the clean table of the working ones."""
    quoted = ", ".join(f'"{column}"' for column in columns(table))
    return _SELECT.get(table.table, "SELECT DISTINCT {columns} FROM " + table.table + " ORDER BY ALL").format(
        columns=quoted
    )


def write(tables: Mapping[str, pa.Table | Stored], folder: Path) -> list[Path]:
    """Write the tables into ``folder`` as a whole: an interrupted run leaves the former ones untouched."""
    import pyarrow.parquet as pq

    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    former = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    try:
        for name, table in tables.items():
            if isinstance(table, Stored):
                shutil.copyfile(table.path, fresh / f"{name}.parquet")
                continue
            pq.write_table(table.replace_schema_metadata(None), fresh / f"{name}.parquet", compression="zstd")
        if folder.exists():
            folder.rename(former)
        fresh.rename(folder)
    except BaseException:
        if former.exists() and not folder.exists():
            former.rename(folder)
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(former, ignore_errors=True)
    return sorted(folder.glob("*.parquet"))


def read(folder: Path, table: Table) -> pa.Table | None:
    """A table of another period's clean folder in the present contract's columns, or None when there is none.

    A column that the file does not know yet is NULL, so that an older period stays comparable.
    """
    import pyarrow.parquet as pq

    path = folder / f"{table.table}.parquet"
    if not path.is_file():
        return None
    stored = pq.read_table(path)
    wanted: dict[str, Any] = {column.name: TYPES[column.type] for column in table.columns}
    wanted |= {"school_id": pa.string(), "grade": pa.int64(), "level": pa.string()}
    names = columns(table)
    arrays = [
        stored[name].cast(wanted[name]) if name in stored.column_names else pa.nulls(len(stored), wanted[name])
        for name in names
    ]
    return pa.table(arrays, schema=pa.schema([(name, wanted[name]) for name in names]))
