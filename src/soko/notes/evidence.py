"""Where in the note the figures stand that a conclusion or a recommendation rests on: «таблица 3»."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from soko import russian
from soko.analysis.narrative_rules import Compiled
from soko.analysis.narrative_sections import Show
from soko.notes import comparison, telling
from soko.notes.data import NoteData
from soko.notes.tables_any import COMPARED
from soko.publish.blocks import Block, Figure, Table
from soko.russian import NBSP

_CHANGE = re.compile(r"\{(previous|year_ago|change|year_change|delta|year_delta)\b")
_TERRITORY = "{territories}"
_WORDS = {"table": ("таблица", "таблицы"), "figure": ("рисунок", "рисунки")}


@dataclass
class Stood:
    """Tables and charts that the note has shown so far, by the section of the rules that speak of them."""

    labels: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, sections: tuple[str, ...], blocks: list[Block]) -> None:
        """Remember what a section has shown; a block without a number or a label cannot be referred to."""
        for block in blocks:
            numbered = isinstance(block, Table | Figure) and getattr(block, "numbered", True)
            if numbered and isinstance(block, Table | Figure) and block.label:
                for section in sections:
                    self.labels[section].append((block.type, block.label))


def reference(data: NoteData, rule: str, stood: Stood, text: str = "") -> str:
    """«таблица {{table:label}}», or «таблицы … и …»; empty where the rule's section shows nothing.

    That of the rule's own indicator and dimension comes first, among such one with earlier figures where the rule tells
    of a change; where its section has none, those of other sections that have it, by what ``text`` names; then one of
    its indicator, then one of its kind («experts.»), then the section's first.
    """
    compiled = next((item for item in telling.book(data).rules if item.rule.id == rule), None)
    if compiled is None:
        return ""
    found = stood.labels.get(compiled.rule.section, [])
    fits = {place: _fits(data, compiled, *place) for place in found}
    if compiled.rule.scope != "overall" and not any(fit.here for fit in fits.values()):
        elsewhere = _elsewhere(data, compiled, stood, text)
        if elsewhere:
            return _named(elsewhere)
    return _named([max(found, key=lambda place: fits[place])]) if found else ""


def _named(places: Sequence[tuple[str, str]]) -> str:
    """All of one kind: «таблица 3», «таблицы 2, 3 и 6»."""
    kind = places[0][0]
    refs = russian.listing([f"{{{{{kind}:{label}}}}}" for _, label in places])
    return f"{_WORDS[kind][len(places) > 1]}{NBSP}{refs}"


def _elsewhere(data: NoteData, compiled: Compiled, stood: Stood, text: str) -> list[tuple[str, str]]:
    """Tables (charts, where there are none) of other sections with the rule's figures for the objects it tells of."""
    found: list[tuple[str, str]] = []
    said = text.lower().replace(NBSP, " ")
    for section, shows in telling.book(data).shown.items():
        there = {label: kind for kind, label in stood.labels.get(section, [])}
        for show, ids in shows:
            of_text = not said or not show.only or any(name.removesuffix("*").lower() in said for name in show.only)
            if show.label in there and _shape(show) == compiled.rule.scope and of_text:
                earlier = not _tells_change(compiled) or _has_earlier(show, ids)
                if earlier and set(compiled.indicators) & set(ids):
                    found.append((there[show.label], show.label))
    found = list(dict.fromkeys(found))
    return [place for place in found if place[0] == "table"] or found[:1]


def with_reference(data: NoteData, text: str, rule: str, stood: Stood) -> str:
    """A sentence with the reference before its full stop."""
    where = reference(data, rule, stood, text)
    return f"{text.removesuffix('.')} ({where})." if where and text.endswith(".") else text


class Fit(NamedTuple):
    """How well a table or chart fits a rule, the weightiest first."""

    here: bool = False
    change: bool = False
    own: bool = False
    family: bool = False
    table: bool = False


def _fits(data: NoteData, compiled: Compiled, kind: str, label: str) -> Fit:
    """How well a table or chart fits the rule; of equals the first is taken."""
    spoken_of = set(compiled.rule.spoken_of)
    if label in comparison.LABELS:  # the note on marks makes them itself
        fit = _tells_change(compiled) and bool(spoken_of & set(comparison.SHOWN))
        return Fit(fit, fit, fit, fit, fit)
    for show, ids in telling.book(data).shown.get(compiled.rule.section, ()):
        if show.label == label:
            own = bool(spoken_of & set(ids))
            if show.kind == "reference":
                fit = own and _TERRITORY in compiled.rule.text
                return Fit(fit, fit, fit, fit, fit)
            here = own and _shape(show) == compiled.rule.scope
            change = own and _tells_change(compiled) and _has_earlier(show, ids)
            family = bool({_family(name) for name in spoken_of} & {_family(name) for name in ids})
            return Fit(here, change, own, family, kind == "table")
    return Fit(table=kind == "table")


def _shape(show: Show) -> str:
    """The objects that a table or chart has figures of, as a scope of rules."""
    return "class_subject" if {show.dimension, show.across} == {"class", "subject"} else show.dimension or "overall"


def _tells_change(compiled: Compiled) -> bool:
    return bool(_CHANGE.search(compiled.rule.text))


def _has_earlier(show: Show, ids: Sequence[str]) -> bool:
    """Whether it has the figures of earlier periods beside the present ones, and can be referred to for a change."""
    if "none" in show.compare:
        return False
    return show.kind in ("values", "bars", "dynamics", "slope") or (show.kind == "by" and len(ids) <= COMPARED)


def _family(indicator: str) -> str:
    return indicator.partition(".")[0]
