"""Rows of one person in a Parquet file of ours: how many, and the file without them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soko.retention.person import Person

if TYPE_CHECKING:
    import pyarrow as pa

_NOT_PUPILS = ("staff", "teacher")


def number(path: Path, person: Person) -> int:
    """How many rows (and single values of other rows) ``without`` would take out."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    own, others = _found(table, person)
    return len(own) + sum(len(rows - own) for rows in others.values())


def without(path: Path, person: Person) -> None:
    """Rewrite the file, as a whole or not at all: his rows go; where another row names him, the value does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    own, others = _found(table, person)
    if not own and not others:
        return
    for name, rows in others.items():
        values = [None if at in rows else value for at, value in enumerate(table[name].to_pylist())]
        at = table.column_names.index(name)
        table = table.set_column(at, table.schema.field(name), pa.array(values, table.schema.field(name).type))
    kept = [at for at in range(len(table)) if at not in own]
    fresh = path.with_name(f".{path.name}.fresh.tmp")
    try:
        pq.write_table(table.take(pa.array(kept, pa.int64())), fresh, compression="zstd")
        fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _found(table: pa.Table, person: Person) -> tuple[set[int], dict[str, set[int]]]:
    """Numbers of his own rows; and by column those of rows of others that name him."""
    import pyarrow as pa

    texts = [name for name in table.column_names if pa.types.is_string(table.schema.field(name).type)
             or pa.types.is_large_string(table.schema.field(name).type)]  # fmt: skip
    register = "pseudonym" in table.column_names and "kind" in table.column_names
    kinds = table["kind"].to_pylist() if register else []
    own: set[int] = set()
    others: dict[str, set[int]] = {}
    for name in texts:
        values = table[name].to_pylist()
        told = {value: person.in_cell(value) for value in set(values) if value is not None}
        for at, value in enumerate(values):
            if value is None or told[value] != "sure":
                continue
            if person.is_code(value) or (register and kinds[at] not in _NOT_PUPILS):
                own.add(at)
            elif not register:
                others.setdefault(name, set()).add(at)
    return own, others
