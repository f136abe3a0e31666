"""The counts behind a table of indicators: what is one and the same count, and which of them may not be shown.

Numerator and denominator of a row are an amount each; those that are the same by definition are one amount. The rest of
a share of children (base less part) is an amount that no table shows and every reader can compute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from soko.disclosure.places import NESTED, Place, dims_of
from soko.disclosure.problem import Amount, Bounds
from soko.disclosure.settings import Disclosure, Thresholds, matches
from soko.indicators.model import DIMENSIONS

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue
    from soko.indicators.model import Indicator

#: One count over many places: of what population, by which expression.
Family = tuple[str, str]
_COARSE = {"class": 1.0, "grade": 2.0, "level": 3.0}
_KEEP = 1000.0  # what params/disclosure.yaml hides last
_MARKS = (2.0, 5.0)
_CHANCE = 2  # times the group: smaller counts are equal by chance


class Row(NamedTuple):
    """A row of the tidy table as the positions of its part, its base and its rest (-1: none)."""

    indicator: str
    place: Place
    part: int
    base: int
    rest: int


@dataclass
class Book:
    """Amounts as they are found, by family and place, with the equations that bind a row together."""

    amounts: list[Amount] = field(default_factory=list)
    cells: dict[Family, dict[Place, int]] = field(default_factory=lambda: defaultdict(dict))
    equations: dict[frozenset[tuple[int, float]], tuple[tuple[int, float], ...]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    families: dict[tuple[str, bool], Family] = field(default_factory=dict)

    def equate(self, terms: Iterable[tuple[int, float]]) -> bool:
        """Note an equation where it holds; say whether it does. What does not is none (children in two sections)."""
        gathered: dict[int, float] = defaultdict(float)
        for at, weight in terms:
            gathered[at] += weight
        equation = tuple(sorted((at, weight) for at, weight in gathered.items() if weight))
        values = [weight * self.amounts[at].value for at, weight in equation]
        if abs(sum(values)) > 1e-6 * max(1.0, *(abs(value) for value in values), 0.0):
            return False
        if len(equation) > 1:
            self.equations[frozenset(equation)] = equation
        return True

    def virtual(self, key: Hashable, value: float, *, sensitive: bool = False, whole: bool = True) -> int:
        """Add what stands in no table: hidden, and never below nought."""
        self.amounts.append(Amount(key, value, sensitive=sensitive, hidden=True, virtual=True, whole=whole))
        return len(self.amounts) - 1


def book(frame: pd.DataFrame, catalogue: Catalogue, settings: Disclosure, limits: Thresholds) -> Book:
    """The amounts of ``frame``: columns of the tidy table and ``rated`` (a teacher is rated by the row)."""
    made = Book()
    items = {name: catalogue[name] for name in frame["indicator"].unique()}
    children = {name: catalogue.noun(name) in settings.children for name in items}
    families = _families(frame, items, children, _CHANCE * limits.group)
    made.families = families
    kept = {name: _KEEP * matches(name, settings.hidden_last) for name in items}
    for indicator, place, part, base, rated in _read(frame):
        item, own = items[indicator], families[indicator, False]
        heads = children[indicator] and _counts_heads(item)
        few = children[indicator] and 0 < base < limits.group
        cost = _cost(place) + kept[indicator]
        at = _put(made, own, place, part, cost, cell=limits.cell if heads else 0, secret=few or rated)
        below = rest = -1
        if base == base:
            within = (1, limits.group - 1) if few else (0, None)
            cell = limits.cell if children[indicator] else 0
            below = _put(made, families[indicator, True], place, base, cost, cell=cell, within=within)
            rest = _bind(made, item, place, (at, below), heads=heads, secret=few or rated, cell=limits.cell)
        made.rows.append(Row(indicator, place, at, below, rest))
    return made


def _read(frame: pd.DataFrame) -> Iterator[tuple[str, Place, float, float, bool]]:
    columns = ["school_id", "period", "indicator", *DIMENSIONS, "numerator", "denominator", "rated"]
    schools = sorted(set(frame["school_id"].fillna("")) - {""})
    alone = schools[0] if len(schools) == 1 else ""  # all schools of one are that one
    for school, period, indicator, *dims, part, base, rated in frame[columns].itertuples(index=False, name=None):
        place = Place(str(school or alone), str(period), dims_of(dims))
        yield indicator, place, float(part), float("nan") if pd.isna(base) else float(base), bool(rated)


def _counts_heads(item: Indicator) -> bool:
    """Whether the part is a number of those that the noun names, and not a sum of points or of weights."""
    return item.unit == "count" or (item.unit == "percent" and item.scale == 100 and item.heads)


def _cost(place: Place) -> float:
    """What it costs a reader when the figure is hidden: the coarser the place, the more."""
    nested = max((_COARSE[name] for name in place.shape & set(NESTED)), default=4.0)
    return 10 * nested - 5 * len(place.shape - set(NESTED))


def _put(
    made: Book,
    family: Family,
    place: Place,
    value: float,
    cost: float,
    *,
    cell: int,
    secret: bool = False,
    within: Bounds = (0, None),
) -> int:
    """The position of an amount; what one row asks of it and what it says holds wherever else it stands."""
    small = 0 < value < cell
    bounds: Bounds = (1, cell - 1) if small else within
    asked = Amount((*family, place), value, small or secret, small or secret, bounds, within, cost)
    at = made.cells[family].get(place)
    if at is None:
        made.cells[family][place] = len(made.amounts)
        made.amounts.append(replace(asked, whole=value == int(value)))
        return len(made.amounts) - 1
    had = made.amounts[at]
    made.amounts[at] = replace(
        had,
        sensitive=had.sensitive or asked.sensitive,
        hidden=had.hidden or asked.hidden,
        bounds=_both(had.bounds, asked.bounds),
        loose=_both(had.loose, asked.loose),
        cost=max(had.cost, cost) + 1,  # the more rows it stands in, the more is lost with it
    )
    return at


def _both(one: Bounds, other: Bounds) -> Bounds:
    highs = [high for _, high in (one, other) if high is not None]
    return max(one[0], other[0]), min(highs) if highs else None


def _bind(
    made: Book, item: Indicator, place: Place, pair: tuple[int, int], *, heads: bool, secret: bool, cell: int
) -> int:
    """Part and base of a row: the rest between them, or the limits of a mean of marks. The rest's position, or -1."""
    part, base = pair
    part_value, base_value = made.amounts[part].value, made.amounts[base].value
    if heads and item.unit == "percent":
        value = base_value - part_value
        rest = made.virtual((item.population, item.numerator, item.denominator, "rest", place), value)
        small = 0 < value < cell
        made.amounts[rest] = replace(made.amounts[rest], sensitive=small or secret)
        if small and not made.amounts[part].hidden:
            made.amounts[part] = replace(made.amounts[part], hidden=True)
        made.equate([(part, 1.0), (rest, 1.0), (base, -1.0)])
        return rest
    if item.unit == "mark":
        for weight, sign in zip(_MARKS, (1.0, -1.0), strict=True):
            value = sign * (part_value - weight * base_value)
            over = made.virtual((item.population, item.numerator, weight, place), value, whole=False)
            made.equate([(over, 1.0), (part, -sign), (base, sign * weight)])
    return -1


def _families(
    frame: pd.DataFrame, items: dict[str, Indicator], children: dict[str, bool], least: float
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
    for indicator, place, part, base, _ in _read(frame):
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
