"""Protocols of olympiads and contests, the staff list with courses in one cell, layouts written in YAML alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st
from intake_school import PUPILS, ROOT, incoming, read, rules, workspace, write_book, write_list

from soko.errors import ConfigError
from soko.intake import Context, Draft, Intake, read_file
from soko.intake.above import subject_in
from soko.intake.columns import Collected, Normaliser
from soko.intake.prepare import prepare
from soko.intake.training import Course, courses
from soko.workspace import Workspace

CONTEXT = Context.open(Workspace(ROOT))
HEAD = ["№", "Шифр", "Фамилия", "Имя", "Отчество", "Класс (обучения)", "Класс (выступления)", "Балл", "%", "Рейтинг",
        "Статус", "Наставник"]  # fmt: skip


def person(name: str, own: str, score: Any, result: str) -> list[Any]:
    surname, first, patronymic = name.split()
    return [1, "Ш-1", surname, first, patronymic, own, 6, score, 50, 1, result, "Орлова А.П."]


def protocol(
    *rows: list[Any], title: str = "Школьный этап всероссийской олимпиады школьников по математике"
) -> list[list[Any]]:
    return [[title], ["Дата проведения: 12.10.2025"], ["Максимальный балл:", 50], [], HEAD, *rows]


def contests(tmp_path: Path, rows: list[list[Any]]) -> Intake:
    space = workspace(tmp_path / "school")
    folder = incoming(space)
    write_list(folder / "Список.csv", PUPILS)
    write_book(folder / "протокол.xlsx", {"Лист1": rows})
    return read(space)


def test_a_protocol_of_the_all_russian_olympiad(tmp_path: Path) -> None:
    intake = contests(tmp_path, protocol(person("Абрамов Илья Петрович", "5 «а»", "41,5", "призер"),
                                         person("Громова Ольга Олеговна", "5Б", 10, "участие")))  # fmt: skip
    table = intake.tables["contests"]
    frame = table.frame
    assert [f.message_ru for f in intake.findings if f.severity != "info"] == []
    assert set(frame["event"]) == {"Всероссийская олимпиада школьников"}
    assert set(frame["subject"]) == {"Математика"}
    assert set(frame["event_level"]) == {"школьный"}
    assert set(frame["kind"]) == {"предметная олимпиада"}
    assert {str(day) for day in frame["held_on"]} == {"2025-10-12"}
    assert list(frame["max_score"]) == [50, 50]
    assert list(frame["score"]) == [41.5, 10]
    assert list(frame["class"]) == ["5А", "5Б"]
    assert list(frame["result"]) == ["призёр", "участник"]
    pupils = intake.tables["pupils"].frame
    assert set(frame["pupil_id"]) <= set(pupils["pupil_id"])
    assert frame["mentor_id"].str.startswith("t_").all()
    assert table.address(frame.index[0], "result")[2] == "K6"


@pytest.mark.parametrize(
    ("title", "level", "subject"),
    [
        ("Муниципальный этап ВсОШ. Олимпиада по русскому языку", "муниципальный", "Русский язык"),
        ("Протокол регионального этапа. Олимпиада по физической культуре", "региональный", "Физическая культура"),
        ("Заключительный этап олимпиады школьников по химии и экологии", "всероссийский", "Химия"),
    ],
)  # fmt: skip
def test_stage_and_subject_in_any_case(tmp_path: Path, title: str, level: str, subject: str) -> None:
    frame = (
        contests(tmp_path, protocol(person("Абрамов Илья Петрович", "5А", 1, "победитель"), title=title))
        .tables["contests"]
        .frame
    )
    assert (frame["event_level"].iloc[0], frame["subject"].iloc[0]) == (level, subject)


@pytest.mark.parametrize(
    ("written", "result"),
    [("призер", "призёр"), ("Призёр", "призёр"), ("1 место", "победитель"), ("3", "призёр"), ("II место", "призёр"),
     ("диплом II ст.", "призёр"),
     ("Диплом I степени", "победитель"), ("лауреат 2 степени", "лауреат"), ("сертификат", "участник"),
     ("поощрительный приз жюри", "поощрительный приз жюри")],
)  # fmt: skip
def test_results_in_the_words_of_the_contract(tmp_path: Path, written: str, result: str) -> None:
    """A word that nobody knows is kept: the rule of validation names it and what is allowed."""
    rows = [["Конкурс: Живая классика"], ["Уровень: муниципальный"], [], ["ФИО участника", "Класс", "Место"],
            ["Абрамов Илья Петрович", "5А", written]]  # fmt: skip
    frame = contests(tmp_path, rows).tables["contests"].frame
    assert list(frame["result"]) == [result]
    assert (frame["event"].iloc[0], frame["event_level"].iloc[0]) == ("Живая классика", "муниципальный")


@given(st.sampled_from([s.title for s in CONTEXT.subjects.subjects]))
def test_every_subject_is_found_by_its_own_title(title: str) -> None:
    assert subject_in(title, CONTEXT.subjects) == title


@pytest.mark.parametrize("phrase", ["", "итогам года", "мониторингу", "по"])
def test_a_phrase_without_a_subject(phrase: str) -> None:
    assert subject_in(phrase, CONTEXT.subjects) is None


STAFF = ["№", "ФИО", "Должность", "Предмет", "Стаж общий", "Категория", "КПК (тема, часы, дата)"]
COURSES = "\n".join(["1. Обновлённый ФГОС ООО, 36 ч., 12.03.2023", "2. Функциональная грамотность, 72 часа, 15.11.2024",
                     "Первая помощь, 2022 г."])  # fmt: skip


def test_the_latest_course_of_a_cell_is_taken_and_recorded(tmp_path: Path) -> None:
    rows = [STAFF, [1, "Орлова Анна Петровна", "учитель", "Математика", "12л 4м", "1КК", COURSES],
            ["", "Орлова Анна Петровна", "советник", "", "12л 4м", "в/к", ""]]  # fmt: skip
    path = write_book(tmp_path / "Кадры.xlsx", {"Лист1": rows})
    draft = read_file(path, CONTEXT).drafts[0]
    got = Collected()
    frame = prepare(draft, "Кадры.xlsx", CONTEXT, Normaliser(CONTEXT), got)
    assert frame is not None
    first = frame.iloc[0]
    assert (first["training_date"], first["training_topic"], first["training_hours"]) == (
        date(2024, 11, 15), "Функциональная грамотность", 72,
    )  # fmt: skip
    assert bool(first["training_fgos"]) is True
    assert (first["category"], frame["category"].iloc[1]) == ("первая", "высшая")
    assert first["experience_years"] == pytest.approx(12 + 4 / 12)
    assert len(frame) == 2
    change = next(item for item in got.changes if item["column"] == "training_date")
    assert (change["cell"], change["was"], change["became"]) == (
        "G2",
        "3 записи о повышении квалификации",
        "15.11.2024",
    )


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("", []),
        ("нет", [Course("нет")]),
        ("ИКТ, 36 ч, 2023", [Course("ИКТ", 36, date(2023, 12, 31))]),
        ("«Проектная деятельность» (72 часа, 10.02.2024)", [Course("Проектная деятельность", 72, date(2024, 2, 10))]),
        ("А, 12.03.23; Б, 13.03.24", [Course("А", None, date(2023, 3, 12)), Course("Б", None, date(2024, 3, 13))]),
    ],
)
def test_courses_as_people_write_them(cell: str, wanted: list[Course]) -> None:
    assert courses(cell) == wanted


@given(
    topic=st.text("абвгдежз ", min_size=3, max_size=20).map(lambda t: " ".join(t.split())).filter(lambda t: len(t) > 2),
    hours=st.integers(1, 999),
    day=st.dates(date(2000, 1, 1), date(2030, 12, 31)),
)
def test_a_course_is_read_back(topic: str, hours: int, day: date) -> None:
    assert courses(f"{topic}, {hours} ч., {day:%d.%m.%Y}") == [Course(topic, hours, day)]


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        ([["Параллель", "Количество учащихся", "Успевают", "", "Не аттестовано", "Не успевают по предметам"],
          ["", "", "Всего", 'на "5"', "Всего", "Всего"], [5, 60, 58, 4, 0, "Абрамов Илья (алгебра)"],
          ["Итого", 60, 58, 4, 0, 1]], "success_summary"),
        ([["Класс", "Кол-во", "5", "4", "3", "2", "н/а", "осв", "% усп.", "% кач.", "СОУ", "Ср. балл"],
          ["5А", 25, 3, 10, 12, 0, 0, 0, 100, 52, 55.1, 3.6]], "school_results"),
    ],
)  # fmt: skip
def test_reports_of_totals_never_show_their_names(tmp_path: Path, rows: list[list[Any]], layout: str) -> None:
    intake_rows = [["МБОУ «Школа»"], ["Сводный отчёт"], *rows]
    space = workspace(tmp_path / "school")
    write_book(incoming(space) / "отчёт.xlsx", {"Лист1": intake_rows})
    intake = read(space)
    assert rules(intake) == ["summary_report"]
    assert intake.files[0].layout == layout
    assert "сводные ведомости классов" in intake.findings[0].message_ru
    assert "Абрамов" not in str(intake)


def test_a_gradebook_with_totals_below_is_no_report_of_totals(tmp_path: Path) -> None:
    rows = [["Класс: 5А"], ["№", "ФИО", "Математика", "Русский язык"], [1, "Абрамов Илья", 5, 4],
            *[["", label, 1, 1] for label in ('"5"', '"4"', '"3"', '"2"', "% усп.", "% кач.")]]  # fmt: skip
    found = read_file(write_book(tmp_path / "5А.xlsx", {"5А": rows}), CONTEXT)
    assert [draft.layout for draft in found.drafts] == ["gradebook"]


def test_education_with_its_university_is_of_the_list(tmp_path: Path) -> None:
    rows = [
        [*STAFF, "Образование, вуз, год, специальность"],
        [1, "Орлова Анна Петровна", "учитель", "Химия", 5, "высшая (приказ № 7)", "", "Высшее, КГПУ, 2001, химик"],
    ]
    draft = read_file(write_book(tmp_path / "Кадры.xlsx", {"Лист1": rows}), CONTEXT).drafts[0]
    frame = prepare(draft, "Кадры.xlsx", CONTEXT, Normaliser(CONTEXT), Collected())
    assert frame is not None
    assert (frame["education"].iloc[0], frame["category"].iloc[0]) == ("высшее", "высшая")


def yaml_layout(tmp_path: Path, **layout: Any) -> Context:
    space = workspace(tmp_path / "school")
    path = space.params / "sources.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["layouts"].append({"id": "own", "title": "Своя выгрузка", "reader": "list", "table": "health", **layout})
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return Context.open(space)


def own(tmp_path: Path, rows: list[list[Any]], **layout: Any) -> Draft:
    context = yaml_layout(tmp_path, **layout)
    return read_file(write_book(tmp_path / "a.xlsx", {"Лист1": rows}), context).drafts[0]


def test_a_layout_of_headers_and_positions_in_yaml_alone(tmp_path: Path) -> None:
    rows = [
        ["Медосмотр 2025"],
        ["Класс: 5А"],
        ["Фамилия", "Имя", "Гр. здор. (итог)", ""],
        ["Абрамов", "Илья", "II", "осн."],
    ]
    draft = own(
        tmp_path, rows,
        needs=[["health_group"], ["full_name"], ["class"]], columns={"health_group": ["Гр. здор. (итог)"]},
        positions={"pe_group": "D"}, over={"class": ["Класс"]},
    )  # fmt: skip
    record = draft.frame.iloc[0]
    assert draft.layout == "own"
    assert (record["full_name"], record["class"], record["health_group"], record["pe_group"]) == (
        "Абрамов Илья", "5А", "II", "осн.",
    )  # fmt: skip


def test_a_layout_that_names_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="health_group"):
        yaml_layout(tmp_path, needs=[["helth_group"]])


def test_a_misspelt_header_is_answered_with_the_nearest_title(tmp_path: Path) -> None:
    rows = [["ФИО", "Клас", "Дата рожденья", "Должность"], ["Орлова Анна", "5А", "01.02.1980", "учитель"]]
    found = read_file(write_list(tmp_path / "a.csv", rows), CONTEXT)
    message = next(f.message_ru for f in found.drafts[0].findings if f.rule == "column_unknown")
    assert "C – «Дата рождения»" in message
    rows = [["Фаммилия Имя Отчество", "Класс"], ["Абрамов Илья", "5А"]]
    found = read_file(write_list(tmp_path / "b.csv", rows), CONTEXT)
    assert "столбец A похож на «ФИО»" in found.findings[0].message_ru
    assert "Абрамов" not in found.findings[0].message_ru


LIST = ["ФИО участника", "Класс", "Мероприятие", "Уровень", "Результат"]


def listed(tmp_path: Path, *rows: list[Any]) -> Intake:
    space = workspace(tmp_path / "school")
    folder = incoming(space)
    write_list(folder / "Список.csv", PUPILS)
    write_book(folder / "Конкурсы.xlsx", {"Лист1": [LIST, *rows]})
    return read(space)


@pytest.mark.parametrize(
    "words",
    ["Мероприятия не проводились", "В 1 четверти олимпиады и конкурсы не проводились.", "участников не было",
     "Обучающиеся в конкурсах не участвовали"],
)  # fmt: skip
def test_a_table_that_says_that_there_was_nothing(tmp_path: Path, words: str) -> None:
    intake = listed(tmp_path, [words])
    assert len(intake.tables["contests"].frame) == 0
    (found,) = [item for item in intake.findings if item.table == "contests"]
    assert (found.rule, found.severity, found.row) == ("table_nothing", "info", 2)
    assert words in found.message_ru


def test_an_empty_table_without_a_word_asks_for_one(tmp_path: Path) -> None:
    (found,) = [item for item in listed(tmp_path).findings if item.table == "contests"]
    assert (found.rule, found.severity) == ("table_empty", "warning")
    assert "не проводились" in found.message_ru


def test_a_row_beside_the_word_that_there_was_nothing_is_read_and_told(tmp_path: Path) -> None:
    intake = listed(tmp_path, ["Конкурсы не проводились"],
                    ["Абрамов Илья Петрович", "5А", "Конкурс чтецов", "школьный", "участник"])  # fmt: skip
    assert len(intake.tables["contests"].frame) == 1
    (found,) = [item for item in intake.findings if item.rule == "table_nothing"]
    assert found.severity == "warning"
    assert "есть строки" in found.message_ru


@pytest.mark.parametrize("words", ["Не проводились ли конкурсы, уточнить", "Абрамов Илья", "Выставка не закрыта"])
def test_other_lone_words_say_nothing_of_it(tmp_path: Path, words: str) -> None:
    assert "table_nothing" not in {item.rule for item in listed(tmp_path, [words]).findings}
