"""The rule of «улучшение», «ухудшение», «стабильно»: by hand, and against the exact comparison of single figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from soko.analysis.compare import compare
from soko.analysis.dynamics import CHANGED, IMPROVED, STABLE, UNKNOWN, WORSE, Traits, judged, wilson
from soko.analysis.intervals import wilson as one_interval
from soko.analysis.significance import p_value
from soko.conventions import Thresholds

LIMITS = Thresholds()  # 2 points, groups of 10, 95 %


def traits(n, better="up", *, people=True, percent=True, stable=2.0, scale=100.0, sized=True):
    kinds = ((scale, float), (stable, float), (percent, bool), (better, object), (people, bool), (sized, bool))
    return Traits(*(np.array([value] * n, dtype=kind) for value, kind in kinds))


def verdict(now, before, better="up", reasons="", **more):
    found = judged([[now[0]], [now[1]], [before[0]], [before[1]]], traits(1, better, **more), LIMITS, reasons)
    return found.verdict[0], found.reason[0], found.rule[0]


NONE = float("nan")


@pytest.mark.parametrize(
    ("now", "before", "more", "said"),
    [
        ((60, 100), (40, 100), {}, (IMPROVED, "", "test")),
        ((60, 100), (40, 100), {"better": "down"}, (WORSE, "", "test")),
        ((60, 100), (40, 100), {"better": "none"}, (CHANGED, "", "test")),
        # 16 points of 25 are four pupils, and may be chance
        ((14, 25), (10, 25), {}, (UNKNOWN, "ch", "")),
        ((14, 25), (10, 25), {"people": False}, (IMPROVED, "", "threshold")),
        # exactly two points, and one pupil of 25 (4 points), are no change; a pupil more is one
        ((52, 100), (50, 100), {}, (STABLE, "", "threshold")),
        ((13, 25), (12, 25), {}, (STABLE, "", "threshold")),
        ((530, 1000), (500, 1000), {"people": False}, (IMPROVED, "", "threshold")),
        # in a large school the exact test can be sure of what means nothing
        ((50_900, 100_000), (50_000, 100_000), {}, (STABLE, "", "threshold")),
        # nine pupils are not judged, however much has changed
        ((9, 9), (0, 100), {}, (UNKNOWN, "sm", "")),
        ((90, 100), (0, 9), {}, (UNKNOWN, "sm", "")),
        ((1, 1), (0, 1), {"percent": False, "scale": 1.0, "stable": 0.0, "sized": False}, (IMPROVED, "", "threshold")),
        # counts and means: the threshold alone
        ((12, NONE), (10, NONE), {"percent": False, "scale": 1.0, "stable": 0.0}, (IMPROVED, "", "threshold")),
        ((10, NONE), (10, NONE), {"percent": False, "scale": 1.0, "stable": 0.0}, (STABLE, "", "threshold")),
        ((410, 100), (400, 100), {"percent": False, "scale": 1.0, "stable": 0.1}, (STABLE, "", "threshold")),
        ((411, 100), (400, 100), {"percent": False, "scale": 1.0, "stable": 0.1}, (IMPROVED, "", "threshold")),
        ((60, 100), (NONE, NONE), {"reasons": "nb"}, (UNKNOWN, "nb", "")),
        ((60, 100), (40, 100), {"reasons": "df"}, (UNKNOWN, "df", "")),
        ((0, 0), (40, 100), {"reasons": "na"}, (UNKNOWN, "na", "")),
    ],
)
def test_by_hand(now, before, more, said):
    assert verdict(now, before, **more) == said


def test_numbers_by_hand():
    found = judged([[14, 3], [20, NONE], [10, 5], [20, NONE]], traits(2), LIMITS)
    assert found.value.tolist()[0] == 70
    assert found.delta.tolist()[0] == pytest.approx(20)
    assert found.people.tolist()[0] == pytest.approx(4)
    assert found.p[0] == pytest.approx(p_value(14, 20, 10, 20))
    assert (found.low[0], found.high[0]) == pytest.approx((48.10, 85.45), abs=0.01)  # Wilson's, of a textbook
    assert np.isnan([found.people[1], found.p[1], found.low[1]]).all()


def test_what_is_not_compared_has_no_difference():
    found = judged([[60], [100], [40], [100]], traits(1), LIMITS, "df")
    assert np.isnan([found.delta[0], found.people[0], found.p[0]]).all()
    assert found.before[0] == 40  # what was is told all the same


parts = st.integers(1, 60).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))


@settings(deadline=None, max_examples=200)
@given(parts, parts, st.sampled_from(["up", "down", "none"]), st.booleans(), st.sampled_from([0.0, 2.0, 5.0]))
def test_as_the_exact_comparison_says(now, before, better, people, stable):
    change = compare(*now, *before, better=better, stable=stable, small_group=LIMITS.small_group)
    p = p_value(*now, *before)
    said, reason, _ = verdict(now, before, better, people=people, stable=stable)
    if change.small:
        assert (said, reason) == (UNKNOWN, "sm")
    elif change.verdict != "stable" and people and p >= 0.05:
        assert (said, reason) == (UNKNOWN, "ch")
    else:
        assert (said, reason) == (change.verdict, "")


@given(st.lists(parts, min_size=1, max_size=8))
def test_intervals_as_of_one(groups):
    low, high = wilson(*(np.array(column, dtype=float) for column in zip(*groups, strict=True)), 0.95)
    for at, group in enumerate(groups):
        assert (low[at], high[at]) == pytest.approx(tuple(one_interval(*group)), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(parts, parts), min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_a_row_is_judged_for_itself(pairs, dice):
    order = list(range(len(pairs)))
    dice.shuffle(order)

    def said(rows):
        columns = zip(*((*now, *before) for now, before in rows), strict=True)
        found = judged([np.array(column, dtype=float) for column in columns], traits(len(rows)), LIMITS)
        return list(zip(found.verdict, found.reason, found.rule, strict=True))

    straight = said(pairs)
    assert said([pairs[at] for at in order]) == [straight[at] for at in order]
