"""Atomic publication: build in a folder beside the target, swap it in when everything is there.

A run that fails or is interrupted leaves the previous outputs whole; what it had begun is removed, at the latest
by the next run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from soko.errors import UsageError


@contextmanager
def staging(target: Path, busy: str = "этот период уже рассчитывается") -> Iterator[Path]:
    """Give an empty folder beside ``target``; remove it at the end, whatever happened.

    Call ``swap`` inside to publish. A second run for the same target is refused (``busy``) while the first one
    lives.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _lock(target, busy):
        recover(target)
        stage = _beside(target, "building")
        stage.mkdir()
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def swap(stage: Path, target: Path) -> None:
    """Put ``stage`` in the place of ``target``. The old folder is deleted only after the new one stands."""
    old = _beside(target, "old")
    if target.exists():
        target.rename(old)
    stage.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def recover(target: Path) -> None:
    """Finish or undo what an earlier run left when it was killed between the two renames."""
    old, stage = _beside(target, "old"), _beside(target, "building")
    if old.exists():
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
    shutil.rmtree(stage, ignore_errors=True)


def _beside(target: Path, word: str) -> Path:
    return target.parent / f".{target.name}.{word}"


@contextmanager
def _lock(target: Path, busy: str) -> Iterator[None]:
    path = _beside(target, "lock")
    while True:
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            owner = _owner(path)
            if owner is not None and _alive(owner):
                raise UsageError(
                    f"{busy} (процесс {owner})",
                    where=str(target),
                    todo="дождитесь окончания и повторите команду",
                ) from None
            path.unlink(missing_ok=True)
    try:
        os.write(handle, str(os.getpid()).encode())
        os.close(handle)
        yield
    finally:
        path.unlink(missing_ok=True)


def _owner(path: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(path.read_text())
    return None


def _alive(pid: int) -> bool:
    if os.name == "nt":  # os.kill(pid, 0) would end the process there
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def busy(folder: Path) -> bool:
    """Whether a run that is alive prepares something below ``folder``."""
    owners = [_owner(path) for path in folder.rglob(".*.lock")]
    return any(owner is not None and _alive(owner) for owner in owners)
