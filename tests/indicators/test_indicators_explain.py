"""soko explain: the figure it shows is the published one, the query it shows gives it, the rows add up to it."""

from __future__ import annotations

import re

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import marks, pupil
from conftest import soko

from soko.errors import ConfigError, DataError, UsageError
from soko.indicators import DIMENSIONS, compute, dynamics, history, load_catalogue
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
    contests = [{"pupil_id": "p_1", "event": "Х", "event_level": "муниципальный"}]
    period = cw.put(workspace, PERIOD, pupils=pupils, marks=table, attendance=absences, contests=contests)
    return workspace, period


def group_of(row):
    names = [name for name in TITLES if name != "grade" and row[name]]
    return {name: row[name] for name in names} | ({"grade": int(row["grade"])} if pd.notna(row["grade"]) else {})


@pytest.mark.deep
def test_every_figure_is_the_published_one(school):
    workspace, period = school
    frame = compute(workspace, period)
    told = frame[(frame[[name for name in DIMENSIONS if name not in TITLES]] == "").all(axis="columns")]
    assert told["indicator"].nunique() > 20
    assert {"t_1", "не указано"} <= set(told["teacher"])
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
        with pytest.raises(UsageError, match="показатели учителя показывают только для внутреннего"):
            explain(workspace, period, "subjects.quality", teacher="t_1")
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
        ("outcomes.quality", {"sex": "х"}, "пола «х» нет .*допустимы: ж, м"),
        ("subjects.quality", {"teacher": "t_3"}, "учителя «t_3» нет .*возможно, имелось в виду «t_[12]»"),
        ("outcomes.quality", {"teacher": "t_1"}, "не раскладывается по учителям"),
        ("external.events_by_level", {"item": "муниципалный"}, "возможно, имелось в виду «муниципальный»"),
        ("outcomes.quality", {"item": "х"}, "не раскладывается по признаку"),
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
        ({"sex": "Девочки"}, {"sex": "ж"}),
        ({"sex": "М"}, {"sex": "м"}),
        ({"teacher": "T_1"}, {"teacher": "t_1"}),
        ({"teacher": "Не указано"}, {"teacher": "не указано"}),
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


@pytest.mark.deep
def test_beside_the_periods_compared_as_dynamics_has_it(tmp_path):
    """14 of 25 now, 10 of 25 before; a year ago the same pupils were 4А, whose definition is another one now."""
    workspace = cw.make(tmp_path)

    def put(period, name, good, **more):
        ids = [f"p_{i:02}" for i in range(25)]
        table = [mark for i, code in enumerate(ids) for mark in marks(code, "4" if i < good else "3")]
        pupils = [pupil(code, name, "мж"[i % 2]) for i, code in enumerate(ids)]
        period = cw.put(workspace, period, pupils=pupils, marks=table, **more)
        history.update(workspace, period, compute(workspace, period), load_catalogue(workspace))
        return period

    put("2024-2025/q2", "4А", 20)
    put("2025-2026/q1", "5А", 10)
    period = put("2025-2026/q2", "5А", 14)
    found = explain(workspace, period, "outcomes.quality", **{"class": "5А"})
    assert (found.low, found.high) == pytest.approx((37.07, 73.33), abs=0.01)
    previous, year_ago = found.before
    assert (previous.value, previous.delta, previous.people, previous.group) == pytest.approx((40, 16, 4, ""))
    assert (previous.verdict, previous.reason) == ("unknown", "ch")
    assert (year_ago.group, year_ago.numerator, year_ago.delta) == ("4А", 20, pytest.approx(-24))
    table = dynamics.compute(workspace, period, compute(workspace, period))
    row = table[(table["indicator"] == "outcomes.quality") & (table["class"] == "5А")].iloc[0]
    assert (row["p"], row["low"], row["verdict"]) == (previous.p, found.low, previous.verdict)
    # marks of girls are no row of the tidy table: counted from the checked data
    girls = explain(workspace, period, "subjects.quality", sex="ж").before[0]
    assert (girls.numerator, girls.denominator) == (5, 12)
    said = soko("explain", "outcomes.quality", "--class", "5А", "-p", period.id, workspace=tmp_path).out
    said = said.replace("\u00a0", " ")
    assert "Интервал (Уилсон): от 37,1 % до 73,3 %\n" in said
    assert "Сравнение, предыдущий период (1 четв. 2025/26): 40,0 % (10 из 25); изменение +16,0 п.п., ≈ +4 чел.;" in said
    assert "Сравнение, год назад (2 четв. 2024/25, тогда 4А): 80,0 % (20 из 25); изменение −24,0 п.п." in said
    path = workspace.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")
    again = explain(workspace, period, "outcomes.quality", **{"class": "5А"})
    assert [(before.value, before.reason) for before in again.before] == [(None, "df"), (None, "df")]
    put("2025-2026/q1", "6А", 10)
    assert explain(workspace, period, "outcomes.quality", **{"class": "5А"}).before[0].reason == "nb"
    tenth = put("2026-2027/q1", "10А", 3)
    assert explain(workspace, tenth, "outcomes.quality", **{"class": "10А"}).before[0].reason == "nw"


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
