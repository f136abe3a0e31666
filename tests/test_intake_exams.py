"""РИС ГИА: an exam a sheet, several exams in a sheet, CSV with English headers, results after appeals."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from intake_school import ROOT, incoming, read, rules, workspace, write_book, write_list

from soko.intake import Context, Draft, read_file
from soko.intake.examname import exam_of
from soko.workspace import Workspace

CONTEXT = Context.open(Workspace(ROOT))
EGE = ["№", "Код ППЭ", "Код ОО", "Класс", "Код ООП", "Профиль", "Фамилия", "Имя", "Отчество", "Вариант",
       "Код участника", "№ бланка", "Ответы в краткой форме", "Ответы в развернутой форме", "Первичный балл",
       "Итоговый балл"]  # fmt: skip
SPARSE = [0, 1, 2, 4, 6, 8, 10, 12, 13, 14, 17, 18, 20]
REGION = ["№", "Код ОО", "Класс", "Код ППЭ", "Аудитория", "Код МСУ", "Фамилия", "Имя", "Отчество",
          "Задания с кратким ответом", "Задания с развёрнутым ответом", "Первичный балл", "Оценка"]  # fmt: skip


def ege(name: str, primary: Any, score: Any, own: str = "11А") -> list[Any]:
    surname, first = name.split()
    return [
        1,
        1103,
        110001,
        own,
        7,
        "универсальный",
        surname,
        first,
        "",
        310,
        "К-900",
        55,
        "++-",
        "1(1)2(3)",
        primary,
        score,
    ]


def sparse(values: list[Any]) -> list[Any]:
    row: list[Any] = [None] * 21
    for column, value in zip(SPARSE, values, strict=True):
        row[column] = value
    return row


def region(number: int, name: str, primary: int, mark: int, own: str = "9А") -> list[Any]:
    surname, first = name.split()
    return sparse([number, 110001, own, 1103, "0002", 110, surname, first, "", "+-", "1(2)", primary, mark])


def one(path: Path) -> Draft:
    found = read_file(path, CONTEXT)
    assert [f.message_ru for f in found.findings if f.severity == "critical"] == []
    return found.drafts[0]


@pytest.mark.parametrize(
    ("title", "exam", "subject", "level"),
    [
        ("01 - Русский язык 2025.05.30", "ЕГЭ", "Русский язык", ""),
        ("02 - Математика профильная 2025.05.27", "ЕГЭ", "Математика", "профильный"),
        ("22 - Математика базовая 27.05.2025", "ЕГЭ", "Математика", "базовый"),
        ("02 - Математика 2025.05.27", "ЕГЭ", "Математика", "профильный"),
        ("51 - Русский язык ГВЭ 2025.05.30", "ГВЭ-11", "Русский язык", ""),
        ("09 – Английский язык 2025.06.10", "ЕГЭ", "Иностранный язык (английский)", ""),
        ("25 - Информатика (КЕГЭ) 2025.06.10", "ЕГЭ", "Информатика", ""),
    ],
)
def test_the_title_says_subject_level_and_form(tmp_path: Path, title: str, exam: str, subject: str, level: str) -> None:
    rows = [[title], EGE, ege("Абрамов Илья", 40, 80), ege("Белова Анна", 20, 40)]
    frame = one(write_book(tmp_path / "a.xlsx", {"Лист1": rows})).frame
    assert list(frame["exam"]) == [exam] * 2
    assert list(frame["subject"]) == [subject] * 2
    assert list(frame["exam_level"]) == [level] * 2
    assert list(frame["score"]) == [80, 40]
    assert list(frame["participant_code"]) == ["К-900"] * 2
    assert str(frame["held_on"].iloc[0]).startswith("2025-0")


def test_blocks_of_a_regional_protocol_with_sparse_columns(tmp_path: Path) -> None:
    first = [["20 - Русский язык 2026.06.03"], sparse(REGION), region(1, "Абрамов Илья", 30, 5),
             region(2, "Белова Анна", 15, 3), sparse(["Средние", *[""] * 10, 22.5, 4]), []]  # fmt: skip
    second = [["02 - Математика 2026.06.06"], sparse(REGION), region(1, "Абрамов Илья", 22, 5),
              sparse(["Средние", *[""] * 10, 22, 5])]  # fmt: skip
    rows = [*first, *second]
    draft = one(write_book(tmp_path / "a.xlsx", {"Лист1": rows}))
    frame = draft.frame
    assert list(frame["subject"]) == ["Русский язык", "Русский язык", "Математика"]
    assert list(frame["full_name"]) == ["Абрамов Илья", "Белова Анна", "Абрамов Илья"]
    assert list(frame["exam"]) == ["ОГЭ"] * 3
    assert list(frame["mark"]) == ["5", "3", "5"]
    assert [str(day) for day in frame["held_on"]] == ["2026-06-03", "2026-06-03", "2026-06-06"]
    assert list(frame["_row"]) == [3, 4, 9]
    means = [(t["subject"], t["measure"], t["printed"]) for t in draft.totals]
    assert ("Русский язык", "mean_mark.primary_score", 22.5) in means
    assert ("Математика", "mean_mark.mark", 5) in means
    assert draft.rows_aside[5] == draft.rows_aside[10] == "итоги"


def test_a_value_stands_anywhere_before_the_next_title(tmp_path: Path) -> None:
    row = region(1, "Абрамов Илья", 30, 5)
    row[18], row[19] = None, 30  # the cell under «Первичный балл» is merged one column to the right
    rows = [["20 - Химия 2026.06.03"], sparse(REGION), row]
    frame = one(write_book(tmp_path / "a.xlsx", {"Лист1": rows})).frame
    assert list(frame["primary_score"]) == [30]


OGE = ["SchoolCode", "ClassCode", "StationCode", "AuditoriumCode", "SurnameCell", "NameCell", "SecondNameCell",
       "DocumentSeriesCode", "DocumentNumberCode", "TestResultBCell", "TestResultCCell", "PrimaryMark",
       "Mark5"]  # fmt: skip
PUPIL = ["110001", "9А", "1103", "0001", "Абрамов", "Илья", "Петрович", "9999", "888777", "++", "1(2)", "30", "5"]
NAMES = ["01 - Русский язык 2026.06.03", "01_русский_язык_2026.06.03", "Русский язык(2026.06.03)"]


@pytest.mark.parametrize(
    "name", ["01 - Русский язык 2026.06.03", "01_русский_язык_2026.06.03", "Русский язык(2026.06.03)"]
)
def test_oge_csv_takes_the_subject_from_the_files_name_and_drops_documents(tmp_path: Path, name: str) -> None:
    rows = [
        OGE,
        ["110001", "9А", "1103", "0001", "Абрамов", "Илья", "Петрович", "9999", "888777", "++", "1(2)", "30", "5"],
    ]
    draft = one(write_list(tmp_path / f"{name}.csv", rows, "utf-8-sig"))
    record = draft.frame.iloc[0]
    assert (record["full_name"], record["exam"], record["subject"], record["mark"], record["primary_score"]) == (
        "Абрамов Илья Петрович", "ОГЭ", "Русский язык", "5", 30,
    )  # fmt: skip
    assert str(record["held_on"]) == "2026-06-03"
    assert not {"9999", "888777"} & {str(value) for value in draft.frame.to_numpy().ravel()}
    assert "document_dropped" in [f.rule for f in draft.findings]


def test_an_exam_without_a_subject_is_critical(tmp_path: Path) -> None:
    path = write_list(
        tmp_path / "res1.csv", [OGE, ["1", "9А", "1", "1", "Абрамов", "Илья", "", "1", "2", "", "", "30", "5"]]
    )
    findings = read_file(path, CONTEXT).drafts[0].findings
    assert ("critical", "exam_subject_missing") in [(f.severity, f.rule) for f in findings]
    assert not any("Абрамов" in f.message_ru for f in findings)


APPEAL = ["№", "Код ОО", "Класс", "Код ППЭ", "Аудитория", "ФИО", "Экзамен", "апелляция", "Первичный балл", "Оценка"]


def appeal(tmp_path: Path, exam: str) -> Any:
    space = workspace(tmp_path / "school")
    folder = incoming(space)
    main = [["02 - Математика 2026.06.02"], REGION,
            [1, 110001, "9А", 1, 1, 2, "Абрамов", "Илья", "Петрович", "", "", 14, 3],
            [2, 110001, "9А", 1, 1, 2, "Белова", "Анна", "Сергеевна", "", "", 20, 4]]  # fmt: skip
    after = [["Результаты после апелляции"], APPEAL,
             [1, 110001, "9А", 1, 1, "Абрамов Илья Петрович", exam, "удовлетворена", 15, 4]]  # fmt: skip
    write_book(folder / "основной.xlsx", {"Лист1": main})
    write_book(folder / "апелляция.xlsx", {"Лист1": after})
    pupils = [["ФИО", "Дата рождения", "Пол", "Класс"], ["Абрамов Илья Петрович", "01.02.2010", "м", "9А"],
              ["Белова Анна Сергеевна", "01.02.2010", "ж", "9А"]]  # fmt: skip
    write_list(folder / "Список.csv", pupils)
    return read(space)


def test_after_an_appeal_the_new_result_counts_and_both_are_kept(tmp_path: Path) -> None:
    intake = appeal(tmp_path, "Математика(2026.06.02)")
    table = intake.tables["exams"]
    frame = table.frame
    assert len(frame) == 3
    counting = frame[frame["effective"].astype(bool)]
    assert sorted(counting["mark"]) == ["4", "4"]
    old = frame[~frame["effective"].astype(bool)].iloc[0]
    assert (old["mark"], old["stage"]) == ("3", "основной")  # the file says so in its name
    new = frame[frame["stage"] == "апелляция"].iloc[0]
    assert (new["pupil_id"], new["mark"], new["subject"]) == (old["pupil_id"], "4", "Математика")
    assert {table.address(i, "mark")[2] for i in frame.index} == {"M3", "M4", "J3"}
    assert "exam_appeal" in rules(intake, "info")


def test_an_appeal_of_another_day_stands_alone(tmp_path: Path) -> None:
    intake = appeal(tmp_path, "Математика(2026.07.02)")
    assert list(intake.tables["exams"].frame["effective"].astype(bool)) == [True] * 3
    assert "exam_appeal_alone" in rules(intake, "warning")


def test_our_own_form_is_a_list_whatever_its_columns(tmp_path: Path) -> None:
    head = ["Фамилия", "Имя", "Класс", "Работа", "Предмет", "Первичный балл", "Отметка"]
    rows = [["Таблица: Экзамены и внешние работы"], head, ["Абрамов", "Илья", "9А", "ОГЭ", "Химия", 30, 5]]
    assert one(write_book(tmp_path / "a.xlsx", {"Лист1": rows})).layout == "exams_list"
    rows = [
        ["ФИО", "Класс", "Работа", "Предмет", "Первичный балл", "Отметка"],
        ["Абрамов Илья", "9А", "ВПР", "Химия", 9, 5],
    ]
    assert one(write_book(tmp_path / "b.xlsx", {"Лист1": rows})).layout == "exams_list"


def test_participants_of_other_schools_are_told(tmp_path: Path) -> None:
    other = ege("Белова Анна", 20, 40)
    other[2] = 110002
    rows = [["01 - Русский язык 2025.05.30"], EGE, ege("Абрамов Илья", 40, 80), other]
    draft = one(write_book(tmp_path / "a.xlsx", {"Лист1": rows}))
    assert len(draft.frame) == 2
    assert "exam_schools" in [f.rule for f in draft.findings]


@given(
    subject=st.sampled_from([s for s in CONTEXT.subjects.subjects if s.counted]),
    day=st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31)),
    form=st.sampled_from(["{s} {d:%Y.%m.%d}", "{s}({d:%Y.%m.%d})", "{s} ({d:%d.%m.%Y})", "20 - {s} {d:%Y.%m.%d}"]),
)  # fmt: skip
def test_every_subject_and_day_is_read_back(subject: Any, day: Any, form: str) -> None:
    found = exam_of(form.format(s=subject.title, d=day), CONTEXT)
    assert found is not None
    assert (found.subject, found.held_on) == (subject.title, day)


@pytest.mark.parametrize("line", ["Протокол проверки результатов", "20260602", "", "15 участников", "МБОУ СОШ № 5"])
def test_a_line_that_names_no_exam(line: str) -> None:
    assert exam_of(line, CONTEXT) is None


def test_the_real_layout(shared: Path) -> None:
    folder = shared / "data" / "layouts"
    frame = one(folder / "ris_gia_results_replica.xlsx").frame
    wanted = json.loads((folder / "ris_gia_expected.json").read_text(encoding="utf-8"))
    assert len(frame) == wanted["n"]
    assert set(frame["exam"]) == {"ЕГЭ"}
    assert set(frame["subject"]) == {"Русский язык"}
