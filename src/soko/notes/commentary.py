"""The analyst's own words: kept on every rerun, flagged when the figures that they were written against changed.

The text stands in params/periods/<year>/<period>.yaml under ``commentary``: section → Markdown for the note on academic
results, note → section → Markdown for every note (``class_teacher:7А`` for a note about one class).
"""

from __future__ import annotations

from dataclasses import dataclass

from soko.notes import remembered, telling, written
from soko.notes.data import ACADEMIC, NoteData
from soko.publish.blocks import Callout, Prose

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


def remarks(data: NoteData, *, confirm: bool = False) -> dict[str, Remark]:
    """Commentaries of the note by section; new ones are remembered with the present figures.

    A public edition has those that ``cleared`` lets out.
    """
    if data.public:
        return {section: Remark(section, text, stale=False) for section, text in cleared(data).items()}
    if data.remarks is None or confirm:
        texts = written.commentary(data)
        known = {section: (text, figures_of(data, section)) for section, text in texts.items()}
        stale = remembered.stale(data, "commentary", known, confirm=confirm)
        data.remarks = {section: Remark(section, text, section in stale) for section, text in texts.items()}
    return data.remarks


def cleared(data: NoteData) -> dict[str, str]:
    """Commentaries that may leave the school, by section: none, until free text is scanned for names and dates.

    The one place where the analyst's words reach a public edition (``soko.disclosure``).
    """
    return {}


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
                f"текст с таблицами. {how_to_confirm(data)}",
            )
        )
    result.append(Prose(markdown=f"**Комментарий.** {remark.markdown}"))
    return result


def how_to_confirm(data: NoteData, holds: str = "Если он по-прежнему верен", what: str = "его") -> str:
    """What to do with words that were written for other figures."""
    return (
        f"{holds}, подтвердите {what} командой `soko confirm {data.period.id}`; если нет, исправьте {what} "
        f"в `params/periods/{data.period.id}.yaml`."
    )


def indicators_of(data: NoteData, section: str) -> set[str]:
    """Ids of the indicators that a section speaks about; none for one that has no figures of its own."""
    if data.note == ACADEMIC:
        prefix = _PREFIXES.get(section)
        return {name for name in data.catalogue.indicators if prefix and name.startswith(prefix)}
    book = telling.book(data)
    own = {name for _, ids in book.shown.get(section, ()) for name in ids}
    return own.union(*(item.indicators for item in book.rules if item.rule.section == section))


def figures_of(data: NoteData, section: str) -> str:
    """Hash of the figures that a section speaks about; of all that the note reads for one that has none of its own."""
    every = None if data.note == ACADEMIC else telling.book(data).used()
    return remembered.figures_hash(data.current, indicators_of(data, section) or every)
