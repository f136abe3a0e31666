"""Where a figure stands: school, period and its dimensions; and of what coarser place a place is a part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

import pandas as pd

from soko.cohorts import grade_of
from soko.indicators.model import DIMENSIONS
from soko.school import School

#: Dimensions with their values, in the order of DIMENSIONS.
Dims = tuple[tuple[str, str], ...]
#: From fine to coarse: a class lies in its parallel, that in its level, that in the school.
NESTED = ("class", "grade", "level")


class Place(NamedTuple):
    """Of what a figure is. ``school`` empty: all schools of the workspace together."""

    school: str
    period: str
    dims: Dims

    def at(self, dims: Dims) -> Place:
        """The same school and period, other dimensions."""
        return Place(self.school, self.period, dims)

    @property
    def shape(self) -> frozenset[str]:
        """The names of its dimensions."""
        return frozenset(name for name, _ in self.dims)


def ordered(pairs: Iterable[tuple[str, str]]) -> Dims:
    """Dimensions in the order of the tidy table."""
    return tuple(sorted(pairs, key=lambda pair: DIMENSIONS.index(pair[0])))


def dims_by_row(frame: pd.DataFrame) -> list[Dims]:
    """Dimensions of each row of the tidy table."""
    return [dims_of(row) for row in zip(*(column(frame, name) for name in DIMENSIONS), strict=True)]


def column(frame: pd.DataFrame, name: str) -> list[object]:
    """A column of the tidy table as plain values, None where there is none; a grade is a whole number."""
    values = frame[name]
    if name == "grade":
        return [None if pd.isna(value) else int(value) for value in values.tolist()]
    return values.astype(object).where(values.notna(), None).tolist()


@cache
def dims_of(values: tuple[object, ...]) -> Dims:
    """Dimensions of a row of the tidy table, ``values`` in the order of DIMENSIONS."""
    found = []
    for name, value in zip(DIMENSIONS, values, strict=True):
        if value is not None and value != "":
            found.append((name, str(value)))
    return finest(found)


def finest(pairs: Iterable[tuple[str, str]]) -> Dims:
    """Of class, grade and level only the finest: a row of a class may repeat the others."""
    found = dict(pairs)
    for at, name in enumerate(NESTED):
        if name in found:
            for coarser in NESTED[at + 1 :]:
                found.pop(coarser, None)
    return ordered(found.items())


def above(name: str, value: str, school: School) -> list[Dims]:
    """The places that a value of a dimension lies in, the nearest first; the whole (no dimension) is the last."""
    found: list[Dims] = []
    grade = grade_of(value) if name in ("class", "grade") else None
    if name == "class" and grade:
        found.append((("grade", str(grade)),))
    if grade and (level := school.level_of(grade)):
        found.append((("level", level),))
    return [*found, ()]


def partitions(places: Mapping[Place, int], school: School) -> list[tuple[Place, list[int]]]:
    """Each place of a family with the positions of the finer ones that make it up, one dimension at a time.

    Of nested dimensions the nearest coarser place that there is counts: classes make up their parallel, parallels
    their level. Where that does not add up the caller asks for ``all_finer`` as well.
    """
    below: dict[tuple[Place, str], list[int]] = defaultdict(list)
    for place, at in places.items():
        for name, value in place.dims:
            rest = tuple(pair for pair in place.dims if pair[0] != name)
            for coarser in above(name, value, school):
                whole = place.at(ordered((*rest, *coarser)))
                if whole in places:
                    below[whole, "nested" if name in NESTED else name].append(at)
                    break
        if place.school:
            whole = Place("", place.period, place.dims)
            if whole in places:
                below[whole, "school"].append(at)
    return [(whole, found) for (whole, _), found in below.items()]


def all_finer(places: Mapping[Place, int], school: School) -> list[tuple[Place, list[int]]]:
    """Every place with all finer ones of one nested dimension, whatever stands between them."""
    below: dict[tuple[Place, str], list[int]] = defaultdict(list)
    for place, at in places.items():
        for name, value in place.dims:
            if name not in NESTED:
                continue
            rest = tuple(pair for pair in place.dims if pair[0] != name)
            for coarser in above(name, value, school):
                whole = place.at(ordered((*rest, *coarser)))
                if whole in places:
                    below[whole, name].append(at)
    return [(whole, found) for (whole, _), found in below.items()]


def items_of_subjects(places: Mapping[Place, int]) -> list[tuple[Place, list[int]]]:
    """Each subject of a family that is broken down by item as well, with the items that are named after it.

    Exams are both: «Математика (базовая)» and «Математика (профильная)» make up «Математика», and the item «Физика»
    is the subject.
    """
    items: dict[tuple[str, str, Dims], list[tuple[str, int]]] = defaultdict(list)
    for place, at in places.items():
        found = dict(place.dims)
        if "subject" not in found and (item := found.pop("item", "")):
            items[place.school, place.period, ordered(found.items())].append((item, at))
    made = []
    for place in places if items else ():
        found = dict(place.dims)
        if "item" in found or not (subject := found.pop("subject", "")):
            continue
        beside = items.get((place.school, place.period, ordered(found.items())), [])
        if own := [at for item, at in beside if item == subject or item.startswith(f"{subject} (")]:
            made.append((place, own))
    return made
