"""Recommendations of several people in one row each, one number for all."""

from __future__ import annotations

from datetime import date

from soko.analysis.narrative import Recommendation
from soko.notes.folded import folded

DAY = date(2026, 6, 9)
ONE = Recommendation("Разобрать работы: алгебра (2 из 40) и физика (1 из 40)", "Зуева", DAY, "алгебра (2 из 40)", "a")
TWO = Recommendation("Разобрать работы: география (3 из 40)", "Третьякова", DAY, "география (3 из 40)", "a")
EARLY = Recommendation("Провести собрание", "Директор", date(2026, 6, 1), "не успевают 3", "b")


def test_the_same_words_to_several_people_are_one_recommendation():
    first, both = folded([ONE, EARLY, TWO])
    assert [first.what, first.rule] == ["Провести собрание", "b"]
    assert [(part.what, part.who, part.basis) for part in both.parts] == [
        (ONE.what, "Зуева", ""),
        ("то же: география (3 из 40)", "Третьякова", ""),
    ]
    assert both.asked().replace("\u00a0", " ") == (
        "Разобрать работы – до 9 июня 2026 г. Ответственные – зуева и третьякова."
    )


def test_another_day_rule_or_wording_and_the_analysts_own_stay_apart():
    other_day = Recommendation(TWO.what, TWO.who, date(2026, 6, 10), TWO.basis, "a")
    other_rule = Recommendation(TWO.what, TWO.who, DAY, TWO.basis, "c")
    edited = Recommendation(TWO.what, TWO.who, DAY, TWO.basis, "a", edited=True)
    without_list = Recommendation("Разобрать работы", "Третьякова", DAY, "география", "a")
    for other in (other_day, other_rule, edited, without_list):
        made = folded([ONE, other])
        assert [len(item.parts) for item in made] == [1, 1]
        assert made[0].what == ONE.what


def test_a_ground_that_is_no_repetition_stays():
    told = Recommendation("Разобрать: 7А и 7Б", "Зуева", DAY, "качество знаний: 7А – 60 % → 40 %", "a")
    assert folded([told])[0].parts[0].basis == told.basis
