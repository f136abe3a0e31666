"""What memory spares is, byte for byte, what a forced run would make: one changed cell after another."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import PERIOD, soko, text_changed

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
    return lambda workspace: text_changed(workspace / name, before, after)


def three(value: Any) -> Any:
    return 4 if value in (3, "3") else None


#: The note that a mark, its target and the previous period's marks are in.
ACADEMIC = "Итоги успеваемости и качества знаний"
#: Changes, one after another, each with notes that have to be made again, of ``THEMES`` these and no other: a second
#: change may make again what the first has spared by mistake, so it is asserted here. Other kinds: test_notes_spared.
CHANGES: dict[str, list[tuple[Callable[[Path], None], set[str]]]] = {
    "a mark of the previous period, then health": [
        (cell("*8А.xlsx", 4, three, "2025-2026/q3"), {ACADEMIC}),
        (cell("Здоровье.xlsx", 11, lambda value: 3 if value == 2 else None), {"Здоровье обучающихся"}),
    ],
    "a target, then a mark": [
        (text("params/conventions.yaml", "outcomes.quality: 50", "outcomes.quality: 55"), {*THEMES, ACADEMIC}),
        (cell("*8А.xlsx", 4, three), {ACADEMIC}),
    ],
}


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
    workspace = tmp_path / "school"
    shutil.copytree(every, workspace)
    for change, expected in CHANGES[kind]:
        change(workspace)
        reasons = report(workspace)
        made = {name for name in reasons if reasons[name] != SAME}
        assert expected <= made
        assert made & THEMES == expected & THEMES
    remembered = published(workspace)
    assert set(report(workspace, "--force").values()) == {"запрошен полный пересчёт"}
    forced = published(workspace)
    assert {name for name in remembered.keys() | forced.keys() if remembered.get(name) != forced.get(name)} == set()
