"""A funnel plot: how far the share of a group of a given size may be from the school's by chance alone.

Limits are exact binomial ones at 95 % and 99.8 % (Spiegelhalter 2005, Statistics in Medicine 24): a class of eight may
stand far from the school and mean nothing. They are not interpolated, so that «outside» always is the exact test.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Literal

from soko.analysis.chance import binomial, whole_parts
from soko.analysis.intervals import Interval

WARNING, ALARM = 0.95, 0.998
Place = Literal["inside", "above", "below", "far_above", "far_below"]


def limits(denominator: int, target: float, confidence: float = WARNING) -> Interval:
    """Smallest and largest share of a group of ``denominator`` that is still in the limits around ``target``.

    Outside lies less than (1 − confidence) / 2 on either side. In very small groups both limits can be on one side
    of the target: a group of one whose chance is 99 % has only «1» inside.
    """
    if denominator <= 0 or not 0 <= target <= 1 or not 0 < confidence < 1:
        raise ValueError(f"нет границ для группы {denominator}, доли {target} и вероятности {confidence}")
    tail = (1 - confidence) / 2
    chances = binomial(denominator, target)
    low = next(k for k, below in enumerate(accumulate(chances)) if below >= tail)
    high = next(k for k, above in enumerate(accumulate(reversed(chances))) if above >= tail)
    return Interval(low / denominator, (denominator - high) / denominator)


def place(numerator: float, denominator: float, target: float) -> Place:
    """Where a group stands: inside, beyond the 95 % limits, or «far» beyond those of 99.8 %."""
    part, size = whole_parts(numerator, denominator)
    share = part / size
    for confidence, above, below in ((ALARM, "far_above", "far_below"), (WARNING, "above", "below")):
        low, high = limits(size, target, confidence)
        if share > high:
            return above  # type: ignore[return-value]
        if share < low:
            return below  # type: ignore[return-value]
    return "inside"
