"""The notes adaptation, health and upbringing: what they say, and what nobody may read from them."""

from __future__ import annotations

import re

import pytest
from note_school import put, tables, workspace
from test_notes_blocks import words
from told import as_it_was, charts_tell, displayed
from welfare_school import AUTUMN, SIZES, SPRING, diagnostics, school, year

from soko.notes import bar_charts, open_theme
from soko.publish.blocks import Callout, Figure, Table

NOTES = {"adaptation": AUTUMN, "health": SPRING, "upbringing": SPRING}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return school(tmp_path_factory.mktemp("welfare"))


def note(place, name, period=None):
    return open_theme(name, str(place.root), (period or NOTES[name]).id)


@pytest.mark.parametrize("name", NOTES)
def test_narrative_is_as_it_was(place, name):
    as_it_was(note(place, name).narrative, name)


@pytest.mark.parametrize("name", NOTES)
def test_every_chart_tells_its_finding(place, name, monkeypatch):
    assert charts_tell(monkeypatch, note(place, name), name)


@pytest.mark.parametrize("name", NOTES)
def test_special_categories_are_told_of_no_class_and_no_small_group(place, name):
    """6А has seven pupils, and a whole parallel of its own."""
    data = note(place, name).data
    finest = {item.id: data.catalogue.views[item.population].finest for item in data.catalogue}
    seen = set()
    for figures in (data.current, data.previous, data.year_ago):
        for (indicator, _, dims), parts in figures.items() if figures else ():
            how, named = finest.get(indicator, ""), dict(dims)
            seen.add(how)
            if how:
                assert "class" not in named, indicator
                assert how != "school" or not {"level", "grade", "sex"} & set(named), indicator
                if {"level", "grade", "sex"} & set(named):
                    assert parts.base is not None, indicator
                    assert parts.base >= 10, (indicator, named)
    assert "grade" in seen


def test_one_withheld_group_takes_the_next_with_it(place):
    """The whole less the others would tell it: 6А of seven pupils goes with 9А, the smallest of its level."""
    made = note(place, "health")
    table = next(
        block
        for block in made.section("diagnosis")
        if isinstance(block, Table) and block.caption.startswith("Группы здоровья и отклонения по параллелям")
    )
    assert [row.cells[0] for row in table.rows] == ["1-е", "5-е", "По школе"]
    assert table.rows[-1].cells[1] == str(sum(SIZES.values()))
    assert any("не показаны" in line and "152-ФЗ" in line for line in table.notes)


def test_registers_are_numbers_of_the_school(place):
    made = note(place, "upbringing")
    text = words(made.section("offences"))
    assert "На учёте любого вида" in text
    assert "%" not in text
    for block in made.section("offences"):
        if isinstance(block, Table):
            assert {row.cells[0][:1].isdigit() for row in block.rows} == {False}


def test_methods_are_not_mixed_and_a_year_ago_is_the_same_method(place):
    table = next(block for block in note(place, "adaptation").section("first") if isinstance(block, Table))
    names = [row.cells[0] for row in table.rows]
    assert names == [
        "Адаптация, 1 класс, входная (Карта наблюдения)",
        "Готовность к школе, 1 класс, входная (Карта готовности)",
    ]
    assert all(row.cells[1] == "46" for row in table.rows)


def test_a_conclusion_names_the_tables_that_have_its_figures(place):
    """A risk by inquiry is told in «Группа риска», whose table counts pupils; its figures stand in other sections."""
    blocks = displayed(note(place, "adaptation"), "adaptation")
    captions = {block.label: block.caption for block in blocks if isinstance(block, Table | Figure)}
    cited = {}
    for line in words(blocks).split("## Выводы")[1].splitlines():
        if found := re.search(r"\((таблиц\w|рисун\w+)\u00a0([^()]+)\)\.", line):
            cited[line] = found[1], [captions[label] for label in re.findall(r"{{\w+:([^}]+)}}", found[2])]
    (line, (kind, named)), *_ = [item for item in cited.items() if "чем год назад: " in item[0]]
    inquiries = {"Готовность и адаптация первоклассников": "готовность", "Тревожность": "тревожность"}
    assert {caption for caption, word in inquiries.items() if word in line} == set(named) & set(inquiries)
    assert kind == ("таблицы" if len(named) > 1 else "таблица")
    assert "Обучающиеся в зоне риска" not in named
    own = next(line for line in cited if "двум и более" in line)
    assert cited[own] == ("таблица", ["Обучающиеся в зоне риска"])


def test_two_stages_of_the_same_pupils_are_compared(tmp_path):
    place = workspace(tmp_path)
    made = tables(SIZES, {}, 3)
    put(place, AUTUMN, {**made, "diagnostics": diagnostics(made["pupils"], 0.3, later=True)})
    blocks_ = note(place, "adaptation").section("stages")
    table = next(block for block in blocks_ if isinstance(block, Table))
    assert table.rows[0].cells[0] == "Адаптация, 1 класс (Карта наблюдения)"
    assert all(cell == "0" for row in table.rows for cell in row.cells[-1:])
    assert "выше стал у" in words(blocks_)


@pytest.mark.parametrize("name", NOTES)
def test_without_tables_nothing_is_claimed(tmp_path, name):
    place = workspace(tmp_path)
    made = tables({"5А": 20}, {}, 1)
    put(place, NOTES[name], {"pupils": made["pupils"]})
    told = note(place, name)
    callout = next(block for block in [*told.main_page(), *told.introduction()] if isinstance(block, Callout))
    assert callout.title in ("Данных для справки нет", "Сданы не все данные")
    text = words(displayed(told, name))
    assert not re.search(r"стабильн|None|nan|выше, чем|ниже, чем", text)
    assert not told.narrative.recommendations


def test_what_was_not_handed_in_is_not_called_free_of_faults(tmp_path):
    place = workspace(tmp_path)
    put(place, AUTUMN, {"pupils": tables({"5А": 20}, {}, 1)["pupils"]})
    findings = place.outputs(AUTUMN) / "validation" / "findings.csv"
    findings.parent.mkdir(parents=True)
    findings.write_text("severity,table,rule,file,sheet,cell,row,column,message_ru\n", encoding="utf-8")
    said = words(note(place, "adaptation").data_quality())
    assert "не сданы: проверять нечего" in said
    assert "Проверено" not in said


@pytest.mark.parametrize("name", NOTES)
def test_one_pupil_of_each_class_and_no_predecessor(tmp_path, name):
    """Nothing is judged of so few, and no figure of one pupil's health stands by itself."""
    place = workspace(tmp_path)
    made = tables(dict.fromkeys(SIZES, 1), {}, 1)
    more = year(made["pupils"], 0)
    put(
        place,
        NOTES[name],
        {**made, **more, **({} if name != "adaptation" else {"diagnostics": diagnostics(made["pupils"], 0.3)})},
    )
    told = note(place, name)
    text = words(displayed(told, name))
    assert "сравнение с прошлыми периодами не проводится" in text
    assert not re.search(r"стабильн|None|nan|больше случайной", text)
    for block in told.section("diagnosis") if name == "health" else ():
        assert not (isinstance(block, Table) and "по параллелям" in block.caption)


def test_a_name_of_several_lines_has_their_room():
    def height(names):
        return float(re.search(r'height="([\d.]+)', bar_charts.stack(names, [[1, 2], [2, 1]], ["а", "б"], "%"))[1])

    assert height(["один\nдва\nтри", "один"]) > height(["один\nдва", "один"]) > height(["один", "один"])
