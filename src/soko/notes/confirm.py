"""Declare the analyst's words right for the present figures: commentary, edits, supposed causes of every note."""

from __future__ import annotations

from soko.notes import causes, commentary, edits, focus, telling, written
from soko.notes.data import ACADEMIC, read
from soko.periods import Period
from soko.workspace import Workspace


def confirm_commentary(workspace: Workspace, period: Period) -> list[str]:
    """Confirm all that is written for the period; return what was flagged before.

    «classes» is the commentary on a section of the note on academic results, «conditions: staffing» of another note,
    «conditions: правило worse» an edit.
    """
    found: list[str] = []
    for note, of in written.documents(read(workspace, period)):
        # The name is checked against the notes that there are before the note's data are read.
        data = read(workspace, period)
        written.commentary(data)
        written.edits(data)
        own = focus.on(read(workspace, period, note=note), of)
        prefix = "" if note == ACADEMIC else f"{written.name_of(own)}: "
        found += [f"{prefix}{name}" for name, remark in commentary.remarks(own).items() if remark.stale]
        found += [f"{prefix}{name}: предположение" for name in causes.supposed(own).stale]
        edited = edits.applied(own, telling.narrative(own))
        found += [f"{prefix}правка – {edits.named([edit])}" for edit in edited.stale]
        commentary.remarks(own, confirm=True)
        causes.supposed(own, confirm=True)
        edits.applied(own, telling.narrative(own), confirm=True)
    return found
