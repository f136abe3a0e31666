"""Files that were searched and told of nobody: a publication reads only what is new (data/private/searched.json).

A file is remembered by an HMAC, with the workspace's key, of its bytes and of everything that the search depends on:
what is looked for, who may be named, the program, the libraries that open files. Whoever has the memory and not the key
learns nothing of it, and can add nothing. Where anything was found the file is read again each time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from soko.intake.private import private_key
from soko.run import hashing
from soko.workspace import Workspace

NAME = "searched.json"
#: Searches for different things that are remembered side by side (people and figures; ``soko scan`` and
#: ``soko publish``), and their files.
_SEARCHES, _FILES = 8, 20_000
_READERS = ("pypdf", "python-calamine", "lxml", "pyarrow", "pymorphy3", "pymorphy3-dicts-ru")


class Searched:
    """Which contents are known to be clean for one search."""

    def __init__(self, path: Path, secret: bytes, terms: bytes) -> None:
        """``terms`` is the digest of all that the search depends on."""
        self._path, self._secret = path, secret
        self._terms = hmac.new(secret, b"terms\0" + terms, hashlib.sha256).hexdigest()
        self._known = _read(path)
        self._clean = dict.fromkeys(self._known.get(self._terms, ()))
        self.spared = 0

    def __contains__(self, content: bytes) -> bool:
        """Whether these very bytes were found clean by this very search."""
        found = self._mark(content) in self._clean
        self.spared += found
        return found

    def add(self, content: bytes) -> None:
        """Remember that nothing was found."""
        self._clean[self._mark(content)] = None

    def save(self) -> None:
        """Write what is known; a memory that cannot be written is none, and the next search reads everything."""
        from soko.publish.whole import write

        others = {terms: marks for terms, marks in self._known.items() if terms != self._terms}
        kept = dict([*others.items(), (self._terms, list(self._clean)[-_FILES:])][-_SEARCHES:])
        text = json.dumps(kept, indent=0) + "\n"
        with suppress(OSError):
            if not self._path.is_file() or self._path.read_text(encoding="utf-8") != text:
                write(self._path, text.encode())

    def _mark(self, content: bytes) -> str:
        told = f"{self._terms}\0{hashlib.sha256(content).hexdigest()}"
        return hmac.new(self._secret, told.encode(), hashlib.sha256).hexdigest()


def of(workspace: Workspace, *terms: Any) -> Searched | None:
    """The memory of a search for ``terms`` (plain values and dataclasses); None where the workspace has no key yet."""
    if not (workspace.private / "key").is_file():
        return None
    path = workspace.private / NAME
    return Searched(
        path,
        private_key(workspace),
        digest([*terms, hashing.code_hash(), hashing.versions(), hashing.versions_of(_READERS)]),
    )


def digest(value: Any) -> bytes:
    """SHA-256 of a value of dataclasses, mappings, sets, sequences and plain values; the order of sets is none."""
    return hashlib.sha256(_told(value).encode("utf-8", "surrogatepass")).digest()


def _told(value: Any) -> str:
    """A value as a text that no other value has: what is plain by ``repr``, so that signs within texts are quoted."""
    if isinstance(value, str):
        return repr(value)
    if is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{_told(key)}:{_told(item)}" for key, item in value.items())) + "}"
    if isinstance(value, (set, frozenset)):
        return "<" + ",".join(sorted(map(_told, value))) + ">"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_told, value)) + "]"
    return repr(value)


def _read(path: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(terms): [str(mark) for mark in marks] for terms, marks in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
