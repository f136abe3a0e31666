"""Facts for the rules: whether a figure is below or above town, region and country, by the words of their table."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.narrative_model import Subject
from soko.analysis.narrative_rules import RuleBook
from soko.notes import references
from soko.notes.data import NoteData

FACTS = ("below_territory", "above_territory", "territories")
_FORMS = {"муниципалитет": "муниципалитета", "регион": "региона", "страна": "страны"}


def judge(data: NoteData, about: Sequence[Subject], rules: RuleBook) -> None:
    """Add to the objects ``below_territory``, ``above_territory`` and of which ones (``territories``, in the genitive).

    Only for figures that a value of a territory was handed in for, and only where a rule of the note asks.
    """
    asked = {name.rpartition(".")[2] for item in rules.rules for name in item.names}
    if not asked.intersection(FACTS):
        return
    found = {(line.indicator, frozenset(line.dims)): line.beside for line in references.read(data).lines}
    for subject in about:
        dims = frozenset(subject.facts.get("", {}).get("dims", ()))
        for indicator, known in subject.facts.items():
            beside = found.get((indicator, dims))
            if not beside:
                continue
            sides = {
                word: [name for name, one in beside.items() if one.standing == word] for word in ("below", "above")
            }
            known |= {"below_territory": bool(sides["below"]), "above_territory": bool(sides["above"])}
            told = sides["below"] or sides["above"]
            known["territories"] = russian.listing(_FORMS[name] for name in told)
