"""From rules and facts to sentences, conclusions and recommendations.

The engine knows no school and no indicator: it gets objects with facts, and rules. Three promises are kept here and
not left to the author of a rule: a small group is never judged, a fact that is absent makes no sentence, and what was
checked without a result is said when the rule has words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from soko import russian
from soko.analysis.narrative_rules import Action, Compiled, RuleBook, Severity


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


@dataclass(frozen=True)
class Recommendation:
    """A row of «что, кто, срок, основание»."""

    what: str
    who: str
    due: date
    basis: str
    rule: str


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


@dataclass
class Narrative:
    """Everything that the rules gave."""

    sentences: list[Sentence] = field(default_factory=list)
    conclusions: list[Sentence] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)

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
    """

    person: Callable[[str], str]
    due: Callable[[int, str], date]


def tell(book: RuleBook, subjects: Sequence[Subject], common: Mapping[str, Any], desk: Desk) -> Narrative:
    """Apply every rule to every object of its scope.

    ``common`` holds facts that do not depend on the object. Raises nothing for absent facts: the rule is skipped.
    """
    result = Narrative()
    for compiled in book.rules:
        _apply(compiled, [item for item in subjects if item.scope == compiled.rule.scope], common, desk, result)
    return result


def _apply(
    compiled: Compiled, subjects: Sequence[Subject], common: Mapping[str, Any], desk: Desk, result: Narrative
) -> None:
    rule = compiled.rule
    met: list[tuple[Subject, dict[str, Any], dict[str, str]]] = []
    small: list[tuple[Subject, dict[str, Any], dict[str, str]]] = []
    checked = 0
    for subject in subjects:
        facts, texts = _view(compiled, subject, common)
        verdict = compiled.when(facts)
        if verdict is None:
            continue
        checked += 1
        if verdict:
            judging = rule.severity != "neutral"
            (small if judging and facts.get("small") else met).append((subject, facts, texts))
    met = _ranked(compiled, met)
    if met:
        _say(compiled, met, common, desk, result)
    elif checked and rule.nothing:
        text = compiled.templates["nothing"]({**common, "count": checked}, {})
        if text:
            result.sentences.append(Sentence(rule.id, rule.section, "neutral", russian.sentence(text), kind="nothing"))
    for _, facts, texts in small if rule.small else ():
        text = compiled.templates["small"](facts, texts)
        if text:
            result.sentences.append(Sentence(rule.id, rule.section, "neutral", russian.sentence(text), kind="careful"))


def _say(
    compiled: Compiled,
    met: list[tuple[Subject, dict[str, Any], dict[str, str]]],
    common: Mapping[str, Any],
    desk: Desk,
    result: Narrative,
) -> None:
    rule, templates = compiled.rule, compiled.templates
    names = tuple(str(subject.facts.get("", {}).get("key", "")) for subject, _, _ in met)
    items = [text for _, facts, texts in met if (text := templates["item"](facts, texts))]
    many: dict[str, Any] = {**common, **rule.thresholds, "count": len(met)}
    words = {"items": russian.listing(items, rule.limit), "names": _names(met)}
    many.update(words)
    if len(met) > 1 and rule.fold:
        spoken = [templates["fold"](many, words)]
    else:
        spoken = [templates["text"](facts, texts) for _, facts, texts in met]
    for text in spoken:
        if text:
            result.sentences.append(
                Sentence(
                    rule.id, rule.section, rule.severity, russian.sentence(text), headline=rule.headline, subjects=names
                )
            )
    if rule.headline and rule.severity == "concern" and rule.indicator:
        for order, (subject, facts, texts) in enumerate(met):
            if not (facts.get("worsened") or facts.get("below_target")):
                continue  # a concern, but neither worse than before nor short of a target
            key = (
                {"level": subject.level, "area": subject.area}.get(rule.action.who, rule.action.who)
                if rule.action
                else ""
            )
            name = str(subject.facts.get("", {}).get("name", ""))
            result.deviations.append(
                Deviation(
                    rule.id, rule.headline, order, rule.indicator, rule.scope, name, dict(texts), desk.person(key)
                )
            )
    # A conclusion and an action speak of the first object when it is the only one, otherwise of the list.
    facts, texts = ({**met[0][1], **many}, {**met[0][2], **words}) if len(met) == 1 else (many, words)
    if rule.conclusion and (text := templates["conclusion"](facts, texts)):
        result.conclusions.append(
            Sentence(rule.id, rule.section, rule.severity, russian.sentence(text), subjects=names)
        )
    if rule.action:
        _recommend(compiled, rule.action, met, many, words, desk, result)


def _recommend(
    compiled: Compiled,
    action: Action,
    met: list[tuple[Subject, dict[str, Any], dict[str, str]]],
    many: dict[str, Any],
    words: dict[str, str],
    desk: Desk,
    result: Narrative,
) -> None:
    # One row for each person: what concerns the primary school does not go to the head of the maths teachers.
    by_person: dict[str, list[tuple[Subject, dict[str, Any], dict[str, str]]]] = {}
    for entry in met:
        by_person.setdefault(desk.person(_responsible(action.who, entry[0])), []).append(entry)
    for person, entries in by_person.items():
        items = [text for _, facts, texts in entries if (text := compiled.templates["item"](facts, texts))]
        own = {"items": russian.listing(items, compiled.rule.limit), "names": _names(entries)}
        facts = {**many, **(entries[0][1] if len(entries) == 1 else {}), **own, "count": len(entries)}
        texts = {**words, **(entries[0][2] if len(entries) == 1 else {}), **own}
        what = compiled.templates["what"](facts, texts)
        # The ground is a proof, not a second list: the first three are enough, the tables have the rest.
        texts = {**texts, "items": russian.listing(items, min(3, compiled.rule.limit))}
        basis = compiled.templates["basis"](facts, texts) if action.basis else texts["items"]
        if what:
            due = desk.due(action.days, action.counted_from)
            result.recommendations.append(
                Recommendation(russian.upper_first(what), person, due, basis or texts["items"], compiled.rule.id)
            )


def _names(met: Sequence[tuple[Subject, dict[str, Any], dict[str, str]]]) -> str:
    """All objects by their short names: who has to act must find the own class in the list."""
    return russian.listing([str(subject.facts.get("", {}).get("short", "")) for subject, _, _ in met])


def _responsible(who: str, subject: Subject) -> str:
    return {"level": subject.level, "area": subject.area}.get(who, who)


def _ranked(
    compiled: Compiled, met: list[tuple[Subject, dict[str, Any], dict[str, str]]]
) -> list[tuple[Subject, dict[str, Any], dict[str, str]]]:
    rank = compiled.rank
    if rank is None:
        return met

    def key(entry: tuple[Subject, dict[str, Any], dict[str, str]]) -> float:
        value = rank(entry[1])
        return float("inf") if value is None else -float(value)

    return sorted(met, key=key)


def _view(compiled: Compiled, subject: Subject, common: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts and texts as the rule names them: its own indicator's without a prefix, the others' with one."""
    facts: dict[str, Any] = {**common, **subject.facts.get("", {}), **compiled.rule.thresholds}
    texts: dict[str, str] = dict(subject.texts.get("", {}))
    for indicator, values in subject.facts.items():
        if indicator:
            facts.update({f"{indicator}.{name}": value for name, value in values.items()})
            texts.update({f"{indicator}.{name}": text for name, text in subject.texts.get(indicator, {}).items()})
    if compiled.rule.indicator:
        facts.update(subject.facts.get(compiled.rule.indicator, {}))
        texts.update(subject.texts.get(compiled.rule.indicator, {}))
    return facts, texts
