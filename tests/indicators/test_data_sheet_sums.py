"""Sheets of schools, each computed alone, add up to what the district computes of them all together."""

from __future__ import annotations

import shutil
from fractions import Fraction
from functools import cache

import clean_workspace as cw
import pytest
import random_school
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from test_indicators_property import SHORT

from soko.data_sheet import rows, settings as sheet_settings, total
from soko.indicators import compute, load_catalogue

PERIOD = random_school.YEAR
SEEDS = st.integers(0, 2**32 - 1)


def _few(examples: int):
    phases = [Phase.reuse, Phase.generate]
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=phases)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = cw.make(tmp_path_factory.mktemp("district"), halfyear_grades=[10, 11])
    shutil.copy(cw.REPO / "params" / "exams.yaml", made.params)
    return made


@cache
def _catalogue(workspace):
    return load_catalogue(workspace)


def _sheet(workspace, given, school):
    frame = compute(workspace, random_school.handed_in(workspace, given), _catalogue(workspace))
    known = dict.fromkeys(_catalogue(workspace).indicators, "0" * 12)
    chosen = sheet_settings.read(workspace)
    return rows.of_period(frame, _catalogue(workspace), chosen, known, period=PERIOD, okpo={}, school=school), frame


def _district(frame):
    """(indicator, level, grade, subject, item) → parts of all schools together, as the district's own run has them."""
    whole = frame[(frame["school_id"] == "") & (frame["class"] == "") & (frame["sex"] == "") & (frame["teacher"] == "")]
    found = {}
    for row in whole.to_dict("records"):
        grade = None if row["grade"] is None or row["grade"] != row["grade"] else int(row["grade"])
        key = (row["indicator"], row["level"] if grade is None else "", grade, row["subject"], row["item"])
        found[key] = row["numerator"], row["denominator"]
    return found


def _agree(workspace, seed, schools, size):
    everything = random_school.tables(seed, schools, size)
    names = sorted({row["school_id"] for some in everything.values() for row in some})
    sheets, without = (
        [],
        set(),
    )  # a school that has not handed in a table has no figure of it; the district counts its pupils
    for name in names:
        own = {
            table: found for table, some in everything.items() if (found := [r for r in some if r["school_id"] == name])
        }
        sheets.append(_sheet(workspace, own, name)[0])
        without |= set(everything) - set(own)
    sums = total.add(sheets)
    frame = compute(workspace, random_school.handed_in(workspace, everything), _catalogue(workspace))
    district, compared = _district(frame), 0
    for group, (part, base) in sums.items():
        # A school without a base has no row, though something happened in it.
        if group[0] in SHORT or without & set(_catalogue(workspace).tables_of(group[0])):
            continue
        told = district[group]
        assert total.close(part, told[0]), group
        assert (base is None) == (told[1] != told[1]), group
        assert base is None or total.close(base, told[1]), group
        if base is not None and base.denominator == 1 and float(told[1]).is_integer():
            assert base == Fraction(told[1])
        compared += 1
    return compared


@pytest.mark.deep
@_few(8)
@given(seed=SEEDS, schools=st.integers(2, 5), size=st.integers(1, 12))
def test_any_schools_add_up_to_their_district(workspace, seed, schools, size):
    assert _agree(workspace, seed, schools, size) > 0


@pytest.mark.parametrize("size", [7, pytest.param(11, marks=pytest.mark.deep)])
def test_a_school_that_knows_no_level_is_among_those_not_told_of_the_district(workspace, size):
    assert _agree(workspace, 1953, 5, size) > 50
