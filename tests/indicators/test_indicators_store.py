"""What is written is what was computed; history never lends a value whose meaning or data have changed."""

from __future__ import annotations

import hashlib

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import marks, pupil

from soko.errors import DataError, FailureError
from soko.indicators import COLUMNS, compute, history, load_catalogue, one, read, rows, write
from soko.periods import Period


@pytest.fixture
def workspace(tmp_path):
    return cw.make(tmp_path)


@pytest.fixture
def stored(workspace):
    """A period that is computed and remembered: (workspace, period, frame)."""
    table = [*marks("p_1", "5 4 3", "t_1"), *marks("p_2", "3 3", "t_1"), *marks("p_3", "2 н/а", "t_2")]
    pupils = [pupil("p_1", "5А"), pupil("p_2", "5Б", "ж"), pupil("p_3", "10А")]
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=table)
    frame = compute(workspace, period)
    history.update(workspace, period, frame, load_catalogue(workspace))
    return workspace, period, frame


def test_both_files_read_back_exactly(stored, tmp_path):
    _, _, frame = stored
    for path in write(frame, tmp_path / "out"):
        pd.testing.assert_frame_equal(read(path), frame, check_exact=True)


def test_csv_contract(stored, tmp_path):
    _, _, frame = stored
    text = write(frame, tmp_path / "out")[0].read_bytes()
    lines = text.decode("utf-8").splitlines()
    assert b"\r" not in text
    assert lines[0] == ",".join(COLUMNS)
    assert (
        lines[0] == "school_id,period,indicator,level,grade,class,subject,sex,teacher,item,numerator,denominator,value"
    )
    assert ",2025-2026/q1,outcomes.failing,,,,,,,,1.0,3.0,33.33333333333333" in text.decode()
    assert ",2025-2026/q1,contingent.classes,,5,,,,,,2.0,,2.0" in lines


def test_a_subject_that_looks_like_a_formula_stays_text(workspace, tmp_path):
    table = [{"pupil_id": "p_1", "subject": "=1+1", "mark": "5"}]
    frame = compute(workspace, cw.put(workspace, "2025-2026/q1", pupils=[pupil("p_1", "5А")], marks=table))
    assert "=1+1" in set(frame["subject"])
    path = write(frame, tmp_path / "out")[0]
    assert ",=1+1" not in path.read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(read(path), frame, check_exact=True)


def test_same_data_same_bytes(stored, tmp_path):
    workspace, period, frame = stored
    first, second = write(frame, tmp_path / "a"), write(compute(workspace, period), tmp_path / "b")
    for one_, other in zip(first, second, strict=True):
        assert hashlib.sha256(one_.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()


def test_read_refuses_another_table(tmp_path):
    path = tmp_path / "indicators.csv"
    with pytest.raises(DataError, match="нет таблицы показателей"):
        read(path)
    path.write_text("indicator,value\nx,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="нет столбцов: school_id"):
        read(path)


def test_select(stored):
    _, _, frame = stored
    assert rows(frame, "outcomes.quality", ["grade"])["grade"].tolist() == [5, 10]
    assert one(frame, "outcomes.quality", grade=5)["denominator"] == 2
    assert one(frame, "outcomes.quality", grade=7) is None
    assert len(rows(frame, ["subjects.n5", "subjects.n4"], ["subject"], **{"class": "5А"})) == 6
    with pytest.raises(FailureError, match="нет разреза klass"):
        rows(frame, "outcomes.quality", ["klass"])


def test_history_gives_back_what_was_stored(stored):
    workspace, period, frame = stored
    assert history.state(workspace, period).current
    pd.testing.assert_frame_equal(history.load(workspace, period), frame)
    (workspace.history / "2025-2026" / "q1.key.json").write_text("{}", encoding="utf-8")  # others keep files there too
    assert history.periods(workspace) == [period]
    assert history.load(workspace, Period.parse("2024-2025/q1")) is None
    assert not history.state(workspace, Period.parse("2024-2025/q1")).known


def test_history_without_the_clean_tables_is_still_history(stored):
    workspace, period, frame = stored
    for path in workspace.clean(period).glob("*.parquet"):
        path.unlink()
    assert len(history.load(workspace, period)) == len(frame)


def test_a_changed_definition_is_not_joined(stored):
    workspace, period, _ = stored
    path = workspace.params / "indicators" / "outcomes.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("numerator: sum(is_failing)", "numerator: sum(is_failing + is_not_attested)"), "utf-8")
    assert history.state(workspace, period).changed == ("outcomes.failing",)
    found = history.load(workspace, period)
    assert one(found, "outcomes.failing") is None
    assert one(found, "outcomes.quality") is not None
    again = history.refresh(workspace, period)
    assert one(again, "outcomes.failing") is not None
    assert history.state(workspace, period).current


def test_words_of_a_definition_change_nothing(stored):
    workspace, period, _ = stored
    path = workspace.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Доля отличников", "Доля круглых отличников"), "utf-8")
    assert history.state(workspace, period).current


def test_a_view_is_part_of_the_definition(stored):
    workspace, period, _ = stored
    path = workspace.params / "indicators" / "views.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("WHERE r.at_end\n", "WHERE r.at_start\n"), "utf-8")
    changed = history.state(workspace, period).changed
    assert "outcomes.quality" in changed  # through marks_base, two views below
    assert "subjects.sou" in changed
    assert "movement.at_end" not in changed


@pytest.mark.parametrize(
    "convention", [{"na_in_base": False}, {"unmarked_grades": [1, 2]}, {"halfyear_grades": [10, 11]}]
)
def test_a_changed_convention_is_a_changed_definition(stored, convention):
    workspace, period, _ = stored
    cw.set_conventions(workspace.root, **convention)
    changed = history.state(workspace, period).changed
    assert "outcomes.quality" in changed
    assert "movement.at_end" not in changed  # its SQL names none of them


def test_a_corrected_calendar_is_a_changed_definition(stored):
    workspace, period, _ = stored
    path = workspace.params / "calendar" / "2025-2026.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2025-10-24", "2025-10-26"), "utf-8")
    assert "outcomes.quality" in history.state(workspace, period).changed


def test_a_threshold_changes_nothing(stored):
    workspace, period, _ = stored
    cw.set_conventions(workspace.root, thresholds={"stable_points": 3.0}, targets={"outcomes.quality": 50.0})
    assert history.state(workspace, period).current


def test_newer_data_make_the_values_stale(stored):
    workspace, period, _ = stored
    cw.put(workspace, period.id, marks=marks("p_1", "5 5 5"))
    assert history.state(workspace, period).stale
    assert history.load(workspace, period) is None
    assert one(history.refresh(workspace, period), "outcomes.quality")["value"] == 100


def test_values_without_a_key_are_unknown(stored):
    workspace, period, _ = stored
    (workspace.history / f"{period.id}.json").unlink()
    assert history.load(workspace, period) is None


def test_a_broken_key_is_told(stored):
    workspace, period, _ = stored
    (workspace.history / f"{period.id}.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="не читается"):
        history.load(workspace, period)
