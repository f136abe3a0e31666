"""A folder that is to leave the school, searched for all that may not: ``soko scan`` and ``soko publish`` ask here.

People and their numbers (``leaks``), traces of those who made the files (``properties``), hidden figures of releases
(``hidden_search``), in one pass over the files that are new or changed since they were found clean (``searched``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from soko.disclosure import hidden_search, leaks, properties, searched
from soko.disclosure.leaks import Leak
from soko.disclosure.needles import Needles
from soko.disclosure.texts import Closed, Piece
from soko.workspace import Workspace


class Looked(NamedTuple):
    """What was found, what was looked for, and how many hidden cells of releases were among it."""

    found: list[Leak]
    needles: Needles
    cells: int


def look(workspace: Workspace, folder: Path, *, on: date | None = None) -> Looked:
    """Search ``folder`` (or one file); ``on`` is the day of publication, for consents that end.

    UsageError where there is nothing to search, DataError for a damaged register of releases.
    """
    needles = leaks.personal(workspace, on=on)
    authors, hidden = properties.authors(workspace), hidden_search.searcher(workspace)

    def also(content: bytes, opened: list[Piece | Closed]) -> Iterable[tuple[str, str]]:
        yield from properties.faults(content, authors, opened)
        if hidden is not None:
            yield from hidden.places(content, opened)

    memory = searched.of(workspace, needles, authors, hidden.terms if hidden else ())
    found = leaks.search(folder, needles, also=also, memory=memory)
    if memory is not None:
        memory.save()
    return Looked(found, needles, hidden.facts.cells if hidden else 0)
