"""Where the verdicts of Great Expectations on a period are kept. Imports nothing heavy: a run asks before it starts."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from soko.periods import Period
from soko.workspace import Workspace


def path_of(workspace: Workspace, period: Period) -> Path:
    """Where the verdicts of a period are remembered."""
    return workspace.history / "verdicts" / f"{period.id}.json"


def known(workspace: Workspace, period: Period) -> bool:
    """Whether this Great Expectations has judged the period before, so that it will hardly be needed."""
    return bool(read(path_of(workspace, period)))


def read(path: Path | None) -> dict[str, dict[str, Any]]:
    """Verdicts by the group of rules that asked for them; none where the file is missing, damaged or of another one."""
    try:
        record = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        record = record if isinstance(record, dict) else {}
        fits = record.get("great_expectations") == version("great-expectations")
        return {name: dict(found) for name, found in record["verdicts"].items()} if fits else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
