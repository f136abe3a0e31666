"""What a check or a history was made from: the files as they were before the work, whoever saves one meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from intake_school import PERIOD, PUPILS, gradebook, incoming, workspace, write_book, write_list

import soko.validation
from soko.errors import DataError
from soko.params import Params
from soko.periods import Period
from soko.run import steps
from soko.workspace import Workspace

Q2 = Period.parse(PERIOD)
YEAR = Period.parse("2025-2026/year")
MARKS = {"Абрамов Илья Петрович": [5, 4], "Белова Анна Сергеевна": [4, 4], "Волков Пётр Ильич": [3, 3]}


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A period of one class, and a year that is put together of it alone."""
    place = workspace(tmp_path)
    folder = incoming(place)
    write_list(folder / "Список.csv", PUPILS)
    write_book(folder / "5А.xlsx", {"5А": gradebook(MARKS, ["Алгебра", "Химия"])})
    of_year = Params.parts
    monkeypatch.setattr(Params, "parts", lambda self, period: [Q2] if period == YEAR else of_year(self, period))
    return place


def saved_meanwhile(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Somebody saves ``path`` when the check has read it."""
    checked = soko.validation.validate

    def check(*given: Any, **options: Any) -> Any:
        result = checked(*given, **options)
        path.write_bytes(path.read_bytes() + b"\n")
        return result

    monkeypatch.setattr(soko.validation, "validate", check)


def test_what_was_checked_is_known_until_it_changes(space: Workspace) -> None:
    assert steps.check_alone(space, Q2)
    assert steps.is_checked(space, Q2)
    steps.usable(space, YEAR)
    path = incoming(space) / "Список.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert not steps.is_checked(space, Q2)


def test_a_file_saved_during_the_check_was_not_checked(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of the old file is none of the new one, and nobody is told of critical findings that there are not."""
    saved_meanwhile(monkeypatch, incoming(space) / "Список.csv")
    assert steps.check_alone(space, Q2)
    assert not steps.is_checked(space, Q2)
    with pytest.raises(DataError, match=r"изменились, пока их проверяли \(2025-2026/q2\)") as told:
        steps.usable(space, YEAR)
    assert "повторите команду" in told.value.todo


def test_a_history_is_that_of_the_files_before_the_work(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps.refresh(space, Q2)
    assert steps.is_fresh(space, Q2)
    path = incoming(space) / "Список.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    saved_meanwhile(monkeypatch, path)
    assert steps.refresh(space, Q2)
    assert not steps.is_fresh(space, Q2)


def test_critical_findings_are_told_as_such(space: Workspace) -> None:
    (incoming(space) / "5А.xlsx").unlink()
    assert not steps.check_alone(space, Q2)
    with pytest.raises(DataError, match="критические замечания"):
        steps.usable(space, YEAR)
