"""Which documents a period's ``notes`` stand for: one a note, or one for each class or subject of a note about one.

A note whose file in params/narrative has a ``focus`` is written for each value of it; ``only`` in the period's
settings, or «--note class_teacher:7А», chooses among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soko import filenames, resources
from soko.cohorts import natural
from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

#: Of a focus: the indicator whose rows say which values there are, and the column.
_VALUES = {"class": ("movement.at_end", "class"), "subject": ("subjects.quality", "subject")}


@dataclass(frozen=True)
class Asked:
    """A note to write. ``focus`` is what it is written for each of; ``only`` chooses among them, empty takes all."""

    note: str
    focus: str = ""
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One file to write: the note, and the class or subject that it is about."""

    note: str
    of: str = ""

    @property
    def name(self) -> str:
        """Name of its files without suffix."""
        return filenames.document(self.note, self.of)


def select(workspace: Workspace, period: Period, asked: Sequence[str] | None) -> list[Asked]:
    """The notes asked for («class_teacher», «class_teacher:7А»), else those of the period's settings.

    UsageError with the nearest name for one that does not exist.
    """
    wanted: dict[str, list[str]] = {}
    if asked:
        for text in asked:
            note, _, of = text.partition(":")
            wanted.setdefault(note.strip(), []).extend([of.strip()] if of.strip() else [])
    else:
        for item in Params(workspace).period(period).notes:
            wanted.setdefault(item if isinstance(item, str) else item.note, []).extend(
                [] if isinstance(item, str) else item.only
            )
    known = resources.notebooks("notes", workspace.notebooks)
    found = []
    for note, only in wanted.items():
        if note not in known:
            raise UsageError(f"справки «{note}» нет{did_you_mean(note, known)}")
        focus = focus_of(workspace, note)
        if only and not focus:
            raise UsageError(f"справка «{note}» составляется по школе целиком, а указано «{only[0]}»")
        found.append(Asked(note, focus, tuple(dict.fromkeys(only))))
    return found


def focus_of(workspace: Workspace, note: str) -> str:
    """What the note is written for each of; empty for the school as a whole."""
    path = resources.narrative(note, workspace.params)
    # The file is read and checked by the note; to parse the whole of it takes longer than to see that nothing changed.
    found = (
        re.search(r"""^focus:[ \t]*["']?(\w*)""", path.read_text(encoding="utf-8"), re.M) if path.is_file() else None
    )
    return found[1] if found else ""


def documents(workspace: Workspace, asked: Iterable[Asked], indicators: Path) -> list[Document]:
    """The files to write; classes and subjects are those of the computed values in ``indicators`` (Parquet).

    UsageError with the nearest name for a class or subject that the period does not have.
    """
    result = []
    for item in asked:
        if not item.focus:
            result.append(Document(item.note))
            continue
        every = values(workspace, item.focus, indicators)
        # A note about an area is written for one of its subjects where it is asked for.
        known = every + (values(workspace, "subject", indicators) if item.focus == "area" and item.only else [])
        for of in item.only:
            if of not in known:
                raise UsageError(f"справка «{item.note}»: нет данных для «{of}»{did_you_mean(of, known)}")
        result += [Document(item.note, of) for of in item.only or every]
    return result


def published(asked: Iterable[Asked], manifest: dict[str, Any]) -> list[str] | None:
    """Names of the files that ``asked`` stood for at the last publication; None when one of the notes is not there.

    A note for each class stood for those that the publication before had found.
    """
    notes, swept = manifest["notes"], manifest.get("swept", {})
    names = []
    for item in asked:
        if item.focus and not item.only:
            found = [name for name in notes if swept.get(name, {}).get("note") == item.note and swept[name]["each"]]
        else:
            found = [Document(item.note, of).name for of in item.only or ("",)]
        if not found or any(name not in notes for name in found):
            return None
        names += found
    return names


def swept(asked: Iterable[Asked], chosen: Iterable[Document], before: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """For the manifest: which note and which class or subject a file is, whether it was one of all of them.

    ``before`` is what the last publication said; its other files stay known.
    """
    each = {item.note for item in asked if item.focus and not item.only}
    found = {item.name: {"note": item.note, "of": item.of, "each": item.note in each} for item in chosen if item.of}
    for name, entry in found.items():  # of all classes it is one of them, though today it was asked for alone
        entry["each"] = entry["each"] or bool(before.get(name, {}).get("each"))
    return dict(sorted((before | found).items()))


def forget(folder: Path, asked: Iterable[Asked], chosen: Iterable[Document], before: dict[str, Any]) -> None:
    """Remove from ``folder`` the files of classes and subjects that the period no longer has."""
    kept = {item.name for item in chosen}
    every = {item.note: item.focus for item in asked if item.focus and not item.only}
    gone = {
        name
        for name, entry in before.items()
        if name not in kept
        and entry["note"] in every
        # One subject of a note about areas was asked for by itself.
        and (entry["each"] or every[entry["note"]] != "area")
    }
    for path in folder.glob("*.*") if gone else ():
        if path.stem in gone:
            path.unlink()


def title(workspace: Workspace, name: str, swept: dict[str, Any]) -> str:
    """What an analyst calls the file ``name`` of the notes: «Итоги класса: 7А»."""
    entry = swept.get(name)
    own = resources.title(f"notes/{entry['note'] if entry else name}", workspace.notebooks)
    return f"{own}: {entry['of']}" if entry else own


def values(workspace: Workspace, focus: str, indicators: Path) -> list[str]:
    """Classes, subjects or subject areas of the period, in reading order."""
    import duckdb

    indicator, column = _VALUES["subject" if focus == "area" else focus]
    with duckdb.connect() as connection:
        rows = connection.execute(
            f'SELECT DISTINCT "{column}" FROM read_parquet(?) WHERE indicator = ? AND "{column}" <> \'\'',
            [str(indicators), indicator],
        ).fetchall()
    found = {str(row[0]) for row in rows}
    if focus == "area":
        areas = {subject.title: subject.area for subject in Params(workspace).subjects.subjects}
        found = {areas[name] for name in found if areas.get(name)}
    return sorted(found, key=natural)
