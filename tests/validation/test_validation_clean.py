"""The clean tables: typed, one row a key, sorted, the same bytes twice, written as a whole or not at all."""

# ruff: noqa: F811 – fixtures are imported by name

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from validation_builders import PERIOD, core as school
from validation_lab import fresh, lab  # noqa: F401

from soko import clean
from soko.errors import FailureError
from soko.validation import validate


def build(lab, period_build):
    bench = lab.bench(period_build)
    return clean.build(bench.connection, lab.tables, bench.present)


def test_columns_and_types_are_those_of_the_contract(lab):
    tables = build(lab, school())
    assert set(tables) == set(school().tables)
    for name, table in tables.items():
        contract = lab.tables[name]
        assert table.column_names == clean.columns(contract)
        for column in contract.columns:
            assert not (column.personal and column.name in table.column_names)
            if column.name in table.column_names:
                assert table.schema.field(column.name).type == clean.TYPES[column.type]
    assert tables["marks"].schema.field("grade").type == pa.int64()
    assert set(tables["pupils"]["level"].to_pylist()) == {"ООО"}
    assert set(tables["staff"]["school_id"].to_pylist()) == {lab.params.school.id}


def test_repeated_rows_are_kept_once_and_unmarked_grades_are_left_out(lab):
    period = school()
    period.tables["marks"] += [dict(row) for row in period.tables["marks"][:5]]
    period.tables["pupils"].append(dict(period.tables["pupils"][0]))
    period.tables["pupils"].append(
        {"pupil_id": "p_first", "class": "1А", "sex": "м", "arrived_on": None, "left_on": None}
    )
    for mark in ("5", "зач"):
        period.tables["marks"].append(
            {"pupil_id": "p_first", "class": "1А", "subject": f"Предмет {mark}", "teacher_id": "t_0", "mark": mark}
        )
    period.tables["marks"][0]["subject"] = "Поведение"
    period.tables["marks"][1]["mark"] = None
    tables = build(lab, period)
    marks = tables["marks"].to_pandas()
    assert not marks.duplicated(["school_id", "pupil_id", "subject"]).any()
    assert "1А" not in set(marks["class"])
    assert "Поведение" not in set(marks["subject"])
    assert marks["mark"].notna().all()
    # Of the repeated five, one is «Поведение» and one empty; their repetitions are what stays of them.
    assert len(marks) == 96
    assert tables["pupils"].num_rows == 25


def test_pupil_who_moved_counts_where_he_is_now(lab):
    period = school()
    moved = period.tables["pupils"][0]
    period.tables["pupils"].append({**moved, "class": "5Б", "arrived_on": date(2025, 11, 20)})
    moved["left_on"] = date(2025, 11, 19)
    tables = build(lab, period)
    pupils = tables["pupils"].to_pandas().set_index("pupil_id")
    assert pupils.loc[moved["pupil_id"], "class"] == "5Б"
    marks = tables["marks"].to_pandas()
    assert set(marks.loc[marks["pupil_id"] == moved["pupil_id"], "class"]) == {"5Б"}
    counted = tables["classes"].to_pandas().set_index("class")
    assert counted.loc["5Б", "pupils_end"] == 12  # the number that the list of classes gives is not overwritten


def test_classes_come_from_the_pupils_when_there_is_no_list(lab):
    period = school()
    del period.tables["classes"]
    period.tables["pupils"][0]["left_on"] = date(2025, 11, 20)
    period.tables["pupils"][1]["arrived_on"] = date(2025, 11, 20)
    classes = build(lab, period)["classes"].to_pandas()
    assert classes[["class", "pupils_start", "pupils_end"]].values.tolist() == [["5А", 11, 11], ["5Б", 12, 12]]


def test_marks_find_school_and_class_through_the_pupil(lab):
    period = school()
    for row in period.tables["pupils"]:
        row["school_id"] = "GP" if row["class"] == "5А" else "MS"
    for row in period.tables["marks"]:
        del row["class"]
    marks = build(lab, period)["marks"].to_pandas()
    assert set(zip(marks["school_id"], marks["class"], strict=True)) == {("GP", "5А"), ("MS", "5Б")}


def test_same_input_gives_the_same_bytes(lab, tmp_path):
    written = []
    for name in ("one", "two"):
        shuffled = school()
        for rows in shuffled.tables.values():
            rows.sort(key=str, reverse=name == "two")
        written.append(clean.write(build(lab, shuffled), tmp_path / name))
    assert [path.read_bytes() for path in written[0]] == [path.read_bytes() for path in written[1]]


def test_interrupted_writing_leaves_the_former_tables(lab, tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    folder = tmp_path / "2025-2026" / "q2"
    tables = build(lab, school())
    clean.write(tables, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    original, calls = pq.write_table, []

    def breaks(*arguments, **options):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(*arguments, **options)

    monkeypatch.setattr(pq, "write_table", breaks)
    with pytest.raises(KeyboardInterrupt):
        clean.write(build(lab, school(pupils=5)), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["q2"]


def test_critical_findings_leave_no_clean_tables(fresh, tmp_path):
    period = school()
    period.tables["marks"][0]["mark"] = "7"
    result = validate(fresh, PERIOD, tmp_path / "out", docs=False, returned=False, intake=period.intake())
    assert result.is_critical
    assert (result.clean, fresh.clean(PERIOD).exists()) == ([], False)


def test_a_value_of_another_type_is_our_failure_without_the_value(lab):
    with pytest.raises(FailureError) as caught:
        clean.typed(pd.DataFrame({"lessons_missed": ["Иванов"]}), lab.tables["attendance"])
    assert caught.value.where == "attendance.lessons_missed"
    assert "Иванов" not in str(caught.value)


def test_an_older_table_is_read_with_the_columns_that_it_lacks_empty(lab, tmp_path):
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"pupil_id": ["p_1"], "mark": ["5"]}), tmp_path / "marks.parquet")
    table = clean.read(tmp_path, lab.tables["marks"])
    assert table is not None
    assert table.column_names == clean.columns(lab.tables["marks"])
    assert table.to_pylist()[0]["subject"] is None
    assert clean.read(tmp_path / "nowhere", lab.tables["marks"]) is None


ROWS = st.fixed_dictionaries(
    {
        "pupil_id": st.sampled_from([f"p_5А{i:02d}" for i in range(4)] + ["p_nobody", None]),
        "class": st.sampled_from(["5А", "5Б", "1А", None]),
        "subject": st.sampled_from(["История", "Литература", "Поведение"]),
        "mark": st.sampled_from(["5", "4", "3", "2", "н/а", "осв", None]),
    }
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=25))
def test_whatever_is_read_clean_marks_have_one_row_a_key_and_invent_nothing(lab, rows):
    period = school(pupils=4)
    period.tables["marks"] = rows
    marks = build(lab, period).get("marks")
    given_marks = {(row["pupil_id"], row["subject"], row["mark"]) for row in rows}
    if marks is None:
        assert rows == []
        return
    frame = marks.to_pandas()
    assert not frame.duplicated(["school_id", "pupil_id", "subject"]).any()
    assert "Поведение" not in set(frame["subject"])
    assert frame["mark"].notna().all()
    kept = {(row.pupil_id if pd.notna(row.pupil_id) else None, row.subject, row.mark) for row in frame.itertuples()}
    assert kept <= given_marks


def moved(period, when=date(2025, 11, 20), left=None, arrived=None, since=None):
    """The first pupil of 5А goes to 5Б."""
    old = period.tables["pupils"][0]
    period.tables["pupils"].append({**old, "class": "5Б", "arrived_on": since, "left_on": left})
    old |= {"left_on": when, "arrived_on": arrived}
    return old["pupil_id"]


@pytest.mark.parametrize("since", [None, date(2025, 9, 1), date(2025, 11, 20), date(2025, 11, 24)])
def test_a_move_between_classes_is_no_arrival_at_the_school_and_no_departure(lab, since):
    period = school()
    del period.tables["classes"]
    pupil = moved(period, since=since)
    tables = build(lab, period)
    row = tables["pupils"].to_pandas().set_index("pupil_id").loc[pupil]
    assert (row["class"], row["arrived_on"], row["left_on"]) == ("5Б", None, None)
    assert (row["moved_from"], row["moved_on"]) == ("5А", date(2025, 11, 20))
    names = ["class", "pupils_start", "arrived", "left", "pupils_end"]
    assert tables["classes"].to_pandas()[names].values.tolist() == [["5А", 12, 0, 1, 11], ["5Б", 12, 1, 0, 13]]


def test_dates_of_the_school_are_those_of_the_first_and_the_last_row(lab):
    period = school()
    pupil = moved(period, arrived=date(2025, 11, 10), left=date(2025, 12, 15))
    row = build(lab, period)["pupils"].to_pandas().set_index("pupil_id").loc[pupil]
    assert (row["class"], row["arrived_on"], row["left_on"]) == ("5Б", date(2025, 11, 10), date(2025, 12, 15))


@pytest.mark.parametrize(("when", "own"), [(date(2025, 9, 20), "5Б"), (date(2026, 1, 15), "5А")])
def test_a_move_in_another_period_leaves_the_class_that_was_his_then(lab, when, own):
    period = school()
    pupil = moved(period, when)
    row = build(lab, period)["pupils"].to_pandas().set_index("pupil_id").loc[pupil]
    assert row["class"] == own
    assert row[["moved_from", "moved_on", "left_on"]].isna().all()


def test_absences_of_somebody_who_is_not_in_the_list_are_left_out(lab):
    period = school()
    period.tables["attendance"][0]["pupil_id"] = "p_nobody"
    period.tables["attendance"][1]["pupil_id"] = None
    attendance = build(lab, period)["attendance"].to_pandas()
    assert len(attendance) == 22
    assert "p_nobody" not in set(attendance["pupil_id"])


def test_start_of_a_class_is_the_start_that_the_indicators_count_from(lab):
    """Who comes in the holidays before the period is in the movement of the period: 2025-2026/q1 ends on 24.10."""
    period = school()
    del period.tables["classes"]
    period.tables["pupils"][0]["arrived_on"] = date(2025, 11, 1)
    period.tables["pupils"][1]["left_on"] = date(2025, 11, 1)
    classes = build(lab, period)["classes"].to_pandas()
    names = ["class", "pupils_start", "arrived", "left", "pupils_end"]
    assert classes[names].values.tolist()[0] == ["5А", 11, 1, 1, 11]
