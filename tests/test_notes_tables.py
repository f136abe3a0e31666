"""Tables of any indicator: empty cells say why, one legend explains them, wide tables are told in parts."""

from __future__ import annotations

import note_school
import pytest
from hypothesis import given, strategies as st

from soko.analysis.narrative_sections import Show
from soko.notes import tables_any, wide
from soko.publish.blocks import Head, Row, Table

PERIOD = note_school.PERIOD
SPAN = " "


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return note_school.workspace(tmp_path_factory.mktemp("tables"))


@pytest.fixture
def made(place):
    return note_school.figures_of(place)


def by_class(name, **parts):
    return [(name, {"class": key, "grade": key[1:-1]}, part, base) for key, (part, base) in parts.items()]


def plain(rows):
    return [[cell.replace("\u00a0", SPAN) for cell in row.cells] for row in rows]


def test_an_empty_cell_says_why_and_one_line_explains_it(made):
    quality = "outcomes.quality"
    now = by_class(quality, к2А=(10, 20), к5А=(6, 24), к5Б=(3, 8), к6А=(12, 20))
    now = [(name, dims | {"class": dims["class"][1:]}, *rest) for name, dims, *rest in now]
    before = [row for row in now if row[1]["class"] in ("2А", "5Б", "6А")]
    ago = [(quality, {"class": key, "grade": key[0]}, 10, 20) for key in ("4А", "4Б", "5А")]
    show = Show(kind="by", dimension="class", caption="К", indicators=[quality], label="l")
    table = tables_any.by(made(now, before, ago), "", show, [quality])
    assert [head.title for head in table.columns] == ["Класс", "В базе", "4 четв.", "3 четв.", "±", "год назад", "±"]
    assert plain(table.rows) == [
        ["2А", "20", "50,0", "50,0", "0", "нс", "нс"],  # it was 1А, which has no marks
        ["5А", "24", "25,0", "нс", "нс", "50,0", "−25,0"],
        ["5Б", "8", "3 из 8", "3 из 8", "мг", "50,0", "мг"],
        ["6А", "20", "60,0", "60,0", "0", "50,0", "+10,0"],
    ]
    legend = table.notes[-1]
    assert legend.startswith("«мг» – малая группа: в одном из периодов в базе меньше 10, ")
    assert "«нс» – сравнивать не с чем" in legend
    assert "нд" not in legend  # what no cell has is not explained
    assert sum("«нс» –" in note for note in table.notes) == 1


def test_an_indicator_has_columns_of_the_periods_that_it_has_figures_of(made):
    quality, success = "outcomes.quality", "outcomes.success"
    grades = [{"grade": "5"}, {"grade": "6"}]
    now = [(name, dims, 10, 20) for name in (quality, success) for dims in grades]
    before = [(quality, dims, 10, 20) for dims in grades]
    show = Show(kind="by", dimension="grade", caption="К", indicators=[quality, success], label="l")
    table = tables_any.by(made(now, before), "", show, show.indicators)
    assert [head.title for head in table.columns] == ["Параллель", "В базе", "4 четв.", "3 четв.", "±", "Успеваемость"]
    assert plain(table.rows) == [["5-е", "20", "50,0", "50,0", "0", "50,0"], ["6-е", "20", "50,0", "50,0", "0", "50,0"]]


def test_the_only_object_is_not_told_again_as_the_whole(made):
    name = "subjects.quality"
    show = Show(kind="by", dimension="subject", caption="К", indicators=[name], label="l")
    only = [(name, {"subject": "Химия"}, 5, 20)]
    assert [row[0] for row in plain(tables_any.by(made([*only, (name, {}, 5, 20)]), "", show, [name]).rows)] == [
        "Химия"
    ]
    more = tables_any.by(made([*only, (name, {}, 9, 40)]), "", show, [name])  # others are in the whole
    assert [row[0] for row in plain(more.rows)] == ["Химия", "По школе"]


def test_what_nobody_handed_in_is_not_a_dash(made):
    ids = ["outcomes.quality", "subjects.mean_mark", "conditions.vacancies"]
    data = made(
        [("outcomes.quality", {}, 6, 24), ("subjects.mean_mark", {}, 80, 20)], [("outcomes.quality", {}, 6, 24)]
    )
    table = tables_any.values(data, "", Show(kind="values", caption="К", indicators=ids, label="l"), ids)
    assert plain(table.rows)[0][1:4] == ["24", "6", "25,0 %"]
    assert plain(table.rows)[1][1:4] == ["×", "×", "4,00"]
    assert plain(table.rows)[2][1:6] == ["×", "×", "нд", "нс", "нд"]
    assert {"«нд»", "«нс»", "«×»"} <= {part.split(" – ")[0] for part in table.notes[-1].split("; ")}
    assert all(head.align == "decimal" for head in table.columns[1:])
    nothing = made([("subjects.quality", {"subject": "Химия"}, 5, 20)])
    assert tables_any.values(nothing, "", Show(kind="values", caption="К", indicators=ids), ids) is None


def test_what_accrues_over_terms_of_other_lengths_has_no_difference(made):
    name = "attendance.lessons_missed_per_pupil"
    rows = [(name, {}, 400, 20)]
    show = Show(kind="values", caption="К", indicators=[name])
    table = tables_any.values(made(rows, rows, rows), "", show, [name])
    assert plain(table.rows)[0][1:5] == ["20,0", "20,0", "дл", "20,0"]  # the third term is longer than the fourth
    assert plain(table.rows)[0][5] == "0"


def wide_table(sizes, *, base=False):
    heads = [Head(title="Класс"), *([Head(title="В базе")] if base else [])]
    heads += [Head(title=f"{g}.{i}", group=f"Г{g}") for g, size in enumerate(sizes) for i in range(size)]
    rows = [Row(cells=["Раздел"], kind="section"), Row(cells=[str(i) for i in range(len(heads))])]
    return Table(caption="К", columns=heads, rows=rows, notes=["База."], label="t")


def test_a_wide_table_is_told_in_even_parts():
    parts = wide.split(wide_table([2, 2, 2, 2, 2], base=True))
    assert [[head.title for head in part.columns] for part in parts] == [
        ["Класс", "В базе", "0.0", "0.1", "1.0", "1.1", "2.0", "2.1"],
        ["Класс", "В базе", "3.0", "3.1", "4.0", "4.1"],
    ]
    assert [part.rows[1].cells for part in parts] == [list("01234567"), ["0", "1", "8", "9", "10", "11"]]
    assert [(part.caption, part.label, part.notes) for part in parts] == [
        ("К (часть 1 из 2)", "t", []), ("К (часть 2 из 2)", "t_2", ["База."]),
    ]  # fmt: skip
    assert wide.split(wide_table([3, 3, 3])) == [wide_table([3, 3, 3])]


@given(st.lists(st.integers(1, 7), min_size=1, max_size=12), st.booleans())
def test_no_column_is_lost_and_no_group_torn(sizes, base):
    table = wide_table(sizes, base=base)
    parts = wide.split(table)
    kept = 2 if base else 1
    assert [head.title for part in parts for head in part.columns[kept:]] == [h.title for h in table.columns[kept:]]
    for part in parts:
        assert len(part.columns) - 1 <= wide.MOST
        groups = {head.group for head in part.columns[kept:]}
        assert all(sum(h.group == g for h in part.columns) == sum(h.group == g for h in table.columns) for g in groups)


def test_a_head_does_not_say_its_unit_twice(made):
    ids = ["subjects.sou", "subjects.mean_mark"]
    show = Show(kind="by", dimension="class", caption="К", indicators=ids, label="l")
    table = tables_any.by(
        made(by_class("subjects.sou", к5А=(60, 90)) + by_class("subjects.mean_mark", к5А=(350, 90))), "", show, ids
    )
    heads = {(head.title, head.unit) for head in table.columns} | {(head.group, "") for head in table.columns}
    assert not [
        title
        for title, unit in heads
        if title.endswith("Средний балл,\u00a0балл") or (title, unit) == ("Средний балл", "балл")
    ]
    assert any("Средний балл" in title for title, _ in heads)
