"""Whether the change that a rule tells may be chance: a value of the sentence, whatever its words are."""

from __future__ import annotations

from collections.abc import Sequence

from soko.analysis.narrative_advice import Entry
from soko.analysis.narrative_rules import Compiled

#: The fact that says it → the facts of a rule's own indicator by which a condition asks for that change.
_ASKED = {
    "by_chance": frozenset({"improved", "worsened", "delta", "delta_pupils", "monotone_up", "monotone_down"}),
    "year_by_chance": frozenset({"year_improved", "year_worsened", "year_delta", "year_delta_pupils"}),
}


def by_chance(compiled: Compiled, met: Sequence[Entry]) -> bool:
    """Whether the rule tells a change, and chance may have made it with each of the objects that met its condition.

    One object that chance does not explain is enough for False, and so is one that cannot be tested (means, counts).
    """
    asked = [fact for fact, names in _ASKED.items() if names & compiled.when.names]
    return bool(asked and met) and all(facts.get(fact) for _, facts, _ in met for fact in asked)
