"""Carry a removal out to its end: what is to go is written down first, and a removal that broke off is resumed.

Every step may be done twice. The order: the intent; the marks, so that no run computes figures of what is left; the
hashes; rows and files; the journal; and the intent goes last.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pydantic import Field

from soko.errors import DataError
from soko.findings import COLUMNS as COLUMNS_OF_FINDINGS
from soko.retention import forgotten, records
from soko.retention.again import RULE, warning
from soko.retention.guard import intent_path
from soko.retention.marks import Mark, write
from soko.retention.person import Person
from soko.retention.rows import without
from soko.workspace import Workspace
from soko.yamlio import Strict

JOURNAL = "removed.csv"
COLUMNS = ("operation", "date", "what", "periods", "kind", "count")


class Removal(Strict):
    """What one command removes. Paths are relative to the workspace.

    ``names``, ``codes``, ``hashes``, ``like``: whom a ``forget`` is about; they are kept in data/private until it is
    done. ``counts``: rows and files by kind, for the journal, which names nobody.
    """

    what: str
    day: str
    periods: list[str] = Field(default_factory=list)
    marks: dict[str, Mark] = Field(default_factory=dict)
    tables: list[str] = Field(default_factory=list)
    files: list[str] = Field(default_factory=list)
    folders: list[str] = Field(default_factory=list)
    counts: dict[str, int] = Field(default_factory=dict)
    names: list[str] = Field(default_factory=list)
    codes: list[str] = Field(default_factory=list)
    hashes: list[str] = Field(default_factory=list)
    like: list[str] = Field(default_factory=list)

    @property
    def operation(self) -> str:
        """A name for the journal: the same removal is written down once. Nobody can be told from it."""
        plain = self.model_dump_json(exclude={"names", "codes", "hashes", "like"})
        return hashlib.sha256(plain.encode("utf-8")).hexdigest()[:12]


def begun(workspace: Workspace) -> Removal | None:
    """The removal that was begun and not finished; DataError when its intent cannot be read."""
    todo = "удалите этот файл и повторите прежнюю команду удаления"
    return records.read(workspace, intent_path(workspace), Removal, "запись о начатом удалении не читается", todo)


def carry_out(workspace: Workspace, removal: Removal) -> None:
    """Do all of it, from the beginning or from where it broke off."""
    text = json.dumps(removal.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    records.replace(intent_path(workspace), text.encode("utf-8"))
    if removal.marks:
        write(workspace, removal.marks)
    if removal.what == "forget":
        forgotten.add(workspace, removal.names, removal.codes, removal.periods)
        _rows(workspace, removal)
        for name, mark in removal.marks.items():
            _tell_years(workspace, name, mark.forgotten)
    for name in removal.files:
        _inside(workspace, name).unlink(missing_ok=True)
    for name in removal.folders:
        folder = _inside(workspace, name)
        if folder.exists():
            shutil.rmtree(folder)
    _prune(workspace, [*removal.files, *removal.folders])
    _journal(workspace, removal)
    intent_path(workspace).unlink()


def _rows(workspace: Workspace, removal: Removal) -> None:
    from soko.intake.private import private_key

    person = Person(removal.names, removal.codes, removal.hashes, removal.like, secret=private_key(workspace))
    for name in removal.tables:
        path = _inside(workspace, name)
        if path.is_file():
            without(path, person)


def _tell_years(workspace: Workspace, period: str, people: int) -> None:
    """Put the warning among the findings of the period's last check: a year that is put together of it shows them."""
    path = workspace.history / f"{period}.findings.csv"
    if not people or not path.is_file():
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["rule"] != RULE]
    rows.insert(0, {name: "" if value is None else str(value) for name, value in asdict(warning(people)).items()})
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS_OF_FINDINGS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    records.replace(path, text.getvalue().encode("utf-8"), mode=0o644)


def _inside(workspace: Workspace, name: str) -> Path:
    """The path, which must not lead out of data and outputs: the intent is a file that anybody may have edited."""
    path = workspace.root / name
    allowed = (workspace.root / "data", workspace.root / "outputs")
    if not any(path.resolve().is_relative_to(folder.resolve()) and path != folder for folder in allowed):
        raise DataError("в записи об удалении чужой путь", where=name, todo="удалите эту запись")
    return path


def _prune(workspace: Workspace, names: list[str]) -> None:
    """Remove folders that are empty now, up to the folders of the workspace's own layout."""
    for name in names:
        parent = (workspace.root / name).parent
        while len(parent.relative_to(workspace.root).parts) > 2:
            with suppress(OSError):
                parent.rmdir()
            parent = parent.parent


def _journal(workspace: Workspace, removal: Removal) -> None:
    """Append to data/private/removed.csv what went: by kind, in numbers."""
    path = workspace.private / JOURNAL
    text = path.read_text(encoding="utf-8") if path.is_file() else ",".join(COLUMNS) + "\n"
    if any(line.startswith(f"{removal.operation},") for line in text.splitlines()):
        return
    lines = io.StringIO()
    rows = sorted(removal.counts.items())
    writer = csv.writer(lines, lineterminator="\n")
    for kind, number in rows:
        writer.writerow([removal.operation, removal.day, removal.what, " ".join(removal.periods), kind, number])
    records.replace(path, (text + lines.getvalue()).encode("utf-8"))
