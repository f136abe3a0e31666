"""A remembered verdict is the one that Great Expectations would give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from soko.errors import ConfigError, FailureError
from soko.validation import gx, verdict_file
from soko.validation.gx import Check
from soko.validation.verdicts import Verdicts

MARKS = st.sampled_from(["5", "4", "2", "н/а", "", "6", None])
NUMBERS = st.sampled_from([0, 1, 5, 70, -3, 2.5, None])


def check(name: str, expectation: str, **kwargs: Any) -> Check:
    return Check(name, name, f"expect_{expectation}", kwargs)


CHECKS = [
    check("set", "column_values_to_be_in_set", column="mark", value_set=["5", "4", "н/а"]),
    check("true", "column_values_to_be_in_set", column="fine", value_set=[True]),
    check("regex", "column_values_to_match_regex", column="mark", regex="^[2-5]$"),
    check("between", "column_values_to_be_between", column="missed", min_value=0, max_value=50),
    check("filled", "column_values_to_not_be_null", column="mark"),
    check("mostly", "column_values_to_not_be_null", column="missed", mostly=0.5),
    check("rows", "table_row_count_to_be_between", min_value=3),
    check("unique", "compound_columns_to_be_unique", column_list=["mark", "missed"]),
    check("pair", "column_pair_values_a_to_be_greater_than_b", column_A="missed", column_B="other", or_equal=True,
          ignore_row_if="either_value_is_missing"),
]  # fmt: skip
ROW = st.tuples(MARKS, st.booleans(), NUMBERS, NUMBERS)


def frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["mark", "fine", "missed", "other"])
    for name in ("missed", "other"):
        made[name] = made[name].astype("float64")
    return made


@pytest.mark.deep
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=12), later=st.lists(ROW, min_size=1, max_size=12))
def test_as_great_expectations_says_now_and_remembered(rows: Any, later: Any, tmp_path: Path) -> None:
    path = tmp_path / "v.json"
    path.unlink(missing_ok=True)
    for data in (rows, rows, later):
        memory = Verdicts(path)
        assert memory.judge("t", frame(data), CHECKS) == gx.run("t", frame(data), CHECKS)
        memory.save()


def test_what_is_known_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Verdicts(tmp_path / "v.json")
    data = frame([("5", True, 1, 0), ("6", False, 70, 0), (None, True, None, 0)])
    wanted = first.judge("t", data, CHECKS)
    first.save()
    assert verdict_file.read(tmp_path / "v.json")
    asked: list[Check] = []

    def run(_table: str, _frame: pd.DataFrame, rules: list[Check]) -> list[gx.Outcome]:
        asked.extend(rules)
        return [gx.Outcome(rule.id, True, 0, []) for rule in rules]

    monkeypatch.setattr(gx, "run", run)
    assert Verdicts(tmp_path / "v.json").judge("t", data, CHECKS) == wanted
    assert asked == []
    # Other rows of known values: only what is about the table as a whole is asked.
    other = frame([("6", False, 70, 0), ("5", True, 1, 0)] * 3)
    known = {item.id: item for item in Verdicts(tmp_path / "v.json").judge("t", other, CHECKS)}
    assert known["set"].failed == [0, 2, 4]
    assert {item.id for item in asked} == {"rows", "unique", "pair", "mostly"}


def test_an_unknown_value_is_asked_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = CHECKS[0]
    memory = Verdicts(tmp_path / "v.json")
    memory.judge("t", frame([("5", True, 1, 0)]), [rule])
    memory.save()
    real, seen = gx.run, list[list[Any]]()

    def run(table: str, asked: pd.DataFrame, rules: list[Check]) -> list[gx.Outcome]:
        seen.extend(asked[name].dropna().tolist() for name in asked)
        return real(table, asked, rules)

    monkeypatch.setattr(gx, "run", run)
    data = frame([("5", True, 1, 0)] * 1000 + [("кол", True, 1, 0)])
    (outcome,) = Verdicts(tmp_path / "v.json").judge("t", data, [rule])
    assert outcome.failed == [1000]
    assert seen == [["5", "кол"]]


def test_a_changed_rule_is_judged_anew(tmp_path: Path) -> None:
    data = frame([("5", True, 1, 0), ("4", True, 1, 0)])
    for allowed, failed in ((["5", "4"], []), (["5"], [1])):
        memory = Verdicts(tmp_path / "v.json")
        rule = check("set", "column_values_to_be_in_set", column="mark", value_set=allowed)
        assert memory.judge("t", data, [rule])[0].failed == failed
        memory.save()


def test_nothing_is_remembered_of_an_expectation_that_raised(tmp_path: Path) -> None:
    memory = Verdicts(tmp_path / "v.json")
    with pytest.raises(FailureError):
        memory.judge("t", frame([("5", True, 1, 0)]), [check("x", "column_values_to_not_be_null", column="absent")])
    with pytest.raises(ConfigError):
        memory.judge("t", frame([("5", True, 1, 0)]), [check("x", "nothing")])
    assert not verdict_file.read(tmp_path / "v.json")


def test_no_value_stands_in_the_file(tmp_path: Path) -> None:
    memory = Verdicts(tmp_path / "v.json")
    memory.judge("t", frame([("Иванов", True, 1, 0)]), CHECKS[:1])
    memory.save()
    text = (tmp_path / "v.json").read_text(encoding="utf-8")
    assert "Иванов" not in json.loads(text).__repr__()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"great_expectations": "0", "verdicts": {"a": true}}'])
def test_a_damaged_memory_is_no_memory(text: str, tmp_path: Path) -> None:
    (tmp_path / "v.json").write_text(text, encoding="utf-8")
    assert not verdict_file.read(tmp_path / "v.json")


def test_another_periods_verdicts_are_known_and_become_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = frame([("5", True, 1, 0), ("6", False, 70, 0)])
    other = Verdicts(tmp_path / "before.json")
    wanted = other.of("t").judge("t", data, CHECKS)
    other.save()
    monkeypatch.setattr(gx, "run", lambda *_: pytest.fail("asked again"))
    own = Verdicts(tmp_path / "now.json", [tmp_path / "before.json", tmp_path / "absent.json"])
    assert own.of("t").judge("t", data, CHECKS) == wanted
    own.save()
    assert Verdicts(tmp_path / "now.json").of("u").judge("t", data, CHECKS) == wanted


def test_verdicts_of_a_group_that_is_not_judged_are_kept(tmp_path: Path) -> None:
    path, data = tmp_path / "v.json", frame([("5", True, 1, 0)])
    first = Verdicts(path)
    for group in ("a", "b", "c"):
        first.of(group).judge("t", data, [check(group, "column_values_to_be_in_set", column="mark", value_set=[group])])
    first.save()
    second = Verdicts(path)
    second.keep("a")
    second.of("b").judge("t", data, [check("b", "column_values_to_be_in_set", column="mark", value_set=["b"])])
    second.save()
    assert set(json.loads(path.read_text(encoding="utf-8"))["verdicts"]) == {"a", "b"}
