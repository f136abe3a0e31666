"""What has no row: tables that nobody handed in, columns that nobody filled in, what the period does not ask."""

from __future__ import annotations

import clean_workspace as cw
from tiny_school import TABLES

from soko.indicators import compute, missing, one

YEAR = "2025-2026/year"


def test_a_table_that_nobody_handed_in_gives_no_row_and_is_named_with_its_owner(tmp_path):
    """Not 0 %: nobody said that nobody takes part in contests."""
    workspace = cw.make(tmp_path)
    few = {name: TABLES[name] for name in ("pupils", "marks", "activities")}
    period = cw.put(workspace, YEAR, **few)
    frame = compute(workspace, period)
    assert one(frame, "outcomes.contest_participation") is None
    assert one(frame, "activities.coverage")["numerator"] == 3
    assert one(frame, "health.sport_sections")["numerator"] == 1  # health or activities: one is enough
    found = {item.indicator: item for item in missing(workspace, period)}
    assert found["outcomes.contest_participation"].tables == ("contests",)
    assert found["outcomes.contest_participation"].owners == ("заместитель директора по ВР",)
    assert found["external.below_minimum"].tables == ("graduates", "exams")
    assert not {"activities.coverage", "health.sport_sections", "outcomes.quality"} & set(found)
    assert not set(frame["indicator"]) & set(found)
    (workspace.clean(period) / "activities.parquet").unlink()
    found = {item.indicator: item for item in missing(workspace, period)}
    assert found["health.sport_sections"].tables == ("health", "activities")
    assert one(compute(workspace, period), "health.sport_sections") is None


def test_a_column_that_nobody_filled_in_is_no_nought(tmp_path):
    workspace = cw.make(tmp_path)
    health = [{**row, "sport": None, "hot_meals": row["hot_meals"]} for row in TABLES["health"]]
    frame = compute(workspace, cw.put(workspace, YEAR, pupils=TABLES["pupils"], health=health))
    assert one(frame, "health.sport") is None
    assert one(frame, "health.hot_meals")["denominator"] == 7


def test_annual_indicators_are_not_asked_for_in_a_quarter(tmp_path):
    workspace = cw.make(tmp_path)
    period = cw.put(workspace, "2025-2026/q4", **TABLES)
    found = set(compute(workspace, period)["indicator"])
    assert "socialisation.police_register" in found
    assert not {"outcomes.certificate_9", "teachers.training", "order1324.1_1"} & found
