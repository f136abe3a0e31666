"""Keys of the package's tables, declared only where the data keep them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from soko.tables import Table

#: Column → the table whose rows it names, and the column there.
_REFERS = {
    "school_id": ("schools", "school_id"),
    "pupil_id": ("pupils", "pupil_id"),
    "class": ("classes", "class"),
    "programme_id": ("programmes", "programme_id"),
    "staff_id": ("staff", "staff_id"),
    "teacher_id": ("staff", "staff_id"),
    "mentor_id": ("staff", "staff_id"),
}


def primary_key(table: Table, data: pa.Table) -> list[str]:
    """The contract's key when every row has it and no two rows share it, else nothing."""
    if not set(table.key) <= set(data.column_names):
        return []
    rows = _rows(data, table.key)
    return list(table.key) if _is_key(rows) else []


def foreign_keys(name: str, data: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """References of the table to the others of the package: by one column, or within the school."""
    found = []
    own = data[name]
    for column, (other, target) in _REFERS.items():
        if column not in own.column_names or other not in data or other == name:
            continue
        for fields, there in (([column], [target]), (["school_id", column], ["school_id", target])):
            if column == "school_id" and len(fields) > 1:
                continue
            known = _rows(data[other], there)
            said = [row for row in _rows(own, fields) if any(value is not None for value in row)]
            if _is_key(known) and said and set(said) <= set(known):
                found.append(_reference(fields, other, there))
                break
    return found


def _reference(fields: list[str], other: str, there: list[str]) -> dict[str, Any]:
    """Table Schema writes a single column as a string."""
    single = len(fields) == 1
    return {
        "fields": fields[0] if single else fields,
        "reference": {"resource": other, "fields": there[0] if single else there},
    }


def _rows(data: pa.Table, names: list[str]) -> list[tuple[Any, ...]]:
    return list(zip(*[data[name].to_pylist() for name in names], strict=True))


def _is_key(rows: list[tuple[Any, ...]]) -> bool:
    return len(set(rows)) == len(rows) and all(value is not None for row in rows for value in row)
