"""Write grids as an .xlsx workbook, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from soko.demo.grid import Grid

_SIDE = Side(style="thin", color="808080")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_FILL = PatternFill("solid", fgColor="E7EAF0")
_PLAIN, _BOLD = Font(name="Times New Roman", size=11), Font(name="Times New Roman", size=11, bold=True)
_LEFT = Alignment(vertical="center")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_UP = Alignment(horizontal="center", vertical="bottom", text_rotation=90, wrap_text=True)
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
    last = grid.last_column
    for row in sorted(grid.ruled):
        for column in range(1, last + 1):
            sheet.cell(row, column).border = _BORDER
    for (row, column), value in sorted(grid.cells.items()):
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        # Assigning a text that begins with «=» would make a formula; the demo has only texts and numbers.
        cell.value = value
        if (row, column) in grid.formats:
            cell.number_format = grid.formats[row, column]
        elif isinstance(value, date):
            cell.number_format = "DD.MM.YYYY"
        cell.font = _BOLD if row in grid.bold or row in grid.head else _PLAIN
        if (row, column) in grid.vertical:
            cell.alignment = _UP
        elif row in grid.head or (column in grid.centred and row in grid.ruled):
            cell.alignment = _CENTRE
        else:
            cell.alignment = _LEFT
        if row in grid.head:
            cell.fill = _FILL
    for row, column, last_row, last_column in grid.merges:
        sheet.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)
        if row in grid.bold:
            sheet.cell(row, column).alignment = _CENTRE
    for column, width in grid.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in {row for row, _ in grid.vertical}:
        sheet.row_dimensions[row].height = 110
    if grid.freeze:
        sheet.freeze_panes = grid.freeze
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
