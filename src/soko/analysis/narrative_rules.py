"""Sentence rules: params/narrative/*.yaml read, checked and compiled (the schema is soko.analysis.narrative_schema)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import NoReturn

from soko.analysis.narrative_expr import Expression, ExpressionError
from soko.analysis.narrative_fact_names import COMMON_FACTS, FOLD_FACTS, INDICATOR_FACTS, OBJECT_FACTS
from soko.analysis.narrative_schema import Action, Rule, RuleFile, Scope, Section, Severity, YearEnd
from soko.analysis.narrative_sections import Beside, Show
from soko.analysis.narrative_text import Template, TemplateError
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.yamlio import Lines, check, load_raw

__all__ = [
    "Action",
    "Compiled",
    "Rule",
    "RuleBook",
    "RuleFile",
    "Scope",
    "Section",
    "Severity",
    "YearEnd",
    "load_rules",
]


#: What figures beside those of the one class: how the facts that speak of them begin.
BESIDE: dict[Beside, str] = {"grade": "parallel_", "level": "parent_"}


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
        dotted = {name.rpartition(".")[0] for name in self.names if "." in name}
        return frozenset(dotted | set(self.rule.spoken_of) - {""})

    @cached_property
    def names(self) -> frozenset[str]:
        """Every fact that the rule's conditions and texts name."""
        expressions = [self.when, self.rank, self.year_end_when, self.told_elsewhere]
        names = {name for item in expressions if item for name in item.names}
        return frozenset(names.union(*(item.names for item in self.templates.values())))

    def speaking(self, prefix: str) -> set[str]:
        """Ids of the indicators of which the rule names a fact that begins with ``prefix``: «parallel_value»."""
        found = set[str]()
        for name in self.names:
            indicator, _, fact = name.rpartition(".")
            if fact.startswith(prefix):
                found.update([indicator] if indicator else self.rule.spoken_of)
        return found


@dataclass(frozen=True)
class RuleBook:
    """The rules of one note, and what else its file says."""

    file: RuleFile
    sections: dict[str, str]
    rules: tuple[Compiled, ...]
    leaving: frozenset[int] = frozenset()
    doubtful: dict[str, tuple[str, ...]] = field(default_factory=dict)  # included, absent → rules of the data check
    shown: dict[str, tuple[tuple[Show, tuple[str, ...]], ...]] = field(default_factory=dict)  # section → what, ids

    def indicators(self, scope: str) -> frozenset[str]:
        """Ids of the indicators that rules about objects of the scope read; others need no facts."""
        return frozenset(name for item in self.rules if item.rule.scope == scope for name in item.indicators)

    def answers(self, section: str) -> str:
        """Who acts in the section by the first of its rules that says so: whose a finding without an action is."""
        return next(
            (item.rule.action.who for item in self.rules if item.rule.section == section and item.rule.action), ""
        )

    def used(self) -> list[str]:
        """Ids of all indicators that the note shows or speaks of, in the order in which it does; each once."""
        ids = [name for shown in self.shown.values() for _, names in shown for name in names]
        ids += [show.total_of for shown in self.shown.values() for show, _ in shown if show.total_of]
        ids += [name for item in self.rules for name in sorted(item.indicators)]
        return list(dict.fromkeys(ids))

    def beside(self, what: Beside) -> frozenset[str]:
        """Ids of the indicators that the note holds against the parallel («grade») or the level of its one class."""
        shown = {name for some in self.shown.values() for show, ids in some for name in ids if what in show.against}
        return frozenset(shown.union(*(item.speaking(BESIDE[what]) for item in self.rules)))


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
        for name in rule.spoken_of:
            if name and name not in indicators:
                key = "indicators" if rule.indicators else "indicator"
                hint = did_you_mean(name, list(indicators))
                _refuse(path, lines, number, key, f"нет показателя «{name}»{hint}")
        made = _compile(rule, path, lines, number, indicators, extra)
        compiled.append(replace(made, leaving=frozenset(file.leaving_grades)))
    doubtful: dict[str, tuple[str, ...]] = {str(kind): tuple(rules) for kind, rules in file.doubtful.items()}
    shown = {
        section.id: tuple(
            (show, _chosen(show, indicators, path, lines, (number, place))) for place, show in enumerate(section.show)
        )
        for number, section in enumerate(file.sections)
    }
    return RuleBook(file, sections, tuple(compiled), frozenset(file.leaving_grades), doubtful, shown)


def _chosen(show: Show, indicators: tuple[str, ...], path: Path, lines: Lines, at: tuple[int, int]) -> tuple[str, ...]:
    """The ids that a table or chart names; ``external.gia9_*`` is all that begin so."""
    ids: list[str] = []
    for name in (*show.indicators, *filter(None, [show.total_of])):
        found = [other for other in indicators if other.startswith(name[:-1])] if name.endswith("*") else [name]
        if not found or (found == [name] and name not in indicators):
            key = ("sections", at[0], "show", at[1])
            where = "total_of" if name == show.total_of else "indicators"
            raise ConfigError(
                f"нет показателя «{name}»{did_you_mean(name, list(indicators))}",
                where=f"{path}, строка {lines.get((*key, where)) or lines.get(key) or 1}",
                todo="исправьте код показателя и повторите команду",
            )
        ids += found if name != show.total_of else []
    return tuple(dict.fromkeys(ids))


@cache
def _facts_of_others(indicators: tuple[str, ...]) -> frozenset[str]:
    """What every rule may name: facts of the object, and «indicator.fact» of the catalogue."""
    dotted = {f"{indicator}.{fact}" for indicator in indicators for fact in INDICATOR_FACTS}
    return frozenset(dotted.union(COMMON_FACTS, OBJECT_FACTS))


@dataclass(frozen=True)
class _Known(Collection[str]):
    """The names that a rule may use. Those of other indicators are thousands: they are not copied for every rule."""

    others: frozenset[str]
    own: frozenset[str]

    def __contains__(self, name: object) -> bool:
        return name in self.own or name in self.others

    def __iter__(self) -> Iterator[str]:
        return iter(self.own | self.others)

    def __len__(self) -> int:
        return len(self.own | self.others)


_OF_SEVERAL = ("fold", "every", "small_fold", "conclusion", "nothing")
_TEXTS = ("text", "item", "name", "small", "small_item", *_OF_SEVERAL)


def _compile(
    rule: Rule, path: Path, lines: Lines, number: int, indicators: tuple[str, ...], extra: tuple[str, ...]
) -> Compiled:
    own = INDICATOR_FACTS if rule.spoken_of != [""] else ()
    known = _Known(_facts_of_others(indicators), frozenset({*extra, *rule.thresholds, *own}))
    folded = _Known(known.others, known.own.union(FOLD_FACTS))
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
        for key in _TEXTS:
            templates[key] = Template(getattr(rule, key))
            templates[key].require(folded if key in _OF_SEVERAL else known)
        key = "action"
        if rule.action:
            later = rule.action.year_end
            for prefix, plan in (("", rule.action), ("year_end_", later)):
                for part in ("what", "basis") if plan else ():
                    templates[prefix + part] = Template(getattr(plan, part) or getattr(rule.action, part))
                    templates[prefix + part].require(folded)
            if later and later.ended:
                templates["year_end_ended"] = Template(later.ended)
                templates["year_end_ended"].require(folded)
            if later and later.when:
                year_end_when = Expression(later.when)
                year_end_when.require(known)
    except (ExpressionError, TemplateError) as error:
        _refuse(path, lines, number, key, str(error))
    return Compiled(rule, when, rank, templates, year_end_when=year_end_when, told_elsewhere=elsewhere)


def _refuse(path: Path, lines: Lines, number: int, key: str, message: str) -> NoReturn:
    line = lines.get(("rules", number, key)) or lines.get(("rules", number)) or 1
    raise ConfigError(message, where=f"{path}, строка {line}", todo="исправьте правило и повторите команду") from None
