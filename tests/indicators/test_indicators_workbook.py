"""indicators.xlsx: every value of the tidy table, for eyes and screen readers, no live formula, same bytes twice."""

from __future__ import annotations

import io
import re
import zipfile

import clean_workspace as cw
import openpyxl
import pandas as pd
import pytest
from clean_workspace import marks, pupil
from hypothesis import given, strategies as st

from soko.indicators import absent, compute, dynamics, history, load_catalogue, write
from soko.indicators.reasons import REASONS
from soko.indicators.sheet_parts import DIMENSIONS
from soko.indicators.sheets import Sheet, names, save
from soko.indicators.workbook import NAME, build, write as write_workbook
from soko.params import Params

FIRST = ["Обложка", "Пояснения", "Обозначения", "Динамика", "Нет значений"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(workspace, period, frame, bytes)"""
    workspace = cw.make(tmp_path_factory.mktemp("workbook"))
    table = [*marks("p_1", "5 4 3", "t_1"), *marks("p_2", "3 3", "t_1"), *marks("p_3", "2 н/а", "t_2")]
    table += [{"pupil_id": "p_1", "subject": "=1+1\x07", "mark": "5", "teacher_id": "t_2"}]
    pupils = [pupil("p_1", "5А"), pupil("p_2", "5Б", "ж"), pupil("p_3", "10А")]
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=table)
    earlier = cw.put(workspace, "2024-2025/q4", pupils=[pupil("p_1", "4А"), pupil("p_2", "4Б", "ж")], marks=table[:5])
    history.update(workspace, earlier, compute(workspace, earlier), load_catalogue(workspace))
    frame = compute(workspace, period)
    return workspace, period, frame, build(workspace, period, frame, dynamics.compute(workspace, period, frame))


@pytest.fixture(scope="module")
def book(made):
    return openpyxl.load_workbook(io.BytesIO(made[3]))


def parts(made):
    with zipfile.ZipFile(io.BytesIO(made[3])) as file:
        return {name: file.read(name).decode("utf-8") for name in file.namelist()}


def records(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_every_value_stands_once_under_its_group(made, book):
    workspace, _, frame, _ = made
    level_of = Params(workspace).school.level_of
    shown = {}
    for sheet in book.worksheets[5:]:
        for row in records(sheet):
            if row["Значение"] in ("нд", "нп"):
                continue
            key = (row["Код"], row["Разрез"], *(row.get(title, "все") for title in DIMENSIONS.values()))
            assert key not in shown
            shown[key] = (row["Числитель"], row["Знаменатель"], row["Значение"])
    own = frame[(frame["teacher"] == "") & (frame["school_id"] != "")]
    assert len(shown) == len(own)
    for row in own.to_dict("records"):
        group = {dim: row[dim] for dim in DIMENSIONS if pd.notna(row[dim]) and row[dim] != ""}
        cut = " × ".join(DIMENSIONS[dim].lower() for dim in DIMENSIONS if dim in group) or "вся школа"
        if "class" in group:
            group["grade"] = int(group["class"][:-1])
        if "grade" in group:
            group["level"] = level_of(group["grade"])
        if "subject" in group:
            group["subject"] = group["subject"].replace("\x07", "")
        found = shown[(row["indicator"], cut, *(group.get(dim, "все") for dim in DIMENSIONS))]
        assert found[0] == row["numerator"]
        assert found[1] == ("–" if pd.isna(row["denominator"]) else row["denominator"])
        assert found[2] == row["value"]


def test_accessible_sheets(book):
    assert book.sheetnames[:5] == FIRST
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert book.properties.language == "ru-RU"
    assert book.properties.title == "Показатели качества образования: 1 четверть 2025/2026 учебного года"
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert not sheet.merged_cells.ranges
        assert all(cell.font.bold and cell.value for cell in sheet[1])
        assert all(cell.value is not None for row in sheet.iter_rows(min_row=2) for cell in row), sheet.title
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])
    values = book.worksheets[-1]
    column = {cell.value: cell.column for cell in values[1]}
    for row in values.iter_rows(min_row=2):
        number = row[column["Значение"] - 1]
        if row[column["Единица"] - 1].value == "%" and not isinstance(number.value, str):
            assert number.number_format == "0.0"


def test_the_cover_leads_to_every_sheet(book):
    cover = book.worksheets[0]
    links = {cell.value: cell.hyperlink.location for cell in cover["A"] if cell.hyperlink}
    assert list(links) == book.sheetnames[1:]
    assert all(location == f"'{name}'!A1" for name, location in links.items())
    said = [str(cell.value) for row in cover.iter_rows() for cell in row]
    assert "1 четверть 2025/2026 учебного года" in said


def test_definitions_of_the_catalogue(made, book):
    workspace, period, *_ = made
    catalogue = load_catalogue(workspace)
    rows = {row["Код"]: row for row in records(book["Пояснения"])}
    assert list(rows) == [item.id for item in catalogue.for_period(period)]
    for name, row in rows.items():
        assert row["Показатель"] == catalogue[name].name
        assert row["Формула"] == catalogue[name].formula
        assert row["База"] == catalogue.base(name)
    assert rows["outcomes.failing"]["Направление"] == "меньше – лучше"
    assert rows["outcomes.quality"]["Источник"].startswith("Отметки за период (")


def test_what_could_not_be_computed_is_listed_with_its_sign(made, book):
    rows = [row for sheet in book.worksheets[5:] for row in records(sheet) if row["Код"].startswith("attendance.")]
    assert rows  # the table of absences was not handed in
    assert {row["Значение"] for row in rows} == {"нд"}
    told = {row["Обозначение"] for row in records(book["Обозначения"])}
    assert {reason.sign for reason in REASONS.values()} | {"–", "все", "не указано"} == told


def test_changes_and_what_has_no_value_have_their_sheets(made, book):
    workspace, period, frame, _ = made
    table = absent.table(workspace, period, frame)
    rows = records(book["Нет значений"])
    assert [(row["Код"], row["Причина"]) for row in rows] == [
        (name, {"nd": "нд", "na": "нп"}[code]) for name, code in zip(table["indicator"], table["reason"], strict=True)
    ]
    assert all(row["Отвечает"] != "–" for row in rows if row["Причина"] == "нд")
    rows = {(row["Код"], row["Разрез"], row["Класс"], row["Сравнение"]): row for row in records(book["Динамика"])}
    class_ = rows["outcomes.quality", "класс", "5А", "предыдущий период"]  # 4А then: 0 of 1
    assert (class_["Значение"], class_["Класс или параллель тогда"], class_["Было"]) == (0, "4А", 0)
    assert (class_["Вывод"], class_["Причина"]) == ("нельзя судить", "мг")
    assert rows["outcomes.quality", "вся школа", "все", "год назад"]["Было"] == "нс"
    assert {row["Разрез"].count("×") for row in records(book["Динамика"])} == {0}


def test_text_of_the_data_is_never_a_formula(made, book):
    for name, text in parts(made).items():
        assert "<f>" not in text, name
        assert "<f " not in text, name
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == "=1+1"]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_no_teacher_is_in_it(made):
    assert {"t_1", "t_2"} <= set(made[2]["teacher"])
    assert not any(re.search(r"\bt_\d", text) for text in parts(made).values())


def test_same_data_same_bytes_whatever_the_order(made, tmp_path):
    workspace, period, frame, content = made
    changes = dynamics.compute(workspace, period, frame)
    assert build(workspace, period, frame, changes) == content
    shuffled = frame.sample(frac=1, random_state=1), changes.sample(frac=1, random_state=2)
    assert build(workspace, period, *shuffled) == content
    write(frame, tmp_path)
    dynamics.write(changes, tmp_path)
    assert write_workbook(workspace, period, tmp_path).read_bytes() == content
    assert (tmp_path / NAME).is_file()
    assert "2025-10-24T00:00:00Z" in parts(made)["docProps/core.xml"]


def test_several_schools_have_a_column(tmp_path):
    workspace = cw.make(tmp_path)
    pupils = [pupil("p_1", "5А", school_id="s1"), pupil("p_2", "5А", school_id="s2")]
    table = [*marks("p_1", "5", school_id="s1"), *marks("p_2", "2", school_id="s2")]
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=table)
    book = openpyxl.load_workbook(io.BytesIO(build(workspace, period, compute(workspace, period))))
    assert "Динамика" not in book.sheetnames
    rows = [row for sheet in book.worksheets[4:] for row in records(sheet) if row["Код"] == "outcomes.quality"]
    whole = {row["Школа"]: row["Значение"] for row in rows if row["Разрез"] == "вся школа"}
    assert whole == {"все школы": 50, "s1": 100, "s2": 0}


@given(st.lists(st.text(min_size=1, max_size=60), max_size=8))
def test_names_of_sheets_are_legal_and_once_each(titles):
    found = names(titles)
    assert len({name.lower() for name in found}) == len(titles)
    assert all(0 < len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in found)
    assert not any(name.startswith("'") or name.endswith("'") for name in found)


def test_a_long_name_is_cut_between_words():
    title = "Кадровые условия и профессиональное развитие педагогов (4.6)"
    assert names([title, title]) == ["Кадровые условия и…", "Кадровые условия и… 2"]


@given(st.lists(st.lists(st.one_of(st.text(max_size=12), st.integers(-(10**9), 10**9), st.floats(allow_nan=False,
       allow_infinity=False)), min_size=2, max_size=2), min_size=1, max_size=4))  # fmt: skip
def test_cells_read_back(rows):
    from datetime import date

    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    content = save([Sheet("А", "", ["x", "y"], [10, 10], rows)], title="т", author="а", day=date(2026, 1, 2))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    for at, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            read = sheet.cell(at, column).value
            if isinstance(value, str):
                value = ILLEGAL_CHARACTERS_RE.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
                read = read or ""
            assert read == value
