"""Great Expectations behind one function: what failed, what raised, what was refused."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest
from validation_builders import REPO

from soko.errors import ConfigError, FailureError
from soko.validation import gx

FRAME = pd.DataFrame({"mark": ["5", "7", None, "7"], "n": [1, 2, 3, 4]}, index=[10, 20, 30, 40])


def check(expectation: str, **kwargs: object) -> gx.Check:
    return gx.Check("a_rule", "Правило", expectation, kwargs)


def test_failed_rows_are_labels_of_the_frame():
    rule = check("expect_column_values_to_be_in_set", column="mark", value_set=["5"])
    (outcome,) = gx.run("marks", FRAME, [rule])
    assert (outcome.success, outcome.failed, outcome.checked) == (False, [20, 40], 3)


def test_all_failed_rows_come_back_not_only_the_first_twenty():
    frame = pd.DataFrame({"mark": ["7"] * 5000})
    rule = check("expect_column_values_to_be_in_set", column="mark", value_set=["5"])
    assert len(gx.run("marks", frame, [rule])[0].failed) == 5000


def test_outcomes_keep_the_order_of_the_rules():
    rules = [
        gx.Check("n", "N", "expect_column_values_to_be_between", {"column": "n", "max_value": 1}),
        gx.Check("rows", "Rows", "expect_table_row_count_to_equal", {"value": 4}),
        gx.Check("mark", "Mark", "expect_column_values_to_not_be_null", {"column": "mark"}),
    ]
    outcomes = gx.run("marks", FRAME, rules)
    assert [(item.id, item.success, item.failed) for item in outcomes] == [
        ("n", False, [20, 30, 40]), ("rows", True, []), ("mark", False, [30])
    ]  # fmt: skip


def test_expectation_about_the_table_gives_what_was_observed():
    (outcome,) = gx.run("marks", FRAME, [check("expect_table_row_count_to_equal", value=5)])
    assert (outcome.success, outcome.failed, outcome.observed) == (False, [], 4)


def test_an_expectation_that_raises_is_our_failure_not_a_finding():
    rules = [
        gx.Check("good", "Хорошее", "expect_column_values_to_not_be_null", {"column": "n"}),
        gx.Check("bad", "Плохое", "expect_column_values_to_not_be_null", {"column": "absent"}),
    ]
    with pytest.raises(FailureError, match="Плохое") as caught:
        gx.run("marks", FRAME, rules)
    assert caught.value.exit_code == 3


def test_a_value_that_cannot_be_compared_is_our_failure_and_is_not_quoted():
    frame = pd.DataFrame({"n": [1, "Иванов Иван", object()]})
    with pytest.raises(FailureError) as caught:
        gx.run("marks", frame, [check("expect_column_values_to_be_between", column="n", min_value=0)])
    assert "Иванов" not in str(caught.value)


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"raised_exception": False, "exception_traceback": None, "exception_message": None}, False),
        ({"raised_exception": True, "exception_traceback": "t", "exception_message": "m"}, True),
        ({"metric one": {"raised_exception": True, "exception_traceback": "t"}}, True),
        ({"metric one": {"raised_exception": False}, "metric two": {"raised_exception": True}}, True),
        ({"metric one": {"exception_traceback": "t", "exception_message": "m"}}, True),
        ({"metric one": {"raised_exception": False}}, False),
        ({}, False),
        (None, False),
    ],
)
def test_both_shapes_of_exception_info_are_understood(info, expected):
    assert gx.raised(info) is expected


def test_unknown_expectation_and_wrong_arguments_are_errors_of_the_rule():
    with pytest.raises(ConfigError, match="expect_nothing"):
        gx.run("marks", FRAME, [check("expect_nothing")])
    with pytest.raises(ConfigError, match="аргументы"):
        gx.run("marks", FRAME, [check("expect_column_values_to_be_in_set", column="mark", valueset=["5"])])


def test_great_expectations_is_imported_only_when_something_is_checked():
    code = (
        "import sys, soko.validation, soko.validation.gx as gx, pandas as pd; gx.run('marks', pd.DataFrame(), []); "
        "assert 'great_expectations' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPO)


def test_only_one_module_names_great_expectations():
    users = [
        path.name
        for path in sorted((REPO / "src").rglob("*.py"))
        if "import great_expectations" in (text := path.read_text(encoding="utf-8"))
        or "from great_expectations" in text
    ]
    assert users == ["gx.py"]
