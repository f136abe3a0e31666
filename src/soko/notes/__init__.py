"""The note: what notebooks call. ``open_note`` gives a Note whose methods return display blocks."""

from __future__ import annotations

from pathlib import Path

from soko import editions
from soko.errors import UsageError
from soko.notes import focus
from soko.notes.annex import Annex
from soko.notes.base import Blocks, ThemeNote
from soko.notes.confirm import confirm_commentary
from soko.notes.data import ACADEMIC, NoteData, read
from soko.notes.key_note import KeyNote
from soko.notes.note import Note
from soko.notes.study import Study
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

__all__ = [
    "Annex",
    "Blocks",
    "KeyNote",
    "Note",
    "Study",
    "ThemeNote",
    "confirm_commentary",
    "open_annex",
    "open_key_indicators",
    "open_note",
    "open_study",
    "open_theme",
]


def open_note(workspace: str = "", period: str = "", audience: str = "internal", out: str = "") -> Note:
    """The note on academic results. Empty values mean the nearest workspace, its current period, its published results.

    ``out`` is the folder of a run that is not published yet; findings.csv is looked for there.
    """
    place, when = _resolve(workspace, period)
    return Note(_data(place, when, out, ACADEMIC, audience), audience)


def open_theme(
    note: str, workspace: str = "", period: str = "", audience: str = "internal", out: str = "", of: str = ""
) -> ThemeNote:
    """The note that params/narrative/``note``.yaml describes; ``of`` is its one class or subject where it has one."""
    place, when = _resolve(workspace, period)
    return ThemeNote(focus.on(_data(place, when, out, note, audience), of), audience)


def _data(workspace: Workspace, period: Period, out: str, note: str, audience: str) -> NoteData:
    if audience not in ("internal", "public"):
        raise UsageError(
            f"экземпляр «{audience}» неизвестен", todo="укажите internal (внутренний) или public (публичный)"
        )
    if audience == "public":
        editions.require(workspace, note)
    return read(workspace, period, Path(out) if out else None, note, audience)


def open_key_indicators(workspace: str = "", period: str = "", audience: str = "internal", out: str = "") -> KeyNote:
    """The note on key indicators and comparisons of a period; parameters as of ``open_note``."""
    if audience == "public":
        editions.require(_resolve(workspace, period)[0], "key_indicators")
    return KeyNote(open_note(workspace, period, audience, out).data, audience)


def open_annex(workspace: str = "", period: str = "") -> Annex:
    """The annex with names; its outputs may stand in data/private only."""
    return Annex(*_resolve(workspace, period))


def _resolve(workspace: str, period: str) -> tuple[Workspace, Period]:
    place = Workspace.open(workspace or None)
    return place, Period.parse(period or Params(place).school.current_period)


def open_study(workspace: str = "", period: str = "") -> Study:
    """Data and definitions of a period for an investigation of one's own."""
    return Study(*_resolve(workspace, period))
