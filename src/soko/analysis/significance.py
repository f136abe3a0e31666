"""Whether a change of a share may be chance: an exact test that is honest for small groups.

Fisher's test holds for any size but is too careful with few pupils: at 5 % it errs in 1–2 %. Its mid-p version errs in
about 5 % and is what is recommended for small tables (Lydersen, Fagerland, Laake 2009, Statistics in Medicine 28), so
it is the default here. Both take the two groups as different pupils. For the same pupils in two terms they are
careful, that is, they find less. For marks, of which a pupil has many, they find more than there is: such figures
(subjects.*) are told apart by the thresholds of ``compare`` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from soko.analysis.chance import hypergeometric, whole_parts
from soko.analysis.compare import Change, Verdict, compare_indicator
from soko.analysis.rounding import Number, missing

if TYPE_CHECKING:
    from soko.indicators.model import Indicator
    from soko.params import Thresholds

Word = Verdict | Literal["unproven"]
# Probabilities that are equal on paper differ in the last digits; scipy takes the same.
_EQUAL = 1 + 1e-7


def p_value(
    numerator: float, denominator: float, before_numerator: float, before_denominator: float, *, mid: bool = True
) -> float:
    """Two-sided probability of a difference at least as unlikely as this one when nothing has changed.

    ``mid`` counts half of what was observed itself; False gives Fisher's test. ValueError when the parts are no share
    of whole numbers.
    """
    part, size = whole_parts(numerator, denominator)
    before, other = whole_parts(before_numerator, before_denominator)
    first, chances = hypergeometric(size, other, part + before)
    observed = chances[part - first]
    total = sum(chance for chance in chances if chance <= observed * _EQUAL)
    return min(1.0, total - observed / 2 if mid else total)


def word(change: Change, p: float | None, confidence: float = 0.95) -> Word:
    """Improved, worse or changed only when the threshold is passed and chance is unlikely; «unproven» otherwise.

    What is «stable» by the threshold stays so however sure the difference is: in a large school a tenth of a point
    can be sure and still mean nothing. Without a p-value the threshold alone decides.
    """
    if change.verdict == "stable" or p is None or p < 1 - confidence:
        return change.verdict
    return "unproven"


def judge(
    indicator: Indicator,
    thresholds: Thresholds,
    numerator: Number,
    denominator: Number | None,
    before_numerator: Number | None,
    before_denominator: Number | None,
) -> tuple[Change, float | None, Word] | None:
    """The change, its p-value (None for what is no share of pupils) and the word for it; None without two values."""
    change = compare_indicator(indicator, thresholds, numerator, denominator, before_numerator, before_denominator)
    if change is None:
        return None
    p = None
    if is_share_of_pupils(indicator) and not missing(denominator, before_denominator):
        assert denominator is not None
        assert before_numerator is not None
        assert before_denominator is not None
        p = p_value(float(numerator), float(denominator), float(before_numerator), float(before_denominator))
    return change, p, word(change, p, thresholds.confidence)


def is_share_of_pupils(indicator: Indicator) -> bool:
    """Whether one unit of the numerator is one pupil of the denominator, so that a test of counts makes sense."""
    return indicator.unit == "percent" and indicator.scale == 100 and not indicator.id.startswith("subjects.")
