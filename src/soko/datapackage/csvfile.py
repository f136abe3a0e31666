"""A clean table as CSV: UTF-8, comma, \\n, ISO dates, true and false, an empty cell for no value."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Written:
    """Size and hash of a file, for the descriptor."""

    size: int
    sha256: str


def write(table: pa.Table, path: Path) -> Written:
    """Write the table; the same table gives the same bytes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*[[cell(value) for value in column.to_pylist()] for column in table.columns], strict=True))
    content = buffer.getvalue().encode("utf-8")
    path.write_bytes(content)
    return Written(len(content), hashlib.sha256(content).hexdigest())


def cell(value: Any) -> str:
    """A value as it stands in the file; text that a spreadsheet would take for a formula gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # «18.0» hours are 18; the shortest form that reads back to the same number.
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else str(value)
