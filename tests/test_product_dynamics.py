"""Dynamics on the demo school: published with the rest, listed in the manifest, told on the index page; history."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from conftest import PERIOD, ROOT, soko

from soko.indicators.reasons import REASONS

pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def workspace(reported, tmp_path_factory):
    copy = tmp_path_factory.mktemp("dynamics") / "school"
    shutil.copytree(reported, copy)
    return copy


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_published_with_the_rest(reported):
    folder = reported / "outputs" / PERIOD
    outputs = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]
    assert {"dynamics.csv", "dynamics.parquet", "absent.csv"} <= set(outputs)
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in page for name in ("dynamics.csv", "absent.csv"))
    found = rows(folder / "dynamics.csv")
    assert {row["against"]: row["before_period"] for row in found} == {
        "previous": "2025-2026/q3",
        "year_ago": "2024-2025/q4",
    }
    assert {row["verdict"] for row in found} == {"improved", "worse", "stable", "changed", "unknown"}
    assert {row["reason"] for row in found} <= {"", *REASONS}
    absent = rows(folder / "absent.csv")
    assert {row["reason"] for row in absent} == {"nd", "na"}
    assert all(row["owners"] and row["tables"] for row in absent if row["reason"] == "nd")
    note = (folder / "notes" / "academic_results.html").read_text(encoding="utf-8")
    assert "Динамика показателей школы" in note
    assert "Приложение. Определения показателей" in note


def test_history_is_filled_once_and_makes_the_note_stale(workspace):
    first = soko("history", PERIOD, workspace=workspace)
    assert first.code == 0, first.err
    assert first.out.count("уже рассчитаны, изменений нет") == 2  # the run itself has computed those it compares with
    assert "выпустите её заново" not in first.out
    none = soko("history", "2024-2025/q4", workspace=workspace)
    assert none.code == 1
    assert "нет файлов ни за один период того же вида раньше 2024-2025/q4" in none.err
    earlier = workspace / "data" / "incoming" / "2024-2025" / "q3"
    shutil.copytree(ROOT / "data" / "incoming" / "2024-2025" / "q3", earlier)
    broken = workspace / "data" / "incoming" / "2024-2025" / "q2"
    broken.mkdir()
    (broken / "Список обучающихся.csv").write_text("Что-то;другое\n1;2\n", encoding="utf-8")
    filled = soko("history", PERIOD, workspace=workspace)
    assert filled.code == 0, filled.err
    assert "2024-2025/q3 – показатели рассчитаны" in filled.out
    assert "2024-2025/q2 – показатели не рассчитаны: в данных есть критические замечания" in filled.out
    assert f"выпустите её заново: soko report {PERIOD}" in filled.out
    assert "устарело" in soko("status", PERIOD, workspace=workspace).out
