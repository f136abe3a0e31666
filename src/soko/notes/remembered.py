"""For which figures the analyst's words were written: one small file a note, beside the history.

data/history/commentary/<period>/<note>.json holds, for each commentary, edit and supposed cause, the hash of its words
and of the figures that it was first seen with. Changed words are taken as written for the present figures; changed
figures under the same words make them stale. Each note has a file of its own: notes are written at the same time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from soko import filenames
from soko.notes.data import Figures, NoteData
from soko.periods import Period
from soko.workspace import Workspace


def stale(data: NoteData, kind: str, written: Mapping[str, tuple[str, str]], *, confirm: bool = False) -> set[str]:
    """Keys of what was written for other figures; what is new is remembered with the present ones.

    ``written``: key → (words, hash of the figures that they speak of). ``confirm`` takes the present figures for all.
    """
    path = file(data.workspace, data.period, data.note, "".join(data.focus.values()))
    seen = _load(path)
    known = seen.get(kind, {})
    fresh: dict[str, dict[str, str]] = {}
    changed: set[str] = set()
    for key, (words, figures) in written.items():
        now = {"text": digest(words.strip()), "figures": figures}
        before = known.get(key, {})
        if before.get("text") != now["text"]:
            fresh[key] = now
            continue
        if before.get("figures") != figures:
            changed.add(key)
        fresh[key] = now if confirm else before
    if fresh != known:
        _save(path, {**seen, kind: fresh})
    return changed


def figures_hash(figures: Figures, indicators: Iterable[str] | None = None, shape: frozenset[str] | None = None) -> str:
    """Hash of figures at full precision, in a fixed order.

    ``indicators``: only theirs; ``shape``: only those with exactly these dimensions.
    """
    wanted = None if indicators is None else set(indicators)
    rows = sorted(
        (indicator, school, sorted(dims), [repr(parts.part), repr(parts.base)])
        for (indicator, school, dims), parts in figures.items()
        if (wanted is None or indicator in wanted) and (shape is None or frozenset(name for name, _ in dims) == shape)
    )
    return digest(json.dumps(rows, ensure_ascii=False))


def digest(text: str) -> str:
    """A short hash."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file(workspace: Workspace, period: Period, note: str, of: str = "") -> Path:
    """The memory of one document."""
    return folder(workspace, period) / f"{filenames.document(note, of)}.json"


def folder(workspace: Workspace, period: Period) -> Path:
    """Memories of all documents of a period."""
    return workspace.history / "commentary" / period.id


def _load(path: Path) -> dict[str, dict[str, dict[str, str]]]:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _save(path: Path, kinds: dict[str, dict[str, dict[str, str]]]) -> None:
    kept = {kind: entries for kind, entries in kinds.items() if entries}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(path)
