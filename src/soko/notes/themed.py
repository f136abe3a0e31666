"""A note on one theme of the whole school: the figures and findings that its file names, and no others.

A changed mark is no reason to write the note on contests again. That nothing of it is read has to be certain, so the
note is given nothing else: ``soko.notes.fingerprint`` then hashes whatever it can read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from soko.analysis.narrative_rules import RuleBook
from soko.notes.data import QUALITY, Figures, NoteData

#: What says which classes and subjects are in doubt (``soko.notes.doubtful``).
_DOUBTFUL = (QUALITY, "subjects.quality")


def reads(book: RuleBook) -> frozenset[str]:
    """Ids of the indicators of which the note can read a figure."""
    return frozenset([*book.used(), *(_DOUBTFUL if book.doubtful else ())])


def narrowed(data: NoteData, book: RuleBook) -> NoteData:
    """``data`` with the figures that the note's file names and the findings about its tables."""
    ids = reads(book)
    return replace(
        data,
        current=_of(data.current, ids),
        previous=_of(data.previous, ids) if data.previous is not None else None,
        year_ago=_of(data.year_ago, ids) if data.year_ago is not None else None,
        earlier=_of(data.earlier, ids) if data.earlier is not None else None,
        findings=findings(book, data.findings),
    )


def _of(figures: Figures, ids: Collection[str]) -> Figures:
    made = figures.only(key for key, _ in figures.items() if key[0] in ids)
    made.withheld = figures.withheld.intersection(ids)
    return made


def findings(book: RuleBook, found: pd.DataFrame | None) -> pd.DataFrame | None:
    """Of ``found`` those about the tables that the note rests on, and those that its rules ask for.

    The others are told of, but neither what they are nor how many: one nameless row stands for them all.
    """
    if found is None:
        return None
    tables, asked = {"", *book.file.tables}, {name for rules in book.doubtful.values() for name in rules}
    rows = found[list(FINDINGS)].to_numpy(dtype=object).tolist()
    own = [row for row in rows if row[1] in tables or row[2] in asked]
    others = any(row[0] != "info" for row in rows if row[1] not in tables and row[2] not in asked)
    return pd.DataFrame([*own, *([["warning", OTHER, "", ""]] if others else [])], columns=list(FINDINGS), dtype=object)


#: Columns of findings that a note reads.
FINDINGS = ("severity", "table", "rule", "message_ru")
#: In place of the name of a table that the note does not rest on.
OTHER = "–"
