"""Places of groups by a share, with ties and with how sure they are. A bare rating is never given.

A place is a range twice over: equal shares share their places («2–3»), and a group may really stand anywhere between
the groups that are surely better and those that are surely worse. Of thirty classes most have a range of twenty places,
and a table that hides this tells nothing but luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from soko.analysis.chance import whole_parts
from soko.analysis.significance import p_value


@dataclass(frozen=True)
class Rank:
    """Places of one group, 1 being the best.

    ``first``–``last``: those that it shares with equal groups; ``best``–``worst``: those that chance leaves open.
    """

    first: int
    last: int
    best: int
    worst: int

    @property
    def is_tied(self) -> bool:
        """Whether other groups have the same share."""
        return self.first != self.last


def ranks(
    parts: Sequence[tuple[float, float]], *, better: Literal["up", "down"] = "up", confidence: float = 0.95
) -> list[Rank]:
    """The rank of each group of (numerator, denominator), in the order given.

    Shares are compared as exact fractions. Group A is surely better than B when their difference passes the exact
    test of ``significance`` at ``confidence``, pair by pair; with thirty groups one pair in twenty passes by chance,
    so a range is a reading aid and no proof. ValueError when the parts are no shares.
    """
    whole = [whole_parts(*pair) for pair in parts]
    shares = [Fraction(*pair) * (1 if better == "up" else -1) for pair in whole]
    found = []
    for at, share in enumerate(shares):
        higher = [other for other, value in enumerate(shares) if value > share]
        lower = [other for other, value in enumerate(shares) if value < share]
        surely = {other for other in (*higher, *lower) if p_value(*whole[at], *whole[other]) < 1 - confidence}
        first, last = len(higher) + 1, len(shares) - len(lower)
        found.append(Rank(first, last, 1 + len(surely & {*higher}), len(shares) - len(surely & {*lower})))
    return found
