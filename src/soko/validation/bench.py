"""The workbench of validation: one in-memory DuckDB with everything that a rule's SQL may ask.

Working tables (``pupils``, ``marks``, …) keep one row for each row read, with ``_i`` (its position), ``_file``,
``_sheet``, ``_row``, ``_col``. Personal columns are not in it, so no expression can reach them.
A table that the period lacks is empty and not in ``present``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from soko import clean
from soko.findings import NOTHING
from soko.hashes import sha256_json
from soko.params import Params
from soko.periods import Period
from soko.tables import Table
from soko.validation import carried, working
from soko.validation.exam_relation import add_exam_scales
from soko.validation.reference_relation import TABLE as REFERENCES, add_reference_matches
from soko.validation.settings import believed, order, records, settings, totals
from soko.validation.views import VIEWS

if TYPE_CHECKING:
    import duckdb

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
                self.connection.register(name, stored if stored is not None else working.empty(table))
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
        return sha256_json(
            [statement, self.prints.get(_SETTINGS), {name: value for name, value in read.items() if value}]
        )

    def _print_of(self, name: str) -> str:
        """The fingerprint of a relation; empty for what is none."""
        if name not in self.prints:
            if name in self.others:
                folder, table = self.others[name]
                path = folder / f"{table.table}.parquet"
                content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
                self.prints[name] = sha256_json([content, clean.columns(table), [c.type for c in table.columns]])
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
        rows = working.rows(frame, table)
        connection.register(f"raw_{name}", rows)
        prints[f"raw_{name}"] = sha256_json(
            [_content(rows), [[*at, own] for at, own in raw.letters.items()] if raw else []]
        )
        if name == REFERENCES:
            add_reference_matches(connection, params, frame)
            for relation in ("reference_matches", "reference_years"):  # they depend on the catalogue, too
                prints[relation] = _content(connection.table(relation).to_arrow_table())
    prints |= dict.fromkeys(("pupils", "stays", "owner"), prints["raw_pupils"])
    for statement in (working.PUPILS, working.STAYS, working.OWNER):
        connection.execute(statement)
    statements = working.statements(tables)
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
    prints["tables"] = sha256_json(rows)
    connection.execute("SET enable_external_access=false")
    views = VIEWS | carried.views(tables, present) | statements
    bench = Bench(connection, tables, present, views=views, others=others, prints=prints)
    if not lazily:
        bench.prepare(" ".join(statements))
    return bench


def _settings_print(connection: duckdb.DuckDBPyConnection) -> str:
    """A key of all relations that there are before any data: the school's settings, the order, the scales of exams."""
    names = sorted(row[0] for row in connection.execute("SHOW TABLES").fetchall())
    return sha256_json([[name, _content(connection.table(name).to_arrow_table())] for name in names])


def _content(rows: pa.Table) -> str:
    """SHA-256 of the rows and their types."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()
