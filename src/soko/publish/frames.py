"""A plain pandas frame shown by a notebook (its ``text/html``) as a table block.

For investigations: notes build their tables themselves. Decimal point becomes comma, NaN and None a dash,
True and False да and нет; what pandas cut away is said under the table.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import html as lxml_html

from soko.publish.blocks import Head, Row, Table

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_WORDS = {"NaN": "–", "None": "–", "NaT": "–", "<NA>": "–", "nan": "–", "True": "да", "False": "нет"}
_SHAPE = re.compile(r"(\d+) rows × (\d+) columns")


def read(markup: str, caption: str = "", label: str = "") -> Table | None:
    """Return the table of a frame's ``text/html``; None where the HTML holds no ``<table>``.

    Several header rows (a MultiIndex of columns) become groups of the last one; a nameless index 0, 1, 2 … is left out.
    """
    tree = lxml_html.fromstring(f"<div>{markup}</div>")
    found = tree.find(".//table")
    if found is None:
        return None
    head = [_spread(row) for row in found.findall("./thead/tr")]
    body = [_spread(row) for row in found.findall("./tbody/tr")]
    _fill_down(found.findall("./tbody/tr"), body)
    width = max((len(row) for row in [*head, *body]), default=0)
    titles, groups = _heads(head, width)
    body = [[""] * (width - len(row)) + row for row in body]
    notes = []
    if any(row and all(cell in ("...", "") for cell in row[1:]) and row[-1] == "..." for row in body):
        body = [row for row in body if not all(cell in ("...", "") for cell in row)]
        shape = _SHAPE.search(tree.text_content())
        notes.append("Показаны не все строки" + (f": всего строк – {shape[1]}." if shape else "."))
    if titles and not titles[0] and [row[0] for row in body] == [str(i) for i in range(len(body))]:
        titles, groups, body = titles[1:], groups[1:], [row[1:] for row in body]
    columns = [
        Head(title=title, group=group, align="decimal" if _numeric([row[i] for row in body]) else "left")
        for i, (title, group) in enumerate(zip(titles, groups, strict=True))
    ]
    rows = [Row(cells=[_shown(cell) for cell in row]) for row in body]
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label, numbered=bool(caption))


def _spread(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row:
        cells += [" ".join(cell.text_content().split())] * int(cell.get("colspan", 1))
    return cells


def _fill_down(rows: list[Any], body: list[list[str]]) -> None:
    """Repeat the cells that span several rows (an index of several levels), in place."""
    open_spans: dict[int, tuple[int, str]] = {}
    for at, row in enumerate(rows):
        full: list[str] = []
        texts = iter(zip(row, body[at], strict=False))
        while True:
            position = len(full)
            if position in open_spans:
                left, text = open_spans.pop(position)
                full.append(text)
                if left > 1:
                    open_spans[position] = (left - 1, text)
                continue
            pair = next(texts, None)
            if pair is None:
                break
            full.append(pair[1])
            if (span := int(pair[0].get("rowspan", 1))) > 1:
                open_spans[position] = (span - 1, pair[1])
        body[at] = full


def _heads(head: list[list[str]], width: int) -> tuple[list[str], list[str]]:
    rows = [row + [""] * (width - len(row)) for row in head] or [[""] * width]
    # pandas writes the names of the index in a header row of their own, empty over the data
    if len(rows) > 1 and any(rows[-1]) and not any(rows[-1][i] for i in range(width) if rows[-2][i]):
        names = rows.pop()
        rows[-1] = [cell or names[i] for i, cell in enumerate(rows[-1])]
    groups = [" ".join(dict.fromkeys(row[i] for row in rows[:-1] if row[i])) for i in range(width)]
    return rows[-1], groups


def _numeric(cells: list[str]) -> bool:
    known = [cell for cell in cells if cell not in _WORDS and cell]
    return bool(known) and all(_NUMBER.fullmatch(cell) for cell in known)


def _shown(cell: str) -> str:
    if cell in _WORDS:
        return _WORDS[cell]
    if _NUMBER.fullmatch(cell):
        return cell.replace(".", ",").replace("-", "−", 1) if not re.search("[eE]", cell) else cell.replace(".", ",")
    return cell
