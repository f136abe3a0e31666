"""data/clean of a year of parts: the clean tables of its parts, and those that are put together of them.

``<year>/<part>/`` (``2024-2025_q4``) is a copy of the part's clean tables, so that the year stays what it was computed
from. ``<year>/school_year/`` holds the pupils and the marks of the school year that ended in the year. ``<year>/``
itself holds every table once: everybody who was on a list, dated rows of the year, sums over the terms; of any other
table the latest. In a school year a table that its own folder has is taken from there (``Parts.among``). Nothing here
invents a row: what a table lacks is told by ``soko.indicators.taken``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from soko import clean
from soko.indicators.sources import connect
from soko.params import Params
from soko.periods import Kind, Period
from soko.tables import Table, load_tables
from soko.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SCHOOL_YEAR = "school_year"
#: Tables of which a school year's own folder has a share, its terms the rest: examinations of June and works of spring;
#: lists and gradebooks of the grades that finish and those of everybody.
SHARED = ("exams", "reference_values", "pupils", "marks", "classes")
#: Of two periods that end on one day: a list that covers less of the school ranks below, then the narrower kind.
_BREADTH: dict[Kind, int] = {"quarter": 0, "trimester": 1, "half": 2, "year": 3, "calendar": 4}


@dataclass
class Parts:
    """The parts of a year and their clean tables, least up to date first; a school year's own folder is the last."""

    params: Params
    year: Period
    root: Path
    tables: dict[str, Table]
    periods: list[Period] = field(default_factory=list)

    def folder(self, part: Period) -> Path:
        """Where the year keeps its copy of the part."""
        return self.root / part.id.replace("/", "_")

    def end(self, part: Period) -> date:
        """The part's last day."""
        return self.params.dates(part).end

    def has(self, part: Period, table: str) -> bool:
        """Whether the part has handed the table in."""
        return table in self._there.get(part, ())

    @cached_property
    def _there(self) -> dict[Period, set[str]]:
        return {part: {path.stem for path in self.folder(part).glob("*.parquet")} for part in self.periods}

    def having(self, table: str) -> list[Period]:
        """The parts that have the table, the latest last."""
        return [part for part in self.periods if self.has(part, table)]

    def among(self, table: str) -> list[Period]:
        """The parts that the year's table is made of: its own folder alone where that has the table as a whole."""
        if table in SHARED or self.year not in self.periods:
            return self.having(table)
        return [self.year] if self.has_own(table) else [part for part in self.having(table) if part != self.year]

    def has_own(self, table: str) -> bool:
        """Whether the table of the school year's own folder counts: it is there, and no term's is fuller."""
        return self.year in self.periods and self.has(self.year, table) and self.fuller(table) is None

    def fuller(self, table: str) -> Period | None:
        """The term at the year's end whose table fills all columns that the own folder's fills, and others too."""
        if table in SHARED or self.year not in self.periods or not self.has(self.year, table):
            return None
        own = self._filled(self.year, table)
        ending = [part for part in self.school_year_end if part != self.year and self.has(part, table)]
        return next((part for part in reversed(ending) if self._filled(part, table) > own), None)

    def _filled(self, part: Period, table: str) -> set[str]:
        found = self.read(part, table)
        return {name for name in found.column_names if found[name].null_count < len(found)} if found else set()

    @property
    def school_year(self) -> int:
        """In which calendar year the school year begins whose marks the year has."""
        return self.year.year - (self.year.kind == "calendar")

    def of_year(self, school_year: int) -> list[Period]:
        """The parts that belong to the school year beginning in ``school_year``."""
        return [part for part in self.periods if part.year == school_year]

    @cached_property
    def terms(self) -> list[Period]:
        """The terms that make the year up, by the school's scheme, whether or not there are files."""
        return list(self.year.parts(self.params.school.terms))

    @cached_property
    def school_year_end(self) -> list[Period]:
        """The parts that close the school year which ended in the year; none when its end was not handed in."""
        return [part for part in self.of_year(self.school_year) if part.is_last]

    def read(self, part: Period, table: str) -> pa.Table | None:
        """The part's table in the contract's columns."""
        return clean.read(self.folder(part), self.tables[table])


def opened(workspace: Workspace, year: Period) -> Parts:
    """The year as ``build`` left it: parts are the folders that are there."""
    params, root = Params(workspace), workspace.clean(year)
    found = [Period.parse(path.name.replace("_", "/")) for path in root.glob("[0-9]*_*") if path.is_dir()]
    return _ranked(Parts(params, year, root, load_tables(workspace), found))


def build(workspace: Workspace, year: Period, parts: Sequence[Period]) -> Parts:
    """Write data/clean/<year> as a whole from the clean tables of ``parts``."""
    import os
    import shutil

    target = workspace.clean(year)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    made = Parts(Params(workspace), year, fresh, load_tables(workspace), list(parts))
    try:
        for part in parts:
            shutil.copytree(made.params.checked(part), made.folder(part))
        _ranked(made)
        _combine(made)
        former = target.with_name(f".{target.name}.{os.getpid()}.old")
        if target.exists():
            target.rename(former)
        fresh.rename(target)
        shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return opened(workspace, year)


def _ranked(parts: Parts) -> Parts:
    def rank(part: Period) -> tuple[bool, date, int, int]:
        listed = parts.read(part, "pupils")
        size = len(listed) if listed is not None else 0
        return part == parts.year, parts.end(part), size, _BREADTH[part.kind]

    parts.periods = sorted(parts.periods, key=rank)
    return parts


def _combine(parts: Parts) -> None:
    from soko.indicators import combined_rows as rows
    from soko.indicators.combined_marks import year_marks

    connection = connect()
    try:
        everything, marks = {}, year_marks(connection, parts)
        for name, table in parts.tables.items():
            among = parts.among(name)
            if name == "marks":
                made = marks.table
            elif not among:
                continue
            elif name == "pupils":
                made = rows.pupils(connection, parts)
            elif name in rows.BY_TERM and among != [parts.year]:
                made = rows.over_terms(connection, parts, name)
            elif name == "graduates" and parts.year.kind == "calendar":
                made = rows.graduates(connection, parts)
            elif name == "reference_values" or (name == "classes" and parts.year.kind == "year"):
                made = rows.latest(connection, parts, name, table.key, among)
            elif name in rows.DATED:
                made = rows.dated(connection, parts, name)
            else:
                made = parts.read(among[-1], name)
            if made is not None:
                everything[name] = made.select(clean.columns(table))
        _write(everything, parts.root)
        if parts.school_year_end:
            _write(_school_year(connection, parts, marks.table), parts.root / SCHOOL_YEAR)
    finally:
        connection.close()


def _school_year(connection: duckdb.DuckDBPyConnection, parts: Parts, marks: pa.Table | None) -> dict[str, pa.Table]:
    """Pupils and marks of the school year's end; of the other tables those that its «year» has, as they are."""
    from soko.indicators import combined_rows as rows

    made: dict[str, pa.Table | None] = {}
    whole = Period(parts.school_year, "year")
    for name in parts.tables:
        if whole not in parts.periods or name in ("pupils", "marks", "attendance", "classes"):
            continue
        if parts.year.kind == "calendar" or name in SHARED or parts.has_own(name):
            made[name] = parts.read(whole, name)
    if parts.year.kind == "year":
        made["pupils"] = rows.pupils(connection, parts)
    else:
        made["pupils"] = rows.latest(connection, parts, "pupils", ["school_id", "pupil_id"], parts.school_year_end)
    made["marks"] = marks
    return {name: table.select(clean.columns(parts.tables[name])) for name, table in made.items() if table is not None}


def _write(tables: dict[str, pa.Table], folder: Path) -> None:
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table.replace_schema_metadata(None), folder / f"{name}.parquet", compression="zstd")
