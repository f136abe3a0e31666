"""Exact probabilities of counts: binomial and hypergeometric, in logarithms. scipy takes half a second to import."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log


def log_choose(n: int, k: int) -> float:
    """ln C(n, k)."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def hypergeometric(size: int, other: int, successes: int) -> tuple[int, list[float]]:
    """The first possible number of successes in a group of ``size`` and the probabilities from there on.

    ``successes`` of ``size + other`` are dealt out by chance alone.
    """
    first, last = max(0, successes - other), min(size, successes)
    return first, _normal(first, last, lambda k: log_choose(size, k) + log_choose(other, successes - k))


def binomial(size: int, share: float) -> list[float]:
    """Probabilities of 0, 1, …, ``size`` successes with the chance ``share`` of each."""
    if share <= 0 or share >= 1:
        return [1.0 if k == (0 if share <= 0 else size) else 0.0 for k in range(size + 1)]
    return _normal(0, size, lambda k: log_choose(size, k) + k * log(share) + (size - k) * log(1 - share))


def _normal(first: int, last: int, weight: Callable[[int], float]) -> list[float]:
    """exp of the weights, scaled to a sum of one: only their ratios matter, and none overflows."""
    logs = [weight(k) for k in range(first, last + 1)]
    top = max(logs)
    raw = [exp(value - top) for value in logs]
    total = sum(raw)
    return [value / total for value in raw]


def whole_parts(numerator: float, denominator: float) -> tuple[int, int]:
    """Parts of a share as whole numbers; ValueError when they are none."""
    if not (float(numerator).is_integer() and float(denominator).is_integer() and 0 <= numerator <= denominator):
        raise ValueError(f"не доля: {numerator} из {denominator}")
    if denominator == 0:
        raise ValueError("не доля: знаменатель равен нулю")
    return int(numerator), int(denominator)
