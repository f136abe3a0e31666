"""What any file of a workspace says, as cells where it has some and as text elsewhere. Nothing in it is executed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soko.disclosure import opened
from soko.disclosure.opened import decoded
from soko.disclosure.texts import Piece as Told
from soko.intake.words import column_letter

_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[А-Яа-яЁё][А-Яа-яЁё.-]*")
#: A person's place in these is a line.
_LINES = {".md", ".yaml", ".yml", ".txt", ".css", ".ics", ".csv", ".tsv"}


@dataclass(frozen=True)
class Piece:
    """A value with its place in the file: sheet and A1 cell of a table, line of a text, nothing of the rest."""

    value: Any
    sheet: str = ""
    cell: str = ""
    line: int | None = None
    is_cell: bool = False


def cells(path: Path, sources: Any) -> Iterator[Piece] | None:
    """The cells of a table as a person sees them; None when the file is no table that can be read."""
    from soko.intake.grid import read_grid
    from soko.intake.model import FileProblemError

    try:
        grid = read_grid(path, sources)
    except FileProblemError:
        return None
    return (
        Piece(value, sheet.name, f"{column_letter(column)}{row + 1}", row + 1, is_cell=True)
        for sheet in grid.sheets
        for row, values in enumerate(sheet.rows)
        for column, value in _with_joined(values)
    )


def _with_joined(values: list[Any]) -> Iterator[tuple[int, Any]]:
    """The cells of a row by column, and what words in neighbouring cells say together: a name may stand in three."""
    for column, value in enumerate(values):
        yield column, value
        words = [item.strip() if isinstance(item, str) and _WORD.fullmatch(item.strip()) else ""
                 for item in values[column : column + 3]]  # fmt: skip
        if len(words) > 1 and words[0] and words[1]:
            yield column, " ".join(word for word in words if word)


def pieces(path: Path) -> Iterator[Piece] | None:
    """Everything that a file says; None when it cannot be looked into or nothing is known of its kind."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return _parquet(path)
        if suffix in (".json", ".ipynb"):
            return _json(path)
        if suffix in _LINES:
            return (Piece(line, line=number) for number, line in enumerate(text_of(path).splitlines(), 1))
        return _opened(path)
    except (OSError, ValueError):
        return None


def text_of(path: Path) -> str:
    """A text file; empty when it is none."""
    return decoded(path.read_bytes()) or ""


def _opened(path: Path) -> Iterator[Piece] | None:
    """Pages, documents, archives: as running text, with what stands in their parts and properties."""
    found = list(opened.pieces(path.read_bytes()))
    texts = [item.text for item in found if isinstance(item, Told)]
    return iter([Piece(text) for text in texts]) if texts or not found else None


def _parquet(path: Path) -> Iterator[Piece]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    texts = [name for name in table.column_names if pa.types.is_string(table.schema.field(name).type)
             or pa.types.is_large_string(table.schema.field(name).type)]  # fmt: skip
    return (
        Piece(value, is_cell=True)
        for name in texts
        for value in table[name].unique().to_pylist()
        if value is not None
    )  # fmt: skip


def _json(path: Path) -> Iterator[Piece]:
    text = path.read_text(encoding="utf-8", errors="surrogatepass")
    first, _, rest = text.partition("\n")
    sealed = re.fullmatch(r"[0-9a-f]{64}", first) is not None  # of soko.sealed: the signature, then the content
    return (Piece(value, is_cell=True) for value in _strings(json.loads(rest if sealed else text)))


def _strings(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # a notebook keeps a text as its lines
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value
        if "<" in value:
            yield html.unescape(_TAG.sub(" ", value))
    elif isinstance(value, int):
        yield value
