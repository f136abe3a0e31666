"""``soko report``: the main path of the product, on one screen.

Data are checked, indicators computed, notes executed and rendered, all beside the last publication; then the whole
folder is swapped in, with the manifest written last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soko.params import Params
from soko.periods import Period
from soko.retention import guard
from soko.run import (
    changes,
    hashing,
    jobs,
    manifest,
    orders,
    public,
    reports as documents,
    stages,
    sweeps,
    years,
)
from soko.run.changes_told import Told, told
from soko.run.checking import CriticalFindingsError, count_findings
from soko.run.memory import Memory
from soko.run.opened import computed
from soko.run.pieces import Step, silent
from soko.run.staging import staging, swap
from soko.run.sweeps import Asked
from soko.workspace import Workspace

__all__ = ["CriticalFindingsError", "Outcome", "compute", "count_findings", "report", "validate"]


@dataclass
class Outcome:
    """What a run left: the published folder, notes, reports, annexes, findings by severity, why each step ran or not.

    ``changes`` says how the values differ from those published before; None when no value does. ``kept`` says why the
    figures were not computed: personal data were removed.
    """

    folder: Path
    unchanged: bool = False
    notes: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    annexes: list[Path] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    changes: Told | None = None
    kept: str = ""


def report(
    workspace: Workspace,
    period: Period,
    *,
    notes: list[str] | None = None,
    reports: list[str] | None = None,
    force: bool = False,
    step: Step = silent,
) -> Outcome:
    """Check, compute, write the notes and reports, publish; only steps whose inputs changed are done again.

    ``notes`` and ``reports`` choose; where only one of them is given, nothing of the other is written. Raises
    CriticalFindingsError (nothing published but the protocol), DataError, ConfigError, FailureError.
    """
    guard.ready(workspace)
    if not force and (reason := guard.why_kept(workspace, period)):
        return _as_published(workspace, period, reason)
    years.refuse_notes(workspace, period)
    asked = sweeps.select(workspace, period, notes) if notes or not reports else []
    wanted = documents.select(workspace, period, reports or ([] if notes else None))
    orders.notes(workspace, period)
    open_house = Params(workspace).period(period).audience == "public"
    write = stages.notes
    if open_house:
        asked, write = public.allowed(workspace, period, asked, named=bool(notes)), public.instead
        wanted = []  # the public edition of reports stands in public/ alone
    if not force and (current := up_to_date(workspace, period, asked, wanted)):
        return current
    with computed(workspace, period, force=force, anew=force, step=step) as run:
        memory, stage = run.memory, run.stage
        chosen = sweeps.documents(workspace, asked, stage / "indicators.parquet")
        sweeps.forget(stage / "notes", asked, chosen, memory.published.get("swept", {}))
        annexes = write(memory, stage, chosen, run.later, step)
        stages.reports(memory, stage, wanted, step)
        run.publish(step, chosen, asked, wanted)
    return _outcome(memory, notes=[document.name for document in chosen], reports=wanted, annexes=annexes)


def validate(workspace: Workspace, period: Period, *, step: Step = silent) -> Outcome:
    """Only check the data: outputs/<period>/validation is renewed, everything else stays."""
    guard.refuse(workspace, period)
    memory = Memory(workspace, period, force=True)
    with staging(workspace.outputs(period)) as stage:
        stages.start(workspace, period, stage)
        jobs.run(stages.check(memory, stage, step, whole=False), step)
        stages.write_index(workspace, period, stage)
        swap(stage, workspace.outputs(period))
    return _outcome(memory)


def compute(workspace: Workspace, period: Period, *, force: bool = False, step: Step = silent) -> Outcome:
    """Check the data and compute the indicators; notes that are already published stay as they are."""
    with computed(workspace, period, force=force, step=step) as run:
        jobs.run(run.later, step)
        run.publish()
    return _outcome(run.memory)


def _as_published(workspace: Workspace, period: Period, reason: str) -> Outcome:
    """What was published, as it is: ``reason`` says why it is not computed again. DataError when nothing was."""
    published = manifest.read(workspace, period)
    if published is None:
        guard.refuse(workspace, period)
    published = published or {}
    notes = [name for name in published["notes"] if (workspace.outputs(period) / "notes" / f"{name}.pdf").is_file()]
    reasons = dict.fromkeys(published["steps"], "персональные данные удалены, результат прежний")
    annexes = [path for path in stages.annex_files(workspace, period) if path.is_file()]
    return Outcome(
        workspace.outputs(period), True, notes, list(published.get("reports", {})), annexes,
        published["findings"], reasons, kept=reason,
    )  # fmt: skip


def up_to_date(workspace: Workspace, period: Period, asked: list[Asked], wanted: Sequence[str] = ()) -> Outcome | None:
    """The published outcome when nothing changed since and every asked note and report is there; else None."""
    published = manifest.read(workspace, period)
    if published is None or manifest.compare(workspace, period, published):
        return None
    notes = sweeps.published(asked, published)
    if notes is None or any(published["notes"][name] != published["inputs_key"] for name in notes):
        return None
    if any(published.get("reports", {}).get(name) != published["inputs_key"] for name in wanted):
        return None
    annexes = stages.annex_files(workspace, period)
    if not all(path.is_file() for path in annexes):
        return None
    reasons = dict.fromkeys(published["steps"], "изменений нет, результат прежний")
    return Outcome(workspace.outputs(period), True, notes, list(wanted), annexes, published["findings"], reasons)


def _outcome(memory: Memory, **more: Any) -> Outcome:
    folder = memory.workspace.outputs(memory.period)
    findings = count_findings(folder / "validation" / "findings.csv")
    return Outcome(folder, findings=findings, reasons=memory.reasons, changes=_changes(memory, folder), **more)


def _changes(memory: Memory, folder: Path) -> Told | None:
    """What this run changed: its list is another one than that of the last publication."""
    before = memory.published.get("outputs", {}).get(changes.NAME, {}).get("sha256")
    path = folder / changes.NAME
    return told(folder) if path.is_file() and hashing.sha256_file(path) != before else None
