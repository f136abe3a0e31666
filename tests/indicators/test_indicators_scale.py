"""Large data have other ways to the same figures: each gives what the ordinary way gives, and hand-written SQL too."""

from __future__ import annotations

import shutil
import sys

import clean_workspace as cw
import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from soko.errors import ConfigError, DataError
from soko.indicators import compute, load_catalogue, sources
from soko.indicators.cells import calls, gathered
from soko.indicators.model import Indicator
from soko.indicators.sql import group_query
from soko.indicators.tidy import frame, long_form
from soko.params import Params
from soko.periods import Period
from soko.tables import load_tables
from soko.workspace import Workspace

sys.path.append(str(cw.REPO / "benchmarks"))

import catalogue as bench
import schools

PERIOD = Period.parse(bench.PERIOD)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two schools, 9,000 marks, every table."""
    root = tmp_path_factory.mktemp("region")
    bench.make(root / "school", 9_000)
    return Workspace.open(root / "school")


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGE", 1)
    monkeypatch.setattr(sources, "_LARGE_BYTES", 1)


@pytest.fixture(scope="module")
def ordinary(region: Workspace) -> pd.DataFrame:
    assert not sources.is_large(region.clean(PERIOD))
    return compute(region, PERIOD)


@pytest.mark.deep
def test_the_benchmark_exercises_the_whole_catalogue(region, ordinary):
    """An indicator without a row would cost nothing and be measured as fast."""
    asked = {item.id for item in load_catalogue(region, bind=False).for_period(PERIOD)}
    assert len(set(ordinary["indicator"])) > 0.9 * len(asked)
    assert ordinary["school_id"].nunique() == 3  # two schools and both together
    assert (ordinary.loc[ordinary["denominator"].notna(), "denominator"] != 0).all()


def test_the_invented_tables_keep_to_their_contracts(region):
    views = load_catalogue(region, bind=False).views.values()
    asked = {table for view in views for table in (*view.tables, *view.any_of)}
    for name, table in load_tables(region).items():
        if name not in asked and not (region.clean(PERIOD) / f"{name}.parquet").is_file():
            continue
        kept = pd.read_parquet(region.clean(PERIOD) / f"{name}.parquet")
        assert set(kept.columns) == set(sources.columns(table)), name
        assert len(kept), name
        for column in table.columns:
            if column.values and column.name in kept:
                assert set(kept[column.name].dropna()) <= set(column.values), (name, column.name)
        if "level" in kept and "class" in kept and kept["grade"].notna().any():
            level = Params(region).school.level_of
            told = kept.dropna(subset=["grade"])
            assert (told["level"] == told["grade"].astype(int).map(level)).all(), name


def test_as_many_marks_as_asked_and_the_same_ones_again(region, tmp_path):
    rows = schools.make(tmp_path / "again", 9_000, load_tables(region))
    assert rows["marks"] == 9_000
    for name in rows:
        first, again = (
            pd.read_parquet(path / f"{name}.parquet") for path in (region.clean(PERIOD), tmp_path / "again")
        )
        columns = list(first.columns)
        pd.testing.assert_frame_equal(
            first.sort_values(columns, ignore_index=True), again.sort_values(columns, ignore_index=True)
        )


@pytest.mark.deep
def test_engine_hand_written_sql_and_pandas_agree(region, tmp_path):
    """What is timed against each other is the same table: every row, every figure."""
    for name, way in ((bench.MARKS, "a"), (bench.BY_HAND, "b"), (bench.PANDAS, "c")):
        bench.WAYS[name](region).to_parquet(tmp_path / way)
    assert bench.differences(tmp_path / "a", tmp_path / "b") <= 1e-9
    assert bench.differences(tmp_path / "a", tmp_path / "c") <= 1e-9
    assert len(bench.with_duckdb(region, tidy=False))


def test_a_difference_is_seen(region, tmp_path):
    table = bench.over_marks(region)
    table.to_parquet(tmp_path / "a")
    table.assign(numerator=table["numerator"] + (table.index == 7)).to_parquet(tmp_path / "b")
    table.iloc[1:].to_parquet(tmp_path / "c")
    assert bench.differences(tmp_path / "a", tmp_path / "b") == 1
    assert bench.differences(tmp_path / "a", tmp_path / "c") == float("inf")


@pytest.mark.deep
def test_large_data_give_the_same_table(region, ordinary, everything_is_large):
    """Cells, two cores, Arrow, other tables kept: not a bit of the whole catalogue's table may differ."""
    assert sources.is_large(region.clean(PERIOD))
    pd.testing.assert_frame_equal(compute(region, PERIOD), ordinary, check_exact=True)
    assert not list(region.clean(PERIOD).parent.glob(".*.spill"))


@pytest.mark.parametrize("subject", ["Предмет 1", None])
def test_a_repeated_mark_is_refused_with_the_number_of_rows(tmp_path, subject, everything_is_large):
    """Of many marks a pupil's subjects are bits; a subject that nobody wrote down is one of them."""
    place = cw.make(tmp_path)
    again = [{"pupil_id": "p_1", "subject": subject, "mark": "4"}] * (2 if subject else 3)
    listed = [cw.pupil("p_1", "5А"), cw.pupil("p_2", "5А")]
    cw.put(place, "2025-2026/q2", pupils=listed, marks=[*cw.marks("p_1", "5 4"), *cw.marks("p_2", "5 4"), *again])
    with pytest.raises(DataError, match=r"больше одной отметки по предмету \(строк: 2\)"):
        compute(place, Period.parse("2025-2026/q2"))


def test_marks_of_nobody_are_refused(tmp_path, everything_is_large):
    place = cw.make(tmp_path)
    cw.put(place, "2025-2026/q2", pupils=[cw.pupil("p_1", "5А")], marks=cw.marks("p_2", "5 4"))
    with pytest.raises(DataError, match=r"которого нет в списке \(строк: 2\)"):
        compute(place, Period.parse("2025-2026/q2"))


def test_a_wrong_expression_is_told_with_file_and_line(region, tmp_path, everything_is_large):
    shutil.copytree(region.root, tmp_path / "school")
    place = Workspace.open(tmp_path / "school")
    own = (
        "indicators:\n  - {id: own.a, name: А, unit: count, better: none, population: marks_base, numerator: sum(n6), "
    )
    own += "dimensions: [[]], formula: а}\n"
    (place.params / "indicators" / "own.yaml").write_text(own, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"own\.yaml, строка 2.*нет столбца «n6»"):
        compute(place, PERIOD)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("", []),
        ("count(*) - sum(a)", ["count(*)", "sum(a)"]),
        ("sum(a) FILTER (b = 'н/а') + count(b)", ["sum(a) FILTER (b = 'н/а')", "count(b)"]),
        ("'ёё' || max(b) || min(b)", ["max(b)", "min(b)"]),
        ("2 * count_if(a > (a + 1))", ["count_if(a > (a + 1))"]),
        ("count(DISTINCT a)", None),
        ("avg(a)", None),
        ("sum(a) + avg(a)", None),
        ("any_value(a) * sum(a)", None),
        ("sum(a) OVER ()", None),
        ("(SELECT 1) + sum(a)", None),
        ("sum(a), sum(b)", ["sum(a)", "sum(b)"]),
        ("sum(a", None),
    ],
)
def test_aggregates_are_found_where_they_stand(expression, found):
    with duckdb.connect() as connection:
        seen = calls(connection, expression)
    assert (seen if seen is None else [call.text for call in seen]) == found
    for call in seen or []:
        assert expression.encode()[call.start : call.end].decode() == call.text


def indicator(
    number: int, numerator: str, denominator: str = "", sets: tuple[tuple[str, ...], ...] = ((),)
) -> Indicator:
    return Indicator(
        id=f"own.i{number}", name="И", unit="percent" if denominator else "count", better="none", population="base",
        numerator=numerator, denominator=denominator, dimensions=[list(names) for names in sets], formula="и",
    )  # fmt: skip


SETS = ((), ("class",), ("sex",), ("class", "sex"), ("grade",), ("subject",))
PARTS = st.sampled_from(
    ["count(*)", "sum(a)", "sum(a) FILTER (sex = 'м')", "count(a)", "max(a) * count(sex)",
     "sum(a + 1) - count_if(a > 1)", "min(a)", "sum(c)", "count(DISTINCT a)", "bool_or(a > 2)::INT",
     "5 * sum(b) // count(*)"]
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["s1", "s2"]),
        st.sampled_from([5, 6, None]),
        st.sampled_from(["5А", "5Б", None]),
        st.sampled_from(["м", "ж", None]),
        st.sampled_from(["Алгебра", ""]),
        st.sampled_from([0, 1, 2, 3, None]),
        st.booleans(),
        st.sampled_from([0.1, 0.7, None]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(
    rows=ROWS, parts=st.lists(st.tuples(PARTS, st.one_of(st.just(""), PARTS)), min_size=1, max_size=4), data=st.data()
)
def test_cells_give_what_the_view_gives(rows, parts, data):
    """Any rows, any indicators: by cells or from the view itself, the same table."""
    items = [
        indicator(i, *part, tuple(data.draw(st.lists(st.sampled_from(SETS), min_size=1, unique=True))))
        for i, part in enumerate(parts)
    ]
    with duckdb.connect(config=sources._CONFIG | {"threads": "1"}) as connection:
        connection.execute(
            "CREATE TABLE base (school_id VARCHAR, grade INTEGER, class VARCHAR, sex VARCHAR, subject VARCHAR, "
            "a INTEGER, b BOOLEAN, c DOUBLE)"
        )
        if rows:
            connection.executemany("INSERT INTO base VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        cells, split, left = gathered(connection, "base", items)
        large = [
            long_form(sources.fetched(connection, group_query(place, part), large=True), part)
            for place, part in ((cells, split), ("base", left))
            if part
        ]
        plain = long_form(sources.fetched(connection, group_query("base", items), large=False), items)
    assert {item.id for item in (*split, *left)} == {item.id for item in items}
    assert {item.id for item in left} == {
        item.id for item in items if {"sum(c)", "count(DISTINCT a)"} & {item.numerator, item.denominator}
    }
    pd.testing.assert_frame_equal(frame(large, "2025"), frame([plain], "2025"), check_exact=True)


def test_without_room_for_one_number_rows_are_sorted_by_their_columns():
    """Dimensions of so many values that a row is no number any more."""
    import numpy as np

    from soko.indicators.tidy import _order

    dice = np.random.default_rng(1)
    columns = [dice.integers(0, 1 << 20, 500).astype(np.int64) for _ in range(4)]
    columns = [np.append(column, [0, 1 << 20]) for column in columns]
    assert (_order(columns) == np.lexsort(columns[::-1])).all()
    few = [column % 7 for column in columns]
    assert (_order(few) == np.lexsort(few[::-1])).all()


def test_nothing_is_left_of_a_region(tmp_path):
    """A clean folder without tables is no large data; one that is gone neither."""
    assert not sources.is_large(tmp_path)
    assert not sources.is_large(tmp_path / "none")
