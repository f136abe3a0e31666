"""Deviations: the objects that a rule of page one names because they are worse than before or short of their target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from soko.analysis.narrative_advice import Entry, responsible
from soko.analysis.narrative_model import Desk, Deviation
from soko.analysis.narrative_rules import Compiled


def deviations(
    compiled: Compiled, met: Sequence[Entry], common: Mapping[str, Any], whose: str, desk: Desk
) -> list[Deviation]:
    """Rows for the table of page one; none of a rule that is no concern there.

    The table compares with the previous period; a fall within the year is a line of its own, unless the previous period
    is the one of a year ago. Nor does it show territories. ``whose`` answers where the rule has no action.
    """
    rule = compiled.rule
    yearly = "year_worsened" in compiled.when.names and common.get("previous_period") != common.get("year_ago_period")
    apart = yearly or "below_territory" in compiled.when.names
    if not rule.headline or rule.severity != "concern" or rule.spoken_of == [""] or apart:
        return []
    found = []
    for order, (subject, facts, texts) in enumerate(met):
        why = tuple(name for name in ("worsened", "below_target") if facts.get(name))
        if not why:
            continue  # a concern, but neither worse than before nor short of a target
        key = responsible(rule.action.who if rule.action else whose, subject)
        name = str(subject.facts.get("", {}).get("name", ""))
        chance = bool(facts.get("by_chance"))
        found.append(
            Deviation(
                rule.id,
                rule.headline,
                order,
                str(facts["indicator"]),
                rule.scope,
                name,
                dict(texts),
                desk.person(key),
                why,
                by_chance=chance,
            )
        )
    return found
