"""A small rural school (малокомплектная): grades 2–9, one class a grade, one to seven pupils in it, no grade 7.

Groups are too small to be judged, each parallel is one class, and what is known of children's health and minds may be
read from any figure: the notes have to say so once, and to say nothing silly.
"""

from __future__ import annotations

import re

import pytest
from note_school import PERIOD, put, tables, workspace
from test_notes_blocks import words
from told import displayed
from welfare_school import AUTUMN, diagnostics

from soko.analysis.narrative_text import Template
from soko.disclosure.masked import mask
from soko.disclosure.released import releasable
from soko.disclosure.settings import read
from soko.indicators import compute, load_catalogue
from soko.notes import open_note, open_theme
from soko.params import Params
from soko.publish.blocks import Figure, Table

NOW = {"2А": 5, "3А": 4, "4А": 1, "5А": 7, "6А": 4, "8А": 6, "9А": 2}
POINTS = re.compile(r"[+−]\d+,\d")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = workspace(tmp_path_factory.mktemp("small") / "school")
    put(made, PERIOD, tables(NOW, {}, 3))
    put(made, PERIOD.previous(), tables(NOW, {}, 4))
    put(made, PERIOD.year_ago(), tables({"2А": 4, "3А": 1, "4А": 7, "5А": 4, "7А": 6, "8А": 2, "9А": 5}, {}, 5))
    return made


@pytest.fixture(scope="module")
def note(place):
    return open_note(str(place.root), PERIOD.id)


def plain(text):
    return text.replace("\u00a0", " ")


def table(blocks, label):
    return next(block for block in blocks if isinstance(block, Table) and block.label == label)


def test_what_is_small_everywhere_is_said_once(note):
    text = plain(words(note.classes()))
    assert "Во всех классах менее 10 аттестуемых" in text
    assert "с поправкой на случайность" not in text
    assert len(re.findall("не оценивается", text)) <= 2  # the change since the last period and that within a year


def test_no_points_of_a_few_pupils(note):
    compared = table(note.classes(), "class_compared")
    for row in compared.rows[:-1]:
        assert not any(POINTS.search(cell) for cell in row.cells), row.cells
    assert any("«мг» – малая группа" in line for line in compared.notes)
    assert any(POINTS.search(cell) for cell in compared.rows[-1].cells)  # the school has 29: it is judged


def test_a_parallel_of_one_class_is_not_told_twice(note):
    outcomes = note.outcomes()
    assert [row.cells[0] for row in table(outcomes, "outcomes").rows] == ["НОО", "ООО", "По школе"]
    assert "В каждой параллели один класс" in words(outcomes)
    assert not [item for item in note.narrative.sentences if item.rule.startswith("grade_")]


def test_a_school_with_two_classes_of_a_grade_keeps_its_parallels(tmp_path):
    made = workspace(tmp_path / "school")
    put(made, PERIOD, tables({"5А": 20, "5Б": 20, "6А": 20}, {}, 3))
    rows = table(open_note(str(made.root), PERIOD.id).outcomes(), "outcomes").rows
    assert [row.cells[0].strip() for row in rows] == ["ООО", "5-е", "6-е", "По школе"]


def test_nothing_is_stable_in_a_class_of_one(place):
    told = open_theme("class_teacher", str(place.root), PERIOD.id, of="4А")
    assert "стабильн" not in words(displayed(told, "class_teacher"))


def test_a_share_of_few_does_not_say_its_number_twice():
    told = Template("«4» и «5» – {part|number} ({value})")
    assert told({"part": 1}, {"value": "1\u00a0из\u00a02"}) == "«4» и «5» – 1\u00a0из\u00a02"
    again = Template("Участвовали {part|count:обучающийся} из {n|number} ({value}), без «2» – {part|number} ({value})")
    assert (
        again({"part": 2, "n": 5}, {"value": "2\u00a0из\u00a05"})
        == "Участвовали 2\u00a0обучающихся из 5, без «2» – 2\u00a0из\u00a05"
    )
    assert told({"part": 31}, {"value": "72,1\u00a0%"}) == "«4» и «5» – 31 (72,1\u00a0%)"
    assert told({"part": 21}, {"value": "1\u00a0из\u00a02"}) == "«4» и «5» – 21 (1\u00a0из\u00a02)"


def test_diagnostics_of_a_few_children_are_withheld_and_the_note_says_where_they_are(tmp_path):
    made = workspace(tmp_path / "school")
    frames = tables({"1А": 4, "5А": 7}, {}, 1)
    put(made, AUTUMN, {**frames, "diagnostics": diagnostics(frames["pupils"], 0.4)})
    told = open_theme("adaptation", str(made.root), AUTUMN.id)
    text = plain(words(displayed(told, "adaptation")))
    assert not re.search(r"\d из [47]\b", text.split("Качество знаний")[0])
    assert "исследования не проведены" not in text
    assert "152-ФЗ" in words(told.section("people"))
    assert "Полные сведения – у того, кто их сдаёт: педагог-психолог" in words(told.section("people"))
    page_one = plain(words(told.main_page()))
    assert "Группы малы, в справке о них не говорится: «Проведённые исследования»" in page_one
    assert "Данных за период нет, судить нельзя: «Изменения от этапа к этапу»." in page_one
    assert not [block for block in told.section("coverage") if isinstance(block, Figure)]


def test_lessons_of_a_few_children_are_not_published(place):
    """The 34 lessons that the only pupil of grade 4 missed are a large number, and all of them are his."""
    catalogue, params, rules = load_catalogue(place), Params(place), read(place)
    rows = releasable(compute(place, PERIOD), rules, params.school)
    masked = mask(rows, catalogue, params, rules, rules.limits[0].value).frame
    missed = masked[masked["indicator"] == "attendance.unexcused_share"]
    by_grade, whole = missed[missed["grade"].notna()], missed[missed["grade"].isna() & (missed["level"] == "")]
    assert len(by_grade) == 2 * len(NOW)  # of the school and of all schools
    assert set(by_grade["hidden"]) == {"few"}
    assert by_grade[["numerator", "denominator", "value"]].isna().all(axis=None)
    assert set(whole["hidden"]) == {""}
    sizes = masked[(masked["indicator"] == "contingent.class_size") & masked["grade"].notna()]
    shown = {int(grade) for grade, hidden in zip(sizes["grade"], sizes["hidden"], strict=True) if not hidden}
    assert not shown & {int(name[0]) for name, number in NOW.items() if number < 5}
