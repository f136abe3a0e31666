"""What a reader can work out about hidden amounts: the least and the largest value that fit everything he knows.

A linear programme for each end (Fischetti and Salazar's audit of a table). It counts fractions as possible, so that
the true range is never wider than the one found; ends are therefore drawn in to whole numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from soko.disclosure.problem import Problem

_SLACK = 1e-6


class Range(NamedTuple):
    """The values that a reader cannot rule out; ``high`` is infinite where nothing bounds it."""

    low: float
    high: float

    @property
    def values(self) -> float:
        """How many whole numbers there are."""
        return self.high - self.low + 1


class Audit:
    """Ranges of hidden amounts while more and more is hidden.

    Every solution found is a set of values that fits, and goes on fitting when more is hidden: an amount that has been
    seen at both ends of a range that is wide enough needs no programme of its own.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.bounds = [amount.bounds for amount in problem.amounts]
        self._seen = [(amount.value, amount.value) for amount in problem.amounts]

    def loosen(self, at: int) -> None:
        """From now on the sign of the amount says nothing of its size."""
        self.bounds[at] = (0, None)

    def range(self, hidden: set[int], at: int, enough: float = math.inf) -> Range:
        """What a reader cannot rule out of a hidden amount; as far as it is ``enough`` values."""
        found = _whole(*self._seen[at])
        if found.values >= enough:
            return found
        amounts, equations = self.problem.component(hidden, at)
        rows, columns, weights, totals = list[int](), list[int](), list[float](), list[float]()
        column = {one: number for number, one in enumerate(amounts)}
        for number in equations:
            unknown, total = self.problem.known(hidden, number)
            for one, weight in unknown:
                rows.append(len(totals))
                columns.append(column[one])
                weights.append(weight)
            totals.append(total)
        matrix = csr_matrix((weights, (rows, columns)), shape=(len(totals), len(amounts))) if totals else None
        bounds = [self.bounds[one] for one in amounts]
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(amounts))
            aim[column[at]] = sign
            done = linprog(aim, A_eq=matrix, b_eq=totals or None, bounds=bounds, method="highs")
            if done.status == 0:
                ends.append(float(done.x[column[at]]))
                for one, value in zip(amounts, done.x, strict=True):
                    low, high = self._seen[one]
                    self._seen[one] = (min(low, value), max(high, value))
            elif done.status == 3:  # unbounded
                ends.append(math.inf)
            else:
                raise ValueError(f"no values fit what is published: {self.problem.amounts[at].key} ({done.message})")
            if _whole(*self._seen[at]).values >= enough:
                return _whole(*self._seen[at])
        return _whole(*ends)


def _whole(low: float, high: float) -> Range:
    return Range(math.ceil(low - _SLACK), high if math.isinf(high) else math.floor(high + _SLACK))
