"""The public edition of a period's notes and reports: one masked table, then each that has an edition, from it alone.

It stands in outputs/<period>/public beside the internal documents. Where the period's settings say ``audience: public``
its documents stand in outputs/<period>/notes too, and no internal document does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from soko import editions
from soko.errors import ConfigError, DataError, UsageError
from soko.hints import publishing
from soko.params import Params
from soko.periods import Period
from soko.retention import guard
from soko.run import jobs, manifest, memory as mind, reports, self_assessment, stages, sweeps
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.run.pieces import Step, document, silent, title_of, warm_up
from soko.run.staging import staging, swap
from soko.run.sweeps import Asked, Document
from soko.run.work import FORMATS
from soko.russian import listing
from soko.workspace import Workspace

FOLDER = "public"
TITLE = "Публикуемые показатели"


def make(workspace: Workspace, period: Period, step: Step = silent, *, force: bool = False) -> list[Path]:
    """Make the public documents beside the published internal ones; return their HTML pages.

    Everything is swapped in at once, with the manifest. UsageError when no report has been published; DataError when
    its data have changed since, or when a hidden figure could be worked out; ConfigError when no note may be published.
    """
    guard.ready(workspace)
    published = manifest.read(workspace, period)
    todo = f"выполните {publishing(period)}"
    if published is None:
        raise UsageError(f"отчёт за период {period.id} ещё не выпускался, публиковать нечего", todo=todo)
    now, then = manifest.inputs(workspace, period), published["inputs"]
    if changed := sorted(name for name in {*now, *then} if now.get(name) != then.get(name)):
        guard.refuse(workspace, period)  # of removed data there is something better to say
        raise DataError(f"после выпуска отчёта за период {period.id} {_since(workspace, period, changed)}", todo=todo)
    yearly = self_assessment.NAME in published.get("reports", {})
    names = [] if period.kind == "calendar" else _names(workspace, period)
    memory = Memory(workspace, period, force)
    with staging(workspace.outputs(period)) as stage:
        shutil.copytree(workspace.outputs(period), stage, dirs_exist_ok=True)
        names = write(memory, stage, names, step, silent_too=False, yearly=yearly)
        with step("Публикация"):
            stages.finish(memory, stage, [])
            swap(stage, workspace.outputs(period))
    return [workspace.outputs(period) / FOLDER / f"{name}.html" for name in names]


def _since(workspace: Workspace, period: Period, changed: list[str]) -> str:
    """What has happened since a publication: files changed, or figures of earlier periods are known now."""
    series = {workspace.relative(path): path for path in manifest.earlier_history(workspace, period)}
    if not series.keys() >= set(changed):
        return f"изменились данные или настройки: {listing(changed, 3)}"
    found = {Period.parse(f"{series[name].parent.name}/{series[name].name.partition('.')[0]}") for name in changed}
    listed = listing([other.short() for other in sorted(found)])
    return f"рассчитаны показатели прежних периодов ({listed}): ряды в справках стали другими"


def instead_of_internal(workspace: Workspace, period: Period) -> list[Path]:
    """The pages of notes/ where the period's settings have the public edition in place of the internal; else none."""
    if Params(workspace).period(period).audience != "public":
        return []
    return sorted((workspace.outputs(period) / "notes").glob("*.html"))


def _names(workspace: Workspace, period: Period) -> list[str]:
    """The notes and reports of the period's settings that have a public edition."""
    chosen = allowed(workspace, period, sweeps.select(workspace, period, None))
    return [*(item.note for item in chosen), *reports.with_public(workspace, period)]


def left_out(workspace: Workspace, period: Period) -> dict[str, str]:
    """The period's notes of which ``make`` has left no public document, with the reason of each."""
    nothing = "ни одного показателя, о котором в ней говорится, за этот период опубликовать нельзя"
    folder = workspace.outputs(period) / FOLDER
    names = [item.note for item in sweeps.select(workspace, period, None)]
    gone = [name for name in names if not (folder / f"{name}.html").is_file()]
    return {name: editions.reason(workspace, name) or nothing for name in gone}


def allowed(workspace: Workspace, period: Period, asked: Sequence[Asked], *, named: bool = False) -> list[Asked]:
    """Those of the notes that have a public edition.

    UsageError for one without where the notes were ``named`` by the caller; ConfigError when none is left.
    """
    if named:
        for item in asked:
            editions.require(workspace, item.note)
    found = [item for item in asked if editions.has_public(workspace, item.note)]
    if not found:
        raise ConfigError(
            f"ни у одной справки периода {period.id} нет публичного экземпляра",
            where=f"params/periods/{period.id}.yaml, notes",
            todo="добавьте справку, у которой в params/narrative указано public: true",
        )
    return found


def instead(memory: Memory, stage: Path, chosen: Sequence[Document], later: list[Job], step: Step) -> list[Path]:
    """The notes of a period with ``audience: public``: notes/ gets the public edition, and nothing else stays there.

    Annexes with names are made as always, into data/private; drafts of orders are not, and reports stand in public/
    alone. Returns the annexes.
    """
    annexes = stages.notes(memory, stage, [], later, step)
    names = [item.note for item in chosen]
    write(memory, stage, [*names, *reports.with_public(memory.workspace, memory.period)], step)
    for folder in ("notes", "orders", "reports"):
        shutil.rmtree(stage / folder, ignore_errors=True)
    (stage / "notes").mkdir()
    for name in names:
        for suffix in ("ipynb", *FORMATS):
            shutil.copyfile(stage / FOLDER / f"{name}.{suffix}", stage / "notes" / f"{name}.{suffix}")
    return annexes


def write(
    memory: Memory, stage: Path, names: Sequence[str], step: Step, *, silent_too: bool = True, yearly: bool = False
) -> list[str]:
    """``stage``/public: the masked table, the notes that are not there as they would be; others are removed.

    ``yearly``: the report of self-assessment as well. Returns the documents: without ``silent_too`` only those notes of
    which the table has a figure.
    """
    workspace, period = memory.workspace, memory.period
    record = mind.released_record(workspace, period, stage)
    left = [f"{FOLDER}/indicators.", "disclosure/"]
    if memory.must_run(f"{FOLDER}/indicators", record, stage, left):
        arguments = {"workspace": str(workspace.root), "period": period.id, "stage": str(stage)}
        jobs.run([Job(TITLE, "released", arguments)], step)
    if not silent_too:
        told = _told(stage, period)
        names = [name for name in names if editions.speaks(workspace, name, told)]
    names = [*names, *([self_assessment.NAME] if yearly else [])]
    _forget(memory, stage, names)
    if reports.NAMES_WINNERS in names:
        reports.release_winners(workspace, period, stage / FOLDER)
    work = []
    for name in names:
        if name == self_assessment.NAME:
            work += _yearly(memory, stage)
            continue
        notebook = reports.notebook(workspace, name)
        record = mind.public_record(workspace, period, stage, notebook)
        if memory.must_run(f"{FOLDER}/{name}", record, stage, [f"{FOLDER}/{name}."]):
            title = f"Публичный экземпляр «{title_of(workspace, notebook)}»"
            job = document(title, memory, notebook, stage / FOLDER / f"{name}.ipynb", audience="public", out=stage)
            # What the notes' server reads ahead for internal notes is not for this one.
            work.append(replace(job, prepare={}))
    if work:
        warm_up("notes")
    jobs.run(work, step)
    return list(names)


def _yearly(memory: Memory, stage: Path) -> list[Job]:
    """The public report of self-assessment with its table. DataError while something keeps it from going out."""
    workspace, period, name = memory.workspace, memory.period, self_assessment.NAME
    self_assessment.refuse_release(workspace, period)
    record = self_assessment.record(workspace, period, stage)
    record |= mind.public_record(workspace, period, stage, self_assessment.NOTEBOOK)
    if not memory.must_run(f"{FOLDER}/{name}", record, stage, [f"{FOLDER}/{name}.", f"{FOLDER}/order_1324."]):
        return []
    return [replace(job, prepare={}) for job in self_assessment.documents(workspace, period, "public", stage)]


def _told(stage: Path, period: Period) -> set[str]:
    """The indicators of which a figure of the period is published."""
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT DISTINCT indicator FROM read_parquet(?) WHERE period = ? AND coalesce(hidden, '') = ''",
            [str(stage / FOLDER / "indicators.parquet"), period.id],
        ).fetchall()
    return {str(row[0]) for row in rows}


def _forget(memory: Memory, stage: Path, names: Iterable[str]) -> None:
    """Remove the documents of notes that are no longer published, and what is remembered of them."""
    kept = {"indicators", *names}
    steps = memory.published.get("steps", {})
    for step in [step for step in steps if step.startswith(f"{FOLDER}/") and step.split("/")[1] not in kept]:
        del steps[step]
        for suffix in ("ipynb", *FORMATS):
            (stage / f"{step}.{suffix}").unlink(missing_ok=True)
