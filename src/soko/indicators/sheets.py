"""Sheets of a workbook of figures, written fast and without surprises.

openpyxl takes 25 µs a cell; the table of a term would keep its reader waiting for a second. So it writes the styles,
the head and the frame of every sheet, and the rows of data go into the sheet's XML directly. Text stays text: a
subject called «=1+1» is a string with the mark that Excel gives to what was typed with an apostrophe.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from soko.workbooks import steady

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Characters of a sheet's name that Excel refuses.
_REFUSED = str.maketrans("[]:*?/\\", "()–– –-")
_LONGEST = 31
Value = str | int | float | None


@dataclass
class Sheet:
    """One table: heads, widths in characters, rows. ``formats`` gives number formats row by row for some columns.

    A single head is the title of a page that is no table. ``links``: number of a row → sheet that its first cell opens.
    """

    name: str
    about: str
    heads: list[str]
    widths: list[int]
    rows: list[list[Value]]
    formats: dict[int, list[str]] = field(default_factory=dict)
    links: dict[int, str] = field(default_factory=dict)

    @property
    def is_table(self) -> bool:
        """Whether the heads are those of columns."""
        return len(self.heads) > 1


def names(titles: Sequence[str]) -> list[str]:
    """Names for sheets: legal, short enough, each once."""
    taken: list[str] = []
    for title in titles:
        whole = title.split(" (")[0].translate(_REFUSED).strip(" '") or "Прочее"
        name, number = _cut(whole, _LONGEST), 1
        while name.lower() in (other.lower() for other in taken):
            number += 1
            name = f"{_cut(whole, _LONGEST - 3)} {number}"
        taken.append(name)
    return taken


def save(sheets: list[Sheet], *, title: str, author: str, day: date) -> bytes:
    """The workbook's bytes; the same sheets give the same bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator, book.properties.language = title, author, "ru-RU"
    book.properties.lastModifiedBy = author
    styles = _Styles(book)
    bodies = {}
    for number, sheet in enumerate(sheets, start=1):
        _frame(book, sheet, styles)
        bodies[f"xl/worksheets/sheet{number}.xml"] = _body(sheet, styles)
    return _filled(steady(book, day), bodies)


class _Styles:
    """Numbers of cell styles by number format; those of text that could be taken for a formula, of heads and links."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet("style")
        book.remove(self._sheet)
        self._numbers: dict[str, int] = {}

    def cell(self, value: Value = None) -> Cell:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value)
        if isinstance(value, str):
            cell.data_type = "s"
        return cell

    def number(self, form: str) -> int:
        if form not in self._numbers:
            cell = self.cell()
            if form == "text":
                cell.quotePrefix = True
            elif form == "link":
                from openpyxl.styles import Font

                cell.font = Font(color="0B5394", underline="single")
            elif form == "wrap":
                from openpyxl.styles import Alignment

                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.number_format = form
            self._numbers[form] = cell.style_id
        return self._numbers[form]


def _frame(book: Workbook, sheet: Sheet, styles: _Styles) -> None:
    """The sheet with its head alone: bold, frozen, repeated in print, with a filter over the rows to come."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink

    page = book.create_sheet(sheet.name)
    if sheet.is_table:
        page.freeze_panes = "A2"
        page.print_title_rows = "1:1"
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.heads))}{len(sheet.rows) + 1}"
    page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", 9, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for at, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    heads = []
    for head in sheet.heads:
        cell = styles.cell(head)
        cell.font = Font(bold=True, size=11 if sheet.is_table else 14)
        if sheet.is_table:
            cell.fill = PatternFill("solid", fgColor="E7EAF0")
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        heads.append(cell)
    page.append(heads)  # the first row starts the sheet's writer, which forgets the links that were there before
    for row, target in sheet.links.items():
        quoted = target.replace("'", "''")
        page._hyperlinks.append(Hyperlink(ref=f"A{row + 2}", location=f"'{quoted}'!A1", display=target))


def _body(sheet: Sheet, styles: _Styles) -> str:
    """The rows of data as XML."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(at) for at in range(1, len(sheet.widths) + 1)]
    wraps = max(sheet.widths) > 50

    @cache
    def text(value: str, linked: bool) -> str:
        risky = value.startswith(FORMULA)
        style = styles.number("text" if risky else "link") if risky or linked else styles.number("wrap") if wraps else 0
        clean = escape(ILLEGAL_CHARACTERS_RE.sub("", value), quote=False)
        return f's="{style}" t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'

    lines = []
    for at, row in enumerate(sheet.rows):
        cells = []
        for column, value in enumerate(row):
            if value is None or value != value:
                continue
            place = f'<c r="{letters[column]}{at + 2}" '
            if isinstance(value, str):
                cells.append(place + text(value, column == 0 and at in sheet.links))
            else:
                form = sheet.formats.get(column)
                cells.append(f'{place}s="{styles.number(form[at]) if form else 0}"><v>{value!r}</v></c>')
        lines.append(f'<row r="{at + 2}">{"".join(cells)}</row>')
    return "".join(lines)


def _filled(frame: bytes, bodies: dict[str, str]) -> bytes:
    """The workbook ``frame`` with the rows in its sheets, everything else as it is."""
    out = io.BytesIO()
    end = "</sheetData>"
    with zipfile.ZipFile(io.BytesIO(frame)) as old, zipfile.ZipFile(out, "w", compresslevel=6) as new:
        for info in old.infolist():  # with its fixed date and its way of compression
            data = old.read(info)
            if body := bodies.get(info.filename):
                data = data.replace(end.encode(), f"{body}{end}".encode(), 1)
            new.writestr(info, data)
    return out.getvalue()


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;–") + "…"
