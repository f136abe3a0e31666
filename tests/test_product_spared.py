"""What memory spares is, byte for byte, what a forced run would make: one changed cell in each kind of input."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import PERIOD, copy_workspace, soko

pytestmark = pytest.mark.deep

SAME = "изменений нет, результат прежний"
INCOMING = Path("data") / "incoming"
#: Without «Внешняя оценка», which may hold works against the very mark.
THEMES = {"Олимпиады и конкурсы", "Здоровье обучающихся", "Воспитательная работа"}


def cell(name: str, column: int, change: Callable[[Any], Any], period: str = PERIOD) -> Callable[[Path], None]:
    """Another value in the first cell of a column (from 1) of the workbook that ``change`` has a value for."""

    def apply(workspace: Path) -> None:
        (book,) = (workspace / INCOMING / period).rglob(name)
        loaded = openpyxl.load_workbook(book)
        for row in loaded.worksheets[0].iter_rows(min_row=4):
            if (value := change(row[column - 1].value)) is not None:
                row[column - 1].value = value
                return loaded.save(book)
        raise AssertionError(name)

    return apply


def text(name: str, before: str, after: str) -> Callable[[Path], None]:
    def apply(workspace: Path) -> None:
        path = workspace / name
        whole = path.read_text(encoding="utf-8")
        assert before in whole
        path.write_text(whole.replace(before, after, 1), encoding="utf-8")

    return apply


def three(value: Any) -> Any:
    return 4 if value in (3, "3") else None


#: What is changed → (other kinds: test_notes_spared) themes whose notes have to be made again; the others are spared.
CHANGES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "mark": (cell("*8А.xlsx", 4, three), set()),
    "health": (cell("Здоровье.xlsx", 11, lambda value: 3 if value == 2 else None), {"Здоровье обучающихся"}),
    "target": (text("params/conventions.yaml", "outcomes.quality: 50", "outcomes.quality: 55"), THEMES),
    "previous period": (cell("*8А.xlsx", 4, three, "2025-2026/q3"), set()),
}  # fmt: skip


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo school with a document of each kind."""
    periods = (PERIOD, "2025-2026/q3", "2024-2025/q4")
    workspace = copy_workspace(tmp_path_factory.mktemp("demo") / "school", *periods, every_note=True)
    # Of class and subject a few stand for all: each kind of change is reported twice.
    swept = "{note: class_teacher, only: [8А, 9А]}, {note: subject_department, only: [Иностранные языки]}"
    text("params/periods/2025-2026/q4.yaml", "class_teacher, subject_department]", f"{swept}]")(workspace)
    report(workspace)
    return workspace


def report(workspace: Path, *arguments: str) -> dict[str, str]:
    done = soko("report", PERIOD, "--why", *arguments, workspace=workspace)
    assert done.code == 0, done.out + done.err
    return dict(re.findall(r"^  (?:справка|доклад|приложение|проект приказа) «(.*)» – (.*)$", done.out, flags=re.M))


def published(workspace: Path) -> dict[str, str]:
    """Hashes of everything that a run leaves for people, the annexes with names too."""
    places = [workspace / "outputs" / PERIOD, workspace / "data" / "private" / PERIOD / "annexes"]
    files = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
    return {path.relative_to(workspace).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_is_spared_is_what_a_forced_run_makes(every: Path, tmp_path: Path, kind: str) -> None:
    change, expected = CHANGES[kind]
    workspace = tmp_path / "school"
    shutil.copytree(every, workspace)
    change(workspace)
    reasons = report(workspace)
    assert {name for name in THEMES if reasons[name] != SAME} == expected
    remembered = published(workspace)
    assert set(report(workspace, "--force").values()) == {"запрошен полный пересчёт"}
    forced = published(workspace)
    assert {name for name in remembered.keys() | forced.keys() if remembered.get(name) != forced.get(name)} == set()
