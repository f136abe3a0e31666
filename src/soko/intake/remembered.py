"""What was read of a file, remembered by content: of thirty-seven files the one that changed is read again.

The key of an entry is everything that a piece depends on: the file's bytes and its place, the settings, the contracts
of the tables without their rules, the code that reads, the libraries. An entry holds names, so it stands below
data/private/<period> (folder 0700, files 0600) and is signed with the key of the pseudonyms: an entry of another
workspace, a damaged one, one of an older version is simply not there. It is JSON; nothing in it can be executed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from soko.findings import Finding
from soko.intake.config import Context
from soko.intake.model import SourceFile, Tally
from soko.intake.piece import Piece
from soko.periods import Period
from soko.sealed import read_sealed, write_sealed
from soko.workspace import Workspace

#: Of the private folder of a period.
FOLDER = "reading"
#: Libraries whose version may change what is read.
_LIBRARIES = ("pandas", "python-calamine", "lxml", "charset-normalizer")


class Pieces:
    """The remembered pieces of one period. ``forget_unused`` removes what this reading has not asked for."""

    def __init__(self, workspace: Workspace, period: Period, secret: bytes, context: Context) -> None:
        self.period = period
        self.folder = workspace.private_period(period) / FOLDER
        self._secret = secret
        self._context = context
        self._settings: dict[str, str] = {}
        self._used: set[str] = set()

    def key(self, sha256: str, shown: str, own: Period) -> str:
        """The name of the entry of a file with that content at that place, read as one of the period ``own``."""
        if own.id not in self._settings:
            self._settings[own.id] = _digest([self.period.id, settings_key(replace(self._context, period=own))])
        name = _digest([self._settings[own.id], shown, sha256])
        self._used.add(name)
        return name

    def get(self, key: str) -> Piece | None:
        """The piece, or None when it is not known: never read, of other settings, damaged, not ours."""
        text = read_sealed(self._path(key), self._secret)
        return None if text is None else _piece(json.loads(text, object_hook=_revived))

    def put(self, key: str, piece: Piece) -> None:
        """Remember the piece; what cannot be written down exactly, or not at all, is read again next time."""
        try:
            body = json.dumps(_plain(piece), ensure_ascii=False, separators=(",", ":"), default=_written)
        except TypeError:
            return
        write_sealed(self._path(key), body, self._secret)

    def forget_unused(self) -> None:
        """Remove the entries of files that have gone or changed, and what an interrupted run left."""
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            if path.name.removesuffix(".json") not in self._used:
                with suppress(OSError):
                    path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def settings_key(context: Context) -> str:
    """A key of everything besides the file that its piece depends on.

    ``Context.params`` is read by readers for the calendar and the conventions alone; a test watches that.
    """
    tables = {name: table.model_dump_json(exclude={"rules"}) for name, table in context.tables.items()}
    settings = [context.sources, context.subjects, context.params.conventions]
    calendars = []
    if context.period is not None and context.period.kind != "calendar":
        calendars.append(context.params.calendar(context.period).model_dump_json())
    period = context.period.id if context.period else ""
    return _digest([_code(), tables, [item.model_dump_json() for item in settings], calendars, period])


@cache
def _code() -> str:
    """A key of the code that reads, and of the libraries."""
    package = Path(__file__).resolve().parents[1]
    sources = sorted([*package.glob("*.py"), *(package / "intake").glob("*.py")])
    texts = {
        path.name if path.parent == package else f"intake/{path.name}": path.read_text("utf-8") for path in sources
    }
    return _digest([texts, {name: version(name) for name in _LIBRARIES}])


def _digest(value: Any) -> str:
    return hashlib.sha256(
        json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    ).hexdigest()


def _plain(piece: Piece) -> dict[str, Any]:
    """The piece as JSON can hold it: no key of a dictionary that is not a text."""
    return {
        "source": astuple(piece.source),
        "drafts": piece.drafts,
        "parts": piece.parts,
        "extra": piece.extra,
        "letters": piece.letters,
        "first": [astuple(item) for item in piece.first],
        "findings": [astuple(item) for item in piece.findings],
        "changes": list(_rows(piece.changes)),
        "totals": list(_rows(piece.totals)),
        "unmarked": list(_rows(piece.unmarked)),
        "read": [[*at, number] for at, number in piece.tally.read.items()],
        "aside": [[*at, number] for at, number in piece.tally.aside.items()],
    }


def _piece(plain: dict[str, Any]) -> Piece:
    """The piece that ``_plain`` was made of."""
    tally = Tally(
        Counter({(table, file): number for table, file, number in plain["read"]}),
        Counter({(table, file, why): number for table, file, why, number in plain["aside"]}),
    )
    return Piece(
        SourceFile(*plain["source"]),
        [(name, number) for name, number in plain["drafts"]],
        [(name, columns) for name, columns in plain["parts"]],
        [(name, columns) for name, columns in plain["extra"]],
        [(table, sheet, letters) for table, sheet, letters in plain["letters"]],
        [Finding(*item) for item in plain["first"]],
        [Finding(*item) for item in plain["findings"]],
        _records(plain["changes"]),
        _records(plain["totals"]),
        _records(plain["unmarked"]),
        tally,
    )


def _rows(records: list[dict[str, Any]]) -> Iterator[list[Any]]:
    """Records of the same fields as a line of names and lines of values: a tenth of the text."""
    names = list(records[0]) if records else []
    if any(list(record) != names for record in records):
        raise TypeError("records of different fields")
    yield names
    yield from (list(record.values()) for record in records)


def _records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    names, *values = rows
    return [dict(zip(names, row, strict=True)) for row in values]


def _written(value: Any) -> dict[str, Any]:
    """A date or a time; anything else that JSON does not know is no value of a cell."""
    if type(value) is timedelta:
        return {"$": "timedelta", "is": [value.days, value.seconds, value.microseconds]}
    if type(value) in (datetime, date, time):
        return {"$": type(value).__name__, "is": [value.isoformat()]}
    raise TypeError(f"a value of {type(value).__name__} is not remembered")


_READERS: dict[str, Callable[..., Any]] = {
    "timedelta": timedelta,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def _revived(found: dict[str, Any]) -> Any:
    return _READERS[found["$"]](*found["is"]) if "$" in found else found
