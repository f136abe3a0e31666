"""What intake passes on: grids of cells, drafts of tables, and the Intake itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from soko.errors import DataError
from soko.findings import Finding
from soko.intake.words import blank, column_letter, key

ADDRESS = ["_file", "_sheet", "_row", "_col"]
CHANGE_COLUMNS = ["table", "file", "sheet", "cell", "column", "was", "became", "why"]
TOTAL_COLUMNS = ["file", "sheet", "cell", "class", "subject", "measure", "printed"]
CORRECTION_COLUMNS = [
    "table", "file", "sheet", "cell", "row", "column", "was", "became", "reason", "who", "date",
]  # fmt: skip
PEOPLE_COLUMNS = ["kind", "pseudonym", "full_name", "birth_date", "class"]

_HEAD = 100  # rows; limits.header_rows is less

# What stands in a cell that has no readable value, instead of a silent blank.
NO_CACHE = "формула без сохранённого значения"
CELL_ERROR = "ошибка формулы"


class FileProblemError(DataError):
    """A file that cannot be used at all; becomes one critical finding with this ``rule``."""

    def __init__(self, rule: str, message: str, *, todo: str = "", table: str = "") -> None:
        super().__init__(message, todo=todo)
        self.rule = rule
        self.table = table


@dataclass
class Sheet:
    """One sheet of any file. ``rows`` are raw cells from A1 on, 0-based here, 1-based in every address.

    ``merged`` are (top, left, bottom, right), inclusive; None when the format does not tell. The value of a merged
    block stands in its top left cell. ``unread`` names cells that hold something that could not be read.
    """

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] | None = None
    hidden: bool = False
    hidden_rows: int = 0
    unread: dict[tuple[int, int], str] = field(default_factory=dict)
    headers: dict[tuple[int, int], list[list[str]]] = field(default_factory=dict, repr=False)
    texts: dict[int, list[str]] = field(default_factory=dict, repr=False)
    heads: dict[int, frozenset[str]] = field(default_factory=dict, repr=False)
    # The file's name without its suffix: a CSV of РЦОИ says its subject nowhere else.
    stem: str = ""

    @cached_property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    @cached_property
    def keys(self) -> list[set[str]]:
        """Keys of the cells of each of the first rows: every layout looks for its words there."""
        return [{key(raw) for raw in row if not blank(raw)} for row in self.rows[:_HEAD]]

    def head(self, rows: int) -> frozenset[str]:
        """Keys of all cells of the first ``rows`` rows: what is not among them need not be looked for."""
        if rows not in self.heads:
            self.heads[rows] = frozenset().union(*self.keys[:rows])
        return self.heads[rows]

    def cell(self, row: int, column: int) -> Any:
        """The raw value, empty outside of the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    @property
    def empty(self) -> bool:
        """True when no cell holds anything."""
        return all(blank(value) for row in self.rows for value in row)


@dataclass
class Grid:
    """A file as sheets of cells. ``notes`` are (rule, Russian text) worth an info finding."""

    kind: str
    sheets: list[Sheet]
    encoding: str = ""
    delimiter: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Draft:
    """Rows that a layout found, values still raw: canonical columns, ``_row`` (1-based) and ``_col`` (letter or "")."""

    table: str
    sheet: str
    frame: pd.DataFrame
    letters: dict[str, str]
    layout: str = ""
    school_class: str = ""
    totals: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: dict[tuple[int, int], str] = field(default_factory=dict)
    # Pupils of a gradebook without a single mark (row, name, id): they are pupils all the same.
    unmarked: list[tuple[int, str, Any]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    # Rows that gave no data, 1-based, with the reason: rows read + rows set aside = rows of the sheet.
    rows_aside: dict[int, str] = field(default_factory=dict)
    # Columns that are seen and not read into the table: letter → what is in them.
    columns_aside: dict[str, str] = field(default_factory=dict)
    # What the reader itself changed (cell, column, was, became, why), before values are normalised.
    changes: list[dict[str, str]] = field(default_factory=list)
    # Why the layout was taken, in Russian and without values, for «soko inspect».
    why: str = ""
    # Rows of the sheet that are not in the frame though they hold something, by reason.
    aside: Counter[str] = field(default_factory=Counter)


@dataclass
class Tally:
    """Rows of the files by (table, file), and those set aside while reading by (table, file, reason).

    Reasons are keys of ``soko.validation.accounting.REASONS``. A row of a wide gradebook is a cell with a mark.
    """

    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    aside: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass
class SourceFile:
    """One file of data/incoming: path below it, content hash, what it was taken for, data rows read from it."""

    path: str
    sha256: str
    layout: str = ""
    table: str = ""
    rows: int = 0
    kind: str = ""


@dataclass
class FileRead:
    """Everything that one file gave."""

    source: SourceFile
    drafts: list[Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class RawTable:
    """A canonical table as read, before validation.

    ``frame`` has the contract's columns that are not personal (an unreadable value is None and has a finding) and
    ``_file``, ``_sheet``, ``_row`` (1-based), ``_col`` (letter of the principal cell of a wide layout, else empty).
    ``letters`` give the column letters of a (file, sheet).
    """

    frame: pd.DataFrame
    letters: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def address(self, index: Hashable, column: str = "") -> tuple[str, str, str, int]:
        """Return (file, sheet, A1 cell, row) of a value; the cell is empty when the column stands in no cell."""
        row = self.frame.loc[index]  # type: ignore[call-overload]
        file, sheet, number = str(row["_file"]), str(row["_sheet"]), int(row["_row"])
        letters = self.letters.get((file, sheet), {})
        # A pupil without a code is known by name: that is the cell to correct.
        letter = letters.get(column, "") or (letters.get("full_name", "") if column == "pupil_id" else "")
        if row["_col"] and not letter:
            letter = str(row["_col"])
        return file, sheet, f"{letter}{number}" if letter else "", number


@dataclass
class Intake:
    """All that was read for a period. ``tables`` hold the tables of validation/tables; ``extra`` journals.

    ``pupil_id`` is already the pseudonym everywhere; names and birth dates exist in ``people`` only. ``corrections``
    are those of the ledger that were applied; ``tally`` counts the rows of the files (None for tables not read of any).
    """

    tables: dict[str, RawTable]
    findings: list[Finding]
    changes: pd.DataFrame
    totals: pd.DataFrame
    files: list[SourceFile]
    people: pd.DataFrame
    extra: dict[str, RawTable] = field(default_factory=dict)
    corrections: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CORRECTION_COLUMNS))
    tally: Tally | None = None


def cells(frame: pd.DataFrame, name: str) -> list[Any]:
    """A column as a plain list: walking through a string column of pandas itself is ten times slower."""
    values: list[Any] = frame[name].to_numpy(dtype=object).tolist()
    return values


def a1(row: int, column: int) -> str:
    """A1 address of 0-based ``row`` and ``column``."""
    return f"{column_letter(column)}{row + 1}"


def below(path: Path, folder: Path) -> str:
    """``path`` as findings show it: below data/incoming, forward slashes."""
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.name
