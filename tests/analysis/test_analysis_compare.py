"""Comparisons by rule, and the interval of a small share."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from soko.analysis.compare import KEYS, against_target, compare, compare_indicator, join_before
from soko.analysis.intervals import wilson
from soko.conventions import Thresholds
from soko.indicators.model import COLUMNS, Indicator


@pytest.mark.parametrize(
    ("current", "before", "better", "verdict"),
    [
        ((40, 100), (35, 100), "up", "improved"),
        ((35, 100), (40, 100), "up", "worse"),
        ((35, 100), (40, 100), "down", "improved"),
        ((35, 100), (40, 100), "none", "changed"),
        ((42, 100), (40, 100), "up", "stable"),  # exactly the threshold
        ((421, 1000), (400, 1000), "up", "improved"),
        ((13, 25), (12, 25), "up", "stable"),  # 4 п.п., but one pupil of 25
        ((14, 25), (12, 25), "up", "improved"),
        ((4, 8), (3, 8), "up", "stable"),
    ],
)
def test_verdict_by_rule(current, before, better, verdict):
    change = compare(*current, *before, better=better, stable=2.0, small_group=10)
    assert change.verdict == verdict


def test_one_requirement_of_four_is_a_change():
    """Of things all of which are looked at, one is no chance and no group is small."""
    change = compare(3, 4, 4, 4, stable=2.0, one_is_none=False)
    assert (change.verdict, change.small) == ("worse", False)
    assert compare(3, 4, 4, 4, stable=2.0, small_group=10).verdict == "stable"


def test_points_and_pupils():
    change = compare(37, 110, 30, 100, stable=2, small_group=10)
    assert change.delta == Fraction(3700, 110) - 30
    assert change.pupils == 4  # 37 against the 33 that last year's 30 % would be
    assert (change.direction, change.small, change.under_one) == ("up", False, False)


def test_under_one_pupil():
    assert compare(10, 30, 33, 100).under_one
    assert not compare(11, 30, 33, 100).under_one
    assert compare(3, 9, 3, 9, small_group=10).small
    assert compare(40, 100, 3, 9, small_group=10).small


@pytest.mark.parametrize("before", [(None, None), (float("nan"), float("nan")), (3, 0)])
def test_nothing_to_compare_with(before):
    assert compare(1, 2, *before) is None


def test_counts_and_means():
    change = compare(480, None, 470, float("nan"), better="none", scale=1, share=False)
    assert (change.delta, change.pupils, change.verdict) == (10, None, "changed")
    assert compare(470, None, 470, None, better="none", scale=1, share=False).verdict == "stable"
    mean = compare(390, 100, 380, 100, scale=1, share=False, stable=0.1)
    assert (mean.verdict, mean.delta) == ("stable", Fraction(1, 10))  # 0.1 exactly, which floats would miss


def _indicator(**more):
    given_ = {"id": "own.x", "name": "Х", "better": "up", "population": "roll", "numerator": "a", "denominator": "b"}
    return Indicator.model_validate({**given_, "formula": "х", "dimensions": [[]], **more})


def test_thresholds_of_the_school():
    item = _indicator(unit="percent")
    assert compare_indicator(item, Thresholds(stable_points=2), 45, 100, 42, 100).verdict == "improved"
    assert compare_indicator(item, Thresholds(stable_points=3), 45, 100, 42, 100).verdict == "stable"
    mark = _indicator(unit="mark", stable=0.1)
    assert compare_indicator(mark, Thresholds(), 395, 100, 380, 100).verdict == "improved"
    sou = _indicator(unit="percent", scale=1)
    change = compare_indicator(sou, Thresholds(), 6800, 100, 6400, 100)
    assert (change.delta, change.pupils, change.verdict) == (4, None, "improved")


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_swapping_periods_turns_the_sign(a, b, data):
    x, y = data.draw(st.integers(0, a)), data.draw(st.integers(0, b))
    there, back = compare(x, a, y, b, stable=2), compare(y, b, x, a, stable=2)
    assert there.delta == -back.delta
    if there.verdict != "stable":
        assert abs(there.delta) > 2
        assert abs(there.pupils) > 1
        assert there.verdict == ("improved" if there.delta > 0 else "worse")


def test_target():
    gap = against_target(37, 110, 40)
    assert (gap.reached, gap.missing) == (False, 7)  # 44 of 110 are 40 %
    assert against_target(44, 110, 40).reached
    assert against_target(5, 100, 3, better="down").missing == 2
    assert against_target(1, 0, 40) is None
    assert against_target(1, 2, 40, better="none") is None


def _tidy(rows):
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"grade": "Int64"})
    texts = [name for name in COLUMNS[:-3] if name != "grade"]
    return frame.astype(dict.fromkeys(texts, "str"))


def test_join_keeps_every_row_and_matches_empty_grades():
    now = _tidy(
        [
            ["s", "p", "i", "", None, "5А", "", "", "", "", 1, 2, 50],
            ["s", "p", "i", "", 5, "", "", "", "", "", 3, 4, 75],
        ]
    )
    old = _tidy(
        [
            ["s", "o", "i", "", None, "5А", "", "", "", "", 2, 2, 100],
            ["s", "o", "i", "", 6, "", "", "", "", "", 1, 4, 25],
        ]
    )
    joined = join_before(now, old)
    assert joined["before_value"].tolist()[0] == 100
    assert joined["before_value"].isna().tolist() == [False, True]
    assert len(join_before(now, None)) == 2
    assert join_before(now, None)["before_numerator"].isna().all()
    assert set(KEYS) < set(joined.columns)


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(3, 8, 0.13684, 0.69426), (0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (81, 263, 0.25528, 0.36621)],
)
def test_wilson_against_published_values(numerator, denominator, low, high):
    """81 of 263 is Newcombe's (1998) example; the others are the closed form to five digits."""
    interval = wilson(numerator, denominator)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 1000), st.data())
def test_wilson_covers_the_share_and_narrows_with_confidence(denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    wide, narrow = wilson(numerator, denominator, 0.99), wilson(numerator, denominator, 0.8)
    assert 0 <= wide.low <= narrow.low <= numerator / denominator <= narrow.high <= wide.high <= 1


@pytest.mark.parametrize("parts", [(1, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_what_is_no_share(parts):
    with pytest.raises(ValueError, match="не доля"):
        wilson(*parts)
