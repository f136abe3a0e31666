"""Where a person stands in a workspace: what the program made, and what only the school itself may change.

The files of data/incoming, the ledger of corrections, settings and own notebooks belong to the school: they are
listed with their addresses. Everything else was made by us, and a file in which the person stands is removed; of
tables with many people only his rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from soko.errors import UsageError
from soko.intake.config import Sources
from soko.periods import Period
from soko.retention import contents
from soko.retention.guard import INTENT
from soko.retention.marks import NAME as MARKS
from soko.retention.person import Person
from soko.workspace import Workspace
from soko.yamlio import load

Kind = Literal["names", "clean", "memory", "returned", "annexes", "export", "outputs", "private"]
#: Of our own bookkeeping: nothing of a person is in it that has to go.
_OURS = {"key", INTENT, "forgotten.json", "removed.csv", MARKS}
_FOLDERS = ("data", "outputs", "params", "notebooks")
_DOCUMENTS = (".ipynb", ".html", ".pdf", ".docx")


@dataclass(frozen=True)
class Place:
    """Where the school itself has to act: file, sheet, cells or lines. ``sure`` false: it may be somebody else."""

    file: str
    sheet: str = ""
    at: tuple[str, ...] = ()
    sure: bool = True


@dataclass
class Traces:
    """What was found: tables to take rows out of, files to remove, places for the school, files that nobody can read.

    Paths are relative to the workspace; ``periods`` are those in which the person stands.
    """

    tables: dict[str, Kind] = field(default_factory=dict)
    files: dict[str, Kind] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    periods: set[str] = field(default_factory=set)


def search(workspace: Workspace, person: Person) -> Traces:
    """Look through every file of the workspace's data, outputs, settings and notebooks."""
    found, memory = Traces(), list[str]()
    sources = load(workspace.params / "sources.yaml", Sources)
    for path in _files(workspace):
        shown = path.relative_to(workspace.root).as_posix()
        if _is_memory(shown):
            memory.append(shown)
        elif _is_of_school(shown):
            _school(path, shown, person, found, sources)
        elif told := _in_file(path, shown, person, sources):
            _made(path, shown, told, found)
    _with_siblings(workspace, found)
    if found.tables or found.files or found.places:
        # What was read is kept column by column, and can be read again at any time: all of it goes.
        found.files |= dict.fromkeys(memory, "memory")
    for shown in (*found.tables, *found.files, *(place.file for place in found.places if place.sure)):
        if period := period_of(shown):
            found.periods.add(period)
    return found


def period_of(shown: str) -> str:
    """The id of the period whose file that is (data/clean/2025-2026/q4/marks.parquet); empty when of none."""
    parts = Path(shown).parts[2:] if shown.startswith("data/") else Path(shown).parts[1:]
    for length in (2, 1):
        try:
            return Period.parse("/".join(parts[:length]).removesuffix(".parquet")).id
        except UsageError:
            continue
    return ""


def _files(workspace: Workspace) -> Iterator[Path]:
    for name in _FOLDERS:
        for path in sorted((workspace.root / name).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.name not in _OURS and "__pycache__" not in path.parts:
                yield path


def _is_of_school(shown: str) -> bool:
    return shown.startswith(("data/incoming/", "data/releases/", "params/", "notebooks/")) or shown in (
        "data/corrections.yaml", "data/README.md",
    )  # fmt: skip


def _is_memory(shown: str) -> bool:
    return shown.startswith("data/private/") and "reading" in shown.split("/")


def _in_file(path: Path, shown: str, person: Person, sources: Sources) -> str:
    """What the file says: «sure», «maybe» or nothing; a PDF beside its page or notebook says what that says."""
    if path.suffix == ".pdf" and any(path.with_suffix(other).is_file() for other in (".html", ".ipynb")):
        return ""
    found = person.in_text(path.stem)
    is_book = shown.startswith("data/private/") and path.suffix in (".xlsx", ".xlsm", ".csv")
    for piece in (contents.cells(path, sources) if is_book else None) or contents.pieces(path) or ():
        told = person.in_cell(piece.value) if piece.is_cell else person.in_text(str(piece.value))
        if told == "sure":
            return told
        found = found or told
    return found


def _made(path: Path, shown: str, told: str, found: Traces) -> None:
    parts = Path(shown).parts
    if parts[:2] == ("data", "clean") or path.name == "people.parquet":
        if told == "sure":
            found.tables[shown] = "names" if path.name == "people.parquet" else "clean"
    elif parts[:2] == ("data", "private") and "returned" in parts:
        found.files[shown] = "returned"  # made again of the files at any time
    elif parts[:3] == ("data", "history", "verdicts"):
        found.files[shown] = "memory"
    elif told == "sure":
        if parts[:2] == ("data", "private"):
            found.files[shown] = "annexes" if "annexes" in parts else "private"
        elif parts[:2] == ("data", "export"):
            found.files[shown] = "export"
        elif parts[0] == "outputs":
            found.files[shown] = "outputs"
        else:
            found.places.append(Place(shown))
    elif parts[0] == "outputs":
        found.places.append(Place(shown, sure=False))


def _with_siblings(workspace: Workspace, found: Traces) -> None:
    """All formats of a document go together; of a package with a list of its files the whole."""
    for shown, kind in list(found.files.items()):
        path = workspace.root / shown
        if kind in ("outputs", "annexes") and path.suffix in _DOCUMENTS:
            others = [path.with_suffix(suffix) for suffix in _DOCUMENTS]
        elif kind == "export":
            others = list(path.parent.glob("*"))
        else:
            continue
        for other in others:
            if other.is_file():
                found.files.setdefault(other.relative_to(workspace.root).as_posix(), kind)


def _school(path: Path, shown: str, person: Person, found: Traces, sources: Sources) -> None:
    """Places in a file of the school, a line of the answer for each sheet."""
    is_table = shown.startswith("data/incoming/")
    pieces = contents.cells(path, sources) if is_table else None
    pieces = pieces if pieces is not None else contents.pieces(path)
    if pieces is None:
        if is_table:
            found.unread.append(shown)
        return
    told: list[tuple[contents.Piece, str]] = []
    rows: dict[tuple[str, int | None], list[str]] = {}
    for piece in pieces:
        if is_table:
            rows.setdefault((piece.sheet, piece.line), []).append(str(piece.value))
        if said := _said(person, piece.value, piece.is_cell or shown == "data/corrections.yaml"):
            told.append((piece, said))
    sure = {(piece.sheet, piece.line) for piece, said in told if said == "sure" and piece.is_cell}
    at: dict[tuple[str, bool], list[str]] = {}
    for piece, said in told:
        row = (piece.sheet, piece.line)
        if said != "sure" and row in sure:
            continue
        if said != "sure" and is_table:
            said = person.by_class(" | ".join([*rows[row], piece.sheet, path.stem]))
        place = piece.cell or (f"строка {piece.line}" if piece.line else "")
        places = at.setdefault((piece.sheet, said == "sure"), [])
        if said != "other" and place not in places:
            places.append(place)
    if said := person.in_text(path.stem):
        at.setdefault(("", said == "sure"), []).append("имя файла")
    found.places += [
        Place(shown, sheet, tuple(place for place in places if place), sure)
        for (sheet, sure), places in at.items()
        if places
    ]


def _said(person: Person, value: object, as_cell: bool) -> str:
    if not as_cell:
        return person.in_text(str(value))
    told = person.in_cell(value)
    if not told and isinstance(value, str) and ":" in value:  # an entry of YAML: a code behind its key, in quotes
        words = [word.strip(" \"'{}[],") for word in value.replace(",", ":").split(":")]
        told = next((found for word in words if (found := person.in_cell(word)) == "sure"), "")
    return told
