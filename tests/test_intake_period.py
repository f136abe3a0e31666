"""read_period(): a real school's marks, a small school's files, and everything that can be wrong with them."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest
from intake_school import (
    PERIOD,
    PUPILS,
    ROOT,
    gradebook,
    incoming,
    read,
    rules,
    workspace,
    write_book,
    write_list,
)

from soko.errors import DataError
from soko.intake import Intake, write_private
from soko.periods import Period
from soko.workspace import Workspace

UCI = ROOT.parent / "shared" / "data" / "uci_student_expected"
SUBJECTS = ["Математика", "Русский язык"]
MARKS = {"Абрамов Илья": [5, "4 "], "Белова Анна": ["Н/A", 3], "Волков Петр": [4, 5]}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "school")


@pytest.fixture
def folder(space: Workspace) -> Path:
    path = incoming(space)
    write_list(path / "Список.csv", PUPILS, "cp1251")
    return path


def clean(intake: Intake) -> list[str]:
    return [f"{f.severity} {f.rule} {f.message_ru}" for f in intake.findings if f.severity != "info"]


@pytest.mark.skipif(not UCI.is_dir(), reason="no ../shared folder with real data here")
@pytest.mark.parametrize(("period", "term"), [("t1", "1"), ("q2", "2"), ("t3", "3")])
def test_a_real_schools_marks(space: Workspace, period: str, term: str) -> None:
    folder = incoming(space, f"2025-2026/{period}")
    for name in ("pupils.csv", "marks.csv"):
        shutil.copy(UCI / name, folder / name)
    intake = read(space, f"2025-2026/{period}")
    assert clean(intake) == []
    assert rules(intake) == ["term_other"]
    pupils, marks = intake.tables["pupils"].frame, intake.tables["marks"].frame
    assert len(pupils) == pupils["pupil_id"].nunique() == 686
    assert marks[["school_id", "class"]].notna().all().all()
    expected = pd.read_csv(UCI / "expected_subject_class.csv", dtype=str)
    expected = expected[expected["term"] == term].set_index(["school_id", "class", "subject"])
    counts = marks.groupby(["school_id", "class", "subject"])["mark"].value_counts().unstack(fill_value=0)
    assert len(counts) == len(expected)
    for column, mark in (("n5", "5"), ("n4", "4"), ("n3", "3"), ("n2", "2"), ("n_na", "н/а")):
        got = counts[mark] if mark in counts else counts["5"] * 0
        assert (got == expected[column].astype(int).reindex(counts.index)).all()


@pytest.mark.skipif(not UCI.is_dir(), reason="no ../shared folder with real data here")
def test_no_row_of_the_period_is_critical(space: Workspace) -> None:
    folder = incoming(space, "2025-2026/q4")
    for name in ("pupils.csv", "marks.csv"):
        shutil.copy(UCI / name, folder / name)
    assert rules(read(space, "2025-2026/q4"), "critical") == ["term_missing"]


def test_a_gradebook(space: Workspace, folder: Path) -> None:
    path = folder / "5А.xlsx"
    write_book(path, {"5А": gradebook(MARKS, SUBJECTS, own="5 «a»")})
    intake = read(space)
    assert clean(intake) == []
    table = intake.tables["marks"]
    assert sorted(table.frame["mark"]) == ["3", "4", "4", "5", "5", "н/а"]
    assert set(table.frame["class"]) == {"5А"}
    index = table.frame.index[table.frame["mark"] == "н/а"][0]
    assert table.address(index, "mark") == (f"{PERIOD}/5А.xlsx", "5А", "C9", 9)
    assert table.address(index, "full_name")[2] == "B9"
    assert set(table.frame["pupil_id"]) <= set(intake.tables["pupils"].frame["pupil_id"])
    assert table.frame["teacher_id"].nunique() == 1
    changed = {(row.column, row.was, row.became) for row in intake.changes.itertuples()}
    assert {("class", "5 «a»", "5А"), ("mark", "Н/A", "н/а")} <= changed
    totals = intake.totals[["class", "subject", "measure", "printed"]].to_numpy().tolist()
    assert ["5А", "Математика", "n5", 1.0] in totals
    assert ["5А", "Русский язык", "mean_mark", 4.5] in totals


def test_names_live_in_people_only(space: Workspace, folder: Path) -> None:
    write_book(folder / "5А.xlsx", {"5А": gradebook(MARKS, SUBJECTS)})
    intake = read(space)
    shown = " ".join(
        [*(table.frame.to_csv() for table in (*intake.tables.values(), *intake.extra.values())),
         intake.changes.to_csv(),
         intake.totals.to_csv(), repr(intake.findings), repr(intake.files)]
    )  # fmt: skip
    words = {word for row in PUPILS[1:] for word in row[1].split()} | {"Иванова", "01.02.2014", "2014-02-01", "К-1"}
    assert not [word for word in words if word in shown]
    path = write_private(space, Period.parse(PERIOD), intake)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((space.private / "key").stat().st_mode) == 0o600
    assert "Белова Анна Сергеевна" in set(pd.read_parquet(path)["full_name"])
    again = read(space)
    assert list(again.tables["marks"].frame["pupil_id"]) == list(intake.tables["marks"].frame["pupil_id"])


def test_another_key_gives_other_pseudonyms(space: Workspace, folder: Path) -> None:
    first = set(read(space).tables["pupils"].frame["pupil_id"])
    (space.private / "key").unlink()
    assert not first & set(read(space).tables["pupils"].frame["pupil_id"])
    (space.private / "key").write_text("oops", encoding="ascii")
    with pytest.raises(DataError, match="ключа"):
        read(space)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [({"period": "1 четверть"}, "wrong_period"), ({"period": "с 01.09.2025 по 26.10.2025"}, "wrong_period"),
     ({"year": "2024/2025"}, "wrong_year"), ({"own": "5Б"}, "class_mismatch")],
)  # fmt: skip
def test_a_file_of_another_place(space: Workspace, folder: Path, changed: dict[str, str], rule: str) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook(MARKS, SUBJECTS, **changed)})
    intake = read(space)
    assert rules(intake, "critical") == [rule]
    assert "marks" not in intake.tables


def test_a_file_named_after_another_class_with_a_number(space: Workspace, folder: Path) -> None:
    write_book(folder / "Ведомость 5К-1.xlsx", {"Лист1": gradebook(MARKS, SUBJECTS, own="5К1")})
    assert clean(read(space)) == []
    write_book(folder / "Ведомость 5К-1.xlsx", {"Лист1": gradebook(MARKS, SUBJECTS, own="5К2")})
    assert rules(read(space), "warning") == ["class_file_name"]


@pytest.mark.parametrize("period", ["II четверть", "2-я четверть", "с 05.11.2025 по 30.12.2025", "q2"])
def test_ways_to_say_the_period(space: Workspace, folder: Path, period: str) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook(MARKS, SUBJECTS, period=period)})
    assert clean(read(space)) == []


def test_two_files_for_one_class(space: Workspace, folder: Path) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook(MARKS, SUBJECTS)})
    write_book(folder / "b.xlsx", {"5А": [*gradebook(MARKS, SUBJECTS), ["примечание"]]})
    intake = read(space)
    assert rules(intake, "warning") == ["class_twice_same"]
    assert len(intake.tables["marks"].frame) == 6
    assert set(intake.totals["file"]) == {f"{PERIOD}/a.xlsx"}  # nothing is left to compare the other's with
    write_book(folder / "b.xlsx", {"5А": gradebook({**MARKS, "Волков Петр": [2, 5]}, SUBJECTS)})
    intake = read(space)
    assert rules(intake, "critical") == ["class_twice"]
    assert "1 отметка отличается" in next(f.message_ru for f in intake.findings if f.rule == "class_twice")
    shutil.copy(folder / "a.xlsx", folder / "b.xlsx")
    assert rules(read(space), "warning") == ["file_twice"]


@pytest.mark.parametrize("mark", ["6", "5/4", "н", "Х"])
def test_an_unknown_mark_has_its_cell(space: Workspace, folder: Path, mark: str) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook({**MARKS, "Волков Петр": [mark, 5]}, SUBJECTS)})
    found = [f for f in read(space).findings if f.severity == "critical"]
    assert [(f.rule, f.cell, f.column) for f in found] == [("mark_unknown", "C10", "mark")]
    assert mark in found[0].message_ru


def test_a_name_in_a_cell_of_marks_is_not_repeated(space: Workspace, folder: Path) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook({**MARKS, "Волков Петр": ["Сидорова", 5]}, SUBJECTS)})
    intake = read(space)
    assert rules(intake, "critical") == ["mark_unknown"]
    assert "Сидорова" not in repr(intake.findings) + intake.changes.to_csv()


def test_a_mark_that_is_an_uncalculated_formula(space: Workspace, folder: Path) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook({**MARKS, "Волков Петр": ["=2+3", 5]}, SUBJECTS)})
    found = [f for f in read(space).findings if f.severity == "critical"]
    assert [(f.rule, f.cell) for f in found] == [("mark_unknown", "C10")]


def test_a_mark_of_nobody(space: Workspace, folder: Path) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook({**MARKS, "": [5, 5]}, SUBJECTS)})
    assert rules(read(space), "critical") == ["row_without_name"]


def test_an_ambiguous_name_is_never_guessed(space: Workspace, folder: Path) -> None:
    rows = [*PUPILS, ["К-5", "Абрамов Илья Денисович", "01.03.2014", "м", "5А"]]
    write_list(folder / "Список.csv", rows, "cp1251")
    write_book(folder / "a.xlsx", {"5А": gradebook(MARKS, SUBJECTS)})
    intake = read(space)
    found = [f for f in intake.findings if f.severity == "critical"]
    assert [(f.rule, f.cell) for f in found] == [("pupil_ambiguous", "B8")]
    assert "Абрамов" not in repr(found)


@pytest.mark.parametrize(
    "written", ["АБРАМОВ  ИЛЬЯ ПЕТРОВИЧ", "Абрамов И.П.", "Абрамов И. П.", "Абрамов И.", "Aбрамов Илья"]
)
def test_ways_to_write_a_pupil(space: Workspace, folder: Path, written: str) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook({written: [5, 5]}, SUBJECTS)})
    intake = read(space)
    assert clean(intake) == []
    assert set(intake.people["kind"]) == {"pupil", "teacher"}


def test_a_pupil_who_moved_and_one_whom_nobody_knows(space: Workspace, folder: Path) -> None:
    write_book(folder / "a.xlsx", {"5А": gradebook({"Громова Ольга Олеговна": [5, 5], "Чужой Яков": [4, 4]}, SUBJECTS)})
    intake = read(space)
    assert "pupil_moved" in rules(intake, "info")
    assert list(intake.people.loc[intake.people["kind"] == "unmatched", "full_name"]) == ["Чужой Яков"]
    marks = intake.tables["marks"].frame
    known = set(intake.tables["pupils"].frame["pupil_id"])
    assert marks["pupil_id"].isin(known).sum() == 2  # the stranger keeps a pseudonym; validation reports it


def test_same_names_without_dates_are_told_apart(space: Workspace, folder: Path) -> None:
    rows = [["ФИО", "Класс"], ["Абрамов Илья", "5А"], ["Абрамов Илья", "5Б"], ["Белова Анна", "5А"]]
    write_list(folder / "Список.csv", rows)
    intake = read(space)
    assert rules(intake, "warning") == ["pupil_same_name"]
    assert intake.tables["pupils"].frame["pupil_id"].nunique() == 3


def test_without_a_list_pupils_come_from_the_gradebooks(space: Workspace, folder: Path) -> None:
    (folder / "Список.csv").unlink()
    write_book(folder / "a.xlsx", {"5А": gradebook({**MARKS, "Громова Ольга": ["", ""]}, SUBJECTS)})
    intake = read(space)
    assert rules(intake, "warning") == ["pupils_built"]
    pupils = intake.tables["pupils"].frame
    assert len(pupils) == pupils["pupil_id"].nunique() == 4
    assert set(pupils["class"]) == {"5А"}


def test_a_code_in_two_schools(space: Workspace, folder: Path) -> None:
    write_list(folder / "Список.csv", [["pupil_id", "school_id", "class"], ["1", "A", "5А"], ["1", "B", "5А"]])
    write_list(folder / "marks.csv", [["pupil_id", "subject", "mark"], ["1", "Математика", "5"]])
    assert set(rules(read(space), "critical")) == {"pupil_two_schools"}
    write_list(folder / "marks.csv", [["pupil_id", "school_id", "subject", "mark"], ["1", "A", "Математика", "5"]])
    assert rules(read(space), "critical") == []


def test_split_groups_and_what_is_no_subject(space: Workspace, folder: Path) -> None:
    subjects = ["Математика", "Англ.яз. (гр.1)", "Англ.яз. (гр.2)", "Поведение"]
    marks = {"Абрамов Илья": [5, 4, "", 5], "Белова Анна": [4, "", 3, 5]}
    write_book(folder / "a.xlsx", {"5А": gradebook(marks, subjects)})
    intake = read(space)
    assert clean(intake) == []
    assert "subject_not_counted" in rules(intake, "info")
    frame = intake.tables["marks"].frame
    assert sorted(frame["subject"]) == ["Иностранный язык (английский)"] * 2 + ["Математика"] * 2
    assert not intake.totals["subject"].eq("Поведение").any()


def test_half_years_beside_quarters(space: Workspace, folder: Path) -> None:
    write_list(folder / "Список.csv", [["ФИО", "Класс"], ["Абрамов Илья", "10А"]])
    write_book(
        folder / "a.xlsx", {"10А": gradebook({"Абрамов Илья": [5, 5]}, SUBJECTS, own="10А", period="1 полугодие")}
    )
    assert clean(read(space)) == []
    shutil.copytree(folder, incoming(space, "2025-2026/q1"), dirs_exist_ok=True)
    assert rules(read(space, "2025-2026/q1"), "critical") == ["wrong_period"]


def test_a_wrong_class_cell_and_a_wrong_date(space: Workspace, folder: Path) -> None:
    rows = [[*PUPILS[0], "Дата выбытия"], *[[*row, ""] for row in PUPILS[1:]]]
    rows[2][4], rows[3][5], rows[4][2] = "пятый", "скоро", "вчера"
    write_list(folder / "Список.csv", rows)
    found = {(f.severity, f.column, f.cell) for f in read(space).findings if f.rule == "value_unreadable"}
    assert found == {("critical", "class", "E3"), ("critical", "left_on", "F4"), ("warning", "birth_date", "C5")}


def test_service_files_are_skipped(space: Workspace, folder: Path) -> None:
    for name in ("~$5А.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"):
        (folder / name).write_bytes(b"\x00\x01")
    intake = read(space)
    assert clean(intake) == []
    assert [file.path for file in intake.files] == [f"{PERIOD}/Список.csv"]


def test_no_folder_and_no_files(space: Workspace) -> None:
    with pytest.raises(DataError, match="нет папки") as caught:
        read(space)
    assert caught.value.where == "data/incoming/2025-2026/q2"
    incoming(space)
    with pytest.raises(DataError, match="нет ни одного файла"):
        read(space)


def test_the_demo_school(tmp_path: Path) -> None:
    source = ROOT / "data" / "incoming" / "2025-2026" / "q4"
    if not source.is_dir():
        pytest.skip("the demo school's files are not here")
    space = workspace(tmp_path / "school")
    shutil.copytree(source, incoming(space, "2025-2026/q4"), dirs_exist_ok=True)
    intake = read(space, "2025-2026/q4")
    assert rules(intake, "critical") == []
    assert set(intake.people["kind"]) == {"pupil", "staff"}  # every name of every file found its person
    assert set(intake.tables) >= {"pupils", "classes", "marks", "attendance", "staff", "exams", "health", "surveys"}
    assert intake.tables["marks"].frame["pupil_id"].isin(set(intake.tables["pupils"].frame["pupil_id"])).all()
    kinds = {file.kind for file in intake.files}
    assert kinds == {"xlsx", "html", "ods", "csv"}
    assert len(intake.totals) > 2000
