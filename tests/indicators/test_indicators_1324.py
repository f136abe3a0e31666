"""Every code of order 1324 on the school of seven pupils, and the twins that have one definition under two labels."""

from __future__ import annotations

import csv

import clean_workspace as cw
import pandas as pd
import pytest
from test_indicators_4_6 import YEAR, expected_rows
from tiny_school import TABLES

from soko.errors import ConfigError
from soko.indicators import compute, load_catalogue, one
from soko.workspace import Workspace

EXPECTED = """
1_1 7 –
1_2 2 –
1_3 4 –
1_4 1 –
1_5 4 7
1_6 8 2
1_7 9 3
1_8 105 2
1_9 20 1
1_9_base 6 2
1_10 0 3
1_11 1 3
1_12 1 2
1_13 1 2
1_14 1 2
1_15 0 2
1_16 1 3
1_17 1 2
1_18 5 7
1_19 3 7
1_19_1 1 7
1_19_2 1 7
1_19_3 0 7
1_20 2 7
1_21 1 7
1_22 0 7
1_23 3 7
1_24 3 –
1_25 2 3
1_26 1 3
1_27 1 3
1_28 1 3
1_29 2 3
1_29_1 1 3
1_29_2 1 3
1_30 2 3
1_30_1 1 3
1_30_2 1 3
1_31 1 3
1_32 1 3
1_33 3 5
1_34 2 5
2_1 14 7
2_2 70 7
2_3 1 1
2_4 1 1
2_4_1 1 1
2_4_2 0 1
2_4_3 1 1
2_4_4 1 1
2_4_5 0 1
2_5 7 7
2_6 35 7
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return cw.make(tmp_path_factory.mktemp("order"), halfyear_grades=[10, 11])


def test_every_code_by_hand(workspace):
    frame = compute(workspace, cw.put(workspace, YEAR, **TABLES))
    wrong = []
    for code, top, bottom, _ in expected_rows(EXPECTED):
        row = one(frame, f"order1324.{code}")
        got = None if row is None else (row["numerator"], None if pd.isna(row["denominator"]) else row["denominator"])
        if got != (top, bottom):
            wrong.append((code, got, (top, bottom)))
    assert not wrong
    counted = {f"order1324.{code}" for code, *_ in expected_rows(EXPECTED)}
    assert counted == {item.id for item in load_catalogue(workspace) if item.id.startswith("order1324.")}


def test_every_code_of_the_order_is_in_the_catalogue(shared):
    catalogue = load_catalogue(Workspace.open(cw.REPO), bind=False)
    units = {"count": {"count"}, "share": {"percent"}, "mean": {"mark", "points"}, "ratio": {"ratio"}, "flag": {"flag"}}
    with (shared / "domain" / "order1324.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] != "section"]
    assert len(rows) == 52
    for row in rows:
        item = catalogue[f"order1324.{row['code'].replace('.', '_')}"]
        assert item.clause == f"приказ № 1324, {row['code']}"
        assert item.unit in units[row["kind"]], item.id
        assert item.with_count == (row["unit"] == "человек/%"), item.id
        assert {"year", "calendar"} <= set(item.periodicity)


def test_a_twin_has_one_definition_and_its_own_labels(workspace):
    catalogue = load_catalogue(workspace)
    twins = [item for item in catalogue if item.same_as]
    assert len(twins) >= 16
    for item in twins:
        other = catalogue[item.same_as]
        assert catalogue.definition(item.id) == catalogue.definition(other.id)
        assert (item.unit, item.better, item.formula) == (other.unit, other.better, other.formula)
        assert item.clause != other.clause or item.id == "order1324.1_24"
        assert item.criterion == "Показатели приказа № 1324"


def own(workspace, text):
    path = workspace.params / "indicators" / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_school_that_corrects_a_definition_corrects_its_twin(tmp_path):
    workspace = cw.make(tmp_path)
    own(
        workspace,
        "indicators:\n  - id: outcomes.honours_9\n    replace: true\n    name: С медалью\n    unit: percent\n"
        "    better: up\n    population: graduates_base\n    numerator: sum(has_honours)\n    denominator: count(*)\n"
        "    dimensions: [[]]\n    formula: с медалью ко всем\n",
    )
    twin = load_catalogue(workspace)["order1324.1_16"]
    assert twin.denominator == "count(*)"
    assert twin.name.startswith("Численность/удельный вес")


@pytest.mark.parametrize(
    ("same_as", "said"),
    [
        ("outcomes.honors_9", "возможно, имелось в виду «outcomes.honours_9»"),
        ("order1324.1_16", "«order1324.1_16» сам повторяет другой"),
    ],
)
def test_a_wrong_twin_is_told(tmp_path, same_as, said):
    workspace = cw.make(tmp_path)
    own(workspace, f"indicators:\n  - {{id: own.twin, same_as: {same_as}, name: Двойник}}\n")
    with pytest.raises(ConfigError, match=r"own\.yaml, строка 2: показатель own\.twin, same_as") as caught:
        load_catalogue(workspace)
    assert said in caught.value.message


def test_flags_of_several_schools_are_a_share_of_them(tmp_path):
    workspace = cw.make(tmp_path)
    tables = {
        name: [{**row, "school_id": school} for school in ("s1", "s2") for row in TABLES[name]]
        for name in ("pupils", "facts")
    }
    for row in tables["facts"]:
        if row["school_id"] == "s2" and row["code"] == "2.3":
            row["flag"] = False
    frame = compute(workspace, cw.put(workspace, YEAR, **tables))
    assert one(frame, "order1324.2_3", school_id="s1")["value"] == 1
    assert one(frame, "order1324.2_3", school_id="s2")["value"] == 0
    assert one(frame, "order1324.2_3")["value"] == 0.5
    assert one(frame, "order1324.2_1")["denominator"] == 14
