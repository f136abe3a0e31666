"""Compare a figure with an earlier one or with a target: in points, in pupils, and in a word given by rule.

The rule (formulas, section 11): a change is none while |Δ| ≤ max(stable, 100 / denominator), that is within the
school's threshold or under one pupil of the group. Reports that judged by eye had the sign wrong in one of ten
comparisons and called −5 п.п. «стабильно».
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Literal

from soko.analysis.rounding import Number, exact, missing

if TYPE_CHECKING:
    import pandas as pd

    from soko.conventions import Thresholds
    from soko.indicators.model import Indicator

Better = Literal["up", "down", "none"]
Verdict = Literal["improved", "worse", "stable", "changed"]
KEYS = ["school_id", "level", "grade", "class", "subject", "sex", "teacher", "item"]


@dataclass(frozen=True)
class Change:
    """A figure against an earlier one.

    ``delta`` is exact, in the indicator's unit (percentage points for shares). ``pupils`` is the same gap in units of
    the current denominator (pupils, or marks for subjects.*): how many of them would undo the change; None for
    figures that are no shares of a whole (СОУ, means, counts). ``threshold`` is the largest |Δ| that is still
    «stable». ``verdict`` is improved or worse by the indicator's direction, «changed» when it has none. ``small`` asks
    for careful words: one of the two groups is under thresholds.small_group. ``under_one`` is a gap of less than one
    pupil, zero included.
    """

    current: Fraction
    before: Fraction
    delta: Fraction
    pupils: Fraction | None
    threshold: Fraction
    verdict: Verdict
    small: bool
    under_one: bool

    @property
    def direction(self) -> Literal["up", "down", "same"]:
        """Where the figure itself went, good or bad, whatever the threshold."""
        return "same" if self.delta == 0 else "up" if self.delta > 0 else "down"


def compare(
    numerator: Number,
    denominator: Number | None,
    before_numerator: Number | None,
    before_denominator: Number | None,
    *,
    better: Better = "up",
    scale: Number = 100,
    share: bool = True,
    stable: Number = 0,
    small_group: int = 0,
    one_is_none: bool = True,
) -> Change | None:
    """Compare two figures given by their parts; None when either has no value.

    ``share`` says that one unit of the numerator is one of the denominator (per cent figures); only then is a step of
    one pupil a bound of the rule, unless ``one_is_none`` is false. A count has no denominator (None or NaN) and is
    compared as it is.
    """
    current = _value(numerator, denominator, scale)
    before = _value(before_numerator, before_denominator, scale)
    if current is None or before is None:
        return None
    delta = current - before
    sizes = [exact(size) for size in (denominator, before_denominator) if size is not None and not missing(size)]
    step = Fraction(100) / exact(denominator) if share and denominator is not None and sizes else Fraction(0)
    threshold = max(exact(stable), step) if one_is_none else exact(stable)
    pupils = delta * exact(denominator) / 100 if step and scale == 100 and denominator is not None else None
    return Change(
        current=current,
        before=before,
        delta=delta,
        pupils=pupils,
        threshold=threshold,
        verdict=_verdict(delta, threshold, better),
        small=any(size < small_group for size in sizes),
        under_one=delta == 0 if pupils is None else abs(pupils) < 1,
    )


def compare_indicator(
    indicator: Indicator,
    thresholds: Thresholds,
    numerator: Number,
    denominator: Number | None,
    before_numerator: Number | None,
    before_denominator: Number | None,
    *,
    things: bool = False,
) -> Change | None:
    """``compare`` with direction, scale and thresholds of the catalogue and of params/conventions.yaml.

    ``things`` (``Catalogue.counts_things``): no group is small, and one unit of the base is a change.
    """
    return compare(
        numerator,
        denominator,
        before_numerator,
        before_denominator,
        better=indicator.better,
        scale=indicator.scale,
        share=indicator.unit == "percent",
        stable=indicator.stable_within(thresholds),
        small_group=0 if things else thresholds.small_group,
        one_is_none=not things,
    )


def join_before(current: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of ``current`` with ``before_numerator``, ``before_denominator``, ``before_value`` of the same groups.

    Both are tidy tables (of one indicator or of many); a group that was not there before has NaN, and every row of
    ``current`` stays. ``before`` None, as history gives for an unknown period, leaves NaN everywhere.
    """
    names = ["numerator", "denominator", "value"]
    renamed = {name: f"before_{name}" for name in names}
    if before is None:
        return current.assign(**dict.fromkeys(renamed.values(), float("nan")))
    keys = ["indicator", *KEYS]
    earlier = before[[*keys, *names]].rename(columns=renamed)
    return current.merge(earlier, on=keys, how="left", validate="many_to_one")


@dataclass(frozen=True)
class Gap:
    """A figure against its target. ``missing`` is how many more (or fewer) pupils or marks would reach it."""

    reached: bool
    delta: Fraction
    missing: int


def against_target(
    numerator: Number, denominator: Number, target: Number, *, better: Better = "up", scale: Number = 100
) -> Gap | None:
    """Gap to ``target`` in the indicator's unit; None without a denominator or a direction."""
    value = _value(numerator, denominator, scale)
    if value is None or missing(denominator) or better == "none":
        return None
    delta = value - exact(target)
    reached = delta >= 0 if better == "up" else delta <= 0
    return Gap(reached, delta, 0 if reached else ceil(abs(delta) * exact(denominator) / exact(scale)))


def _value(numerator: Number | None, denominator: Number | None, scale: Number) -> Fraction | None:
    if numerator is None or missing(numerator) or denominator == 0:
        return None
    if denominator is None or missing(denominator):
        return exact(numerator) * exact(scale)
    return exact(numerator) / exact(denominator) * exact(scale)


def _verdict(delta: Fraction, threshold: Fraction, better: Better) -> Verdict:
    if abs(delta) <= threshold:
        return "stable"
    if better == "none":
        return "changed"
    return "improved" if (delta > 0) == (better == "up") else "worse"
