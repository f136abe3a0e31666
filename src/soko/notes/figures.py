"""Indicator values of one period as a note looks them up."""

from __future__ import annotations

from collections.abc import Collection, ItemsView, Iterable, Mapping
from copy import copy
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from soko.analysis.rounding import Number, exact, missing
from soko.indicators import output
from soko.notes.figure_keys import finest, natural, numbers_of, read_texts, texts_of

if TYPE_CHECKING:
    from soko.indicators.history import Stored

DIMENSIONS = ["level", "grade", "class", "subject", "sex", "teacher", "item"]
_TEXTS = ["school_id", "indicator", *DIMENSIONS]
_NAN = float("nan")
#: What a figure is about: indicator, school (empty: all), dimensions with their values.
Key = tuple[str, str, frozenset[tuple[str, str]]]


class Parts(NamedTuple):
    """Numerator and denominator of one figure; a count has no denominator."""

    part: float
    base: float | None

    def value(self, scale: float) -> float | None:
        """The figure at full precision; None when it has no denominator to be divided by."""
        if missing(self.part) or self.base == 0:
            return None
        return self.part * scale if self.base is None else self.part / self.base * scale

    def exact(self, scale: Number) -> Fraction | None:
        """The figure without an error of division: what two figures are compared by."""
        if missing(self.part) or self.base == 0:
            return None
        return exact(self.part) / exact(1 if self.base is None else self.base) * exact(scale)


class Figures:
    """Indicator values of one period, found by what they are about.

    Rows of a class may or may not repeat its grade and level; both are understood, because a key keeps only the
    finest of level, grade and class.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        texts = {name: texts_of(frame[name]) for name in _TEXTS if name in frame.columns}
        reasons = texts_of(frame["hidden"]) if "hidden" in frame.columns else None
        self._fill(texts, numbers_of(frame["numerator"]), numbers_of(frame["denominator"]), hidden=reasons)

    @classmethod
    def stored(cls, found: Stored) -> Figures:
        """The figures of a tidy table that history keeps; the same as of its frame, without a thread."""
        columns = output.columns(found.path, [*_TEXTS, "numerator", "denominator"])
        parts, bases = columns.pop("numerator"), columns.pop("denominator")
        figures = cls.__new__(cls)
        figures._fill(
            {name: read_texts(values) for name, values in columns.items()},
            [_NAN if value is None else value for value in parts],
            [_NAN if value is None else value for value in bases],
            frozenset(found.changed),
        )
        return figures

    def _fill(
        self,
        texts: dict[str, list[str]],
        numerators: list[float],
        denominators: list[float],
        without: frozenset[str] = frozenset(),
        hidden: list[str] | None = None,
    ) -> None:
        self._found: dict[Key, Parts] = {}
        #: Of a table of the public edition: figures that are not told → the code of the reason.
        self.hidden: dict[Key, str] = {}
        self._bases: dict[Key, float] = {}  # of hidden figures those bases that may be told
        self._keys: dict[tuple[str, str, str, frozenset[str]], list[str]] = {}
        names = [name for name in DIMENSIONS if name in texts and name != "teacher"]
        count = len(numerators)
        group = cache(lambda *values: finest({n: v for n, v in zip(names, values, strict=True) if v}))
        values = zip(*(texts[name] for name in names), strict=True) if names else [()] * count
        teachers = texts.get("teacher") or [""] * count
        why = hidden or [""] * count
        of = zip(texts["school_id"], texts["indicator"], teachers, values, strict=True)
        known = zip(of, numerators, denominators, why, strict=True)
        schools = set()
        for (school, indicator, teacher, own), part, base, reason in known:
            if teacher or indicator in without:  # a note names no teacher, and most rows of the table are theirs
                continue
            schools.add(school)
            dims, shape = group(*own)
            if reason:
                self.hidden[indicator, school, dims] = reason
                if base == base:
                    self._bases[indicator, school, dims] = base
            else:
                self._found[indicator, school, dims] = Parts(part, None if base != base else base)
            for name, value in dims:
                self._keys.setdefault((indicator, school, name, shape), []).append(value)
        self.schools: list[str] = sorted(schools - {""})
        self.used: set[str] = set()  # indicators of which a figure was given: what the annex has to define
        self.withheld: set[str] = set()  # indicators of which small groups were left out (``soko.notes.guarded``)

    def for_note(self) -> Figures:
        """The same figures, of which none was given yet: several notes share what was read once."""
        own = copy(self)
        own.used = set()
        return own

    def without(self, keys: Collection[Key], withheld: set[str]) -> Figures:
        """The same figures but ``keys``; ``withheld`` are the indicators of which a reader has to be told so."""
        made = self.only(key for key in self._found if key not in keys)
        made.withheld = self.withheld | withheld
        return made

    def base(self, key: Key) -> float:
        """Denominator of a figure; 0 of a count."""
        return self._found[key].base or 0.0

    def only(self, keys: Iterable[Key]) -> Figures:
        """The figures of ``keys`` alone: nothing else can be read from what is given back."""
        made = Figures.__new__(Figures)
        made._found, made._keys, made.schools, made.used = {}, {}, self.schools, set()
        made.withheld, made.hidden, made._bases = self.withheld, {}, {}
        for key in keys:
            indicator, school, dims = key
            made._found[key] = self._found[key]
            shape = frozenset(name for name, _ in dims)
            for name, value in dims:
                made._keys.setdefault((indicator, school, name, shape), []).append(value)
        return made

    @cached_property
    def by_value(self) -> dict[tuple[str, str], list[Key]]:
        """(dimension, value) → the figures that are of it, in the order of the table."""
        found: dict[tuple[str, str], list[Key]] = {}
        for key in self._found:
            for pair in key[2]:
                found.setdefault(pair, []).append(key)
        return found

    def get(self, indicator: str, school: str = "", **dims: str | int) -> Parts | None:
        """Parts of a figure; ``school`` empty is all schools together. None when there is no such row.

        In a workspace of one school the rows «of all schools» and «of the school» are the same figure.
        """
        wanted = frozenset((name.rstrip("_"), str(value)) for name, value in dims.items())
        found = self._found.get((indicator, school, wanted))
        if found is None and len(self.schools) <= 1:
            other = "" if school else next(iter(self.schools), "")
            found = self._found.get((indicator, other, wanted))
        if found is not None:
            self.used.add(indicator)
        return found

    def why_hidden(self, indicator: str, school: str = "", **dims: str | int) -> str:
        """The code of the reason why a figure is not told; empty where it is told, or does not exist."""
        key = self._hidden_key(indicator, school, dims)
        return self.hidden[key] if key else ""

    def has(self, indicator: str, school: str = "", **dims: str | int) -> bool:
        """Whether there is such a row, told or hidden."""
        return self.get(indicator, school, **dims) is not None or bool(self.why_hidden(indicator, school, **dims))

    def base_of(self, indicator: str, school: str = "", **dims: str | int) -> float | None:
        """The base of a figure, of a hidden one where it may be told; None of a count and where nothing is known."""
        found = self.get(indicator, school, **dims)
        if found is not None:
            return found.base
        key = self._hidden_key(indicator, school, dims)
        return self._bases.get(key) if key else None

    def knows(self, indicator: str, shape: Collection[str]) -> bool:
        """Whether there is any row of the indicator, told or hidden, with exactly these dimensions."""
        return (indicator, frozenset(name.rstrip("_") for name in shape)) in self._shapes

    @cached_property
    def _shapes(self) -> set[tuple[str, frozenset[str]]]:
        return {(key[0], frozenset(name for name, _ in key[2])) for key in (*self._found, *self.hidden)}

    def hides(self, indicators: Collection[str], shape: Collection[str] | None = None) -> bool:
        """Whether a figure of one of the indicators is hidden; ``shape`` asks for rows of exactly these dimensions."""
        return any((name, None if shape is None else frozenset(shape)) in self._hiding for name in indicators)

    @cached_property
    def _hiding(self) -> set[tuple[str, frozenset[str] | None]]:
        shapes = {(key[0], frozenset(name for name, _ in key[2])) for key in self.hidden}
        return shapes | {(key[0], None) for key in self.hidden}

    def _hidden_key(self, indicator: str, school: str, dims: Mapping[str, str | int]) -> Key | None:
        if not self.hidden:
            return None
        wanted = frozenset((name.rstrip("_"), str(value)) for name, value in dims.items())
        places = [school]
        if len(self.schools) <= 1:
            places.append("" if school else next(iter(self.schools), ""))
        return next((key for one in places if (key := (indicator, one, wanted)) in self.hidden), None)

    def keys(self, indicator: str, dimension: str, school: str = "", among: tuple[str, ...] = ()) -> list[str]:
        """Values of a dimension for which the indicator has rows of exactly this grouping, in reading order.

        Rows whose figure is hidden count: that there is such a class is no secret.
        """
        group = frozenset((dimension, *among))
        found = self._keys.get((indicator, school, dimension, group), [])
        if not found and len(self.schools) <= 1:
            other = "" if school else next(iter(self.schools), "")
            found = self._keys.get((indicator, other, dimension, group), [])
        return sorted(dict.fromkeys(found), key=natural)

    def items(self) -> ItemsView[Key, Parts]:
        """Every figure: (indicator, school, dimensions) → parts."""
        return self._found.items()

    @cached_property
    def indicators(self) -> set[str]:
        """Ids that have at least one row."""
        return {key[0] for key in self._found}
