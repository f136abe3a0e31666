"""What each note about one class, subject, area or theme can read, so that it is made again only when that has changed.

The hashes are taken in a process that has the libraries of the notes already, by the code that a note itself reads
its data with (``soko.notes.fingerprint``).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from soko import resources
from soko.params import Params
from soko.periods import Period
from soko.run import jobs
from soko.run.jobs import Job
from soko.run.memory import Memory, Record, commentary_record, focused_record, note_record
from soko.run.plain import is_plain
from soko.run.sweeps import Document
from soko.workspace import Workspace

#: The note on academic results (``soko.notes.data``, which imports pandas).
ACADEMIC = "academic_results"
TITLE = "Данные справок"


def fingerprints(
    workspace: Workspace, period: Period, stage: Path, chosen: Iterable[Document], step: Any, prepare: dict[str, Any]
) -> dict[Document, Record]:
    """Of every document that can read no more than its note is left: hashes of that, by what they are of.

    ``prepare`` is what the notes' server reads before it forks (``Job.prepare``).
    """
    whole = _whole(workspace, period)
    focused = [item for item in chosen if (item.of or whole) and _narrow(workspace, item.note)]
    if not focused:
        return {}
    with tempfile.TemporaryDirectory(prefix="soko-") as folder:
        target = Path(folder) / "fingerprints.json"
        arguments = {
            "workspace": str(workspace.root),
            "period": period.id,
            "stage": str(stage),
            "documents": [[item.note, item.of] for item in focused],
            "target": str(target),
        }
        jobs.run([Job(TITLE, "fingerprints", arguments, prepare=prepare)], step)
        found: list[Record] = json.loads(target.read_text(encoding="utf-8"))
    return dict(zip(focused, found, strict=True))


def _whole(workspace: Workspace, period: Period) -> bool:
    """Whether notes on the whole school read figures alone: of a year of parts they also say what it was made of."""
    return period.kind != "calendar" and not Params(workspace).parts(period)


def _narrow(workspace: Workspace, note: str) -> bool:
    """Not the note on academic results, which reads everything, nor one with a school's own cells."""
    source = resources.notebook(f"notes/{note}", workspace.notebooks)
    return note != ACADEMIC and source is not None and is_plain(source, note)


def records(memory: Memory, stage: Path, known: dict[Document, Record]) -> Callable[[Document], Record]:
    """What documents read, as it is now; what those of one note have in common is hashed once."""
    workspace, period = memory.workspace, memory.period

    @cache
    def of_note(note: str, *, narrow: bool) -> Record:
        if narrow:
            return focused_record(workspace, period, note)
        return note_record(workspace, period, stage, f"notes/{note}")

    def of_document(item: Document) -> Record:
        common = of_note(item.note, narrow=item in known)
        return common | commentary_record(workspace, period, item.note, item.of) | known.get(item, {})

    return of_document
