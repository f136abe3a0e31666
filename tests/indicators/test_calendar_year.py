"""A calendar year of two school years, on parts small enough to count by hand."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import hand_in, marks, pupil

from soko.errors import ConfigError
from soko.indicators import calendar, combine, compute, history, load_catalogue, missing, one, taken
from soko.indicators.combined_marks import year_marks
from soko.indicators.population import population
from soko.indicators.sources import connect
from soko.indicators.taken_told import stated_by
from soko.params import Params
from soko.periods import Period, terms_of
from soko.workspace import Workspace

YEAR = Period(2025, "calendar")
FORMER = cw.CALENDAR.replace("2026", "2X").replace("2025", "2024").replace("2X", "2025")

SPRING = [
    pupil("p1", "8А"),
    pupil("p2", "8А", arrived_on=date(2025, 2, 10)),  # the lists of the next school year do not tell this any more
    pupil("p3", "8А", left_on=date(2025, 3, 1)),
    pupil("g9", "9А"),  # leaves in summer; no list says when
    pupil("g11", "11А"),
]
WINTER = [
    pupil("p1", "9А"),
    pupil("p2", "9А"),
    pupil("n1", "1А"),  # came in September; the list does not say when
    pupil("n2", "9А", arrived_on=date(2025, 10, 1)),
    pupil("n3", "9А", arrived_on=date(2025, 10, 1), left_on=date(2025, 12, 1)),
]


def contest(who: str, event: str, day: date | None, result: str = "участник", **more: Any) -> dict[str, Any]:
    return {"pupil_id": who, "event": event, "kind": "конкурс", "event_level": "школьный", "result": result,
            "held_on": day, **more}  # fmt: skip


@pytest.fixture
def school(tmp_path):
    """Both halves of 2025; staff and facts of spring, staff without a column in winter."""
    workspace = cw.make(tmp_path)
    (workspace.params / "calendar" / "2024-2025.yaml").write_text(FORMER, encoding="utf-8")

    def missed(*rows: tuple[str, int, int | None]) -> list[dict[str, Any]]:
        return [{"pupil_id": who, "lessons_missed": n, "lessons_missed_illness": ill} for who, n, ill in rows]

    spring = contest("p1", "Весна", date(2025, 4, 1))
    hand_in(workspace, "2024-2025/q3", pupils=SPRING, contests=[spring, contest("p2", "Зима", date(2024, 12, 20))],
            attendance=missed(("p1", 5, 5), ("p2", 2, None)))  # fmt: skip
    hand_in(
        workspace, "2024-2025/q4", pupils=SPRING, attendance=missed(("p1", 1, 0)),
        contests=[spring | {"result": "призёр"}, contest("g11", "Весна", date(2025, 4, 1), "победитель")],
        marks=[*marks("p1", "5 4", **{"class": "8А"}), *marks("p2", "3 4", **{"class": "8А"}),
               *marks("g9", "2 4", **{"class": "9А"}), *marks("g11", "5 5", **{"class": "11А"})],
        staff=[{"staff_id": "t1", "position": "учитель", "teaching_years": 3.0}],
        facts=[{"code": "1.20", "number": 2.0, "as_of": date(2025, 5, 20)}],
        surveys=[{"survey": "Анкета", "respondent": "r1", "question": "q", "score": 5.0,
                  "answered_on": date(2025, 4, 2)}],
    )  # fmt: skip
    hand_in(workspace, "2024-2025/year", pupils=[row for row in SPRING if row["class"] in ("9А", "11А")],
            marks=[*marks("g9", "5 5", **{"class": "9А"}), *marks("g11", "4 4", **{"class": "11А"})],
            graduates=[{"pupil_id": "g9", "class": "9А", "certificate": True},
                       {"pupil_id": "g11", "class": "11А", "certificate": True}])  # fmt: skip
    hand_in(workspace, "2025-2026/q1", pupils=WINTER[:3], attendance=missed(("p1", 3, 1), ("n1", 4, 4)),
            graduates=[{"pupil_id": "g9", "class": "9А", "destination": "СПО"},
                       {"pupil_id": "g11", "class": "11А", "destination": "вуз"}])  # fmt: skip
    hand_in(workspace, "2025-2026/q2", pupils=WINTER, attendance=missed(("p1", 2, 2)),
            contests=[contest("n2", "Осень", date(2025, 11, 5)), contest("p1", "Осень", None)],
            staff=[{"staff_id": "t1", "position": "учитель"}, {"staff_id": "t2", "position": "учитель"}])  # fmt: skip
    return workspace


def built(workspace: Workspace) -> tuple[combine.Parts, pd.DataFrame, pd.DataFrame]:
    """The year combined: parts, tidy table, sources."""
    parts = combine.build(workspace, YEAR, Params(workspace).parts(YEAR))
    catalogue = load_catalogue(workspace)
    frame, found = calendar.compute(workspace, YEAR, catalogue)
    return parts, frame, taken.frame(parts, catalogue, found)


def figure(frame: pd.DataFrame, indicator: str) -> tuple[float, float] | None:
    row = one(frame, indicator)
    return None if row is None else (row["numerator"], row["denominator"])


def remarks(sources: pd.DataFrame, indicator: str, table: str = "") -> str:
    own = sources[(sources["indicator"] == indicator) & ((sources["table"] == table) | (table == ""))]
    return "; ".join(own["remark"]).replace("\xa0", " ")


def test_the_parts_are_the_periods_that_end_in_the_year(school):
    assert [part.id for part in Params(school).parts(YEAR)] == [
        "2024-2025/q3", "2024-2025/year", "2024-2025/q4", "2025-2026/q1", "2025-2026/q2"]  # fmt: skip
    assert Params(school).folders(YEAR) == [school.incoming(part) for part in Params(school).parts(YEAR)]
    half = school.params / "periods" / "2025-2026" / "h1.yaml"
    half.parent.mkdir(parents=True)
    half.write_text("incoming: [2025-2026/h1, 2025-2026/q2]", encoding="utf-8")
    assert "2025-2026/h1" not in [part.id for part in Params(school).parts(YEAR)], "its own folder has no files"
    half.write_text("incoming: [2025-2026/q2]", encoding="utf-8")
    assert "2025-2026/h1" in [part.id for part in Params(school).parts(YEAR)]
    half.unlink()
    own = school.incoming(YEAR)
    own.mkdir()
    (own / "Список.csv").write_text("x", encoding="utf-8")
    assert Params(school).parts(YEAR) == [], "a year with files of its own is an ordinary period"
    assert Params(school).folders(YEAR) == [own]


def test_terms_of_a_school_year_and_its_last():
    assert {part.id for part in terms_of(2025)} >= {"2025-2026/year", "2025-2026/h2", "2025-2026/t3", "2025-2026/q4"}
    assert [part.code for part in terms_of(2025) if part.is_last] == ["year", "h2", "t3", "q4"]


def test_movement_counts_both_school_years(school):
    """At the start p1, p3, g9, g11; came p2, n1, n2, n3; left p3, g9, g11, n3."""
    _, frame, sources = built(school)
    assert figure(frame, "movement.at_start")[0] == 4
    assert figure(frame, "movement.arrived")[0] == 4
    assert figure(frame, "movement.left")[0] == 4
    assert figure(frame, "movement.at_end")[0] == 4 == figure(frame, "order1324.1_1")[0]
    assert "день прибытия или выбытия между учебными годами не указан у 3 обучающихся" in remarks(
        sources, "movement.left"
    )
    assert not (frame.loc[frame["indicator"] == "movement.at_start", "class"] != "").any()


def test_contests_from_january_to_december_once_each(school):
    """p1 took part in spring (told by two quarters, the later says that he won) and, without a day, in winter; the
    olympiad of December 2024 is of another year, and who has graduated is not of the 1.1 that the share is of."""
    parts, frame, sources = built(school)
    rows = pd.read_parquet(parts.root / "contests.parquet")
    assert sorted(rows["event"]) == ["Весна", "Весна", "Осень", "Осень"]
    assert figure(frame, "order1324.1_18") == (2, 4)
    assert figure(frame, "order1324.1_19") == (1, 4)
    told = remarks(sources, "order1324.1_18", "contests")
    assert "за 2025-2026/q1 таблица не сдана" in told
    assert "1 участник" in told


def test_attendance_is_summed_over_the_terms(school):
    """p1 5 + 1 + 3 + 2 lessons; p2 (2) is there too; n1 4. What a term does not tell of illness stays unknown."""
    _, frame, _ = built(school)
    assert figure(frame, "attendance.lessons_missed_per_pupil") == (17, 3)
    assert figure(frame, "attendance.illness_share") == (12, 15)


def test_a_term_without_attendance_leaves_no_sum(school):
    (school.clean(Period.parse("2025-2026/q1")) / "attendance.parquet").unlink()
    parts, frame, sources = built(school)
    assert figure(frame, "attendance.lessons_missed_per_pupil") is None
    assert "таблица не сдана за 2025-2026/q1" in remarks(sources, "attendance.lessons_missed_per_pupil")
    assert not (parts.root / "attendance.parquet").exists()
    lacking = {item.indicator: item.tables for item in missing(school, YEAR)}
    assert lacking["attendance.lessons_missed_per_pupil"] == ("attendance",)


def test_marks_of_the_year_and_where_there_are_none_of_the_last_term(school):
    """g9 and g11 have marks of the year, which are others than those of the quarter. Base: the roll of May."""
    _, frame, sources = built(school)
    assert figure(frame, "order1324.1_5") == (3, 4)
    assert figure(frame, "outcomes.quality") == (3, 4)
    told = remarks(sources, "order1324.1_5", "marks")
    assert "годовые отметки – 9, 11 классы (2 обучающихся)" in told
    assert "отметки за 4-ю четверть 2024/2025 учебного года – 8 классы (2 обучающихся)" in told
    results = population(school, YEAR, "pupil_results")
    assert set(results["class"]) == {"8А", "9А", "11А"}


def test_without_the_substitute_there_are_no_marks_until_all_are_given(school):
    rule = {"since": date(2018, 1, 1), "source": "положение школы", "value": {"year_marks": "given"}}
    cw.set_conventions(school.root, calendar_year=[rule])
    parts, frame, sources = built(school)
    assert year_marks(connect(), parts).lacking == [8]
    assert figure(frame, "order1324.1_5") is None
    assert "годовых отметок нет в классах: 8" in remarks(sources, "order1324.1_5", "marks")


def test_a_state_is_that_of_one_period(school):
    """Staff of winter count; the column that winter left blank is that of May; facts of May are of the roll of May."""
    _, frame, sources = built(school)
    assert figure(frame, "order1324.1_24")[0] == 2
    assert figure(frame, "order1324.1_30_1") == (1, 1)
    assert "взято на 26.05.2025, потому что в данных за 2025-2026/q2 нужные графы не заполнены" in remarks(
        sources, "order1324.1_30_1")  # fmt: skip
    assert figure(frame, "order1324.1_20") == (2, 4)
    assert "взято на 26.05.2025, потому что данных на 31.12.2025 нет" in remarks(sources, "order1324.1_20", "facts")
    assert remarks(sources, "order1324.1_1") == ""
    assert set(sources.loc[sources["indicator"] == "order1324.1_1", "as_of"]) == {"2025-12-30"}


def test_graduates_of_summer_have_their_destinations_of_september(school):
    parts, frame, _ = built(school)
    assert len(pd.read_parquet(parts.root / "graduates.parquet")) == 2
    assert figure(frame, "outcomes.certificate_9") == (1, 1)
    assert figure(frame, "socialisation.vocational_9") == (1, 1)


def test_a_year_of_which_the_first_half_lacks_claims_nothing_about_it(school):
    import shutil

    for part in ("2024-2025/q3", "2024-2025/q4", "2024-2025/year"):
        shutil.rmtree(school.incoming(Period.parse(part)))
    _, frame, sources = built(school)
    for indicator in ("movement.left", "order1324.1_5", "order1324.1_18", "order1324.1_6", "outcomes.certificate_9"):
        assert figure(frame, indicator) is None, indicator
        assert remarks(sources, indicator).startswith("нет данных: "), indicator
    assert figure(frame, "order1324.1_1")[0] == 4
    assert {item.indicator for item in missing(school, YEAR)} >= {"movement.left", "order1324.1_5"}


def test_every_indicator_of_the_year_says_what_it_took(school):
    _, frame, sources = built(school)
    catalogue = load_catalogue(school)
    assert list(dict.fromkeys(sources["indicator"])) == [item.id for item in catalogue.for_period(YEAR)]
    told = sources.groupby("indicator")["periods"].agg(lambda periods: any(periods))
    assert set(frame["indicator"]) <= set(told[told].index)
    silent = sources[(sources["periods"] == "") & (sources["remark"] == "")]
    assert silent.empty
    assert compute(school, YEAR).equals(frame)


@pytest.mark.deep
def test_the_same_parts_give_the_same_bytes(school):
    def files() -> dict[str, bytes]:
        root = school.clean(YEAR)
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}

    built(school)
    first = files()
    built(school)
    assert files() == first
    assert "2024-2025_q4/marks.parquet" in first


def test_a_school_takes_contests_by_school_year(school):
    """Its choice needs contests among the tables of «year», and changes the definition that history compares."""
    _, frame, _ = built(school)
    history.update(school, YEAR, frame, load_catalogue(school))
    rule = {"since": date(2018, 1, 1), "source": "решение школы", "value": {"take": {"contest_pupils": "school_year"}}}
    cw.set_conventions(school.root, calendar_year=[rule])
    _, frame, sources = built(school)
    assert figure(frame, "order1324.1_18") is None
    assert "таблица не сдана за 2024-2025/year" in remarks(sources, "order1324.1_18", "contests")
    assert "order1324.1_18" in history.state(school, YEAR).changed


def test_a_choice_for_something_unknown_is_refused_with_the_nearest_name(school):
    rule = {"since": date(2018, 1, 1), "source": "x", "value": {"take": {"contest_pupil": "in_year"}}}
    cw.set_conventions(school.root, calendar_year=[rule])
    with pytest.raises(ConfigError, match="contest_pupils"):
        built(school)


def test_the_catalogue_has_what_the_plan_asks_for_by_kind_of_period(shared):
    """Each procedure of 4.4 names its periods: some indicator over one of its tables is computed for each of them.

    And the 33 rows of 4.6 and the codes of order 1324 are all computed for a school year and for a calendar year.
    """
    catalogue = load_catalogue(Workspace.open(cw.REPO))
    words = {"четверть": "quarter", "полугодие": "half", "год": "year"}
    have = {(table, kind) for item in catalogue for table in catalogue.tables_of(item.id) for kind in item.periodicity}
    with (shared / "domain" / "procedures_4_4.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            tables = {name for name in catalogue.tables if name in re.findall(r"\w+", row["tables"])}
            asked = re.sub(r"\(.*?\)", "", row["periodicity"])  # «год (1-я четверть)» is when, not how often
            for word, kind in words.items():
                if tables and word in asked:
                    assert any((table, kind) in have for table in tables), (row["procedure"], kind)
    with (shared / "domain" / "criteria_4_6.csv").open(encoding="utf-8") as stream:
        rows = [row["indicator"] for row in csv.DictReader(stream)]
    rows += [item.id for item in catalogue if item.id.startswith("order1324.")]
    for name in rows:
        assert {"year", "calendar"} <= set(catalogue[name].periodicity), name


def test_the_document_of_a_stated_figure_is_that_of_the_last_row_before_the_day(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {
            "code": ["2.3", " 2.3.", "2.3", "2.30", "2.4"],
            "as_of": [date(2024, 5, 26), date(2025, 5, 26), date(2026, 5, 26), date(2025, 6, 1), date(2025, 5, 26)],
            "document": ["старый приказ", "приказ директора", "новый приказ", "другое", None],
        }
    )
    rows.to_parquet(tmp_path / "facts.parquet")
    last = date(2025, 12, 31)
    assert stated_by(tmp_path / "facts.parquet", "приказ № 1324, 2.3", last) == "приказ директора"
    assert stated_by(tmp_path / "facts.parquet", "приказ № 1324, 2.4", last) == ""
    assert stated_by(tmp_path / "facts.parquet", "приказ № 1324, 2.5", last) == ""
