"""Write grids as an .xlsx workbook, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from copy import copy
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from soko.demo.grid import Grid

_SIDE = Side(style="thin", color="808080")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_FILL = PatternFill("solid", fgColor="E7EAF0")
_PLAIN, _BOLD = Font(name="Times New Roman", size=11), Font(name="Times New Roman", size=11, bold=True)
_ALIGNMENTS = {
    "left": Alignment(vertical="center"),
    "centre": Alignment(horizontal="center", vertical="center", wrap_text=True),
    "up": Alignment(horizontal="center", vertical="bottom", text_rotation=90, wrap_text=True),
}
_Look = tuple[bool, bool, str, bool, str]
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_xlsx(path: Path, grids: list[Grid], made: date) -> None:
    """Write one sheet a grid; ``made`` is the date in the file's properties (never the present time)."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for grid in grids:
        _fill(book.create_sheet(grid.title), grid)
    book.properties.creator = "Электронный журнал"
    buffer = io.BytesIO()
    book.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = f"{made.isoformat()}T15:00:00Z"
    with zipfile.ZipFile(buffer) as source:
        members = {name: source.read(name) for name in source.namelist()}
    # openpyxl writes the present time into the properties; the demo must not change from run to run.
    core = members["docProps/core.xml"].decode("utf-8")
    members["docProps/core.xml"] = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, core).encode("utf-8")
    write_zip(path, members)


def write_zip(path: Path, members: dict[str, bytes], stored: frozenset[str] = frozenset()) -> None:
    """Write a zip whose bytes depend on ``members`` alone; names in ``stored`` are not compressed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as target:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            # Fixed, because Python would write the operating system's number here.
            info.create_system = 0
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            target.writestr(info, data, compresslevel=9)


def _fill(sheet: Worksheet, grid: Grid) -> None:
    looks: dict[_Look, StyleArray] = {}
    last = grid.last_column
    ruled = {(row, column) for row in grid.ruled for column in range(1, last + 1)}
    for row, column in sorted(ruled | grid.cells.keys()):
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        value = grid.cells.get((row, column))
        cell.value = value
        look = _look(grid, row, column)
        # openpyxl hashes fonts and borders at each assignment: styling cell by cell took two thirds of the time.
        if look not in looks:
            _apply(cell, *look)
            looks[look] = cell._style
        else:
            cell._style = copy(looks[look])
    for row, column, last_row, last_column in grid.merges:
        sheet.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)
        if row in grid.bold:
            sheet.cell(row, column).alignment = _ALIGNMENTS["centre"]
    for column, width in grid.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in {row for row, _ in grid.vertical}:
        sheet.row_dimensions[row].height = 110
    if grid.freeze:
        sheet.freeze_panes = grid.freeze
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0


def _look(grid: Grid, row: int, column: int) -> _Look:
    """Ruled, bold, alignment, filled, number format of a cell."""
    head, ruled = row in grid.head, row in grid.ruled
    form = grid.formats.get((row, column), "")
    if not form and isinstance(grid.cells.get((row, column)), date):
        form = "DD.MM.YYYY"
    if (row, column) in grid.vertical:
        alignment = "up"
    else:
        alignment = "centre" if head or (column in grid.centred and ruled) else "left"
    return ruled, head or row in grid.bold, alignment, head, form


def _apply(cell: Cell, ruled: bool, bold: bool, alignment: str, filled: bool, form: str) -> None:
    if ruled:
        cell.border = _BORDER
    cell.font = _BOLD if bold else _PLAIN
    cell.alignment = _ALIGNMENTS[alignment]
    if filled:
        cell.fill = _FILL
    if form:
        cell.number_format = form
