"""The schema of params/narrative/*.yaml: what a note is about, its sections, its rules.

One rule is one statement that a note may make: about what (``scope``, ``indicator``), when (``when``), how sharply
(``severity``), in which words (``text`` for one object, ``fold`` for several, ``nothing`` for «checked, nothing
significant»), and what should be done about it (``conclusion``, ``action``).
"""

from __future__ import annotations

import ast
import re
from typing import Any, Literal

from pydantic import Field, model_validator

from soko.analysis.narrative_sections import About, Section
from soko.hints import did_you_mean
from soko.yamlio import Strict

Severity = Literal["strength", "concern", "neutral"]
Scope = Literal["overall", "school", "level", "grade", "class", "subject", "class_subject", "work", "item", "data"]

# Days after the end of the period, after the start of the next one, before the start of the next one.
Counted = Literal["end", "next_start", "before_next_start"]


class YearEnd(Strict):
    """What an action becomes after the last period of a school year; ``when`` may hold it back.

    ``what`` and ``basis`` that are left out are those of the action. ``for_pupils``: it is for the same pupils in the
    same subject next autumn, so objects that do not go on (``goes_on``) are left out; ``ended`` is what is to be done
    about those, nothing without it.
    """

    what: str = ""
    days: int = Field(ge=0)
    counted_from: Counted = "before_next_start"
    basis: str = ""
    when: str = ""
    for_pupils: bool = False
    ended: str = ""

    @model_validator(mode="after")
    def _ended(self) -> YearEnd:
        if self.ended and not self.for_pupils:
            raise ValueError("ended пишут вместе с for_pupils: true")
        return self


class Action(Strict):
    """A recommendation: who (a key of ``responsible`` in school.yaml), what, by when, on what ground.

    ``who`` may be ``level`` or ``area``: then the level or subject area of the object is looked up. ``days`` are
    counted from the end of the period (``counted_from: end``), from the start of the next one, or back from it.
    """

    who: str
    what: str
    days: int = Field(ge=0)
    counted_from: Counted = "next_start"
    basis: str = ""
    year_end: YearEnd | None = None


class Rule(Strict):
    """One statement. See the head of params/narrative/academic_results.yaml for a walk through the keys."""

    id: str
    section: str
    scope: Scope
    indicator: str = ""
    indicators: list[str] = Field(default_factory=list)  # the rule speaks of each of them; ``{label}`` names it
    only: list[str] = Field(default_factory=list)  # objects that it speaks of; a trailing * takes all that begin so
    thresholds: dict[str, float] = Field(default_factory=dict)
    when: str
    severity: Severity = "neutral"
    text: str
    item: str = "{name}"
    fold: str = ""
    every: str = ""  # instead of all that, where each of several objects meets the condition
    small: str = ""
    small_item: str = ""  # how a small group is called in ``small_fold``; ``item`` unless given
    small_fold: str = ""  # one sentence about several small groups
    nothing: str = ""
    rank: str = ""
    limit: int = Field(default=7, ge=1)
    headline: int = Field(default=0, ge=0)  # place on page one: a smaller number is more urgent, 0 is not there
    conclusion: str = ""
    action: Action | None = None
    # Objects that are told in the text only: what page one, conclusions and actions say of another object already.
    told_elsewhere: str = ""
    name: str = "{short}"  # how {names} calls an object
    group: Literal["", "level"] = ""  # a fold for each level instead of one

    @property
    def spoken_of(self) -> list[str]:
        """Ids of the rule's own indicators; one empty id where it speaks of none."""
        return self.indicators or [self.indicator]

    @model_validator(mode="after")
    def _one_way(self) -> Rule:
        if self.indicator and self.indicators:
            raise ValueError(f"правило {self.id}: указано и indicator, и indicators – оставьте одно")
        return self

    @model_validator(mode="after")
    def _honest(self) -> Rule:
        # «Положительная динамика» of one rise, «стабильно» of a fall by four points: the commonest lies of reports.
        words = " ".join(
            [self.text, self.fold, self.conclusion, self.item, self.every, self.small, self.small_fold, self.nothing]
        ).lower()
        if re.search("динамик|тенденц", words) and not _implies(self.when, {"monotone_up", "monotone_down"}):
            raise ValueError(f"правило {self.id}: слово «динамика» требует условия monotone_up или monotone_down")
        if "стабил" in words and not _implies(self.when, {"stable", "year_stable"}):
            raise ValueError(f"правило {self.id}: слово «стабильно» требует условия stable или year_stable")
        if "стабил" in self.nothing.lower():
            raise ValueError(f"правило {self.id}: «стабильно» не говорят, когда условие stable не выполнено (nothing)")
        return self


def _implies(condition: str, facts: set[str]) -> bool:
    """Whether the condition holds only where one of the facts does: «stable or value > 3» does not."""

    def needs(node: ast.AST) -> bool:
        if isinstance(node, ast.BoolOp):
            found = [needs(child) for child in node.values]
            return any(found) if isinstance(node.op, ast.And) else all(found)
        return isinstance(node, ast.Name) and node.id in facts

    try:
        return needs(ast.parse(condition.strip(), mode="eval").body)
    except SyntaxError:  # what is wrong with it is told where it is compiled
        return True


class RuleFile(Strict):
    """params/narrative/<note>.yaml.

    ``title`` and ``subtitle`` head the document; to the subtitle «за 4-ю четверть…» is added. ``tables`` are the tables
    of data that the note rests on: the faults found in them are told in it. ``focus`` says that the note is about one
    class, one subject or one area (or one of its subjects), which its parameter names. ``compare`` chooses the earlier
    periods of what has its season: the introduction names these alone, and tables that choose none of their own.
    """

    note: str
    title: str = "Аналитическая справка"
    subtitle: str = ""
    running_head: str = ""
    reader: str = "директора"  # whom page one is for, in the genitive
    about: About | None = None
    focus: Literal["", "class", "subject", "area"] = ""
    tables: list[str] = Field(default_factory=list)
    compare: list[Literal["previous", "year_ago"]] = Field(default_factory=list)  # empty: both
    leaving_grades: list[int] = Field(default_factory=list)  # they are not named in next year's work
    sections: list[Section]
    doubtful: dict[Literal["included", "absent"], list[str]] = Field(default_factory=dict)
    public: bool = False  # the note has a public edition, made of what may be published alone
    public_without: list[str] = Field(default_factory=list)  # sections that the public edition does not have
    public_reason: str = ""  # why there is none: «в справке …» (Russian, without a full stop)
    rules: list[Rule]

    @model_validator(mode="before")
    @classmethod
    def _compared(cls, data: Any) -> Any:
        """Tables that choose no earlier periods of their own have those of the note."""
        if not isinstance(data, dict) or not data.get("compare") or not isinstance(data.get("sections"), list):
            return data
        own = {"compare": data["compare"]}
        sections = [
            {**part, "show": [own | show if isinstance(show, dict) else show for show in part["show"]]}
            if isinstance(part, dict) and isinstance(part.get("show"), list)
            else part
            for part in data["sections"]
        ]
        return {**data, "sections": sections}

    @model_validator(mode="after")
    def _editions(self) -> RuleFile:
        known = [section.id for section in self.sections]
        for name in self.public_without:
            if name not in known:
                raise ValueError(f"public_without: раздела «{name}» нет{did_you_mean(name, known)}")
        if self.public and self.focus:
            raise ValueError("у справки об одном классе, предмете или области публичного экземпляра нет")
        if self.public and self.public_reason:
            raise ValueError("public_reason говорит, почему публичного экземпляра нет, а указано public: true")
        return self
