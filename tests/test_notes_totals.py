"""Rows and columns that let a reader find what sentences say: the parallel, the whole of criteria, page one."""

from __future__ import annotations

import pytest
from note_school import figures_of, workspace

from soko.analysis.narrative_rules import load_rules
from soko.analysis.narrative_sections import Show
from soko.errors import ConfigError
from soko.indicators import load_catalogue
from soko.notes import doubtful, page_one, tables_any
from soko.notes.telling import FINDINGS
from soko.publish.blocks import Head, Row, Table

QUALITY = "outcomes.quality"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return figures_of(workspace(tmp_path_factory.mktemp("totals")))


def show(**more):
    return Show(**{"kind": "by", "caption": "Таблица", "compare": ["none"]} | more)


def test_classes_of_one_parallel_end_with_the_parallel(data):
    rows = [(QUALITY, {"class": "5А"}, 10, 27), (QUALITY, {"class": "5Б"}, 12, 23), (QUALITY, {"class": "6А"}, 5, 20)]
    rows += [(QUALITY, {"grade": "5"}, 22, 50), (QUALITY, {"grade": "6"}, 5, 20), (QUALITY, {}, 27, 70)]
    of = data(rows)
    asked = show(dimension="class", indicators=[QUALITY])
    made = tables_any.by(of, "", asked.model_copy(update={"only": ["5*"]}), [QUALITY])
    assert [row.cells[:3] for row in made.rows] == [
        ["5А", "27", "37,0"],
        ["5Б", "23", "52,2"],
        ["5-е классы", "50", "44,0"],
    ]
    assert made.rows[-1].kind == "total"
    every = tables_any.by(of, "", asked, [QUALITY])
    assert every.rows[-1].cells[1:3] == ["70", "38,6"]


def test_criteria_end_with_the_object_that_they_are_of(data):
    rows = [
        ("experts.criterion", {"item": f"планирование: {name}"}, part, 15)
        for name, part in (("цели", 11), ("сроки", 10))
    ]
    rows += [("experts.score", {"item": "планирование"}, 42, 55), ("experts.score", {"item": "охрана труда"}, 1, 5)]
    asked = show(dimension="item", indicators=["experts.criterion"], only=["планирование: *"], total=False)
    without = tables_any.by(data(rows), "", asked, ["experts.criterion"])
    assert [row.cells[0] for row in without.rows] == ["Сроки", "Цели"]
    made = tables_any.by(data(rows), "", asked.model_copy(update={"total_of": "experts.score"}), ["experts.criterion"])
    assert made.rows[-1].cells == ["Всего", "55", "76,4"]
    assert len(made.rows) == 3
    nobody = tables_any.by(
        data(rows[:2]), "", asked.model_copy(update={"total_of": "experts.score"}), ["experts.criterion"]
    )
    assert len(nobody.rows) == 2


def test_a_whole_of_parts_needs_its_parts():
    with pytest.raises(ValueError, match="total_of"):
        show(dimension="class", indicators=["experts.criterion"], only=["5*"], total_of="experts.score")


def test_a_page_with_little_on_it_is_no_page_of_its_own():
    row = Row(cells=["Качество знаний", "42,1 %", "46,5 %", "+4,4 п.п.", "50 %", "ниже цели", "Завуч"])
    heads = [Head(title=str(at)) for at in range(7)]
    table = Table(caption="Что хуже", columns=heads, rows=[row] * 6)
    said = ["Предложение о показателе, которое занимает на странице две строки текста, а не одну."] * 4
    assert page_one.is_short(None, said, ())
    assert page_one.is_short(table, said[:1], ())
    assert not page_one.is_short(table, said * 2, said)


def test_an_unknown_whole_is_refused_with_its_line(tmp_path):
    place = workspace(tmp_path)
    path = place.params / "narrative" / "upbringing.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("total_of: experts.score", "total_of: experts.scor"), encoding="utf-8")
    line = 1 + path.read_text(encoding="utf-8").split("\n").index("        total_of: experts.scor")
    with pytest.raises(ConfigError, match=r"нет показателя «experts\.scor».*experts\.score") as caught:
        load_rules(path, load_catalogue(place, bind=False).indicators, [*FINDINGS.values(), *doubtful.FACTS])
    assert f"строка {line}" in str(caught.value.where)
