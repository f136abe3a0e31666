"""«Что изменилось»: every difference is found once, and is put down to what really changed."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from soko.indicators.model import COLUMNS, DIMENSIONS
from soko.run import changes, console
from soko.run.changes import Basis, causes, differences
from soko.run.changes_told import index_lines, told

BEFORE = Basis(
    clean={"marks": "m1", "pupils": "p1", "staff": "s1"},
    definitions={"outcomes.quality": "q1", "staff.count": "c1"},
    corrections={"marks": "k1"},
    incoming="i1",
    settings="o1",
    code="x1",
)
NEW_MARKS = {"clean": {**BEFORE.clean, "marks": "m2"}}
NEW_DEFINITION = {"definitions": {**BEFORE.definitions, "outcomes.quality": "q2"}}


def tidy(*rows):
    """Rows (school, indicator, class, subject, value) as a tidy table."""
    empty = dict.fromkeys(COLUMNS, "") | {"grade": None, "numerator": 1.0, "denominator": 2.0}
    full = [empty | {"school_id": s, "indicator": i, "class": c, "subject": u, "value": v} for s, i, c, u, v in rows]
    frame = pd.DataFrame(full, columns=COLUMNS).astype({"grade": "Int64", "value": "float64"})
    return frame.astype(dict.fromkeys([name for name in COLUMNS[:-3] if name != "grade"], "str"))


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        (NEW_MARKS | {"incoming": "i2"}, ["данные"]),
        (NEW_MARKS | {"incoming": "i2", "code": "x2", "settings": "o2"}, ["данные"]),
        (NEW_MARKS | {"corrections": {"marks": "k2"}}, ["исправление"]),
        (NEW_MARKS | {"corrections": {}}, ["исправление"]),
        (NEW_MARKS | {"corrections": {"marks": "k2"}, "incoming": "i2"}, ["исправление", "данные"]),
        (NEW_MARKS | {"settings": "o2", "code": "x2"}, ["настройки"]),
        (NEW_MARKS | {"code": "x2"}, ["код"]),
        (NEW_DEFINITION | {"code": "x2"}, ["определение"]),
        (NEW_DEFINITION | NEW_MARKS | {"incoming": "i2"}, ["определение", "данные"]),
        ({"definitions": {}}, ["определение"]),
        ({"code": "x2"}, ["код"]),
        # of no table that the indicator is computed from
        ({"clean": {**BEFORE.clean, "staff": "s2"}, "incoming": "i2", "code": "x2"}, ["код"]),
        ({"incoming": "i2"}, ["не установлено"]),
    ],
)
def test_cause_by_what_changed(changed, because):
    after = dataclasses.replace(BEFORE, **changed)
    assert causes(BEFORE, after, "outcomes.quality", {"marks", "pupils"}) == because


def test_cause_is_unknown_of_an_older_publication():
    assert changes.remembered({"basis": changes.to_json(BEFORE)}) == BEFORE
    assert changes.remembered({}) is None
    assert causes(None, BEFORE, "outcomes.quality", {"marks"}) == ["не установлено"]


def test_differences_of_hand_made_tables():
    before = tidy(
        ("", "a.x", "", "", 50.0),
        ("s", "a.x", "", "", 50.0),
        ("s", "a.x", "5А", "", 40.0),
        ("s", "a.y", "", "", 3.0),
        ("s", "a.x", "", "Алгебра", 1.0),
    )
    after = tidy(
        ("", "a.x", "", "", 55.0),
        ("s", "a.x", "", "", 55.0),
        ("s", "a.x", "5А", "", 40.0 + 1e-14),
        ("s", "a.x", "5Б", "", 10.0),
        ("s", "a.x", "", "Алгебра", 1.0),
    )
    found = differences(before, after)
    assert found["indicator"].tolist() == ["a.x", "a.x", "a.y"]
    assert found["class"].tolist() == ["", "5Б", ""]
    assert found["delta"].fillna(-1).tolist() == [5.0, -1, -1]
    assert found["was"].fillna(-1).tolist() == [50.0, -1, 3.0]
    assert found["became"].fillna(-1).tolist() == [55.0, 10.0, -1]


def test_of_several_schools_the_whole_is_kept():
    before = tidy(("", "a.x", "", "", 50.0), ("s", "a.x", "", "", 50.0), ("t", "a.x", "", "", 50.0))
    after = tidy(("", "a.x", "", "", 55.0), ("s", "a.x", "", "", 60.0), ("t", "a.x", "", "", 50.0))
    assert differences(before, after)["school_id"].tolist() == ["", "s"]


rows = st.dictionaries(
    st.tuples(st.just("s"), st.sampled_from(["a.x", "a.y"]), st.sampled_from(["", "5А", "5Б"]), st.just("")),
    st.one_of(st.just(float("nan")), st.integers(0, 3).map(float)),
    max_size=5,
)


@settings(deadline=None, max_examples=60)
@given(rows, rows)
def test_differences_are_exactly_the_groups_that_differ(before, after):
    found = differences(*(tidy(*((*key, value) for key, value in table.items())) for table in (before, after)))
    none = float("nan")
    expected = {key for key in before | after if repr(before.get(key, none)) != repr(after.get(key, none))}
    assert set(zip(found["school_id"], found["indicator"], found["class"], found["subject"], strict=True)) == expected
    assert len(found) == len(expected)


def attributed(tmp_path, rows_):
    columns = ["school_id", "indicator", "name", "unit", *DIMENSIONS, "was", "became", "delta", "because"]
    frame = pd.DataFrame(rows_, columns=columns)
    changes.write(frame, tmp_path / changes.NAME)
    return told(tmp_path)


def row(name, unit, was, became, because="данные", **dims):
    every = dict.fromkeys(DIMENSIONS, "") | {"grade": None} | dims
    delta = None if was is None or became is None else became - was
    return ["s", "a.x", name, unit, *every.values(), was, became, delta, because]


def test_largest_first_and_how_it_is_said(tmp_path, capsys):
    found = attributed(
        tmp_path,
        [
            row("Качество знаний", "%", 45.25, 48.0, **{"class": "7А"}),
            row("Классов", "", 20.0, 21.0, "определение"),
            row("Успеваемость", "%", 90.0, 99.0, teacher="t_000000000000"),
            row("Средний балл", "балл", None, 3.5, subject="=Физика"),
        ],
    )
    assert found.line == "Изменилось 4\u00a0значения у 1\u00a0показателя: из-за данных – 3; из-за определения – 1"
    assert [line.replace("\u00a0", " ") for line in found.largest] == [
        "Классов, по школе: было 20, стало 21 (определение)",
        "Качество знаний, 7А: было 45,3 %, стало 48,0 % (данные)",
        "Средний балл, =Физика: было нет значения, стало 3,5 (данные)",
    ]
    assert index_lines(tmp_path) == (f"При последнем обновлении показателей {found.line[0].lower()}{found.line[1:]}.",
                                     *found.largest)  # fmt: skip
    console._changes(found)
    said = capsys.readouterr().out
    assert said.startswith(found.line + "; больше всего:\n  Классов")
    assert "t_000000000000" not in said
    console._changes(None)
    assert capsys.readouterr().out == ""


def test_nothing_is_said_of_a_first_publication(tmp_path):
    assert told(tmp_path) is None
    assert index_lines(tmp_path) == ()


def test_corrections_are_compared_by_table(tmp_path):
    path = tmp_path / "corrections.csv"
    assert changes._corrections(path) == {}
    path.write_text("table,was,became\nmarks,2,3\npupils,а,б\n", encoding="utf-8")
    first = changes._corrections(path)
    path.write_text("table,was,became\nmarks,2,4\npupils,а,б\n", encoding="utf-8")
    assert changes._changed(first, changes._corrections(path)) == {"marks"}
