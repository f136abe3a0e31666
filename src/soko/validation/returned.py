"""Give the users their own workbooks back with the faulty cells filled and commented.

An xlsx or xlsm keeps everything that openpyxl can keep; any other format (csv, xls, ods, an HTML table) comes back as
an xlsx copy of its cells. The incoming file is never touched. The copies hold names, so they stay in data/private.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from soko.params import Params
from soko.periods import Period
from soko.validation import reopened
from soko.workbooks import steady
from soko.workspace import Workspace

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Замечания"
HEADS = ("Важность", "Лист", "Ячейка", "Замечание")
SEVERITY_RU = {"critical": "критическое", "warning": "предупреждение", "info": "к сведению"}
# Readable in black and white: the severity also stands in the comment and on the first sheet.
_FILL = {"critical": "F8A5A5", "warning": "FFE08A", "info": "CFE2F3"}
_SENT = ".sent.json"
_LONGEST = 240  # bytes; file systems allow 255, and an edited copy gets a longer name


def give_back(workspace: Workspace, period: Period, findings: pd.DataFrame) -> list[Path]:
    """Write data/private/<period>/returned/<file> for every readable file with a faulty cell; return the paths.

    Faulty is a cell with a critical finding or a warning; a file with mere information is not sent back.
    A copy from an earlier run that somebody has edited since is kept beside the new one.
    """
    folder = workspace.private_period(period) / "returned"
    day = Params(workspace).dates(period).end
    incoming = workspace.root / "data" / "incoming"
    sent = _read_sent(folder)
    wanted: dict[Path, tuple[Path, pd.DataFrame, str]] = {}
    for name, group in findings[findings["file"] != ""].groupby("file", sort=True):
        source = incoming / str(name)
        if not ((group["cell"] != "") & (group["severity"] != "info")).any() or not source.is_file():
            continue
        target = folder / str(name).removeprefix(f"{period.id}/")
        if target.suffix.lower() not in (".xlsx", ".xlsm"):
            target = _named(target)
        wanted[target] = source, group, _made_from(source, group)
    kept = {folder / name for name, entry in sent.items() if _stays(folder / name, entry, wanted)}
    _clear(folder, {name: entry for name, entry in sent.items() if folder / name not in kept})
    written: dict[Path, list[str]] = {}
    for target, (source, group, made_from) in wanted.items():
        if target not in kept:
            book, titles = reopened.opened(source, workspace)
            if book is None:
                continue  # unreadable: intake has said so, there is nothing to mark
            _mark(book, titles, group)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(steady(book, day))
            target.chmod(0o600)
        written[target] = [hashlib.sha256(target.read_bytes()).hexdigest(), made_from]
    if written:
        record = {path.relative_to(folder).as_posix(): entry for path, entry in written.items()}
        (folder / _SENT).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return list(written)


def _made_from(source: Path, findings: pd.DataFrame) -> str:
    """A key of everything that a marked copy depends on: the file, its findings, the code."""
    content = hashlib.sha256(source.read_bytes())
    content.update(findings.to_csv(index=False).encode())
    for module in (__file__, reopened.__file__):
        content.update(Path(module).read_bytes())
    return content.hexdigest()


def _stays(path: Path, entry: list[str], wanted: dict[Path, tuple[Path, pd.DataFrame, str]]) -> bool:
    """Whether the copy of the last run is what would be made now."""
    if path not in wanted or wanted[path][2] != entry[1] or not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == entry[0]


def _named(target: Path) -> Path:
    """The copy's path with «.xlsx» behind it; a name that no file system would take then is cut and numbered."""
    whole = target.name + ".xlsx"
    if len(whole.encode("utf-8")) <= _LONGEST:
        return target.with_name(whole)
    stem = target.name.encode("utf-8")[: _LONGEST - 20].decode("utf-8", "ignore")
    return target.with_name(f"{stem}~{hashlib.sha256(target.name.encode()).hexdigest()[:8]}.xlsx")


def _read_sent(folder: Path) -> dict[str, list[str]]:
    """Path below ``folder`` → hash of the copy, key of what it was made from."""
    try:
        found = dict(json.loads((folder / _SENT).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
    return {
        name: entry if isinstance(entry, list) and len(entry) == 2 else [entry, ""] for name, entry in found.items()
    }


def _clear(folder: Path, sent: dict[str, list[str]]) -> None:
    """Remove the copies of the last run, but not the work of someone who corrected one in place."""
    for name, (digest, _) in sent.items():
        path = folder / name
        if not path.is_file():
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            path.unlink()
        else:
            number = 1
            while (kept := path.with_name(f"{path.stem} (исправлено {number}){path.suffix}")).exists():
                number += 1
            path.rename(kept)
    (folder / _SENT).unlink(missing_ok=True)


def _mark(book: Workbook, titles: dict[str, Worksheet], findings: pd.DataFrame) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for (sheet_name, address), group in findings[findings["cell"] != ""].groupby(["sheet", "cell"], sort=True):
        sheet = _sheet(titles, str(sheet_name))
        if sheet is None:
            continue
        cell = _top_left(sheet, str(address))
        worst = next(name for name in _FILL if name in set(group["severity"]))
        cell.fill = PatternFill("solid", fgColor=_FILL[worst])
        lines = [f"{SEVERITY_RU[row['severity']].capitalize()}: {row['message_ru']}" for row in _records(group)]
        former = [cell.comment.text] if cell.comment else []
        comment = Comment("\n".join([*former, *lines]), "СОКО")
        comment.width, comment.height = 320, 90 + 40 * len(lines)
        cell.comment = comment
    _list(book, titles, findings)


def _records(findings: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in findings.to_dict("records")]


def _sheet(titles: dict[str, Worksheet], name: str) -> Worksheet | None:
    if name in titles:
        return titles[name]
    return next(iter(titles.values())) if len(titles) == 1 else None


def _top_left(sheet: Worksheet, address: str) -> Cell:
    """The cell, or the first of the merged block that covers it: only that one can hold a comment."""
    for block in sheet.merged_cells.ranges:
        if address in block:
            return sheet.cell(block.min_row, block.min_col)
    return sheet[address]


def _list(book: Workbook, titles: dict[str, Worksheet], findings: pd.DataFrame) -> None:
    """The first sheet: severity, sheet, cell (a link to it), message."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    if SHEET in book.sheetnames and [cell.value for cell in book[SHEET][1]][: len(HEADS)] == list(HEADS):
        book.remove(book[SHEET])  # the workbook is one that we gave back before
    page = book.create_sheet(SHEET, 0)
    for column, (title, width) in enumerate(zip(HEADS, (16, 18, 10, 110), strict=True), start=1):
        head = page.cell(1, column, title)
        head.font = Font(bold=True)
        page.column_dimensions[head.column_letter].width = width
    for number, row in enumerate(_records(findings), start=2):
        values = (SEVERITY_RU[row["severity"]], row["sheet"], row["cell"], row["message_ru"])
        for column, value in enumerate(values, start=1):
            cell = page.cell(number, column)
            reopened.put(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(number, 1).fill = PatternFill("solid", fgColor=_FILL[row["severity"]])
        sheet = _sheet(titles, row["sheet"])
        if row["cell"] and sheet is not None:
            title = sheet.title.replace("'", "''")
            link = page.cell(number, 3)
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{title}'!{row['cell']}")
            link.font = Font(underline="single", color="0563C1")
    page.freeze_panes = "A2"
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is page
    book.active = 0
