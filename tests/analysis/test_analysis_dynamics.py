"""Change, run charts, funnels, ranks: nothing is called better or worse that may be chance."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from soko.analysis.chance import binomial
from soko.analysis.funnel import ALARM, WARNING, limits, place
from soko.analysis.ranking import ranks
from soko.analysis.run_chart import MINIMUM, SHIFT, TREND, run_chart
from soko.analysis.significance import p_value, p_values


@st.composite
def shares(draw, most=60):
    size = draw(st.integers(1, most))
    return draw(st.integers(0, size)), size


@settings(deadline=None)
@given(shares(), shares())
def test_fisher_as_scipy_has_it(now, before):
    table = [[now[0], now[1] - now[0]], [before[0], before[1] - before[0]]]
    assert p_value(*now, *before, mid=False) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)


@settings(deadline=None)
@given(shares(), shares())
def test_the_test_has_no_favourites(now, before):
    p = p_value(*now, *before)
    assert 0 < p <= 1
    assert p == pytest.approx(p_value(*before, *now))
    failures = [(size - part, size) for part, size in (now, before)]
    assert p == pytest.approx(p_value(*failures[0], *failures[1]))
    assert p <= p_value(*now, *before, mid=False)


@given(shares(), st.integers(1, 5))
def test_equal_shares_are_never_a_change(now, times):
    assert p_value(*now, now[0] * times, now[1] * times, mid=False) == pytest.approx(1)
    assert p_value(*now, now[0] * times, now[1] * times) >= 0.5 - 1e-9


def test_mid_p_by_hand():
    """3 of 3 against 0 of 3: the table is one of 20 and so is its mirror; half of itself is not counted."""
    assert p_value(3, 3, 0, 3, mid=False) == pytest.approx(2 / 20)
    assert p_value(3, 3, 0, 3) == pytest.approx(1.5 / 20)


def test_mid_p_errs_as_often_as_it_says():
    """Two classes of 25 with the same chance: at 5 % the test cries in 3 to 6 % of the cases, Fisher's in under 4 %."""
    for share in (0.3, 0.5):
        chances = binomial(25, share)
        cries = {
            mid: sum(
                a * b
                for x, a in enumerate(chances)
                for y, b in enumerate(chances)
                if p_value(x, 25, y, 25, mid=mid) < 0.05
            )
            for mid in (True, False)
        }
        assert 0.03 < cries[True] < 0.06
        assert cries[False] < 0.04


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(shares(), shares()), min_size=1, max_size=12))
def test_many_at_once_are_the_same_one_by_one(pairs):
    many = p_values(*zip(*((*now, *before) for now, before in pairs), strict=True))
    assert many == pytest.approx([p_value(*now, *before) for now, before in pairs], rel=1e-9)


def test_many_at_once_beyond_the_table_and_in_pieces(monkeypatch):
    """Two districts of 30 thousand: the logarithms come from the series then; pieces are only a matter of memory."""
    from soko.analysis import significance

    rows = [(15_300, 30_000, 14_900, 30_000), (3, 7, 2, 9), (20_000, 40_000, 1, 3)]
    whole = p_values(*zip(*rows, strict=True))
    assert whole == pytest.approx([p_value(*row) for row in rows], rel=1e-6)
    monkeypatch.setattr(significance, "_AT_ONCE", 100)
    assert p_values(*zip(*rows, strict=True)) == pytest.approx(whole, rel=1e-12)


def test_what_is_no_share_has_no_p():
    none = float("nan")
    found = p_values([1.5, 4, 0, none, 3], [3, 3, 0, 3, 3], [1, 1, 1, 1, 0], [3, 3, 3, 3, 3])
    assert [value == value for value in found] == [False, False, False, False, True]
    assert found[-1] == pytest.approx(1.5 / 20)


def test_large_groups_do_not_overflow():
    assert p_value(50_300, 100_000, 50_000, 100_000) == pytest.approx(0.18, abs=0.01)


@pytest.mark.parametrize("parts", [(1.5, 3, 1, 3), (4, 3, 1, 3), (0, 0, 1, 3), (-1, 3, 1, 3)])
def test_what_is_no_share_is_refused(parts):
    with pytest.raises(ValueError, match="не доля"):
        p_value(*parts)


UPS = st.lists(st.one_of(st.none(), st.integers(0, 6).map(float)), max_size=40)


@given(UPS)
def test_run_chart_turns_with_the_sign_and_ignores_the_unit(values):
    chart = run_chart(values)
    if sum(value is not None for value in values) < MINIMUM:
        assert chart is None
        return
    for factor, offset in ((-1, 0), (3, 7)):
        other = run_chart([None if value is None else value * factor + offset for value in values])
        turned = {"up": "down", "down": "up"} if factor < 0 else {"up": "up", "down": "down"}
        assert [(s.kind, turned[s.direction], s.first, s.last) for s in chart.signals] == [
            (s.kind, s.direction, s.first, s.last) for s in other.signals
        ]


@given(UPS)
def test_every_signal_is_what_the_rule_says(values):
    chart = run_chart(values)
    for signal in chart.signals if chart else ():
        span = values[signal.first : signal.last + 1]
        assert None not in span
        if signal.kind == "shift":
            sides = [value > chart.center for value in span if value != chart.center]
            assert len(sides) >= SHIFT
            assert set(sides) == {signal.direction == "up"}
        else:
            steps = [b - a for a, b in pairwise(span) if a != b]
            assert len(steps) + 1 >= TREND
            assert {step > 0 for step in steps} == {signal.direction == "up"}


@pytest.mark.parametrize(
    ("values", "signals"),
    [
        ([1, 2] * 6, []),
        ([9, 1] * 2 + [5, 5] + [9] * 7 + [1] * 7, []),  # seven on a side are not eight
        ([1] * 8 + [9] * 8, [("shift", "down", 0, 7), ("shift", "up", 8, 15)]),
        ([1] * 4 + [5] + [1] * 4 + [9] * 8, [("shift", "down", 0, 8), ("shift", "up", 9, 16)]),  # 5 is the median
        ([1] * 4 + [None] + [1] * 4 + [9] * 8, [("shift", "up", 9, 16)]),
        ([5, 4, 5, 4, 5, 4, 1, 2, 3, 4, 5, 6], [("trend", "up", 6, 11)]),
        ([5, 4, 5, 4, 5, 4, 5, 2, 3, 4, 5, 6], []),  # five
        ([6, 5, 4, 4, 3, 2, 1, 4, 5, 4, 5, 4], [("trend", "down", 0, 6)]),  # a repeated value neither counts nor breaks
        ([6, 5, 4, None, 3, 2, 1, 4, 5, 4, 5, 4, 5], []),
    ],
)
def test_signals_by_hand(values, signals):
    found = run_chart(values).signals
    assert [(s.kind, s.direction, s.first, s.last) for s in found] == signals


def test_the_word_of_a_run_chart():
    chart = run_chart([1] * 8 + [9] * 8)
    assert chart.now == "up"
    assert [chart.verdict(better) for better in ("up", "down", "none")] == ["improved", "worse", "changed"]
    assert run_chart([1, 2] * 6).verdict("up") == "stable"
    assert run_chart([9] * 8 + [1, 9] * 2).now is None  # what was long ago is not now
    assert run_chart([1] * (MINIMUM - 1)) is None


def test_chance_alone_seldom_makes_a_signal():
    dice = random.Random(1)
    charts = [run_chart([dice.random() for _ in range(16)]) for _ in range(500)]
    assert sum(bool(chart.signals) for chart in charts) < 0.1 * 500


@settings(deadline=None)
@given(st.integers(1, 120), st.floats(0, 1), st.sampled_from([0.8, WARNING, ALARM]))
def test_limits_are_the_exact_ones(size, target, confidence):
    low, high = limits(size, target, confidence)
    law = stats.binom(size, target)
    assert law.cdf(round(high * size)) - law.cdf(round(low * size) - 1) >= confidence - 1e-9
    assert law.cdf(round(low * size) - 1) <= (1 - confidence) / 2 + 1e-9
    assert law.sf(round(high * size)) <= (1 - confidence) / 2 + 1e-9
    wide = limits(size, target, 0.999)
    assert wide.low <= low <= high <= wide.high


def test_place_in_the_funnel():
    assert limits(25, 0.5) == (8 / 25, 17 / 25)
    assert [place(k, 25, 0.5) for k in (4, 7, 8, 17, 18, 21)] == [
        "far_below",
        "below",
        "inside",
        "inside",
        "above",
        "far_above",
    ]
    assert place(0, 5, 0.5) == "inside"  # five pupils prove nothing
    assert place(3, 3, 1.0) == "inside"
    with pytest.raises(ValueError, match="нет границ"):
        limits(0, 0.5)


groups = st.lists(shares(40), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(groups, st.sampled_from(["up", "down"]), st.randoms(use_true_random=False))
def test_ranks_hold_together(parts, better, dice):
    found = ranks(parts, better=better)
    for rank in found:
        assert 1 <= rank.best <= rank.first <= rank.last <= rank.worst <= len(parts)
    assert sorted(
        at for first, last in {(rank.first, rank.last) for rank in found} for at in range(first, last + 1)
    ) == [*range(1, len(parts) + 1)]
    order = list(range(len(parts)))
    dice.shuffle(order)
    assert ranks([parts[at] for at in order], better=better) == [found[at] for at in order]
    mirrored = ranks(parts, better="down" if better == "up" else "up")
    n = len(parts)
    for one, other in zip(found, mirrored, strict=True):
        assert (one.first, one.last) == (n + 1 - other.last, n + 1 - other.first)
        assert (one.best, one.worst) == (n + 1 - other.worst, n + 1 - other.best)


def test_ranks_by_hand():
    found = ranks([(24, 25), (10, 20), (5, 10), (1, 25)])
    assert [(rank.first, rank.last) for rank in found] == [(1, 1), (2, 3), (2, 3), (4, 4)]
    assert [rank.is_tied for rank in found] == [False, True, True, False]
    assert [(rank.best, rank.worst) for rank in found] == [(1, 1), (2, 3), (2, 3), (4, 4)]
    assert [(rank.best, rank.worst) for rank in ranks([(5, 8), (4, 8), (3, 8)])] == [(1, 3)] * 3
