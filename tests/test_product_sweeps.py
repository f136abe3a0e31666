"""A note for each class: a changed mark makes again only what shows it; a class that fails is named."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import PERIOD, soko

pytestmark = pytest.mark.deep

SAME = "изменений нет, результат прежний"
ASKED = ["--note", "class_teacher:5А", "--note", "class_teacher:7Б"]


@pytest.fixture(scope="module")
def workspace(reported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sweeps") / "school"
    shutil.copytree(reported, place)
    done = soko("report", PERIOD, *ASKED, workspace=place)
    assert done.code == 0, done.out + done.err
    return place


def made(workspace: Path, of: str) -> dict[str, bytes]:
    folder = workspace / "outputs" / PERIOD / "notes"
    found = {path.suffix: path.read_bytes() for path in folder.glob(f"class_teacher_{of}.*")}
    assert set(found) == {".ipynb", ".html", ".pdf", ".docx"}
    return found


def why(text: str) -> dict[str, str]:
    return dict(re.findall(r"^  справка «Итоги класса: (\w+)» – (.*)$", text, flags=re.M))


def test_a_failing_class_is_named_the_others_finish_nothing_is_left(workspace: Path) -> None:
    path = workspace / "notebooks" / "notes" / "class_teacher.ipynb"
    whole, before = path.read_bytes(), made(workspace, "5А") | made(workspace, "7Б")
    notebook = json.loads(whole)
    notebook["cells"][1]["source"] = ["assert of != '7Б', 'поломка'\n", *notebook["cells"][1]["source"]]
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    done = soko("report", PERIOD, *ASKED, workspace=workspace)
    path.write_bytes(whole)
    assert done.code == 3
    assert "поломка" in done.err
    assert "7Б" in done.err
    assert "Traceback" not in done.out + done.err
    assert re.search("готово: Справка «Итоги класса: 5А»", done.out + done.err)
    assert made(workspace, "5А") | made(workspace, "7Б") == before


def test_one_mark_of_one_class_leaves_the_note_of_another_untouched(workspace: Path) -> None:
    before = {of: made(workspace, of) for of in ("5А", "7Б")}
    (book,) = (workspace / "data" / "incoming" / PERIOD).rglob("*7Б*.xlsx")
    loaded = openpyxl.load_workbook(book)
    rows = list(loaded.worksheets[0].iter_rows(min_row=10))
    # A pupil with several «3»: one of them as «4» changes figures of the subject, and not who is in which group.
    row = next(row for row in rows if sum(cell.value in (3, "3") for cell in row[2:]) >= 3)
    next(cell for cell in row[2:] if cell.value in (3, "3")).value = 4
    loaded.save(book)
    done = soko("report", PERIOD, *ASKED, "--why", workspace=workspace)
    assert done.code == 0, done.out + done.err
    reasons = why(done.out)
    assert reasons["5А"] == SAME
    assert "показатели справки" in reasons["7Б"]
    assert made(workspace, "5А") == before["5А"]
    assert made(workspace, "7Б") != before["7Б"]
    assert soko("verify", PERIOD, workspace=workspace).code == 0
    again = soko("report", PERIOD, "--note", "class_teacher:5А", "--force", workspace=workspace)
    assert again.code == 0, again.out + again.err
    assert made(workspace, "5А") == before["5А"]  # what was not made again is what it would be
