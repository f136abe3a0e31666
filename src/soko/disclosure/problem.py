"""What is published, as counts and the equations between them that any reader knows.

An *amount* is a number of children (or marks, lessons): the part or the base of a share. A reader sees the amounts
that are not hidden, and of hidden ones the bounds that the sign in their place gives away («< 5» is 1 to 4; the sign of
other hidden amounts stands for any number, and therefore for small ones and noughts too). He knows
the equations: classes add up to their parallel, part and rest to the base.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

#: An equation: coefficients by the position of the amount; they sum to zero over the true values.
Equation = tuple[tuple[int, float], ...]
#: The least and the largest value that a reader holds possible; None where nothing bounds it.
Bounds = tuple[float, float | None]
ANY: Bounds = (0, None)


@dataclass(frozen=True)
class Amount:
    """A count with what is asked of it.

    ``key`` names it (the same key is the same count, in whatever table it stands). ``sensitive``: a reader must be
    left with at least ``Limits.values`` possible values. ``bounds``: what the sign of the hidden amount says;
    ``loose``: what is left of it once the sign may not say how large the amount is.
    ``cost``: what is hidden first to protect others, the least first. ``virtual``: it stands in no table, as the rest
    «not passed» of a share. ``frozen``: it has left the school already, shown or hidden. ``whole``: a whole number.
    ``enough``: how many values must remain possible, where that is less than ``Limits.values`` (it left the school
    under another threshold); 0 otherwise.
    """

    key: Hashable
    value: float
    sensitive: bool = False
    hidden: bool = False
    bounds: Bounds = ANY
    loose: Bounds = ANY
    cost: float = 0
    virtual: bool = False
    frozen: bool = False
    whole: bool = True
    enough: int = 0


@dataclass(frozen=True)
class Limits:
    """``values``: how many values of a hidden sensitive amount must remain possible."""

    values: int = 4


@dataclass(frozen=True)
class Problem:
    """Amounts and the equations between them."""

    amounts: tuple[Amount, ...]
    equations: tuple[Equation, ...]
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for equation in self.equations:
            off = sum(weight * self.amounts[at].value for at, weight in equation)
            if abs(off) > 1e-6 * max(1.0, *(abs(weight * self.amounts[at].value) for at, weight in equation)):
                keys = [self.amounts[at].key for at, _ in equation]
                raise ValueError(f"equation does not hold, off by {off}: {keys}")

    def enough(self, at: int) -> int:
        """How many values of the amount must remain possible."""
        return self.amounts[at].enough or self.limits.values

    @cached_property
    def of(self) -> list[list[int]]:
        """By amount: the equations that it is in."""
        found: list[list[int]] = [[] for _ in self.amounts]
        for number, equation in enumerate(self.equations):
            for at, _ in equation:
                found[at].append(number)
        return found

    def known(self, hidden: frozenset[int] | set[int], equation: int) -> tuple[list[tuple[int, float]], float]:
        """An equation as the reader has it: its hidden amounts with their weights, and what they sum to."""
        unknown = [(at, weight) for at, weight in self.equations[equation] if at in hidden]
        total = -sum(weight * self.amounts[at].value for at, weight in self.equations[equation] if at not in hidden)
        return unknown, total

    def component(self, hidden: Iterable[int], start: int) -> tuple[list[int], list[int]]:
        """The hidden amounts that hang together with ``start`` by equations, and these equations; both sorted."""
        unknown = hidden if isinstance(hidden, (set, frozenset)) else set(hidden)
        amounts, equations, waiting = {start}, set[int](), [start]
        while waiting:
            for number in self.of[waiting.pop()]:
                if number in equations:
                    continue
                equations.add(number)
                more = [at for at, _ in self.equations[number] if at in unknown and at not in amounts]
                amounts.update(more)
                waiting += more
        return sorted(amounts), sorted(equations)
