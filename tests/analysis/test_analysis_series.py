"""A row of periods keeps the places of those that cannot be compared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from soko.analysis.run_chart import run_chart
from soko.analysis.series import series, since
from soko.indicators import history, load_catalogue
from soko.indicators.model import COLUMNS
from soko.periods import Period
from soko.workspace import Workspace

REPO = Path(__file__).resolve().parents[2]
LAST = Period.parse("2025-2026/q2")


@pytest.fixture
def workspace(tmp_path):
    for name in ("params", "validation"):
        shutil.copytree(REPO / name, tmp_path / name)
    return Workspace.open(tmp_path)


def store(workspace, period, value):
    row = dict.fromkeys(COLUMNS, "") | {"period": period.id, "indicator": "outcomes.quality", "grade": None}
    row |= {"numerator": value, "denominator": 100.0, "value": value}
    frame = pd.DataFrame([row], columns=COLUMNS).astype({"grade": "Int64"})
    frame = frame.astype(dict.fromkeys([name for name in COLUMNS[:-3] if name != "grade"], "str"))
    history.update(workspace, period, frame, load_catalogue(workspace, bind=False))


def test_periods_of_one_kind_in_order_with_their_gaps(workspace):
    assert series(workspace, LAST, "outcomes.quality") == []
    period, wanted = LAST, []
    for number in range(13):
        if number != 7:
            store(workspace, period, 40.0 + number)
        wanted.insert(0, (period, None if number == 7 else 40.0 + number))
        period = period.previous()
    store(workspace, Period.parse("2025-2026/q3"), 99.0)  # later than asked
    store(workspace, Period.parse("2024-2025/year"), 99.0)  # of another kind
    found = series(workspace, LAST, "outcomes.quality")
    assert [(point.period, point.value) for point in found] == wanted
    assert [point.reason for point in found if point.value is None] == ["nb"]
    assert run_chart([point.value for point in found]).now == "down"
    assert {point.value for point in series(workspace, LAST, "outcomes.quality", **{"class": "5А"})} == {None}


def test_another_definition_is_not_joined(workspace):
    store(workspace, LAST.previous(), 40.0)
    store(workspace, LAST, 50.0)
    path = workspace.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")
    store(workspace, LAST, 60.0)
    found = series(workspace, LAST, "outcomes.quality")
    assert [(point.value, point.reason) for point in found] == [(None, "df"), (60.0, "")]
    assert since(found) == LAST
