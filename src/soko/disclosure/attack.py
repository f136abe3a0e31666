"""What a reader can work out about hidden amounts: the least and the largest value that fit everything he knows.

A linear programme for each end (Fischetti and Salazar's audit of a table). It counts fractions as possible, so that
the true range is never wider than the one found; ends are therefore drawn in to whole numbers. Programmes are spared
where solutions found for others have shown enough, and the first ones are for all amounts at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from soko.disclosure.problem import Problem

_SLACK = 1e-6
_TURNS = 6  # of a survey
_FEW = 8  # amounts that a survey would not be quicker with


class Range(NamedTuple):
    """The values that a reader cannot rule out; ``high`` is infinite where nothing bounds it."""

    low: float
    high: float

    @property
    def values(self) -> float:
        """How many whole numbers there are."""
        return self.high - self.low + 1


@dataclass
class _Component:
    """Hidden amounts that hang together, their equations, and what has been worked out for all of them at once."""

    amounts: list[int]
    numbers: list[int]
    equations: list[list[tuple[int, float]]]
    totals: list[float]
    programme: Any = None
    settled: bool | None = None


class Audit:
    """Ranges of hidden amounts while more and more is hidden.

    Every solution found is a set of values that fits, and goes on fitting when more is hidden: an amount that has been
    seen at both ends of a range that is wide enough needs no programme of its own.
    """

    def __init__(self, problem: Problem, hidden: set[int]) -> None:
        self.problem, self.hidden = problem, set(hidden)
        self.bounds = [amount.bounds for amount in problem.amounts]
        self._seen = [(amount.value, amount.value) for amount in problem.amounts]
        self._of: dict[int, _Component] = {}

    def hide(self, at: int) -> None:
        """From now on the amount is hidden, and its sign says nothing of its size."""
        for number in self.problem.of[at]:
            for other, _ in self.problem.equations[number]:
                self._forget(other)
        self.hidden.add(at)
        self.bounds[at] = self.problem.amounts[at].loose

    def if_shown(self, at: int, secrets: Iterable[int]) -> bool:
        """Show the amount again if a reader is left with enough values of all ``secrets``; say whether it is shown.

        ``secrets``: those that hang together with it, the one most at risk first.
        """
        before, bounds, together = list(self._seen), self.bounds[at], self.together(at)
        for number in self.problem.of[at]:
            for other, _ in self.problem.equations[number]:
                self._forget(other)
        self.hidden.remove(at)
        for one in together:  # what has been seen may have had another value of this amount
            self._seen[one] = (self.problem.amounts[one].value,) * 2
        secrets = list(secrets)
        if not any(self.told(one) for one in secrets) and self._wide(secrets):
            return True
        self.hide(at)
        self.bounds[at], self._seen = bounds, before
        return False

    def _wide(self, secrets: list[int]) -> bool:
        first, *others = secrets or [-1]
        if first < 0:
            return True
        if self.range(first, self.problem.enough(first)).values < self.problem.enough(first):
            return False
        self.survey(others)
        return all(self.range(one, self.problem.enough(one)).values >= self.problem.enough(one) for one in others)

    def loosen(self, at: int) -> None:
        """From now on the sign of the amount says nothing of its size."""
        self.bounds[at] = self.problem.amounts[at].loose
        self._forget(at)

    def if_loose(self, signs: Iterable[int], at: int, enough: float) -> Range:
        """The range of ``at`` if the signs of ``signs`` said nothing; nothing is changed by the question."""
        before, seen = {one: self.bounds[one] for one in signs}, list(self._seen)
        for one in before:
            self.loosen(one)
        found = self.range(at, enough)
        for one, bounds in before.items():
            self.bounds[one] = bounds
            self._forget(one)
        self._seen = seen
        return found

    def if_hidden(self, other: int, at: int, enough: float) -> Range:
        """The range of ``at`` if ``other`` were hidden too; nothing is changed by the question."""
        bounds, seen = self.bounds[other], list(self._seen)
        self.hide(other)
        found = self.range(at, enough)
        self._forget(other)
        self.hidden.remove(other)
        self.bounds[other], self._seen = bounds, seen
        return found

    def told(self, at: int) -> Range | None:
        """What an equation says of an amount that is its only unknown; None where there is no such equation."""
        for number in self.problem.of[at]:
            unknown, total = self.problem.known(self.hidden, number)
            if len(unknown) == 1:
                value = total / unknown[0][1]
                return Range(value, value)
        return None

    def range(self, at: int, enough: float = math.inf) -> Range:
        """What a reader cannot rule out of a hidden amount; as far as it is ``enough`` values."""
        found = self._whole(at, *self._seen[at])
        if found.values >= enough:
            return found
        component = self._component(at)
        ends = []
        for sign in (1.0, -1.0):
            ends.append(self._solve(component, {at: sign}, at))
            if (found := self._whole(at, *self._seen[at])).values >= enough:
                return found
        return self._whole(at, *ends)

    def _whole(self, at: int, low: float, high: float) -> Range:
        if not self.problem.amounts[at].whole:
            return Range(low, high)
        return Range(math.ceil(low - _SLACK), high if math.isinf(high) else math.floor(high + _SLACK))

    def survey(self, wanted: Iterable[int]) -> None:
        """Solutions that push all of ``wanted`` at once: most of them are seen wide enough in a few programmes."""
        for turn in range(_TURNS):
            narrow = [one for one in wanted if self._whole(one, *self._seen[one]).values < self.problem.enough(one)]
            if len(narrow) < _FEW:
                return
            together = self._together(narrow)
            for sign in (1.0, -1.0):
                aims = {
                    one: sign * (-1.0 if turn and number >> (turn - 1) & 1 else 1.0)
                    for number, one in enumerate(narrow)
                }
                self._solve(together, aims)

    def together(self, at: int) -> list[int]:
        """All hidden amounts that hang together with an amount."""
        return self._component(at).amounts

    def settled(self, at: int) -> bool:
        """Whether all that hangs together with an amount has left the school before: it was looked at then."""
        component = self._component(at)
        amounts = self.problem.amounts
        if component.settled is None:
            component.settled = all(
                amounts[one].frozen or amounts[one].virtual
                for number in component.numbers
                for one, _ in self.problem.equations[number]
            )
        return component.settled

    def _together(self, wanted: Iterable[int]) -> _Component:
        """The components of several amounts as one."""
        made = _Component([], [], [], [])
        for component in {id(found): found for found in map(self._component, wanted)}.values():
            made.amounts += component.amounts
            made.numbers += component.numbers
            made.equations += component.equations
            made.totals += component.totals
        return made

    def _component(self, at: int) -> _Component:
        if at not in self._of:
            amounts, numbers = self.problem.component(self.hidden, at)
            known = [self.problem.known(self.hidden, number) for number in numbers]
            made = _Component(amounts, numbers, [unknown for unknown, _ in known], [total for _, total in known])
            for one in amounts:
                self._of[one] = made
        return self._of[at]

    def _forget(self, at: int) -> None:
        found = self._of.get(at)
        for one in found.amounts if found else ():
            self._of.pop(one, None)

    def _solve(self, component: _Component, aims: dict[int, float], wanted: int = -1) -> float:
        """The least of the sum of ``aims`` that fits; gives the value of ``wanted`` there. Notes what it has seen."""
        import numpy as np
        from scipy.optimize import linprog

        column = {one: number for number, one in enumerate(component.amounts)}
        aim = np.zeros(len(column))
        for one, weight in aims.items():
            aim[column[one]] = weight
        bounds = [self.bounds[one] for one in component.amounts]
        if len(aims) > 1:  # nothing may run away, or there is no solution to be looked at
            bounds = [
                (low, self.problem.amounts[one].value + 1000 if high is None else high)
                for one, (low, high) in zip(component.amounts, bounds, strict=True)
            ]
        done = linprog(
            aim, A_eq=self._matrix(component, column), b_eq=component.totals or None, bounds=bounds, method="highs"
        )
        if done.status == 3:  # unbounded
            return math.inf
        if done.status != 0:
            one = component.amounts[0] if wanted < 0 else wanted
            raise ValueError(f"no values fit what is published: {self.problem.amounts[one].key} ({done.message})")
        for one, value in zip(component.amounts, done.x, strict=True):
            low, high = self._seen[one]
            self._seen[one] = (min(low, value), max(high, value))
        return float(done.x[column[wanted]]) if wanted >= 0 else 0.0

    def _matrix(self, component: _Component, column: dict[int, int]) -> Any:
        from scipy.sparse import csr_matrix

        if component.programme is None and component.equations:
            entries = [(row, column[one], w) for row, found in enumerate(component.equations) for one, w in found]
            rows, columns, weights = zip(*entries, strict=True)
            component.programme = csr_matrix((weights, (rows, columns)), shape=(len(component.equations), len(column)))
        return component.programme
