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
from soko.run import hashing, manifest
from soko.run.notebooks import execute
from soko.run.staging import staging, swap
from soko.workspace import Workspace
from soko.yamlio import did_you_mean

FORMATS = ("html", "pdf", "docx")
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
        for name in chosen:
            with step(f"Справка «{name}»"):
                note(workspace, period, name, stage)
        annexes = write_annexes(workspace, period, stage, step)
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
    """Run 01_validate; on critical findings publish its protocol alone and stop."""
    out = stage / "validation"
    shutil.rmtree(out, ignore_errors=True)
    with step("Проверка данных"):
        run(workspace, period, "01_validate", out / "protocol.ipynb", out=out)
    with step("Протокол проверки"):
        render(out / "protocol.ipynb")
    counts = count_findings(out / "findings.csv")
    if counts["critical"]:
        write_index(workspace, period, stage)
        swap(stage, workspace.outputs(period))
        folder = workspace.outputs(period) / "validation"
        raise CriticalFindingsError(
            "в данных есть критические замечания, справки не выпущены",
            folder,
            todo="исправьте ячейки, названные в протоколе, и повторите команду",
        )


def indicators(workspace: Workspace, period: Period, stage: Path, step: Step) -> None:
    """Run 02_indicators: indicators.csv and .parquet, history."""
    with step("Расчёт показателей"):
        run(workspace, period, "02_indicators", stage / "indicators.ipynb", out=stage)


def note(workspace: Workspace, period: Period, name: str, stage: Path) -> None:
    """Execute one note over the results in ``stage`` and render it."""
    audience = Params(workspace).period(period).audience
    target = stage / "notes" / f"{name}.ipynb"
    render(run(workspace, period, f"notes/{name}", target, audience=audience, out=stage))


def write_annexes(workspace: Workspace, period: Period, stage: Path, step: Step) -> list[Path]:
    """Execute the annexes with names; they go to data/private and nowhere else."""
    written: list[Path] = []
    for name in Params(workspace).period(period).annexes:
        with step(f"Приложение «{name}» (для служебного пользования)"):
            target = workspace.private_period(period) / "annexes" / f"{name}.ipynb"
            written += render(run(workspace, period, f"annexes/{name}", target))
    return written


def run(workspace: Workspace, period: Period, name: str, target: Path, **more: Any) -> Path:
    """Execute a notebook of the workspace (or the package) for the period."""
    source = resources.notebook(name, workspace.notebooks)
    if source is None:
        raise UsageError(f"нет тетради {name}.ipynb", where=str(workspace.notebooks))
    parameters = {"workspace": str(workspace.root), "period": period.id}
    parameters |= {key: str(value) for key, value in more.items()}
    return execute(source, target, parameters, cwd=workspace.root)


def render(notebook: Path) -> list[Path]:
    """HTML, PDF and DOCX beside the executed notebook."""
    from soko import publish

    return publish.render(notebook, notebook.with_suffix(""), FORMATS)


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
