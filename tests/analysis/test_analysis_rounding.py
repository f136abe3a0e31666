"""Figures as they are shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from soko.analysis.rounding import (
    exact,
    format_mean,
    format_number,
    format_points,
    format_share,
    format_value,
    percent_value,
    round_half_away,
)
from soko.indicators.model import Indicator

N = "\u00a0"


@pytest.mark.parametrize(
    ("number", "digits", "rounded"),
    [
        (66.45, 1, "66.5"),  # in binary 66.45 lies below the half
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (-0.5, 0, "-1"),
        (-2.25, 1, "-2.3"),
        (1.005, 2, "1.01"),
        (Fraction(1, 3), 3, "0.333"),
        (-0.04, 1, "0.0"),
    ],
)
def test_half_goes_away_from_zero(number, digits, rounded):
    assert round_half_away(number, digits) == Decimal(rounded)
    assert str(round_half_away(number, digits)) == rounded


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "shown"),
    [
        (1329, 2000, 1, f"66,5{N}%"),  # exactly 66.45
        (37, 110, 1, f"33,6{N}%"),
        (1, 2, 1, f"50,0{N}%"),
        (1, 2, 0, f"50{N}%"),
        (8, 8, 1, f"100{N}%"),
        (0, 8, 1, f"0{N}%"),
        (1999, 2000, 1, f"99,9{N}%"),
        (9999, 10000, 1, f"99,9{N}%"),
        (1, 10000, 1, f"0,1{N}%"),
        (1, 10000, 2, f"0,01{N}%"),
        (199, 200, 0, f"99,5{N}%"),
        (9999, 10000, 0, f"99,9{N}%"),
        (1, 1000, 0, f"0,1{N}%"),
        (5, 0, 1, "–"),
        (None, 3, 1, "–"),
        (1, float("nan"), 1, "–"),
        (pd.NA, pd.NA, 1, "–"),
    ],
)
def test_shares(numerator, denominator, digits, shown):
    assert format_share(numerator, denominator, digits) == shown


def test_a_small_group_is_counted_not_divided():
    assert format_share(3, 8, small_group=10) == f"3{N}из{N}8"
    assert format_share(3.0, 8.0, small_group=10) == f"3{N}из{N}8"
    assert format_share(5, 10, small_group=10) == f"50,0{N}%"
    assert format_share(560, 8, small_group=10, scale=1) == f"70,0{N}%"  # СОУ of eight marks is no count of pupils
    assert format_share(1, 2, sign=False) == "50,0"


@settings(deadline=None)
@given(st.integers(1, 100_000), st.integers(0, 3), st.data())
def test_never_all_while_one_is_missing_nor_none_while_one_is_there(denominator, digits, data):
    numerator = data.draw(st.integers(0, denominator))
    text = format_share(numerator, denominator, digits).split(N)[0]
    assert (text.replace(",", ".").rstrip("0").rstrip(".") in ("100", "1") and text == "100") == (
        numerator == denominator
    )
    assert (text.strip("0,") == "") == (numerator == 0)


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(0, 3), st.data())
def test_the_shown_share_is_the_nearest(denominator, digits, data):
    numerator = data.draw(st.integers(0, denominator))
    value, shown = percent_value(numerator, denominator, digits)
    error = abs(exact(value) - Fraction(numerator, denominator) * 100)
    assert error <= Fraction(1, 10**shown)
    if 0.1 < numerator / denominator * 100 < 99.9:
        assert error <= Fraction(1, 2 * 10**shown)


def test_means_numbers_and_points():
    assert format_mean(167, 47) == "3,55"
    assert format_mean(1, 0) == "–"
    assert format_number(1234567) == f"1{N}234{N}567"
    assert format_number(1234) == "1234"
    assert format_number(-2.25, 1) == "\u22122,3"
    assert format_points(2.05) == f"+2,1{N}п.п."
    assert format_points(-0.44) == f"\u22120,4{N}п.п."
    assert format_points(0.04) == f"0{N}п.п."
    assert format_points(Fraction(-1, 100)) == f"0{N}п.п."
    assert format_points(0.25, 2, unit="") == "+0,25"
    assert format_points(None) == "–"


def _indicator(**more):
    given_ = {"id": "own.x", "name": "Х", "better": "up", "population": "roll", "numerator": "a", "dimensions": [[]]}
    return Indicator.model_validate({**given_, "formula": "х", **more})


def test_value_by_unit():
    share = _indicator(unit="percent", denominator="b")
    assert format_value(share, 3, 8, small_group=10) == f"3{N}из{N}8"
    assert format_value(share, 33, 80, small_group=10) == f"41,3{N}%"
    assert format_value(_indicator(unit="mark", denominator="b"), 167, 47) == "3,55"
    assert format_value(_indicator(unit="lessons", denominator="b"), 30, 4) == "7,5"
    assert format_value(_indicator(unit="count"), 480.0, float("nan")) == "480"
    assert format_value(_indicator(unit="count"), float("nan"), None) == "–"
    assert format_value(_indicator(unit="percent", denominator="b", digits=2), 1, 3) == f"33,33{N}%"
    people = _indicator(unit="percent", denominator="b", with_count=True)
    assert format_value(people, 783, 1258, small_group=10) == f"783/62,2{N}%"
    assert format_value(people, 3, 8, small_group=10) == f"3/37,5{N}%"
    assert format_value(people, 0, 0) == "–"


def test_flag_is_a_word():
    flag = _indicator(unit="flag", denominator="b")
    assert [format_value(flag, 1, 1), format_value(flag, 0, 1), format_value(flag, 0, 0)] == ["да", "нет", "–"]
    assert format_value(flag, 3, 4, small_group=None) == f"75,0{N}%"  # of several schools
