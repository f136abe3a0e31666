"""A sheet before it is written: values, merges, widths, looks. Writers turn it into xlsx, HTML or ODS."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Value = str | int | float | date | None


@dataclass
class Grid:
    """Cells by 1-based (row, column). ``merges`` are (row, column, last row, last column)."""

    title: str
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    bold: set[int] = field(default_factory=set)
    head: set[int] = field(default_factory=set)
    ruled: set[int] = field(default_factory=set)
    vertical: set[tuple[int, int]] = field(default_factory=set)
    centred: set[int] = field(default_factory=set)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    freeze: str = ""

    def put(self, row: int, values: list[Value], column: int = 1) -> None:
        """Write ``values`` from (row, column) to the right; None leaves a cell empty."""
        for i, value in enumerate(values):
            if value is not None:
                self.cells[row, column + i] = value

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Merge a rectangle of more than one cell."""
        if (row, column) != (last_row, last_column):
            self.merges.append((row, column, last_row, last_column))

    @property
    def last_row(self) -> int:
        """Number of the last row that has a value."""
        return max(row for row, _ in self.cells)

    @property
    def last_column(self) -> int:
        """Number of the last column that has a value."""
        return max(column for _, column in self.cells)
