"""What notes may conclude from few figures: no achievement of chance, of a move, of periods that cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from note_school import figures_of, workspace

from soko.notes import telling


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """(note, rows now, before, a year ago) → the narrative; PERIOD is a last quarter, shorter than the third."""
    of = figures_of(workspace(tmp_path_factory.mktemp("claims")))
    return lambda note, *rows: telling.narrative(replace(of(*rows), note=note))


def _registers(any_number, police, school):
    names = ("any_number", "police_number", "school_number")
    return [
        (f"socialisation.{name}", {}, number, None)
        for name, number in zip(names, (any_number, police, school), strict=True)
    ]


@pytest.mark.parametrize(
    ("now", "before", "better"),
    [((4, 3, 1), (4, 2, 2), False), ((3, 2, 1), (4, 2, 2), True), ((5, 4, 1), (4, 2, 2), False)],
)
def test_a_pupil_who_moves_from_one_register_to_another_is_no_achievement(told, now, before, better):
    said = told("upbringing", _registers(*now), _registers(*before))
    assert bool([item for item in said.conclusions if item.rule == "registers_better"]) == better


def _risk(part, base):
    return [("adaptation.at_risk", {"item": "тревожность, 1 класс, входная (Тест)"}, part, base)]


@pytest.mark.parametrize(
    ("now", "year_ago", "rule"),
    [
        ((3, 51), (4, 47), ""),
        ((18, 51), (12, 47), ""),
        ((30, 51), (12, 47), "year_worse"),
        ((2, 51), (12, 47), "year_better"),
    ],
)
def test_a_share_of_other_children_is_told_only_beyond_chance(told, now, year_ago, rule):
    said = told("adaptation", _risk(*now), [], _risk(*year_ago))
    assert [item.rule for item in said.conclusions if item.rule.startswith("year_")] == ([rule] if rule else [])


def test_illness_of_terms_of_different_length_is_not_judged(told):
    def lessons(part):
        return [("attendance.illness_lessons_per_pupil", {}, part, 100.0)]

    said = told("health", lessons(960), lessons(1130))
    text = " ".join(item.text for item in said.section("illness")).replace("\u00a0", " ")
    assert "периоды разной длины (11 недель и 7 недель), вывод об изменении не делается" in text
    assert "нет" not in text.split("разной длины")[1]


def test_graduates_of_september_are_those_of_the_summer_before(told):
    said = told("graduates", [("outcomes.certificate_9", {}, 47, 47), ("socialisation.idle_graduates", {}, 1, 70)])
    texts = {item.rule: item.text.replace("\u00a0", " ") for item in said.sentences}
    assert texts["idle"] == "Не работает и не учится 1 выпускник 2025 года из 70 (1,4 %)."
    assert "2025" not in texts["certificate_9"]  # these have just left


def test_the_benchmark_of_vpr_is_said(told):
    said = told("external_assessment", [("vpr.attention", {}, 7, 30)])
    (text,) = [item.text.replace("\u00a0", " ") for item in said.sentences if item.rule == "attention"]
    assert text == (
        "В 7 из 30 работ (работа – класс и предмет) отметку за ВПР ниже журнальной получили не меньше 20 % участников "
        "(местный ориентир)."
    )
