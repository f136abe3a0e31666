"""Which amounts to hide besides those that may not be shown: so many that no hidden one can be worked out.

Greedy and deterministic. Where a reader could narrow a sensitive amount too far, first the signs near it are told to
say less; where that is not enough, the cheapest shown amount of an equation that tells on it is hidden too, until
nothing does. More is hidden than the least possible; the least possible is a hard problem (Kelly, Golden and Assad),
and a rule that an analyst can follow is worth more here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from soko.disclosure.attack import Audit, Range
from soko.disclosure.problem import Problem

_NEAR = 2  # equations away: within this, what could be hidden is tried out
_TRIALS = 8


@dataclass(frozen=True)
class Protected:
    """Positions of the hidden amounts: ``primary`` for their own sake, ``added`` to protect them, in that order.

    ``added`` says of each which sensitive amount could have been narrowed by it.

    ``loosened``: primary ones whose sign must not say how large they are: as «< 5» beside «< 5» they would narrow each
    other. ``exposed``: what can be worked out whatever is hidden now, with the range that is left; those have left
    the school already, or nothing that hangs together with them may be hidden.
    """

    primary: frozenset[int]
    added: dict[int, int]
    loosened: frozenset[int]
    exposed: dict[int, Range]

    @property
    def hidden(self) -> set[int]:
        """All hidden amounts."""
        return {*self.primary, *self.added}


def protect(problem: Problem) -> Protected:
    """Hide what has to be hidden."""
    primary = frozenset(at for at, amount in enumerate(problem.amounts) if amount.hidden or amount.virtual)
    audit = Audit(problem, set(primary))
    added: dict[int, int] = {}
    loosened = set[int]()
    exposed: dict[int, Range] = {}
    waiting = sorted(at for at in primary if problem.amounts[at].sensitive)
    for certain in (True, False):  # what single equations tell is settled first: it takes no programme
        left = list(waiting)
        if not certain:
            left = [at for at in left if not audit.settled(at)]
            audit.survey(left)
        while left:
            at, enough = left[0], problem.enough(left[0])
            found = audit.told(at)
            if found is None and not certain:
                found = audit.range(at, enough)
            if found is None or found.values >= enough or at in exposed:
                left.pop(0)
            elif not certain and (telling := _telling(audit, loosened, at)):
                loosened.update(telling)
                for one in telling:
                    audit.loosen(one)
            elif (more := _next(audit, at)) is not None:
                audit.hide(more)
                added[more] = at
            else:
                exposed[at] = found
    _show_again(audit, added, exposed)
    return Protected(primary, added, frozenset(loosened), exposed)


def _show_again(audit: Audit, added: dict[int, int], exposed: dict[int, Range]) -> None:
    """Show what need not be hidden after all that was hidden later; the dearest first."""
    amounts = audit.problem.amounts
    for at in sorted(added, key=lambda one: _price(audit.problem, one), reverse=True):
        together = audit.together(at)
        near = {other for number in audit.problem.of[at] for other, _ in audit.problem.equations[number]}
        secrets = [one for one in together if amounts[one].sensitive and one not in exposed]
        secrets.sort(key=lambda one: (one != added[at], one not in near, one))
        if audit.if_shown(at, secrets):
            del added[at]


def _telling(audit: Audit, loosened: set[int], at: int) -> list[int]:
    """Hidden amounts whose signs say too much of ``at``: of those in its equations the ones of the finest places.

    Where these are not enough, all that hang together with it. None where ``at`` would be narrow without any sign.
    """
    problem, enough = audit.problem, audit.problem.enough(at)
    if audit.told(at) is not None:
        return []
    near = {one for number in problem.of[at] for one, _ in problem.equations[number]}
    for reach in (near, audit.together(at)):
        found = [one for one in reach if one not in loosened and _tells(audit, one)]
        if found and audit.if_loose(found, at, enough).values >= enough:
            finest = min(problem.amounts[one].cost for one in found) if reach is near else math.inf
            return sorted(one for one in found if problem.amounts[one].cost <= finest)
    return []


def _tells(audit: Audit, at: int) -> bool:
    amount = audit.problem.amounts[at]
    return at in audit.hidden and not amount.frozen and audit.bounds[at] != amount.loose


def _next(audit: Audit, at: int) -> int | None:
    """What to hide next for the sake of ``at``; None when nothing near it may be hidden any more.

    Of an equation with a single unknown, of all that hang together with ``at``, and of those that ``at`` is in itself,
    the cheapest amount: what is certain far away need not be blurred where a figure beside ``at`` costs less. Else
    the cheapest near it that is enough by itself; else the cheapest of the equation that is nearest and has the fewest
    unknowns.
    """
    problem, enough = audit.problem, audit.problem.enough(at)
    told = _told(audit, at)
    first = sorted(told)
    if first and not first[0].unclear:
        own = [other for one in told if not one.away for other in _candidates(audit, one.number)]
        for one in first:
            if found := _candidates(audit, one.number):
                return min([*found, *own], key=lambda other: _price(problem, other))
        return None
    near = {other for one in told if one.away < _NEAR for other in _candidates(audit, one.number)}
    for other in sorted(near, key=lambda one: _price(problem, one))[:_TRIALS]:
        if audit.if_hidden(other, at, enough).values >= enough:
            return other
    for one in first:
        if found := _candidates(audit, one.number):
            return min(found, key=lambda other: _price(problem, other))
    return None


class _Told(NamedTuple):
    """An equation near an amount: whether it has several unknowns, how far it is, how many unknowns, its number."""

    unclear: bool
    away: int
    unknowns: int
    number: int


def _told(audit: Audit, at: int) -> list[_Told]:
    """All equations that hang together with ``at``."""
    problem, told, seen, near, away = audit.problem, list[_Told](), set[int](), [at], 0
    while near:
        numbers = sorted({number for one in near for number in problem.of[one]} - seen)
        seen.update(numbers)
        beyond = set[int]()
        for number in numbers:
            unknown = [other for other, _ in problem.equations[number] if other in audit.hidden]
            told.append(_Told(len(unknown) > 1, away, len(unknown), number))
            beyond.update(unknown)
        near, away = sorted(beyond - set(near)), away + 1
    return told


def _candidates(audit: Audit, equation: int) -> list[int]:
    amounts = audit.problem.amounts
    return [one for one, _ in audit.problem.equations[equation] if one not in audit.hidden and not amounts[one].frozen]


def _price(problem: Problem, at: int) -> tuple[float, float, int]:
    return problem.amounts[at].cost, problem.amounts[at].value, at
