"""What is hidden cannot be worked out, what need not be hidden is shown, and the same data hide the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from tables_by_chance import LIMITS, amount, table, tables, worked_out

from soko.disclosure.attack import Audit
from soko.disclosure.problem import Problem
from soko.disclosure.protect import protect


def hidden_keys(problem: Problem) -> set[object]:
    return {problem.amounts[at].key for at in protect(problem).hidden}


def test_a_table_without_small_counts_is_shown_whole() -> None:
    assert hidden_keys(table(np.array([[10, 0, 7], [5, 25, 8]]))) == set()


def test_one_small_count_takes_its_rectangle_with_it() -> None:
    """3 hides another cell of its row and of its column, and the corner that closes the rectangle."""
    problem = table(np.array([[3, 20, 30], [12, 11, 40], [50, 60, 70]]))
    assert hidden_keys(problem) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert not protect(problem).loosened
    found = protect(problem)
    assert Audit(problem, found.hidden).range(0) == (1, 4)


def test_small_beside_small_say_nothing_of_their_size() -> None:
    """1 + 2 = 3, all three «< 5»: a reader would know 1 to 3 of the first; without their signs, 0 to 4."""
    amounts = (amount("boys", 1), amount("girls", 2), amount("all", 3, 1))
    problem = Problem(amounts, (((0, 1.0), (1, 1.0), (2, -1.0)),), LIMITS)
    found = protect(problem)
    assert found.loosened == {0, 1}
    assert (found.added, found.exposed) == ({}, {})
    assert worked_out(problem, found, 0) == (0, 4)


def test_what_has_left_the_school_is_not_hidden_any_more() -> None:
    """Row, column and their totals were published before: the small count is exposed, and that is said."""
    problem = table(np.array([[3, 20], [12, 11]]))
    frozen = tuple(replace(item, frozen=item.key != (0, 0)) for item in problem.amounts)
    found = protect(replace(problem, amounts=frozen))
    assert found.added == {}
    assert found.exposed == {0: (3, 3)}


def test_the_rest_of_a_share_is_protected_too() -> None:
    """23 of 24 passed: the one who did not is a count of 1, though no table shows it."""
    amounts = (
        amount("passed", 23),
        amount("base", 24, 1),
        replace(amount("rest", 1), virtual=True, bounds=(0, None)),
    )
    problem = Problem(amounts, (((0, 1.0), (2, 1.0), (1, -1.0)),), LIMITS)
    assert hidden_keys(problem) == {"passed", "rest"}


def test_a_mean_tells_of_its_marks() -> None:
    """Fives, fours, threes with their number and their sum: two unknowns can be solved for, so a third is hidden."""
    marks = {5: 3, 4: 12, 3: 9}
    amounts = [amount(mark, number) for mark, number in marks.items()]
    amounts += [amount("number", 24, 2), amount("sum", sum(m * n for m, n in marks.items()), 2)]
    number = (*((at, 1.0) for at in range(3)), (3, -1.0))
    total = (*((at, float(mark)) for at, mark in enumerate(marks)), (4, -1.0))
    problem = Problem(tuple(amounts), (number, total), LIMITS)
    found = protect(problem)
    assert len(found.hidden) >= 3
    assert worked_out(problem, found, 0)[1] >= 4


def test_figures_that_do_not_add_up_are_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        Problem((amount("a", 3), amount("b", 4)), (((0, 1.0), (1, -1.0)),), LIMITS)


@given(tables())
@settings(max_examples=20, deadline=None)
def test_nobody_can_work_out_a_hidden_count(problem: Problem) -> None:
    """Checked by integer programming over the whole table, not by the programmes that chose what to hide."""
    found = protect(problem)
    for at, item in enumerate(problem.amounts):
        if item.sensitive and at not in found.exposed:
            low, high = worked_out(problem, found, at)
            assert high - low + 1 >= LIMITS.values, item.key
            assert low <= item.value <= high


@given(tables())
@settings(max_examples=12, deadline=None)
def test_the_same_table_hides_the_same_and_no_more_is_shown_than_needed(problem: Problem) -> None:
    found = protect(problem)
    assert protect(problem) == found
    shown = set(range(len(problem.amounts))) - found.hidden
    assert not any(problem.amounts[at].sensitive for at in shown)
    assert found.hidden == set() or found.primary
