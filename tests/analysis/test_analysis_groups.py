"""Groups against the rest, many comparisons at once, the interval of a difference."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from soko.analysis.chance import binomial
from soko.analysis.groups import contrasts, fixed_p, holm
from soko.analysis.intervals import difference
from soko.analysis.significance import p_value


@st.composite
def shares(draw, least=1, most=60):
    size = draw(st.integers(least, most))
    return draw(st.integers(0, size)), size


def test_holm_by_hand():
    """The least of three is multiplied by 3, the next by 2, the last by 1; none falls below the one before."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=12), st.randoms())
def test_holm_keeps_order_and_is_never_bolder(values, dice):
    found = holm(values)
    assert all(given <= corrected <= 1 for given, corrected in zip(values, found, strict=True))
    mixed = list(range(len(values)))
    dice.shuffle(mixed)
    again = holm([values[at] for at in mixed])
    assert again == [found[at] for at in mixed]


def test_newcombe_as_published():
    """Newcombe 1998, table II, (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339."""
    low, high = difference(56, 70, 48, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    low, high = difference(10, 10, 0, 10)
    assert (round(low, 4), high) == (0.6075, 1.0)


@given(shares(), shares())
def test_difference_turns_with_the_groups(one, other):
    low, high = difference(*one, *other)
    assert -1 <= low <= one[0] / one[1] - other[0] / other[1] <= high <= 1
    back = difference(*other, *one)
    assert back == pytest.approx((-high, -low))


def test_a_class_is_held_against_the_others_not_against_the_whole():
    found = contrasts([(10, 20), (15, 30), (40, 50)], small_group=10)
    assert (found[0].rest_part, found[0].rest_base) == (55, 80)
    assert float(found[0].gap) == pytest.approx(50 - 68.75)
    raw = [p_value(10, 20, 55, 80), p_value(15, 30, 50, 70), p_value(40, 50, 25, 50)]
    assert [item.p for item in found] == pytest.approx(holm(raw))
    assert [item.standing for item in found] == ["unproven", "unproven", "above"]


def test_small_groups_and_small_rests_are_not_judged():
    found = contrasts([(1, 9), (20, 30)], small_group=10)
    assert [item.standing for item in found] == ["small", "small"]
    assert [item.p for item in found] == [None, None]
    (alone,) = contrasts([(5, 20)], small_group=10)
    assert (alone.standing, alone.gap, alone.p) == ("alone", None, None)


def test_within_the_threshold_or_one_pupil_nothing_differs():
    """52 % against 50 % of thousands: sure, and nothing within 2 п.п.; 10 of 20 against 11 of 20: one pupil."""
    big = contrasts([(2600, 5000), (25000, 50000)], small_group=10, stable=2)
    assert {item.standing for item in big} == {"same"}
    assert {item.standing for item in contrasts([(10, 20), (11, 20)], small_group=10)} == {"same"}


def test_marks_are_told_apart_by_the_threshold_alone():
    found = contrasts([(50, 100), (60, 100)], small_group=10, stable=2, tested=False)
    assert [(item.standing, item.p, item.interval) for item in found] == [
        ("below", None, None),
        ("above", None, None),
    ]


def test_sets_are_compared_apart_and_corrected_together():
    """Teachers of two subjects: the rest is of the own subject, but a reader sees four comparisons."""
    parts = [(30, 40), (10, 40), (39, 40), (38, 40)]
    found = contrasts(parts, small_group=10, within=["алгебра", "алгебра", "музыка", "музыка"])
    assert [item.rest_base for item in found] == [40] * 4
    one, other = p_value(30, 40, 10, 40), p_value(39, 40, 38, 40)
    assert [item.p for item in found] == pytest.approx(holm([one, one, other, other]))
    assert found[0].p == pytest.approx(4 * one)


@settings(deadline=None, max_examples=50)
@given(st.lists(shares(), min_size=2, max_size=8), st.randoms())
def test_order_of_groups_changes_nothing(parts, dice):
    mixed = list(range(len(parts)))
    dice.shuffle(mixed)
    found = contrasts(parts, small_group=10)
    assert contrasts([parts[at] for at in mixed], small_group=10) == [found[at] for at in mixed]


@settings(deadline=None)
@given(shares(most=40), st.floats(0.01, 0.99))
def test_against_a_fixed_share_as_scipy_has_it(own, share):
    exact = stats.binomtest(*own, share).pvalue
    observed = binomial(own[1], share)[own[0]]
    assert fixed_p(*own, share) == pytest.approx(min(1.0, exact - observed / 2), abs=1e-9)


def test_twenty_equal_classes_raise_no_alarm():
    """Without the correction one of these twenty is «below»; with it none is."""
    dice = random.Random(7)
    alarms = raw = 0
    for _ in range(60):
        parts = [(sum(dice.random() < 0.5 for _ in range(25)), 25) for _ in range(20)]
        alarms += any(item.standing in ("above", "below") for item in contrasts(parts, small_group=10))
        whole = (sum(part for part, _ in parts), 500)
        raw += any(p_value(*part, whole[0] - part[0], 475) < 0.05 for part in parts)
    assert alarms <= 6
    assert raw > 25
