"""A list as a school hands it in: title, header, rows. Its file's suffix says how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from soko.demo.grid import Grid, Value
from soko.demo.write_other import as_text, write_csv, write_ods
from soko.demo.write_xlsx import write_xlsx

_NARROWEST, _WIDEST = 6, 46


@dataclass
class Listing:
    """One list of one table; ``file`` is its path below the period's folder."""

    table: str
    file: str
    title: str
    header: list[str]
    rows: list[list[Value]]
    sheet: str = "Лист1"

    def column(self, title: str) -> list[Value]:
        """The values below a header."""
        at = self.header.index(title)
        return [row[at] for row in self.rows]

    def put(self, row: int, title: str, value: Value) -> None:
        """Replace a value; ``row`` counts from 0."""
        self.rows[row][self.header.index(title)] = value


def write_listing(folder: Path, listing: Listing, school: str, made: date) -> None:
    """Write the list: .csv without a title in cp1251, .ods and .xlsx with title and school above the header."""
    path = folder / listing.file
    if path.suffix == ".csv":
        write_csv(path, [listing.header, *[[as_text(value) for value in row] for row in listing.rows]])
    elif path.suffix == ".ods":
        write_ods(path, as_grid(listing, school))
    else:
        write_xlsx(path, [as_grid(listing, school)], made)


def as_grid(listing: Listing, school: str) -> Grid:
    """Title and school over the whole width, the header in row 3, then the rows."""
    width = len(listing.header)
    grid = Grid(listing.sheet, freeze="A4")
    for row, text in ((1, listing.title), (2, school)):
        grid.put(row, [text])
        grid.merge(row, 1, row, width)
    grid.bold |= {1, 2}
    grid.put(3, [*listing.header])
    grid.head.add(3)
    for row, values in enumerate(listing.rows, start=4):
        grid.put(row, values)
    for column in range(width):
        longest = max([len(as_text(row[column])) for row in listing.rows] + [len(listing.header[column]) * 2 // 3])
        grid.widths[column + 1] = float(min(max(longest + 2, _NARROWEST), _WIDEST))
    return grid


def yes(value: bool) -> str:
    """«да» or «нет»."""
    return "да" if value else "нет"
