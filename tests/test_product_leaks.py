"""Nothing that leaves the school identifies a child: the demo school's outputs against everybody in its data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import PERIOD, soko

from soko.disclosure import leaks, outgoing, properties
from soko.disclosure.needles import STAFF_CODE, Needles
from soko.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def needles(reported: Path) -> Needles:
    return leaks.personal(Workspace(reported))


def public(workspace: Path) -> Path:
    """The public documents of the period; before there are any, the notes, which hold no names either."""
    folder = workspace / "outputs" / PERIOD / "public"
    return folder if folder.is_dir() else workspace / "outputs" / PERIOD / "notes"


def test_everybody_of_the_workspace_is_looked_for(reported: Path, needles: Needles) -> None:
    people = pd.read_parquet(reported / "data" / "private" / PERIOD / "people.parquet")
    pupils = people[people["kind"] == "pupil"]
    assert len(pupils) > 400
    for _, pupil in pupils.sample(60, random_state=7).iterrows():
        assert needles.touches(f"не успевает {pupil.full_name}"), "a pupil is not looked for"
        assert needles.touches(pupil.pseudonym)
    assert {day.date() for day in pd.to_datetime(pupils["birth_date"].dropna())} <= needles.births


def test_no_public_file_tells_of_a_child(reported: Path) -> None:
    """Nor of an author but the school, a computer, a template, nor a figure that the release hides (its own cells)."""
    assert outgoing.look(Workspace(reported), public(reported)).found == []


def test_no_output_names_anybody(reported: Path, needles: Needles) -> None:
    """Internal tables hold codes of teachers and nothing else of anybody; file names hold nothing."""
    outputs = reported / "outputs" / PERIOD
    for name in (
        "validation/findings.csv",
        "validation/protocol.html",
        "indicators.csv",
        "index.html",
        "manifest.json",
    ):
        assert {leak.kind for leak in leaks.search(outputs / name, needles)} <= {STAFF_CODE}, name
    assert not [path for path in (reported / "outputs").rglob("*") if needles.touches(path.name)]


def test_the_annex_with_names_is_stopped(reported: Path, needles: Needles, tmp_path: Path) -> None:
    """The check can fail: each format of the internal annex is found, and the command refuses the folder."""
    folder = tmp_path / "site"
    shutil.copytree(reported / "data" / "private" / PERIOD / "annexes", folder)
    done = soko("scan", str(folder), workspace=reported)
    assert done.code == 1, done.out + done.err
    for suffix in ("docx", "html", "ipynb", "pdf"):
        assert f"  pupils.{suffix}\n    имя и фамилия обучающегося: " in done.out, done.out
    assert not needles.touches(done.out + done.err)


@pytest.mark.deep
def test_every_output_tells_nothing_but_codes_of_teachers(reported: Path, needles: Needles) -> None:
    """All files of the period, workbooks and checks included; properties name the school alone."""
    found = leaks.search(reported / "outputs" / PERIOD, needles, also=properties.checker(Workspace(reported)))
    assert {leak.kind for leak in found} <= {STAFF_CODE}
