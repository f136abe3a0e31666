"""What the stages of a run are put together of: a step that is shown, a notebook as a piece of work, its server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from soko import resources
from soko.periods import Period
from soko.run import forks
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.workspace import Workspace

#: How a piece of work is shown while it goes on.
Step = Callable[[str], AbstractContextManager[Any]]


def silent(_title: str) -> AbstractContextManager[Any]:
    """A ``Step`` that shows nothing."""
    return nullcontext()


def warm_up(*profiles: str) -> None:
    """Start fork servers early: they import while this process reads and hashes."""
    if forks.supported():
        for profile in profiles:
            forks.start(profile)


def checker(workspace: Workspace, period: Period) -> str:
    """Libraries for checking a period: Great Expectations where it has much to judge for the first time."""
    from soko.validation import verdict_file

    return "check" if verdict_file.known(workspace, period) else "data"


def title_of(workspace: Workspace, name: str) -> str:
    """What a notebook («notes/health») is called."""
    return resources.title(name, workspace.notebooks)


def document(title: str, memory: Memory, name: str, target: Path, **more: Any) -> Job:
    """Execute a notebook, make its HTML and PDF; its Word file, for which nobody waits, after that."""
    first = notebook(title, memory, name, target, formats=["html", "pdf"], **more)
    reference = str(resources.reference(memory.workspace.params) or "")
    word = Job(f"{title}: Word", "render", {"target": str(target), "formats": ["docx"], "reference": reference})
    return replace(first, then=(word,), prepare=prepared(memory.workspace, memory.period))


def prepared(workspace: Workspace, period: Period) -> dict[str, Any]:
    """What the notes of a period share, for ``Job.prepare``."""
    return {
        "call": "soko.notes.prepared:prepare",
        "arguments": {"workspace": str(workspace.root), "period": period.id},
    }


def notebook(
    title: str,
    memory: Memory,
    name: str,
    target: Path,
    profile: str = "notes",
    formats: list[str] | None = None,
    **more: Any,
) -> Job:
    """Execute a notebook with the run's workspace and period, and ``more`` parameters; render it to ``formats``."""
    parameters = {"workspace": str(memory.workspace.root), "period": memory.period.id}
    parameters |= {key: str(value) for key, value in more.items()}
    arguments = {"name": name, "target": str(target), "parameters": parameters, "formats": formats, "profile": profile}
    return Job(title, "notebook", arguments, profile)
