"""False alarms of the search for hidden figures that somebody of the school has looked at and answers for.

The search knows words and numbers, not meanings: a sentence may have all of a hidden figure and tell another one. What
it finds has a code, an HMAC of the words with the workspace's key; params/reports/allowed_figures.yaml lists the codes
with who looked, when, and what the number really is. Other words or another number have another code.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from pathlib import Path

from pydantic import Field

from soko.disclosure.hidden_grids import Told
from soko.disclosure.hidden_numbers import without_numbers
from soko.workspace import Workspace
from soko.yamlio import Strict, load

FILE = Path("reports") / "allowed_figures.yaml"
TODO = (
    "если число в названном месте – не скрытое, а другое (посмотрите сами), впишите код места в "
    f"params/{FILE.as_posix()}: code, by, date, reason"
)
_LONGEST = 90


class Figure(Strict):
    """One place that tells no hidden figure: its code, who says so, when, and what the number is."""

    code: str = Field(pattern="^[0-9a-f]{10}$")
    by: str = Field(min_length=3)
    date: datetime.date
    reason: str = Field(min_length=3)


class AllowedFigures(Strict):
    """params/reports/allowed_figures.yaml."""

    figures: list[Figure] = Field(default_factory=list)


def codes(workspace: Workspace) -> frozenset[str]:
    """Codes of the false alarms that are answered for; ConfigError names the file and the line."""
    path = workspace.params / FILE
    return frozenset(item.code for item in load(path, AllowedFigures).figures) if path.is_file() else frozenset()


def code(secret: bytes, one: Told) -> str:
    """The code of a cell or a sentence, whichever file and page it stands in."""
    words = "\0".join(("figure", one.text, one.label, one.heads))
    return hmac.new(secret, words.encode(), hashlib.sha256).hexdigest()[:10]


def place(secret: bytes, one: Told) -> str:
    """Where a figure was found, in words and without its number, with the code."""
    said = without_numbers(" ".join(filter(None, (one.label, one.heads, one.text))))
    short = said if len(said) <= _LONGEST else said[:_LONGEST].rstrip() + "…"
    return f"{one.where}: «{short}», код {code(secret, one)}".removeprefix(": ")
