"""Drafts of orders beside the notes: which documents have one, when they are made again, what is no longer wanted.

A draft is a step of its own (``orders/<document>``). It reads what its note reads, and the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from soko import resources
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.orders.kinds import KINDS, templates
from soko.params import Params
from soko.periods import Period
from soko.run import hashing
from soko.run.jobs import Job
from soko.run.memory import Memory, Record
from soko.run.sweeps import Document
from soko.workspace import Workspace

FOLDER = "orders"
NOTHING = "рекомендаций нет, приказ не составлен"


def notes(workspace: Workspace, period: Period) -> list[str]:
    """The notes that the period's settings want orders of; ConfigError for one that the period does not have.

    An order follows from rules: a note without a file in params/narrative has none.
    """
    settings = Params(workspace).period(period)
    known = [item if isinstance(item, str) else item.note for item in settings.notes]
    for name in settings.orders:
        where, todo = f"params/periods/{period.id}.yaml, orders", "приказ составляется по справке из перечня notes"
        if name not in known:
            raise ConfigError(f"справки «{name}» в этом периоде нет{did_you_mean(name, known)}", where=where, todo=todo)
        if not resources.narrative(name, workspace.params).is_file():
            raise ConfigError(
                f"у справки «{name}» нет правил с рекомендациями, приказа по ней не будет", where=where, todo=todo
            )
    return list(dict.fromkeys(settings.orders))


def jobs(
    memory: Memory,
    stage: Path,
    chosen: Iterable[Document],
    record_of: Callable[[Document], Record],
    prepare: dict[str, Any],
) -> list[Job]:
    """The drafts to make for the notes of this run, into ``stage``/orders, where those of others are removed."""
    workspace, period = memory.workspace, memory.period
    wanted = notes(workspace, period)
    _forget(memory, stage, wanted)
    found = []
    for item in chosen:
        if item.note not in wanted:
            continue
        step, record = _step(item), _record(workspace, record_of(item))
        if memory.must_run(step, record, stage, _files(item)):
            for name in _files(item):
                (stage / name).unlink(missing_ok=True)
            arguments = {
                "workspace": str(workspace.root),
                "period": period.id,
                "stage": str(stage),
                "note": item.note,
                "of": item.of,
                "name": item.name,
            }
            title = resources.title(f"notes/{item.note}", workspace.notebooks)
            found.append(
                Job(
                    f"Проект приказа: {title}" + (f", {item.of}" if item.of else ""),
                    "order",
                    arguments,
                    prepare=prepare,
                )
            )
    return found


def done(memory: Memory, stage: Path, chosen: Iterable[Document], record_of: Callable[[Document], Record]) -> None:
    """Remember what the drafts were made from, as it is after the run."""
    for item in chosen:
        if _step(item) in memory.records:
            memory.done(_step(item), _record(memory.workspace, record_of(item)))
            if not (stage / _files(item)[0]).is_file():
                memory.reasons[_step(item)] = NOTHING


def _step(item: Document) -> str:
    return f"{FOLDER}/{item.name}"


def _files(item: Document) -> list[str]:
    return [f"{FOLDER}/{item.name}{kind.ending}.docx" for kind in KINDS]


def _record(workspace: Workspace, note: Record) -> Record:
    return note | hashing.hash_files([path for path in templates(workspace) if path.is_file()], workspace.root)


def _forget(memory: Memory, stage: Path, wanted: list[str]) -> None:
    """Remove the drafts of notes whose orders the settings no longer want, and of classes that are no more."""
    swept, published = memory.published.get("swept", {}), memory.published.get("steps", {})
    kept: set[str] = set()
    for step in published:
        name = step.removeprefix(f"{FOLDER}/")
        written = (stage / "notes" / f"{name}.html").is_file()
        if step.startswith(f"{FOLDER}/") and written and (swept[name]["note"] if name in swept else name) in wanted:
            kept |= {f"{name}{kind.ending}.docx" for kind in KINDS}
    for path in sorted((stage / FOLDER).glob("*.docx")):
        if path.name not in kept:
            path.unlink()
