"""How far a share of a small group may be chance: the Wilson score interval."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """Bounds of a share, from 0 to 1."""

    low: float
    high: float

    def covers(self, share: float) -> bool:
        """Whether ``share`` (0…1) lies in the interval, ends included."""
        return self.low <= share <= self.high


def wilson(numerator: float, denominator: float, confidence: float = 0.95) -> Interval:
    """Wilson (1927) score interval for ``numerator`` of ``denominator``.

    Holds for small groups and for shares near 0 and 1, where the usual p ± z·√(pq/n) leaves 0…1 or shrinks to a
    point. ``confidence`` is thresholds.confidence of params/conventions.yaml. ValueError when the parts are no share.
    """
    if denominator <= 0 or not 0 <= numerator <= denominator:
        raise ValueError(f"не доля: {numerator} из {denominator}")
    if not 0 < confidence < 1:
        raise ValueError(f"доверительная вероятность {confidence} вне границ от 0 до 1")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = numerator / denominator, z * z
    middle = (share + square / (2 * denominator)) / (1 + square / denominator)
    half = z / (1 + square / denominator) * sqrt(share * (1 - share) / denominator + square / (4 * denominator**2))
    # At 0 and 1 the bound is exact; subtraction leaves a crumb of 1e-17 that would print as a negative share.
    low = 0.0 if numerator == 0 else max(0.0, middle - half)
    high = 1.0 if numerator == denominator else min(1.0, middle + half)
    return Interval(low, high)


def difference(
    numerator: float, denominator: float, other_numerator: float, other_denominator: float, confidence: float = 0.95
) -> Interval:
    """Newcombe's interval of the difference of two shares of different pupils, from −1 to 1.

    His method 10 (1998, Statistics in Medicine 17): the two Wilson intervals put together. It stays within −1…1 and
    holds for groups of ten, where the usual interval of a difference is too short. ValueError as in ``wilson``.
    """
    one, two = wilson(numerator, denominator, confidence), wilson(other_numerator, other_denominator, confidence)
    first, second = numerator / denominator, other_numerator / other_denominator
    gap = first - second
    down = sqrt((first - one.low) ** 2 + (two.high - second) ** 2)
    up = sqrt((one.high - first) ** 2 + (second - two.low) ** 2)
    return Interval(max(-1.0, gap - down), min(1.0, gap + up))
