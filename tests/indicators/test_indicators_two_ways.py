"""Two independent ways to every figure: DuckDB over the catalogue, and plain pandas from the definitions in words."""

from __future__ import annotations

import shutil

import clean_workspace as cw
import plain
import pytest
import random_school
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from tiny_school import TABLES

from soko import clean
from soko.indicators import compute, load_catalogue
from soko.params import Params
from soko.periods import Period
from soko.tables import load_tables
from soko.workspace import Workspace

# A seed cannot be made smaller in a way that means anything: a failure is told at once, with its seed.
FEW = settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.reuse, Phase.generate]
)
# Every period of the current year; of the year before, those that have tables which the others lack.
DEMO = {"2025-2026": ("q1", "q2", "q3", "q4", "h1", "h2", "year"), "2024-2025": ("q4", "year")}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = cw.make(tmp_path_factory.mktemp("ways"), halfyear_grades=[10, 11])
    shutil.copy(cw.REPO / "params" / "exams.yaml", made.params)
    return made


def _apart(workspace, period, catalogue):
    """Where the two ways differ, and how many rows they agree in."""
    found = compute(workspace, period, catalogue)
    expected = plain.expected(workspace, period, catalogue.for_period(period))
    return plain.disagreements(found, expected), len(found)


def test_every_indicator_has_its_second_way(workspace):
    """Who adds an indicator says in tests/indicators/plain, too, what its parts are."""
    period = random_school.handed_in(workspace, TABLES)
    assert set(plain.parts_of(workspace, period)) == {item.id for item in load_catalogue(workspace)}


def test_both_ways_agree_on_the_school_of_seven(workspace):
    catalogue = load_catalogue(workspace)
    apart, rows = _apart(workspace, random_school.handed_in(workspace, TABLES), catalogue)
    assert not apart
    assert rows > 3000


@pytest.mark.deep
@FEW
@given(
    seed=st.integers(0, 2**32 - 1),
    schools=st.integers(1, 3),
    size=st.integers(1, 10),
    period=st.sampled_from(["2025-2026/year", "2025-2026/q2"]),
    na_in_base=st.booleans(),
)
def test_both_ways_agree_on_schools_by_chance(workspace, seed, schools, size, period, na_in_base):
    cw.set_conventions(workspace.root, na_in_base=na_in_base, halfyear_grades=[10, 11])
    catalogue = load_catalogue(workspace)
    given = random_school.tables(seed, schools, size)
    apart, rows = _apart(workspace, random_school.handed_in(workspace, given, period), catalogue)
    assert not apart[:20]
    assert rows


@pytest.mark.deep
def test_a_disagreement_is_seen(workspace):
    """The comparison itself: a part that is one off, and a group that only one way has."""
    period, catalogue = random_school.handed_in(workspace, TABLES), load_catalogue(workspace)
    expected = plain.expected(workspace, period, catalogue.for_period(period))
    changed = compute(workspace, period, catalogue)
    changed.loc[changed.index[0], "numerator"] += 1e-9
    assert len(plain.disagreements(changed, expected)) == 1
    assert len(plain.disagreements(compute(workspace, period, catalogue)[1:], expected)) == 1


def _clean_demo(workspace: Workspace, period: Period) -> None:
    """The clean tables as validation writes them, without the judgement of the rules, which would take a minute."""
    from soko.intake import read_period
    from soko.validation.bench import set_up
    from soko.validation.corrected import correct

    tables = load_tables(workspace)
    intake = correct(workspace, period, read_period(workspace, period))
    with set_up(intake, Params(workspace), period, tables) as bench:
        clean.write(clean.build(bench.connection, tables, bench.present), workspace.clean(period))


@pytest.mark.deep
@pytest.mark.parametrize("year", DEMO)
def test_both_ways_agree_on_every_period_of_the_demo_school(tmp_path, year):
    for name in ("params", "validation", f"data/incoming/{year}"):
        shutil.copytree(cw.REPO / name, tmp_path / name)
    (tmp_path / "params" / "indicators" / "own.yaml").unlink(missing_ok=True)
    workspace = Workspace.open(tmp_path)
    catalogue, shown = load_catalogue(workspace), set()
    for code in DEMO[year]:
        period = Period.parse(f"{year}/{code}")
        if code == "year":  # its own folder alone; put together of the terms, it takes them by rules of its own
            for other in (path for path in (tmp_path / "data" / "incoming" / year).iterdir() if path.name != code):
                shutil.rmtree(other)
        _clean_demo(workspace, period)
        found = compute(workspace, period, catalogue)
        expected = plain.expected(workspace, period, catalogue.for_period(period))
        assert not plain.disagreements(found, expected), period.id
        shown |= set(found["indicator"])
    assert len(shown) > 120
