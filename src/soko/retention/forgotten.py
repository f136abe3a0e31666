"""data/private/forgotten.json: who was forgotten, as keyed hashes, so that a file that still names him is noticed.

From a hash nobody can tell who it was; with the key of the workspace one can only ask about somebody known already.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import Field

from soko.intake.names import parse_name
from soko.intake.private import private_key
from soko.retention import records
from soko.workspace import Workspace
from soko.yamlio import Strict


class Forgotten(Strict):
    """Hashes of one person's full names and pseudonyms, and the periods in which he stood."""

    names: list[str] = Field(default_factory=list)
    codes: list[str] = Field(default_factory=list)
    periods: list[str] = Field(default_factory=list)


class _All(Strict):
    people: list[Forgotten] = Field(default_factory=list)


def path_of(workspace: Workspace) -> Path:
    """Where the hashes stand."""
    return workspace.private / "forgotten.json"


def keyed(secret: bytes, text: str) -> str:
    """The hash of a pseudonym, or of a full name as ``name_key`` gives it."""
    return hmac.new(secret, b"forgotten:" + text.encode("utf-8"), hashlib.sha256).hexdigest()


def name_key(name: str) -> str:
    """A full name as it is hashed: in parts, capitals; empty for no name."""
    parts = parse_name(name)
    return f"name:{parts.full}" if parts else ""


def stored(workspace: Workspace) -> list[Forgotten]:
    """Everybody who was forgotten."""
    what, todo = "перечень удалённых (в виде хешей) не читается", "верните файл из резервной копии"
    found = records.read(workspace, path_of(workspace), _All, what, todo)
    return list(found.people) if found else []


def add(workspace: Workspace, names: Iterable[str], codes: Iterable[str], periods: Iterable[str]) -> None:
    """Remember the person; doing it twice changes nothing, more periods or pseudonyms are added to what is known."""
    secret = private_key(workspace)
    new = Forgotten(
        names=sorted({keyed(secret, key) for name in names if (key := name_key(name))}),
        codes=sorted({keyed(secret, code) for code in codes}),
        periods=sorted(periods),
    )
    others = []
    for known in stored(workspace):
        if set(known.codes) & set(new.codes) or (not new.codes and set(known.names) & set(new.names)):
            new = Forgotten(**{field: sorted({*getattr(known, field), *getattr(new, field)})
                               for field in Forgotten.model_fields})  # fmt: skip
        else:
            others.append(known)
    whole = _All(people=sorted([*others, new], key=lambda item: (item.codes, item.names)))
    text = json.dumps(whole.model_dump(), ensure_ascii=False, indent=1) + "\n"
    records.replace(path_of(workspace), text.encode("utf-8"))


def of_period(workspace: Workspace, periods: Iterable[str]) -> Callable[[str], bool] | None:
    """A test of pseudonyms: was it forgotten in one of ``periods``? None when nobody was."""
    asked = set(periods)
    wanted = {code for item in stored(workspace) if asked & set(item.periods) for code in item.codes}
    secret = private_key(workspace) if wanted else b""
    return (lambda code: keyed(secret, code) in wanted) if wanted else None


def codes_of(workspace: Workspace, name: str) -> list[str] | None:
    """Hashes of the pseudonyms of who was forgotten under that full name; None when nobody was."""
    people = stored(workspace)
    key = keyed(private_key(workspace), name_key(name)) if people else ""
    found = [item for item in people if key in item.names]
    return sorted({code for item in found for code in item.codes}) if found else None
