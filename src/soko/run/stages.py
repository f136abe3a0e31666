"""The stages of a run, in order: start, check, indicators, notes, finish. Each asks the memory whether it has to run.

``stage`` is the folder that is being prepared beside the published one; it begins as its copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from soko.errors import DataError
from soko.params import Params
from soko.periods import Period
from soko.run import changes, hashing, jobs, manifest, memory as mind, orders, reports as documents, sweeps
from soko.run.checking import check, count_findings
from soko.run.fingerprints import fingerprints, records
from soko.run.index_page import write_index
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.run.pieces import Step, document, notebook, prepared, title_of, warm_up
from soko.run.sweeps import Asked, Document
from soko.run.work import FORMATS
from soko.workspace import Workspace

__all__ = ["annex_files", "check", "finish", "indicators", "notes", "reports", "start", "write_index"]


def start(workspace: Workspace, period: Period, stage: Path) -> dict[str, str]:
    """Begin from what is published; return the hashes of the inputs as they are now."""
    folders = Params(workspace).folders(period)
    if not any(hashing.files_below(folder) for folder in folders):
        if period.kind == "calendar":
            raise DataError(
                f"за {period.title()} нет файлов: ни в {workspace.relative(folders[0])}, ни в папках периодов учебных "
                f"годов {period.year - 1}-{period.year} и {period.year}-{period.year + 1}, закончившихся в нём",
                todo="положите файлы в папки этих периодов и повторите команду",
            )
        places = ", ".join(workspace.relative(folder) for folder in folders)
        raise DataError(
            f"за период {period.id} нет файлов: папка {places} пуста или отсутствует",
            todo="положите в неё выгрузки журнала и список обучающихся и повторите команду",
        )
    if workspace.outputs(period).is_dir():
        shutil.copytree(workspace.outputs(period), stage, dirs_exist_ok=True)
    return manifest.inputs(workspace, period)


def indicators(memory: Memory, stage: Path, step: Step, beside: Iterable[Job] = ()) -> list[Job]:
    """Run 02_indicators: indicators.csv and .parquet, history. ``beside`` is what the check has left to do.

    Returns what nobody waits for: the workbook and, when the values are others than the published ones, what changed;
    and of ``beside`` what has not been done. It is done here where most of its pages are there already: one core would
    have nothing to do otherwise.
    """
    workspace, period = memory.workspace, memory.period
    record = mind.indicators_record(workspace, period)
    later, short = list(beside), bool(memory.published) and not memory.force
    if memory.must_run("indicators", record, stage, ["indicators.", "sources.", "dynamics.", "absent.csv"]):
        warm_up("notes")
        own = notebook("Расчёт показателей", memory, "02_indicators", stage / "indicators.ipynb", out=stage)
        jobs.run([own, *(later if short else ())], step)
        later = [] if short else later
        arguments = {"workspace": str(workspace.root), "period": period.id, "stage": str(stage)}
        later.append(Job("Книга показателей", "indicators_workbook", arguments))
        published = workspace.outputs(period) / "indicators.parquet"
        if published.is_file() and hashing.sha256_file(published) != hashing.sha256_file(stage / published.name):
            later.append(Job("Что изменилось", "changes", arguments))
    memory.done("indicators", mind.history_left(workspace, period))
    return later


def notes(memory: Memory, stage: Path, chosen: list[Document], later: list[Job], step: Step) -> list[Path]:
    """Execute and render the notes into ``stage`` and the annexes with names into data/private; return the annexes.

    ``later`` is done beside them.
    """
    workspace, period = memory.workspace, memory.period
    settings = Params(workspace).period(period)
    private = workspace.private_period(period) / "annexes"
    work = []
    known = fingerprints(workspace, period, stage, chosen, step, prepared(workspace, period))
    record_of = records(memory, stage, known)
    for item in chosen:
        record = record_of(item)
        if memory.must_run(f"notes/{item.name}", record, stage, [f"notes/{item.name}."]):
            more = {"audience": settings.audience, "out": stage} | ({"of": item.of} if item.of else {})
            title = f"Справка «{title_of(workspace, f'notes/{item.note}')}" + (f": {item.of}»" if item.of else "»")
            work.append(document(title, memory, f"notes/{item.note}", stage / "notes" / f"{item.name}.ipynb", **more))
    for name in settings.annexes:
        record = mind.note_record(workspace, period, stage, f"annexes/{name}") | mind.annex_left(private, name)
        if memory.must_run(f"annexes/{name}", record, stage, ["indicators.parquet"]):
            title = f"Приложение «{title_of(workspace, f'annexes/{name}')}» (для служебного пользования)"
            work.append(document(title, memory, f"annexes/{name}", private / f"{name}.ipynb"))
    work += orders.jobs(memory, stage, chosen, record_of, prepared(workspace, period))
    if work:
        warm_up("notes")
    jobs.run([*work, *later], step)
    record_of = records(memory, stage, known)  # a note remembers for which values its commentary was written
    for item in chosen:
        memory.done(f"notes/{item.name}", record_of(item))
    orders.done(memory, stage, chosen, record_of)
    for name in settings.annexes:
        left = mind.note_record(workspace, period, stage, f"annexes/{name}") | mind.annex_left(private, name)
        memory.done(f"annexes/{name}", left)
    return annex_files(workspace, period)


def reports(memory: Memory, stage: Path, chosen: list[str], step: Step) -> None:
    """Execute and render the reports into ``stage``/reports, from figures and notes that are there."""
    work = documents.jobs(memory, stage, chosen)
    if work:
        warm_up("notes")
    jobs.run(work, step)
    documents.done(memory, stage, chosen)


def annex_files(workspace: Workspace, period: Period) -> list[Path]:
    """Where the period's annexes stand, in every format."""
    folder = workspace.private_period(period) / "annexes"
    return [folder / f"{name}.{suffix}" for name in Params(workspace).period(period).annexes for suffix in FORMATS]


def finish(
    memory: Memory,
    stage: Path,
    chosen: list[Document],
    asked: Iterable[Asked] = (),
    reports: Iterable[str] = (),
) -> None:
    """Write index.html, then the manifest over everything. Notes that were not asked for stay as they were.

    ``reports`` are the yearly documents that this run has made.
    """
    workspace, period = memory.workspace, memory.period
    published, known = memory.published, memory.published.get("swept", {})
    kept = {
        name: key for name, key in published.get("notes", {}).items() if (stage / "notes" / f"{name}.html").is_file()
    }
    swept = sweeps.swept(asked, chosen, {name: known[name] for name in sorted(kept) if name in known})
    write_index(workspace, period, stage, swept)
    steps = published.get("steps", {}) | memory.records
    gone = {f"{kind}/{name}" for name in known.keys() - swept.keys() for kind in ("notes", "orders")}
    key = hashing.sha256_json([manifest.inputs(workspace, period), manifest.environment(workspace)])
    facts = {
        "parameters": Params(workspace).period(period).model_dump(mode="json"),
        "findings": count_findings(stage / "validation" / "findings.csv"),
        "notes": dict(sorted((kept | dict.fromkeys((item.name for item in chosen), key)).items())),
        "reports": _reports(published, stage) | dict.fromkeys(reports, key),
        "inputs_key": key,
        "basis": changes.to_json(changes.basis(workspace, period, stage)),
        "steps": {name: record for name, record in steps.items() if name not in gone},
        "swept": swept,
    }
    manifest.write(workspace, period, stage, facts)


def _reports(published: dict[str, Any], stage: Path) -> dict[str, str]:
    """Yearly documents of earlier runs that are still there, each with what it was made from."""
    known: dict[str, str] = published.get("reports", {})
    return {name: key for name, key in known.items() if (stage / "reports" / f"{name}.html").is_file()}
