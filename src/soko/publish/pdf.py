"""The PDF of a document, through Typst: A4, tagged (PDF/UA-1), embedded fonts, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typst

from soko.errors import FailureError
from soko.publish import paging
from soko.publish.document import Document
from soko.publish.glyphs import FONTS
from soko.publish.printed import data
from soko.publish.styles import TEMPLATES

STANDARDS = ["ua-1"]
_FONTS: dict[str, Any] = {"font_paths": [FONTS], "ignore_system_fonts": True}


def build(document: Document) -> bytes:
    """Return the PDF. FailureError carries Typst's own message where it refuses (a missing alt text, say)."""
    return run(*_laid_out(document), format="pdf", pdf_standards=STANDARDS)


def pictures(document: Document, ppi: int = 80) -> list[bytes]:
    """Return every page as PNG, as the PDF shows it."""
    compiler, source = _laid_out(document)
    drawn = compiler.compile(source, timestamp=0, format="png", ppi=ppi) or b""
    return drawn if isinstance(drawn, list) else [drawn]


def _laid_out(document: Document) -> tuple[typst.Compiler, bytes]:
    """The compiler that knows the document's layout already, and the template's source.

    The question where blocks stand lays the document out; the same compiler then has the PDF in a tenth of the time
    that a fresh one takes.
    """
    source = (TEMPLATES / "note.typ").read_bytes()
    compilers: dict[str, typst.Compiler] = {}

    def lay_out(made: dict[str, Any]) -> paging.Places:
        text = _text(made)
        compilers[text] = _compiler(source, {"doc": text})
        return _places(compilers[text])

    settled = _text(paging.settle(data(document), lay_out))
    return compilers[settled], source


def _compiler(source: bytes, inputs: dict[str, str]) -> typst.Compiler:
    """A compiler with the fonts of the package alone."""
    return typst.Compiler(source, sys_inputs=inputs, **_FONTS)


def _text(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False)


def _places(compiler: typst.Compiler) -> paging.Places:
    """Page and points from its top of everything that the template marks.

    A compiler that was given its source as bytes answers one question only.
    """
    with _refusals():
        found = json.loads(compiler.query("<place>", field="value"))
    return {what: (page, down) for what, page, down in found}


def picture(svg: str, ppi: int = 200) -> bytes:
    """Return ``svg`` drawn as PNG; Word shows SVG only in its newest versions."""
    source = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    return run(_compiler(source, {"svg": svg}), source, format="png", ppi=ppi)


def run(compiler: typst.Compiler, source: bytes, **options: Any) -> bytes:
    """Compile with a clock that stands still."""
    with _refusals():
        result = compiler.compile(source, timestamp=0, **options)
    if isinstance(result, list):  # one PNG a page
        if len(result) != 1:
            raise FailureError("рисунок не поместился на одну страницу")
        result = result[0]
    if not result:
        raise FailureError("Typst вернул пустой документ")
    return result


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn Typst's errors and panics into failures of ours, in its own words."""
    try:
        yield
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
