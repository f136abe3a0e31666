"""soko explain: the figure it shows is the published one, the query it shows gives it, the rows add up to it."""

from __future__ import annotations

import re

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import marks, pupil
from conftest import soko

from soko.errors import ConfigError, DataError, UsageError
from soko.indicators import DIMENSIONS, UNKNOWN, compute, load_catalogue
from soko.indicators.explain import MOST, PARTS, explain
from soko.indicators.group import TITLES
from soko.indicators.settings import create, read_settings
from soko.indicators.sources import clean_tables, connect
from soko.periods import Period

PERIOD = "2025-2026/q1"


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    workspace = cw.make(tmp_path_factory.mktemp("explain"))
    table = [*marks("p_1", "5 4 3", "t_1"), *marks("p_2", "3 3", "t_1"), *marks("p_3", "2 н/а", "t_2")]
    table += [{"pupil_id": "p_4", "subject": "Русский язык", "mark": "5"}]
    pupils = [pupil("p_1", "5А"), pupil("p_2", "5Б", "ж"), pupil("p_3", "10А"), pupil("p_4", "5А")]
    absences = [{"pupil_id": "p_1", "lessons_missed": 10, "lessons_missed_illness": 4}]
    period = cw.put(workspace, PERIOD, pupils=pupils, marks=table, attendance=absences)
    return workspace, period


def group_of(row):
    names = [name for name in TITLES if name != "grade" and row[name]]
    return {name: row[name] for name in names} | ({"grade": int(row["grade"])} if pd.notna(row["grade"]) else {})


def test_every_figure_is_the_published_one(school):
    workspace, period = school
    frame = compute(workspace, period)
    told = frame[(frame[[name for name in DIMENSIONS if name not in TITLES]] == "").all(axis="columns")]
    told = told[told["subject"] != UNKNOWN]
    assert told["indicator"].nunique() > 20
    for row in told.drop_duplicates(["indicator", *TITLES]).iloc[::16].to_dict("records"):
        found = explain(workspace, period, row["indicator"], **group_of(row))
        assert found.numerator == row["numerator"], row
        assert found.value == pytest.approx(row["value"], rel=1e-12), row
        assert found.denominator == (None if pd.isna(row["denominator"]) else row["denominator"])
        assert found.reason == ""


def test_the_query_shown_gives_the_figure(school):
    workspace, period = school
    found = explain(workspace, period, "subjects.quality", **{"class": "5А"})
    connection = connect()
    create(connection, read_settings(workspace, period))
    clean_tables(connection, load_catalogue(workspace).tables, workspace.clean(period), ["marks", "pupils"])
    assert connection.execute(found.sql).fetchone() == (found.numerator, found.denominator) == (3, 4)
    assert found.settings["na_in_base"] is True
    assert set(found.settings) <= set(read_settings(workspace, period).record())


@pytest.mark.parametrize("indicator", ["outcomes.quality", "subjects.n5", "movement.at_end", "attendance.missed"])
def test_rows_add_up(school, indicator):
    workspace, period = school
    catalogue = load_catalogue(workspace)
    name = indicator if indicator in catalogue else next(i.id for i in catalogue if i.id.startswith("attendance."))
    found = explain(workspace, period, name, rows=True)
    assert found.rows[PARTS[0]].sum() == found.numerator
    assert found.rows[PARTS[0]].is_monotonic_decreasing
    if found.denominator is not None:
        assert found.rows[PARTS[1]].sum() == found.denominator
    assert found.more == 0


def test_at_most_fifty_rows_and_how_many_more(tmp_path):
    workspace = cw.make(tmp_path)
    pupils = [pupil(f"p_{i:03}", "5А") for i in range(MOST + 7)]
    table = [mark for one in pupils for mark in marks(one["pupil_id"], "5")]
    period = cw.put(workspace, PERIOD, pupils=pupils, marks=table)
    found = explain(workspace, period, "outcomes.quality", rows=True)
    assert (len(found.rows), found.more) == (MOST, 7)
    assert not {"w5", "_n", "na_in_base"} & set(found.rows.columns)
    said = soko("explain", "outcomes.quality", "-p", PERIOD, "--rows", workspace=tmp_path)
    assert said.code == 0
    assert "… и ещё 7\u00a0строк\n" in said.out


def test_rows_are_for_internal_use_only(school):
    workspace, period = school
    path = workspace.params / "periods" / f"{period.id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("audience: public\n", encoding="utf-8")
    try:
        with pytest.raises(UsageError, match="только для внутреннего"):
            explain(workspace, period, "outcomes.quality", rows=True)
        assert explain(workspace, period, "outcomes.quality").rows is None
    finally:
        path.unlink()


@pytest.mark.parametrize(
    ("indicator", "group", "says"),
    [
        ("outcomes.qualiti", {}, "возможно, имелось в виду «outcomes.quality»"),
        ("outcomes.quality", {"class": "5Я"}, "класса «5Я» нет .*допустимы: 5А, 5Б\n"),
        ("subjects.quality", {"subject": "Русский езык"}, "возможно, имелось в виду «Русский язык»"),
        ("subjects.quality", {"subject": "русск"}, "возможно, имелось в виду «Русский язык»"),
        ("subjects.quality", {"level": "ОО"}, "уровня «ОО» нет"),
        ("outcomes.quality", {"grade": 12}, "параллели «12» нет .*допустимы: 5-е, 10-е"),
        ("outcomes.quality", {"subject": "Русский язык"}, "не раскладывается по предметам\n.*по классам"),
    ],
)
def test_the_nearest_name_is_suggested(school, indicator, group, says):
    with pytest.raises(UsageError, match=r"(?s)" + says):
        explain(*school, indicator, **group)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ({"class": " 5а"}, {"class": "5А"}),
        ({"class": "5 «A»"}, {"class": "5А"}),  # a Latin letter
        ({"subject": "русский  ЯЗЫК."}, {"subject": "Русский язык"}),
        ({"level": "основное общее образование"}, {"level": "ООО"}),
        ({"grade": 5, "level": "ооо"}, {"level": "ООО", "grade": 5}),
        ({"class": "", "grade": None}, {}),
    ],
)
def test_spelling_of_a_group_is_forgiven(school, asked, meant):
    assert explain(*school, "subjects.quality", **asked).group == meant


def test_a_class_of_two_schools_needs_the_school(tmp_path):
    workspace = cw.make(tmp_path)
    pupils = [pupil("p_1", "5А"), pupil("p_2", "5А", school_id="s2")]
    table = [*marks("p_1", "5", school_id="s1"), *marks("p_2", "2", school_id="s2")]
    pupils[0]["school_id"] = "s1"
    period = cw.put(workspace, PERIOD, pupils=pupils, marks=table)
    with pytest.raises(UsageError, match="в нескольких школах: s1, s2"):
        explain(workspace, period, "outcomes.quality", **{"class": "5А"})
    assert explain(workspace, period, "outcomes.quality", **{"class": "5А"}, school_id="S2").value == 0


def test_without_data_the_definition_is_still_told(school):
    workspace, _ = school
    period = Period.parse("2025-2026/q2")
    found = explain(workspace, period, "outcomes.quality")
    assert "нет проверенных данных" in found.reason
    assert found.value is None
    assert found.sources[0].present is None
    with pytest.raises(DataError, match="нет проверенных данных"):
        explain(workspace, period, "outcomes.quality", **{"class": "5А"})


def test_an_absent_table_is_named_with_its_owner(tmp_path):
    workspace = cw.make(tmp_path)
    period = cw.put(workspace, PERIOD, pupils=[pupil("p_1", "5А")])
    found = explain(workspace, period, "outcomes.quality")
    assert found.reason.startswith("нет данных: не сдана таблица «Отметки за период» (отвечает: ")
    assert [source.present for source in found.sources] == [False, True]


def test_a_count_over_an_absent_table_is_not_zero(tmp_path):
    workspace = cw.make(tmp_path)
    (workspace.params / "indicators" / "own.yaml").write_text(
        "views:\n  - {name: workers, title: Х, tables: [staff], sql: SELECT school_id FROM staff}\n"
        "indicators:\n  - {id: own.staff, name: Х, unit: count, better: none, population: workers, dimensions: [[]],\n"
        "     numerator: count(*), formula: х}\n",
        encoding="utf-8",
    )
    period = cw.put(workspace, PERIOD, pupils=[pupil("p_1", "5А")])
    found = explain(workspace, period, "own.staff")
    assert (found.numerator, found.value) == (None, None)
    assert found.reason.startswith("нет данных: не сдана таблица")


def test_nobody_in_the_base_is_not_zero(tmp_path):
    workspace = cw.make(tmp_path)
    table = [{"pupil_id": "p_1", "subject": "Математика", "mark": "осв"}]
    period = cw.put(workspace, PERIOD, pupils=[pupil("p_1", "5А")], marks=table)
    found = explain(workspace, period, "outcomes.quality")
    assert (found.value, found.denominator) == (None, 0)
    assert "не применимо" in found.reason


def test_an_expression_that_fails_on_data_quotes_no_value(tmp_path):
    workspace = cw.make(tmp_path)
    (workspace.params / "indicators" / "own.yaml").write_text(
        "indicators:\n  - {id: own.bad, name: Х, unit: count, better: none, population: roll, dimensions: [[]],\n"
        "     numerator: sum(CAST(pupil_id AS INT)), formula: х}\n",
        encoding="utf-8",
    )
    period = cw.put(workspace, PERIOD, pupils=[pupil("p_secret", "5А")])
    with pytest.raises(ConfigError, match=r"own\.bad") as caught:
        explain(workspace, period, "own.bad")
    assert "p_secret" not in str(caught.value)


def test_what_is_printed(school):
    workspace, period = school
    said = soko(
        "explain", "outcomes.quality", "--class", "5а", "--period", period.id, "--rows", workspace=workspace.root
    )
    assert said.code == 0, said.err
    text = said.out.replace("\u00a0", " ")
    for part in (
        "Доля обучающихся, которые учатся на «4» и «5» (outcomes.quality)", "Основание: п. 4.6", "Формула: ", "База: ",
        "Единица: %; больше – лучше", "Отметки за период (marks); отвечает: ", "Числитель: sum(is_excellent + is_good)",
        "WITH roll AS (", 'WHERE "class" = \'5А\'', "1 четверть 2025/2026 учебного года, класс: 5А", "Числитель: 1\n",
        "Знаменатель: 2\n", "Значение: 50,0 %\n", "\tp_4\t".strip(), "Для внутреннего пользования",
    ):  # fmt: skip
        assert part in text, part
    assert "\x1b[" not in text
    assert soko("explain", "outcomes.qualty", workspace=workspace.root).code == 2


def test_on_a_terminal_no_pseudonym_is_cut_short(school, monkeypatch):
    import io

    from rich.console import Console

    from soko.run import explained

    screen = Console(file=io.StringIO(), force_terminal=True, width=40, highlight=False, soft_wrap=True)
    monkeypatch.setattr(explained, "out", screen)
    found = explain(*school, "outcomes.quality", rows=True, level="ООО")
    explained.show(found)
    text = screen.file.getvalue()
    assert "\x1b[1mpupil_id" in text
    head, first = re.search(r"\x1b\[1m(pupil_id.*)\x1b\[0m\n(.*)\n", text).groups()
    names = re.split(r" {2,}", head.strip())
    assert len(re.split(r" {2,}", first.strip())) == len(names)
    assert {"n5", "is_excellent", PARTS[0]} <= set(names)
    assert not {"school_id", "level"} & set(names)  # the same in every row
    assert first.startswith("p_")
