"""Sentence rules: params/narrative/*.yaml read, checked and compiled.

One rule is one statement that a note may make: about what (``scope``, ``indicator``), when (``when``), how sharply
(``severity``), in which words (``text`` for one object, ``fold`` for several, ``nothing`` for «checked, nothing
significant»), and what should be done about it (``conclusion``, ``action``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NoReturn

from pydantic import Field, model_validator

from soko.analysis.narrative_expr import Expression, ExpressionError
from soko.analysis.narrative_text import Template, TemplateError
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.yamlio import Lines, Strict, check, load_raw

Severity = Literal["strength", "concern", "neutral"]
Scope = Literal["overall", "school", "level", "grade", "class", "subject", "class_subject", "data"]

# Facts of an object that every indicator has. A rule may also write «other.indicator.fact».
INDICATOR_FACTS = [
    "change",
    "year_change",
    "value",
    "part",
    "part_staying",
    "part_leaving",
    "rest_leaving",
    "within",
    "explained",
    "pulls",
    "counts",
    "n",
    "previous",
    "previous_part",
    "previous_n",
    "delta",
    "delta_pupils",
    "year_ago",
    "year_ago_part",
    "year_ago_n",
    "year_delta",
    "year_delta_pupils",
    "target",
    "target_gap",
    "target_gap_pupils",
    "low",
    "high",
    "small",
    "stable",
    "year_stable",
    "improved",
    "worsened",
    "year_improved",
    "year_worsened",
    "below_target",
    "certain",
    "under_one",
    "monotone_up",
    "monotone_down",
    "parent_value",
    "parent_gap",
    "parent_where",
    "change_marks",
]
OBJECT_FACTS = ["name", "short", "next_name", "where", "key", "grade", "level", "school", "objects"]
COMMON_FACTS = [
    "period",
    "previous_period",
    "year_ago_period",
    "stable_points",
    "small_group",
    "weeks",
    "previous_weeks",
    "closes_year",
    "leaving_where",
    "next_year",
    "year_ago_ordinal",
]
FOLD_FACTS = ["items", "names", "next_names", "count"]


# Days after the end of the period, after the start of the next one, before the start of the next one.
Counted = Literal["end", "next_start", "before_next_start"]


class YearEnd(Strict):
    """What an action becomes after the last period of a school year; ``when`` may hold it back.

    ``what`` and ``basis`` that are left out are those of the action.
    """

    what: str = ""
    days: int = Field(ge=0)
    counted_from: Counted = "before_next_start"
    basis: str = ""
    when: str = ""


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
    thresholds: dict[str, float] = Field(default_factory=dict)
    when: str
    severity: Severity = "neutral"
    text: str
    item: str = "{name}"
    fold: str = ""
    small: str = ""
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

    @model_validator(mode="after")
    def _honest(self) -> Rule:
        # «Положительная динамика» of one rise, «стабильно» of a fall by four points: the commonest lies of reports.
        words = " ".join([self.text, self.fold, self.conclusion]).lower()
        if "динамик" in words and "monotone_" not in self.when:
            raise ValueError(f"правило {self.id}: слово «динамика» требует условия monotone_up или monotone_down")
        if "стабильн" in words and "stable" not in self.when:
            raise ValueError(f"правило {self.id}: слово «стабильно» требует условия stable")
        return self


class Section(Strict):
    """A part of the note in which sentences stand."""

    id: str
    title: str


class RuleFile(Strict):
    """params/narrative/<note>.yaml."""

    note: str
    leaving_grades: list[int] = Field(default_factory=list)  # they are not named in next year's work
    sections: list[Section]
    doubtful: dict[Literal["included", "absent"], list[str]] = Field(default_factory=dict)
    rules: list[Rule]


@dataclass(frozen=True)
class Compiled:
    """A rule with its expressions parsed."""

    rule: Rule
    when: Expression
    rank: Expression | None
    templates: dict[str, Template]
    leaving: frozenset[int] = frozenset()
    year_end_when: Expression | None = None
    told_elsewhere: Expression | None = None

    @cached_property
    def indicators(self) -> frozenset[str]:
        """Ids of the indicators that the rule reads: its own, and those of «other.indicator.fact»."""
        expressions = [self.when, self.rank, self.year_end_when, self.told_elsewhere]
        names = {name for item in expressions if item for name in item.names}
        names |= {name for item in self.templates.values() for name in item.names}
        dotted = {name.rpartition(".")[0] for name in names if "." in name}
        return frozenset(dotted | {self.rule.indicator} - {""})


@dataclass(frozen=True)
class RuleBook:
    """The rules of one note."""

    sections: dict[str, str]
    rules: tuple[Compiled, ...]
    leaving: frozenset[int] = frozenset()
    doubtful: dict[str, tuple[str, ...]] = field(default_factory=dict)  # included, absent → rules of the data check

    def indicators(self, scope: str) -> frozenset[str]:
        """Ids of the indicators that rules about objects of the scope read; others need no facts."""
        return frozenset(name for item in self.rules if item.rule.scope == scope for name in item.indicators)


def load_rules(path: Path, indicators: Iterable[str], extra: Iterable[str] = ()) -> RuleBook:
    """Read a rule file.

    ``indicators`` are the ids of the catalogue, ``extra`` further facts (counts of findings). Raises ConfigError
    with file, line and the nearest valid name for an unknown section, indicator, fact, form, case or noun.
    """
    return _load(path, path.stat().st_mtime_ns if path.is_file() else 0, tuple(sorted(indicators)), tuple(extra))


@cache
def _load(path: Path, _stamp: int, indicators: tuple[str, ...], extra: tuple[str, ...]) -> RuleBook:
    data, lines = load_raw(path)
    file = check(data or {}, lines, RuleFile, path)
    sections = {section.id: section.title for section in file.sections}
    seen: set[str] = set()
    compiled = []
    for number, rule in enumerate(file.rules):
        if rule.id in seen:
            _refuse(path, lines, number, "id", f"правило «{rule.id}» записано дважды")
        seen.add(rule.id)
        if rule.section not in sections:
            hint = did_you_mean(rule.section, list(sections))
            _refuse(path, lines, number, "section", f"нет раздела «{rule.section}»{hint}")
        if rule.indicator and rule.indicator not in indicators:
            hint = did_you_mean(rule.indicator, list(indicators))
            _refuse(path, lines, number, "indicator", f"нет показателя «{rule.indicator}»{hint}")
        made = _compile(rule, path, lines, number, indicators, extra)
        compiled.append(replace(made, leaving=frozenset(file.leaving_grades)))
    doubtful: dict[str, tuple[str, ...]] = {str(kind): tuple(rules) for kind, rules in file.doubtful.items()}
    return RuleBook(sections, tuple(compiled), frozenset(file.leaving_grades), doubtful)


@cache
def _facts_of_others(indicators: tuple[str, ...]) -> frozenset[str]:
    """What every rule may name: facts of the object, and «indicator.fact» of the catalogue."""
    dotted = {f"{indicator}.{fact}" for indicator in indicators for fact in INDICATOR_FACTS}
    return frozenset(dotted.union(COMMON_FACTS, OBJECT_FACTS))


def _compile(
    rule: Rule, path: Path, lines: Lines, number: int, indicators: tuple[str, ...], extra: tuple[str, ...]
) -> Compiled:
    known = {*_facts_of_others(indicators), *extra, *rule.thresholds, *(INDICATOR_FACTS if rule.indicator else ())}
    key = "when"
    year_end_when = elsewhere = None
    try:
        when = Expression(rule.when)
        when.require(known)
        key = "rank"
        rank = Expression(rule.rank) if rule.rank else None
        if rank:
            rank.require(known)
        key = "told_elsewhere"
        if rule.told_elsewhere:
            elsewhere = Expression(rule.told_elsewhere)
            elsewhere.require(known)
        templates = {}
        for key in ("text", "item", "name", "fold", "small", "nothing", "conclusion"):
            templates[key] = Template(getattr(rule, key))
            templates[key].require(known | set(FOLD_FACTS) if key in ("fold", "conclusion", "nothing") else known)
        key = "action"
        if rule.action:
            later = rule.action.year_end
            for prefix, plan in (("", rule.action), ("year_end_", later)):
                for part in ("what", "basis") if plan else ():
                    templates[prefix + part] = Template(getattr(plan, part) or getattr(rule.action, part))
                    templates[prefix + part].require(known | set(FOLD_FACTS))
            if later and later.when:
                year_end_when = Expression(later.when)
                year_end_when.require(known)
    except (ExpressionError, TemplateError) as error:
        _refuse(path, lines, number, key, str(error))
    return Compiled(rule, when, rank, templates, year_end_when=year_end_when, told_elsewhere=elsewhere)


def _refuse(path: Path, lines: Lines, number: int, key: str, message: str) -> NoReturn:
    line = lines.get(("rules", number, key)) or lines.get(("rules", number)) or 1
    raise ConfigError(message, where=f"{path}, строка {line}", todo="исправьте правило и повторите команду") from None
