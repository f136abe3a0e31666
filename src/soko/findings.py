"""A finding: one thing that is wrong with the data, with its address. The contract of findings.csv."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Literal

import pandas as pd

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")

#: Rules about a table without rows: nobody says anything of it; it says itself that there was nothing to list.
EMPTY, NOTHING = "table_empty", "table_nothing"


@dataclass(frozen=True)
class Finding:
    """What is wrong and where.

    ``file`` is the path below data/incoming; ``cell`` an A1 address; ``row`` the 1-based row of the sheet;
    ``column`` the canonical column name. ``message_ru`` never holds the value of a personal column.
    """

    severity: Severity
    table: str
    rule: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    column: str = ""
    message_ru: str = ""


COLUMNS = [field.name for field in fields(Finding)]


def to_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a frame with the contract's columns, most severe first, then by address."""
    frame = pd.DataFrame([astuple(item) for item in findings], columns=COLUMNS)
    frame["row"] = frame["row"].astype("Int64")
    order = frame["severity"].map({name: i for i, name in enumerate(SEVERITIES)})
    return (
        frame.assign(_order=order)
        .sort_values(["_order", "table", "rule", "file", "sheet", "row", "column", "cell"], kind="stable")
        .drop(columns="_order")
        .drop_duplicates()
        .reset_index(drop=True)
    )
