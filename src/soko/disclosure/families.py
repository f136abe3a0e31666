"""Which counts of a table of indicators are one and the same, by definition or for every reader, and of how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from soko.disclosure.places import Place, column, dims_by_row
from soko.disclosure.settings import Disclosure, matches

if TYPE_CHECKING:
    from soko.indicators.model import Indicator

#: One count over many places: of what population, by which expression.
Family = tuple[str, str]
#: A row of the tidy table: indicator, place, part, base (NaN: none), whether it judges a teacher.
Entry = tuple[str, Place, float, float, bool]


def entries(frame: pd.DataFrame) -> list[Entry]:
    """The rows of the tidy table (with ``rated``) as plain values."""
    schools = [str(value or "") for value in column(frame, "school_id")]
    alone = next(iter(set(schools) - {""}), "") if len(set(schools) - {""}) == 1 else ""  # all schools of one are it
    places = [
        Place(school or alone, str(period), dims)
        for school, period, dims in zip(schools, column(frame, "period"), dims_by_row(frame), strict=True)
    ]
    figures = (frame[name].astype(float).tolist() for name in ("numerator", "denominator"))
    return list(zip(column(frame, "indicator"), places, *figures, frame["rated"].tolist(), strict=True))


def heads_of(table: list[Entry], settings: Disclosure, names: Iterable[str]) -> dict[str, dict[Place, float]]:
    """By indicator that counts no children, how many stand behind each place; what is not known is nobody."""
    found: dict[str, dict[Place, float]] = {}
    for rule in settings.behind:
        bases = {place: base for indicator, place, _, base, _ in table if indicator == rule.heads and base == base}
        found |= {name: bases for name in names if matches(name, rule.indicators)}
    return found


def grouped(
    rows: list[Entry],
    items: dict[str, Indicator],
    children: dict[str, bool],
    least: float,
) -> dict[tuple[str, bool], Family]:
    """By indicator and whether its base is meant: the family of the amount.

    Counts of children that are equal wherever both stand, the largest being ``least`` or more, are one family: every
    reader holds them for the same (the list of pupils under several names). Who supposes a wrong equation is misled.
    """
    values: dict[Family, dict[tuple[object, ...], float]] = defaultdict(dict)
    named: dict[tuple[str, bool], Family] = {}
    counts: set[Family] = set()
    for name, item in items.items():
        named[name, False] = (item.population, item.numerator)
        if item.unit == "count" and children[name]:
            counts.add(named[name, False])
        if item.denominator:
            named[name, True] = (item.population, item.denominator)
            if children[name]:
                counts.add(named[name, True])
    for indicator, place, part, base, _ in rows:
        for is_base, value in ((False, part), (True, base)):
            if (family := named.get((indicator, is_base))) in counts and value == value:
                values[family][place] = value
    leads: dict[Family, Family] = {}
    for family in sorted(values):
        own = values[family]
        for lead in sorted(set(leads.values())):
            common = own.keys() & values[lead].keys()
            largest = max((own[place] for place in common), default=0)
            if largest >= least and all(own[place] == values[lead][place] for place in common):
                leads[family] = lead
                values[lead] = values[lead] | own
                break
        else:
            leads[family] = family
    return {key: leads.get(family, family) for key, family in named.items()}
