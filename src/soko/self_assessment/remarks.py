"""remarks.csv: what was found about a report, so that the command line and the public edition read it again."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from soko.self_assessment.verdict import Remark

NAME = "remarks.csv"
HEADS = ["kind", "holds", "place", "message", "what", "value", "confirmed"]


def read(folder: Path) -> list[Remark]:
    """The remarks of a publication; none where it has no file of them."""
    path = folder / NAME
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream))
    return [Remark(**{name: row[name] for name in HEADS}) for row in rows]


def row(item: Remark) -> list[str]:
    """A remark as a row of the file."""
    return [str(getattr(item, name)) for name in HEADS]
