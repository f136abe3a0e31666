"""Every number of a note's sentences is found in one of its tables or charts: a reader can look it up."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import PERIOD
from told_numbers import untold

from soko.publish.blocks import MIME


def figures(workspace: Path, period: str) -> pd.DataFrame:
    return pd.read_parquet(workspace / "outputs" / period / "indicators.parquet", columns=["indicator", "value"])


def of(workspace: Path, period: str) -> list[str]:
    """Numbers without a place, of all notes of a period."""
    known = figures(workspace, period)
    notes = sorted((workspace / "outputs" / period / "notes").glob("*.ipynb"))
    assert notes
    return [f"{path.stem}: {line}" for path in notes for line in untold(path, workspace / "params", known)]


@pytest.mark.slow
def test_every_number_of_a_sentence_stands_in_a_table_or_chart(reported: Path) -> None:
    assert of(reported, PERIOD) == []


@pytest.mark.deep
def test_every_number_of_every_note_stands_in_a_table_or_chart(every: Path) -> None:
    assert of(every, PERIOD) == []


@pytest.mark.slow
def test_a_number_from_nowhere_is_found(reported: Path, tmp_path: Path) -> None:
    source = reported / "outputs" / PERIOD / "notes" / "academic_results.ipynb"
    node = nbformat.read(source, as_version=4)
    said = [output for cell in node.cells for output in cell.get("outputs", []) if MIME in output.get("data", {})]
    prose = next(
        output["data"][MIME] for output in said if "Успеваемость\u00a0–" in output["data"][MIME].get("markdown", "")
    )
    prose["markdown"] += " Из них 98 765 обучающихся (12,34 %)."
    nbformat.write(node, tmp_path / "academic_results.ipynb")
    found = untold(tmp_path / "academic_results.ipynb", reported / "params", figures(reported, PERIOD))
    assert [line.partition(" | ")[0].replace("\u00a0", " ") for line in found] == ["98 765", "12,34"]
