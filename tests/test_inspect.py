"""soko inspect: how a file is understood. Every row is accounted for, and no name is ever printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import soko
from hypothesis import HealthCheck, given, settings, strategies as st
from intake_school import PUPILS, ROOT, gradebook, write_book, write_list

from soko.intake.inspect import FileView, inspect, lines, spans
from soko.workspace import Workspace

SPACE = Workspace(ROOT)
NAMES = ["Абрамов", "Белова", "Волков", "Громова", "Илья", "Петрович", "Орлова"]


def view(path: Path) -> FileView:
    found = inspect(path, SPACE)
    for sheet in found.sheets:
        assert sheet.rows == sheet.empty + sheet.read + sum(len(rows) for rows in sheet.aside.values()), sheet.name
    return found


def told(found: FileView) -> str:
    text = "\n".join(lines(found))
    assert not [name for name in NAMES if name in text]
    return text


def test_a_list_row_by_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Список"], [], [*PUPILS[0], "Комментарий"], [1, 2, 3, 4, 5, 6], *PUPILS[1:], ["Итого: 4"]]
    found = view(write_book(tmp_path / "Список.xlsx", {"Лист1": rows}))
    text = told(found)
    sheet = found.sheets[0]
    assert found.recognised
    assert (sheet.rows, sheet.empty, sheet.read) == (9, 1, 4)
    assert sheet.aside == {"шапка и строки над ней": [1, 3], "нумерация граф": [4], "итоги": [9]}
    assert "«Список обучающихся»" in text
    assert "B – ФИО" in text
    assert "Не читаются: F" in text
    assert "Итог: файл распознан." in text


def test_a_gradebook_sheet_by_sheet(tmp_path: Path) -> None:
    marks = {"Абрамов Илья": [5, "4 "], "Белова Анна": ["ъ", 3]}
    sheets = {"5А": gradebook(marks, ["Математика", "Русский язык"]), "Примечания": [["Заметка", "Ещё"]]}
    found = view(write_book(tmp_path / "5А.xlsx", sheets))
    text = told(found)
    assert [sheet.layout for sheet in found.sheets] == ["Сводная ведомость класса (обучающиеся × предметы)", ""]
    assert found.sheets[0].aside["итоги"] == [10, 11]
    assert found.sheets[1].aside == {"лист не распознан": [1]}
    assert "C–D – значение, столбец на предмет или вопрос" in text
    assert "mark_unknown" in [item.rule for item in found.findings]


def test_a_form_tells_what_it_hides(tmp_path: Path) -> None:
    rows = [["Отметка времени", "Ваши ФИО", "Всё ли нравится?"], ["2025/11/20 9:15", "Орлова Анна Петровна", "да"]]
    text = told(view(write_list(tmp_path / "Анкета.csv", rows, "utf-8", ",")))
    assert "В таблицу не входят: B – личные данные." in text


def test_a_summary_is_recognised_and_not_read(tmp_path: Path) -> None:
    rows = [["Параллель", "Количество учащихся", "Успевают", "Не успевают по предметам"], [5, 60, 58, "Абрамов Илья"]]
    found = view(write_book(tmp_path / "отчёт.xlsx", {"Лист1": rows}))
    assert found.recognised
    assert found.sheets[0].aside["сводные числа, не данные"] == [2]
    assert "сводный отчёт" in told(found)


def test_an_unknown_file(tmp_path: Path) -> None:
    found = view(write_list(tmp_path / "a.csv", [["Ребёнок", "Клас"], ["Абрамов Илья", "5А"]]))
    assert not found.recognised
    assert "Итог: файл не распознан." in told(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from([[], ["Итого", 1, 2], ["К-1", "Абрамов Илья", "5А"], ["", "", ""], ["Подпись директора"],
                         [1, 2, 3], ["К-2", "", ""], ["", "Белова Анна", "5Б"], ["1-4 классы", 3, 4]]),
        max_size=12,
    )
)  # fmt: skip
def test_no_row_is_lost(tmp_path: Path, body: list[list[Any]]) -> None:
    path = write_list(tmp_path / "a.csv", [["Код", "ФИО", "Класс"], *body])
    for sheet in view(path).sheets:
        assert sheet.rows <= len(body) + 1


def test_spans() -> None:
    assert spans([1, 2, 3, 7, 9, 10]) == "1–3, 7, 9–10"


def test_the_command(tmp_path: Path) -> None:
    done = soko("inspect", str(write_list(tmp_path / "Список.csv", PUPILS)), workspace=ROOT)
    assert (done.code, done.err) == (0, "")
    assert "«Список обучающихся»" in done.out
    assert not [name for name in NAMES if name in done.out]
    done = soko("inspect", str(write_list(tmp_path / "b.csv", [["a", "b"], ["c", "d"]])), workspace=ROOT)
    assert done.code == 1
    done = soko("inspect", str(tmp_path / "нет.csv"), workspace=ROOT)
    assert done.code == 2
    assert "файла нет" in done.err


@pytest.mark.parametrize("folder", ["layouts", "ru_vpr_form"])
def test_real_files_row_by_row(shared: Path, folder: str) -> None:
    for path in sorted((shared / "data" / folder).iterdir()):
        if path.suffix in (".xlsx", ".csv") and "expected" not in path.name:
            assert view(path).recognised, path.name
