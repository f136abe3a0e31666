"""What the narrative is made of: objects with facts, and what the rules said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from soko.analysis.narrative_rules import Severity


@dataclass
class Subject:
    """What sentences speak about: a class, a grade, a subject, the school.

    ``facts`` and ``texts`` are by indicator id; facts of the object itself (name, where, …) are under the key ``""``.
    """

    scope: str
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    level: str = ""
    area: str = ""


@dataclass(frozen=True)
class Sentence:
    """One statement of the note, ready to print."""

    rule: str
    section: str
    severity: Severity
    text: str
    kind: Literal["statement", "careful", "nothing"] = "statement"  # careful: of a small group, without judgement
    headline: int = 0
    subjects: tuple[str, ...] = ()
    about: tuple[str, str] = ("", "")  # indicator, scope
    edited: bool = False  # the words are the analyst's
    partial: bool = False  # figures of some objects are hidden: what is said holds of the others
    by_chance: bool = False  # a change is told, and chance may have made it with each of the objects


@dataclass(frozen=True)
class Recommendation:
    """A row of «что, кто, срок, основание»."""

    what: str
    who: str
    due: date
    basis: str
    rule: str
    edited: bool = False  # the words are the analyst's


@dataclass(frozen=True)
class Deviation:
    """An object that a rule of page one has named and that is worse than before or short of its target."""

    rule: str
    headline: int
    order: int  # within the rule, by its rank
    indicator: str
    scope: str
    name: str
    texts: dict[str, str]
    who: str
    why: tuple[str, ...] = ()  # worsened, below_target
    by_chance: bool = False  # the change since the previous period may be chance


@dataclass(frozen=True)
class Check:
    """How a rule came out: of how many objects it was decided, how many met it, how many of those are too small.

    ``facts`` and ``texts`` are those of the object that met it, where it is the only one.
    """

    rule: str
    decided: int
    met: int
    small: int
    facts: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Narrative:
    """Everything that the rules gave."""

    sentences: list[Sentence] = field(default_factory=list)
    conclusions: list[Sentence] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)  # of every rule that could be decided

    def section(self, name: str) -> list[Sentence]:
        """Sentences of a section, in the order of the rules."""
        return [item for item in self.sentences if item.section == name]

    def headlines(self, severity: Severity | None = None) -> list[Sentence]:
        """Sentences for page one, most urgent first."""
        chosen = [item for item in self.sentences if item.headline and severity in (None, item.severity)]
        return sorted(chosen, key=lambda item: item.headline)

    def urgent(self) -> list[Recommendation]:
        """Recommendations of the rules that have a place on page one, most urgent first."""
        places = {item.rule: item.headline for item in self.sentences if item.headline}
        chosen = [item for item in self.recommendations if item.rule in places]
        return sorted(chosen, key=lambda item: places[item.rule])


@dataclass(frozen=True)
class Desk:
    """How the school answers: who is responsible and until when.

    ``person(key)`` gives «post, name» for a key of ``responsible``; ``due(days, counted_from)`` the date.
    ``closes_year``: the period is the last of its school year, so what begins after it is next year's work.
    """

    person: Callable[[str], str]
    due: Callable[[int, str], date]
    closes_year: bool = False
