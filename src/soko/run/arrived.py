"""What has become of a table's files, without reading them: what the last checks wrote down is enough.

``soko status`` must answer at once. A check leaves accounting.csv (table, file, rows) and findings.csv; a file that
none of them knows is new, and whose table it is only a check can tell.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from soko.findings import EMPTY
from soko.periods import Period
from soko.run import hashing, manifest
from soko.workspace import Workspace

Kind = Literal["missing", "unchecked", "rejected", "arrived"]


@dataclass(frozen=True)
class Arrival:
    """How far the files of one table are; ``files`` below data/incoming, ``critical`` findings in them."""

    kind: Kind
    files: tuple[str, ...] = ()
    critical: int = 0


class Incoming:
    """Everything that the checks of a workspace have written down about files, and what lies there now.

    ``unread`` are the files in which a check found no table.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._root = workspace.root / "data" / "incoming"
        # file → period of the check, the last check at the end → table → critical findings; no table: nothing found
        self._told: dict[str, dict[str, dict[str, int]]] = {}
        # period of the check → file that is still what it read → tables of its critical findings («» where it has none)
        self._stopping: dict[str, dict[str, list[str]]] = {}
        self._here: dict[Period, list[str]] = {}
        self._outputs = workspace.root / "outputs"
        checks = [path for of in ("*/*", "*") for path in self._outputs.glob(f"{of}/validation/accounting.csv")]
        for accounting in sorted(checks, key=lambda path: (_touched(path), path)):
            self._take(accounting)
        self.unread = {name for name, checks in self._told.items() if not any(checks.values())}

    def arrival(self, table: str, period: Period, sources: tuple[Period, ...]) -> Arrival:
        """The state of ``table`` for ``period`` in the folders of ``sources``.

        Of several checks of a file that of the period itself counts, else that of the file's own folder, else the last.
        """
        here = [name for source in sources for name in self._below(source)]
        found = {name: self._of(name, period) for name in here}
        files = tuple(name for name in here if table in found[name])
        if files:
            critical = sum(found[name][table] for name in files)
            return Arrival("rejected" if critical else "arrived", files, critical)
        new = tuple(name for name in here if name not in self._told)
        return Arrival("unchecked", new) if new else Arrival("missing")

    def stopping(self, period: Period, sources: tuple[Period, ...]) -> dict[str, list[str]]:
        """Files for whose critical findings nothing of the period is published, each with the tables concerned.

        Under «» stand tables that nobody has handed in and without which there is no period; not where files have come
        since, because whose they are only the next check can tell.
        """
        found = self._stopping.get(period.id, {})
        new = any(name not in self._told for source in sources for name in self._below(source))
        return {name: tables for name, tables in found.items() if name or not new}

    def _below(self, period: Period) -> list[str]:
        if period not in self._here:
            self._here[period] = [self._name(path) for path in hashing.files_below(self._root / period.id)]
        return self._here[period]

    def _of(self, name: str, period: Period) -> dict[str, int]:
        checks = self._told.get(name, {})
        own = Path(name).parent
        for choice in (period.id, *(folder.as_posix() for folder in (own, *own.parents))):
            if choice in checks:
                return checks[choice]
        return next(reversed(checks.values()), {})

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _take(self, accounting: Path) -> None:
        """Take one check's word for the files that are still what it read."""
        checked, of = _touched(accounting), accounting.parent.parent.relative_to(self._outputs).as_posix()
        published = _published(accounting.parent.parent / manifest.NAME)
        told: dict[str, dict[str, int]] = {}
        stopping: dict[str, list[str]] = self._stopping.setdefault(of, {})
        for row in _rows(accounting):
            if row["file"]:
                told.setdefault(row["file"], {})[row["table"]] = 0
        for row in _rows(accounting.with_name("findings.csv")):
            # A head with nothing under it and no word about that is no more handed in than an unreadable file.
            if row["severity"] == "critical" or row.get("rule") == EMPTY:
                # A finding of no file is about the table as a whole.
                for name in [row["file"]] if row["file"] else list(told):
                    if row["table"] in told.get(name, {}):
                        told[name][row["table"]] += 1
                    elif not row["file"]:
                        continue
                    if self._same(name, checked, published):
                        stopping.setdefault(name, []).append(row["table"])
                if not row["file"] and not any(row["table"] in tables for tables in told.values()):
                    stopping.setdefault("", []).append(row["table"])
        folders = {Path(name).parts[:-1][:2] for name in told}
        seen = {self._name(path) for parts in folders for path in hashing.files_below(self._root.joinpath(*parts))}
        for name in sorted(seen | told.keys()):
            if self._same(name, checked, published):
                self._told.setdefault(name, {})[of] = told.get(name, {})

    def _same(self, name: str, checked: float, published: dict[str, str]) -> bool:
        """Whether the file is what the check read: not touched since, or with the hash of the manifest."""
        path = self._root / name
        try:
            return _touched(path) <= checked or published.get(f"data/incoming/{name}") == hashing.sha256_file(path)
        except OSError:
            return False


def _touched(path: Path) -> float:
    """When the file was written or put there: a copy keeps the first time and has the second of its own."""
    found = path.stat()
    return max(found.st_mtime, found.st_ctime)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _published(path: Path) -> dict[str, str]:
    try:
        inputs: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["inputs"]
    except (OSError, ValueError, KeyError):
        return {}
    return inputs
