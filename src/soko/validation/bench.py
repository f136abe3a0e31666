"""The workbench of validation: one in-memory DuckDB with everything that a rule's SQL may ask.

Working tables (``pupils``, ``marks``, …) keep one row for each row read, with ``_i`` (its position), ``_file``,
``_sheet``, ``_row``, ``_col``. Personal columns are not in it, so no expression can reach them.
A table that the period lacks is empty and not in ``present``.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from soko import clean
from soko.findings import NOTHING
from soko.params import Params
from soko.periods import Period
from soko.tables import Table
from soko.validation import carried
from soko.validation.exam_relation import add_exam_scales
from soko.validation.reference_relation import TABLE as REFERENCES, add_reference_matches
from soko.validation.settings import believed, order, records, settings, totals
from soko.validation.views import VIEWS

if TYPE_CHECKING:
    import duckdb

ADDRESS = ("_file", "_sheet", "_col")
# ``previous_marks`` and ``year_ago_marks`` are the clean marks of the period before and of the same one last year.
OTHER_PERIODS = ("previous_", "year_ago_")
_SETTINGS = ""  # under this name the fingerprints hold that of all settings


@dataclass
class Bench:
    """The connection, the contracts, and which tables (and ``previous_<table>``, ``year_ago_<table>``) there are."""

    connection: duckdb.DuckDBPyConnection
    tables: dict[str, Table]
    present: set[str]
    views: dict[str, str] = field(default_factory=lambda: dict(VIEWS))
    others: dict[str, tuple[Path, Table]] = field(default_factory=dict)
    computed: set[str] = field(default_factory=set)
    prints: dict[str, str] = field(default_factory=dict)

    @cached_property
    def schools(self) -> list[str]:
        """Schools of the pupils list, or of the marks when there is no list."""
        relation = "pupils" if "pupils" in self.present else "marks"
        self.prepare(relation)
        found = self.connection.execute(f"SELECT DISTINCT school_id FROM {relation} ORDER BY 1").fetchall()
        return [row[0] for row in found]

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def prepare(self, statement: str) -> None:
        """Compute the views and read the other periods' tables that the statement names, each once.

        Several rules ask the same view again and again; most tables of other periods are asked by no rule at all.
        """
        for name in sorted(set(re.findall(r"\w+", statement))):
            if name in self.computed:  # by another view that this one names, too
                continue
            if name in self.others:
                self.computed.add(name)
                folder, table = self.others[name]
                stored = clean.read(folder, table)
                self.connection.register(name, stored if stored is not None else _empty(table))
            elif name in self.views:
                self.computed.add(name)
                self.prepare(self.views[name])
                self.connection.execute(f"CREATE TABLE {name} AS {self.views[name]}")

    def fingerprint(self, statement: str) -> str:
        """A key of the statement and of everything that it reads, down to the rows; equal keys mean equal results.

        Any word that is also the name of a relation counts as read: too much is asked again rather than too little.
        What is neither a view nor a table of the data is a setting, and every statement reads all of those.
        """
        read = {name: self._print_of(name) for name in sorted(set(re.findall(r"\w+", statement)))}
        return _digest([statement, self.prints.get(_SETTINGS), {name: value for name, value in read.items() if value}])

    def _print_of(self, name: str) -> str:
        """The fingerprint of a relation; empty for what is none."""
        if name not in self.prints:
            if name in self.others:
                folder, table = self.others[name]
                path = folder / f"{table.table}.parquet"
                content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
                self.prints[name] = _digest([content, clean.columns(table), [c.type for c in table.columns]])
            elif name in self.views:
                self.prints[name] = self.fingerprint(self.views[name])
            else:
                self.prints[name] = ""
        return self.prints[name]

    def names(self, relation: str) -> list[str]:
        """Columns that an expression may use over the relation, technical ones left out."""
        self.prepare(relation)
        rows = self.connection.execute(f'DESCRIBE SELECT * FROM "{relation}"').fetchall()
        return [row[0] for row in rows if not row[0].startswith("_")]


def set_up(intake: Any, params: Params, period: Period, tables: dict[str, Table], *, lazily: bool = False) -> Bench:
    """Build the bench from what was read, the settings and the clean tables of the compared periods.

    ``lazily`` leaves each working table until a statement names it: for a few rules, half of the time.
    """
    import duckdb

    connection = duckdb.connect(":memory:")
    # A rule is text that somebody wrote: it computes over the tables, it does not read or write files.
    for setting in (
        "autoinstall_known_extensions=false",
        "autoload_known_extensions=false",
        "python_enable_replacements=false",
    ):
        connection.execute(f"SET {setting}")
    present: set[str] = set()
    settings(connection, params, period)
    order(connection, params)
    add_exam_scales(connection, params, period)
    prints: dict[str, str] = {_SETTINGS: _settings_print(connection)}
    # A table that says that there was nothing to list is there, and its counts are noughts; one that is empty without a
    # word is not.
    said = {item.table for item in intake.findings if item.rule == NOTHING}
    for name, table in tables.items():
        raw = intake.tables.get(name)
        frame = raw.frame if raw is not None else pd.DataFrame()
        if len(frame) or (raw is not None and name in said):
            present.add(name)
        rows = _working(frame, table)
        connection.register(f"raw_{name}", rows)
        prints[f"raw_{name}"] = _digest(
            [_content(rows), [[*at, own] for at, own in raw.letters.items()] if raw else []]
        )
        if name == REFERENCES:
            add_reference_matches(connection, params, frame)
            for relation in ("reference_matches", "reference_years"):  # they depend on the catalogue, too
                prints[relation] = _content(connection.table(relation).to_arrow_table())
    prints |= dict.fromkeys(("pupils", "stays", "owner"), prints["raw_pupils"])
    connection.execute(_PUPILS)
    connection.execute(_STAYS)
    connection.execute(_OWNER)
    working = {
        name: (_FOLLOWING if _of_pupils(table) else _PLAIN).format(name=name)
        for name, table in tables.items()
        if name != "pupils"
    }
    others: dict[str, tuple[Path, Table]] = {}
    for prefix, other in zip(OTHER_PERIODS, (period.previous(), period.year_ago()), strict=True):
        folder = params.checked(other)
        others |= {f"{prefix}{name}": (folder, table) for name, table in tables.items()}
        present |= {f"{prefix}{name}" for name in tables if (folder / f"{name}.parquet").is_file()}
    printed = believed(intake)
    totals(connection, printed)
    prints["totals"] = _content(connection.table("totals").to_arrow_table())
    if len(printed):
        present.add("totals")
    rows = [[name, tables[name].title, 0 if intake.tables.get(name) is None else len(intake.tables[name].frame)]
            for name in tables]  # fmt: skip
    connection.register(
        "tables", records(rows, [("name", pa.string()), ("title", pa.string()), ("row_count", pa.int64())])
    )
    prints["tables"] = _digest(rows)
    connection.execute("SET enable_external_access=false")
    views = VIEWS | carried.views(tables, present) | working
    bench = Bench(connection, tables, present, views=views, others=others, prints=prints)
    if not lazily:
        bench.prepare(" ".join(working))
    return bench


_LEVELS = """grade AS (SELECT t.*, TRY_CAST(regexp_extract(class, '^\\d+') AS BIGINT) AS grade FROM {source} AS t)
    SELECT grade.*, l.level FROM grade LEFT JOIN levels AS l USING (grade) ORDER BY _i"""
_PUPILS = f"""CREATE TABLE pupils AS WITH filled AS (
    SELECT * REPLACE (coalesce(school_id, (SELECT school_id FROM school)) AS school_id) FROM raw_pupils),
    {_LEVELS.format(source="filled")}"""
# A pupil's stays in classes, one after another; of equal rows one. Two rows of a pupil are a move inside the school: he
# is in the next class from the day on which he left the one before (``since``), and comes to the school with the first
# row and leaves it with the last. ``is_main`` marks the class at the period's end (else the last before it),
# ``moved_from`` the class at the period's start where it was another.
_STAYS = """CREATE TABLE stays AS WITH once AS (
        SELECT * FROM pupils WHERE pupil_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY school_id, pupil_id, class, arrived_on, left_on ORDER BY _i) = 1),
    chain AS (
        SELECT *, row_number() OVER w AS nth, count(*) OVER (PARTITION BY school_id, pupil_id) AS stays,
            CASE WHEN row_number() OVER w = 1 THEN arrived_on ELSE lag(left_on) OVER w END AS since,
            first_value(arrived_on) OVER whole AS school_since, first_value(arrived_from) OVER whole AS school_from,
            last_value(left_on) OVER whole AS school_left, last_value(left_to) OVER whole AS school_to
        FROM once
        WINDOW w AS (PARTITION BY school_id, pupil_id ORDER BY left_on NULLS LAST, arrived_on NULLS FIRST, _i),
            whole AS (PARTITION BY school_id, pupil_id ORDER BY left_on NULLS LAST, arrived_on NULLS FIRST, _i
                      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)),
    placed AS (
        SELECT chain.*, coalesce(max(nth) FILTER (since IS NULL OR since <= period_end) OVER p, 1) AS main_nth,
            min(nth) FILTER (left_on IS NULL OR left_on > opening) OVER p AS first_nth
        FROM chain, params WINDOW p AS (PARTITION BY school_id, pupil_id))
    SELECT s.* EXCLUDE (moved_on, moved_from, main_nth, first_nth), s.nth = s.main_nth AS is_main,
        CASE WHEN s.first_nth < s.main_nth THEN f.left_on ELSE s.moved_on END AS moved_on,
        CASE WHEN s.first_nth < s.main_nth THEN f.class ELSE s.moved_from END AS moved_from
    FROM placed AS s LEFT JOIN placed AS f
        ON f.school_id = s.school_id AND f.pupil_id = s.pupil_id AND f.nth = s.first_nth"""
# Where a pupil belongs, as far as the list says it without doubt: files of marks rarely name the school.
_OWNER = """CREATE TABLE owner AS SELECT pupil_id, min(school_id) AS school_id, min(class) AS class
    FROM pupils WHERE pupil_id IS NOT NULL GROUP BY pupil_id HAVING count(DISTINCT school_id) = 1"""
_FOLLOWING = f"""WITH filled AS (
    SELECT t.* REPLACE (coalesce(t.school_id, o.school_id, (SELECT school_id FROM school)) AS school_id,
                        coalesce(t.class, o.class) AS class)
    FROM raw_{{name}} AS t LEFT JOIN owner AS o USING (pupil_id)),
    {_LEVELS.format(source="filled")}"""
_PLAIN = f"""WITH filled AS (
    SELECT * REPLACE (coalesce(school_id, (SELECT school_id FROM school)) AS school_id) FROM raw_{{name}}),
    {_LEVELS.format(source="filled")}"""


def _of_pupils(table: Table) -> bool:
    return {"pupil_id", "class", "school_id"} <= {column.name for column in table.columns}


def _working(frame: pd.DataFrame, table: Table) -> pa.Table:
    data = clean.typed(frame, table)
    for name in ("school_id", "class"):
        if name not in data.column_names:
            data = data.append_column(name, pa.nulls(len(data), pa.string()))
    data = data.append_column("_i", pa.array(range(len(data)), pa.int64()))
    for name in ADDRESS:
        values = clean.texts(frame[name]) if name in frame else pa.nulls(len(data), pa.string())
        data = data.append_column(name, values.fill_null(""))
    rows = pd.to_numeric(frame["_row"]) if "_row" in frame else pd.Series([None] * len(data), dtype="float64")
    return data.append_column("_row", pa.array(rows, from_pandas=True).cast(pa.int64()))


def _settings_print(connection: duckdb.DuckDBPyConnection) -> str:
    """A key of all relations that there are before any data: the school's settings, the order, the scales of exams."""
    names = sorted(row[0] for row in connection.execute("SHOW TABLES").fetchall())
    return _digest([[name, _content(connection.table(name).to_arrow_table())] for name in names])


def _content(rows: pa.Table) -> str:
    """SHA-256 of the rows and their types."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def _empty(table: Table) -> pa.Table:
    kinds: dict[str, pa.DataType] = {column.name: clean.TYPES[column.type] for column in table.columns}
    kinds |= {"school_id": pa.string(), "grade": pa.int64(), "level": pa.string()}
    return pa.schema([(name, kinds[name]) for name in clean.columns(table)]).empty_table()
