"""The counts behind a table of indicators, and the equations between them that any reader knows.

Numerator and denominator of a row are an amount each; bases that are the same by definition are one amount. The rest of
a share of children (base less part) is an amount that no table shows and every reader can compute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from soko.disclosure.problem import Amount, Equation, Limits, Problem
from soko.disclosure.settings import Disclosure, Thresholds
from soko.indicators.model import DIMENSIONS

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue
    from soko.indicators.model import Indicator
    from soko.school import School

#: Of what a cell is: school, period, and its dimensions with their values.
Place = tuple[tuple[str, str], ...]
_NESTED = ("class", "grade", "level")


@dataclass
class Counted:
    """Amounts of a table: ``problem``, and by row of the table the positions of its part and its base (-1: none)."""

    problem: Problem
    parts: list[int]
    bases: list[int]


@dataclass
class _Book:
    """Amounts as they are found; ``people`` are those that count children."""

    amounts: list[Amount] = field(default_factory=list)
    at: dict[Hashable, int] = field(default_factory=dict)
    equations: dict[frozenset[tuple[int, float]], Equation] = field(default_factory=dict)

    def add(self, key: Hashable, make: Amount) -> int:
        if key not in self.at:
            self.at[key] = len(self.amounts)
            self.amounts.append(make)
        return self.at[key]

    def equate(self, terms: Iterable[tuple[int, float]]) -> None:
        """Note an equation where it holds; what does not is none (children in several sections)."""
        gathered: dict[int, float] = defaultdict(float)
        for at, weight in terms:
            gathered[at] += weight
        equation = tuple(sorted((at, weight) for at, weight in gathered.items() if weight))
        sizes = [abs(weight * self.amounts[at].value) for at, weight in equation]
        if len(equation) > 1 and abs(sum(w * self.amounts[at].value for at, w in equation)) < 1e-6 * max(1.0, *sizes):
            self.equations[frozenset(equation)] = equation


def count(
    frame: pd.DataFrame, catalogue: Catalogue, school: School, settings: Disclosure, limits: Thresholds
) -> Counted:
    """The amounts of ``frame`` (columns of the tidy table; public rows only, see ``soko.disclosure.masked``)."""
    book, cells, parts, bases = _Book(), dict[tuple[str, str], dict[Place, int]](), list[int](), list[int]()
    columns = ["school_id", "period", "indicator", *DIMENSIONS, "numerator", "denominator"]
    for school_id, period, indicator, *dims, part_value, base_value in frame[columns].itertuples(
        index=False, name=None
    ):
        item, place = catalogue[indicator], _place(school_id, period, dims)
        values = float(part_value), float("nan") if pd.isna(base_value) else float(base_value)
        part, base = _row(book, item, catalogue.noun(indicator) in settings.children, place, values, limits)
        parts.append(part)
        bases.append(base)
        cells.setdefault((indicator, "part"), {})[place] = part
        if base >= 0:
            cells.setdefault((indicator, "base"), {})[place] = base
    for of in cells.values():
        _nest(book, of, school)
    for identity in settings.identities:
        whole = cells.get((identity.part or identity.base, "part" if identity.part else "base"), {})
        for place, at in whole.items():
            terms = [(cells.get((name, "part"), {}).get(place), weight) for name, weight in identity.sum.items()]
            if all(found is not None for found, _ in terms):
                book.equate([*((found, weight) for found, weight in terms if found is not None), (at, -1.0)])
    problem = Problem(tuple(book.amounts), tuple(book.equations.values()), Limits(values=limits.cell - 1))
    return Counted(problem, parts, bases)


def _place(school_id: str, period: str, dims: Iterable[object]) -> Place:
    found = [("school_id", str(school_id or "")), ("period", str(period))]
    for name, value in zip(DIMENSIONS, dims, strict=True):
        if not pd.isna(value) and value != "":  # type: ignore[call-overload]
            found.append((name, str(int(value)) if name == "grade" else str(value)))  # type: ignore[call-overload]
    return tuple(found)


def _row(
    book: _Book, item: Indicator, children: bool, place: Place, values: tuple[float, float], limits: Thresholds
) -> tuple[int, int]:
    """Positions of the part and the base of a row, the rest between them noted."""
    part_value, base_value = values
    has_base = item.denominator != "" and not pd.isna(base_value)
    people = children and item.unit in ("percent", "count") and item.heads
    few = children and has_base and 0 < base_value < limits.group
    cost = float(10 - len(place))
    base = -1
    if has_base:
        key = (item.population, item.denominator, place)
        base = book.add(key, _amount(key, base_value, children, few, cost + 0.5, limits))
    key = (item.population, item.numerator, place)
    part = book.add(key, _amount(key, part_value, people, few, cost, limits))
    if few and not book.amounts[part].hidden:  # of the same numerator another base was large enough
        book.amounts[part] = _amount(key, part_value, people, few, cost, limits)
    if has_base and people and item.unit == "percent":
        rest_value = base_value - part_value
        small = 0 < rest_value < limits.cell
        key = (item.population, item.numerator, item.denominator, "rest", place)
        rest = book.add(key, Amount(key, rest_value, sensitive=small or few, hidden=True, virtual=True))
        book.equate([(part, 1.0), (rest, 1.0), (base, -1.0)])
    return part, base


def _amount(key: Hashable, value: float, children: bool, few: bool, cost: float, limits: Thresholds) -> Amount:
    small = children and 0 < value < limits.cell
    if few:
        return Amount(key, value, sensitive=children, hidden=True, cost=cost)
    if small:
        return Amount(key, value, sensitive=True, hidden=True, bounds=(1, limits.cell - 1), cost=cost)
    return Amount(key, value, cost=cost)


def _nest(book: _Book, of: dict[Place, int], school: School) -> None:
    """Equations of one amount over places: finer places add up to the coarser ones that they lie in."""
    children: dict[tuple[Place, str], list[int]] = defaultdict(list)
    for place, at in of.items():
        for name, value in place[2:]:
            rest = tuple(pair for pair in place if pair != (name, value))
            for above in _above(name, value, school):
                children[(tuple(sorted((*rest, *above))), name)].append(at)
    ordered = {tuple(sorted(place)): at for place, at in of.items()}
    for (place, _), below in children.items():
        if place in ordered:
            book.equate([*((at, 1.0) for at in below), (ordered[place], -1.0)])


def _above(name: str, value: str, school: School) -> list[tuple[tuple[str, str], ...]]:
    """The places in which a value of a dimension lies: a class in its grade and level and the school."""
    grade = "".join(ch for ch in value if ch.isdigit()) if name == "class" else value if name == "grade" else ""
    level = school.level_of(int(grade)) if grade else ""
    found: list[tuple[tuple[str, str], ...]] = [()]
    if name == "class" and grade:
        found.append((("grade", grade),))
    if name in ("class", "grade") and level:
        found.append((("level", level),))
    return found
