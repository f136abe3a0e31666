"""A note on one theme of the whole school: the figures and findings that its file names, and no others.

A changed mark is no reason to write the note on contests again. That nothing of it is read has to be certain, so the
note is given nothing else: ``soko.notes.fingerprint`` then hashes whatever it can read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from soko.analysis.narrative_rules import RuleBook
from soko.notes import checked
from soko.notes.data import QUALITY, Figures, NoteData

if TYPE_CHECKING:
    import pandas as pd

#: What says which classes and subjects are in doubt (``soko.notes.doubtful``).
_DOUBTFUL = (QUALITY, "subjects.quality")


def reads(book: RuleBook) -> frozenset[str]:
    """Ids of the indicators of which the note can read a figure."""
    return frozenset([*book.used(), *(_DOUBTFUL if book.doubtful else ())])


def narrowed(data: NoteData, book: RuleBook) -> NoteData:
    """``data`` with the figures that the note's file names and the findings about its tables.

    Of other findings only the severity is left: the note says how many there are.
    """
    ids = reads(book)
    return replace(
        data,
        current=_of(data.current, ids),
        previous=_of(data.previous, ids) if data.previous is not None else None,
        year_ago=_of(data.year_ago, ids) if data.year_ago is not None else None,
        earlier=_of(data.earlier, ids) if data.earlier is not None else None,
        findings=_findings(data, book),
    )


def _of(figures: Figures, ids: Collection[str]) -> Figures:
    made = figures.only(key for key, _ in figures.items() if key[0] in ids)
    made.withheld = figures.withheld.intersection(ids)
    return made


def _findings(data: NoteData, book: RuleBook) -> pd.DataFrame | None:
    if data.findings is None:
        return None
    found = data.findings[["severity", "table", "rule", "message_ru"]].copy()
    asked = {name for rules in book.doubtful.values() for name in rules}
    others = ~found.index.isin(checked.own(data, found).index) & ~found["rule"].isin(asked)
    found.loc[others, ["table", "rule", "message_ru"]] = [OTHER, "", ""]
    return found.sort_values("table", key=lambda names: names == OTHER, kind="stable", ignore_index=True)


#: In place of the name of a table that the note does not rest on.
OTHER = "–"
