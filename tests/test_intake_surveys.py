"""Questionnaires of form services: a column a question → a row an answer, without who answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from intake_school import ROOT, incoming, read, workspace, write_book, write_list

from soko.intake import Context, Draft, Intake, read_file
from soko.intake.answers import Scale, holds_person, options, spelled_class
from soko.intake.classname import school_class
from soko.intake.surveys import HIDDEN
from soko.workspace import Workspace

CONTEXT = Context.open(Workspace(ROOT))
RULES = CONTEXT.sources.surveys
PLEASED = "Удовлетворены ли Вы\nкачеством обучения?"
TITLES = ["Отметка времени", "Ваши ФИО", "В каком классе учится ваш ребёнок?", PLEASED, "Оцените питание от 1 до 5",
          "Какие кружки посещает ребёнок?", "Ваш контакт", "Что улучшить?"]  # fmt: skip
ROWS = [
    ["2025/11/20 9:15:03 PM GMT+3", "Абрамова Ольга Ильинична", "7 Б класс", "да", "5", "Шахматы;Хор",
     "+7 912 345-67-89", "Ремонт"],
    ["2025/11/20 9:16:03 PM GMT+3", "Белова О.П.", "седьмой б", "скорее да", "4", "Хор;Футбол", "mail@example.ru", ""],
    ["2025/11/21 9:15:03 AM GMT+3", "Громова Анна", "7«а»", "затрудняюсь ответить", "1", "Шахматы", "89123456780",
     "Учителя Орлову А.П. сменить"],
    ["2025/11/21 9:15:04 AM GMT+3", "", "8А", "скорее нет", "3", "Хор", "", "Больше спорта"],
]  # fmt: skip
PRIVATE = ["Абрамов", "Белова", "Громова", "912", "example", "Орлов"]


def google(tmp_path: Path, name: str = "Удовлетворённость родителей (Ответы) - Ответы на форму (1).csv") -> Path:
    return write_list(tmp_path / name, [TITLES, *ROWS], "utf-8", ",")


def draft_of(path: Path) -> Draft:
    found = read_file(path, CONTEXT)
    assert [f.message_ru for f in found.findings if f.severity == "critical"] == []
    assert [draft.layout for draft in found.drafts] == ["survey_form"]
    return found.drafts[0]


def answers(draft: Draft, question: str) -> list[tuple[Any, Any]]:
    rows = draft.frame[draft.frame["question"] == question]
    return list(zip(rows["answer"], rows["score"], strict=True))


def test_wide_becomes_long(tmp_path: Path) -> None:
    draft = draft_of(google(tmp_path))
    frame = draft.frame
    assert set(frame["survey"]) == {"Удовлетворённость родителей"}
    assert set(frame["audience"]) == {"родители"}
    assert frame["respondent"].nunique() == 4
    assert {code.split("-")[1] for code in frame["respondent"]} == {"2", "3", "4", "5"}
    assert answers(draft, "Удовлетворены ли Вы качеством обучения?") == [
        ("да", 1), ("скорее да", 0.75), ("затрудняюсь ответить", None), ("скорее нет", 0.25),
    ]  # fmt: skip
    assert answers(draft, "Оцените питание от 1 до 5") == [("5", 1), ("4", 0.75), ("1", 0), ("3", 0.5)]
    assert not frame.duplicated(["survey", "respondent", "question"]).any()


def test_several_answers_in_a_cell_are_a_row_an_option(tmp_path: Path) -> None:
    draft = draft_of(google(tmp_path))
    asked = "Какие кружки посещает ребёнок?"
    assert [a for a, _ in answers(draft, f"{asked} [Хор]")] == ["да", "да", "нет", "да"]
    assert [a for a, _ in answers(draft, f"{asked} [Футбол]")] == ["нет", "да", "нет", "нет"]
    assert draft.frame[draft.frame["question"].str.startswith(asked)]["score"].isna().all()


def test_who_answered_is_dropped_and_told_without_the_values(tmp_path: Path) -> None:
    draft = draft_of(google(tmp_path))
    told = {f.rule: f.message_ru for f in draft.findings}
    assert "B, G" in told["survey_personal"]
    assert "H4" in told["survey_hidden"]
    everything = str(draft.frame.to_dict()) + str(told) + str(draft.changes)
    assert [word for word in PRIVATE if word in everything] == []
    assert ("Больше спорта", None) in answers(draft, "Что улучшить?")


def test_a_period_reads_the_class_and_the_day(tmp_path: Path) -> None:
    space = workspace(tmp_path / "school")
    google(incoming(space))
    intake: Intake = read(space)
    frame = intake.tables["surveys"].frame
    own = frame.drop_duplicates("respondent")
    assert list(own["class"]) == ["7Б", "7Б", "7А", "8А"]
    assert [str(day) for day in own["answered_on"]] == ["2025-11-20", "2025-11-20", "2025-11-21", "2025-11-21"]
    assert set(frame[frame["question"].str.startswith("Удовлетворены")]["theme"]) == {"удовлетворённость"}
    change = intake.changes[intake.changes["why"] == "класс словами"].iloc[0]
    assert (change["cell"], change["was"], change["became"]) == ("C3", "седьмой б", "7 б")
    first = frame.index[frame["question"].str.startswith("Оцените")][0]
    assert intake.tables["surveys"].address(first, "answer")[2] == "E2"
    assert not any(word in f.message_ru for f in intake.findings for word in PRIVATE)


def test_a_form_of_yandex(tmp_path: Path) -> None:
    rows = [["ID", "Время создания", "Класс", "Нравится ли тебе в школе?"],
            [901, "2025-11-20 10:00:00", "5а", "Да"], [902, "2025-11-20 11:00:00", "5а", "Нет"]]  # fmt: skip
    draft = draft_of(write_book(tmp_path / "Опрос учеников.xlsx", {"Ответы": rows}))
    assert answers(draft, "Нравится ли тебе в школе?") == [("Да", 1), ("Нет", 0)]
    assert set(draft.frame["audience"]) == {"обучающиеся"}
    assert draft.columns_aside == {"A": "служебный столбец сервиса форм"}


def test_a_name_in_the_question_is_no_part_of_it(tmp_path: Path) -> None:
    rows = [["Отметка времени", "Довольны ли Вы работой Орловой А. П.?"], ["2025/11/20 9:15", "да"]]
    draft = draft_of(write_list(tmp_path / "Анкета.csv", rows, "utf-8", ","))
    assert set(draft.frame["question"]) == {"Довольны ли Вы работой [имя]?"}


def test_a_question_about_phones_with_answers_of_a_scale_stays(tmp_path: Path) -> None:
    rows = [["Отметка времени", "Мешает ли телефон на уроках?"], ["2025/11/20 9:15", "да"], ["2025/11/20 9:16", "нет"]]
    assert len(draft_of(write_list(tmp_path / "Анкета.csv", rows, "utf-8", ",")).frame) == 2


def test_equal_questionnaires_and_empty_ones_are_told(tmp_path: Path) -> None:
    titles = ["Отметка времени", "Класс", "Вопрос один", "Вопрос два"]
    rows = [titles, ["2025/11/20 9:15", "5А", "да", "нет"], ["2025/11/20 9:16", "5А", "да", "нет"],
            ["2025/11/20 9:17", "5А", "", ""]]  # fmt: skip
    draft = draft_of(write_list(tmp_path / "Анкета.csv", rows, "utf-8", ","))
    assert "survey_twice" in [f.rule for f in draft.findings]
    assert draft.rows_aside[4] == "нет ни одного ответа"
    assert len(draft.frame) == 4


def test_the_same_row_of_two_forms_is_not_one_respondent(tmp_path: Path) -> None:
    both = [set(draft_of(google(tmp_path, name)).frame["respondent"]) for name in ("А.csv", "Б.csv")]
    assert not both[0] & both[1]


def test_the_long_table_is_no_form(tmp_path: Path) -> None:
    rows = [["Анкета", "Номер анкеты", "Вопрос", "Ответ", "Отметка времени"], ["А", "1", "Б", "да", "20.11.2025"]]
    assert read_file(write_list(tmp_path / "a.csv", rows), CONTEXT).drafts[0].layout == "surveys_list"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["А;Б", "Б;В", "А;В"], [";", "А", "Б", "В"]),
        (["Хор, Бокс", "Хор", "Бокс, Хор"], [", ", "Хор", "Бокс"]),
        (["Да, конечно", "Да, но не всегда", "Нет, никогда"], None),  # a comma inside an answer
        (["Всё хорошо; спасибо", "Мало кружков; мало секций"], None),  # free words
        (["да", "нет"], None),
    ],
)
def test_when_a_cell_holds_several_answers(values: list[str], found: list[str] | None) -> None:
    got = options(values, Scale(values, RULES), RULES.most_options)
    assert (None if got is None else [got[0], *got[1]]) == found


@given(st.lists(st.integers(1, 5), min_size=1), st.sampled_from([5, 10]))
def test_numbers_of_a_scale_are_between_nought_and_one(values: list[int], most: int) -> None:
    scale = Scale([*values, most], RULES)
    assert [scale.score(value) for value in values] == [(value - 1) / (most - 1) for value in values]


def test_numbers_beyond_every_scale_have_no_score() -> None:
    assert Scale([3, 45], RULES).score(3) is None


@given(st.integers(1, 11), st.sampled_from("абвг"))
def test_a_class_in_words(number: int, letter: str) -> None:
    words = ["первый", "второй", "третий", "четвёртый", "пятый", "шестой", "седьмой", "восьмой", "девятый", "десятый",
             "одиннадцатый"]  # fmt: skip
    wanted = f"{number}{letter.upper()}"
    for line in (f"{words[number - 1]} {letter}", f"учится в {number} {letter} класс", f"{number}«{letter}»"):
        assert school_class(spelled_class(line)).value == wanted


def test_names_as_options_are_hidden(tmp_path: Path) -> None:
    rows = [["Отметка времени", "Класс", "Кто помогает?", "Вопрос"],
            ["2025/11/20 9:15", "седьмой Абрамов Илья", "Громова Анна;Белова Ольга", "да"],
            ["2025/11/20 9:16", "5А", "никто", "да"], ["2025/11/20 9:17", "5А", "все", "да"]]  # fmt: skip
    draft = draft_of(write_list(tmp_path / "Анкета.csv", rows, "utf-8", ","))
    assert [answer for answer, _ in answers(draft, "Кто помогает?")] == [HIDDEN, "никто", "все"]
    shown = draft.frame.drop(columns="class").to_dict()
    assert not [word for word in PRIVATE if word in str(shown) + str(draft.changes) + str(draft.findings)]


PEOPLE = ["Мария Ивановна строгая", "уберите Орлову Анну", "звоните 8(912)345-67-89", "a.b@example.ru", "Орлова А.П."]


@pytest.mark.parametrize("line", PEOPLE)
def test_people_inside_an_answer(line: str) -> None:
    assert holds_person(line)


@pytest.mark.parametrize("line", ["Полностью согласен", "Больше спорта", "В 2024 году 1200 рублей", "Да", "5"])
def test_answers_without_people(line: str) -> None:
    assert not holds_person(line)


LONG = ["Опрос", "Номер анкеты", "Вопрос", "Ответ"]


def long_list(tmp_path: Path, rows: list[list[Any]]) -> Draft:
    found = read_file(write_list(tmp_path / "Анкеты.csv", [LONG, *rows]), CONTEXT)
    assert [draft.layout for draft in found.drafts] == ["surveys_list"]
    return found.drafts[0]


def test_a_long_list_without_scores_is_scored_by_the_scale(tmp_path: Path) -> None:
    draft = long_list(tmp_path, [
        ["Родители", "1", "Довольны?", "Скорее да"], ["Родители", "2", "Довольны?", "нет"],
        ["Родители", "3", "Довольны?", "затрудняюсь ответить"], ["Родители", "4", "Довольны?", "ну так"],
        ["Родители", "1", "Оцените питание", "5"], ["Родители", "2", "Оцените питание", "2"],
        ["Родители", "1", "Что улучшить?", "больше спорта"], ["Родители", "2", "Что улучшить?", ""],
    ])  # fmt: skip
    assert list(draft.frame["score"]) == [0.75, 0, None, None, 1, 0.25, None, None]
    told = {item.rule: item for item in draft.findings}
    assert "4 ответа оценены по шкале" in told["survey_scored"].message_ru.replace("\xa0", " ")
    assert (told["survey_scale"].severity, told["survey_scale"].row) == ("warning", 5)
    assert "survey_unscored" not in told


def test_a_long_list_of_other_words_says_what_to_do(tmp_path: Path) -> None:
    draft = long_list(tmp_path, [["Родители", "1", "Довольны?", "ну так"], ["Родители", "2", "Довольны?", "сойдёт"]])
    assert draft.frame["score"].isna().all()
    told = {item.rule: item for item in draft.findings}
    assert told["survey_unscored"].severity == "warning"
    assert "surveys.scale" in told["survey_unscored"].message_ru


def test_scores_that_a_list_has_are_its_own(tmp_path: Path) -> None:
    path = write_list(tmp_path / "Анкеты.csv", [[*LONG, "Балл"], ["Родители", "1", "Довольны?", "да", "0,5"]])
    draft = read_file(path, CONTEXT).drafts[0]
    assert list(draft.frame["score"]) == ["0,5"]
    assert not [item for item in draft.findings if item.rule.startswith("survey_")]
