"""From rules and facts to sentences, conclusions and recommendations.

The engine knows no school and no indicator: it gets objects with facts, and rules. Three promises are kept here and
not left to the author of a rule: a small group is never judged, a fact that is absent makes no sentence, and what was
checked without a result is said when the rule has words for it (not where a small group meets the condition: there it
would be untrue).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from soko import russian
from soko.analysis.narrative_advice import Entry, names, recommend
from soko.analysis.narrative_chance import by_chance
from soko.analysis.narrative_deviations import deviations
from soko.analysis.narrative_model import Check, Desk, Deviation, Narrative, Recommendation, Sentence, Subject
from soko.analysis.narrative_rules import Compiled, RuleBook
from soko.analysis.narrative_sections import among

__all__ = ["Desk", "Deviation", "Narrative", "Recommendation", "Sentence", "Subject", "tell"]


#: Who says «стабильно» judges, too: of one pupil everything is within a pupil.
_VERDICTS = {"stable", "year_stable", "monotone_up", "monotone_down"}


def tell(
    book: RuleBook,
    subjects: Sequence[Subject],
    common: Mapping[str, Any],
    desk: Desk,
    partial: Callable[[Compiled], bool] = lambda _: False,
) -> Narrative:
    """Apply every rule to every object of its scope.

    ``common`` holds facts that do not depend on the object. Raises nothing for absent facts: the rule is skipped.
    ``partial`` tells rules that could not look at every object, because figures of some are hidden: they never say that
    nothing was found, and what they say is marked.
    """
    result = Narrative()
    for compiled in book.rules:
        said = Narrative()
        about = [item for item in subjects if _is_about(compiled, item)]
        _apply(compiled, about, common, desk, said, book.answers(compiled.rule.section))
        _add(result, _of_some(said) if partial(compiled) else said)
    return result


def _of_some(said: Narrative) -> Narrative:
    kept = [replace(item, partial=True) for item in said.sentences if item.kind != "nothing"]
    return replace(said, sentences=kept, conclusions=[replace(item, partial=True) for item in said.conclusions])


def _add(result: Narrative, said: Narrative) -> None:
    result.sentences += said.sentences
    result.conclusions += said.conclusions
    result.recommendations += said.recommendations
    result.deviations += said.deviations
    result.checks += said.checks


def _is_about(compiled: Compiled, subject: Subject) -> bool:
    rule = compiled.rule
    if subject.scope != rule.scope:
        return False
    return not rule.only or among(str(subject.facts.get("", {}).get("key", "")), rule.only)


def _apply(
    compiled: Compiled,
    subjects: Sequence[Subject],
    common: Mapping[str, Any],
    desk: Desk,
    result: Narrative,
    whose: str,
) -> None:
    rule = compiled.rule
    met: list[Entry] = []
    small: list[Entry] = []
    checked = 0
    judging = rule.severity != "neutral" or bool(_VERDICTS & compiled.when.names)
    pairs = [(subject, indicator) for indicator in rule.spoken_of for subject in subjects]
    for subject, indicator in pairs:
        facts, texts = _view(compiled, subject, indicator, common)
        verdict = compiled.when(facts)
        if verdict is None:
            continue
        checked += 1
        if verdict:
            (small if judging and facts.get("small") else met).append((subject, facts, texts))
    met = _ranked(compiled, met)
    if checked:
        only = met[0] if len(met) == 1 else None
        facts, texts = (only[1], only[2]) if only else ({}, {})
        result.checks.append(Check(rule.id, checked, len(met), len(small), facts, texts))
    if met:
        _say(compiled, met, common, desk, result, whose, of_all=1 < len(met) == checked)
    elif checked and rule.nothing and not small:
        text = compiled.templates["nothing"]({**common, **rule.thresholds, "count": checked}, {})
        if text:
            result.sentences.append(Sentence(rule.id, rule.section, "neutral", russian.sentence(text), kind="nothing"))
    for text in _careful(compiled, small, common):
        if text:
            result.sentences.append(Sentence(rule.id, rule.section, "neutral", russian.sentence(text), kind="careful"))


def _careful(compiled: Compiled, small: list[Entry], common: Mapping[str, Any]) -> list[str | None]:
    """What is said of small groups that meet the condition: a sentence each, or one of several."""
    rule, templates = compiled.rule, compiled.templates
    if len(small) < 2 or not rule.small_fold:
        return [templates["small"](facts, texts) for _, facts, texts in small] if rule.small else []
    item = templates["small_item" if rule.small_item else "item"]
    items = [text for _, facts, texts in small if (text := item(facts, texts))]
    words = {"items": russian.listing(items, rule.limit)}
    return [templates["small_fold"]({**common, **rule.thresholds, "count": len(small), **words}, words)]


def _say(
    compiled: Compiled,
    met: list[Entry],
    common: Mapping[str, Any],
    desk: Desk,
    result: Narrative,
    whose: str,
    *,
    of_all: bool,
) -> None:
    rule, templates = compiled.rule, compiled.templates
    keys = tuple(str(subject.facts.get("", {}).get("key", "")) for subject, _, _ in met)
    items = [text for _, facts, texts in met if (text := templates["item"](facts, texts))]
    many: dict[str, Any] = {**common, **rule.thresholds, "count": len(met)}
    words = {"items": russian.listing(items, rule.limit), "names": names(compiled, met)}
    many.update(words)
    loud = met
    if compiled.told_elsewhere:
        loud = [entry for entry in met if not compiled.told_elsewhere(entry[1])]
    headline = rule.headline if loud else 0
    said = [templates["every"](many, words)] if of_all and rule.every else _spoken(compiled, met, many)
    for text in said:
        if text:
            result.sentences.append(
                Sentence(
                    rule.id,
                    rule.section,
                    rule.severity,
                    russian.sentence(text),
                    headline=headline,
                    subjects=keys,
                    about=(str(met[0][1].get("indicator", "")), rule.scope),
                    by_chance=by_chance(compiled, met),
                )
            )
    if not loud:
        return
    if len(loud) < len(met):
        met = loud
        items = [text for _, facts, texts in met if (text := templates["item"](facts, texts))]
        words = {"items": russian.listing(items, rule.limit), "names": names(compiled, met)}
        many.update(words, count=len(met))
    result.deviations += deviations(compiled, met, common, whose, desk)
    if len(met) > 1 and not items:
        return
    # A conclusion and an action speak of the first object when it is the only one, otherwise of the list.
    facts, texts = ({**met[0][1], **many}, {**met[0][2], **words}) if len(met) == 1 else (many, words)
    if rule.conclusion and (text := templates["conclusion"](facts, texts)):
        about = (str(met[0][1].get("indicator", "")), rule.scope)
        result.conclusions.append(
            Sentence(
                rule.id,
                rule.section,
                rule.severity,
                russian.sentence(text),
                subjects=keys,
                about=about,
                by_chance=by_chance(compiled, met),
            )
        )
    if rule.action:
        recommend(compiled, rule.action, met, many, words, desk, result)


def _spoken(compiled: Compiled, met: list[Entry], many: dict[str, Any]) -> list[str | None]:
    """The sentences of a rule: one about each object, or one about several; of each level where the rule says so."""
    rule, templates = compiled.rule, compiled.templates
    groups: dict[str, list[Entry]] = {}
    for entry in met:
        groups.setdefault(entry[0].level if rule.group == "level" else "", []).append(entry)
    said: list[str | None] = []
    for entries in groups.values():
        if len(entries) > 1 and rule.fold:
            items = [text for _, facts, texts in entries if (text := templates["item"](facts, texts))]
            if not items and "items" in templates["fold"].names:
                continue  # of none is there a figure to print: «участники по уровням: » says nothing
            words = {"items": russian.listing(items, rule.limit), "names": names(compiled, entries)}
            # What the objects of a level share (its name, its own figure) is the first one's as well.
            shared, printed = (
                (entries[0][1], entries[0][2]) if rule.group or "target" in templates["fold"].names else ({}, {})
            )
            said.append(templates["fold"]({**shared, **many, **words, "count": len(entries)}, {**printed, **words}))
        else:
            said += [templates["text"](facts, texts) for _, facts, texts in entries]
    return said


def _ranked(compiled: Compiled, met: list[Entry]) -> list[Entry]:
    rank = compiled.rank
    if rank is None:
        return met

    def key(entry: Entry) -> float:
        value = rank(entry[1])
        return float("inf") if value is None else -float(value)

    return sorted(met, key=key)


def _view(
    compiled: Compiled, subject: Subject, own: str, common: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts and texts as the rule names them: its own indicator's without a prefix, the others' with one."""
    facts: dict[str, Any] = {**common, **subject.facts.get("", {}), **compiled.rule.thresholds}
    texts: dict[str, str] = dict(subject.texts.get("", {}))
    for indicator in compiled.indicators:
        facts.update({f"{indicator}.{name}": value for name, value in subject.facts.get(indicator, {}).items()})
        texts.update({f"{indicator}.{name}": text for name, text in subject.texts.get(indicator, {}).items()})
    if own:
        facts.update(subject.facts.get(own, {}))
        texts.update(subject.texts.get(own, {}))
        facts["indicator"] = own
    return facts, texts
