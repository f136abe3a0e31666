"""Only what depends on a change is done again, and the reason is said."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import PERIOD, soko

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(reported: Path, tmp_path: Path) -> Path:
    shutil.copytree(reported, tmp_path / "school")
    return tmp_path / "school"


def why(workspace: Path, *arguments: str) -> dict[str, str]:
    done = soko("report", PERIOD, "--why", *arguments, workspace=workspace)
    assert done.code == 0, done.out + done.err
    return dict(re.findall(r"^  (проверка данных|показатели|справка|приложение).*? – (.*)$", done.out, flags=re.M))


SAME = "изменений нет, результат прежний"


@pytest.mark.deep
def test_wording_reruns_only_what_is_worded(workspace: Path) -> None:
    path = workspace / "params" / "narrative" / "academic_results.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# замечание\n", encoding="utf-8")
    reasons = why(workspace)
    assert reasons["проверка данных"] == SAME
    assert reasons["показатели"] == SAME
    assert "academic_results.yaml" in reasons["справка"]


@pytest.mark.deep
def test_a_changed_mark_reruns_what_depends_on_it(workspace: Path) -> None:
    before = (workspace / "outputs" / PERIOD / "indicators.csv").read_bytes()
    book = next(iter(sorted((workspace / "data" / "incoming" / PERIOD).rglob("*8А*.xlsx"))))
    loaded = openpyxl.load_workbook(book)
    sheet = loaded.worksheets[0]
    cell = next(cell for row in sheet.iter_rows(min_row=10) for cell in row[2:] if cell.value in (3, "3"))
    cell.value = 2
    loaded.save(book)
    reasons = why(workspace)
    assert book.name in reasons["проверка данных"]
    assert "изменилось" in reasons["показатели"]
    assert "изменилось" in reasons["справка"]
    assert (workspace / "outputs" / PERIOD / "indicators.csv").read_bytes() != before
    with (workspace / "outputs" / PERIOD / "changes.csv").open(encoding="utf-8", newline="") as stream:
        changed = list(csv.DictReader(stream))
    assert {row["because"] for row in changed} == {"данные"}
    assert {row["class"] for row in changed if row["class"]} == {"8А"}


@pytest.mark.deep
def test_a_damaged_output_is_made_again(workspace: Path) -> None:
    note = workspace / "outputs" / PERIOD / "notes" / "academic_results.html"
    whole = note.read_bytes()
    note.write_text("", encoding="utf-8")
    reasons = why(workspace)
    assert reasons["проверка данных"] == SAME
    assert reasons["справка"] == "результат изменён или удалён после выпуска"
    assert note.read_bytes() == whole


@pytest.mark.deep
def test_a_lost_annex_is_made_again(workspace: Path) -> None:
    annex = workspace / "data" / "private" / PERIOD / "annexes" / "pupils.pdf"
    annex.unlink()
    reasons = why(workspace)
    assert reasons["справка"] == SAME
    assert "изменилось" in reasons["приложение"]
    assert annex.is_file()


@pytest.mark.deep
def test_force_reruns_everything(workspace: Path) -> None:
    assert set(why(workspace, "--force").values()) == {"запрошен полный пересчёт"}
