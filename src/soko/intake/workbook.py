"""Workbooks (xlsx, xlsm, xlsb, xls, ods) through calamine, inside the limits of params/sources.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from soko.intake import ooxml
from soko.intake.config import Limits
from soko.intake.model import FileProblemError, Grid, Sheet
from soko.intake.signature import Kind, password
from soko.intake.words import plural


def read_workbook(path: Path, kind: Kind, limits: Limits) -> Grid:
    """Read all worksheets, hidden ones too. FileProblemError when encrypted, damaged or beyond the limits."""
    scans: dict[str, ooxml.Scan] = {}
    if kind in ("xlsx", "xlsb", "ods"):
        ooxml.unpack_guard(path, limits)
    if kind == "xlsx":
        scans = ooxml.scan_xlsx(path, limits)
    elif kind == "ods":
        ooxml.scan_ods(path, limits)
    grid = Grid(kind, [])
    book = _guarded(lambda: CalamineWorkbook.from_path(str(path)))
    try:
        metadata = [item for item in book.sheets_metadata if item.typ == SheetTypeEnum.WorkSheet]
        if len(metadata) > limits.sheets:
            raise ooxml.too_big(f"в книге {plural(len(metadata), 'лист', 'листа', 'листов')}")
        for item in metadata:
            grid.sheets.append(_sheet(book, item, scans.get(item.name, ooxml.Scan()), limits))
    finally:
        book.close()
    _note(grid)
    return grid


def _guarded(call: Any) -> Any:
    """Run a call into calamine; a Rust panic arrives as a BaseException and is a damaged file like any other error."""
    try:
        return call()
    except PasswordError:
        raise password() from None
    except (KeyboardInterrupt, SystemExit, MemoryError, FileProblemError):
        raise
    except CalamineError as error:
        if "assword" in str(error):
            raise password() from None
        raise ooxml.damaged() from None
    except BaseException:
        raise ooxml.damaged() from None


def _sheet(book: Any, item: Any, scan: ooxml.Scan, limits: Limits) -> Sheet:
    sheet = _guarded(lambda: book.get_sheet_by_name(item.name))
    ooxml.check_area(sheet.height, sheet.width, item.name, limits)
    if sheet.start is not None:
        # The rectangle starts at the first filled cell; from A1 on it can be far bigger.
        ooxml.check_area(sheet.end[0] + 1, sheet.end[1] + 1, item.name, limits)
    rows = _guarded(lambda: sheet.to_python(skip_empty_area=False)) if sheet.start is not None else []
    merged = sheet.merged_cell_ranges
    return Sheet(
        name=item.name,
        rows=rows,
        merged=None if merged is None else [(a[0], a[1], b[0], b[1]) for a, b in merged],
        hidden=item.visible != SheetVisibleEnum.Visible,
        hidden_rows=scan.hidden_rows,
        unread=scan.unread,
    )


def _note(grid: Grid) -> None:
    hidden = [sheet.name for sheet in grid.sheets if sheet.hidden and not sheet.empty]
    if hidden:
        names = ", ".join(f"«{name}»" for name in hidden)
        grid.notes.append(("hidden_sheet", f"в книге есть скрытые листы, они прочитаны тоже: {names}"))
    for sheet in grid.sheets:
        if sheet.hidden_rows:
            rows = plural(sheet.hidden_rows, "скрытая строка", "скрытые строки", "скрытых строк")
            grid.notes.append(("hidden_rows", f"на листе «{sheet.name}» {rows}; прочитаны наравне с видимыми"))
