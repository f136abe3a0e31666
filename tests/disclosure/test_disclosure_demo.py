"""The demo school, two terms and their half-year released one after another, attacked by a reader of all three."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from attacker import Attacker
from conftest import copy_workspace, soko

from soko.disclosure import read, register
from soko.disclosure.release import prepare
from soko.indicators import history, load_catalogue
from soko.periods import Period
from soko.workspace import Workspace

PERIODS = ("2025-2026/q3", "2025-2026/q4", "2025-2026/h2")


@pytest.mark.deep
def test_nobody_works_out_a_hidden_count_of_the_demo_school(tmp_path: Path) -> None:
    workspace = Workspace.open(copy_workspace(tmp_path / "school", *PERIODS, "2024-2025/q4", "2024-2025/h2"))
    for period in ("2024-2025/q4", "2024-2025/h2", *PERIODS):
        assert soko("indicators", period, workspace=workspace.root).code == 0
    catalogue = load_catalogue(workspace, bind=False)
    tables = []
    for period in map(Period.parse, PERIODS):
        made = prepare(workspace, period, workspace.outputs(period))
        tables.append(pd.read_parquet(made.folder / "indicators.parquet"))
        register.record(workspace, made.period, made.folder.parent, to="сайт", published={}, confirmed_by="Директор")
    seen = sorted({period for table in tables for period in table["period"]})
    found = [history.load(workspace, Period.parse(period), catalogue) for period in seen]
    truth = pd.concat([frame for frame in found if frame is not None], ignore_index=True)
    truth = truth[(truth["teacher"] == "") & (truth["sex"] == "")]
    children = set(read(workspace).children)
    heads = {
        item.id
        for item in catalogue
        if catalogue.noun(item.id) in children
        and (item.unit == "count" or (item.unit == "percent" and item.scale == 100 and item.heads))
    }
    attacker = Attacker(tables, truth)
    secrets = attacker.secrets(heads)
    assert len(secrets) > 100
    assert attacker.narrowed(secrets) == {}
