"""Whether a change of a share may be chance: an exact test that is honest for small groups.

Fisher's test holds for any size but is too careful with few pupils: at 5 % it errs in 1–2 %. Its mid-p version errs in
about 5 % and is what is recommended for small tables (Lydersen, Fagerland, Laake 2009, Statistics in Medicine 28), so
it is the default here. Both take the two groups as different pupils. For the same pupils in two terms they are
careful, that is, they find less. For marks, of which a pupil has many, they find more than there is: where the rows
of a figure are not people (``View.once``), no test is made and the thresholds of ``dynamics`` decide alone.
"""

from __future__ import annotations

from functools import cache
from math import lgamma, log, pi
from typing import TYPE_CHECKING

import numpy as np

from soko.analysis.chance import hypergeometric, whole_parts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Probabilities that are equal on paper differ in the last digits; scipy takes the same.
_EQUAL = 1 + 1e-7
#: Terms of the sum that are held in memory at once.
_AT_ONCE = 2_000_000
_TABLE = 1 << 14


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


def p_values(
    numerator: ArrayLike, denominator: ArrayLike, before_numerator: ArrayLike, before_denominator: ArrayLike
) -> NDArray[np.float64]:
    """``p_value`` (mid-p) of every row at once; NaN where the parts are no share of whole numbers.

    A term has thousands of groups: one by one they would take seconds.
    """
    columns = [np.asarray(column, dtype=np.float64) for column in (numerator, denominator)]
    columns += [np.asarray(column, dtype=np.float64) for column in (before_numerator, before_denominator)]
    table = np.column_stack(columns)
    result = np.full(len(table), np.nan)
    with np.errstate(invalid="ignore"):
        good = (table == np.floor(table)).all(axis=1)
        for part, size in ((0, 1), (2, 3)):
            good &= (table[:, part] >= 0) & (table[:, part] <= table[:, size]) & (table[:, size] > 0)
    if good.any():
        distinct, back = np.unique(table[good].astype(np.int64), axis=0, return_inverse=True)
        result[good] = _distinct(distinct)[back.reshape(-1)]
    return result


def _distinct(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """The p-values of rows (part, size, part before, size before), as many at a time as memory bears."""
    part, size, before, other = table.T
    first = np.maximum(0, part + before - other)
    length = np.minimum(size, part + before) - first + 1
    result = np.empty(len(table))
    for block in np.split(np.arange(len(table)), _cuts(length)):
        result[block] = _block(part[block], size[block], (part + before)[block], other[block], first[block],
                               length[block])  # fmt: skip
    return result


def _cuts(length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where to cut the rows so that no piece has many more terms than ``_AT_ONCE``."""
    return np.flatnonzero(np.diff(np.cumsum(length) // _AT_ONCE)) + 1


def _block(
    part: NDArray[np.int64],
    size: NDArray[np.int64],
    successes: NDArray[np.int64],
    other: NDArray[np.int64],
    first: NDArray[np.int64],
    length: NDArray[np.int64],
) -> NDArray[np.float64]:
    starts = np.concatenate(([0], np.cumsum(length)[:-1]))
    row = np.repeat(np.arange(len(length)), length)
    k = np.arange(len(row)) - starts[row] + first[row]
    logs = _log_choose(size[row], k) + _log_choose(other[row], successes[row] - k)
    raw = np.exp(logs - np.maximum.reduceat(logs, starts)[row])
    observed = raw[starts + part - first]
    rarer = np.add.reduceat(np.where(raw <= observed[row] * _EQUAL, raw, 0.0), starts)
    return np.minimum(1.0, (rarer - observed / 2) / np.add.reduceat(raw, starts))


def _log_choose(n: NDArray[np.int64], k: NDArray[np.int64]) -> NDArray[np.float64]:
    return _log_factorial(n) - _log_factorial(k) - _log_factorial(n - k)


def _log_factorial(n: NDArray[np.int64]) -> NDArray[np.float64]:
    """ln n!: from a table, and by Stirling's series, which is exact to the last digit beyond it."""
    table = _table()
    if n.max(initial=0) < _TABLE:
        return table[n]
    x = np.maximum(n, 1).astype(np.float64)
    series = (x + 0.5) * np.log(x) - x + 0.5 * log(2 * pi) + 1 / (12 * x) - 1 / (360 * x**3)
    return np.where(n < _TABLE, table[np.minimum(n, _TABLE - 1)], series)


@cache
def _table() -> NDArray[np.float64]:
    return np.array([lgamma(n + 1) for n in range(_TABLE)])
