"""The real school's marks: every independently computed figure, by class, school and over both schools."""

from __future__ import annotations

import clean_workspace as cw
import pandas as pd
import plain
import pytest

from soko.indicators import compute, load_catalogue, rows

UCI = cw.REPO.parent / "shared" / "data" / "uci_student_expected"
pytestmark = pytest.mark.skipif(not UCI.is_dir(), reason="нет набора uci_student_expected рядом с репозиторием")

PUPILS = {
    "excellent": "outcomes.excellent",
    "good": "outcomes.good",
    "only45": "outcomes.quality",
    "one3": "outcomes.one_three",
    "failing": "outcomes.failing",
    "not_attested": "outcomes.not_attested",
}
COUNTS = {name: f"subjects.{name}" for name in ("n5", "n4", "n3", "n2", "n_na")}
VALUES = {
    True: {"success_pct": "subjects.success", "quality_pct": "subjects.quality", "sou": "subjects.sou"},
    False: {
        "success_marked_pct": "subjects.success",
        "quality_marked_pct": "subjects.quality",
        "sou_marked": "subjects.sou",
    },
}
LEVELS = {"class": ["school_id", "class"], "school": ["school_id"], "overall": []}


@pytest.fixture(scope="module", params=[True, False], ids=["na_in_base", "marked"])
def computed(request, tmp_path_factory):
    """term -> tidy table; marks of the three terms go to the three trimesters. The second way agrees with each."""
    workspace = cw.make(tmp_path_factory.mktemp("uci"), na_in_base=request.param)
    pupils = pd.read_csv(UCI / "pupils.csv", dtype=str)
    marks = pd.read_csv(UCI / "marks.csv", dtype=str).merge(pupils, on="pupil_id")
    result = {}
    for term in ("1", "2", "3"):
        period = cw.put(workspace, f"2025-2026/t{term}", pupils=pupils, marks=marks[marks["term"] == term])
        result[term] = compute(workspace, period)
        second = plain.expected(workspace, period, load_catalogue(workspace, bind=False).for_period(period))
        assert not plain.disagreements(result[term], second)
    return request.param, result


def _expected(kind: str, level: str) -> pd.DataFrame:
    return pd.read_csv(UCI / f"expected_{kind}_{level}.csv", dtype={"term": str})


def _found(frame: pd.DataFrame, indicator: str, level: str, by: list[str]) -> pd.DataFrame:
    names = [*by, "class"] if level == "class" else by
    return rows(frame, indicator, names, school_id="" if level == "overall" else None)


@pytest.mark.parametrize("level", LEVELS)
def test_pupil_counts_and_shares(computed, level):
    _, frames = computed
    checked = 0
    for term, expected in _expected("pupil", level).groupby("term"):
        for column, indicator in PUPILS.items():
            found = _found(frames[term], indicator, level, [])
            joined = expected.merge(found, on=LEVELS[level], how="outer") if LEVELS[level] else None
            if joined is None:
                joined = pd.concat([expected.reset_index(drop=True), found], axis=1)
            assert len(joined) == len(expected) == len(found)
            assert (joined[column] == joined["numerator"]).all(), (term, column)
            assert (joined["pupils"] == joined["denominator"]).all()
            if f"{column}_pct" in joined:
                assert (joined[f"{column}_pct"] - joined["value"]).abs().max() < 1e-9
            checked += len(joined)
    assert checked >= 3 * len(PUPILS)


@pytest.mark.parametrize("level", LEVELS)
def test_subject_values(computed, level):
    na_in_base, frames = computed
    keys = [*LEVELS[level], "subject"]
    for term, expected in _expected("subject", level).groupby("term"):
        wanted = {**COUNTS, **VALUES[na_in_base], "mean_mark": "subjects.mean_mark"}
        for column, indicator in wanted.items():
            found = _found(frames[term], indicator, level, ["subject"])
            joined = expected.merge(found, on=keys, how="outer")
            assert len(joined) == len(expected) == len(found)
            assert (joined[column] - joined["value"]).abs().max() < 1e-9, (term, column)
            if indicator in VALUES[True].values():
                assert (joined["N" if na_in_base else "N_marked"] == joined["denominator"]).all()
