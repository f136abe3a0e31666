"""The PDF of a document, through Typst: A4, tagged (PDF/UA-1), embedded fonts, the same bytes every time."""

from __future__ import annotations

import json
from typing import Any

import typst

from soko.errors import FailureError
from soko.publish.document import Document
from soko.publish.glyphs import FONTS
from soko.publish.html import TEMPLATES
from soko.publish.printed import data, signed_table, with_last_rows_apart

STANDARDS = ["ua-1"]
_FONTS: dict[str, Any] = {"font_paths": [FONTS], "ignore_system_fonts": True}


def build(document: Document) -> bytes:
    """Return the PDF. FailureError carries Typst's own message where it refuses (a missing alt text, say)."""
    source, made = _made(document)
    return run(source, _inputs(made), format="pdf", pdf_standards=STANDARDS)


def pictures(document: Document, ppi: int = 80) -> list[bytes]:
    """Return every page as PNG, as the PDF shows it."""
    source, made = _made(document)
    drawn = typst.compile(source, sys_inputs=_inputs(made), timestamp=0, format="png", ppi=ppi, **_FONTS)
    return drawn if isinstance(drawn, list) else [drawn]


def _made(document: Document) -> tuple[bytes, dict[str, Any]]:
    source = (TEMPLATES / "note.typ").read_bytes()
    made = data(document)
    at = signed_table(made["blocks"])
    if at is not None and _signed_alone(source, made):
        made["blocks"] = with_last_rows_apart(made["blocks"], at)
    return source, made


def _inputs(made: dict[str, Any]) -> dict[str, str]:
    return {"doc": json.dumps(made, ensure_ascii=False)}


def _signed_alone(source: bytes, made: dict[str, Any]) -> bool:
    """Whether the signatures begin a page that has no row of the table before them."""
    try:
        pages = [
            typst.query(source, label, field="value", sys_inputs=_inputs(made), **_FONTS)
            for label in ("<last-row>", "<signed>")
        ]
    except typst.TypstError:  # what is wrong is said by the build itself
        return False
    return pages[0] != pages[1]


def picture(svg: str, ppi: int = 200) -> bytes:
    """Return ``svg`` drawn as PNG; Word shows SVG only in its newest versions."""
    source = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    return run(source, {"svg": svg}, format="png", ppi=ppi)


def run(source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    """Compile ``source`` with the fonts of the package alone and a clock that stands still."""
    try:
        result = typst.compile(source, sys_inputs=inputs, timestamp=0, **_FONTS, **options)
    except typst.TypstError as error:
        hints = "; ".join(error.hints)
        raise FailureError(f"Typst не смог сверстать документ: {error}" + (f" ({hints})" if hints else "")) from None
    except BaseException as error:
        # a panic of Typst is no Exception: it would pass every handler and end the whole run with a Rust backtrace
        if type(error).__name__ != "PanicException":
            raise
        raise FailureError(
            f"Typst аварийно остановился: {error}", todo="сообщите разработчикам, приложив блокнот"
        ) from None
    if isinstance(result, list):  # one PNG a page
        if len(result) != 1:
            raise FailureError("рисунок не поместился на одну страницу")
        result = result[0]
    if not result:
        raise FailureError("Typst вернул пустой документ")
    return result
