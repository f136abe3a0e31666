"""The rule by which a change is called improved, worse or stable, for many figures at once.

In this order, and only so (thresholds: params/conventions.yaml, ``thresholds``):

1. One of the two values is not there, or the two are not comparable: cannot be judged (the caller says why).
2. One of the two groups is under ``small_group``: cannot be judged, «малая группа».
3. |Δ| ≤ max(threshold of the indicator, one person of the group): stable (formulas, section 11).
4. Where a person is one row at most: the exact test of ``significance``; p ≥ 1 − ``confidence``: cannot be judged,
   «может быть случайным».
5. Otherwise improved or worse by the indicator's direction, changed where it has none.

What is no share of people (marks over all subjects, means, counts) has no test: steps 1–3 and 5, and ``rule`` says
«threshold». Each row is judged for itself: of a hundred groups in which nothing has changed, about five pass step 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from soko.analysis.significance import p_values
from soko.indicators.reasons import CHANCE, SMALL

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from soko.conventions import Thresholds
    from soko.indicators.catalogue import Catalogue

IMPROVED, WORSE, STABLE, CHANGED, UNKNOWN = "improved", "worse", "stable", "changed", "unknown"
#: Verdicts in the words of tables.
WORDS = {
    IMPROVED: "улучшение",
    WORSE: "ухудшение",
    STABLE: "стабильно",
    CHANGED: "изменение",
    UNKNOWN: "нельзя судить",
}
TEST, THRESHOLD = "test", "threshold"
RULES = {TEST: "точный критерий", THRESHOLD: "порог", "": ""}
#: A threshold that is met exactly on paper must not be missed by the last digit of a quotient.
_CRUMB = 1e-9


@dataclass(frozen=True)
class Traits:
    """What the rule has to know of the indicator of each row, as arrays of one length.

    ``scale`` and ``stable`` as in the catalogue; ``percent``: the unit is per cent; ``better``: up, down or none;
    ``people``: a row is one person at most; ``sized``: the denominator is a number of people or marks, so that it can
    be too small, and one of them more or less is no change.
    """

    scale: NDArray[np.float64]
    stable: NDArray[np.float64]
    percent: NDArray[np.bool_]
    better: NDArray[np.object_]
    people: NDArray[np.bool_]
    sized: NDArray[np.bool_]

    def take(self, rows: NDArray[np.intp]) -> Traits:
        """Those of the rows at these places, which may repeat."""
        return Traits(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True)
class Judged:
    """The rule's answer to each row, as arrays.

    ``delta`` in the indicator's unit (percentage points for shares); ``people`` the same in units of the present
    denominator, NaN for what is no share; ``low`` and ``high`` bounds of the present share in per cent (Wilson), NaN
    where rows are not people; ``p`` of the exact test or NaN; ``verdict``; ``reason`` (code) of an unknown one;
    ``rule``: what the verdict rests on, empty without one.
    """

    value: NDArray[np.float64]
    before: NDArray[np.float64]
    delta: NDArray[np.float64]
    people: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    verdict: NDArray[np.object_]
    reason: NDArray[np.object_]
    rule: NDArray[np.object_]


def traits(catalogue: Catalogue, thresholds: Thresholds, of: Iterable[tuple[str, Iterable[str]]]) -> Traits:
    """Traits of rows; of each its indicator and the dimensions that are filled in it."""
    rows: list[tuple[Any, ...]] = []
    for name, filled in of:
        item = catalogue[name]
        people = catalogue.counts_people(name, filled)
        sized = item.unit != "flag" and not catalogue.counts_things(name)
        stable = item.stable_within(thresholds)
        rows.append((item.scale, stable, item.unit == "percent", item.better, people, sized))
    kinds: tuple[Any, ...] = (np.float64, np.float64, np.bool_, object, np.bool_, np.bool_)
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return Traits(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)))


def judged(parts: Sequence[ArrayLike], of: Traits, thresholds: Thresholds, reasons: ArrayLike = "") -> Judged:
    """Judge every row.

    ``parts``: four columns – numerators and denominators now, those before. A denominator is NaN for a count; a
    numerator is NaN where there is no value. ``reasons``: codes known beforehand; a row that has one is not judged.
    """
    top, base, top_before, base_before = (np.asarray(column, dtype=np.float64) for column in parts)
    value, before = _value(top, base, of.scale), _value(top_before, base_before, of.scale)
    delta = value - before
    share = of.percent & (of.scale == 100) & ~np.isnan(base)
    one = np.where(of.percent & of.sized & (base > 0), 100 / np.where(base > 0, base, 1), 0.0)
    threshold = np.maximum(of.stable, one)
    low, high = wilson(top, base, thresholds.confidence)
    p = np.full(len(top), np.nan)
    tested = share & of.people & ~np.isnan(delta)
    p[tested] = p_values(top[tested], base[tested], top_before[tested], base_before[tested])

    given = np.broadcast_to(np.asarray(reasons, dtype=object), top.shape)
    unjudged = np.isnan(delta) | (given != "")
    small = of.sized & ((base < thresholds.small_group) | (base_before < thresholds.small_group)) & ~unjudged
    stable = (np.abs(delta) <= threshold + _CRUMB) & ~unjudged & ~small
    chance = (p >= 1 - thresholds.confidence) & ~unjudged & ~small & ~stable
    moved = ~(unjudged | small | stable | chance)
    good = np.where(of.better == "up", delta > 0, delta < 0)
    direction = np.where(of.better == "none", CHANGED, np.where(good, IMPROVED, WORSE))
    verdict = np.where(moved, direction, np.where(stable, STABLE, UNKNOWN)).astype(object)
    reason = np.where(small, SMALL.code, np.where(chance, CHANCE.code, np.where(unjudged, given, ""))).astype(object)
    rule = np.where(np.isnan(p) | stable, THRESHOLD, TEST)
    judgeable = ~np.isnan(delta) & (given == "")
    return Judged(
        value=value,
        before=before,
        delta=np.where(given == "", delta, np.nan),
        people=np.where(share & judgeable, delta * base / 100, np.nan),
        low=np.where(share & of.people, low * 100, np.nan),
        high=np.where(share & of.people, high * 100, np.nan),
        p=np.where(judgeable, p, np.nan),
        verdict=verdict,
        reason=reason,
        rule=np.where(verdict == UNKNOWN, "", rule).astype(object),
    )


def wilson(part: NDArray[np.float64], base: NDArray[np.float64], confidence: float) -> tuple[Any, Any]:
    """Bounds (0…1) of shares, as ``intervals.wilson`` gives them; NaN where the parts are no share."""
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + confidence) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        good = (base > 0) & (part >= 0) & (part <= base)
        n = np.where(good, base, np.nan)
        share, square = part / n, z * z
        middle = (share + square / (2 * n)) / (1 + square / n)
        half = z / (1 + square / n) * np.sqrt(np.maximum(0, share * (1 - share) / n + square / (4 * n**2)))
    low = np.where(part == 0, np.where(good, 0.0, np.nan), np.maximum(0, middle - half))
    high = np.where(part == base, np.where(good, 1.0, np.nan), np.minimum(1, middle + half))
    return low, high


def _value(part: NDArray[np.float64], base: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """As the tidy table has it: part / base × scale, part × scale of a count, NaN over nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.isnan(base), part * scale, np.where(base == 0, np.nan, part / base * scale))
