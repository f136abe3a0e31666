"""A check that remembers says what one that does not would say, to the byte, and asks only what has changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from soko.periods import Period
from soko.validation import rules, validate
from soko.validation.kept import Kept
from soko.workspace import Workspace

pytestmark = pytest.mark.deep
ROOT = Path(__file__).resolve().parents[2]
PERIOD = Period.parse("2025-2026/q2")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo school's second quarter with two of its gradebooks, checked, with the clean tables of the first."""
    root = tmp_path_factory.mktemp("kept")
    for name in ("params", "validation"):
        shutil.copytree(ROOT / name, root / name)
    place = Workspace(root)
    for period in (PERIOD.previous(), PERIOD):
        shutil.copytree(ROOT / "data" / "incoming" / period.id, place.incoming(period))
        for path in place.incoming(period).glob("gradebooks/*"):
            if "8" not in path.name:
                path.unlink()
        validate(place, period, root / "out", docs=False)
    return place


@pytest.fixture
def copy(school: Workspace, tmp_path: Path) -> Workspace:
    return Workspace(shutil.copytree(school.root, tmp_path / "school"))


def left(space: Workspace, *, remember: bool) -> dict[str, bytes]:
    """Every file that a check leaves."""
    out = space.root / "out"
    shutil.rmtree(out, ignore_errors=True)
    validate(space, PERIOD, out, docs=False, remember=remember)
    places = [out, space.clean(PERIOD), space.private_period(PERIOD) / "returned"]
    files = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
    return {path.relative_to(space.root).as_posix(): path.read_bytes() for path in files}


def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Tables whose rules are really asked from now on."""
    seen: set[str] = set()
    real = rules._judge

    def judge(bench: Any, workspace: Any, table: Any, *more: Any) -> Any:
        seen.add(table.table)
        return real(bench, workspace, table, *more)

    monkeypatch.setattr(rules, "_judge", judge)
    return seen


def change_a_mark(space: Workspace, wanted: tuple[Any, ...] = (3, 4), value: Any = None) -> None:
    path = next(iter(sorted(space.incoming(PERIOD).rglob("*8А*.xlsx"))))
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book.worksheets[0].iter_rows(min_row=10) for c in row[2:] if c.value in wanted)
    cell.value = 7 - cell.value if value is None else value
    book.save(path)


def test_nothing_changed_nothing_is_asked(copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = asked(monkeypatch)
    known = left(copy, remember=True)
    assert seen == set()
    assert left(copy, remember=False) == known
    assert "marks" in seen


def test_one_mark_asks_the_rules_that_read_marks(copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = left(copy, remember=True)
    change_a_mark(copy)
    seen = asked(monkeypatch)
    known = left(copy, remember=True)
    assert "marks" in seen
    assert not seen & {"staff", "attendance", "health", "registers", "lesson_visits", "contests"}
    assert known["data/clean/2025-2026/q2/marks.parquet"] != before["data/clean/2025-2026/q2/marks.parquet"]
    assert left(copy, remember=False) == known


def test_a_mark_that_cannot_be_read_and_back(copy: Workspace) -> None:
    """Critical and no longer critical: clean tables, totals, counts follow."""
    path = next(iter(sorted(copy.incoming(PERIOD).rglob("*8А*.xlsx"))))
    given, first = path.read_bytes(), left(copy, remember=True)
    change_a_mark(copy, value="кол")
    known = left(copy, remember=True)
    assert b"mark_unknown" in known["out/findings.csv"]
    assert left(copy, remember=False) == known
    path.write_bytes(given)
    assert left(copy, remember=True) == first


def test_a_file_less_and_a_pupil_less(copy: Workspace) -> None:
    """What the list of pupils gives, nearly everything reads; what a table lacks, it lacks remembered, too."""
    next(copy.incoming(PERIOD).glob("Здоровье*")).unlink()
    listed = next(copy.incoming(PERIOD).glob("Список*"))
    lines = listed.read_bytes().split(b"\n")
    listed.write_bytes(b"\n".join(lines[:20] + lines[21:]))
    known = left(copy, remember=True)
    assert left(copy, remember=False) == known


def test_other_clean_tables_of_the_period_before(copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (copy.clean(PERIOD.previous()) / "marks.parquet").unlink()
    seen = asked(monkeypatch)
    known = left(copy, remember=True)
    assert "marks" in seen
    assert left(copy, remember=False) == known


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("validation/tables/staff.yaml", "severity: warning", "severity: info"),
        ("params/school.yaml", "grades: [10, 11]}", "grades: [10, 11, 12]}"),
    ],
)
def test_another_rule_or_setting_is_asked_anew(file: str, old: str, new: str, copy: Workspace) -> None:
    from soko import tables

    path = copy.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    tables._load_all.cache_clear()
    known = left(copy, remember=True)
    assert left(copy, remember=False) == known


def test_a_clean_table_that_somebody_touched_is_made_again(copy: Workspace) -> None:
    known = left(copy, remember=True)
    for name in ("staff", "pupils"):
        (copy.clean(PERIOD) / f"{name}.parquet").write_bytes(b"PAR1")
    assert left(copy, remember=True) == known


@pytest.mark.parametrize("spoil", [lambda content: content[:-9], lambda content: b"", lambda content: b"{}"])
def test_a_damaged_memory_is_no_memory(spoil: Any, copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy.history / "verdicts" / f"{PERIOD.id}.answers.json"
    path.write_bytes(spoil(path.read_bytes()))
    seen = asked(monkeypatch)
    left(copy, remember=True)
    assert "staff" in seen


def test_answers_of_other_code_are_not_read(copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from soko.validation import kept

    assert Kept(copy, PERIOD)._known
    monkeypatch.setattr(kept, "_made_by", lambda: ["other", []])
    assert not Kept(copy, PERIOD)._known


def test_no_more_is_kept_than_the_last_check_used(copy: Workspace) -> None:
    path = copy.history / "verdicts" / f"{PERIOD.id}.answers.json"

    def size() -> int:
        return len(json.loads(path.read_text(encoding="utf-8").partition("\n")[2])["answers"])

    before = size()
    change_a_mark(copy)
    left(copy, remember=True)
    assert size() == before
