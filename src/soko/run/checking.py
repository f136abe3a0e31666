"""The stage of a run that checks the data; where they may not be used, nothing but the protocol is published."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from soko.errors import DataError, FailureError
from soko.params import Params
from soko.run import forks, hashing, jobs, keys, manifest, memory as mind, steps, years
from soko.run.index_page import write_index
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.run.pieces import Step, checker, notebook, warm_up
from soko.run.staging import swap

#: Files of the technical view, below a period's outputs.
_TECHNICAL = "validation/data_docs/"


class CriticalFindingsError(DataError):
    """The data were checked and may not be used; the protocol and findings.csv stand in ``folder``."""

    def __init__(self, message: str, folder: Path, todo: str) -> None:
        super().__init__(message, todo=todo)
        self.folder = folder


def check(memory: Memory, stage: Path, step: Step, *, whole: bool = True) -> list[Job]:
    """Check the compared periods side by side, then this one; critical findings publish the protocol alone.

    A year that is put together of parts (``soko.run.years``) has them checked before its own files, if it has any;
    ``whole`` false checks these alone.

    Returns what nobody waits for: the protocol's documents and the technical view, where they have to be made.
    """
    workspace, period = memory.workspace, memory.period
    parts = Params(workspace).parts(period)
    if not parts:
        return _check_files(memory, stage, step)
    own = period in parts
    years.check_parts(memory, step, whole=whole or not own)
    known = not own or steps.is_checked(workspace, period)
    later = _check_files(memory, stage, step, anew=not known) if own else []
    if whole or not own:
        years.put_together(memory, stage, step, anew=bool(later) or not known)
    return later


def _check_files(memory: Memory, stage: Path, step: Step, *, anew: bool = False) -> list[Job]:
    """Check the period's own files where something has changed, or ``anew``."""
    workspace, period = memory.workspace, memory.period
    compared = manifest.comparisons(Params(workspace), period) if not Params(workspace).parts(period) else []
    stale = [other for other in compared if not steps.is_fresh(workspace, other)]
    arguments = {"workspace": str(workspace.root)}
    work = [
        Job(
            f"Данные для сравнения: {other.short()}",
            "refresh",
            arguments | {"period": other.id},
            checker(workspace, other),
        )
        for other in stale
    ]
    if work:
        warm_up(*{job.profile for job in work})
        if forks.supported():  # this period waits for the others' clean tables, its files need not
            own = arguments | {"period": period.id}
            work.append(Job(f"Чтение файлов: {period.short()}", "read", own, work[0].profile))
        jobs.run(work, step)
    key = keys.check_key(workspace, period)
    record = mind.validation_record(workspace, period)
    out = stage / "validation"
    if not memory.must_run("validation", record, stage, ["validation/"]) and not anew:
        memory.must_run("technical", mind.technical_record(out), stage, [_TECHNICAL])
        if not Params(workspace).parts(period):  # of a year of parts, the findings there are those of all parts
            steps.remember_check(workspace, period, out, key)
        return []
    profile = checker(workspace, period)
    warm_up(profile, "notes")
    for path in out.iterdir() if out.is_dir() else ():
        if path.is_file():  # the technical view stays where it would be the same
            path.unlink()
    jobs.run([notebook("Проверка данных", memory, "01_validate", out / "protocol.ipynb", profile, out=out)], step)
    memory.done("validation", mind.clean_left(workspace, period))
    later = [Job("Протокол проверки", "render", {"target": str(out / "protocol.ipynb")})]
    shown = mind.technical_record(out)
    if memory.must_run("technical", shown, stage, [_TECHNICAL]):
        if memory.force:
            shutil.rmtree(stage / _TECHNICAL, ignore_errors=True)
        arguments = {"out": str(out), "made_by": hashing.sha256_json({**shown, mind.CHECKED: ""})}
        later.append(Job("Технический вид проверки", "technical_view", arguments, profile))
    if count_findings(out / "findings.csv")["critical"]:
        jobs.run(later, step)
        if not (stage / "index.html").is_file():  # what is published stays as it is, to the byte
            write_index(workspace, period, stage)
        swap(stage, workspace.outputs(period))
        raise CriticalFindingsError(
            "в данных есть критические замечания, справки не выпущены",
            workspace.outputs(period) / "validation",
            todo="исправьте ячейки, названные в протоколе, и повторите команду",
        )
    return later


def count_findings(path: Path) -> dict[str, int]:
    """Findings by severity in a findings.csv."""
    counts = {"critical": 0, "warning": 0, "info": 0}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                counts[row["severity"]] += 1
    except FileNotFoundError:
        raise FailureError("проверка не оставила findings.csv", where=str(path)) from None
    return counts
