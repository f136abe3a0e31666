"""Tables of the DOCX: data tables, boxes, and the borderless grids of the approval and the signatures."""

from __future__ import annotations

from html import escape
from itertools import groupby

from soko.publish import decimals, layout, markdown, words
from soko.publish.blocks import Head, Row, Table
from soko.publish.glyphs import legal
from soko.publish.word_xml import TWIPS, inline, p, run

_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="5A5A5A"'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_HYPHENS = '<w:suppressAutoHyphens w:val="0"/>'
_TALL_CELL = 300  # characters; a row that is taller than a page must be allowed to break


def table(block: Table, number: int | None, form: layout.Layout, scale: float = 1.0) -> str:
    """Return caption, table with a repeated header row, and notes; ``scale`` is that of the text's width to ours."""
    caption = words.numbered("table", number, block.caption)
    widths = [round(width * TWIPS * scale) for width in form.widths]
    padded = {
        at: decimals.pads(["" if row.kind == "section" else row.cells[at] for row in block.rows])
        for at, column in enumerate(block.columns)
        if column.align == "decimal"
    }
    # The style has no hyphens; a column whose longest word does not fit gets them.
    torn, torn_heads = (
        [_HYPHENS if scale < 1 or not fits else "" for fits in found] for found in (form.whole, form.whole_heads)
    )
    rows = "".join(_row(row, at, block.columns, widths, padded, form.points, torn) for at, row in enumerate(block.rows))
    made = _grid(widths, _borders(_SIDES), _header(block.columns, widths, form.points, torn_heads) + rows, caption)
    notes = "".join(
        p(inline(markdown.inline(note)), "SokoTableNote", _spaced(at == 0, at == len(block.notes) - 1))
        for at, note in enumerate(block.notes)
    )
    return (p(run(caption), "Caption", "<w:keepNext/>") if caption else "") + made + (notes or p("", "SokoTableNote"))


def _spaced(first: bool, last: bool) -> str:
    """Room under the table before its first note, and under the last one: what follows is no note."""
    sides = (' w:before="60"' if first else "") + (' w:after="160"' if last else "")
    return f"<w:spacing{sides}/>" if sides else ""


def markdown_table(node: markdown.Node, scale: float = 1.0) -> str:
    """Return a Markdown table with equal columns."""
    count = len(node["head"])
    widths = [round(layout.PORTRAIT * TWIPS * scale / count)] * count
    lines = [
        _tr([_tc(w, p(inline(c, bold=True), "SokoTable")) for w, c in zip(widths, node["head"], strict=True)], True)
    ]
    for row in node["rows"]:
        cells = zip(widths, row, node["align"], strict=True)
        lines.append(_tr([_tc(w, p(inline(c), "SokoTable", f'<w:jc w:val="{side}"/>')) for w, c, side in cells]))
    return _grid(widths, _borders(_SIDES), "".join(lines)) + p("", "SokoTableNote")


def box(content: str, colour: str, stroke: str, scale: float = 1.0) -> str:
    """Return ``content`` in a frame with a heavy left side."""
    width = round(layout.PORTRAIT * TWIPS * scale)
    left = f'<w:left w:val="{stroke}" w:sz="24" w:space="0" w:color="{colour}"/>'
    borders = f"<w:tblBorders><w:top {_LINE}/>{left}<w:bottom {_LINE}/><w:right {_LINE}/></w:tblBorders>"
    return _grid([width], borders, _tr([_tc(width, content)])) + p("", "SokoTableNote")


def grid(
    rows: list[list[str]], widths_cm: list[float], underlined: frozenset[int] = frozenset(), valign: str = "bottom"
) -> str:
    """Return rows of paragraphs without lines; ``underlined`` columns are lines to write on."""
    widths = [round(width * TWIPS) for width in widths_cm]
    line = f"<w:tcBorders><w:bottom {_LINE}/></w:tcBorders>"
    lines = [
        _tr([_tc(widths[i], cell, extra=line if i in underlined else "", valign=valign) for i, cell in enumerate(row)])
        for row in rows
    ]
    return _grid(widths, "", "".join(lines))


def _grid(widths: list[int], borders: str, rows: str, caption: str = "") -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    named = f'<w:tblCaption w:val="{escape(legal(caption))}"/>' if caption else ""
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{borders}<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/>{named}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'
    )


def _borders(sides: tuple[str, ...]) -> str:
    return "<w:tblBorders>" + "".join(f"<w:{side} {_LINE}/>" for side in sides) + "</w:tblBorders>"


def _tr(cells: list[str], header: bool = False, breakable: bool = False) -> str:
    properties = ("" if breakable else "<w:cantSplit/>") + ("<w:tblHeader/>" if header else "")
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


def _tc(width: int, content: str, *, span: int = 1, merge: str = "", extra: str = "", valign: str = "center") -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{spans}{merge}{extra}<w:vAlign w:val="{valign}"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _header(columns: list[Head], widths: list[int], points: float, torn: list[str]) -> str:
    if not any(column.title or column.unit or column.group for column in columns):
        return ""
    centred = '<w:jc w:val="center"/>'
    grouped = any(column.group for column in columns)

    def head(at: int) -> str:
        column = columns[at]
        unit = run(("\n" if column.title else "") + column.unit, points=points) if column.unit else ""
        return p(run(column.title, bold=True, points=points) + unit, "SokoTable", f"<w:keepNext/>{torn[at]}{centred}")

    top: list[str] = []
    bottom: list[str] = []
    for group, members in groupby(range(len(columns)), key=lambda at: columns[at].group):
        listed = list(members)
        if group:
            whole = sum(widths[at] for at in listed)
            title = p(run(group, bold=True, points=points), "SokoTable", f"<w:keepNext/>{centred}")
            top.append(_tc(whole, title, span=len(listed)))
            bottom += [_tc(widths[at], head(at)) for at in listed]
        else:
            merge = '<w:vMerge w:val="restart"/>' if grouped else ""
            top += [_tc(widths[at], head(at), merge=merge) for at in listed]
            bottom += [_tc(widths[at], p("", "SokoTable"), merge="<w:vMerge/>") for at in listed]
    return _tr(top, header=True) + (_tr(bottom, header=True) if grouped else "")


def _row(
    row: Row,
    at: int,
    columns: list[Head],
    widths: list[int],
    padded: dict[int, list[tuple[float, float]]],
    points: float,
    torn: list[str],
) -> str:
    if row.kind == "section":
        content = p(run(" ".join(filter(None, row.cells)), bold=True, points=points), "SokoTable", "<w:keepNext/>")
        return _tr([_tc(sum(widths), content, span=len(columns), extra='<w:shd w:val="clear" w:fill="F3F3F3"/>')])
    bold = row.kind == "total"
    cells = []
    for i, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        if i in padded:
            left, right = (round(pad * points * 20) for pad in padded[i][at])
            indent = f'<w:ind w:left="{left}" w:right="{right}"/>' if left or right else ""
            content = p(
                run(decimals.unbroken(cell), bold=bold, points=points), "SokoTable", f'{indent}<w:jc w:val="center"/>'
            )
        else:
            content = p(run(cell, bold=bold, points=points), "SokoTable", f'{torn[i]}<w:jc w:val="{column.align}"/>')
        cells.append(_tc(widths[i], content))
    return _tr(cells, breakable=max(map(len, row.cells), default=0) > _TALL_CELL)
