"""The check of a year of parts: they are checked, each by its own files, and put together."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from soko.errors import UsageError
from soko.params import Params
from soko.periods import Period
from soko.run import forks, jobs, manifest, memory as mind, steps
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.run.pieces import checker
from soko.workspace import Workspace

Step = Callable[[str], AbstractContextManager[Any]]


def check_parts(memory: Memory, step: Step, *, whole: bool = True) -> None:
    """Check what has changed of the parts of this year and of the compared ones, and put the compared ones together.

    The year's own files are left to the check that shows them. ``whole`` false: of the compared years only the files
    that the check of this year's files looks at.
    """
    workspace, period = memory.workspace, memory.period
    params = Params(workspace)
    compared = [other for other in manifest.comparisons(params, period) if not steps.is_fresh(workspace, other)]
    alone = [part for year in (*compared, period) for part in params.parts(year)] if whole else compared
    _check(workspace, [part for part in dict.fromkeys(alone) if part != period], "check_alone", step)
    if whole:  # a compared year rests on its parts
        _check(workspace, compared, "refresh", step)


def _check(workspace: Workspace, periods: list[Period], job: str, step: Step) -> None:
    known = steps.is_checked if job == "check_alone" else steps.is_fresh
    work = [_job(workspace, one, job) for one in periods if not known(workspace, one)]
    for profile in {job.profile for job in work} if forks.supported() else ():
        forks.start(profile)
    jobs.run(work, step)


def put_together(memory: Memory, stage: Path, step: Step, *, anew: bool = False) -> None:
    """Put the clean tables of the year together where a part has changed, or ``anew``.

    DataError when a part has critical findings: it is named, and nothing of the year is published.
    """
    workspace, period = memory.workspace, memory.period
    steps.usable(workspace, period)
    record = mind.combining_record(workspace, period)
    if memory.must_run("combining", record, stage, ["validation/findings.csv"]) or anew:
        if period not in Params(workspace).parts(period):  # without files of its own there is no protocol
            shutil.rmtree(stage / "validation", ignore_errors=True)
        arguments = {"workspace": str(workspace.root), "period": period.id, "out": str(stage / "validation")}
        jobs.run([Job("Сведение данных за год", "combine", arguments, "data")], step)
    memory.done("combining", mind.combined_left(workspace, period))


def combine(workspace: Workspace, period: Period, out: Path) -> None:
    """data/clean of the year, and ``out``/findings.csv: what was found in its parts, a finding once.

    What was found in marks that the year does not count (of a term, where marks of the year are given) is not told.
    """
    from soko.indicators.taken_told import unused

    made = steps.combine(workspace, period)
    aside = unused(made)
    found: dict[tuple[str, ...], None] = {}
    head: tuple[str, ...] = ()
    for part in Params(workspace).parts(period):
        path = steps.findings_of(workspace, part)
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as stream:
                head, *rows = map(tuple, csv.reader(stream))
            table, rule = head.index("table"), head.index("rule")
            kept = (row for row in rows if row[table] not in aside.get(part, ()))
            if part == period:  # what its own folder lacks, a term may have
                kept = (row for row in kept if row[rule] != "file_present" or not made.having(row[table]))
            found |= dict.fromkeys(kept)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "findings.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *found])


def refuse_notes(workspace: Workspace, period: Period) -> None:
    """UsageError for notes of a calendar year that has no settings of its own: the default notes are a term's."""
    own = workspace.params / "periods" / f"{period.id}.yaml"
    if period.kind == "calendar" and Params(workspace).parts(period) and not own.is_file():
        raise UsageError(
            f"за {period.title()} справки не назначены: обычные справки рассчитаны на период учебного года",
            where=f"params/periods/{period.id}.yaml",
            todo=f"показатели года считает команда soko indicators {period.id}; если справка нужна, назовите её в этом "
            "файле (notes)",
        )


def _job(workspace: Workspace, period: Period, what: str) -> Job:
    files = what == "check_alone" or not Params(workspace).parts(period)
    profile = checker(workspace, period) if files else "data"
    arguments = {"workspace": str(workspace.root), "period": period.id}
    title = "Данные периода" if what == "check_alone" else "Данные для сравнения"
    return Job(f"{title}: {period.short()}", what, arguments, profile)
