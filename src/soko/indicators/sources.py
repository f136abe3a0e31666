"""Bring the clean tables of a period into DuckDB under their contract, whatever columns the files happen to have."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko.errors import DataError
from soko.tables import Table

if TYPE_CHECKING:
    import duckdb

_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN"}
REQUIRED = ("pupils",)


# DuckDB takes GROUPING SETS apart into one aggregation a set, of which the coarser rest on the finer. Planning that
# costs a school more than it saves, and of large data the smallest groups are gathered before (soko.indicators.cells).
_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "disabled_optimizers": "grouping_sets",
}
# From so many rows on a second core and a pass over cells pay for themselves; files of fewer bytes have fewer rows.
LARGE = 1_000_000
_LARGE_BYTES = 1_000_000


@cache
def _database(_process: int) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={**_CONFIG, "threads": "1"})


def connect(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to an in-memory database that asks nothing of the network; its TEMP relations are its own.

    Opening and closing a database takes a third of the time that a term's indicators take, so a process keeps one
    (a forked one opens its own). ``folder`` with large data gets a database to itself, with all cores and half of the
    memory; what does not fit is put beside the data, and gone when the connection is closed.
    """
    if folder is not None and is_large(folder):
        import duckdb

        spill = folder.with_name(f".{folder.name}.{os.getpid()}.spill")
        own = {"memory_limit": "50%", "temp_directory": str(spill), "preserve_insertion_order": "false"}
        return duckdb.connect(config={**_CONFIG, **own})
    return _database(os.getpid()).cursor()


def is_large(folder: Path) -> bool:
    """Whether the clean tables of ``folder`` have together so many rows that other ways to the same figures pay."""
    paths = sorted(folder.glob("*.parquet"))
    if sum(path.stat().st_size for path in paths) < _LARGE_BYTES:
        return False
    query = "SELECT sum(num_rows) FROM parquet_file_metadata(?)"
    row = _database(os.getpid()).cursor().execute(query, [[path.as_posix() for path in paths]]).fetchone()
    return bool(row and row[0] >= LARGE)


def fetched(connection: duckdb.DuckDBPyConnection, query: str, *, large: bool) -> Mapping[str, Any]:
    """The result's columns by name: arrays of numpy, or of Arrow, in which many texts are not an object each."""
    if large:
        table = connection.sql(query).to_arrow_table()
        return {name: table[name] for name in table.column_names}
    return connection.execute(query).fetchnumpy()


def columns(table: Table) -> dict[str, str]:
    """SQL types of the clean table by column: those of the contract, and grade and level of tables with a class."""
    kinds = {name: _TYPES.get(table.column(name).type, "VARCHAR") for name in table.clean_columns}
    if "class" in kinds:
        kinds |= {"grade": "INTEGER", "level": "VARCHAR"}
    return {"school_id": "VARCHAR", **kinds}


def empty_tables(connection: duckdb.DuckDBPyConnection, tables: dict[str, Table], prefix: str = "") -> None:
    """One empty table a contract."""
    for name, table in tables.items():
        declared = ", ".join(f'"{column}" {kind}' for column, kind in columns(table).items())
        connection.execute(f"CREATE TEMP TABLE {prefix}{name} ({declared})")


def clean_tables(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, Table], folder: Path, needed: Iterable[str]
) -> list[str]:
    """Make a view a needed table over ``folder``/<table>.parquet; return the names of those that have a file.

    A column that the file lacks is empty, and so is a table without a file: the views stay valid and give no rows.
    """
    for name in REQUIRED:
        if not (folder / f"{name}.parquet").is_file():
            raise DataError(
                f"нет проверенных данных: {name}.parquet",
                where=str(folder),
                todo="сначала проверьте данные периода: soko validate",
            )
    found = []
    wanted = {name: tables[name] for name in tables if name in set(needed)}
    empty_tables(connection, wanted, prefix="empty_")
    for name in wanted:
        path = folder / f"{name}.parquet"
        sql = f"CREATE TEMP VIEW {name} AS SELECT * FROM empty_{name}"
        if path.is_file():
            sql += f" UNION ALL BY NAME SELECT * FROM read_parquet('{quoted(path)}')"
            found.append(name)
        connection.execute(sql)
    return found


def quoted(path: Path) -> str:
    """The path as it stands between single quotes in SQL."""
    return path.as_posix().replace("'", "''")


# A break of the clean tables' contract would multiply or lose rows in the joins without a word.
_REPEATED = "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {} GROUP BY {} HAVING count(*) > 1)"
_CHECKS = {
    "pupils": (
        _REPEATED.format("pupils", "school_id, pupil_id"),
        "обучающийся записан в списке больше одного раза",
    ),
    "marks": (
        _REPEATED.format("marks", "school_id, pupil_id, subject"),
        "у обучающегося больше одной отметки по предмету",
    ),
    "marks, pupils": (
        "SELECT count(*) FROM marks AS m ANTI JOIN pupils AS p USING (school_id, pupil_id)",
        "отметка обучающегося, которого нет в списке",
    ),
    "attendance": (
        _REPEATED.format("attendance", "school_id, pupil_id"),
        "сведения о пропусках обучающегося записаны больше одного раза",
    ),
    "attendance, pupils": (
        "SELECT count(*) FROM attendance AS a ANTI JOIN pupils AS p USING (school_id, pupil_id)",
        "пропуски обучающегося, которого нет в списке",
    ),
}
# Of many marks: a pupil's subjects as bits, so that there is a group a pupil and not a group a mark. A subject that
# nobody wrote down is one of them.
_MANY_MARKS = """
WITH subjects AS (SELECT subject, (row_number() OVER () - 1)::INTEGER AS n FROM (SELECT DISTINCT subject FROM marks))
SELECT coalesce(sum(n_marks - bit_count(seen)), 0)::BIGINT FROM (
  SELECT count(*) AS n_marks, bitstring_agg(s.n, 0, {most}) AS seen
  FROM marks AS m JOIN subjects AS s ON m.subject IS NOT DISTINCT FROM s.subject
  GROUP BY m.school_id, m.pupil_id)"""
_MOST_SUBJECTS = 1000


def check_keys(connection: duckdb.DuckDBPyConnection, found: list[str], where: str, *, large: bool = False) -> None:
    """Refuse clean tables whose keys repeat or point nowhere; DataError with the number of rows."""
    for needs, (sql, problem) in _CHECKS.items():
        if not set(needs.split(", ")) <= set(found):
            continue
        if large and needs == "marks":
            named = connection.execute("SELECT count(*) FROM (SELECT DISTINCT subject FROM marks)").fetchone()
            if named and named[0] <= _MOST_SUBJECTS:
                sql = _MANY_MARKS.format(most=max(named[0] - 1, 1))
        row = connection.execute(sql).fetchone()
        count = row[0] if row else 0
        if count:
            raise DataError(
                f"{problem} (строк: {count})",
                where=f"{where}, {needs.split(', ')[0]}",
                todo="проверьте данные периода ещё раз: soko validate",
            )
