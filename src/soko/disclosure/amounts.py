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

from soko.disclosure.families import Family, entries, grouped, heads_of
from soko.disclosure.places import NESTED, Place
from soko.disclosure.problem import Amount, Bounds
from soko.disclosure.settings import Disclosure, Thresholds, matches

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue
    from soko.indicators.model import Indicator

#: Reason codes: group under the threshold; count of 1 to cell - 1; hidden so that others cannot be worked out.
FEW, UNDER, PROTECTED = "few", "under", "protected"
#: What an earlier release has let out.
SHOWN = "shown"
_COARSE = {"class": 1.0, "grade": 2.0, "level": 3.0}
_KEEP = 1000.0  # for each rank of what params/disclosure.yaml hides last
_MARKS = (2.0, 5.0)
_CHANCE = 2  # times the group: smaller counts are equal by chance


class Row(NamedTuple):
    """A row of the tidy table as the positions of its part, its base and its rest (-1: none).

    ``few``: its group is under the threshold; ``rated``: it judges a teacher.
    """

    indicator: str
    place: Place
    part: int
    base: int
    rest: int
    few: bool
    rated: bool


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
    """The amounts of ``frame``.

    Columns: those of the tidy table; ``rated`` (the row judges a teacher); ``unseen`` (it does not leave, see
    ``released.unseen``); ``was_part``, ``was_base`` (how part and base stand in earlier releases: "" not at all,
    "shown", or a reason code) with ``was_cell``, ``was_group``, the thresholds of then.
    """
    made, stood = Book(), defaultdict[int, list[Stood]](list)
    items = {name: catalogue[name] for name in frame["indicator"].unique()}
    # Of «да» and «нет» the base is a number of schools, whatever the view counts.
    children = {name: item.unit != "flag" and catalogue.noun(name) in settings.children for name, item in items.items()}
    table = entries(frame)
    families = grouped(table, items, children, _CHANCE * limits.group)
    made.families = families
    kept = {name: _KEEP * settings.rank(name) for name in items}
    behind = heads_of(table, settings, items)
    rows = zip(table, _stood(frame), frame["unseen"].tolist(), strict=True)
    for (indicator, place, part, base, rated), (was_part, was_base), unseen in rows:
        item, own = items[indicator], families[indicator, False]
        # Who learns in a programme is a child, its places are not: they have neither a threshold nor a rest.
        counted = children[indicator] or matches(indicator, settings.children_in_part)
        heads = counted and _counts_heads(item)
        if unseen:  # these come last: what a row shows is not hidden by one that nobody sees
            small = heads and 0 < part < limits.cell
            if place not in made.cells[own]:
                made.cells[own][place] = made.virtual((*own, place), part, sensitive=small, whole=part == int(part))
            made.rows.append(Row(indicator, place, made.cells[own][place], -1, -1, False, rated))
            continue
        few = children[indicator] and 0 < base < limits.group
        # A number of lessons is large where one child missed them: then the base says as much as the part.
        thin = indicator in behind and base > 0 and behind[indicator].get(place, 0) < limits.group
        cost = _cost(place) + kept[indicator]
        # «few» and the sign of a teacher's figure say nothing of how large the part is
        cell = limits.cell if heads and not few and not rated and not thin else 0
        at = _put(made, own, place, part, cost, cell=cell, secret=few or rated or thin)
        below = rest = -1
        if base == base:
            within = (1, limits.group - 1) if few else (0, None)
            cell = limits.cell if children[indicator] else 0
            below = _put(made, families[indicator, True], place, base, cost, cell=cell, secret=thin, within=within)
            secret = few or rated or thin
            both = heads and children[indicator]
            rest = _bind(made, item, place, (at, below), heads=both, secret=secret, cell=limits.cell)
            stood[below].append(was_base)
        stood[at].append(was_part)
        made.rows.append(Row(indicator, place, at, below, rest, few or thin, rated))
    for at, found in stood.items():
        made.amounts[at] = _as_it_stands(made.amounts[at], found)
    return made


class Stood(NamedTuple):
    """How a count stands in earlier releases, and the thresholds by which it was hidden there."""

    how: str
    cell: int
    group: int


def _stood(frame: pd.DataFrame) -> Iterator[tuple[Stood, Stood]]:
    columns = (frame[name].tolist() for name in ("was_part", "was_base", "was_cell", "was_group"))
    for part, base, cell, group in zip(*columns, strict=True):
        yield Stood(part, int(cell), int(group)), Stood(base, int(cell), int(group))


def _as_it_stands(amount: Amount, found: list[Stood]) -> Amount:
    """What has left the school is shown or hidden as it left, and its sign says what it said."""
    known = [one for one in found if one.how]
    if not known:
        return amount
    if any(one.how == SHOWN for one in known):
        return replace(amount, hidden=False, sensitive=False, frozen=True)
    cells = [one.cell for one in known if one.how == UNDER and 0 < amount.value < one.cell]
    bounds: Bounds = (1, min(cells) - 1) if cells else amount.loose
    enough = min(cells) - 1 if cells else 0
    return replace(amount, hidden=True, frozen=True, bounds=bounds, loose=bounds, enough=enough)


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
