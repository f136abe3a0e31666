"""New workspaces: neutral for a school, the demo school for a look; and the settings they start from."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from word_files import parts

from soko import scaffold
from soko.calendars import typical_calendar
from soko.errors import ConfigError, UsageError
from soko.params import Params
from soko.periods import Period
from soko.subjects import Subjects
from soko.tables import load_tables
from soko.workspace import Workspace
from soko.yamlio import load

ROOT = Path(__file__).resolve().parents[1]
DEMO = Params(Workspace(ROOT))


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    scaffold.init(tmp_path / "школа", today=date(2026, 7, 1))
    return tmp_path / "школа"


def test_new_workspace_opens_and_is_neutral(fresh: Path) -> None:
    params = Params(Workspace.open(fresh))
    assert params.school.current_period == "2025-2026/q4"
    assert params.school.responsible == {}
    assert params.conventions.halfyear_grades == []
    assert params.conventions.targets == {}
    assert params.conventions.sou_weights == DEMO.conventions.sou_weights
    assert params.subjects == DEMO.subjects
    assert load_tables(Workspace.open(fresh)).keys() == load_tables(Workspace(ROOT)).keys()


def test_new_workspace_has_nothing_of_the_demo_school(fresh: Path) -> None:
    files = [path for path in fresh.rglob("*") if path.is_file()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix != ".docx")
    text += "".join(
        part.decode() for path in files if path.suffix == ".docx" for part in parts(path.read_bytes()).values()
    )
    for word in ("Ключевогорск", "Верещагина", "Лаптева", DEMO.school.id):
        assert word not in text
    data = {path.relative_to(fresh / "data").as_posix() for path in (fresh / "data").rglob("*") if path.is_file()}
    assert data == {"incoming/ПРОЧТИ.txt", "corrections.yaml"}


def test_new_workspace_has_every_shared_setting(fresh: Path) -> None:
    for folder in ("params/indicators", "params/narrative", "validation"):
        expected = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*.yaml")}
        assert expected
        assert {p.relative_to(fresh).as_posix() for p in (fresh / folder).rglob("*.yaml")} == expected
    for name in ("params/sources.yaml", "params/subjects.yaml", "params/periods/default.yaml"):
        assert (fresh / name).read_bytes() == (ROOT / name).read_bytes()


@pytest.mark.parametrize("year", [2019, 2024, 2026, 2031])
def test_new_workspace_knows_dates_of_any_school_year(fresh: Path, year: int) -> None:
    params = Params(Workspace.open(fresh))
    for code in ("q1", "q2", "q3", "q4", "t1", "t2", "t3", "h1", "h2", "year"):
        span = params.dates(Period.parse(f"{year}-{year + 1}/{code}"))
        assert year <= span.start.year <= span.end.year <= year + 1
    assert params.calendar(Period(year, "year")).typical


def test_list_of_written_files_is_complete(tmp_path: Path) -> None:
    written = scaffold.init(tmp_path / "w")
    assert sorted(written) == sorted(path for path in (tmp_path / "w").rglob("*") if path.is_file())


def test_settings_in_the_way_are_refused_and_kept(fresh: Path) -> None:
    school = fresh / "params" / "school.yaml"
    school.write_text(school.read_text(encoding="utf-8") + "# моё\n", encoding="utf-8")
    for make in (lambda: scaffold.init(fresh), lambda: scaffold.demo(fresh, 1)):
        with pytest.raises(UsageError, match="уже есть настройки") as caught:
            make()
        assert caught.value.exit_code == 2
        assert "Что сделать" in str(caught.value)
    assert school.read_text(encoding="utf-8").endswith("# моё\n")
    assert not (fresh / "data" / "incoming" / "2025-2026").exists()


def test_foreign_data_and_files_in_the_way_are_refused(tmp_path: Path) -> None:
    (tmp_path / "data" / "incoming" / "2025-2026" / "q1").mkdir(parents=True)
    with pytest.raises(UsageError, match="уже есть данные"):
        scaffold.init(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="файл, а нужна папка"):
        scaffold.init(tmp_path / "file")


def test_own_gitignore_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    scaffold.init(tmp_path)
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_last_finished_quarter_is_over_and_the_next_is_not(today: date) -> None:
    period = scaffold.last_finished_quarter(today)
    span = typical_calendar(period.year).span(period)
    following = next(
        p for p in (Period(period.year, "quarter", period.index + 1), Period(period.year + 1, "quarter", 1))
        if p.index <= 4
    )  # fmt: skip
    later = typical_calendar(following.year).span(following)
    assert span is not None
    assert later is not None
    assert span.end < today <= later.end + timedelta(days=0)


def test_the_wheel_takes_what_a_workspace_starts_from() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    included = build["targets"]["wheel"]["force-include"]
    assert included == {name: f"soko/_workspace/{name}" for name in ("params", "validation", "notebooks")}


def test_demo_calendars_are_ordered() -> None:
    for year in (2024, 2025):
        calendar = DEMO.calendar(Period(year, "year"))
        assert not calendar.typical
        quarters = [calendar.span(Period(year, "quarter", i)) for i in (1, 2, 3, 4)]
        days = [day for span in quarters if span for day in (span.start, span.end)]
        assert days == sorted(set(days))
        assert (days[0], days[-1]) == (calendar.year.start, calendar.year.end)
        assert all(day.weekday() < 6 for day in days)


def test_demo_half_years_read_the_quarter_that_ends_them() -> None:
    for year in ("2024-2025", "2025-2026"):
        for half, quarter in (("h1", "q2"), ("h2", "q4")):
            folders = DEMO.folders(Period.parse(f"{year}/{half}"))
            assert [folder.name for folder in folders] == [half, quarter]
            assert all(folder.is_dir() for folder in folders)


def test_curriculum_changes_on_its_date() -> None:
    subjects = {subject.title: subject for subject in DEMO.subjects.subjects}
    society = subjects["Обществознание"]
    assert [society.taught_in(7, day) for day in (date(2025, 8, 31), date(2025, 9, 1))] == [True, False]
    assert [society.taught_in(8, day) for day in (date(2026, 5, 26), date(2026, 9, 1))] == [True, False]
    assert not subjects["Основы духовно-нравственной культуры народов России"].taught_in(5, date(2025, 9, 1))
    assert subjects["Родной язык"].taught_in(3, date(2025, 9, 1))
    assert not subjects["Поведение"].counted


def test_a_spelling_may_not_stand_for_two_subjects(tmp_path: Path) -> None:
    path = tmp_path / "subjects.yaml"
    path.write_text(
        "subjects:\n- {title: Алгебра, synonyms: [Матем.]}\n- {title: Математика, synonyms: [мат ем]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="указано у двух предметов"):
        load(path, Subjects)
