"""HTML tables under the name of .xls: what «Сетевой город» gives when it says Excel."""

from __future__ import annotations

import re

from lxml import etree, html

from soko.intake.config import Limits
from soko.intake.model import FileProblemError, Grid, Sheet
from soko.intake.ooxml import check_area
from soko.intake.words import text

_BLOCK = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "br", "caption", "title"}
_SPAN_MOST = 1000  # what HTML itself allows for colspan


def read_html(content: str, limits: Limits) -> Grid:
    """One sheet: every table's rows in the order of the page, each line of text between them as a row of one cell."""
    cleaned = re.sub(r"^\s*<\?xml[^>]*\?>", "", content)
    try:
        root = html.document_fromstring(
            cleaned, parser=html.HTMLParser(no_network=True, remove_comments=True, huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise FileProblemError(
            "file_damaged", "страница HTML не читается", todo="выгрузите файл заново, лучше в формате xlsx"
        ) from None
    sheet = Sheet("HTML", [], merged=[])
    body = root.find("body")
    _walk(root if body is None else body, sheet, limits)
    return Grid("html", [sheet])


def _walk(node: html.HtmlElement, sheet: Sheet, limits: Limits) -> None:
    """Depth first without recursion into tables; text outside of tables keeps its lines («Класс: 8А»)."""
    line: list[str] = [node.text or ""]

    def flush() -> None:
        joined = text(" ".join(line))
        if joined:
            sheet.rows.append([joined])
        line.clear()

    for event, child in etree.iterwalk(node, events=("start", "end")):
        if child is node or not isinstance(child.tag, str):
            continue
        inside = next((up for up in child.iterancestors("table")), None) is not None
        if inside or child.tag in ("script", "style"):
            continue
        if event == "start":
            if child.tag in _BLOCK or child.tag == "table":
                flush()
            if child.tag == "table":
                _table(child, sheet, limits)
            else:
                line.append(child.text or "")
        else:
            if child.tag in _BLOCK:
                flush()
            line.append(child.tail or "")
    flush()


def _table(table: html.HtmlElement, sheet: Sheet, limits: Limits) -> None:
    top = len(sheet.rows)
    taken: dict[tuple[int, int], bool] = {}
    width = 0
    for offset, row in enumerate(table.iter("tr")):
        if next(row.iterancestors("table")) is not table:
            continue  # a table inside a cell is decoration
        index = top + offset
        while len(sheet.rows) <= index:
            sheet.rows.append([])
        column = 0
        for cell in row.iterchildren("td", "th"):
            while taken.get((index, column)):
                column += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            _put(sheet, index, column, text(cell.text_content()))
            if across > 1 or down > 1:
                check_area(index + down, column + across, sheet.name, limits)
                assert sheet.merged is not None
                sheet.merged.append((index, column, index + down - 1, column + across - 1))
                for r in range(index, index + down):
                    for c in range(column, column + across):
                        taken[(r, c)] = True
            column += across
        width = max(width, column)
        check_area(index + 1, width, sheet.name, limits)


def _put(sheet: Sheet, row: int, column: int, value: str) -> None:
    cells = sheet.rows[row]
    cells.extend([""] * (column + 1 - len(cells)))
    cells[column] = value


def _span(cell: html.HtmlElement, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return min(max(int(value), 1), _SPAN_MOST) if value.isdecimal() else 1
