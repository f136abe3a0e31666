"""A file as numbers with their words: cells of tables with row, column and caption, numbers of prose with the sentence.

HTML, Word, workbooks, Parquet, CSV, JSON and scripts that hold JSON, pages of PDF; what is drawn and members of other
archives are not looked into here.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree, html

from soko.disclosure.hidden_grids import LONGEST, Told, grid_of, is_figure, of_grid, prose
from soko.disclosure.hidden_words import plain
from soko.disclosure.opened import decoded
from soko.disclosure.texts import CUT, Closed, Piece

_PROSE = {"p", "li", "figcaption", "caption", "h1", "h2", "h3", "h4", "dd", "dt", "desc", "blockquote"}
_PAGE_ROW = re.compile(r"(\d{1,2}\S*|\D+?)\s+(?=[\d<−+–]|скр|мч)(.*)")
_OF_PROSE = re.compile(r"[\w%»)]\.\s+[А-ЯЁ][а-яё]*\s+[а-яё]|[\d%)],\s")
_CELL = re.compile(r"(?<!\S)(?:[<≈±+−–-]?\s?\d\S*|[–×]|скр|мч)(?!\S)")
_BROKEN = 4  # lines that a label of a narrow column is looked for in
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def told(content: bytes, opened: Iterable[Piece | Closed]) -> Iterator[Told]:
    """Everything in a file that may say a number; ``opened`` are its pieces."""
    if content.startswith(b"PK"):
        yield from _office(content, opened)
    elif content[:1024].lstrip().startswith(b"%PDF"):
        yield from (one for piece in _pieces(opened) if "стр." in piece.inside for one in _page(piece))
    elif content.startswith(b"PAR1"):
        names, *rest = [*_pieces(opened), Piece("")]
        heads = names.text.split("\n")[0].split("\t")
        for piece in rest:
            yield from of_grid(
                grid_of("", [heads, *(line.split("\t") for line in piece.text.split("\n"))], 1), "таблица"
            )
    elif (text := decoded(content)) is not None:
        yield from of_text(text)


def of_text(text: str, where: str = "") -> Iterator[Told]:
    """Markup, JSON, CSV or plain words."""
    start = text[:200].lstrip("\ufeff \n\r\t")
    if start.startswith("<"):
        yield from _markup(text, where)
        return
    if start.startswith(("{", "[")):
        try:
            yield from _json(json.loads(text.lstrip("\ufeff")), where)
        except ValueError:
            yield from prose(text, where)
        return
    first = text.split("\n", 1)[0]
    sign = next((sign for sign in (";", "\t", ",") if first.count(sign) >= 3), "")
    if sign:
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=sign))
        yield from of_grid(grid_of("", rows, 0), where or "таблица")
    else:
        yield from prose(text, where)


def _pieces(opened: Iterable[Piece | Closed]) -> list[Piece]:
    return [piece for piece in opened if isinstance(piece, Piece)]


# -- markup ----------------------------------------------------------------------------------------------------------


def _markup(text: str, where: str) -> Iterator[Told]:
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        yield from prose(text, where)
        return
    for node in tree.iter("script"):
        if (node.text or "").lstrip().startswith(("{", "[")):
            yield from of_text(node.text, where)
        node.text = None
    for node in list(tree.iter("style")):
        node.text = None
    for at, table in enumerate(tree.iter("table"), start=1):
        caption = " ".join(plain(node.text_content()) for node in table.iter("caption"))
        rows, heads = _rows(table)
        yield from of_grid(grid_of(caption, rows, heads), f"таблица {at} страницы")
    for node in tree.iter():
        if isinstance(node.tag, str):
            for name in ("alt", "aria-label", "title", "content"):
                yield from prose(node.get(name) or "", f"подпись ({name})")
            if node.tag in _PROSE:
                yield from prose(node.text_content(), where or f"строка {node.sourceline}")


def _rows(table: Any) -> tuple[list[list[str]], int]:
    """Rows with spans written out, and how many at the top are heads alone."""
    rows: list[list[str]] = []
    hanging: dict[tuple[int, int], str] = {}
    heads = 0
    for at, line in enumerate(table.iter("tr")):
        row: list[str] = []
        cells = [cell for cell in line if cell.tag in ("td", "th")]
        if cells and all(cell.tag == "th" for cell in cells) and at == heads and (len(cells) > 1 or at == 0):
            heads += 1
        for cell in cells:
            while (at, len(row)) in hanging:
                row.append(hanging.pop((at, len(row))))
            text = " ".join(cell.itertext())
            for _ in range(_span(cell.get("colspan"))):
                for below in range(1, _span(cell.get("rowspan"))):
                    hanging[at + below, len(row)] = text
                row.append(text)
        while (at, len(row)) in hanging:
            row.append(hanging.pop((at, len(row))))
        rows.append(row)
    return rows, heads


def _span(text: str | None) -> int:
    return min(int(text), 200) if text and text.isdigit() and int(text) else 1


# -- other kinds -----------------------------------------------------------------------------------------------------


def _office(content: bytes, opened: Iterable[Piece | Closed]) -> Iterator[Told]:
    for piece in _pieces(opened):
        if "лист «" in piece.inside and piece.unit == "строка":
            rows = [line.split("\t") for line in piece.text.split("\n")]
            yield from of_grid(grid_of("", rows, 0), piece.inside)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "word/document.xml" in archive.namelist():
                yield from _word(etree.fromstring(archive.read("word/document.xml")))
    except (zipfile.BadZipFile, RuntimeError, OSError, etree.XMLSyntaxError):
        return  # «cannot be looked into» is told by the search for names


def _word(body: Any) -> Iterator[Told]:
    before = ""
    for node in body.iter(f"{_W}p", f"{_W}tbl"):
        if node.tag == f"{_W}tbl":
            rows = []
            above: list[str] = []
            for line in node.iter(f"{_W}tr"):
                row: list[str] = []
                for cell in line.iter(f"{_W}tc"):
                    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
                    text = " ".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))
                    if merged is not None and merged.get(f"{_W}val") != "restart" and len(row) < len(above):
                        text = above[len(row)]
                    row += [text] * _span(span.get(f"{_W}val") if span is not None else None)
                rows.append(row)
                above = row
            yield from of_grid(grid_of(before, rows, 0), "таблица документа")
        elif text := _text(node):
            before = text
            yield from prose(text, "абзац документа")


def _text(node: Any) -> str:
    return "".join(part.text or "" for part in node.iter(f"{_W}t"))


def _json(value: Any, where: str, above: str = "") -> Iterator[Told]:
    """Records: an object is a row whose keys are its heads; strings are prose, or tables of their own."""
    if isinstance(value, str):
        yield from _markup(value, where) if "<t" in value[:4000] else prose(value, where)
    elif isinstance(value, list):
        rows = [["" if cell is None else str(cell) for cell in row] for row in value if isinstance(row, list)]
        if rows and not any(len(cell) > LONGEST for row in rows for cell in row):  # else an index of texts
            yield from of_grid(grid_of(above, rows, 0), where or "массив")
        for item in value:
            yield from _json(item, where, above)
    elif isinstance(value, dict):
        row = {key: str(item) for key, item in value.items() if isinstance(item, (str, int, float))}
        if any(is_figure(plain(text)) for text in row.values()):
            yield from of_grid(grid_of(above, [list(row), list(row.values())], 1), where or "запись")
        for key, item in value.items():
            yield from _json(item, where, f"{above} {key}".strip())


def _is_row(line: str) -> bool:
    """Whether a line of a page is a row of a table: most of its words are figures or the signs in their place.

    A line in which one sentence ends and another begins, or numbers are listed with commas, is prose.
    """
    words = line.split()
    return (
        bool(words)
        and not _OF_PROSE.search(line)
        and sum(not re.search(r"[а-яё]{4}", word, re.IGNORECASE) for word in words) > len(words) / 2
    )


def _page(piece: Piece) -> Iterator[Told]:
    """A page of PDF: its words as prose, its rows with the caption and the heads above them, columns unknown."""
    text = piece.text.replace(CUT, " ")
    words = "\n".join("\n" if _is_row(line) else line for line in text.split("\n"))
    yield from prose(re.sub(r"(?<!\n)-?\n(?!\n)", " ", words), piece.inside)
    above: list[str] = []  # the caption and the heads
    broken: list[str] = []  # lines since the last row: a label that the column was too narrow for begins there
    rows = False
    for line in text.split("\n"):
        row = plain(line)
        if row.startswith("Таблица"):
            above, broken, rows = [], [], False
        found = _PAGE_ROW.match(row) if len(row) < 120 else None
        if found and not re.search(r"\d[.,]\d", found[2]):
            found = None
        if found:
            label = " ".join([*broken[-_BROKEN:], found[1]]) if rows else found[1]
            yield Told(found[2], piece.inside, label, "", " | ".join(above[:6]), cell=True, loose=True)
        if found or (_is_row(row) and len(_CELL.findall(row)) > 1):
            rows, broken = True, []
        elif rows:
            broken.append(row)
        else:
            above.append(row)
