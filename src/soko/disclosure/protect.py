"""Which amounts to hide besides those that may not be shown: so many that no hidden one can be worked out.

Greedy and deterministic. Where a reader could narrow a sensitive amount too far, first the signs near it are told to
say less; where that is not enough, the cheapest shown amount of an equation that tells on it is hidden too, until
nothing does. More is hidden than the least possible; the least possible is a hard problem (Kelly, Golden and Assad),
and a rule that an analyst can follow is worth more here.
"""

from __future__ import annotations

from dataclasses import dataclass

from soko.disclosure.attack import Audit, Range
from soko.disclosure.problem import Problem


@dataclass(frozen=True)
class Protected:
    """Positions of the hidden amounts: ``primary`` for their own sake, ``added`` to protect them, in that order.

    ``loosened``: primary ones whose sign must not say how large they are: as «< 5» beside «< 5» they would narrow each
    other. ``exposed``: what can be worked out whatever is hidden now, with the range that is left; those have left
    the school already, or nothing that hangs together with them may be hidden.
    """

    primary: frozenset[int]
    added: tuple[int, ...]
    loosened: frozenset[int]
    exposed: dict[int, Range]

    @property
    def hidden(self) -> set[int]:
        """All hidden amounts."""
        return set(self.primary) | set(self.added)


def protect(problem: Problem) -> Protected:
    """Hide what has to be hidden."""
    primary = frozenset(at for at, amount in enumerate(problem.amounts) if amount.hidden or amount.virtual)
    audit, enough = Audit(problem, set(primary)), problem.limits.values
    added: list[int] = []
    loosened = set[int]()
    exposed: dict[int, Range] = {}
    waiting = sorted(at for at in primary if problem.amounts[at].sensitive)
    for certain in (True, False):  # what single equations tell is settled first: it takes no programme
        left = list(waiting)
        while left:
            at = left[0]
            found = audit.told(at)
            if found is None and not certain:
                found = audit.range(at, enough)
            if found is None or found.values >= enough or at in exposed:
                left.pop(0)
            elif not certain and (telling := _telling(audit, loosened, at)):
                loosened.update(telling)
                for one in telling:
                    audit.loosen(one)
            elif (more := _next(problem, audit.hidden, at)) is not None:
                audit.hide(more)
                added.append(more)
            else:
                exposed[at] = found
    return Protected(primary, tuple(added), frozenset(loosened), exposed)


def _telling(audit: Audit, loosened: set[int], at: int) -> list[int]:
    """Hidden amounts in the equations of ``at`` whose signs say too much: those of the finest places.

    None where ``at`` would be narrow without these signs too.
    """
    problem = audit.problem
    found = {
        one
        for number in problem.of[at]
        for one, _ in problem.equations[number]
        if one in audit.hidden and one not in loosened and not problem.amounts[one].frozen
        and audit.bounds[one] != problem.amounts[one].loose
    }  # fmt: skip
    enough = problem.limits.values
    if not found or audit.told(at) is not None or audit.if_loose(found, at, enough).values < enough:
        return []
    finest = min(problem.amounts[one].cost for one in found)
    return sorted(one for one in found if problem.amounts[one].cost == finest)


def _next(problem: Problem, hidden: set[int], at: int) -> int | None:
    """The cheapest amount that can be hidden in the equation that tells most.

    That is one with a single unknown, of all that hang together with ``at``; else the one nearest to it, and of those
    as near the one with the fewest unknowns.
    """
    told: list[tuple[bool, int, int, int]] = []
    seen, near, away = set[int](), [at], 0
    while near:
        numbers = sorted({number for one in near for number in problem.of[one]} - seen)
        seen.update(numbers)
        beyond = set[int]()
        for number in numbers:
            unknown, _ = problem.known(hidden, number)
            told.append((len(unknown) > 1, away, len(unknown), number))
            beyond.update(other for other, _ in unknown)
        near, away = sorted(beyond - set(near)), away + 1
    for *_, number in sorted(told):
        candidates = [other for other, _ in problem.equations[number] if _may_be_hidden(problem, hidden, other)]
        if candidates:
            return min(candidates, key=lambda one: (problem.amounts[one].cost, problem.amounts[one].value, one))
    return None


def _may_be_hidden(problem: Problem, hidden: set[int], at: int) -> bool:
    return at not in hidden and not problem.amounts[at].frozen
