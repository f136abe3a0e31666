"""Compare groups of pupils with the rest of them: a class with all other classes of the school.

A group is held against the *rest*, not against the whole that it is itself a part of: in a parallel of two classes the
whole would hide half of the difference. Twenty classes compared at 5 % give one false alarm on average, therefore
p-values are corrected by Holm's rule (1979, Scandinavian Journal of Statistics 6), which keeps the chance of *any*
false alarm in the table under 5 %. Benjamini–Hochberg lets through a share of false ones; a class that is named in a
note has a teacher, so the stricter rule was taken.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from soko.analysis.chance import binomial, whole_parts
from soko.analysis.intervals import Interval, difference
from soko.analysis.rounding import Number, exact
from soko.analysis.significance import p_value

Standing = Literal["above", "below", "same", "unproven", "small", "alone"]
# As in ``significance``: probabilities that are equal on paper differ in the last digits.
_EQUAL = 1 + 1e-7


@dataclass(frozen=True)
class Contrast:
    """One group against the rest.

    ``gap`` is exact, in percentage points, group minus rest; ``interval`` is that of the gap as shares, for this one
    comparison. ``p`` is corrected for the number of groups; None where no test was asked for or the group is small.
    ``standing``: «above» and «below» say where the figure is, not whether that is good; «same» is within the
    threshold, «unproven» beyond it but not beyond chance, «small» too few pupils to judge, «alone» without a rest.
    """

    part: int
    base: int
    rest_part: int
    rest_base: int
    gap: Fraction | None
    interval: Interval | None
    p: float | None
    standing: Standing


def holm(values: Sequence[float]) -> list[float]:
    """Holm's corrected p-values, in the order given: none is under the value itself or over 1."""
    corrected = [1.0] * len(values)
    highest = 0.0
    for place, at in enumerate(sorted(range(len(values)), key=lambda i: values[i])):
        highest = max(highest, min(1.0, (len(values) - place) * values[at]))
        corrected[at] = highest
    return corrected


def contrasts(
    parts: Sequence[tuple[float, float]],
    *,
    small_group: int,
    stable: Number = 0,
    confidence: float = 0.95,
    tested: bool = True,
    within: Sequence[Hashable] | None = None,
) -> list[Contrast]:
    """Each group of (numerator, denominator) against the sum of the others, in the order given.

    ``within`` names the set of each group (a teacher's subject): the rest is that of its own set, and the correction
    is for all groups of all sets, since a reader looks at the whole table.
    ``stable`` is the threshold in percentage points; under one pupil of the group nothing is a difference either.
    ``tested`` False is for figures of marks, of which a pupil has many: the threshold alone decides, p is None.
    ValueError when the parts are no shares.
    """
    whole = [whole_parts(*pair) for pair in parts]
    sets = [None] * len(whole) if within is None else list(within)
    sums: dict[Hashable, tuple[int, int]] = {}
    for name, (part, base) in zip(sets, whole, strict=True):
        sums[name] = (sums.get(name, (0, 0))[0] + part, sums.get(name, (0, 0))[1] + base)
    rests = [(sums[name][0] - part, sums[name][1] - base) for name, (part, base) in zip(sets, whole, strict=True)]
    judged = [
        base >= small_group and rest >= max(small_group, 1) for (_, base), (_, rest) in zip(whole, rests, strict=True)
    ]
    asked = [at for at, known in enumerate(judged) if known and tested]
    corrected = dict(zip(asked, holm([p_value(*whole[at], *rests[at]) for at in asked]), strict=True))
    found = []
    for at, ((part, base), (rest_part, rest_base)) in enumerate(zip(whole, rests, strict=True)):
        if not rest_base:
            found.append(Contrast(part, base, 0, 0, None, None, None, "alone"))
            continue
        gap = (Fraction(part, base) - Fraction(rest_part, rest_base)) * 100
        interval = difference(part, base, rest_part, rest_base, confidence) if tested else None
        word: Standing = "small"
        if judged[at]:
            word = standing(gap, base, corrected.get(at), stable=stable, confidence=confidence)
        found.append(Contrast(part, base, rest_part, rest_base, gap, interval, corrected.get(at), word))
    return found


def standing(
    gap: Fraction, base: float, p: float | None, *, stable: Number = 0, confidence: float = 0.95, share: bool = True
) -> Standing:
    """The word for a gap: the threshold first, then chance. Without p the threshold alone decides."""
    step = Fraction(100) / exact(base) if share and base else Fraction(0)
    if abs(gap) <= max(exact(stable), step):
        return "same"
    if p is not None and p >= 1 - confidence:
        return "unproven"
    return "above" if gap > 0 else "below"


def fixed_p(numerator: float, denominator: float, share: float) -> float:
    """Two-sided mid-p that a group of this size would be so far from ``share`` (0…1) by chance alone.

    For a value of the region that is given without the number of pupils behind it: it is taken as exact, which for
    thousands of pupils it nearly is. ValueError when the parts are no share.
    """
    part, size = whole_parts(numerator, denominator)
    if not 0 <= share <= 1:
        raise ValueError(f"не доля: {share}")
    chances = binomial(size, share)
    total = sum(chance for chance in chances if chance <= chances[part] * _EQUAL)
    return min(1.0, total - chances[part] / 2)
