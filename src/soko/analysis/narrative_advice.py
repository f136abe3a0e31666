"""Recommendations: what has to be done, by whom, until when, on what ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soko import russian
from soko.analysis.narrative_model import Desk, Narrative, Recommendation, Subject
from soko.analysis.narrative_rules import Action, Compiled, YearEnd

Entry = tuple[Subject, dict[str, Any], dict[str, str]]  # an object that met a rule, its facts, the same as printed


def recommend(
    compiled: Compiled,
    action: Action,
    met: list[Entry],
    many: dict[str, Any],
    words: dict[str, str],
    desk: Desk,
    result: Narrative,
) -> None:
    """Add the rows of one rule: one for each person, so that everybody finds the own classes only.

    After the last period of a school year the rule's ``year_end`` wording and deadline hold, and classes that leave
    the school are not named in what is for the next year; nor, in what is for the same pupils, a subject that they
    will not have any more.
    """
    later = action.year_end if desk.closes_year else None
    if later is not None and later.for_pupils:
        ended = [entry for entry in met if not entry[1].get("goes_on", True)]
        met = [entry for entry in met if entry not in ended]
        if later.ended:
            _rows(compiled, later, ("year_end_ended", "year_end_basis"), ended, many, words, desk, result)
    elif desk.closes_year and (later or action).counted_from != "end":
        met = [entry for entry in met if entry[0].facts.get("", {}).get("grade") not in compiled.leaving]
    texts = ("what", "basis") if later is None else ("year_end_what", "year_end_basis")
    _rows(compiled, later or action, texts, met, many, words, desk, result)


def _rows(
    compiled: Compiled,
    plan: Action | YearEnd,
    kinds: tuple[str, str],
    met: list[Entry],
    many: dict[str, Any],
    words: dict[str, str],
    desk: Desk,
    result: Narrative,
) -> None:
    """The rows about the objects ``met``; ``kinds`` are the templates of what to do and on what ground."""
    action, (what, basis) = compiled.rule.action, kinds
    assert action is not None
    by_person: dict[str, list[Entry]] = {}
    for entry in met:
        by_person.setdefault(desk.person(responsible(action.who, entry[0])), []).append(entry)
    for person, entries in by_person.items():
        items = [text for _, facts, texts in entries if (text := compiled.templates["item"](facts, texts))]
        own = {"items": russian.listing(items, compiled.rule.limit), "names": names(compiled, entries)}
        own["next_names"] = russian.listing(str(item.facts[""].get("next_name", "")) for item, _, _ in entries)
        facts = {**many, **(entries[0][1] if len(entries) == 1 else {}), **own, "count": len(entries)}
        texts = {**words, **(entries[0][2] if len(entries) == 1 else {}), **own}
        condition = compiled.year_end_when if isinstance(plan, YearEnd) else None
        if condition is not None and not condition(facts):
            continue
        said = compiled.templates[what](facts, texts)
        # The ground is a proof, not a second list: the first three are enough, the tables have the rest.
        texts = {**texts, "items": russian.listing(items, min(3, compiled.rule.limit))}
        ground = compiled.templates[basis](facts, texts) if plan.basis or action.basis else texts["items"]
        if said:
            due = desk.due(plan.days, plan.counted_from)
            result.recommendations.append(
                Recommendation(
                    russian.upper_first(russian.bound(said)),
                    person,
                    due,
                    russian.bound(ground or texts["items"]),
                    compiled.rule.id,
                )
            )


def names(compiled: Compiled, met: Sequence[Entry]) -> str:
    """All objects by their short names: who has to act must find the own class in the list."""
    return russian.listing([compiled.templates["name"](facts, texts) or "" for _, facts, texts in met])


def responsible(who: str, subject: Subject) -> str:
    """The key of ``responsible`` in school.yaml; «level» and «area» are those of the object."""
    return {"level": subject.level, "area": subject.area}.get(who, who)
