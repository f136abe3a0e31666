"""Causes that the analyst supposes, printed as suppositions; a line for the deputy head where a major concern has none.

``causes`` of the period's settings names them by section, from the list of params/narrative/causes.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass

from soko import resources, russian
from soko.analysis.narrative import Narrative
from soko.analysis.narrative_causes import CauseFile, load_causes
from soko.edits import Cause
from soko.hints import did_you_mean
from soko.notes import commentary, remembered, written
from soko.notes.data import NoteData
from soko.publish.blocks import Block, Callout, Prose

FILE = "causes"  # in params/narrative, beside the notes
_LINE = "_" * 68  # a line of the page, to be filled in by hand


@dataclass(frozen=True)
class Supposed:
    """Words of the supposed causes by section; ``stale``: sections whose figures have changed since."""

    texts: dict[str, list[str]]
    stale: set[str]


def supposed(data: NoteData, *, confirm: bool = False) -> Supposed:
    """What the analyst supposes; ConfigError with the line for a cause not in the list or not of the section."""
    if data.supposed is None or confirm:
        own = written.causes(data)
        known = listed(data)
        texts = {section: [_words(data, known, section, item) for item in items] for section, items in own.items()}
        figures = {section: ("; ".join(said), commentary.figures_of(data, section)) for section, said in texts.items()}
        data.supposed = Supposed(texts, remembered.stale(data, "causes", figures, confirm=confirm))
    found: Supposed = data.supposed
    return found


def blocks(data: NoteData, section: str, narrative: Narrative, within: tuple[str, ...] = ()) -> list[Block]:
    """Suppositions of a section; ``within`` are the sections of rules that stand in it too."""
    found = supposed(data)
    said = found.texts.get(section)
    if said:
        prose = Prose(markdown=f"**Предположение составителя:** {'; '.join(said)}.")
        return [*([_again(data)] if section in found.stale else []), prose]
    if _major(data, narrative, (section, *within)) and not _told(data, section):
        return [Prose(markdown=f"**Предположение о причине** (заполняет заместитель директора):\n\n{_LINE}")]
    return []


def listed(data: NoteData) -> CauseFile:
    """The list of causes: the workspace's own, else that of the package."""
    return load_causes(resources.narrative(FILE, data.workspace.params), list(data.catalogue.indicators))


def _words(data: NoteData, known: CauseFile, section: str, item: Cause) -> str:
    cause = next((cause for cause in known.causes if cause.id == item.id), None)
    if cause is None:
        hint = did_you_mean(item.id, [cause.id for cause in known.causes])
        written.refuse_cause(data, section, item.id, f"причины «{item.id}» нет в params/narrative/causes.yaml{hint}")
    indicators = commentary.indicators_of(data, section)
    if indicators and not cause.fits(indicators):
        of = ", ".join(cause.indicators)
        written.refuse_cause(
            data, section, item.id, f"причина «{item.id}» – не для раздела «{section}»: она для показателей {of}"
        )
    return cause.text + (f" ({russian.bound(item.about)})" if item.about else "")


def _major(data: NoteData, narrative: Narrative, sections: tuple[str, ...]) -> bool:
    limit = listed(data).major
    return any(
        item.section in sections
        and item.section != "data"  # why data are wrong is for the protocol of the check
        and item.severity == "concern"
        and item.kind == "statement"
        and 0 < item.headline <= limit
        for item in narrative.sentences
    )


def _told(data: NoteData, section: str) -> bool:
    """Whether the analyst's commentary on the section supposes a cause already."""
    remark = commentary.remarks(data).get(section)
    return remark is not None and "предположен" in remark.markdown.lower()


def _again(data: NoteData) -> Callout:
    return Callout(
        kind="warning",
        title="Причина названа к другим данным",
        markdown="После того как было названо предположение ниже, показатели этого раздела изменились. "
        f"{commentary.how_to_confirm(data, 'Если оно по-прежнему верно', 'его')}",
    )
