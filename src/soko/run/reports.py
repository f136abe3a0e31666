"""Reports beside the notes: which ones a period has, when they are made again, what is no longer wanted.

A report is a step of its own (``reports/<name>``), written after the notes: the summary speaks of what they conclude,
and two processes must not write the memory of the analyst's words at once. It reads what a note reads, and the texts
that people write for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko import editions, resources
from soko.errors import ConfigError, UsageError
from soko.hints import did_you_mean
from soko.params import Params
from soko.periods import Period
from soko.run.jobs import Job
from soko.run.memory import Memory, Record, note_record
from soko.run.pieces import document, title_of
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.reports.texts import Text

FOLDER = "reports"
#: The report that names winners.
NAMES_WINNERS = "public_report"
#: Notebooks beside the reports of a period that belong to commands of their own.
_NOT_OF_PERIODS = ("orders", "plan", "self_assessment")


def known(workspace: Workspace) -> list[str]:
    """Names of the reports that a period may have."""
    return [name for name in resources.notebooks(FOLDER, workspace.notebooks) if name not in _NOT_OF_PERIODS]


def select(workspace: Workspace, period: Period, asked: Sequence[str] | None) -> list[str]:
    """The reports asked for, else those of the period's settings.

    UsageError (ConfigError where the settings say it) with the nearest name for one that does not exist.
    """
    there = known(workspace)
    wanted = list(dict.fromkeys(asked if asked is not None else Params(workspace).period(period).reports))
    for name in wanted:
        if name not in there:
            hint = did_you_mean(name, there)
            if asked is not None:
                raise UsageError(f"доклада «{name}» нет{hint}")
            raise ConfigError(f"доклада «{name}» нет{hint}", where=f"params/periods/{period.id}.yaml, reports")
    return wanted


def notebook(workspace: Workspace, name: str) -> str:
    """The notebook of a note or a report: «reports/public_report»."""
    return f"{FOLDER}/{name}" if name in known(workspace) else f"notes/{name}"


def with_public(workspace: Workspace, period: Period) -> list[str]:
    """The reports of the period's settings that have a public edition."""
    return [name for name in select(workspace, period, None) if editions.has_public(workspace, name)]


def release_winners(workspace: Workspace, period: Period, folder: Path) -> None:
    """``folder``/winners.csv: who of the winners may be named in the public report."""
    from soko.indicators import load_catalogue
    from soko.reports import settings, winners

    catalogue = load_catalogue(workspace, bind=False)
    chosen = settings.public_report(workspace, catalogue.indicators, ()).winners
    winners.release(workspace, period, chosen, folder)


def jobs(memory: Memory, stage: Path, chosen: Iterable[str]) -> list[Job]:
    """The reports to make into ``stage``/reports."""
    made = []
    for name in chosen:
        step = f"{FOLDER}/{name}"
        if memory.must_run(step, _record(memory, stage, name), stage, [f"{step}."]):
            more: dict[str, Any] = {"audience": "internal", "out": stage}
            title = title_of(memory.workspace, step)
            made.append(document(title, memory, step, stage / FOLDER / f"{name}.ipynb", **more))
    return made


def done(memory: Memory, stage: Path, chosen: Iterable[str]) -> None:
    """Remember what the reports were made from, as it is after the run."""
    for name in chosen:
        memory.done(f"{FOLDER}/{name}", _record(memory, stage, name))


def unwritten(workspace: Workspace, period: Period) -> list[Text]:
    """The texts that people still have to write for the reports of the period."""
    from soko.indicators import load_catalogue
    from soko.reports import settings, texts

    if NAMES_WINNERS not in select(workspace, period, None):
        return []
    chosen = settings.public_report(workspace, load_catalogue(workspace, bind=False).indicators, ()).texts
    found = [
        texts.read(workspace, NAMES_WINNERS, item.id, item.title, period.school_year, yearly=item.yearly)
        for item in chosen
    ]
    return [item for item in found if not item.is_written]


def _record(memory: Memory, stage: Path, name: str) -> Record:
    return note_record(memory.workspace, memory.period, stage, f"{FOLDER}/{name}")
