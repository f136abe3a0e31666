"""A document as the data that the Typst template reads."""

from __future__ import annotations

import datetime
from itertools import groupby, pairwise
from typing import Any

from soko.errors import FailureError
from soko.publish import decimals, layout, markdown, svg, untorn, words
from soko.publish.blocks import Callout, Contents, Figure, PageBreak, Prose, Signatures, Table, Title
from soko.publish.document import Document, Item, with_headings
from soko.publish.glyphs import FAMILY, printable
from soko.publish.printed_text import breakable, nodes

TEXT_POINTS = layout.PORTRAIT * layout.CM
TALLEST_FIGURE = 560.0  # points; a caption must fit under it
_TALL_ROW = 20  # lines; a row may be taller than a page, and an unbreakable one would run off its end
_TALL_BOX = 2500
LAST_LINES = 3  # lines of rows at least that go to the next page, and that accompany the signatures
FIRST_LINES = 3  # lines of rows at least that stand under the head of a table before a page ends
_LED = {"list", "rule", "table"}  # what a paragraph that ends with a colon leads
_SHORT_TABLE = 6  # rows of a table that no page divides


def data(document: Document) -> dict[str, Any]:
    """Return the JSON data of ``document`` for templates/note.typ; every text has glyphs in the embedded font."""
    meta = document.meta
    title = printable(document.title.replace("\n", " "))
    blocks = [block for item, led in with_headings(document.items) for block in _blocks(item, led)]
    if not any(block["type"] == "title" for block in blocks):
        blank = dict.fromkeys(("school", "mark", "considered", "approved", "subtitle"), "")
        blocks.insert(0, {"type": "title", **blank, "approve": None, "title": title})
    return {
        "title": title,
        "author": printable(meta.author),
        "running_head": printable(meta.running_head or title),
        "date": _date(meta.date),
        "font": FAMILY,
        "inset": layout.INSET,
        "entries": len(document.headings),
        "close": 0,  # how much closer than usual lines and rows stand: 0, 1 or 2
        "words": {
            "approve": words.APPROVE,
            "considered": words.CONSIDERED,
            "sign_line": words.SIGN_LINE,
            "date_line": words.DATE_LINE,
            "acquainted": words.ACQUAINTED,
            "contents": words.CONTENTS,
        },
        "blocks": blocks,
    }


def _first(rows: list[dict[str, Any]], lines: list[int]) -> int:
    """How many rows at the beginning of a table are to stand under its head; 0 where they might fill a page."""
    found = next((at for at in range(1, len(rows) + 1) if sum(lines[:at]) >= FIRST_LINES), len(rows))
    while found < len(rows) and rows[found - 1]["kind"] == "section":
        found += 1
    return 0 if any(row["kind"] == "section" for row in rows[found - 1 : found]) else found


def _together(rows: list[dict[str, Any]], lines: list[int]) -> int:
    """How many rows at the end of a table stay on one page, the line that heads them included."""
    last = next((at for at in range(1, len(rows) + 1) if sum(lines[-at:]) >= LAST_LINES), len(rows))
    while last < len(rows) and rows[-last - 1]["kind"] == "section":
        last += 1
    return last


def _blocks(item: Item, led: list[markdown.Node]) -> list[dict[str, Any]]:
    """The block, and of prose each paragraph, list and heading by itself: a chart may stand between any two."""
    if isinstance(item.block, PageBreak) and item.block.flowing:
        return []
    if not isinstance(item.block, Prose):
        return [_block(item, led)]
    made = nodes(item.nodes)
    for node, after in pairwise(made):
        # «Решить:» goes to the next page with its list
        node["leads"] = node["t"] == "p" and after["t"] in _LED and markdown.plain(node["body"]).endswith(":")
    return [{"type": "prose", "nodes": [node]} for node in made]


def _block(item: Item, led: list[markdown.Node]) -> dict[str, Any]:
    match item.block:
        case Title():
            return _printable(item.block.model_dump())
        case Callout(kind=kind, title=title, markdown=text):
            shown = {"kind": kind, "title": printable(words.callout_title(kind, title)), "tall": len(text) > _TALL_BOX}
            return {"type": "callout", **shown, "nodes": nodes(item.nodes)}
        case Table():
            return {**_table(item.block, item.number), "lead": nodes(led)}
        case Figure():
            return _figure(item.block, item.number)
        case Signatures():
            return _printable(item.block.model_dump())
        case PageBreak() | Contents():
            return {"type": item.block.type}
    raise AssertionError(f"no printed form of {type(item.block).__name__}")


def _table(block: Table, number: int | None) -> dict[str, Any]:
    form = layout.of(block)
    padded = {
        at: decimals.pads(["" if row.kind == "section" else row.cells[at] for row in block.rows])
        for at, column in enumerate(block.columns)
        if column.align == "decimal"
    }
    room = [max(4, int((width * layout.CM - 2 * layout.INSET) / (form.points * 0.75))) for width in form.widths]
    rows: list[dict[str, Any]] = []
    lines = [1 if row.kind == "section" else _lines(row.cells, room) for row in block.rows]
    for at, row in enumerate(block.rows):
        if row.kind == "section":
            text = breakable(printable(" ".join(filter(None, row.cells))))
            leads = at + 1 < len(block.rows) and block.rows[at + 1].kind != "section"
            rows.append({"kind": "section", "text": text, "leads": leads})
            continue
        cells: list[Any] = []
        for i, cell in enumerate(row.cells):
            text = printable(decimals.unbroken(cell) if i in padded else cell)
            pad = padded[i][at] if i in padded else (0.0, 0.0)
            cells.append([text, *pad] if any(pad) else _words(breakable(text, room[i])))
        rows.append({"kind": row.kind, "cells": cells, "tall": lines[at] > _TALL_ROW})
    short = len(rows) <= _SHORT_TABLE and not any(row.get("tall") for row in rows)
    last = _together(rows, lines)
    return {
        "type": "table",
        "caption": breakable(printable(words.numbered("table", number, block.caption))),
        "header": _header(block, room, form),
        "align": [column.align for column in block.columns],
        "rows": rows,
        "notes": [nodes(markdown.inline(note)) for note in block.notes],
        "widths": form.widths,
        "whole": form.whole,
        "points": form.points,
        "landscape": form.landscape,
        "first": _first(rows, lines),
        "short": short,
        "end": last,
        "last": 0 if short or any(row.get("tall") for row in rows[-last:]) else last,
    }


def _words(text: str) -> str | dict[str, Any]:
    """The words of a cell; Typst would end a line after the slash of «н/а» and the hyphen of «7-х»."""
    return {"nodes": untorn.lines(text)} if " " in text and untorn.torn(text) else untorn.loose(text)


def _lines(cells: list[str], room: list[int]) -> int:
    """Return how many lines the tallest cell takes, rather too many than too few."""
    return max(sum(1 + len(line) // room[at] for line in cell.split("\n")) for at, cell in enumerate(cells))


def _header(block: Table, room: list[int], form: layout.Layout) -> list[dict[str, Any]]:
    columns = block.columns
    if not any(column.title or column.unit or column.group for column in columns):
        return []
    grouped = any(column.group for column in columns)

    def head(at: int, rowspan: int) -> dict[str, Any]:
        title, unit = (breakable(printable(text), room[at]) for text in (columns[at].title, columns[at].unit))
        return {
            "title": untorn.lines(title) if title else [],
            "unit": unit,
            "colspan": 1,
            "rowspan": rowspan,
            "whole": form.whole_heads[at],
        }

    top: list[dict[str, Any]] = []
    bottom: list[dict[str, Any]] = []
    for group, members in groupby(range(len(columns)), key=lambda at: columns[at].group):
        listed = list(members)
        if group:
            top.append(
                {
                    "title": untorn.lines(printable(group)),
                    "unit": "",
                    "colspan": len(listed),
                    "rowspan": 1,
                    "whole": layout.fits(group, sum(form.widths[at] for at in listed), form.points),
                }
            )
            bottom += [head(at, 1) for at in listed]
        else:
            top += [head(at, 2 if grouped else 1) for at in listed]
    return top + bottom


def _figure(block: Figure, number: int | None) -> dict[str, Any]:
    width, height = svg.size(block.svg)
    scale = min(1.0, TEXT_POINTS / width, TALLEST_FIGURE / height)
    return {
        "type": "figure",
        "caption": breakable(printable(words.numbered("figure", number, block.caption))),
        "svg": svg.clean(block.svg, ""),
        "alt": block.alt,
        "width": width * scale,
        "height": height * scale,
        "source": nodes(markdown.inline(block.source)) if block.source else [],
    }


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list) else value


def day(value: str) -> datetime.date | None:
    """Return the date of Meta.date; FailureError when it is not an ISO date."""
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value[:10])
    except ValueError:
        raise FailureError(f"дата документа «{value}» записана неверно", todo="нужна дата вида 2025-10-31") from None


def _date(value: str) -> dict[str, int] | None:
    found = day(value)
    return {"year": found.year, "month": found.month, "day": found.day} if found else None
