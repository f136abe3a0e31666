"""Sections of notes within the report: their headings one level lower, their labels apart, no lines to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from soko import resources, russian
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.notes import telling
from soko.notes.base import ThemeNote
from soko.notes.data import ACADEMIC, QUALITY, NoteData
from soko.notes.evidence import with_reference
from soko.notes.lacking import lacking
from soko.notes.note import Note
from soko.publish.blocks import Block, Callout, Figure, Prose, Table
from soko.self_assessment.lines import day_of
from soko.self_assessment.settings import Reuse

_REFERENCE = re.compile(r"\{\{\s*(table|figure)\s*:\s*([^{}\s]+)\s*\}\}")
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)
_TITLE = re.compile(r"^(#+ ).*$", re.MULTILINE)
#: A line that the deputy head fills in by hand in a note: the report has texts for that.
_TO_FILL = "**Предположение о причине** (заполняет"
_NAMED = 4  # labels after a day
_CHECKED = re.compile(r"(?:^|\n\n)\*Проверено:\*[^\n]*")


class Notes:
    """The notes of the year, each opened once; they share what they have read and what they have used."""

    def __init__(self, data: NoteData, audience: str, sources: Mapping[str, Any] | None = None) -> None:
        """``sources``: indicator → its rows of sources.csv, which say on what day it was taken."""
        lacking(data)  # looked for once: in a year of parts it takes as long as the whole catalogue
        self.data = data
        self.audience = audience
        self.sources = sources or {}
        self._open: dict[str, ThemeNote] = {}

    def blocks(self, reuse: Reuse) -> list[Block]:
        """The sections of a note as they stand in the report; a section without data is left out."""
        note = self._note(reuse.note)
        known = telling.book(note.data).sections
        found: list[Block] = []
        for section in reuse.sections:
            if section not in known:
                raise ConfigError(
                    f"в справке {reuse.note} нет раздела «{section}»{did_you_mean(section, list(known))}",
                    where="params/reports/self_assessment.yaml, sections, reuse",
                )
            own = getattr(note, section, None) if reuse.note == ACADEMIC else None
            made = own() if callable(own) else note.section(section)
            told = _titled(_adapted(made, reuse.note), reuse.titles.get(section, ""))
            when = self._when(note, section) if told else ""
            found += [*told, *([Prose(markdown=when)] if when else [])]
        return found

    def _when(self, note: ThemeNote, section: str) -> str:
        """On what day the figures of a section were taken: in a calendar year they are of several days."""
        days: dict[str, list[str]] = {}
        for name in dict.fromkeys(
            name for _, names in telling.book(note.data).shown.get(section, ()) for name in names
        ):
            day = day_of(self.sources.get(name, [])) if name in note.data.current.indicators else ""
            if day:
                days.setdefault(day, []).append(russian.quote(note.data.catalogue[name].label))
        if len(days) < 2:
            return "".join(f"*Данные раздела взяты {day}.*" for day in days)
        listed = "; ".join(f"{day} – {russian.listing(labels, _NAMED)}" for day, labels in days.items())
        return f"*Данные раздела взяты: {listed}.*"

    def conclusions(self) -> dict[str, list[str]]:
        """What the rules conclude of the sections shown, by severity, each with the table that has its figures."""
        found: dict[str, list[str]] = {}
        for name, note in self._open.items():
            for item in note.narrative.conclusions:
                if item.section in note.stood.labels:
                    text = with_reference(note.data, item.text, item.rule, note.stood)
                    found.setdefault(item.severity, []).append(_words(text, name))
        return {severity: list(dict.fromkeys(texts)) for severity, texts in found.items()}

    def recommendations(self) -> list[tuple[str, str]]:
        """What the rules recommend of the sections shown, and who does it; dates are the report's own business."""
        found = []
        for note in self._open.values():
            sections = {rule.rule.id: rule.rule.section for rule in telling.book(note.data).rules}
            for item in note.narrative.recommendations:
                if sections.get(item.rule) in note.stood.labels:
                    found.append((item.what, item.who))
        return list(dict.fromkeys(found))

    def _note(self, name: str) -> ThemeNote:
        if name not in self._open:
            if not resources.narrative(name, self.data.workspace.params).is_file():
                known = resources.notebooks("notes", self.data.workspace.notebooks)
                raise ConfigError(
                    f"справки «{name}» нет{did_you_mean(name, known)}",
                    where="params/reports/self_assessment.yaml, sections, reuse",
                )
            data = replace(self.data, note=name, remarks=None, supposed=None, told={})
            if name == ACADEMIC and (data.previous is None or data.previous.get(QUALITY) is None):
                # Tables of comparison would be columns of «–»: the year before has no marks.
                data = replace(data, previous=None, year_ago=None, earlier=None)
            self._open[name] = Note(data, self.audience) if name == ACADEMIC else ThemeNote(data, self.audience)
        return self._open[name]


def _adapted(blocks: Iterable[Block], note: str) -> list[Block]:
    made = [one for block in blocks if (one := _one(block, note)) is not None]
    # A heading with nothing under it, or with the remark alone that there is nothing, is an empty shell.
    return made if any(isinstance(block, (Table, Figure)) for block in made) else []


def _titled(blocks: list[Block], title: str) -> list[Block]:
    """The blocks under the heading ``title``; as they are without one."""
    first = blocks[0] if blocks else None
    if not title or not isinstance(first, Prose):
        return blocks
    return [first.model_copy(update={"markdown": _TITLE.sub(rf"\1{title}", first.markdown, count=1)}), *blocks[1:]]


def _one(block: Block, note: str) -> Block | None:
    match block:
        case Prose():
            if block.markdown.startswith(_TO_FILL):
                return None
            text = _CHECKED.sub("", block.markdown).strip()
            return block.model_copy(update={"markdown": _words(_HEADING.sub(r"#\1 ", text), note)}) if text else None
        case Callout():
            return block.model_copy(update={"markdown": _words(block.markdown, note)})
        case Table():
            rows = [row.model_copy(update={"cells": [_words(cell, note) for cell in row.cells]}) for row in block.rows]
            notes = [_words(text, note) for text in block.notes]
            return block.model_copy(update={"label": _label(block.label, note), "rows": rows, "notes": notes})
        case Figure():
            return block.model_copy(update={"label": _label(block.label, note), "source": _words(block.source, note)})
    return block


def _label(label: str, note: str) -> str:
    return f"{note}_{label}" if label else ""


def _words(text: str, note: str) -> str:
    return _REFERENCE.sub(lambda found: f"{{{{{found[1]}:{note}_{found[2]}}}}}", text)
