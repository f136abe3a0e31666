"""A note whose fingerprint is the same says the same: one changed cell in each kind of table that a note may read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from told import displayed
from welfare_school import SPRING, school

from soko.indicators import compute, history, load_catalogue
from soko.notes import focus, open_theme
from soko.notes.data import read
from soko.notes.fingerprint import fingerprint
from soko.notes.themed import OTHER
from soko.periods import Period
from soko.run.plain import is_plain
from soko.workspace import Workspace

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[1]
NOTES = [("health", ""), ("upbringing", ""), ("class_teacher", "9А")]


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A school, what each of its notes displays and what each was made from."""
    place = school(tmp_path_factory.mktemp("spared"))
    findings(place, "health", "group_missing")
    return place, {note: (made_from(place, *note), says(place, *note)) for note in NOTES}


@pytest.fixture
def place(known, tmp_path):
    shutil.copytree(known[0].root, tmp_path / "school")
    return Workspace.open(tmp_path / "school")


def made_from(place: Workspace, name: str, of: str) -> dict[str, str]:
    return fingerprint(focus.on(read(place, SPRING, note=name), of))


def says(place: Workspace, name: str, of: str) -> list[str]:
    note = open_theme(name, str(place.root), SPRING.id, of=of)
    return [block.model_dump_json() for block in displayed(note, name)]


def findings(place: Workspace, *rules: str) -> None:
    """``table``, ``rule``, … of findings.csv, all warnings."""
    rows = [("warning", table, rule, f"Замечание {rule}") for table, rule in zip(rules[::2], rules[1::2], strict=True)]
    folder = place.outputs(SPRING) / "validation"
    folder.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(rows, columns=["severity", "table", "rule", "message_ru"])
    frame.assign(file="", sheet="").to_csv(folder / "findings.csv", index=False, encoding="utf-8-sig")


def change(table: str, column: str, where: Callable, value: object, period: Period = SPRING) -> Callable:
    """Another value in the first row that ``where`` chooses of a clean table; history is brought up to date."""

    def apply(place: Workspace) -> None:
        path = place.clean(period) / f"{table}.parquet"
        frame = pd.read_parquet(path)
        row = frame.index[where(frame)][0]
        assert frame.loc[row, column] != value
        frame.loc[row, column] = value
        frame.to_parquet(path, index=False)
        history.update(place, period, compute(place, period), load_catalogue(place))

    return apply


def of(name: str) -> Callable:
    """Marks «3» of a class."""
    return lambda frame: (frame["class"] == name) & (frame["mark"] == "3")


def more_findings(place: Workspace) -> None:
    findings(place, "health", "group_missing", "marks", "subject_no_marks", "marks", "all_fives")


def other_title(place: Workspace) -> None:
    path = place.tables / "health.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: Иначе – ", 1), encoding="utf-8")


def without_a_table(place: Workspace) -> None:
    (place.clean(SPRING) / "registers.parquet").unlink()
    history.update(place, SPRING, compute(place, SPRING), load_catalogue(place))


BEFORE = SPRING.previous()
EVERY = set(NOTES)
#: What is changed → notes that are made again.
CHANGES: dict[str, tuple[Callable, set[tuple[str, str]]]] = {
    "a mark of 1А": (change("marks", "mark", of("1А"), "4"), set()),
    "a mark of 9А": (change("marks", "mark", of("9А"), "4"), {("class_teacher", "9А")}),
    "attendance": (
        change("attendance", "lessons_missed_unexcused", lambda frame: frame["class"] == "9А", 77),
        {("class_teacher", "9А"), ("health", "")},
    ),
    "health": (change("health", "health_group", lambda frame: frame["health_group"] == "II", "III"), {("health", "")}),
    "a register": (change("registers", "offences", lambda frame: frame["offences"] == 1, 3), {("upbringing", "")}),
    "health of the year before": (
        change("health", "health_group", lambda frame: frame["health_group"] == "II", "III", BEFORE), {("health", "")}
    ),
    "a table that is gone": (without_a_table, EVERY),
    "findings of other tables": (more_findings, {("health", "")}),
    "what a table is called": (other_title, EVERY),
}  # fmt: skip


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if at < 2 else pytest.mark.deep) for at, kind in enumerate(CHANGES)]
)
def test_what_has_the_same_fingerprint_says_the_same(known, place, kind):
    apply, expected = CHANGES[kind]
    apply(place)
    changed = {note for note in NOTES if made_from(place, *note) != known[1][note][0]}
    assert changed == expected
    for note in set(NOTES) - changed:
        assert says(place, *note) == known[1][note][1], note


def test_how_many_findings_other_tables_have_does_not_matter(place):
    more_findings(place)
    several = made_from(place, "health", ""), says(place, "health", "")
    findings(place, "health", "group_missing", "marks", "subject_no_marks")
    assert (made_from(place, "health", ""), says(place, "health", "")) == several
    data = focus.on(read(place, SPRING, note="health"), "")
    assert list(data.findings["table"]) == ["health", OTHER]


def test_a_note_on_a_theme_cannot_read_beyond_its_fingerprint(known):
    data = focus.on(read(known[0], SPRING, note="health"), "")
    assert read(known[0], SPRING).current.get("outcomes.quality") is not None
    for figures in (data.current, data.previous):
        assert figures.get("outcomes.quality") is None
        assert not {name for name in figures.indicators if name.startswith(("outcomes.", "subjects.", "contests."))}
    assert data.current.get("health.group_2") is not None


def test_a_notebook_with_a_cell_of_its_own_goes_by_everything(tmp_path):
    path = tmp_path / "health.ipynb"
    whole = (REPO / "notebooks" / "notes" / "health.ipynb").read_text(encoding="utf-8")
    for line, plain in (
        ('note.section(\\"sport\\")', True),
        ("note.data.workspace.root", False),
        ("open('file')", False),
        ("note.section(open('file').read())", False),
        ("import os", False),
        ("%time", False),
    ):
        assert 'note.section(\\"sport\\")' in whole
        path.write_text(whole.replace('note.section(\\"sport\\")', line), encoding="utf-8")
        assert is_plain(path, "health") is plain, line
    assert not is_plain(path, "contests")
    assert not is_plain(tmp_path / "none.ipynb", "health")
