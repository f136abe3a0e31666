"""The index of key indicators: a weighted mean, what is missing, and how much it depends on the weights."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, strategies as st

from soko.analysis.composite import composite, places, scenarios, score, sensitivity

NAMES = ["quality", "success", "works", "visits"]
points = st.floats(0, 100)
weights = st.fixed_dictionaries({name: st.floats(0.1, 10) for name in NAMES})


def test_points_lie_on_a_line_and_stop_at_its_ends():
    assert score(60, 40, 90) == pytest.approx(40)
    assert (score(30, 40, 90), score(99, 40, 90)) == (0, 100)
    assert score(5, 20, 0) == pytest.approx(75)  # fewer missed lessons are better
    assert (score(25, 20, 0), score(-1, 20, 0)) == (0, 100)
    with pytest.raises(ValueError, match="равны"):
        score(1, 2, 2)


def test_index_by_hand():
    found = composite({"quality": 50, "success": 90}, {"quality": 3, "success": 1})
    assert (found.value, found.coverage, found.missing) == (60, 1, ())
    assert found.shares == {"quality": 0.75, "success": 0.25}


def test_missing_indicators_hand_their_weight_on_and_are_named():
    found = composite({"quality": 50, "success": 90}, {"quality": 3, "success": 1, "works": 4}, 0.5)
    assert (found.value, found.coverage, found.missing) == (60, 0.5, ("works",))
    few = composite({"quality": 50, "success": 90}, {"quality": 3, "success": 1, "works": 4.1}, 0.5)
    assert few.value is None
    assert composite({}, {"quality": 1}).value is None


def test_wrong_weights_are_refused():
    with pytest.raises(ValueError, match="отрицательными"):
        composite({"quality": 1}, {"quality": -1})
    with pytest.raises(ValueError, match="нет веса: works"):
        composite({"works": 1}, {"quality": 1})


@given(st.dictionaries(st.sampled_from(NAMES), points, min_size=1), weights, st.floats(0.01, 1000))
def test_index_lies_between_its_points_and_only_ratios_of_weights_matter(scores, given_weights, times):
    found = composite(scores, given_weights)
    assert min(scores.values()) - 1e-6 <= found.value <= max(scores.values()) + 1e-6
    again = composite(scores, {name: weight * times for name, weight in given_weights.items()})
    assert again.value == pytest.approx(found.value, abs=1e-6)
    assert sum(found.shares.values()) == pytest.approx(1)


def test_sensitivity_by_hand():
    """Points 40 and 80 with weights 3 and 1: 50. Half and one and a half of a weight, each left out, both equal."""
    found = sensitivity({"quality": 40, "success": 80}, {"quality": 3, "success": 1, "works": 5}, 0.5)
    assert found.moved["quality"] == pytest.approx((40 * 4.5 / 5.5 + 80 / 5.5, 56))
    assert found.moved["success"] == pytest.approx((40 * 3 / 3.5 + 80 * 0.5 / 3.5, (120 + 120) / 4.5))
    assert found.without == {"quality": 80, "success": 40}
    assert (found.equal, found.low, found.high) == (60, 40, 80)
    (alone,) = sensitivity({"quality": 40}, {"quality": 3}, 0.5).without.values()
    assert alone is None
    assert sensitivity({}, {"quality": 3}, 0.5) is None


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, points)), weights, st.floats(0.05, 0.95))
def test_the_index_lies_in_its_range(scores, given_weights, step):
    found = sensitivity(scores, given_weights, step)
    value = composite(scores, given_weights).value
    assert found.low <= value <= found.high
    assert all(found.low <= low <= value <= high <= found.high for low, high in found.moved.values())


def test_places_by_hand():
    """А is better at one thing, Б at the other, В worse at both: which of the first two leads hangs on weights."""
    groups = {
        "А": {"quality": 90, "success": 50},
        "Б": {"quality": 60, "success": 95},
        "В": {"quality": 10, "success": 5},
    }
    found = places(groups, {"quality": 3, "success": 1}, 0.5)
    assert {name: (item.first, item.last, item.best, item.worst) for name, item in found.items()} == {
        "А": (1, 1, 1, 2),
        "Б": (2, 2, 1, 2),
        "В": (3, 3, 3, 3),
    }


def test_equal_groups_share_their_places():
    groups = {
        "А": {"quality": 50, "success": 50},
        "Б": {"quality": 50, "success": 50},
        "В": {"quality": 70, "success": 70},
    }
    found = places(groups, {"quality": 0.1, "success": 0.2}, 0.5)
    assert [(found[name].first, found[name].last) for name in "АБВ"] == [(2, 3), (2, 3), (1, 1)]


@given(
    st.dictionaries(st.sampled_from("АБВГДЕ"), st.fixed_dictionaries(dict.fromkeys(NAMES, points)), min_size=1), weights
)
def test_places_do_not_hang_on_the_order_and_contain_the_place_chosen(groups, given_weights):
    found = places(groups, given_weights, 0.5)
    assert all(item.best <= item.first <= item.last <= item.worst for item in found.values())
    backwards = dict(reversed(groups.items()))
    assert places(backwards, given_weights, 0.5) == found


def test_groups_with_other_indicators_are_not_ranked_together():
    with pytest.raises(ValueError, match="одним и тем же"):
        places({"А": {"quality": 1}, "Б": {"success": 1}}, {"quality": 1, "success": 1}, 0.5)


@given(weights)
def test_no_scenario_forgets_all_weights(given_weights):
    assume(len(given_weights) > 1)
    made = scenarios(given_weights, 0.5)
    assert len(made) == 3 * len(given_weights) + 1
    assert all(sum(changed.values()) > 0 for changed in made.values())
