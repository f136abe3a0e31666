"""What notes may conclude from few figures: no achievement of chance, of a move, of periods that cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from note_school import figures_of, workspace

from soko.notes import telling
from soko.periods import Period


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """(note, rows now, before, a year ago) → the narrative; PERIOD is a last quarter, shorter than the third."""
    of = figures_of(workspace(tmp_path_factory.mktemp("claims")))
    return lambda note, *rows, **own: telling.narrative(replace(of(*rows), note=note, **own))


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


GRADUATES = [("outcomes.certificate_9", {}, 47, 47), ("socialisation.idle_graduates", {}, 1, 70)]


def test_graduates_of_september_are_those_of_the_summer_before(told):
    said = told("graduates", GRADUATES)
    texts = {item.rule: item.text.replace("\u00a0", " ") for item in said.sentences}
    assert texts["idle"] == "Не работает и не учится 1 выпускник 2025 года из 70 (1,4 %)."
    assert "certificate_9" not in texts, "certificates are told once a year, in June"


@pytest.mark.parametrize(("taken", "summer"), [("2025-2026/q1", "2025"), ("2025-2026/year", "2026"), ("", "2026")])
def test_in_a_year_each_sentence_names_its_graduates(told, tmp_path, taken, summer):
    """Certificates are of June; destinations of the summer before, unless the year's own files have them."""
    if taken:
        rows = f"socialisation.untraced_graduates,{taken}\noutcomes.certificate_9,2025-2026/year\n"
        (tmp_path / "sources.csv").write_text("indicator,periods\n" + rows, encoding="utf-8")
    said = told("graduates", GRADUATES, period=Period.parse("2025-2026/year"), folder=tmp_path)
    texts = {item.rule: item.text.replace("\u00a0", " ") for item in said.sentences}
    assert texts["certificate_9"] == "Аттестат получили 47 из 47 выпускников 9 классов 2026 года."
    assert texts["idle"] == f"Не работает и не учится 1 выпускник {summer} года из 70 (1,4 %)."


def _advised(said, rule):
    return [item.what.replace("\u00a0", " ") for item in said.recommendations if item.rule == rule]


def test_nobody_is_sent_into_an_autumn_without_the_subject(told):
    """Works of grade 4 in a subject that ends there; mathematics of grade 6 goes on as algebra; grade 11 has left."""
    works = [("4", "Окружающий мир"), ("4", "Литературное чтение"), ("6", "Математика"), ("11", "География")]
    rows = [("vpr.success", {"grade": grade, "subject": subject}, 10, 20) for grade, subject in works]
    found = _advised(told("external_assessment", rows), "vpr_failing")  # one for each person who answers for an area
    going = "; ".join(text for text in found if "консультаций сентября" in text)
    ended = "; ".join(text for text in found if "консультаций сентября" not in text)
    assert [name in going for name in ("окружающий", "чтение", "математика", "география")] == [False, True, True, False]
    assert "сентябр" not in ended
    assert [name in ended for name in ("окружающий", "чтение", "математика", "география")] == [True, False, False, True]


def test_a_check_of_marks_is_repeated_only_where_the_subject_goes_on(told):
    rows = []
    for name, subject in (("4А", "Окружающий мир"), ("5Б", "Русский язык")):
        dims = {"class": name, "subject": subject}
        rows += [("vpr.risk", dims, 1, 1), ("vpr.lowered", dims, 9, 20)]
    found = _advised(told("external_assessment", rows), "risk_works")
    again = [text for text in found if text.startswith("Провести в новом учебном году")]
    assert len(found) == 2
    assert len(again) == 1
    assert "5Б" in again[0]
    assert "4А" not in again[0]


@pytest.mark.parametrize(
    ("focus", "classes"),
    [({"subject": "Музыка"}, "7А и 8А"), ({"area": "Искусство"}, "7А и 8А"), ({"subject": "История"}, "7А, 8А и 9А")],
)
def test_works_of_autumn_are_for_classes_that_still_have_the_subject(told, focus, classes):
    def rows(part):
        return [("subjects.quality", {"class": name}, part, 25) for name in ("6А", "7А", "8А", "9А")]

    said = told("subject_department", rows(5), rows(20), focus=focus)
    (text,) = _advised(said, "class_worse")
    assert text.endswith(f"входные работы: {classes}"), text


def test_a_subject_of_all_grades_goes_on_where_its_work_was_written(told):
    """The world around us: a work of grade 4 alone; Russian: of grades 4 and 5."""
    rows = []
    for grade, subject in (("4", "Окружающий мир"), ("4", "Русский язык"), ("5", "Русский язык")):
        rows.append(("vpr.success", {"grade": grade, "subject": subject}, 10, 20))
    rows += [("vpr.success", {"subject": subject}, 10, 20) for subject in ("Окружающий мир", "Русский язык")]
    said = told("subject_department", rows, focus={"area": "Русский язык и литература"})
    found = _advised(said, "works_failing")
    assert len(found) == 2
    assert ["окружающий" in text for text in found] == ["сентябр" not in text for text in found]


def test_the_benchmark_of_vpr_is_said(told):
    said = told("external_assessment", [("vpr.attention", {}, 7, 30)])
    (text,) = [item.text.replace("\u00a0", " ") for item in said.sentences if item.rule == "attention"]
    assert text == (
        "В 7 из 30 работ (работа – класс и предмет) отметку за ВПР ниже журнальной получили не меньше 20 % участников "
        "(местный ориентир)."
    )
