"""``soko report``: the main path of the product, on one screen.

Data are checked, indicators computed, notes executed and rendered, all beside the last publication; then the whole
folder is swapped in, with the manifest written last.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soko import resources
from soko.errors import DataError, SokoError, UsageError
from soko.params import Params
from soko.periods import Period
from soko.run import forks, hashing, jobs, manifest, steps
from soko.run.jobs import Job
from soko.run.staging import staging, swap
from soko.run.work import FORMATS
from soko.workspace import Workspace
from soko.yamlio import did_you_mean

Step = Callable[[str], AbstractContextManager[Any]]


@dataclass
class Outcome:
    """What a run left: the published folder, what stood in it before, findings by severity."""

    folder: Path
    unchanged: bool = False
    notes: list[str] = field(default_factory=list)
    annexes: list[Path] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)


class CriticalFindingsError(DataError):
    """The data were checked and may not be used; the protocol and findings.csv stand in ``folder``."""

    def __init__(self, message: str, folder: Path, todo: str) -> None:
        super().__init__(message, todo=todo)
        self.folder = folder


def _silent(_title: str) -> AbstractContextManager[Any]:
    return nullcontext()


def report(
    workspace: Workspace,
    period: Period,
    *,
    notes: list[str] | None = None,
    force: bool = False,
    step: Step = _silent,
) -> Outcome:
    """Check, compute, write the notes and publish; an unchanged period is recognised and left as it is.

    Raises CriticalFindingsError (nothing published but the protocol), DataError, ConfigError, FailureError.
    """
    chosen = select_notes(workspace, period, notes)
    if not force and (current := up_to_date(workspace, period, chosen)):
        return current
    with staging(workspace.outputs(period)) as stage:
        before = start(workspace, period, stage)
        check(workspace, period, stage, step)
        indicators(workspace, period, stage, step)
        annexes = write_notes(workspace, period, stage, chosen, step)
        with step("Публикация"):
            finish(workspace, period, stage, {**_kept_notes(workspace, period, stage), **dict.fromkeys(chosen, _KEY)})
            unchanged_inputs(workspace, period, before)
            swap(stage, workspace.outputs(period))
    return Outcome(workspace.outputs(period), notes=chosen, annexes=annexes, findings=_summary(workspace, period))


def validate(workspace: Workspace, period: Period, *, step: Step = _silent) -> Outcome:
    """Only check the data: outputs/<period>/validation is renewed, everything else stays."""
    with staging(workspace.outputs(period)) as stage:
        start(workspace, period, stage)
        check(workspace, period, stage, step)
        jobs.run([protocol(stage)], step)
        swap(stage, workspace.outputs(period))
    return Outcome(workspace.outputs(period), findings=_summary(workspace, period))


def compute(workspace: Workspace, period: Period, *, step: Step = _silent) -> Outcome:
    """Check the data and compute the indicators; notes that are already published stay as they are."""
    with staging(workspace.outputs(period)) as stage:
        before = start(workspace, period, stage)
        check(workspace, period, stage, step)
        indicators(workspace, period, stage, step)
        finish(workspace, period, stage, _kept_notes(workspace, period, stage))
        unchanged_inputs(workspace, period, before)
        swap(stage, workspace.outputs(period))
    return Outcome(workspace.outputs(period), findings=_summary(workspace, period))


# --- the steps ----------------------------------------------------------------------------------------------------


def start(workspace: Workspace, period: Period, stage: Path) -> dict[str, str]:
    """Begin from what is published; return the hashes of the inputs as they are now."""
    if forks.supported():
        for profile in ("data", "notes"):  # they import while we read and hash
            forks.start(profile)
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


def check(workspace: Workspace, period: Period, stage: Path, step: Step) -> None:
    """Check the compared periods side by side, then this one; critical findings publish the protocol alone."""
    out = stage / "validation"
    shutil.rmtree(out, ignore_errors=True)
    compared = [
        Job(
            f"Данные для сравнения: {other.short()}",
            "refresh",
            {"workspace": str(workspace.root), "period": other.id},
            "data",
        )
        for other in manifest.comparisons(Params(workspace), period)
        if not steps.is_fresh(workspace, other)
    ]
    jobs.run(compared, step)
    jobs.run([_notebook("Проверка данных", workspace, period, "01_validate", out / "protocol.ipynb", out=out)], step)
    if count_findings(out / "findings.csv")["critical"]:
        jobs.run([protocol(stage)], step)
        write_index(workspace, period, stage)
        swap(stage, workspace.outputs(period))
        raise CriticalFindingsError(
            "в данных есть критические замечания, справки не выпущены",
            workspace.outputs(period) / "validation",
            todo="исправьте ячейки, названные в протоколе, и повторите команду",
        )


def indicators(workspace: Workspace, period: Period, stage: Path, step: Step) -> None:
    """Run 02_indicators (indicators.csv and .parquet, history) while the protocol is rendered."""
    target = stage / "indicators.ipynb"
    work = _notebook("Расчёт показателей", workspace, period, "02_indicators", target, out=stage)
    jobs.run([work, protocol(stage)], step)


def protocol(stage: Path) -> Job:
    """Render the protocol of the check."""
    return Job("Протокол проверки", "render", {"target": str(stage / "validation" / "protocol.ipynb")})


def write_notes(workspace: Workspace, period: Period, stage: Path, notes: list[str], step: Step) -> list[Path]:
    """Execute and render the notes into ``stage`` and the annexes with names into data/private; return the annexes."""
    settings = Params(workspace).period(period)
    work = []
    for name in notes:
        target = stage / "notes" / f"{name}.ipynb"
        more = {"audience": settings.audience, "out": stage}
        work.append(_notebook(f"Справка «{name}»", workspace, period, f"notes/{name}", target, rendered=True, **more))
    folder = workspace.private_period(period) / "annexes"
    for name in settings.annexes:
        title = f"Приложение «{name}» (для служебного пользования)"
        target = folder / f"{name}.ipynb"
        work.append(_notebook(title, workspace, period, f"annexes/{name}", target, rendered=True))
    jobs.run(work, step)
    return [folder / f"{name}.{suffix}" for name in settings.annexes for suffix in FORMATS]


def _notebook(
    title: str, workspace: Workspace, period: Period, name: str, target: Path, *, rendered: bool = False, **more: Any
) -> Job:
    parameters = {"workspace": str(workspace.root), "period": period.id}
    parameters |= {key: str(value) for key, value in more.items()}
    formats = list(FORMATS) if rendered else None
    arguments = {"name": name, "target": str(target), "parameters": parameters, "formats": formats}
    return Job(title, "notebook", arguments, "data" if name == "01_validate" else "notes")


def finish(workspace: Workspace, period: Period, stage: Path, notes: dict[str, str]) -> None:
    """Write index.html, then the manifest over everything."""
    write_index(workspace, period, stage)
    key = inputs_key(workspace, period)
    facts = {
        "parameters": Params(workspace).period(period).model_dump(mode="json"),
        "findings": count_findings(stage / "validation" / "findings.csv"),
        "notes": {name: key if value == _KEY else value for name, value in sorted(notes.items())},
        "inputs_key": key,
    }
    manifest.write(workspace, period, stage, facts)


def write_index(workspace: Workspace, period: Period, stage: Path) -> None:
    """outputs/<period>/index.html: everything that the folder holds, with a word on each."""
    from soko.publish import index

    index.write(stage, period=period, school=Params(workspace).school.name_short)


# --- what decides -------------------------------------------------------------------------------------------------

_KEY = "this run"


def select_notes(workspace: Workspace, period: Period, asked: list[str] | None) -> list[str]:
    """The notes to write: those asked for, else those of the period's settings. Unknown ones are refused."""
    known = resources.notebooks("notes", workspace.notebooks)
    chosen = asked or Params(workspace).period(period).notes
    for name in chosen:
        if name not in known:
            raise UsageError(f"справки «{name}» нет{did_you_mean(name, known)}")
    return list(chosen)


def inputs_key(workspace: Workspace, period: Period) -> str:
    """One hash over everything that the period's results depend on."""
    return hashing.sha256_json([manifest.inputs(workspace, period), manifest.environment(workspace)])


def up_to_date(workspace: Workspace, period: Period, notes: list[str]) -> Outcome | None:
    """The published outcome when nothing changed since and every asked note is there; else None."""
    published = manifest.read(workspace, period)
    if published is None or manifest.compare(workspace, period, published):
        return None
    if any(published["notes"].get(name) != published["inputs_key"] for name in notes):
        return None
    folder = workspace.private_period(period) / "annexes"
    annexes = [folder / f"{name}.pdf" for name in Params(workspace).period(period).annexes]
    if not all(path.is_file() for path in annexes):
        return None
    return Outcome(workspace.outputs(period), True, notes, annexes, published["findings"])


def unchanged_inputs(workspace: Workspace, period: Period, before: dict[str, str]) -> None:
    """Refuse to publish when a file was changed while it was being used."""
    after = manifest.inputs(workspace, period)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    changed = [name for name in changed if not name.startswith("data/history/")]
    if changed:
        raise DataError(
            f"файлы изменились во время расчёта: {', '.join(changed[:5])}",
            todo="закройте их в других программах и повторите команду; прежние результаты не изменены",
        )


def count_findings(path: Path) -> dict[str, int]:
    """Findings by severity in a findings.csv."""
    import csv

    counts = {"critical": 0, "warning": 0, "info": 0}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                counts[row["severity"]] += 1
    except FileNotFoundError:
        raise SokoError("проверка не оставила findings.csv", where=str(path)) from None
    return counts


def _summary(workspace: Workspace, period: Period) -> dict[str, int]:
    return count_findings(workspace.outputs(period) / "validation" / "findings.csv")


def _kept_notes(workspace: Workspace, period: Period, stage: Path) -> dict[str, str]:
    published = manifest.read(workspace, period) or {}
    return {
        name: key for name, key in published.get("notes", {}).items() if (stage / "notes" / f"{name}.html").is_file()
    }
