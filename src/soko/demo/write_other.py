"""Write a grid as journals and people do beside .xlsx: an HTML table called .xls, an ODS sheet, a cp1251 CSV."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from soko.demo.grid import Grid, Value
from soko.demo.write_xlsx import write_zip


def write_html_xls(path: Path, grid: Grid) -> None:
    """An electronic journal's «export to Excel»: in truth an HTML page in windows-1251 under the name .xls."""
    rows = []
    for row, line in _walk(grid):
        cells = []
        for column, down, across in line:
            if not down:
                continue
            attributes = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
            tag = "th" if row in grid.head else "td"
            cells.append(f"<{tag}{attributes}>{html.escape(as_text(grid.cells.get((row, column))))}</{tag}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n<head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
        f"<title>{html.escape(grid.title)}</title>"
        "<style>td, th {border: 1px solid #808080; font-family: Arial; font-size: 9pt}</style></head>\r\n<body>\r\n"
        f'<table cellspacing="0">\r\n{chr(10).join(rows)}\r\n</table>\r\n</body></html>\r\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.encode("cp1251"))


def write_ods(path: Path, grid: Grid) -> None:
    """An OpenDocument sheet as LibreOffice would read it back; no styles, which a reader of data does not need."""
    rows = []
    for row, line in _walk(grid):
        cells = []
        for column, down, across in line:
            if not down:
                cells.append("<table:covered-table-cell/>")
                continue
            attributes = (
                f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
                if (down, across) != (1, 1)
                else ""
            )
            cells.append(_ods_cell(grid.cells.get((row, column)), attributes))
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
        f'<office:body><office:spreadsheet><table:table table:name="{escape(grid.title)}">'
        f'<table:table-column table:number-columns-repeated="{grid.last_column}"/>{"".join(rows)}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    members = {
        "mimetype": kind.encode("ascii"),
        "content.xml": content.encode("utf-8"),
        "META-INF/manifest.xml": manifest.encode("utf-8"),
    }
    # The format demands that the first member, the type, lies uncompressed.
    write_zip(path, members, stored=frozenset({"mimetype"}))


def write_csv(path: Path, rows: list[list[str]]) -> None:
    """A list as Russian Excel saves «CSV»: cp1251, semicolons, Windows line ends."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue().encode("cp1251"))


def _walk(grid: Grid) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    """Rows with their columns: column, rows and columns that its cell spans; 0 and 0 for a cell covered by another."""
    covered = _covered(grid)
    spans = {(r, c): (r2 - r + 1, c2 - c + 1) for r, c, r2, c2 in grid.merges}
    last = grid.last_column
    for row in range(1, grid.last_row + 1):
        at = [(row, column) for column in range(1, last + 1)]
        yield row, [(cell[1], *((0, 0) if cell in covered else spans.get(cell, (1, 1)))) for cell in at]


def _covered(grid: Grid) -> set[tuple[int, int]]:
    return {
        (row, column)
        for r, c, r2, c2 in grid.merges
        for row in range(r, r2 + 1)
        for column in range(c, c2 + 1)
        if (row, column) != (r, c)
    }


def as_text(value: Value) -> str:
    """The value as it stands in a file of text: dates of Russian style, a comma in numbers."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _ods_cell(value: Value, attributes: str) -> str:
    if value is None:
        return f"<table:table-cell{attributes}/>"
    text = f"<text:p>{escape(as_text(value))}</text:p>"
    if isinstance(value, (int, float)):
        return (
            f'<table:table-cell{attributes} office:value-type="float" office:value="{value}">{text}</table:table-cell>'
        )
    return f'<table:table-cell{attributes} office:value-type="string">{text}</table:table-cell>'
