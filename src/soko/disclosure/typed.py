"""The texts that people typed into the settings and that go into documents, searched before they leave.

Commentaries, edits and causes of params/periods, and the sections of the yearly reports (params/reports/**/*.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from soko.disclosure import freetext, identifiers
from soko.disclosure.allowed import FILE, allowed, contacts
from soko.disclosure.needles import normal
from soko.errors import DataError
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace
from soko.yamlio import load_raw

_WRITTEN = ("commentary", "edits", "causes", "basis")
_MOST = 20  # places that a message lists
VOCABULARY = Path("reports") / "freetext.yaml"


@dataclass(frozen=True, order=True)
class Place:
    """Where something was found: file relative to the workspace, line, kind (Russian)."""

    file: str
    line: int
    kind: str


def check(workspace: Workspace, period: Period) -> None:
    """Raise DataError (exit code 1) with file, line and kind when a text of the period or a report tells of a person.

    Nothing of what was found is repeated in the message.
    """
    found = places(workspace, period)
    if not found:
        return
    listed = "\n".join(f"  {item.file}, строка {item.line}: {item.kind}" for item in found[:_MOST])
    rest = f"\n  и ещё {len(found) - _MOST}" if len(found) > _MOST else ""
    raise DataError(
        f"в текстах, которые войдут в публичный документ, есть персональные данные:\n{listed}{rest}",
        todo="уберите их или напишите без имён и примет; того, кого можно назвать (с согласием или по должности), "
        f"внесите в params/{FILE.as_posix()} (name, ground, from) или в params/school.yaml; телефон и почту школы – "
        "туда же, в contacts (value, ground)",
    )


def places(workspace: Workspace, period: Period) -> list[Place]:
    """Everything found in the texts of the period and of the reports."""
    on = Params(workspace).dates(period).end
    found = list(_period(workspace, period, on))
    for path in sorted((workspace.params / "reports").rglob("*.md")):
        text = normal(path.read_text(encoding="utf-8"))
        shown = workspace.relative(path)
        found += [Place(shown, text.count("\n", 0, item.at) + 1, item.kind) for item in _scan(workspace, text, on)]
    return sorted(set(found))


def answers(workspace: Workspace, texts: list[str], on: date) -> list[tuple[int, str]]:
    """(number of the text, kind) of free answers that may not be shown as they are."""
    return sorted({(number, item.kind) for number, text in enumerate(texts) for item in _scan(workspace, text, on)})


def _period(workspace: Workspace, period: Period, on: date) -> Iterator[Place]:
    path = workspace.params / "periods" / f"{period.id}.yaml"
    if not path.is_file():
        return
    data, lines = load_raw(path)
    written = {key: data[key] for key in _WRITTEN if key in data} if isinstance(data, dict) else {}
    source = path.read_text(encoding="utf-8").split("\n")
    for at, text in _strings(written, ()):
        line, shown = lines.get(at, 1), normal(text)
        # a block of Markdown («|») begins in the line after its key
        block = source[line - 1].rstrip().endswith(("|", ">", "|-", ">-", "|+", ">+"))
        for item in _scan(workspace, shown, on):
            yield Place(workspace.relative(path), line + block + shown.count("\n", 0, item.at), item.kind)


def _strings(value: Any, at: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*at, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _strings(item, (*at, number))


def _scan(workspace: Workspace, text: str, on: date) -> list[freetext.Found]:
    vocabulary = freetext.words(workspace.params / VOCABULARY)
    told = identifiers.without(text, contacts(workspace))
    return freetext.scan(told, on=on, allowed=allowed(workspace, on), vocabulary=vocabulary)
