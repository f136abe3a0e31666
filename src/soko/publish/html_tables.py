"""A table block as HTML."""

from __future__ import annotations

from itertools import groupby

from soko.publish import decimals, markdown, words
from soko.publish.blocks import Head, Row, Table
from soko.publish.html_text import esc, head, inline_html, lines

#: Columns at most of a table that a phone shows without scrolling, and from which it gets more room to scroll in.
NARROW, WIDE = 3, 7


def table_html(block: Table, number: int | None) -> str:
    """Return caption, table in a container that scrolls on a phone, and notes."""
    caption = words.numbered("table", number, block.caption)
    padded = _padded(block)
    rows = [_row(row, at, block.columns, padded) for at, row in enumerate(block.rows)]
    label = f' aria-label="{esc(caption)}"' if caption else ""
    scroll = f'<div class="scroll" role="region" tabindex="0"{label}>' if caption else '<div class="scroll">'
    notes = "".join(f"<p>{inline_html(markdown.inline(note))}</p>" for note in block.notes)
    # What has few columns is as wide as a phone and need not be moved about.
    count = len(block.columns)
    room = ' class="narrow"' if count <= NARROW else ' class="wide"' if count >= WIDE else ""
    return (
        f"{scroll}<table{room}>"
        + (f"<caption>{esc(caption)}</caption>" if caption else "")
        + f"<thead>{_heads(block.columns)}</thead><tbody>{''.join(rows)}</tbody></table></div>"
        + (f'<div class="notes">{notes}</div>' if notes else "")
    )


def _padded(block: Table) -> dict[int, list[tuple[float, float]]]:
    return {
        at: decimals.pads(["" if row.kind == "section" else row.cells[at] for row in block.rows])
        for at, column in enumerate(block.columns)
        if column.align == "decimal"
    }


def _heads(columns: list[Head]) -> str:
    if not any(column.title or column.unit or column.group for column in columns):
        return ""
    if not any(column.group for column in columns):
        return "<tr>" + "".join(_head(column, "") for column in columns) + "</tr>"
    top, bottom = [], []
    for group, members in groupby(columns, key=lambda column: column.group):
        listed = list(members)
        if group:
            top.append(f'<th scope="colgroup" colspan="{len(listed)}">{head(group)}</th>')
            bottom += [_head(column, "") for column in listed]
        else:
            top += [_head(column, ' rowspan="2"') for column in listed]
    return f"<tr>{''.join(top)}</tr><tr>{''.join(bottom)}</tr>"


def _head(column: Head, span: str) -> str:
    unit = f'<span class="unit">{esc(column.unit)}</span>' if column.unit else ""
    return f'<th scope="col"{span}>{head(column.title)}{unit}</th>'


def _row(row: Row, at: int, columns: list[Head], padded: dict[int, list[tuple[float, float]]]) -> str:
    if row.kind == "section":
        text = " ".join(cell for cell in row.cells if cell)
        return f'<tr class="section"><th scope="rowgroup" colspan="{len(columns)}">{esc(text)}</th></tr>'
    cells = []
    for i, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        if column.align == "decimal":
            left, right = padded[i][at]
            style = f' style="padding:0 {right:g}em 0 {left:g}em"' if left or right else ""
            cells.append(f'<td class="num"><span{style}>{esc(decimals.unbroken(cell))}</span></td>')
        elif i == 0 and cell:  # the head of a row that goes on is the one above
            cells.append(f'<th scope="row" class="{column.align}">{lines(cell)}</th>')
        else:
            cells.append(f'<td class="{column.align}">{lines(cell)}</td>')
    kind = ' class="total"' if row.kind == "total" else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"
