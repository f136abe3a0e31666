"""Texts: HTML, XML, SVG, notebooks, JSON, CSV, scripts. Tags are looked at twice: with them and without them."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from soko.disclosure.texts import Closed, Piece, together, without_data, without_tags

Found = Iterator[Piece | Closed]
Deeper = Callable[[bytes, str], Found]
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENDS = re.compile(r"</(?:w:p|text:p|a:p|p|tr|row|li|h\d)>")
# A cell of a worksheet that holds a value and nothing besides: rows are read with their values elsewhere.
_CELL = re.compile(r"<c [^<>]*(?:/>|>(?:<v>[^<]*</v>|<is><t[^<>]*>[^<]*</t></is>)?</c>)")
# «&L», «&C», «&R» begin the parts of a page header and stand close to its words.
_PLACE = re.compile(r"&amp;[A-Z]")
_BREAKS = re.compile(r"\\[nrt]")


def markup(text: str, inside: str, deeper: Deeper) -> Found:
    """What is shown, with names put together across tags; then all that stands in tags, comments and scripts."""
    rest, data = _without_data(text)
    if "<sheetData" in rest[:20000]:
        rest = _PLACE.sub(" ", _CELL.sub("", rest))
    # XML of office files is one line: there a line is a paragraph
    if rest.count("\n") < 3:
        rest, unit = _ENDS.sub(lambda end: end.group() + "\n", rest), "абзац"
    else:
        unit = "строка"
    whole = unescaped(rest)
    if not whole.isascii():  # sheets of numbers and references alone: nothing there is torn by tags
        yield Piece(unescaped(without_tags(rest)), inside, unit)
    yield Piece(whole, inside, unit)
    yield from _deeper(data, inside, deeper)


def script(text: str, inside: str, deeper: Deeper) -> Found:
    """Any other text: CSV, JSON, scripts, styles, logs, Markdown."""
    rest, data = _without_data(text)
    yield Piece(unescaped(rest), inside, "строка")
    if "<" in rest:
        yield Piece(without_tags(unescaped(rest)), inside, "строка")
    yield from _deeper(data, inside, deeper)


def notebook(text: str, inside: str, deeper: Deeper) -> Found:
    """Cells with their sources, outputs and attachments; pictures are looked into."""
    try:
        book: dict[str, Any] = json.loads(text)
        cells = list(book.get("cells", []))
    except (ValueError, AttributeError):
        yield from script(text, inside, deeper)
        return
    lead = f"{inside}, " if inside else ""
    for number, cell in enumerate(cells, start=1):
        for at, value in _strings(cell, ""):
            place = f"{lead}ячейка {number}" + (f", {at}" if at else "")
            if at.rpartition("/")[2].startswith("png") or at.rpartition("/")[2].startswith("jpeg"):
                yield from deeper(_bytes(value), place)
            elif "<" in value:
                yield from ((Piece(piece.text, place) if isinstance(piece, Piece) else piece)
                            for piece in markup(value, place, deeper))  # fmt: skip
            else:
                yield Piece(unescaped(value), place)
    book.pop("cells", None)
    yield together([("свойства тетради", unescaped(json.dumps(book, ensure_ascii=False)))], inside)


def _strings(value: Any, at: str) -> Iterator[tuple[str, str]]:
    """(where, text) of all strings and keys of a JSON value; a list of lines is one text."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield at, "".join(value) if any(item.endswith("\n") for item in value) else "\n".join(value)
        else:
            for item in value:
                yield from _strings(item, at)
    elif isinstance(value, dict):
        yield at, "\n".join(map(str, value))
        plain = [f"{key}: {item}" for key, item in value.items() if not isinstance(item, (str, list, dict))]
        if plain:
            yield at, "\n".join(plain)
        for key, item in value.items():
            yield from _strings(item, f"{at}/{key}" if at else str(key))


def unescaped(text: str) -> str:
    r"""``text`` with entities, ``\u0418`` and ``%D0%98`` as letters; its lines stay lines."""
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = _BREAKS.sub(" ", _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text))
    if "%D0%" in text or "%d0%" in text:
        text = unquote(text, errors="replace")
    return text


def _without_data(text: str) -> tuple[str, list[tuple[str, int]]]:
    data: list[tuple[str, int]] = []
    rest = without_data(text, lambda content, at: data.append((content, text.count("\n", 0, at) + 1)))
    return rest, data


def _deeper(data: list[tuple[str, int]], inside: str, deeper: Deeper) -> Found:
    for content, line in data:
        place = f"вложение в строке {line}"
        yield from deeper(_bytes(content), f"{inside}, {place}" if inside else place)


def _bytes(content: str) -> bytes:
    try:
        return base64.b64decode("".join(content.split()), validate=False)
    except (binascii.Error, ValueError):
        return content.encode("utf-8", "replace")
