"""What holds of the whole catalogue on any school: parts add up, stay in bounds, do not depend on order or company."""

from __future__ import annotations

import random
import shutil
from functools import cache

import clean_workspace as cw
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import random_school
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from soko.indicators import compute, load_catalogue
from soko.indicators.model import DIMENSIONS
from soko.indicators.sources import columns
from soko.tables import load_tables

# A seed cannot be made smaller in a way that means anything: a failure is told at once, with its seed.
RELAXED = settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.reuse, Phase.generate]
)
SEEDS = st.integers(0, 2**32 - 1)
KEYS = ["indicator", "school_id", *DIMENSIONS]
# A group without a base has no row, though something happened in it: arrivals in a class that began empty, pupils of a
# programme without places, deviations gone by the age of 14. Their sum over the shown groups falls short of the whole.
SHORT = {"movement.turnover", "conditions.programme_places", "health.deviation_ratio"}
# No part of a whole: their formulas say that they may be above 100 %, or the school enters the number itself.
ABOVE = {
    "movement.turnover", "conditions.programme_places", "conditions.programme_fill", "order1324.1_20", "order1324.1_21",
    "order1324.2_5",
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = cw.make(tmp_path_factory.mktemp("property"), halfyear_grades=[10, 11])
    shutil.copy(cw.REPO / "params" / "exams.yaml", made.params)
    return made


@cache
def _catalogue(workspace):
    return load_catalogue(workspace)


def _computed(workspace, given):
    return compute(workspace, random_school.handed_in(workspace, given), _catalogue(workspace))


def _sets(frame):
    """The set of dimensions that each row fills, as «class×item»."""
    filled = frame[list(DIMENSIONS)].ne("").assign(grade=frame["grade"].notna())
    return filled.apply(lambda row: "×".join(name for name in DIMENSIONS if row[name]), axis=1)


@RELAXED
@given(seed=SEEDS, schools=st.integers(1, 3), size=st.integers(1, 10))
def test_parts_of_every_set_add_up_to_every_coarser_one(workspace, seed, schools, size):
    """Class to parallel, level and school; subject and class to either; and schools to all of them."""
    frame = _computed(workspace, random_school.tables(seed, schools, size, gaps=False))
    frame["grade"] = frame["grade"].astype("Int64").fillna(-1).astype(int)
    sets = _sets(frame.assign(grade=frame["grade"].where(frame["grade"] >= 0, pd.NA)))
    checked = 0
    for fine in sets.unique():
        for coarse in sets.unique():
            dimensions = [name for name in coarse.split("×") if name]
            if fine == coarse or not set(dimensions) <= set(fine.split("×")):
                continue
            checked += _add_up(frame[sets == fine], frame[sets == coarse], ["indicator", "school_id", *dimensions])
    schoolwide = frame["school_id"] != ""
    for one in sets.unique():
        dimensions = [name for name in one.split("×") if name]
        if not {"class", "teacher"} & set(dimensions):
            checked += _add_up(
                frame[(sets == one) & schoolwide], frame[(sets == one) & ~schoolwide], ["indicator", *dimensions]
            )
    assert checked


def _add_up(fine, coarse, keys):
    """Compare the sums of the fine groups with the coarse ones that have any; number of those compared."""
    sums = fine.groupby(keys)[["numerator", "denominator"]].sum().reset_index()
    both = sums.merge(coarse, on=keys, suffixes=("_sum", ""))
    short = both["indicator"].isin(SHORT)
    assert np.allclose(both["denominator_sum"], both["denominator"].fillna(0), rtol=1e-12, atol=0)
    assert np.allclose(both.loc[~short, "numerator_sum"], both.loc[~short, "numerator"], rtol=1e-12, atol=0)
    assert (both.loc[short, "numerator_sum"] <= both.loc[short, "numerator"]).all()
    return len(both)


@RELAXED
@given(seed=SEEDS, schools=st.integers(1, 2), size=st.integers(1, 10))
def test_values_stay_within_bounds(workspace, seed, schools, size):
    frame = _computed(workspace, random_school.tables(seed, schools, size))
    items = {item.id: item for item in _catalogue(workspace)}
    unit, scale = (frame["indicator"].map(lambda name, of=of: getattr(items[name], of)) for of in ("unit", "scale"))
    counts = frame["indicator"].map(lambda name: not items[name].denominator)
    assert (frame["numerator"] >= 0).all()
    # No group without a base: neither 0 nor 100 is said of nobody.
    assert (frame.loc[~counts, "denominator"] > 0).all()
    assert frame.loc[counts, "denominator"].isna().all()
    value = frame["numerator"] / frame["denominator"].fillna(1) * scale
    assert np.allclose(frame["value"], value, rtol=1e-12, atol=0)
    shares = frame[unit.isin(["percent", "flag"]) & ~frame["indicator"].isin(ABOVE)]
    assert (shares["value"] <= shares["indicator"].map(lambda name: 1 if items[name].unit == "flag" else 100)).all()
    assert frame.loc[unit == "mark", "value"].between(2, 5).all()
    whole = (unit == "count") & (frame["indicator"] != "conditions.vacancies")  # a rate may be a half
    assert frame.loc[whole, "numerator"].mod(1).eq(0).all()
    indexes = frame["indicator"].isin(["surveys.index", "parents.satisfaction_index", "conditions.staffing"])
    assert frame.loc[indexes, "numerator"].le(frame.loc[indexes, "denominator"]).all()
    _complete(frame)


def _complete(frame):
    """What fills its base without overlap, and the balance of movement."""
    keys = [name for name in KEYS if name != "indicator"]
    wide = frame.assign(grade=frame["grade"].fillna(0)).pivot(index=keys, columns="indicator", values="numerator")
    base = frame.assign(grade=frame["grade"].fillna(0)).pivot(index=keys, columns="indicator", values="denominator")

    def parts(prefix, *names):
        return wide.reindex(columns=[f"{prefix}{name}" for name in names])

    def whole(name, of=base):
        return of[name] if name in of else pd.Series(np.nan, index=of.index)

    moved = parts("movement.", "at_start", "arrived", "left", "moved_in", "moved_out", "at_end").dropna()
    start, came, left, moved_in, moved_out, end = (moved.iloc[:, i] for i in range(6))
    assert (start + came - left + moved_in - moved_out == end).all()
    marks = parts("subjects.", "n5", "n4", "n3", "n2", "n_na").sum(axis=1)
    for sum_, of in (
        (parts("outcomes.", "excellent", "good", "three", "failing", "not_attested").sum(axis=1), "outcomes.quality"),
        (marks, "subjects.quality"),
        (parts("vpr.", "confirmed", "raised", "lowered").sum(axis=1), "vpr.confirmed"),
        (parts("vpr.", "n5", "n4", "n3", "n2").sum(axis=1), "vpr.mean_mark"),
        (parts("health.", *(f"group_{i}" for i in range(1, 6))).sum(axis=1), "health.group_1"),
        (parts("health.pe_", "main", "preparatory", "special", "exempt").sum(axis=1), "health.pe_main"),
        (parts("diagnostics.", "good", "middle", "at_risk").sum(axis=1), "diagnostics.good"),
        (parts("adaptation.", "good", "middle", "at_risk").sum(axis=1), "adaptation.good"),
        (parts("upbringing.", "high", "good", "middle", "low").sum(axis=1), "upbringing.high"),
        (parts("external.gia11_", "success", "below").sum(axis=1), "external.gia11_below"),
        (parts("outcomes.", "certificate_9", "no_certificate_9").sum(axis=1), "outcomes.certificate_9"),
    ):
        told = whole(of).dropna()
        assert (sum_[told.index] == told).all(), of


@pytest.mark.deep
@RELAXED
@given(seed=SEEDS, size=st.integers(1, 10))
def test_order_of_rows_and_columns_is_irrelevant(workspace, seed, size):
    given = random_school.tables(seed, 2, size)
    frame = _computed(workspace, given)
    shuffler = random.Random(seed)
    turned = {name: shuffler.sample(rows, len(rows)) for name, rows in given.items()}
    period = random_school.handed_in(workspace, turned)
    for path in workspace.clean(period).glob("*.parquet"):
        table = pq.read_table(path)
        pq.write_table(table.select(table.column_names[::-1]), path)
    again = compute(workspace, period, _catalogue(workspace))
    # Sums of fractions may differ in the last digit.
    pd.testing.assert_frame_equal(frame, again, check_exact=False, rtol=1e-12, atol=0)


@pytest.mark.deep
@RELAXED
@given(seed=SEEDS, size=st.integers(1, 10))
def test_a_school_has_the_same_figures_alone_and_in_company(workspace, seed, size):
    given = random_school.tables(seed, 2, size)
    alone = {name: [row for row in rows if row["school_id"] == "s1"] for name, rows in given.items()}
    together = _computed(workspace, given)
    for name in given:  # a table that only the other school handed in was handed in empty by this one
        alone[name] = alone[name] or pd.DataFrame({column: [] for column in columns(load_tables(workspace)[name])})
    found = _computed(workspace, alone)
    # Directions that only the other school has are shown as 0 of all pupils.
    together = together[(together["indicator"] != "activities.direction") | (together["numerator"] > 0)]
    found = found[(found["indicator"] != "activities.direction") | (found["numerator"] > 0)]
    pd.testing.assert_frame_equal(
        together[together["school_id"] == "s1"].reset_index(drop=True),
        found[found["school_id"] == "s1"].reset_index(drop=True),
        check_exact=False, rtol=1e-12, atol=0,
    )  # fmt: skip


def test_empty_tables_bind_and_say_nothing(workspace):
    tables = load_tables(workspace)
    empty = {name: pd.DataFrame({column: [] for column in columns(table)}) for name, table in tables.items()}
    assert _computed(workspace, empty).empty
