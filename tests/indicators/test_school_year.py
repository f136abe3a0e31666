"""A school year of its own folder and its terms, small enough to count by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import hand_in, marks, pupil

from soko.indicators import calendar, combine, compute, load_catalogue, missing, one, taken
from soko.indicators.population import population
from soko.indicators.taken_told import unused
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

YEAR = Period(2025, "year")
SEPTEMBER = [pupil("p1", "8А"), pupil("p2", "8А"), pupil("p3", "8А"), pupil("g9", "9А")]
MAY = [
    pupil("p1", "8А"),
    pupil("p2", "8А", left_on=date(2026, 2, 1)),
    pupil("n1", "8А", arrived_on=date(2026, 1, 20)),  # p3 is on no list after the first quarter
    pupil("g9", "9А"),
]


def contest(who: str, event: str, day: date | None, result: str = "участник") -> dict[str, Any]:
    return {"pupil_id": who, "event": event, "kind": "конкурс", "event_level": "школьный", "result": result,
            "held_on": day}  # fmt: skip


def missed(*rows: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"pupil_id": who, "lessons_missed": n} for who, n in rows]


def exam(who: str, kind: str, day: date, **more: Any) -> dict[str, Any]:
    return {"pupil_id": who, "exam": kind, "subject": "Русский язык", "held_on": day, **more}


@pytest.fixture
def school(tmp_path):
    return hand_in_all(cw.make(tmp_path))


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """The same, put together. Do not change it."""
    return built(hand_in_all(cw.make(tmp_path_factory.mktemp("school"))))


def hand_in_all(workspace: Workspace) -> Workspace:
    """Four quarters and the year's folder with what June adds for grade 9."""
    ends = marks("p1", "5 4", **{"class": "8А"}) + marks("n1", "3 4", **{"class": "8А"})
    hand_in(workspace, "2025-2026/q1", pupils=SEPTEMBER, attendance=missed(("p1", 1), ("p3", 9), ("g9", 2)),
            graduates=[{"pupil_id": "old", "class": "9А", "destination": "СПО"}],
            health=[{"pupil_id": "p1", "sport": False}])  # fmt: skip
    hand_in(workspace, "2025-2026/q2", pupils=MAY, attendance=missed(("p1", 2)),
            contests=[contest("p1", "Осень", date(2025, 11, 5)), contest("g9", "Осень", date(2025, 11, 5))],
            health=[{"pupil_id": "p1", "sport": True}, {"pupil_id": "g9", "sport": True}])  # fmt: skip
    hand_in(workspace, "2025-2026/q3", pupils=MAY, attendance=missed(("p1", 3), ("n1", 4)),
            contests=[contest("p1", "Осень", date(2025, 11, 5), "призёр"), contest("n1", "Весна", None)])  # fmt: skip
    hand_in(workspace, "2025-2026/q4", pupils=MAY, attendance=missed(("p1", 0), ("g9", 5)),
            marks=[*ends, *marks("g9", "2 4", **{"class": "9А"})],
            staff=[{"staff_id": "t1", "position": "учитель", "teaching_years": 3.0}],
            exams=[exam("p1", "ВПР", date(2026, 4, 20), mark="4", score=20.0)])  # fmt: skip
    hand_in(workspace, "2025-2026/year", pupils=[pupil("g9", "9А")], marks=marks("g9", "5 5", **{"class": "9А"}),
            exams=[exam("g9", "ОГЭ", date(2026, 6, 9), mark="5", score=31.0)],
            graduates=[{"pupil_id": "g9", "class": "9А", "certificate": True}])  # fmt: skip
    return workspace


def built(workspace: Workspace) -> tuple[combine.Parts, pd.DataFrame, pd.DataFrame]:
    parts = combine.build(workspace, YEAR, Params(workspace).parts(YEAR))
    catalogue = load_catalogue(workspace, bind=False)
    frame, found = calendar.compute(workspace, YEAR, catalogue)
    return parts, frame, taken.frame(parts, catalogue, found)


def figure(frame: pd.DataFrame, indicator: str, **dims: Any) -> tuple[float, float] | None:
    row = one(frame, indicator, **dims)
    return None if row is None else (row["numerator"], row["denominator"])


def told(sources: pd.DataFrame, indicator: str, table: str) -> pd.Series:
    return sources[(sources["indicator"] == indicator) & (sources["table"] == table)].iloc[0]


def test_the_parts_are_the_terms_and_the_own_folder(school):
    params = Params(school)
    assert [part.code for part in params.parts(YEAR)] == ["q1", "q2", "q3", "year", "q4"]
    assert params.own_folders(YEAR) == [school.incoming(YEAR)]
    assert set(params.folders(YEAR)) == {school.incoming(part) for part in params.parts(YEAR)}
    assert params.checked(YEAR) == school.clean(YEAR) / "2025-2026_year"
    settings = school.params / "periods" / "2025-2026" / "year.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("incoming: [2025-2026/year, 2025-2026/q4]", encoding="utf-8")
    assert Params(school).parts(YEAR) == [], "a year that names its folders reads these and nothing else"
    assert Params(school).checked(YEAR) == school.clean(YEAR)


def test_a_year_with_its_own_folder_alone_is_an_ordinary_period(tmp_path):
    workspace = cw.make(tmp_path)
    hand_in(workspace, "2025-2026/year", pupils=MAY, marks=marks("g9", "5 5", **{"class": "9А"}))
    assert Params(workspace).parts(YEAR) == []
    assert figure(compute(workspace, YEAR), "outcomes.quality") == (1, 1)


def test_everybody_who_was_on_a_list_is_counted_once(year):
    """On 1 September p1, p2, p3, g9; n1 came; p2 left, and p3, who is on no list since October. At the end three."""
    _, frame, _ = year
    assert figure(frame, "movement.at_start")[0] == 4
    assert figure(frame, "movement.arrived")[0] == 1
    assert figure(frame, "movement.left")[0] == 2
    assert figure(frame, "order1324.1_1")[0] == 3 == figure(frame, "movement.at_end")[0]
    assert figure(frame, "movement.left", **{"class": "8А"})[0] == 2, "classes are the same all the year"


def test_marks_of_the_year_else_of_the_last_term(year):
    parts, frame, sources = year
    assert figure(frame, "outcomes.quality") == (2, 3)  # p1 by the quarter, g9 by the year; n1 has a «3»
    assert figure(frame, "outcomes.quality", **{"class": "9А"}) == (1, 1)
    remark = told(sources, "outcomes.quality", "marks")["remark"].replace("\xa0", " ")
    assert "годовые отметки – 9 классы (1 обучающийся)" in remark
    assert "отметки за 4-ю четверть 2025/2026 учебного года – 8 классы (2 обучающихся)" in remark
    assert set(population(parts.params.workspace, YEAR, "pupil_results")["pupil_id"]) == {"p1", "n1", "g9"}


def test_given_marks_only_where_the_school_says_so(school):
    rule = {"since": date(2018, 1, 1), "source": "положение школы", "value": {"year_marks": "given"}}
    cw.set_conventions(school.root, calendar_year=[rule])
    _, frame, sources = built(school)
    assert figure(frame, "outcomes.quality") is None
    assert "годовых отметок нет в классах: 8" in told(sources, "outcomes.quality", "marks")["remark"]


def test_flows_are_summed_and_joined_without_counting_twice(year):
    """Lessons missed: p1 1 + 2 + 3 + 0, n1 4, g9 2 + 5. Contests: p1 (told twice, the later says he won), g9, n1."""
    parts, frame, sources = year
    assert figure(frame, "attendance.lessons_missed_per_pupil") == (17, 3)
    assert len(pd.read_parquet(parts.root / "contests.parquet")) == 3
    assert figure(frame, "outcomes.contest_participation") == (3, 3)
    assert figure(frame, "order1324.1_19") == (1, 3)
    row = told(sources, "outcomes.contest_participation", "contests")
    assert "за 2025-2026/q1; 2025-2026/q4 таблица не сдана" in row["remark"]
    assert row["periods"] == "2025-2026/q2; 2025-2026/q3"


def test_a_table_of_the_years_folder_stands_for_those_of_its_terms(school):
    hand_in(school, "2025-2026/year", pupils=[pupil("g9", "9А")], marks=marks("g9", "5 5", **{"class": "9А"}),
            attendance=missed(("p1", 7), ("g9", 7)),
            contests=[contest("g9", "Осень", date(2025, 11, 5))])  # fmt: skip
    _, frame, sources = built(school)
    assert figure(frame, "attendance.lessons_missed_per_pupil") == (14, 2)
    assert figure(frame, "outcomes.contest_participation") == (1, 3)
    row = told(sources, "outcomes.contest_participation", "contests")
    assert row["periods"] == "2025-2026/year"
    assert row["remark"] == "взято из папки года, таблицы за 2025-2026/q2; 2025-2026/q3 в счёт не входят"


def test_of_the_last_day_the_fuller_table_counts(school):
    """The year's list of staff does not say how long they have taught; that of May does, of as many columns else."""
    hand_in(school, "2025-2026/year", pupils=[pupil("g9", "9А")],
            staff=[{"staff_id": "t1", "position": "учитель"}, {"staff_id": "t2", "position": "учитель"}])  # fmt: skip
    _, frame, sources = built(school)
    assert figure(frame, "order1324.1_30_1") == (1, 1)
    assert figure(frame, "order1324.1_24")[0] == 1
    assert told(sources, "order1324.1_24", "staff")["periods"] == "2025-2026/q4"
    assert "граф заполнено меньше, чем за 2025-2026/q4" in told(sources, "order1324.1_24", "staff")["remark"]


def test_a_state_is_that_of_the_last_term_that_has_it(year):
    """Health was handed in twice, the last time in December: of the roll of December (p1, p2, n1, g9 of the list)."""
    _, frame, sources = year
    assert figure(frame, "health.sport") == (2, 3)
    row = told(sources, "health.sport", "health")
    assert (row["periods"], row["as_of"]) == ("2025-2026/q2", "2025-12-30")
    assert "взято на 30.12.2025, потому что данных на 26.05.2026 нет" in row["remark"]


def test_examinations_of_june_and_works_of_spring(year):
    parts, frame, sources = year
    assert len(pd.read_parquet(parts.root / "exams.parquet")) == 2
    assert figure(frame, "external.gia9") == (5, 1)
    assert figure(frame, "vpr.mean_mark") == (4, 1)
    row = told(sources, "external.gia9", "exams")
    assert (row["date_to"], row["periods"]) == ("2026-06-09", "2025-2026/q4; 2025-2026/year")


@pytest.mark.deep
def test_certificates_of_june_and_destinations_of_the_summer_before(school):
    _, frame, sources = built(school)
    assert figure(frame, "outcomes.certificate_9") == (1, 1)
    assert figure(frame, "socialisation.after_9") == (1, 1)
    assert told(sources, "socialisation.after_9", "graduates")["periods"] == "2025-2026/q1"
    import shutil

    shutil.rmtree(school.incoming(YEAR))
    shutil.rmtree(school.clean(YEAR))
    _, frame, sources = built(school)
    assert figure(frame, "outcomes.certificate_9") is None, "autumn tells of other graduates"
    assert figure(frame, "outcomes.quality") == (1, 3)


def test_what_lacks_is_told_with_its_owner(school):
    import shutil

    for code in ("q3", "q4", "year"):
        shutil.rmtree(school.incoming(Period.parse(f"2025-2026/{code}")))
    shutil.rmtree(school.clean(YEAR))
    _, frame, sources = built(school)
    for indicator, table in (("outcomes.quality", "marks"), ("attendance.lessons_missed_per_pupil", "attendance"),
                             ("outcomes.contest_participation", "contests"), ("movement.left", "pupils")):  # fmt: skip
        assert figure(frame, indicator) is None, indicator
        remark = told(sources, indicator, table)["remark"]
        assert remark.startswith("нет данных: "), remark
        assert "отвечает: " in remark, remark
    assert (
        "за 2025-2026/q3; 2025-2026/q4" in told(sources, "attendance.lessons_missed_per_pupil", "attendance")["remark"]
    )
    assert {item.indicator for item in missing(school, YEAR)} >= {"outcomes.quality", "movement.left"}


@pytest.mark.deep
def test_every_indicator_says_what_it_took_and_the_bytes_repeat(school):
    def files() -> dict[str, bytes]:
        root = school.clean(YEAR)
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}

    _, frame, sources = built(school)
    first = files()
    assert compute(school, YEAR).equals(frame)
    built(school)
    assert files() == first
    catalogue = load_catalogue(school)
    assert list(dict.fromkeys(sources["indicator"])) == [item.id for item in catalogue.for_period(YEAR)]
    assert sources[(sources["periods"] == "") & (sources["remark"] == "")].empty
    have = sources.groupby("indicator")["periods"].agg(any)
    assert set(frame["indicator"]) <= set(have[have].index)


def test_a_calendar_year_takes_the_own_files_of_its_school_year(school):
    """2026 rests on what June left for grade 9, not on the year put together."""
    year = Period(2026, "calendar")
    combine.build(school, year, Params(school).parts(year))
    assert len(pd.read_parquet(school.clean(year) / "2025-2026_year" / "pupils.parquet")) == 1


def test_tables_that_the_year_does_not_count_are_known(school, year):
    """Marks of the first three quarters are of no figure, those of the fourth are those of grade 8."""
    aside = unused(year[0])
    assert {part.code for part, tables in aside.items() if "marks" in tables} == {"q1", "q2", "q3"}
    hand_in(school, "2025-2026/year", pupils=[pupil("g9", "9А")], attendance=missed(("p1", 7)))
    aside = unused(combine.build(school, YEAR, Params(school).parts(YEAR)))
    assert all("attendance" in tables for tables in aside.values())
    assert YEAR not in aside
