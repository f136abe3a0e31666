"""Working days and the dates that follow from the calendar: weekends, holidays, transfers, terms of every scheme."""

from datetime import date, timedelta

import pytest
from conftest import ROOT, copy_workspace
from hypothesis import given, strategies as st

from soko.errors import ConfigError, UsageError
from soko.periods import Period
from soko.plan import in_period, load_plan, parse_year, schedule
from soko.plan.workdays import DaysOff, load_days_off
from soko.workspace import Workspace

PLACE = Workspace.open(ROOT)
DAYS = load_days_off(PLACE)
DATES = st.dates(date(2024, 9, 1), date(2028, 8, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ((2025, 9, 1), True),  # Monday
        ((2025, 9, 6), False),  # Saturday
        ((2025, 11, 1), True),  # a Saturday that is worked
        ((2025, 11, 3), False),  # its Monday, free
        ((2025, 11, 4), False),  # holiday
        ((2025, 12, 31), False),  # transferred
        ((2026, 1, 9), False),  # transferred
        ((2026, 1, 12), True),
        ((2026, 3, 9), False),  # after a holiday on Sunday
        ((2026, 6, 12), False),
        ((2027, 5, 3), False),  # no transfers known: 1 May is a Saturday
        ((2027, 5, 4), True),
        ((2027, 5, 10), False),  # 9 May is a Sunday
        ((2028, 1, 10), True),  # 1, 2 and 8 January are free days anyway and move nowhere by themselves
    ],
)
def test_working_days(day: tuple[int, int, int], works: bool) -> None:
    assert DAYS.is_working(date(*day)) is works


def test_a_six_day_week_works_on_saturday() -> None:
    six = DAYS.model_copy(update={"working_week": 6})
    assert six.is_working(date(2025, 9, 6))
    assert not six.is_working(date(2025, 9, 7))


@given(DATES, st.integers(0, 40))
def test_counting_lands_on_working_days_and_passes_exactly_so_many(day: date, count: int) -> None:
    after, before = DAYS.after(day, count), DAYS.before(day, count)
    assert DAYS.is_working(after)
    assert DAYS.is_working(before)
    passed = sum(DAYS.is_working(day + timedelta(n)) for n in range(1, (after - day).days + 1))
    assert passed == count or (count == 0 and passed == (after != day))
    assert before <= day <= after


def test_days_of_another_year_and_no_days_are_refused() -> None:
    holidays = [{"since": "2013-01-01", "source": "ст. 112", "value": ["01-01"]}]
    with pytest.raises(ValueError, match="в переносах 2025 года"):
        DaysOff(holidays=holidays, transfers={2025: {"source": "-", "free": ["2026-01-09"]}})
    with pytest.raises(ValueError, match="не день"):
        DaysOff(holidays=[{"since": "2013-01-01", "source": "-", "value": ["31-12"]}])


def dates_of(place: Workspace, name: str, year: int = 2025) -> dict[str, tuple[date, date]]:
    tasks = schedule(place, load_plan(place), year)
    return {task.period.id: (task.due, task.files_due) for task in tasks if task.procedure.id == name}


def test_dates_of_the_demo_school() -> None:
    found = dates_of(PLACE, "results.interim")
    assert found == {
        "2025-2026/q1": (date(2025, 10, 31), date(2025, 10, 29)),
        "2025-2026/q2": (date(2026, 1, 16), date(2026, 1, 14)),  # the term ends on 30 December, then the New Year
        "2025-2026/h1": (date(2026, 1, 20), date(2026, 1, 16)),
        "2025-2026/q3": (date(2026, 4, 3), date(2026, 4, 1)),
        "2025-2026/q4": (date(2026, 6, 2), date(2026, 5, 29)),
        "2025-2026/h2": (date(2026, 6, 4), date(2026, 6, 2)),
        "2025-2026/year": (date(2026, 6, 5), date(2026, 6, 3)),
    }
    assert dates_of(PLACE, "organisation.public_reports") == {"2025": (date(2026, 4, 20), date(2026, 4, 16))}
    assert list(dates_of(PLACE, "organisation.destinations")) == ["2025-2026/q1"]


def test_a_fixed_date_on_a_day_off_is_the_working_day_before() -> None:
    # 15 June 2025 is a Sunday, 12 and 13 June are free: Wednesday the 11th
    assert dates_of(PLACE, "organisation.library", 2024)["2024-2025/year"][0] == date(2025, 6, 11)


def test_every_date_is_a_working_day_and_files_come_before() -> None:
    for year in (2024, 2025, 2026):
        tasks = schedule(PLACE, load_plan(PLACE), year)
        assert {task.number for task in tasks} == set(range(1, 40))
        for task in tasks:
            assert DAYS.is_working(task.due)
            assert DAYS.is_working(task.files_due)
            assert task.files_due < task.due


@pytest.mark.parametrize(("terms", "codes"), [("trimester", ["t1", "t2", "t3"]), ("half", ["h1", "h2"])])
def test_other_schemes_of_terms(tmp_path, terms: str, codes: list[str]) -> None:
    place = Workspace.open(copy_workspace(tmp_path / "school"))
    school = place.params / "school.yaml"
    text = school.read_text(encoding="utf-8").replace("terms: quarter", f"terms: {terms}")
    school.write_text(text.replace("2025-2026/q4", f"2025-2026/{codes[-1]}"), encoding="utf-8")
    for path in (place.params / "calendar").glob("*.yaml"):
        path.unlink()  # the usual dates hold
    found = [
        task.period.code
        for task in schedule(place, load_plan(place), 2025)
        if task.procedure.id == "upbringing.offences"
    ]
    assert found == [*codes, "year"]


@pytest.mark.parametrize(("code", "count"), [("q1", 9), ("h1", 11), ("year", 33)])
def test_tasks_of_a_period_are_those_of_its_year(code: str, count: int) -> None:
    tasks = in_period(PLACE, load_plan(PLACE), Period.parse(f"2025-2026/{code}"))
    assert {task.period.code for task in tasks} == {code}
    assert len({task.number for task in tasks}) == len(tasks) == count
    early = [task for task in tasks if task.procedure.id == "organisation.destinations"]
    assert [task.files_due for task in early] == ([date(2025, 9, 30)] if code == "q1" else [])


@pytest.mark.parametrize(("text", "year"), [("2025-2026", 2025), ("2025/2026", 2025), ("2025-2026/q3", 2025)])
def test_school_years(text: str, year: int) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize("text", ["2025", "2025-2027", "этот", ""])
def test_no_school_years(text: str) -> None:
    with pytest.raises(UsageError, match="2025-2026"):
        parse_year(text)


def test_calendar_without_the_term_is_refused(tmp_path) -> None:
    place = Workspace.open(copy_workspace(tmp_path / "school"))
    path = place.params / "calendar" / "2025-2026.yaml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("q2")]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ConfigError, match="q2"):
        schedule(place, load_plan(place), 2025)


TRIMESTERS = """year: {start: 2025-09-01, end: 2026-05-26}
t1: {start: 2025-09-01, end: 2025-11-16}
t2: {start: 2025-11-24, end: 2026-02-22}
t3: {start: 2026-03-02, end: 2026-05-26}
"""


def test_halves_of_a_school_with_trimesters_are_the_trimesters_that_close_them(tmp_path) -> None:
    """A calendar of trimesters has no h1: nothing of a half-year is asked for, and nothing breaks."""
    place = Workspace.open(copy_workspace(tmp_path / "school"))
    school = place.params / "school.yaml"
    text = school.read_text(encoding="utf-8").replace("terms: quarter", "terms: trimester")
    school.write_text(text.replace("2025-2026/q4", "2025-2026/t3"), encoding="utf-8")
    calendar = place.params / "calendar" / "2025-2026.yaml"
    calendar.write_text(TRIMESTERS, encoding="utf-8")
    assert list(dates_of(place, "results.levels")) == ["2025-2026/t2", "2025-2026/t3", "2025-2026/year"]
    calendar.write_text(
        TRIMESTERS + "h1: {start: 2025-09-01, end: 2025-12-30}\nh2: {start: 2026-01-12, end: 2026-05-26}\n",
        encoding="utf-8",
    )
    assert list(dates_of(place, "results.levels")) == ["2025-2026/h1", "2025-2026/h2", "2025-2026/year"]


def test_a_school_without_grade_11_holds_no_examination_of_it(tmp_path) -> None:
    place = Workspace.open(copy_workspace(tmp_path / "school"))
    assert "results.ege" in {item.id for item in load_plan(place, bind=False).procedures}
    school = place.params / "school.yaml"
    lines = [line for line in school.read_text(encoding="utf-8").splitlines() if "id: СОО" not in line]
    school.write_text("\n".join(lines), encoding="utf-8")
    plan = load_plan(place, bind=False)
    assert "results.ege" not in {item.id for item in plan.procedures}
    assert {task.number for task in schedule(place, plan, 2025)} == set(range(1, 39))
    # An error still names the line of the file, not of what is left of it.
    path = place.params / "plan.yaml"
    good = "      - {period: last_term, due: {workdays_after_end: 7}}"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(good, "      - {period: last_term, due: {month: 9, day: 1}}"), encoding="utf-8")
    line = text[: text.index(good)].count("\n") + 1
    with pytest.raises(ConfigError, match="раньше начала периода") as caught:
        schedule(place, load_plan(place, bind=False), 2025)
    assert caught.value.where == f"params/plan.yaml, строка {line}"
