"""«Что изменилось» on real tables: a published period, then other data, another definition, only other code."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import marks, pupil

from soko.indicators import compute, history, load_catalogue, write
from soko.run import changes, manifest, work
from soko.run.changes_told import told


@pytest.fixture
def published(tmp_path):
    """(workspace, period): values published with their basis."""
    workspace = cw.make(tmp_path)
    period = cw.put(workspace, "2025-2026/q1", pupils=[pupil("p_1", "5А"), pupil("p_2", "5А")], **MARKS)
    (workspace.incoming(period)).mkdir(parents=True)
    (workspace.incoming(period) / "5А.csv").write_text("до", encoding="utf-8")
    stage = run(workspace, period)
    stage.rename(workspace.outputs(period))
    facts = {"basis": changes.to_json(changes.basis(workspace, period, workspace.outputs(period)))}
    manifest.write(workspace, period, workspace.outputs(period), facts)
    return workspace, period


MARKS = {"marks": [*marks("p_1", "5 4"), *marks("p_2", "3 3")]}


def run(workspace, period) -> Path:
    stage = workspace.outputs(period).with_name(".stage")
    frame = compute(workspace, period)
    write(frame, stage)
    history.update(workspace, period, frame, load_catalogue(workspace))
    return stage


def compared(workspace, period):
    stage = run(workspace, period)
    work.changes(str(workspace.root), period.id, str(stage))
    if not (stage / changes.NAME).is_file():
        return []
    with (stage / changes.NAME).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_no_change_writes_nothing(published):
    assert compared(*published) == []


def test_other_data(published):
    workspace, period = published
    cw.put(workspace, period.id, marks=[*marks("p_1", "5 4"), *marks("p_2", "4 4")])
    (workspace.incoming(period) / "5А.csv").write_text("после", encoding="utf-8")
    rows = compared(workspace, period)
    assert {row["because"] for row in rows} == {"данные"}
    (row,) = [row for row in rows if row["indicator"] == "outcomes.quality" and row["class"] == "5А"]
    assert (row["was"], row["became"], row["delta"], row["name"]) == ("50.0", "100.0", "50.0", "Качество знаний")
    assert not any(row["indicator"].startswith("movement.") for row in rows)
    assert told(workspace.outputs(period).with_name(".stage")).number == len(rows)


def test_a_correction(published):
    workspace, period = published
    cw.put(workspace, period.id, marks=[*marks("p_1", "5 4"), *marks("p_2", "4 4")])
    applied = workspace.outputs(period).with_name(".stage") / "validation" / "corrections.csv"
    applied.parent.mkdir(parents=True)
    applied.write_text("table,cell,was,became\nmarks,C2,3,4\n", encoding="utf-8")
    assert {row["because"] for row in compared(workspace, period)} == {"исправление"}


def test_another_definition(published):
    workspace, period = published
    path = workspace.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")
    rows = compared(workspace, period)
    assert {(row["indicator"], row["because"]) for row in rows} == {("outcomes.quality", "определение")}


def test_only_the_code(published, monkeypatch):
    workspace, period = published
    published_manifest = workspace.outputs(period) / manifest.NAME
    text = json.loads(published_manifest.read_text("utf-8"))
    text["basis"]["code"] = "former"
    published_manifest.write_text(json.dumps(text), encoding="utf-8")
    former = workspace.outputs(period) / "indicators.parquet"
    frame = compute(workspace, period)
    frame.loc[frame["indicator"] == "outcomes.success", "value"] -= 1  # what a mistake of ours would have given
    write(frame, former.parent)
    rows = compared(workspace, period)
    assert {(row["indicator"], row["because"], row["delta"]) for row in rows} == {("outcomes.success", "код", "1.0")}


def without_basis(workspace, period, **environment):
    """As a version wrote it that knew of no basis; ``environment``: what its code and libraries were."""
    path = workspace.outputs(period) / manifest.NAME
    text = json.loads(path.read_text("utf-8"))
    del text["basis"]
    text["environment"] |= environment
    path.write_text(json.dumps(text), encoding="utf-8")


def other_data(workspace, period):
    cw.put(workspace, period.id, marks=[*marks("p_1", "5 4"), *marks("p_2", "4 4")])
    (workspace.incoming(period) / "5А.csv").write_text("после", encoding="utf-8")


def other_definition(workspace, _period):
    path = workspace.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")


def a_correction(workspace, period):
    cw.put(workspace, period.id, marks=[*marks("p_1", "5 4"), *marks("p_2", "4 4")])
    workspace.corrections.write_text("[]", encoding="utf-8")


def other_weights(workspace, _period):
    weights = {"five": 100, "four": 50, "three": 25, "two": 10, "na": 0}
    cw.set_conventions(workspace.root, sou_weights=[{"since": date(2000, 1, 1), "source": "х", "value": weights}])


@pytest.mark.parametrize(
    ("done", "indicator", "because"),
    [
        ([other_data], "outcomes.quality", "данные"),
        ([other_definition], "outcomes.quality", "определение"),
        ([other_definition, other_data], "outcomes.quality", "определение, данные"),
        ([other_definition, other_data], "subjects.quality", "данные"),
        ([a_correction], "subjects.quality", "исправление"),
        ([a_correction, other_data], "outcomes.quality", "исправление, данные"),
        ([other_weights], "subjects.sou", "настройки"),
    ],
)
def test_of_a_publication_without_basis_its_files_tell(published, done, indicator, because):
    without_basis(*published, code_sha256="former")
    for act in done:
        act(*published)
    rows = compared(*published)
    assert {row["because"] for row in rows if row["indicator"] == indicator} == {because}


def test_of_a_publication_without_basis_only_the_code(published):
    workspace, period = published
    frame = compute(workspace, period)
    frame.loc[frame["indicator"] == "outcomes.success", "value"] -= 1
    write(frame, workspace.outputs(period))
    without_basis(workspace, period)
    assert {row["because"] for row in compared(workspace, period)} == {"не установлено"}
    without_basis_again = json.loads((workspace.outputs(period) / manifest.NAME).read_text("utf-8"))
    without_basis_again["environment"]["code_sha256"] = "former"
    (workspace.outputs(period) / manifest.NAME).write_text(json.dumps(without_basis_again), encoding="utf-8")
    assert {row["because"] for row in compared(workspace, period)} == {"код"}
    (workspace.outputs(period) / manifest.NAME).unlink()
    assert {row["because"] for row in compared(workspace, period)} == {"не установлено"}


def test_several_causes_are_told_together(published):
    workspace, period = published
    other_definition(workspace, period)
    other_data(workspace, period)
    compared(workspace, period)
    line = told(workspace.outputs(period).with_name(".stage")).line
    assert "из-за определения и\u00a0данных вместе – " in line


def test_a_table_of_another_form_is_not_compared(published):
    workspace, period = published
    path = workspace.outputs(period) / "indicators.parquet"
    pd.read_parquet(path).drop(columns="sex").to_parquet(path, index=False)
    cw.put(workspace, period.id, marks=marks("p_1", "2"))
    assert compared(workspace, period) == []
