"""PDF: text of pages, and every string of every object: properties, alternative texts, bookmarks, fields, files."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

from soko.disclosure.texts import CUT, Closed, Piece

Found = Iterator[Piece | Closed]


def pdf(content: bytes, inside: str, deeper: Callable[[bytes, str], Found]) -> Found:
    """Everything that a PDF says.

    What an editor left behind of earlier revisions cannot be told from what it shows, so such a file is closed.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    lead = f"{inside}, " if inside else ""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            yield Closed(inside, "PDF под паролем")
            return
        pages = reader.pages
        for number, page in enumerate(pages, start=1):
            yield Piece(page.extract_text() or "", f"{lead}стр. {number}")
        yield from _objects(reader, lead, deeper)
        revisions = content.count(b"%%EOF") - (1 if b"/Linearized" in content[:2048] else 0)
        if revisions > 1:
            yield Closed(inside, "PDF хранит прежние редакции документа")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        yield Closed(inside, "PDF не читается")


def _objects(reader: Any, lead: str, deeper: Callable[[bytes, str], Found]) -> Found:
    from pypdf.generic import ContentStream, IndirectObject, StreamObject

    texts: list[str] = []
    for number in sorted({*reader.xref.get(0, {}), *reader.xref_objStm}):
        item = reader.get_object(IndirectObject(number, 0, reader))
        if item is None:
            continue
        texts += _strings(item)
        if isinstance(item, StreamObject) and not isinstance(item, ContentStream):
            kind, sub = item.get("/Type"), item.get("/Subtype")
            if sub == "/XML":
                yield from deeper(item.get_data(), f"{lead}свойства XMP")
            elif kind == "/EmbeddedFile":
                yield from deeper(item.get_data(), f"{lead}вложенный файл")
            elif sub == "/Image" and item.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
                yield from deeper(item._data, f"{lead}рисунок")
    info = reader.trailer.get("/Info")
    texts += _strings(info.get_object()) if info is not None else []
    yield Piece(f"\n{CUT}\n".join(texts), f"{lead}свойства, закладки, подписи рисунков")


def _strings(item: Any, depth: int = 0) -> list[str]:
    """All strings within an object, not following references."""
    from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, TextStringObject

    if depth > 20:
        return []
    if isinstance(item, TextStringObject):
        return [str(item)]
    if isinstance(item, ByteStringObject):
        return [bytes(item).decode("utf-8", "ignore"), bytes(item).decode("utf-16-be", "ignore")]
    if isinstance(item, NameObject):
        return []
    if isinstance(item, DictionaryObject):
        return [text for value in item.values() for text in _strings(value, depth + 1)] + [
            str(key)[1:] for key in item if not str(key).isascii()
        ]
    if isinstance(item, ArrayObject):
        return [text for value in item for text in _strings(value, depth + 1)]
    return []
