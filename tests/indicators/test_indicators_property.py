"""Properties over invented schools: the parts add up, order does not matter, and a second implementation agrees."""

from __future__ import annotations

from datetime import date

import clean_workspace as cw
import pandas as pd
import plain_pandas as plain
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from soko.indicators import compute, load_catalogue
from soko.indicators.model import DIMENSIONS

END = date(2025, 12, 30)
CLASSES = ["1А", "2А", "5А", "5Б", "10А"]
MARKS = ["5", "4", "3", "2", "н/а", "осв", "зач", None]
SUBJECTS = ["Математика", "Русский язык", "Поведение"]
DAYS = st.sampled_from([None, date(2025, 9, 1), date(2025, 10, 28), date(2025, 12, 1), END, date(2026, 1, 15)])


@st.composite
def schools(draw):
    """Pupils and marks of two schools that share names of classes and ids of pupils."""
    pupils, marks = [], []
    for school in ("s1", "s2"):
        for number in range(draw(st.integers(0, 6))):
            who = {"school_id": school, "pupil_id": f"p_{number}"}
            sex, cls = draw(st.sampled_from("мж")), draw(st.sampled_from(CLASSES))
            came, left = sorted([draw(DAYS), draw(DAYS)], key=lambda day: day or date.max)
            came, left = (None, came) if left is None and draw(st.booleans()) else (came, left)
            pupils.append({**who, "class": cls, "sex": sex, "arrived_on": came, "left_on": left})
            marks += [
                {
                    **who,
                    "subject": subject,
                    "mark": draw(st.sampled_from(MARKS)),
                    "teacher_id": draw(st.sampled_from("тк")),
                }
                for subject in SUBJECTS
                if draw(st.booleans())
            ]
    pupils.append(
        {"school_id": "s1", "pupil_id": "p_x", "class": "5А", "sex": "м", "arrived_on": None, "left_on": None}
    )
    marks.append({"school_id": "s1", "pupil_id": "p_x", "subject": "Математика", "mark": "4", "teacher_id": "т"})
    return pupils, marks, draw(st.booleans())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return cw.make(tmp_path_factory.mktemp("property"))


RELAXED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def _computed(workspace, school, reverse=False):
    pupils, marks, na_in_base = school
    cw.set_conventions(workspace.root, na_in_base=na_in_base, halfyear_grades=[10, 11])
    step = -1 if reverse else 1
    period = cw.put(workspace, "2025-2026/q2", pupils=pupils[::step], marks=marks[::step])
    return compute(workspace, period)


@RELAXED
@given(schools())
def test_a_second_implementation_agrees(workspace, school):
    frame = _computed(workspace, school)
    pupils, marks, na_in_base = school
    listed = pd.DataFrame(pupils)
    listed["grade"] = [int(name[:-1]) for name in listed["class"]]
    listed["level"] = ["НОО" if grade < 5 else "ООО" if grade < 10 else "СОО" for grade in listed["grade"]]
    base = plain.base_marks(listed, pd.DataFrame(marks).rename(columns={"teacher_id": "teacher"}), END, {1, 10, 11})
    catalogue = load_catalogue(workspace, bind=False)
    expected = plain.groups(base, catalogue["outcomes.quality"].dimensions, plain.outcomes)
    expected |= plain.groups(
        base, catalogue["subjects.quality"].dimensions, lambda part: plain.subjects(part, na_in_base)
    )
    found = plain.as_dict(frame[frame["indicator"].str.startswith(("outcomes.", "subjects."))])
    assert found.keys() == expected.keys()
    for key, (top, bottom) in expected.items():
        assert found[key][:2] == (top, bottom), key
        scale = 1 if key[0] in ("subjects.sou", "subjects.mean_mark") or bottom is None else 100
        assert abs(found[key][2] - top / (bottom or 1) * scale) < 1e-12


@RELAXED
@given(schools())
def test_order_of_rows_is_irrelevant(workspace, school):
    pd.testing.assert_frame_equal(_computed(workspace, school), _computed(workspace, school, reverse=True))


@RELAXED
@given(schools())
def test_parts_sum_to_the_whole_and_stay_in_bounds(workspace, school):
    frame = _computed(workspace, school)
    # A row's set is which dimensions it fills; the parts of one set must sum to the row that fills none.
    filled = frame[list(DIMENSIONS)].ne("").assign(grade=frame["grade"].notna())
    sets = filled.apply(lambda row: "×".join(name for name in list(DIMENSIONS) if row[name]), axis=1)
    sums = frame.groupby(["indicator", frame["school_id"] != "", sets])[["numerator", "denominator"]].sum()
    for (indicator, _, _), part in sums.iterrows():
        whole = sums.loc[(indicator, False, "")]
        # A class that began empty has arrivals but no turnover, since its share has no denominator.
        assert part["numerator"] == whole["numerator"] or indicator == "movement.turnover"
        assert part["denominator"] == whole["denominator"]
    assert (frame["numerator"] >= 0).all()
    catalogue = load_catalogue(workspace, bind=False)
    for indicator, got in frame.groupby("indicator"):
        item = catalogue[indicator]
        if item.unit == "percent" and item.id != "movement.turnover":
            assert got["value"].between(0, 100).all()
            if item.scale == 100:
                assert (got["numerator"] <= got["denominator"]).all()
    _ordered(frame, "outcomes.quality", "outcomes.success")
    _ordered(frame, "outcomes.excellent", "outcomes.quality")
    _ordered(frame, "outcomes.one_three", "outcomes.three")
    _ordered(frame, "subjects.quality", "subjects.success")
    _balance(frame)


def _ordered(frame, less, more):
    keys = ["school_id", *DIMENSIONS]
    both = frame[frame["indicator"] == less].merge(frame[frame["indicator"] == more], on=keys, how="outer")
    assert (both["numerator_x"] <= both["numerator_y"]).all()


def _balance(frame):
    """End = start + arrived − left in every group; categories of pupils fill the base without overlap."""
    keys = ["school_id", *DIMENSIONS]
    wide = frame.assign(grade=frame["grade"].fillna(0)).pivot(index=keys, columns="indicator", values="numerator")
    moved = wide[["movement.at_start", "movement.arrived", "movement.left", "movement.at_end"]].dropna()
    assert (moved.iloc[:, 0] + moved.iloc[:, 1] - moved.iloc[:, 2] == moved.iloc[:, 3]).all()
    wanted = [f"outcomes.{name}" for name in ("excellent", "good", "three", "failing", "not_attested")]
    known = wide[[*wanted, "contingent.assessed"]].dropna()
    assert (known[wanted].sum(axis=1) == known["contingent.assessed"]).all()
