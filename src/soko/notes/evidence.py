"""Where in the note the figures stand that a conclusion or a recommendation rests on: «таблица 3»."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from soko.analysis.narrative_rules import Compiled
from soko.analysis.narrative_sections import Show
from soko.notes import telling
from soko.notes.data import NoteData
from soko.notes.tables_any import COMPARED
from soko.publish.blocks import Block, Figure, Table
from soko.russian import NBSP

_CHANGE = re.compile(r"\{(previous|year_ago|change|year_change|delta|year_delta)\b")
_WORDS = {"table": "таблица", "figure": "рисунок"}


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


def reference(data: NoteData, rule: str, stood: Stood) -> str:
    """«таблица {{table:label}}»; empty where the rule's section shows nothing.

    That of the rule's own indicator and dimension comes first, among such one with earlier figures where the rule tells
    of a change; then one of its indicator, then one of its kind («experts.»), then the section's first.
    """
    compiled = next((item for item in telling.book(data).rules if item.rule.id == rule), None)
    if compiled is None:
        return ""
    found = stood.labels.get(compiled.rule.section, [])
    if not found:
        return ""
    kind, label = max(found, key=lambda item: _fits(data, compiled, *item))
    return f"{_WORDS[kind]}{NBSP}{{{{{kind}:{label}}}}}"


def with_reference(data: NoteData, text: str, rule: str, stood: Stood) -> str:
    """A sentence with the reference before its full stop."""
    where = reference(data, rule, stood)
    return f"{text.removesuffix('.')} ({where})." if where and text.endswith(".") else text


def _fits(data: NoteData, compiled: Compiled, kind: str, label: str) -> tuple[bool, bool, bool, bool, bool]:
    """How well a table or chart fits the rule; of equals the first is taken."""
    spoken_of = set(compiled.rule.spoken_of)
    for show, ids in telling.book(data).shown.get(compiled.rule.section, ()):
        if show.label == label:
            own = bool(spoken_of & set(ids))
            here = own and (show.dimension or "overall") == compiled.rule.scope
            change = own and bool(_CHANGE.search(compiled.rule.text)) and _has_earlier(show, ids)
            family = bool({_family(name) for name in spoken_of} & {_family(name) for name in ids})
            return here, change, own, family, kind == "table"
    return False, False, False, False, kind == "table"


def _has_earlier(show: Show, ids: Sequence[str]) -> bool:
    """Whether it has the figures of earlier periods beside the present ones, and can be referred to for a change."""
    if "none" in show.compare:
        return False
    return show.kind in ("values", "bars", "dynamics", "slope") or (show.kind == "by" and len(ids) <= COMPARED)


def _family(indicator: str) -> str:
    return indicator.partition(".")[0]
