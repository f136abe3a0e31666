"""``soko plan``: the year's plan as HTML, PDF, DOCX and calendar in outputs/<school year>/plan, all or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from soko import resources
from soko.errors import FailureError
from soko.params import Params
from soko.plan import load_plan, schedule
from soko.plan.schedule import Task
from soko.run import hashing, manifest
from soko.run.pieces import Step, silent
from soko.run.staging import staging, swap
from soko.run.work import FORMATS
from soko.workspace import Workspace

NOTEBOOK = "reports/plan"


@dataclass
class Planned:
    """What ``soko plan`` left: the folder, its tasks, whether nothing had to be done."""

    folder: Path
    year: int
    tasks: list[Task] = field(default_factory=list)
    unchanged: bool = False


def folder_of(workspace: Workspace, year: int) -> Path:
    """outputs/2025-2026/plan."""
    return workspace.root / "outputs" / f"{year}-{year + 1}" / "plan"


def publish(workspace: Workspace, year: int, *, force: bool = False, step: Step = silent) -> Planned:
    """Check the plan, execute its notebook, render it and write the calendar; the folder is swapped in at the end.

    Nothing is done when what the plan rests on and what was published are what they were. Raises ConfigError for a
    plan that names what does not exist.
    """
    tasks = schedule(workspace, load_plan(workspace), year)
    target, key = folder_of(workspace, year), _key(workspace, year)
    if not force and _is_current(target, key):
        return Planned(target, year, tasks, unchanged=True)
    with staging(target) as stage:
        with step("План мониторинга"):
            _write(workspace, year, stage, tasks)
        _seal(stage, key)
        swap(stage, target)
    return Planned(target, year, tasks)


def _write(workspace: Workspace, year: int, stage: Path, tasks: list[Task]) -> None:
    from soko import publish as publisher
    from soko.plan import ical
    from soko.run.notebooks import execute
    from soko.tables import load_tables

    source = resources.notebook(NOTEBOOK, workspace.notebooks)
    if source is None:
        raise FailureError(f"нет тетради {NOTEBOOK}.ipynb")
    target = stage / "plan.ipynb"
    parameters = {"workspace": str(workspace.root), "year": f"{year}-{year + 1}"}
    execute(source, target, parameters, cwd=workspace.root, profile="notes")
    publisher.render(target, target.with_suffix(""), FORMATS, resources.reference(workspace.params))
    school, plan = Params(workspace).school, load_plan(workspace, bind=False)
    calendar = ical.text(plan, tasks, load_tables(workspace), school, year)
    (stage / "plan.ics").write_bytes(calendar.encode())


def _key(workspace: Workspace, year: int) -> str:
    """Hash of everything that the plan is made from: the settings, the tables, the notebook, the code."""
    files = hashing.files_below(workspace.params) + hashing.files_below(workspace.root / "validation")
    source = resources.notebook(NOTEBOOK, workspace.notebooks)
    files += [source] if source else []
    return hashing.sha256_json([year, hashing.hash_files(files, workspace.root), manifest.environment(workspace)])


def _seal(stage: Path, key: str) -> None:
    """manifest.json: the key and the hash of each file."""
    outputs = {path.name: hashing.sha256_file(path) for path in hashing.files_below(stage)}
    text = json.dumps({"inputs_key": key, "outputs": outputs}, ensure_ascii=False, indent=1, sort_keys=True)
    (stage / manifest.NAME).write_text(text + "\n", encoding="utf-8")


def _is_current(folder: Path, key: str) -> bool:
    try:
        published = json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))
        outputs = published["outputs"]
        return bool(published["inputs_key"] == key) and all(
            hashing.sha256_file(folder / name) == digest for name, digest in outputs.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
