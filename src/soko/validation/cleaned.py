"""The clean tables of a check: those made of the same rows as last time stand in data/clean already."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from soko import clean
from soko.hashes import sha256_file
from soko.validation.bench import Bench
from soko.validation.kept import Kept


def build(bench: Bench, folder: Path, kept: Kept) -> dict[str, pa.Table | clean.Stored]:
    """As ``clean.build``; a table that would be what ``folder`` holds, to the byte, is not made again."""
    found: dict[str, pa.Table | clean.Stored] = {}
    for name in clean.names(bench.tables, bench.present):
        known = kept.get(_key(bench, name)) if kept.is_on else None
        path = folder / f"{name}.parquet"
        if known is not None and path.is_file() and sha256_file(path) == known["sha256"]:
            found[name] = clean.Stored(path, known["rows"])
        else:
            bench.prepare(clean.statement(bench.tables[name]))
            found |= clean.build(bench.connection, {name: bench.tables[name]}, bench.present)
    return found


def remember(bench: Bench, folder: Path, made: dict[str, pa.Table | clean.Stored], kept: Kept) -> None:
    """Note what the written files were made of."""
    for name, table in made.items():
        if kept.is_on and not isinstance(table, clean.Stored):
            kept.put(_key(bench, name), {"sha256": sha256_file(folder / f"{name}.parquet"), "rows": len(table)})


def _key(bench: Bench, name: str) -> str:
    return f"clean {name} {bench.fingerprint(clean.statement(bench.tables[name]))}"
