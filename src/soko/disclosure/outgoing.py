"""A folder that is to leave the school, searched for all that may not: ``soko scan`` and ``soko publish`` ask here.

People and their numbers (``leaks``), traces of those who made the files (``properties``), hidden figures of releases
(``hidden_search``). Files that the same search (``searched``) found clean and that have not changed are not opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from soko.disclosure import coincidences, hidden_search, leaks, properties, register, searched
from soko.disclosure.leaks import Leak
from soko.disclosure.needles import Needles
from soko.disclosure.opened import pieces
from soko.disclosure.texts import Closed, Piece
from soko.run import manifest
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
        return properties.faults(content, authors, opened)

    memory = searched.of(workspace, needles, authors)
    found = set(leaks.search(folder, needles, also=also, memory=memory))
    if memory is not None:
        memory.save()
    if hidden is not None:
        found |= _figures(workspace, folder, needles, hidden)
    return Looked(sorted(found), needles, hidden.facts.cells if hidden else 0)


def _figures(workspace: Workspace, folder: Path, needles: Needles, hidden: hidden_search.Searcher) -> set[Leak]:
    """Hidden figures of releases. With each release there are more, and every file is searched for them anew; for
    people it is not."""
    made, excused = _made(workspace), coincidences.known(workspace)

    def figures(content: bytes) -> Iterable[tuple[str, str]]:
        if content.startswith(b"%PDF") and hashlib.sha256(content).hexdigest() in made:
            return ()
        return hidden.places(content, list(pieces(content)), excused)

    memory = searched.of(workspace, needles, *hidden.terms, excused)
    found = set(leaks.search(folder, needles, instead=figures, memory=memory))
    if memory is not None:
        memory.save()
    return found


def _made(workspace: Workspace) -> frozenset[str]:
    """SHA-256 of the public PDF files that the program made, those of earlier releases too.

    What they say stands in the HTML of the same name, where a cell has its head and a sentence its end: the lines of a
    page, of which both are guessed, are read for hidden figures only where somebody else made the file.
    """
    found = {digest for entry in register.earlier(workspace) for digest in entry.record["published"].values()}
    for path in sorted(workspace.root.glob(f"outputs/**/{manifest.NAME}")):
        with suppress(OSError, ValueError, AttributeError, KeyError, TypeError):  # `soko verify` tells of a damaged one
            outputs = json.loads(path.read_text(encoding="utf-8"))["outputs"].items()
            found |= {one["sha256"] for name, one in outputs if name.startswith("public/") and name.endswith(".pdf")}
    return frozenset(found)
