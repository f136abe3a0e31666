"""Publication is atomic: a failed, interrupted or killed run leaves the previous outputs whole."""

import os
from pathlib import Path

import pytest

from soko.errors import UsageError
from soko.run.staging import recover, staging, swap


def publish(target: Path, text: str) -> None:
    with staging(target) as stage:
        (stage / "note.txt").write_text(text)
        swap(stage, target)


def left_over(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path != target)


def test_publishes_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "q1"
    publish(target, "one")
    publish(target, "two")
    assert (target / "note.txt").read_text() == "two"
    assert left_over(target) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_leaves_the_previous_outputs(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "q1"
    publish(target, "one")
    with pytest.raises(error), staging(target) as stage:  # noqa: PT012
        (stage / "note.txt").write_text("half")
        raise error
    assert (target / "note.txt").read_text() == "one"
    assert left_over(target) == []


def test_a_run_killed_between_the_renames_is_undone(tmp_path: Path) -> None:
    target = tmp_path / "q1"
    publish(target, "one")
    target.rename(tmp_path / ".q1.old")
    (tmp_path / ".q1.building").mkdir()
    recover(target)
    assert (target / "note.txt").read_text() == "one"
    assert left_over(target) == []


def test_a_run_killed_after_the_renames_is_finished(tmp_path: Path) -> None:
    target = tmp_path / "q1"
    publish(target, "two")
    (tmp_path / ".q1.old").mkdir()
    recover(target)
    assert (target / "note.txt").read_text() == "two"
    assert left_over(target) == []


def test_two_runs_at_once_are_refused_and_a_dead_lock_is_not(tmp_path: Path) -> None:
    target = tmp_path / "q1"
    lock = tmp_path / ".q1.lock"
    lock.write_text(str(os.getppid()))
    with pytest.raises(UsageError, match="уже рассчитывается"):
        publish(target, "one")
    lock.write_text("999999999")
    publish(target, "one")
    assert (target / "note.txt").read_text() == "one"
    assert left_over(target) == []
