"""The stages of a run, in order: start, check, indicators, notes, finish. Each asks the memory whether it has to run.

``stage`` is the folder that is being prepared beside the published one; it begins as its copy.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from soko import resources
from soko.errors import DataError, FailureError
from soko.params import Params
from soko.periods import Period
from soko.run import changes, changes_told, forks, hashing, jobs, manifest, memory as mind, orders, steps, sweeps, years
from soko.run.fingerprints import fingerprints, records
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.run.staging import swap
from soko.run.sweeps import Asked, Document
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
            _checker(workspace, other),
        )
        for other in stale
    ]
    if work:
        warm_up(*{job.profile for job in work})
        if forks.supported():  # this period waits for the others' clean tables, its files need not
            own = arguments | {"period": period.id}
            work.append(Job(f"Чтение файлов: {period.short()}", "read", own, work[0].profile))
        jobs.run(work, step)
    record = mind.validation_record(workspace, period)
    out = stage / "validation"
    if not memory.must_run("validation", record, stage, ["validation/"]) and not anew:
        memory.must_run("technical", mind.technical_record(out), stage, [_TECHNICAL])
        if not Params(workspace).parts(period):  # of a year of parts, the findings there are those of all parts
            steps.remember_check(workspace, period, out)
        return []
    profile = _checker(workspace, period)
    warm_up(profile, "notes")
    for path in out.iterdir() if out.is_dir() else ():
        if path.is_file():  # the technical view stays where it would be the same
            path.unlink()
    jobs.run([_notebook("Проверка данных", memory, "01_validate", out / "protocol.ipynb", profile, out=out)], step)
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


def indicators(memory: Memory, stage: Path, step: Step) -> list[Job]:
    """Run 02_indicators: indicators.csv and .parquet, history.

    Returns what nobody waits for: the workbook and, when the values are others than the published ones, what changed.
    """
    workspace, period = memory.workspace, memory.period
    record = mind.indicators_record(workspace, period)
    later: list[Job] = []
    if memory.must_run("indicators", record, stage, ["indicators.", "sources.", "dynamics.", "absent.csv"]):
        warm_up("notes")
        jobs.run(
            [_notebook("Расчёт показателей", memory, "02_indicators", stage / "indicators.ipynb", out=stage)], step
        )
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
            title = f"Справка «{_title(workspace, f'notes/{item.note}')}" + (f": {item.of}»" if item.of else "»")
            work.append(_document(title, memory, f"notes/{item.note}", stage / "notes" / f"{item.name}.ipynb", **more))
    for name in settings.annexes:
        record = mind.note_record(workspace, period, stage, f"annexes/{name}") | mind.annex_left(private, name)
        if memory.must_run(f"annexes/{name}", record, stage, ["indicators.parquet"]):
            title = f"Приложение «{_title(workspace, f'annexes/{name}')}» (для служебного пользования)"
            work.append(_document(title, memory, f"annexes/{name}", private / f"{name}.ipynb"))
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


def annex_files(workspace: Workspace, period: Period) -> list[Path]:
    """Where the period's annexes stand, in every format."""
    folder = workspace.private_period(period) / "annexes"
    return [folder / f"{name}.{suffix}" for name in Params(workspace).period(period).annexes for suffix in FORMATS]


def finish(memory: Memory, stage: Path, chosen: list[Document], asked: Iterable[Asked] = ()) -> None:
    """Write index.html, then the manifest over everything. Notes that were not asked for stay as they were."""
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
        "inputs_key": key,
        "basis": changes.to_json(changes.basis(workspace, period, stage)),
        "steps": {name: record for name, record in steps.items() if name not in gone},
        "swept": swept,
    }
    manifest.write(workspace, period, stage, facts)


def write_index(
    workspace: Workspace, period: Period, stage: Path, swept: dict[str, dict[str, Any]] | None = None
) -> None:
    """outputs/<period>/index.html: everything that the folder holds, with a word on each.

    ``swept`` are the documents that are one of several of a note, as the manifest has them.
    """
    from soko.publish import index

    if swept is None:
        swept = (manifest.read(workspace, period) or {}).get("swept", {})
    index.write(
        stage,
        period=period,
        school=Params(workspace).school.name_short,
        changed=changes_told.index_lines(stage),
        of={name: (_title(workspace, f"notes/{entry['note']}"), entry["of"]) for name, entry in swept.items()},
        order=[item if isinstance(item, str) else item.note for item in Params(workspace).period(period).notes],
    )


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


def _checker(workspace: Workspace, period: Period) -> str:
    """Libraries for checking a period: Great Expectations where it has much to judge for the first time."""
    from soko.validation import verdict_file

    return "check" if verdict_file.known(workspace, period) else "data"


def _title(workspace: Workspace, name: str) -> str:
    return resources.title(name, workspace.notebooks)


def _document(title: str, memory: Memory, name: str, target: Path, **more: Any) -> Job:
    """Execute a notebook, make its HTML and PDF; its Word file, for which nobody waits, after that."""
    first = _notebook(title, memory, name, target, formats=["html", "pdf"], **more)
    reference = str(resources.reference(memory.workspace.params) or "")
    word = Job(f"{title}: Word", "render", {"target": str(target), "formats": ["docx"], "reference": reference})
    return replace(first, then=(word,), prepare=prepared(memory.workspace, memory.period))


def prepared(workspace: Workspace, period: Period) -> dict[str, Any]:
    """What the notes of a period share, for ``Job.prepare``."""
    return {
        "call": "soko.notes.prepared:prepare",
        "arguments": {"workspace": str(workspace.root), "period": period.id},
    }


def _notebook(title: str, memory: Memory, name: str, target: Path, profile: str = "notes",
              formats: list[str] | None = None, **more: Any) -> Job:  # fmt: skip
    parameters = {"workspace": str(memory.workspace.root), "period": memory.period.id}
    parameters |= {key: str(value) for key, value in more.items()}
    arguments = {"name": name, "target": str(target), "parameters": parameters, "formats": formats, "profile": profile}
    return Job(title, "notebook", arguments, profile)


#: Files of the technical view, below a period's outputs.
_TECHNICAL = "validation/data_docs/"
