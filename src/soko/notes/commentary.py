"""The analyst's own words: kept on every rerun, flagged when the figures that they were written against changed.

The text stands in params/periods/<year>/<period>.yaml under ``commentary`` (section id → Markdown). Beside the history
a small file remembers, for each section, the hash of the text and of the figures it was first seen with. A changed
text is taken as written against the present figures; changed figures under an unchanged text raise the flag.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.notes.data import ACADEMIC, Figures, NoteData
from soko.periods import Period
from soko.publish.blocks import Callout, Prose
from soko.workspace import Workspace

# What a commentary on a section speaks about; a section that is not here depends on every figure.
SECTIONS = (
    "movement",
    "outcomes",
    "classes",
    "subjects",
    "risk",
    "attendance",
    "data",
    "conclusions",
    "recommendations",
    "general",
)
_PREFIXES = {
    "outcomes": "outcomes.",
    "classes": "outcomes.",
    "risk": "outcomes.",
    "subjects": "subjects.",
    "attendance": "attendance.",
    "movement": "movement.",
}


@dataclass(frozen=True)
class Remark:
    """A commentary of one section; ``stale`` when it was written against other figures."""

    section: str
    markdown: str
    stale: bool


def remarks(data: NoteData) -> dict[str, Remark]:
    """Commentaries of the period by section; new ones are remembered with the present figures."""
    if data.remarks is not None:
        return data.remarks
    if data.note != ACADEMIC:  # what is remembered is of the commentary on another note
        return {}
    texts = _texts(data)
    path = _path(data.workspace, data.period)
    seen = _load(path)
    result: dict[str, Remark] = {}
    fresh: dict[str, dict[str, str]] = {}
    for section, text in texts.items():
        now = {"text": _hash(text.strip()), "figures": figures_hash(data.current, section)}
        known = seen.get(section)
        same_text = known is not None and known.get("text") == now["text"]
        stale = same_text and known is not None and known.get("figures") != now["figures"]
        fresh[section] = known if same_text and known is not None else now
        result[section] = Remark(section, text.strip(), stale)
    if fresh != seen:
        _save(path, fresh)
    data.remarks = result
    return result


def blocks(data: NoteData, section: str) -> list[Prose | Callout]:
    """The commentary of a section as it stands in the note; empty without one."""
    remark = remarks(data).get(section)
    if remark is None:
        return []
    result: list[Prose | Callout] = []
    if remark.stale:
        result.append(
            Callout(
                kind="warning",
                title="Комментарий написан к другим данным",
                markdown="После того как был написан комментарий ниже, показатели этого раздела изменились. Сверьте "
                "текст с таблицами. Если он по-прежнему верен, подтвердите его командой "
                f"`soko confirm {data.period.id}`; если нет, исправьте его в `params/periods/{data.period.id}.yaml`.",
            )
        )
    result.append(Prose(markdown=f"**Комментарий.** {remark.markdown}"))
    return result


def confirm_commentary(workspace: Workspace, period: Period) -> list[str]:
    """Declare the commentaries right for the present figures; return the sections that were flagged before."""
    from soko.notes.data import read

    data = read(workspace, period)
    stale = [section for section, remark in remarks(data).items() if remark.stale]
    texts = _texts(data)
    _save(
        _path(workspace, period),
        {
            section: {"text": _hash(text.strip()), "figures": figures_hash(data.current, section)}
            for section, text in texts.items()
        },
    )
    return stale


def _texts(data: NoteData) -> dict[str, str]:
    """Commentaries by section; ConfigError for a section that no note has."""
    texts = data.params.period(data.period).commentary
    for section in texts:
        if section not in SECTIONS:
            raise ConfigError(
                f"комментарий к неизвестному разделу «{section}»{did_you_mean(section, list(SECTIONS))}",
                where=f"params/periods/{data.period.id}.yaml",
                todo=f"разделы: {', '.join(SECTIONS)}",
            )
    return {section: text for section, text in texts.items() if text.strip()}


def figures_hash(figures: Figures, section: str = "") -> str:
    """Hash of the figures that a section speaks about, at full precision and in a fixed order."""
    prefix = _PREFIXES.get(section, "")
    rows = sorted(
        (indicator, school, sorted(dims), [repr(parts.part), repr(parts.base)])
        for (indicator, school, dims), parts in figures.items()
        if indicator.startswith(prefix)
    )
    return _hash(json.dumps(rows, ensure_ascii=False))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _path(workspace: Workspace, period: Period) -> Path:
    return workspace.history / "commentary" / f"{period.id}.json"


def _load(path: Path) -> dict[str, dict[str, str]]:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _save(path: Path, entries: dict[str, dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(path)
