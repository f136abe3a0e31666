"""What one file gives to a period: canonical rows, names still in them, and all that there is to tell about it.

A piece depends on the file, its place, the settings and the code alone – not on the other files of the period – so
that it can be remembered (``soko.intake.remembered``). What files mean together is told by ``soko.intake.reader``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from soko.findings import Finding
from soko.intake.classname import school_class
from soko.intake.columns import Collected, Normaliser
from soko.intake.config import Context
from soko.intake.model import Draft, FileRead, SourceFile, Tally, cells
from soko.intake.prepare import prepare, totals_of
from soko.intake.recognise import read_file
from soko.intake.words import text

#: Canonical column → its values, row by row; every column has as many.
Columns = dict[str, list[Any]]


@dataclass
class Piece:
    """One file of a period.

    ``parts`` are rows of the tables of validation/tables, with the address columns; ``extra`` raw rows of journals.
    ``first`` are the findings about the file as a whole, ``findings`` those about its sheets. ``drafts`` counts the
    rows that the readers found, by table, before any was set aside.
    """

    source: SourceFile
    drafts: list[tuple[str, int]] = field(default_factory=list)
    parts: list[tuple[str, Columns]] = field(default_factory=list)
    extra: list[tuple[str, Columns]] = field(default_factory=list)
    letters: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    first: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)
    unmarked: list[dict[str, Any]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def repeats(self, first: str) -> Piece:
        """The same file a second time: nothing of it is taken, and every row that it has is accounted for."""
        table = self.drafts[0][0]
        message = f"Файл в точности повторяет «{first}» и не прочитан второй раз; уберите лишний."
        path, tally = self.source.path, Tally()
        for name, number in self.drafts:
            tally.read[name, path] += number
            tally.aside[name, path, "file_twice"] += number
        return Piece(
            self.source,
            first=[Finding("warning", table, "file_twice", path, message_ru=message)],
            tally=tally,
        )


def read_piece(path: Path, shown: str, context: Context, normaliser: Normaliser) -> Piece:
    """Read one file; ``context.period`` is the period of its folder, ``normaliser`` that of the period being read."""
    read: FileRead = read_file(path, context, shown)
    file = read.source.path
    piece = Piece(read.source, first=list(read.findings))
    got = Collected(list(read.findings))  # a remark that the file has already is not made again
    for draft in read.drafts:
        piece.drafts.append((draft.table, len(draft.frame) + draft.aside.total()))
        if not draft.table:
            got.findings += draft.findings  # a report of totals: known, and nothing to read in it
            continue
        piece.letters.append((draft.table, draft.sheet, draft.letters))
        if draft.table not in context.tables:
            got.findings += draft.findings
            own = {name: cells(draft.frame, name) for name in draft.frame.columns}
            piece.extra.append((draft.table, own | _constant(len(draft.frame), _file=file, _sheet=draft.sheet)))
            continue
        frame = prepare(draft, file, context, normaliser, got)
        if frame is None:
            continue
        piece.parts.append((draft.table, {name: cells(frame, name) for name in frame.columns}))
        piece.totals += totals_of(draft, file, normaliser)
        piece.unmarked += _unmarked(draft, file)
    piece.findings = got.findings[len(piece.first) :]
    return replace(piece, changes=got.changes, tally=got.tally)


def _constant(rows: int, **values: str) -> Columns:
    return {name: [value] * rows for name, value in values.items()}


def _unmarked(draft: Draft, file: str) -> list[dict[str, Any]]:
    own = school_class(draft.school_class).value
    return [
        {"full_name": name, "pupil_id": text(code) or None, "class": own, "_file": file, "_sheet": draft.sheet,
         "_row": row, "_col": ""}
        for row, name, code in draft.unmarked
    ]  # fmt: skip
