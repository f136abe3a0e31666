"""The analyst's commentary through the command line: kept, flagged when a mark changes, confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import soko

pytestmark = pytest.mark.deep

PERIOD = "2025-2026/q2"
FLAG = "Комментарий написан к другим данным"
WORDS = "Состав класса обновился."


def note(place: Path) -> str:
    done = soko("report", PERIOD, workspace=place)
    assert done.code == 0, done.out + done.err
    return (place / "outputs" / PERIOD / "notes" / "academic_results.html").read_text(encoding="utf-8")


def marks(place: Path, last: str) -> None:
    lines = [f"{pupil},Математика,{mark}" for pupil, mark in enumerate(["5", "4", "3", last], start=1)]
    text = "\n".join(["pupil_id,subject,mark", *lines, ""])
    (place / "data" / "incoming" / PERIOD / "marks.csv").write_text(text, encoding="utf-8")


def test_a_changed_mark_flags_the_commentary_and_confirm_clears_it(tmp_path: Path) -> None:
    place = tmp_path / "school"
    assert soko("init", str(place)).code == 0
    folder = place / "data" / "incoming" / PERIOD
    folder.mkdir(parents=True)
    (folder / "pupils.csv").write_text("pupil_id,class\n1,5А\n2,5А\n3,5А\n4,5А\n", encoding="utf-8")
    settings = place / "params" / "periods" / f"{PERIOD}.yaml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"commentary:\n  classes: {WORDS}\n", encoding="utf-8")

    marks(place, "3")
    first = note(place)
    assert WORDS in first
    assert FLAG not in first

    marks(place, "4")
    flagged = note(place)
    assert WORDS in flagged
    assert FLAG in flagged

    done = soko("confirm", PERIOD, workspace=place)
    assert done.code == 0
    assert "classes" in done.out
    confirmed = note(place)
    assert WORDS in confirmed
    assert FLAG not in confirmed
    assert "нет комментариев" in soko("confirm", PERIOD, workspace=place).out
