"""From the wide result of a population's query to rows of the tidy table.

Texts are numbered: a region's table has tens of millions of rows and a few thousand different texts. Every indicator's
rows are sorted already, because its population's groups are, so that the whole is put in order by counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soko.indicators.model import COLUMNS, DIMENSIONS, UNKNOWN, Indicator
from soko.indicators.sql import NO_GRADE, bit, grouping_sets, keys_of, set_number

if TYPE_CHECKING:
    import pandas as pd

_TEXTS = ("school_id", *(name for name in DIMENSIONS if name != "grade"))
_NUMBERS = ("numerator", "denominator", "value")


@dataclass
class Groups:
    """The groups of a population, sorted as the tidy table is, and which of them its indicators have.

    ``codes`` has by dimension the number of every group's text among ``texts`` (a grade is its own number), ``rows``
    by indicator the groups and their figures.
    """

    codes: dict[str, np.ndarray]
    texts: dict[str, list[str]]
    rows: dict[str, tuple[np.ndarray, dict[str, np.ndarray]]]


def long_form(wide: Mapping[str, Any], indicators: Sequence[Indicator]) -> Groups:
    """Rows of the tidy table, by indicator, from the result of ``group_query``.

    Each indicator gets the sets that it asks for. A value that is missing in the data becomes «не указано», except
    for a grade, whose column holds numbers: such a group has no row. A set whose dimensions nobody filled in a
    school is left out there: a table «by sex» of the one line «не указано» says nothing.
    """
    g, keys = _numpy(wide, "g").astype(np.int64), keys_of(indicators)
    groups = Groups({}, {}, {})
    complete, possible = np.ones(len(g), dtype=bool), np.ones(len(g), dtype=bool)
    for name in keys:
        rolled = (g & bit(name, keys)) != 0
        if name == "grade":
            groups.codes[name] = _numpy(wide, name)
            empty = groups.codes[name] == NO_GRADE
            possible &= rolled | ~empty
        else:
            groups.codes[name], groups.texts[name], empty = _numbered(wide[name], rolled)
        if name != "school_id":
            complete &= rolled | ~empty
    order = _order([groups.codes[name] for name in keys])
    g = g[order]
    groups.codes = {name: codes[order] for name, codes in groups.codes.items()}
    keep = possible[order] & _somebody(g, groups.codes["school_id"], complete[order])
    sets: dict[tuple[int, ...], np.ndarray] = {}
    for i, item in enumerate(indicators):
        wanted = tuple(sorted({set_number(names, keys) for names in grouping_sets(item)}))
        if wanted not in sets:
            sets[wanted] = keep & np.isin(g, wanted)
        numerator = _numpy(wide, f"n{i}")[order]
        at = sets[wanted] & ~np.isnan(numerator)
        if item.denominator:
            denominator = _numpy(wide, f"d{i}")[order]
            at = np.flatnonzero(at & (denominator != 0))
            denominator = denominator[at]
        else:
            at = np.flatnonzero(at)
            denominator = np.full(len(at), np.nan)
        numerator = numerator[at]
        value = numerator / (denominator if item.denominator else 1.0) * item.scale
        groups.rows[item.id] = at, dict(zip(_NUMBERS, (numerator, denominator, value), strict=True))
    return groups


def _numpy(wide: Mapping[str, Any], name: str) -> np.ndarray:
    column = wide[name]
    return np.asarray(column if isinstance(column, np.ndarray) else column.to_numpy())


def _numbered(column: Any, rolled: np.ndarray) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Place of every row's text among the texts in order, the texts, and where there is none («не указано»)."""
    import pandas as pd

    if isinstance(column, np.ndarray):
        numbers, found = pd.factorize(np.asarray(column))
    else:
        encoded = column.dictionary_encode().unify_dictionaries()
        numbers = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks] or [np.empty(0, np.int32)])
        found = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
    texts = sorted({"", UNKNOWN, *found})
    place = {text: number for number, text in enumerate(texts)}
    codes = np.array([place[text] for text in found], dtype=np.int32)[numbers]
    empty = codes == place[""]
    codes[empty & ~rolled] = place[UNKNOWN]
    return codes, texts, empty


def _order(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Rows sorted by the columns, the first one first; as one number a row where that has room."""
    room, key = 1, np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        least, size = (int(column.min()), int(column.max()) - int(column.min()) + 1) if len(column) else (0, 1)
        room *= size
        if room >= 1 << 62:
            return np.lexsort(list(columns)[::-1])
        key = key * size + (column.astype(np.int64) - least)
    return np.argsort(key, kind="stable")


def _somebody(g: np.ndarray, school: np.ndarray, complete: np.ndarray) -> np.ndarray:
    """True for the rows of each (set, school) in which at least one group has all its dimensions."""
    if not len(g):
        return complete
    _, number = np.unique(g, return_inverse=True)
    group = number * (int(school.max()) + 1) + school
    return np.asarray((np.bincount(group, weights=complete) > 0)[group])


def frame(populations: Sequence[Groups], period: str) -> pd.DataFrame:
    """The tidy table: types and order of the contract; the order does not depend on that of the input rows."""
    import pandas as pd

    populations = [groups for groups in populations if groups.rows]
    texts = {name: sorted({"", *(t for groups in populations for t in groups.texts.get(name, ()))}) for name in _TEXTS}
    texts["indicator"] = sorted(name for groups in populations for name in groups.rows)
    schools, indicators = _numbers(texts["school_id"]), _numbers(texts["indicator"])
    parts = [_Part(groups, schools, indicators) for groups in populations]
    counts = sum((part.counts for part in parts), np.zeros((len(schools), len(indicators)), dtype=np.int64))
    starts = (np.cumsum(counts) - counts.ravel()).reshape(counts.shape)
    for part in parts:
        part.place(starts)
    size = int(counts.sum())
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        if name == "period":
            columns[name] = _texts([period], np.zeros(size, dtype=np.int32))
        elif name in _NUMBERS:
            columns[name] = _filled(parts, np.empty(size), (part.figures(name) for part in parts))
        elif name == "indicator":
            codes = _filled(parts, np.zeros(size, dtype=np.int32), (part.indicator for part in parts))
            columns[name] = _texts(texts[name], codes)
        elif name == "grade":
            grades = np.full(size, NO_GRADE, dtype=np.int64)
            _filled(parts, grades, (part.dimension(name) for part in parts))
            columns[name] = pd.arrays.IntegerArray(grades, grades == NO_GRADE)
        else:
            places = _numbers(texts[name])
            codes = _filled(parts, np.zeros(size, dtype=np.int32), (part.dimension(name, places) for part in parts))
            columns[name] = _texts(texts[name], codes)
    return pd.DataFrame(columns)


class _Part:
    """The rows of a population, an indicator after another, and the places that they have in the tidy table."""

    def __init__(self, groups: Groups, schools: dict[str, int], indicators: dict[str, int]) -> None:
        self.groups = groups
        sizes = [len(at) for at, _ in groups.rows.values()]
        self.at = np.concatenate([at for at, _ in groups.rows.values()])
        self.indicator = np.repeat(np.array([indicators[name] for name in groups.rows], dtype=np.int32), sizes)
        school = np.array([schools[text] for text in groups.texts["school_id"]], dtype=np.int64)
        key = school[groups.codes["school_id"]][self.at] * len(indicators) + self.indicator
        self.counts = np.bincount(key, minlength=len(schools) * len(indicators)).reshape(len(schools), len(indicators))
        self._key = key

    def place(self, starts: np.ndarray) -> None:
        """Find the places: ``starts`` says where the rows of a school and indicator begin."""
        # Rows of an indicator in a school stand together: the place within is the distance to the first of them.
        first = np.flatnonzero(np.diff(self._key, prepend=-1))
        within = np.arange(len(self._key)) - np.repeat(first, np.diff(first, append=len(self._key)))
        self.places = starts.ravel()[self._key] + within
        del self._key

    def dimension(self, name: str, numbers: dict[str, int] | None = None) -> np.ndarray | None:
        """The rows' values of a dimension, texts as ``numbers``; None where the population has not got it."""
        codes = self.groups.codes.get(name)
        if codes is None:
            return None
        if numbers is not None:
            codes = np.array([numbers[text] for text in self.groups.texts[name]], dtype=np.int32)[codes]
        return codes[self.at]

    def figures(self, name: str) -> np.ndarray:
        """The rows' numerators, denominators or values."""
        return np.concatenate([figures[name] for _, figures in self.groups.rows.values()])


def _numbers(texts: Sequence[str]) -> dict[str, int]:
    return {text: number for number, text in enumerate(texts)}


def _filled(parts: Sequence[_Part], column: np.ndarray, values: Iterable[np.ndarray | None]) -> np.ndarray:
    for part, given in zip(parts, values, strict=True):
        if given is not None:
            column[part.places] = given
    return column


def _texts(texts: Sequence[str], codes: np.ndarray) -> Any:
    import pandas as pd
    import pyarrow as pa

    return pd.array(pa.array(texts, pa.large_string()).take(pa.array(codes)), dtype="str")
