"""What the history of a period, and the check of its own files, were made from: a hash beside each in data/history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from soko.params import Params
from soko.periods import Period
from soko.run import hashing
from soko.workspace import Workspace

#: Settings that the history of a period does not depend on: wording, and other periods' own settings.
_NOT_READ = {"narrative", "periods", "reports"}


def history_key(workspace: Workspace, period: Period) -> str:
    """Hash of what a period's history depends on: its files, the corrections, the settings, the rules, the code."""
    params = Params(workspace)
    return _key_of(workspace, params.folders(period), (period, *params.parts(period)))


def check_key(workspace: Workspace, period: Period) -> str:
    """The same of what the check of the period's own files depends on."""
    return _key_of(workspace, Params(workspace).own_folders(period), (period,))


def _key_of(workspace: Workspace, folders: list[Path], periods: tuple[Period, ...]) -> str:
    files = [path for folder in folders for path in hashing.files_below(folder)]
    plan = hashing.of_plan(workspace.root) | hashing.of_self_assessment(workspace.root)
    for folder in (workspace.params, workspace.root / "validation"):
        files += [
            path
            for path in hashing.files_below(folder)
            if path not in plan and not _NOT_READ.intersection(path.relative_to(folder).parts)
        ]
    own = [workspace.params / "periods" / f"{one.id}.yaml" for one in periods]
    files += [path for path in (*own, workspace.corrections) if path.is_file()]
    return hashing.sha256_json([hashing.hash_files(files, workspace.root), hashing.code_hash()])


def of_check(workspace: Workspace, period: Period) -> Path:
    """Where the key of the check of the period's own files stands."""
    return workspace.history / f"{period.id}.checked.key.json"


def _of_history(workspace: Workspace, period: Period) -> Path:
    return workspace.history / f"{period.id}.key.json"


def keep_history(workspace: Workspace, period: Period, key: str) -> None:
    """Remember what the period's history was made from: ``history_key`` as it was before the work."""
    _write(_of_history(workspace, period), key)


def holds_history(workspace: Workspace, period: Period) -> bool:
    """Whether the history was made from what is there now."""
    return bool(_read(_of_history(workspace, period)) == history_key(workspace, period))


def keep_check(workspace: Workspace, period: Period, key: str) -> None:
    """Remember what the check of the period's own files was made from: ``check_key`` as it was before the check.

    A key taken afterwards would call a check of the old file one of the new file, saved while the check went on.
    """
    _write(of_check(workspace, period), key)


def holds_check(workspace: Workspace, period: Period) -> bool:
    """Whether the check was made of what is there now."""
    return bool(_read(of_check(workspace, period)) == check_key(workspace, period))


def _write(path: Path, key: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(key) + "\n", encoding="utf-8")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
