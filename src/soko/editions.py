"""Which notes have a public edition: the note's file of settings says so, and of a note without one, why not."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from soko import resources
from soko.errors import UsageError
from soko.workspace import Workspace
from soko.yamlio import load, load_raw

if TYPE_CHECKING:  # a schema of many models, of which a run without changes needs none
    from soko.analysis.narrative_schema import RuleFile

_NO_WORDS = "такой экземпляр для неё не предусмотрен"


def has_public(workspace: Workspace, note: str) -> bool:
    """Whether the note's file lets it out."""
    return not reason(workspace, note)


def reason(workspace: Workspace, note: str) -> str:
    """Why the note has no public edition (Russian, without a full stop); empty where it has one."""
    file = _file(workspace, note)
    if file is None:  # a note without rules has its settings in a file of its own
        own = workspace.params / f"{note}.yaml"
        return (load_raw(own)[0].get("public_reason") if own.is_file() else "") or _NO_WORDS
    return "" if file.public else file.public_reason or _NO_WORDS


def require(workspace: Workspace, note: str) -> None:
    """UsageError that says why the note has no public edition and what to do."""
    why = reason(workspace, note)
    if why:
        raise UsageError(
            f"публичный экземпляр справки «{note}» не выпускается: {why}",
            todo="выпустите внутренний экземпляр (audience: internal), а на сайт – справки, у которых public: true",
        )


def speaks(workspace: Workspace, note: str, indicators: Collection[str]) -> bool:
    """Whether the public edition of a note shows or speaks of one of the ``indicators`` that are published."""
    from soko.analysis.narrative_sections import among

    file = _file(workspace, note)
    if file is None:
        return False
    kept = [section for section in file.sections if section.id not in file.public_without]
    named = {name for section in kept for show in section.show for name in show.indicators}
    ids = {section.id for section in kept}
    named |= {name for rule in file.rules if rule.section in ids for name in rule.spoken_of}
    return any(among(name, named) for name in indicators)


def _file(workspace: Workspace, note: str) -> RuleFile | None:
    from soko.analysis.narrative_schema import RuleFile

    path = resources.narrative(note, workspace.params)
    return load(path, RuleFile) if path.is_file() else None
