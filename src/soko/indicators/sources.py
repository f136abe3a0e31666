"""Bring the clean tables of a period into DuckDB under their contract, whatever columns the files happen to have."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from soko.errors import DataError
from soko.tables import Table

if TYPE_CHECKING:
    import duckdb

_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN"}
REQUIRED = ("pupils",)


_CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
# Above this a second core pays for itself; below, starting threads costs more than the whole computation.
_BIG = 50_000_000


@cache
def _database(_process: int) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={**_CONFIG, "threads": "1"})


def connect(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to an in-memory database that asks nothing of the network; its TEMP relations are its own.

    Opening and closing a database takes a third of the time that a term's indicators take, so a process keeps one
    (a forked one opens its own). ``folder`` with much data gets a database to itself, with all cores.
    """
    if folder is not None and sum(path.stat().st_size for path in folder.glob("*.parquet")) > _BIG:
        import duckdb

        return duckdb.connect(config=dict(_CONFIG))
    return _database(os.getpid()).cursor()


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
            quoted = path.as_posix().replace("'", "''")
            sql += f" UNION ALL BY NAME SELECT * FROM read_parquet('{quoted}')"
            found.append(name)
        connection.execute(sql)
    return found


# A break of the clean tables' contract would multiply or lose rows in the joins without a word.
_CHECKS = {
    "pupils": (
        "SELECT count(*) - count(DISTINCT (school_id, pupil_id)) FROM pupils",
        "обучающийся записан в списке больше одного раза",
    ),
    "marks": (
        "SELECT count(*) - count(DISTINCT (school_id, pupil_id, subject)) FROM marks",
        "у обучающегося больше одной отметки по предмету",
    ),
    "marks, pupils": (
        "SELECT count(*) FROM marks AS m ANTI JOIN pupils AS p USING (school_id, pupil_id)",
        "отметка обучающегося, которого нет в списке",
    ),
    "attendance": (
        "SELECT count(*) - count(DISTINCT (school_id, pupil_id)) FROM attendance",
        "сведения о пропусках обучающегося записаны больше одного раза",
    ),
    "attendance, pupils": (
        "SELECT count(*) FROM attendance AS a ANTI JOIN pupils AS p USING (school_id, pupil_id)",
        "пропуски обучающегося, которого нет в списке",
    ),
}


def check_keys(connection: duckdb.DuckDBPyConnection, found: list[str], where: str) -> None:
    """Refuse clean tables whose keys repeat or point nowhere; DataError with the number of rows."""
    for needs, (sql, problem) in _CHECKS.items():
        if not set(needs.split(", ")) <= set(found):
            continue
        row = connection.execute(sql).fetchone()
        count = row[0] if row else 0
        if count:
            raise DataError(
                f"{problem} (строк: {count})",
                where=f"{where}, {needs.split(', ')[0]}",
                todo="проверьте данные периода ещё раз: soko validate",
            )
