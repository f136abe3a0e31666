"""Sources that say different things about one pupil: each is named with its address, no date of birth is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from intake_school import PUPILS, incoming, read, workspace, write_list

from soko.workspace import Workspace

HEAD, BELOVA = PUPILS[0], PUPILS[2]


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path)
    write_list(incoming(made) / "а.csv", PUPILS)
    return made


def told(space: Workspace) -> list[Any]:
    return [item for item in read(space).findings if item.rule == "sources_disagree"]


def second(space: Workspace, **changed: str) -> None:
    """Another list with one of the pupils, something changed."""
    row = [changed.get(title, value) for title, value in zip(HEAD, BELOVA, strict=True)]
    write_list(incoming(space) / "б.csv", [HEAD, row])


def test_lists_that_agree_say_nothing(space: Workspace) -> None:
    second(space)
    assert told(space) == []


def test_dates_of_birth_that_differ_are_told_at_both_places(space: Workspace) -> None:
    second(space, **{"Дата рождения": "12.12.2013"})
    first, other = told(space)
    assert [(f.severity, f.file[-5:], f.cell, f.column) for f in (first, other)] == [
        ("warning", "а.csv", "C3", "birth_date"),
        ("warning", "б.csv", "C2", "birth_date"),
    ]
    assert "в строке 2 файла «2025-2026/q2/б.csv»" in first.message_ru
    assert "в строке 3 файла «2025-2026/q2/а.csv»" in other.message_ru
    for item in (first, other):
        assert "дата рождения" in item.message_ru
        assert "2013" not in item.message_ru


def test_an_unknown_date_disagrees_with_nothing(space: Workspace) -> None:
    second(space, **{"Дата рождения": ""})
    assert told(space) == []


def test_the_sex_of_a_pupil_in_two_classes(space: Workspace) -> None:
    second(space, **{"Пол": "м", "Класс": "5Б"})
    assert [(f.column, f.row) for f in told(space)] == [("sex", 3), ("sex", 2)]


def test_the_sex_in_one_class_has_a_rule_of_its_own(space: Workspace) -> None:
    second(space, **{"Пол": "м"})
    assert told(space) == []


@pytest.mark.parametrize(("own", "number"), [("5А", 0), ("5Б", 1), ("", 0)])
def test_absences_of_another_class(space: Workspace, own: str, number: int) -> None:
    rows = [["№ личного дела", "Класс", "Пропущено уроков всего"], ["К-2", own, "3"]]
    write_list(incoming(space) / "пропуски.csv", rows)
    found = told(space)
    assert len(found) == number
    for item in found:
        assert (item.table, item.cell) == ("attendance", "B2")
        assert "в строке 3 файла «2025-2026/q2/а.csv»" in item.message_ru


def test_a_former_class_of_a_pupil_who_moved_is_no_disagreement(space: Workspace) -> None:
    rows = [[*HEAD, "Дата выбытия"], ["К-9", "Дроздов Ян Ильич", "01.03.2014", "м", "5А", "10.11.2025"],
            ["К-9", "Дроздов Ян Ильич", "01.03.2014", "м", "5Б", ""]]  # fmt: skip
    write_list(incoming(space) / "в.csv", rows)
    missed = [["№ личного дела", "Класс", "Пропущено уроков всего"], ["К-9", "5А", "3"]]
    write_list(incoming(space) / "пропуски.csv", missed)
    assert told(space) == []
