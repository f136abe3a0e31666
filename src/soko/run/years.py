"""The check of a calendar year: its parts are checked, each as a period of its own, and put together."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from soko.errors import UsageError
from soko.params import Params
from soko.periods import Period
from soko.run import forks, jobs, manifest, memory as mind, steps
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.workspace import Workspace


def check(memory: Memory, stage: Path, step: object) -> None:
    """Check what has changed of the parts, of this year and of the compared one, then combine them.

    DataError when a part has critical findings: it is named, and nothing of the year is published.
    """
    workspace, period = memory.workspace, memory.period
    params = Params(workspace)
    compared = manifest.comparisons(params, period)
    parts = dict.fromkeys(part for year in (*compared, period) for part in params.parts(year))
    for those in (parts, compared):  # a compared year rests on its parts
        work = [_refresh(workspace, one) for one in those if not steps.is_fresh(workspace, one)]
        for profile in {job.profile for job in work} if forks.supported() else ():
            forks.start(profile)
        jobs.run(work, step)
    steps.usable(workspace, period)
    out = stage / "validation"
    if memory.must_run("validation", mind.combining_record(workspace, period), stage, ["validation/"]):
        shutil.rmtree(out, ignore_errors=True)
        arguments = {"workspace": str(workspace.root), "period": period.id, "out": str(out)}
        jobs.run([Job("Сведение двух учебных годов", "combine", arguments, "data")], step)
    memory.done("validation", mind.clean_left(workspace, period))


def combine(workspace: Workspace, period: Period, out: Path) -> None:
    """data/clean of the year, and ``out``/findings.csv: what was found in its parts, a finding once."""
    steps.combine(workspace, period)
    found: dict[tuple[str, ...], None] = {}
    head: tuple[str, ...] = ()
    for part in Params(workspace).parts(period):
        path = steps.findings_of(workspace, part)
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as stream:
                head, *rows = map(tuple, csv.reader(stream))
            found |= dict.fromkeys(rows)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "findings.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *found])


def refuse_notes(workspace: Workspace, period: Period) -> None:
    """UsageError for notes of a calendar year that has no settings of its own: the default notes are a term's."""
    own = workspace.params / "periods" / f"{period.id}.yaml"
    if Params(workspace).parts(period) and not own.is_file():
        raise UsageError(
            f"за {period.title()} справки не назначены: обычные справки рассчитаны на период учебного года",
            where=f"params/periods/{period.id}.yaml",
            todo=f"показатели года считает команда soko indicators {period.id}; если справка нужна, назовите её в этом "
            "файле (notes)",
        )


def _refresh(workspace: Workspace, period: Period) -> Job:
    from soko.validation import verdict_file

    profile = "check" if period.kind != "calendar" and verdict_file.known(workspace, period) else "data"
    arguments = {"workspace": str(workspace.root), "period": period.id}
    return Job(f"Данные периода: {period.short()}", "refresh", arguments, profile)
