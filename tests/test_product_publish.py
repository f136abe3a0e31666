"""The public site from end to end: the demo school's report, its public edition, the scan, the register, the folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import PERIOD, soko

# The rooms that publishing asks.
pytest.importorskip("soko.run.public")
pytest.importorskip("soko.disclosure.leaks")

pytestmark = [pytest.mark.slow, pytest.mark.deep]


def every_file(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_demo_school_publishes_its_term(reported: Path, tmp_path: Path) -> None:
    school, site = tmp_path / "school", tmp_path / "share" / "site"
    shutil.copytree(reported, school)
    done = soko("publish", PERIOD, "--to", str(site), workspace=school)
    assert done.code == 0, done.out + done.err
    assert "выпуск № 1" in done.out
    release = json.loads((site / "release.json").read_text(encoding="utf-8"))
    assert release["periods"][PERIOD]["documents"] == ["academic_results"]
    assert f"{PERIOD}/indicators.xlsx" in release["files"]
    records = list((school / "data" / "releases" / PERIOD).glob("*/release.json"))
    assert len(records) == 1
    assert "Верещагина" in records[0].read_text(encoding="utf-8")

    before = every_file(site)
    again = soko("publish", PERIOD, "--to", str(site), workspace=school)
    assert again.code == 0, again.out + again.err
    assert "Изменений нет" in again.out
    assert every_file(site) == before
    assert soko("publish", "--check", str(site), workspace=school).code == 0
    assert f"На сайте: {PERIOD}." in soko("status", PERIOD, workspace=school).out
