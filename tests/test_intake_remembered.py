"""What was read of a file is remembered: the same Intake, one file read again, nobody else's entry believed."""

from __future__ import annotations

import datetime
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from intake_school import PERIOD, PUPILS, gradebook, incoming, read, workspace, write_book, write_list

from soko.intake import Intake, piece, reader
from soko.intake.config import Context
from soko.intake.model import SourceFile
from soko.intake.piece import Piece
from soko.intake.private import private_key
from soko.intake.remembered import FOLDER, Pieces, settings_key
from soko.params import Params
from soko.periods import Period
from soko.run import steps, work
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
DEMO = "2025-2026/q4"
Q2 = Period.parse(PERIOD)
MARKS = {"Абрамов Илья Петрович": [5, 4], "Белова Анна Сергеевна": [4, "н"], "Волков Пётр Ильич": [3, 3]}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """Two gradebooks, a list of pupils, a copy of one of them, a report of totals, a file that is no table."""
    place = workspace(tmp_path)
    folder = incoming(place)
    write_list(folder / "Список.csv", PUPILS)
    write_book(folder / "5А.xlsx", {"5А": gradebook(MARKS, ["Алгебра", "Химия"])})
    write_book(folder / "5Б.xlsx", {"5Б": gradebook({"Громова Ольга Олеговна": [5, 5]}, ["Алгебра", "Химия"], "5Б")})
    shutil.copy(folder / "5Б.xlsx", folder / "5Б (копия).xlsx")
    (folder / "заметка.txt").write_text("приходите на собрание", encoding="utf-8")
    return place


def entries(space: Workspace, period: Period = Q2) -> set[str]:
    return {path.name for path in (space.private_period(period) / FOLDER).glob("*")}


def told(intake: Intake) -> dict[str, Any]:
    """Everything that an Intake says, types included."""
    tables = intake.tables | {f"extra {name}": raw for name, raw in intake.extra.items()}
    return {
        "findings": intake.findings,
        "changes": intake.changes.to_csv(),
        "totals": intake.totals.to_csv(),
        "people": intake.people.to_csv(),
        "files": intake.files,
        "tally": intake.tally and (dict(intake.tally.read), dict(intake.tally.aside)),
        "letters": {name: raw.letters for name, raw in tables.items()},
        "columns": {name: [(c, str(raw.frame[c].dtype)) for c in raw.frame] for name, raw in tables.items()},
        "cells": {name: [[type(v) for v in row] + list(map(str, row)) for row in raw.frame.to_numpy(object).tolist()]
                  for name, raw in tables.items()},
    }  # fmt: skip


def watch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are really read from now on."""
    seen: list[str] = []
    real = piece.read_file

    def read_file(path: Path, *arguments: Any) -> Any:
        seen.append(path.name)
        return real(path, *arguments)

    monkeypatch.setattr(piece, "read_file", read_file)
    return seen


def test_the_same_with_and_without_memory(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = told(reader.read_period(space, Q2, remember=False))
    assert not entries(space)
    assert told(read(space)) == wanted
    seen = watch(monkeypatch)
    assert told(read(space)) == wanted
    assert seen == []


@pytest.mark.deep
@pytest.mark.parametrize("period", [DEMO, "2025-2026/q1", "2024-2025/h1"])
def test_the_demo_school_reads_the_same(period: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, when = workspace(tmp_path), Period.parse(period)
    shutil.copytree(ROOT / "data" / "incoming" / period, place.incoming(when))
    if period.endswith("h1"):
        for quarter in ("q1", "q2"):
            shutil.copytree(
                ROOT / f"data/incoming/2024-2025/{quarter}", place.root / f"data/incoming/2024-2025/{quarter}"
            )
    wanted = told(read(place, period))
    seen = watch(monkeypatch)
    assert told(read(place, period)) == wanted
    assert seen == []


def test_one_changed_file_is_read_and_its_old_entry_goes(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read(space)
    before = entries(space)
    changed = {**MARKS, "Абрамов Илья Петрович": [2, 4]}
    write_book(incoming(space) / "5А.xlsx", {"5А": gradebook(changed, ["Алгебра", "Химия"])})
    wanted = told(reader.read_period(space, Q2, remember=False))
    seen = watch(monkeypatch)
    assert told(read(space)) == wanted
    assert seen == ["5А.xlsx"]
    assert len(entries(space)) == len(before)
    assert len(entries(space) - before) == 1
    (incoming(space) / "5А.xlsx").unlink()
    read(space)
    assert len(entries(space)) == len(before) - 1


def test_a_file_under_another_name_is_read_again(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read(space)
    (incoming(space) / "5А.xlsx").rename(incoming(space) / "9В.xlsx")
    wanted = told(reader.read_period(space, Q2, remember=False))
    seen = watch(monkeypatch)
    assert told(read(space)) == wanted
    assert seen == ["9В.xlsx"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("params/sources.yaml", "header_rows: 30", "header_rows: 29"),
        ("params/subjects.yaml", "title: Химия", "title: Химия неорганическая"),
        ("params/conventions.yaml", "halfyear_grades: [10, 11]", "halfyear_grades: [11]"),
        ("params/calendar/2025-2026.yaml", "start: 2025-11-05", "start: 2025-11-06"),
        ("validation/tables/staffing.yaml", "title: ", "title: Иначе "),
    ],
)
def test_other_settings_are_another_key(file: str, old: str, new: str, space: Workspace) -> None:
    before = settings_key(Context.open(space, Q2))
    path = space.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    from soko import tables

    tables._load_all.cache_clear()
    assert settings_key(Context.open(space, Q2)) != before


def test_a_rule_is_nothing_that_reading_depends_on(space: Workspace) -> None:
    context = Context.open(space, Q2)
    marks = context.tables["marks"]
    other = replace(context, tables=context.tables | {"marks": marks.model_copy(update={"rules": marks.rules[1:]})})
    assert settings_key(other) == settings_key(context)


def test_readers_ask_the_parameters_for_what_the_key_holds(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that begins to depend on another setting would get yesterday's answer: this test names it first."""
    asked: set[str] = set()

    class Watched(Params):
        def __getattribute__(self, name: str) -> Any:
            asked.add(name)
            return super().__getattribute__(name)

    shutil.copytree(ROOT / "data" / "incoming" / DEMO, space.incoming(Period.parse(DEMO)))
    for period in (DEMO, PERIOD):
        context = Context.open(space, Period.parse(period))
        watched = replace(context, params=Watched(space))
        files = reader._files(context, Period.parse(period))
        normaliser = reader.Normaliser(watched)
        for path, own in files:
            piece.read_piece(path, path.name, replace(watched, period=own), normaliser)
    inside = {"workspace", "_calendars", "__dict__", "__class__"}
    assert asked - inside <= {"calendar", "dates", "conventions", "subjects"}
    assert "conventions" in asked


def test_nothing_but_our_own_entry_is_believed(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = told(read(space))
    folder = space.private_period(Q2) / FOLDER
    paths = sorted(folder.glob("*.json"))
    content = paths[0].read_bytes()
    spoilt = [b"", content[:-5], content.replace(b"5", b"4"), b"{}", paths[1].read_bytes(), b"\xff" * 99]
    for bad in spoilt:
        paths[0].write_bytes(bad)
        seen = watch(monkeypatch)
        assert told(read(space)) == wanted
        assert len(seen) == 1
    assert paths[0].read_bytes() == content


def test_another_key_of_the_pseudonyms_is_a_miss(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read(space)
    (space.private / "key").unlink()
    seen = watch(monkeypatch)
    read(space)
    assert len(seen) == len(list(incoming(space).iterdir()))


def test_entries_are_the_owners_alone_and_hold_no_name_in_theirs(space: Workspace) -> None:
    read(space)
    folder = space.private_period(Q2) / FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert set(path.stem) <= set("0123456789abcdef")


def test_a_disk_that_keeps_nothing_is_no_failure(space: Workspace) -> None:
    wanted = told(read(space))
    folder = space.private_period(Q2) / FOLDER
    shutil.rmtree(folder)
    folder.write_text("здесь файл, а не папка", encoding="utf-8")
    assert told(read(space)) == wanted


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(),
    st.dates(), st.datetimes(), st.times(), st.timedeltas(),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL), max_size=5))
def test_every_value_of_a_cell_comes_back_as_it_was(rows: list[tuple[Any, Any]], space: Workspace) -> None:
    memory = Pieces(space, Q2, private_key(space), Context.open(space, Q2))
    made = Piece(
        SourceFile("q/a.xlsx", "0" * 64),
        parts=[("marks", {"mark": [one for one, _ in rows], "_row": list(range(len(rows)))})],
        unmarked=[{"full_name": other, "_row": 1} for _, other in rows],
    )
    memory.put("k", made)
    found = memory.get("k")
    assert found == made
    assert found is not None
    for before, after in zip(made.parts[0][1]["mark"], found.parts[0][1]["mark"], strict=True):
        assert type(after) is type(before)


def test_what_json_does_not_know_is_not_remembered(space: Workspace) -> None:
    memory = Pieces(space, Q2, private_key(space), Context.open(space, Q2))
    for odd in (pd.Timestamp("2025-11-05"), b"x", datetime.datetime):
        memory.put("odd", Piece(SourceFile("a", ""), parts=[("marks", {"mark": [odd]})]))
        assert memory.get("odd") is None


def test_files_are_read_ahead(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the run asks for while other periods are checked; what is wrong with the files is the check's to say."""
    work.read(str(space.root), PERIOD)
    work.read(str(space.root), "2025-2026/q3")
    seen = watch(monkeypatch)
    read(space)
    assert seen == []


def test_a_forced_run_reads_everything(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read(space)
    steps.unlearn(space, Q2)
    seen = watch(monkeypatch)
    read(space)
    assert len(seen) == len(list(incoming(space).iterdir()))
