"""An incoming file as a workbook that can be marked: itself where openpyxl keeps it, else a copy of its cells."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko.errors import SokoError
from soko.workspace import Workspace

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet


def opened(path: Path, workspace: Workspace) -> tuple[Workbook | None, dict[str, Worksheet]]:
    """The workbook to mark and its sheets by the name that findings use; None when nothing of the file can be read."""
    from openpyxl import load_workbook

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            try:
                with path.open("rb") as stream:  # a path would be refused for its extension
                    book = load_workbook(stream, keep_vba="xl/vbaProject.bin" in names)
            except Exception:
                # openpyxl raises whatever its parser meets in a broken part; intake read it, a copy may do.
                return _copy(path, workspace)
            return book, {sheet.title: sheet for sheet in book.worksheets}
    return _copy(path, workspace)


def _copy(path: Path, workspace: Workspace) -> tuple[Workbook | None, dict[str, Worksheet]]:
    from openpyxl import Workbook

    from soko.intake.config import Sources
    from soko.intake.grid import read_grid
    from soko.yamlio import load

    try:
        grid = read_grid(path, load(workspace.params / "sources.yaml", Sources))
    except SokoError:
        return None, {}
    book = Workbook()
    book.remove(book.worksheets[0])
    titles: dict[str, Worksheet] = {}
    for number, sheet in enumerate(grid.sheets, start=1):
        title = "".join("_" if letter in "[]:*?/\\" else letter for letter in sheet.name)[:31] or f"Лист{number}"
        target = book.create_sheet(title)
        titles[sheet.name] = target
        for r, row in enumerate(sheet.rows, start=1):
            for c, value in enumerate(row, start=1):
                if value is not None and value != "":
                    put(target.cell(r, c), value)
    return book, titles


def put(cell: Cell, value: Any) -> None:
    """Store a value; text stays text, whatever it begins with: «=1+1» of a stranger's file is no formula of ours."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)[:32767]
        cell.value = text
        cell.data_type = "s"
        if text.startswith(("=", "+", "-", "@", "\t", "\r")):
            cell.quotePrefix = True
    else:
        try:
            cell.value = value
        except ValueError:
            cell.value = str(value)
