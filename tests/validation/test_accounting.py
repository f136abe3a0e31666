"""Rows read = rows clean + rows set aside: for every file of the demo school, for every reason, for random losses."""

# ruff: noqa: F811 – fixtures are imported by name

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from intake_school import PUPILS, gradebook, incoming, read, workspace, write_book, write_list
from openpyxl import load_workbook
from validation_builders import PERIOD, REPO, SUBJECTS, Build, core, school
from validation_lab import Lab, lab  # noqa: F401

from soko import clean
from soko.errors import FailureError
from soko.intake import read_period
from soko.intake.model import Tally
from soko.params import Params
from soko.periods import Period
from soko.tables import load_tables
from soko.validation import validate
from soko.validation.accounting import COLUMNS, REASONS, account
from soko.validation.bench import set_up
from soko.validation.protocol import Protocol
from soko.workspace import Workspace

TITLES = {title: why for why, title in REASONS.items()}
Q4 = Period.parse("2025-2026/q4")
MARKS: dict[str, list[Any]] = {
    "Абрамов Илья Петрович": [4, 5],
    "Белова Анна Сергеевна": [3, 4],
    "Волков Пётр Ильич": [5, 3],
}


def counted(lab: Lab, build: Build) -> pd.DataFrame:
    """The account of rows that were built by hand, clean tables made of them."""
    intake = build.intake()
    with set_up(intake, lab.params, PERIOD, lab.tables) as bench:
        return account(intake, bench, clean.build(bench.connection, lab.tables, bench.present))


def of_files(space: Workspace) -> pd.DataFrame:
    """The account of files, no clean table made of them."""
    intake = read(space)
    with set_up(intake, Params(space), PERIOD, load_tables(space)) as bench:
        return account(intake, bench, {})


def aside(frame: pd.DataFrame, table: str) -> dict[str, int]:
    """Rows of the table set aside, by reason."""
    own = frame[(frame["table"] == table) & (frame["reason"] != "")]
    return {TITLES[why]: int(number) for why, number in own.groupby("reason")["set_aside"].sum().items()}


def total(frame: pd.DataFrame, table: str, column: str) -> int:
    return int(frame.loc[frame["table"] == table, column].sum())


def assert_adds_up(frame: pd.DataFrame) -> None:
    assert list(frame.columns) == COLUMNS
    assert (frame["read"] == frame["clean"] + frame["set_aside"]).all()
    assert (frame[["read", "clean", "set_aside", "computed"]] >= 0).all(axis=None)


# --- the demo school --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = tmp_path_factory.mktemp("account") / "school"
    for name in ("params", "validation", f"data/incoming/{Q4.id}", "data/incoming/2025-2026/h2"):
        shutil.copytree(REPO / name, root / name)
    return validate(Workspace(root), Q4, root / "out", docs=False, returned=False)


@pytest.mark.deep
def test_every_file_of_the_demo_school_is_accounted_for(demo: Any) -> None:
    frame = demo.accounting
    assert_adds_up(frame)
    for item in demo.intake.files:
        assert frame.loc[frame["file"] == item.path, "read"].sum() == item.rows, item.path
    for path in demo.clean:
        own = frame[frame["table"] == path.stem]
        assert own["clean"].sum() + own["computed"].sum() == len(pd.read_parquet(path)), path.stem


@pytest.mark.deep
def test_marks_of_a_gradebook_are_its_filled_cells(demo: Any) -> None:
    """Counted anew with another library."""
    file = next(item.path for item in demo.intake.files if "8А" in item.path)
    path = demo.workspace.root / "data" / "incoming" / file
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[2] == "Предметы") + 1  # teachers' names stand under subjects
    columns = [i for i, cell in enumerate(rows[head]) if i > 1 and cell and rows[head + 1][i]]
    pupils = [row for row in rows[head + 1 :] if isinstance(row[0], int)]
    filled = sum(cell not in (None, "") for cell in (row[i] for row in pupils for i in columns))
    assert demo.accounting.loc[demo.accounting["file"] == file, "read"].sum() == filled


@pytest.mark.deep
def test_accounting_csv_says_the_same(demo: Any) -> None:
    written = pd.read_csv(demo.workspace.root / "out" / "accounting.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(written, demo.accounting, check_dtype=False)


@pytest.mark.deep
def test_the_protocol_states_it(demo: Any) -> None:
    [table] = Protocol(demo).accounted()
    assert table.caption == "Прочитано и учтено"
    number = [[int(cell.replace("\xa0", "").replace(" ", "")) for cell in row.cells[1:4]] for row in table.rows]
    assert all(read == clean_rows + left for read, clean_rows, left in number)
    marks = next(row.cells for row in table.rows if row.cells[0] == "Отметки за период")
    assert "безотметочный класс – 194" in marks[4]


# --- one reason after another: what the clean tables leave out --------------------------------------------------------

Change = Callable[[Build], None]


def _again(table: str) -> Change:
    return lambda build: build.tables[table].append(dict(build.tables[table][0]))


def _with(table: str, **changed: Any) -> Change:
    return lambda build: build.tables[table].append({**build.tables[table][0], **changed})


def _moved(build: Build) -> None:
    build.tables["pupils"].append(dict(build.tables["pupils"][0], **{"class": "5Б"}))
    build.tables["pupils"][0]["left_on"] = pd.Timestamp("2025-11-20").date()


CASES: dict[str, tuple[Change, str, dict[str, int]]] = {
    "pupil twice": (_again("pupils"), "pupils", {"twice": 1}),
    "pupil of two classes": (_moved, "pupils", {"former_class": 1}),
    "nobody": (_with("pupils", pupil_id=None), "pupils", {"nobody": 1}),
    "mark twice": (_again("marks"), "marks", {"twice": 1}),
    "no mark": (_with("marks", mark=None), "marks", {"no_mark": 1}),
    "no subject of the curriculum": (_with("marks", subject="Поведение"), "marks", {"not_subject": 1}),
    "unmarked grade": (
        _with("marks", **{"class": "1А", "pupil_id": "p_1"}), "marks", {"unmarked_grade": 1}
    ),
    "absences of nobody in the list": (_with("attendance", pupil_id="p_0"), "attendance", {"unknown_pupil": 1}),
    "absences twice": (_again("attendance"), "attendance", {"twice": 1}),
    "class twice": (_again("classes"), "classes", {"twice": 1}),
    "no class": (_with("classes", **{"class": None}), "classes", {"class_missing": 1}),
    "worker twice": (_again("staff"), "staff", {"twice": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_row_that_is_left_out_has_its_reason(lab: Lab, name: str) -> None:
    change, table, expected = CASES[name]
    before, build = counted(lab, school()), school()
    change(build)
    after = counted(lab, build)
    assert_adds_up(after)
    new = Counter(aside(after, table))
    new.subtract(aside(before, table))
    assert {why: number for why, number in new.items() if number} == expected


def test_a_school_without_fault_sets_nothing_aside(lab: Lab) -> None:
    frame = counted(lab, school())
    assert_adds_up(frame)
    assert frame.loc[frame["table"].isin(["pupils", "marks", "attendance", "classes", "staff"]), "set_aside"].sum() == 0


def test_a_class_that_nobody_handed_in_is_computed(lab: Lab) -> None:
    build = core()
    build.tables["classes"] = build.tables["classes"][:1]
    frame = counted(lab, build)
    assert (total(frame, "classes", "read"), total(frame, "classes", "computed")) == (1, 1)


# --- what the reader leaves out ---------------------------------------------------------------------------------------


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path)
    write_list(incoming(made) / "pupils.csv", PUPILS)
    write_book(incoming(made) / "5А.xlsx", {"5А": gradebook(MARKS, ["Математика", "История"])})
    return made


def _column(space: Workspace, subject: str) -> None:
    more = {name: [*given, 5] for name, given in MARKS.items()}
    write_book(incoming(space) / "5А.xlsx", {"5А": gradebook(more, ["Математика", "История", subject])})


def _cell(space: Workspace, value: Any) -> None:
    more = {**MARKS, "Белова Анна Сергеевна": [value, 4]}
    write_book(incoming(space) / "5А.xlsx", {"5А": gradebook(more, ["Математика", "История"])})


def _marks_list(space: Workspace, *terms: str) -> None:
    (incoming(space) / "5А.xlsx").unlink()
    rows = [["К-1", "Математика", term, "4"] for term in terms]
    write_list(incoming(space) / "marks.csv", [["pupil_id", "subject", "term", "mark"], *rows])


def _book(space: Workspace, name: str, **more: Any) -> None:
    write_book(incoming(space) / name, {name.split(".")[0]: gradebook(MARKS, ["Математика", "История"], **more)})


def _nameless(space: Workspace) -> None:
    book = load_workbook(incoming(space) / "5А.xlsx")
    book.worksheets[0]["B9"] = None
    book.save(incoming(space) / "5А.xlsx")


FILES: dict[str, tuple[Callable[[Workspace], None], str, dict[str, int], int]] = {
    "all is well": (lambda _: None, "marks", {}, 6),
    "no subject": (lambda space: _column(space, "Поведение"), "marks", {"not_subject": 3}, 9),
    "a dash": (lambda space: _cell(space, "-"), "marks", {"blank": 1}, 6),
    "an empty cell is no row": (lambda space: _cell(space, None), "marks", {}, 5),
    "unreadable": (lambda space: _cell(space, "4?"), "marks", {"no_mark": 1}, 6),
    "another term": (lambda space: _marks_list(space, "q2", "q2", "q1"), "marks", {"other_term": 1, "twice": 1}, 3),
    "no term": (lambda space: _marks_list(space, "q2", "никогда"), "marks", {"term_unreadable": 1}, 2),
    "of another class": (lambda space: _book(space, "6А.xlsx", own="6Б"), "marks", {"refused": 6}, 12),
    "of another period": (lambda space: _book(space, "5Б.xlsx", own="5Б", period="1 четверть"), "marks",
                          {"refused": 6}, 12),
    "the same file": (lambda space: shutil.copy(incoming(space) / "5А.xlsx", incoming(space) / "я.xlsx"), "marks",
                      {"file_twice": 6}, 12),
    "the same class": (lambda space: _book(space, "копия.xlsx"), "marks", {"twice": 6}, 12),
    "nobody's marks": (_nameless, "marks", {"nobody": 2}, 6),
    "a note in a list": (
        lambda space: write_list(incoming(space) / "pupils.csv", [*PUPILS, ["", "", "", "", "ж"], ["", "", "прим."]]),
        "pupils", {"not_data": 1}, 6,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_row_that_the_reader_sets_aside_has_its_reason(space: Workspace, name: str) -> None:
    change, table, expected, rows = FILES[name]
    change(space)
    frame = of_files(space)
    assert_adds_up(frame)
    found = aside(frame, table)
    found.pop("nobody", None) if name == "a note in a list" else None
    assert (found, total(frame, table, "read")) == (expected, rows)


def test_a_list_built_of_gradebooks_counts_itself(space: Workspace) -> None:
    (incoming(space) / "pupils.csv").unlink()
    frame = of_files(space)
    assert (total(frame, "pupils", "read"), total(frame, "pupils", "clean")) == (3, 3)


# --- the account itself -----------------------------------------------------------------------------------------------


def test_a_row_lost_in_reading_is_our_failure(space: Workspace) -> None:
    intake = read(space)
    raw = intake.tables["marks"]
    raw.frame = raw.frame.iloc[1:].reset_index(drop=True)
    with (
        set_up(intake, Params(space), PERIOD, load_tables(space)) as bench,
        pytest.raises(FailureError, match="прочитано 6, дальше прошло 5, отложено с причиной 0"),
    ):
        account(intake, bench, {})


def test_a_row_lost_in_the_clean_table_is_our_failure(lab: Lab) -> None:
    intake = school().intake()
    with set_up(intake, lab.params, PERIOD, lab.tables) as bench:
        cleaned = clean.build(bench.connection, lab.tables, bench.present)
        cleaned["marks"] = cleaned["marks"].slice(1)
        with pytest.raises(FailureError, match="счёт строк не сошёлся"):
            account(intake, bench, cleaned)
        cleaned["marks"] = clean.build(bench.connection, lab.tables, bench.present)["marks"]
        cleaned["staff"] = cleaned["staff"].slice(0, 0)
        with pytest.raises(FailureError, match="счёт строк не сошёлся"):
            account(intake, bench, cleaned)


def test_a_file_that_the_tally_does_not_know_is_our_failure(lab: Lab) -> None:
    intake = school().intake()
    intake.tally = Tally()
    with set_up(intake, lab.params, PERIOD, lab.tables) as bench, pytest.raises(FailureError):
        account(intake, bench, {})


@pytest.mark.deep
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["again", "no mark", "not a subject", "unmarked", "same other mark"]), max_size=12),
    st.randoms(use_true_random=False),
)
def test_random_losses_add_up(lab: Lab, kinds: list[str], random: Any) -> None:
    build = school(4)
    rows = build.tables["marks"]
    good = len(rows)
    for number, kind in enumerate(kinds):
        row = dict(random.choice(rows[:good]))
        if kind == "no mark":
            row["mark"] = None
        elif kind == "not a subject":
            row["subject"] = "Поведение"
        elif kind == "unmarked":
            row |= {"pupil_id": f"p_first{number}", "class": "1А"}
        elif kind == "same other mark":
            row["mark"] = "2"
        rows.append(row)
    random.shuffle(rows)
    frame = counted(lab, build)
    assert_adds_up(frame)
    assert total(frame, "marks", "read") == good + len(kinds)
    assert total(frame, "marks", "clean") == good == 2 * 4 * len(SUBJECTS)
    expected = Counter(
        {"no mark": "no_mark", "not a subject": "not_subject", "unmarked": "unmarked_grade"}.get(kind, "twice")
        for kind in kinds
    )
    assert aside(frame, "marks") == dict(expected)


@pytest.mark.deep
@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["К-1", "К-2", "К-3"]), st.sampled_from(["Математика", "Поведение"]),
                  st.sampled_from(["q1", "q2", "", "x"]), st.sampled_from(["5", "", "-", "??"])),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_any_list_of_marks_adds_up(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]) -> None:
    space = workspace(tmp_path_factory.mktemp("marks") / "school")
    write_list(incoming(space) / "pupils.csv", PUPILS)
    write_list(incoming(space) / "marks.csv", [["pupil_id", "subject", "term", "mark"], *map(list, rows)])
    intake = read_period(space, PERIOD)
    with set_up(intake, Params(space), PERIOD, load_tables(space)) as bench:
        cleaned = clean.build(bench.connection, bench.tables, bench.present)
        frame = account(intake, bench, cleaned)
    assert_adds_up(frame)
    assert total(frame, "marks", "read") == len(rows)
    assert total(frame, "marks", "clean") == (len(cleaned["marks"]) if "marks" in cleaned else 0)
