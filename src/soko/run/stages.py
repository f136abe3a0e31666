"""The stages of a run, in order: start, check, indicators, notes, finish. Each asks the memory whether it has to run.

``stage`` is the folder that is being prepared beside the published one; it begins as its copy.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from soko.errors import DataError, FailureError
from soko.params import Params
from soko.periods import Period
from soko.run import forks, hashing, jobs, manifest, memory as mind, steps
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.run.staging import swap
from soko.run.work import FORMATS
from soko.workspace import Workspace

Step = Callable[[str], AbstractContextManager[Any]]


class CriticalFindingsError(DataError):
    """The data were checked and may not be used; the protocol and findings.csv stand in ``folder``."""

    def __init__(self, message: str, folder: Path, todo: str) -> None:
        super().__init__(message, todo=todo)
        self.folder = folder


def silent(_title: str) -> AbstractContextManager[Any]:
    """A ``Step`` that shows nothing."""
    return nullcontext()


def start(workspace: Workspace, period: Period, stage: Path) -> dict[str, str]:
    """Begin from what is published; return the hashes of the inputs as they are now."""
    folders = Params(workspace).folders(period)
    if not any(hashing.files_below(folder) for folder in folders):
        places = ", ".join(workspace.relative(folder) for folder in folders)
        raise DataError(
            f"за период {period.id} нет файлов: папка {places} пуста или отсутствует",
            todo="положите в неё выгрузки журнала и список обучающихся и повторите команду",
        )
    if workspace.outputs(period).is_dir():
        shutil.copytree(workspace.outputs(period), stage, dirs_exist_ok=True)
    return manifest.inputs(workspace, period)


def check(memory: Memory, stage: Path, step: Step) -> None:
    """Check the compared periods side by side, then this one; critical findings publish the protocol alone."""
    workspace, period = memory.workspace, memory.period
    stale = [other for other in manifest.comparisons(Params(workspace), period) if not steps.is_fresh(workspace, other)]
    arguments = {"workspace": str(workspace.root)}
    compared = [
        Job(f"Данные для сравнения: {other.short()}", "refresh", arguments | {"period": other.id}, "data")
        for other in stale
    ]
    if compared:
        warm_up("data")
        jobs.run(compared, step)
    record = mind.validation_record(workspace, period)
    if not memory.must_run("validation", record, stage, ["validation/"]):
        return
    warm_up("data", "notes")
    out = stage / "validation"
    shutil.rmtree(out, ignore_errors=True)
    jobs.run([_notebook("Проверка данных", memory, "01_validate", out / "protocol.ipynb", out=out)], step)
    memory.done("validation", mind.clean_left(workspace, period))
    if count_findings(out / "findings.csv")["critical"]:
        protocol(memory, stage, step)
        if not (stage / "index.html").is_file():  # what is published stays as it is, to the byte
            write_index(workspace, period, stage)
        swap(stage, workspace.outputs(period))
        raise CriticalFindingsError(
            "в данных есть критические замечания, справки не выпущены",
            workspace.outputs(period) / "validation",
            todo="исправьте ячейки, названные в протоколе, и повторите команду",
        )


def indicators(memory: Memory, stage: Path, step: Step) -> None:
    """Run 02_indicators (indicators.csv and .parquet, history) while the protocol is rendered."""
    workspace, period = memory.workspace, memory.period
    work = _protocol(stage)
    record = mind.indicators_record(workspace, period)
    if memory.must_run("indicators", record, stage, ["indicators."]):
        warm_up("notes")
        work.insert(0, _notebook("Расчёт показателей", memory, "02_indicators", stage / "indicators.ipynb", out=stage))
    jobs.run(work, step)
    memory.done("indicators", mind.history_left(workspace, period))


def protocol(memory: Memory, stage: Path, step: Step) -> None:
    """Render the protocol of the check, if that has just been made anew."""
    warm_up("notes")
    jobs.run(_protocol(stage), step)


def notes(memory: Memory, stage: Path, names: list[str], step: Step) -> list[Path]:
    """Execute and render the notes into ``stage`` and the annexes with names into data/private; return the annexes."""
    workspace, period = memory.workspace, memory.period
    settings = Params(workspace).period(period)
    private = workspace.private_period(period) / "annexes"
    work = []
    for name in names:
        record = mind.note_record(workspace, period, stage, f"notes/{name}")
        if memory.must_run(f"notes/{name}", record, stage, [f"notes/{name}."]):
            target, more = stage / "notes" / f"{name}.ipynb", {"audience": settings.audience, "out": stage}
            work.append(_notebook(f"Справка «{name}»", memory, f"notes/{name}", target, rendered=True, **more))
    for name in settings.annexes:
        record = mind.note_record(workspace, period, stage, f"annexes/{name}") | mind.annex_left(private, name)
        if memory.must_run(f"annexes/{name}", record, stage, ["indicators.parquet"]):
            title = f"Приложение «{name}» (для служебного пользования)"
            work.append(_notebook(title, memory, f"annexes/{name}", private / f"{name}.ipynb", rendered=True))
    if work:
        warm_up("notes")
        jobs.run(work, step)
    for name in names:  # the note itself remembers for which values a commentary was written
        memory.done(f"notes/{name}", mind.note_record(workspace, period, stage, f"notes/{name}"))
    for name in settings.annexes:
        left = mind.note_record(workspace, period, stage, f"annexes/{name}") | mind.annex_left(private, name)
        memory.done(f"annexes/{name}", left)
    return annex_files(workspace, period)


def annex_files(workspace: Workspace, period: Period) -> list[Path]:
    """Where the period's annexes stand, in every format."""
    folder = workspace.private_period(period) / "annexes"
    return [folder / f"{name}.{suffix}" for name in Params(workspace).period(period).annexes for suffix in FORMATS]


def finish(memory: Memory, stage: Path, names: list[str]) -> None:
    """Write index.html, then the manifest over everything. Notes that were not asked for stay as they were."""
    workspace, period = memory.workspace, memory.period
    write_index(workspace, period, stage)
    published = memory.published
    kept = {
        name: key for name, key in published.get("notes", {}).items() if (stage / "notes" / f"{name}.html").is_file()
    }
    key = hashing.sha256_json([manifest.inputs(workspace, period), manifest.environment(workspace)])
    facts = {
        "parameters": Params(workspace).period(period).model_dump(mode="json"),
        "findings": count_findings(stage / "validation" / "findings.csv"),
        "notes": dict(sorted((kept | dict.fromkeys(names, key)).items())),
        "inputs_key": key,
        "steps": published.get("steps", {}) | memory.records,
    }
    manifest.write(workspace, period, stage, facts)


def write_index(workspace: Workspace, period: Period, stage: Path) -> None:
    """outputs/<period>/index.html: everything that the folder holds, with a word on each."""
    from soko.publish import index

    index.write(stage, period=period, school=Params(workspace).school.name_short)


def warm_up(*profiles: str) -> None:
    """Start fork servers early: they import while this process reads and hashes."""
    if forks.supported():
        for profile in profiles:
            forks.start(profile)


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


def _protocol(stage: Path) -> list[Job]:
    """The protocol that has been executed and not rendered yet."""
    path = stage / "validation" / "protocol.ipynb"
    if path.with_suffix(".html").is_file():
        return []
    return [Job("Протокол проверки", "render", {"target": str(path)})]


def _notebook(title: str, memory: Memory, name: str, target: Path, *, rendered: bool = False, **more: Any) -> Job:
    parameters = {"workspace": str(memory.workspace.root), "period": memory.period.id}
    parameters |= {key: str(value) for key, value in more.items()}
    formats = list(FORMATS) if rendered else None
    arguments = {"name": name, "target": str(target), "parameters": parameters, "formats": formats}
    return Job(title, "notebook", arguments, "data" if name == "01_validate" else "notes")
