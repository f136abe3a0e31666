"""What a step was made from last time, so that it runs again only when something that it reads has changed.

A step's record is the map of everything that it reads (files by content hash, code, library versions). It is kept in
the manifest; the reason why a step has to run again is said in words (``soko report --why``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soko import filenames, resources
from soko.params import Params
from soko.periods import Period
from soko.run import hashing, manifest
from soko.workspace import Workspace

Record = dict[str, str]

#: Settings by what reads them. A file that is not here is read by every step.
_ONLY_NOTES = ("narrative", "key_indicators.yaml", "reports")
_ONLY_REPORTS = ("reports",)  # settings and texts of the reports: notes and annexes do not read them
_ONLY_DOCUMENTS = ("templates",)  # of Word: of the notes' own files, and of the orders (``soko.run.orders``)
_ONLY_INTAKE = ("sources.yaml",)
#: What the technical view is made from, but for code and libraries.
CHECKED = "результат checks.json"
#: Files beside a period's history that are not its values.
_BESIDE = (".key.json", ".findings.csv")


@dataclass
class Memory:
    """Records of the last publication, and those of this run as it goes on."""

    workspace: Workspace
    period: Period
    force: bool = False
    records: dict[str, Record] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.published: dict[str, Any] = manifest.read(self.workspace, self.period) or {}

    def must_run(self, step: str, record: Record, stage: Path, outputs: list[str]) -> bool:
        """Whether the step has to run; the reason is remembered. ``outputs`` are prefixes of its files in ``stage``."""
        self.records[step] = record
        reason = "запрошен полный пересчёт" if self.force else self._reason(step, record, stage, outputs)
        self.reasons[step] = reason or "изменений нет, результат прежний"
        return bool(reason)

    def done(self, step: str, left: Record) -> None:
        """Add to the step's record what it left outside the published folder, so that a later loss is noticed."""
        self.records[step] |= left

    def _reason(self, step: str, record: Record, stage: Path, outputs: list[str]) -> str:
        before: Record | None = self.published.get("steps", {}).get(step)
        if before is None:
            return "раньше не выполнялся"
        changed = sorted(name for name in record.keys() | before.keys() if record.get(name) != before.get(name))
        if changed:
            more = f" и ещё {len(changed) - 3}" if len(changed) > 3 else ""
            return f"изменилось: {', '.join(changed[:3])}{more}"
        known = {
            name: entry["sha256"]
            for name, entry in self.published["outputs"].items()
            if any(name == prefix or name.startswith(prefix) for prefix in outputs)
        }
        if not known or any(_hash(stage / name) != value for name, value in known.items()):
            return "результат изменён или удалён после выпуска"
        return ""


def validation_record(workspace: Workspace, period: Period) -> Record:
    """What 01_validate reads: the period's files, corrections, rules, settings, clean tables of compared periods."""
    params = Params(workspace)
    files = [path for folder in params.own_folders(period) for path in hashing.files_below(folder)]
    files += hashing.files_below(workspace.root / "validation")
    files += _settings(workspace, period, without=(*_ONLY_NOTES, *_ONLY_DOCUMENTS))
    files += [workspace.corrections] if workspace.corrections.is_file() else []
    for other in manifest.comparisons(params, period):
        files += hashing.files_below(params.checked(other))
    return _record(workspace, files, "01_validate") | clean_left(workspace, period)


def combining_record(workspace: Workspace, period: Period) -> Record:
    """What a year is put together of: clean tables and findings of its parts, conventions, contracts."""
    params = Params(workspace)
    parts = params.parts(period)
    files = [path for part in parts for path in hashing.files_below(params.checked(part))]
    files += [path for part in parts if (path := workspace.history / f"{part.id}.findings.csv").is_file()]
    files += hashing.files_below(workspace.root / "validation") + hashing.files_below(workspace.params / "calendar")
    files += [workspace.params / name for name in ("conventions.yaml", "school.yaml")]
    environment = manifest.environment(workspace)
    return (
        hashing.hash_files(sorted(set(files)), workspace.root)
        | {"код СОКО": environment["code_sha256"], "части года": ", ".join(part.id for part in parts)}
        | combined_left(workspace, period)
    )


def combined_left(workspace: Workspace, period: Period) -> Record:
    """What a year put together leaves beside the outputs: its clean tables, and copies of those of its parts."""
    return {"сведённые данные": _together(workspace, hashing.files_below(workspace.clean(period)))}


def clean_left(workspace: Workspace, period: Period) -> Record:
    """What 01_validate leaves beside the outputs: clean tables and the register of people, with its key."""
    files = hashing.files_below(Params(workspace).checked(period))
    files += [workspace.private / "key", workspace.private_period(period) / "people.parquet"]
    return {"проверенные данные": _together(workspace, files)}


def technical_record(out: Path) -> Record:
    """What the technical view is made from: the counts of the check, our code, the libraries."""
    environment = {name: hashing.versions().get(name, "") for name in ("great-expectations", "python")}
    return {
        CHECKED: _hash(out / "checks.json"),
        "код СОКО": hashing.code_hash(),
        "версии библиотек": hashing.sha256_json(environment),
    }


def indicators_record(workspace: Workspace, period: Period) -> Record:
    """What 02_indicators reads: the clean tables, the catalogue, the settings, the figures of compared periods."""
    files = hashing.files_below(workspace.clean(period))
    for other in Params(workspace).compared(period).values():
        files += _history(workspace, other)
    files += _settings(workspace, period, without=(*_ONLY_NOTES, *_ONLY_DOCUMENTS, *_ONLY_INTAKE))
    return _record(workspace, files, "02_indicators") | history_left(workspace, period)


def history_left(workspace: Workspace, period: Period) -> Record:
    """What 02_indicators leaves beside the outputs: the period's history."""
    return {"история показателей": _together(workspace, _history(workspace, period))}


def annex_left(folder: Path, name: str) -> Record:
    """What an annex leaves in data/private."""
    return {
        "приложение": hashing.sha256_json([_hash(folder / f"{name}.{suffix}") for suffix in ("html", "pdf", "docx")])
    }


def note_record(workspace: Workspace, period: Period, stage: Path, notebook: str) -> Record:
    """What a note, an annex or a report reads: indicators, findings, history, wording, clean tables, names.

    A note says of rules and tables how they are called in validation/.
    """
    files = hashing.files_below(workspace.clean(period)) + hashing.files_below(workspace.root / "validation")
    others = () if notebook.startswith("reports/") else _ONLY_REPORTS
    files += _settings(workspace, period, without=(*_ONLY_DOCUMENTS, *_ONLY_INTAKE, *others)) + _reference(workspace)
    for other in (period, *manifest.comparisons(Params(workspace), period)):
        files += _history(workspace, other)
    files += manifest.earlier_history(workspace, period)
    people = workspace.private_period(period) / "people.parquet"
    files += [people] if people.is_file() else []
    record = _record(workspace, files, notebook)
    for name in ("indicators.parquet", "validation/findings.csv", "validation/corrections.csv"):
        record[f"результат {name}"] = _hash(stage / name)
    return record


def released_record(workspace: Workspace, period: Period, stage: Path) -> Record:
    """What the table of the public edition is made from: figures of the compared periods, settings, what is released.

    ``data/releases`` is what has left the school before, against which it is protected.
    """
    files = _settings(workspace, period, without=(*_ONLY_NOTES, *_ONLY_DOCUMENTS, *_ONLY_INTAKE))
    before = period.previous()
    for other in (period, before, before.previous(), period.year_ago()):
        files += _history(workspace, other)
    files += hashing.files_below(workspace.root / "data" / "releases")
    record = _record(workspace, files, "02_indicators")
    return record | {"результат indicators.parquet": _hash(stage / "indicators.parquet")}


def public_record(workspace: Workspace, period: Period, stage: Path, notebook: str) -> Record:
    """What a note or report of the public edition reads: its table, settings and wording, the look of documents.

    A report also reads the names that may be published.
    """
    is_report = notebook.startswith("reports/")
    files = _settings(workspace, period, without=(*_ONLY_INTAKE, *(() if is_report else _ONLY_REPORTS)))
    record = _record(workspace, files, notebook)
    if is_report:
        record["названные победители"] = _hash(stage / "public" / "winners.csv")
    return record | {"публикуемые показатели": _hash(stage / "public" / "indicators.parquet")}


def focused_record(workspace: Workspace, period: Period, note: str) -> Record:
    """What a note about one class, subject, area or theme reads beside its figures (``soko.run.fingerprints``).

    Of the wording, that of other notes is left out.
    """
    others = {f"{name}.yaml" for name in resources.notebooks("notes", workspace.notebooks)} - {f"{note}.yaml"}
    without = (*_ONLY_DOCUMENTS, *_ONLY_INTAKE, *_ONLY_REPORTS)
    files = _settings(workspace, period, without=without) + _reference(workspace)
    files = [path for path in files if path.parent.name != "narrative" or path.name not in others]
    return _record(workspace, files, f"notes/{note}")


def _reference(workspace: Workspace) -> list[Path]:
    found = resources.reference(workspace.params)
    return [found] if found else []


def commentary_record(workspace: Workspace, period: Period, note: str, of: str = "") -> Record:
    """For which figures the analyst's words of a document were written: each document remembers it by itself."""
    path = workspace.history / "commentary" / period.id / f"{filenames.document(note, of)}.json"
    return hashing.hash_files([path], workspace.root) if path.is_file() else {}


def _settings(workspace: Workspace, period: Period, without: tuple[str, ...]) -> list[Path]:
    own = {workspace.params / "periods" / f"{name}.yaml" for name in (period.id, "default")}
    files, plan = [], hashing.of_plan(workspace.root) | hashing.of_self_assessment(workspace.root)
    for path in hashing.files_below(workspace.params):
        top = path.relative_to(workspace.params).parts[0]
        if path not in plan and top not in without and (top != "periods" or path in own):
            files.append(path)
    return files


def _history(workspace: Workspace, period: Period) -> list[Path]:
    return sorted(path for path in workspace.history.glob(f"{period.id}.*") if not path.name.endswith(_BESIDE))


def _together(workspace: Workspace, files: list[Path]) -> str:
    return hashing.sha256_json(hashing.hash_files([path for path in files if path.is_file()], workspace.root))


def _record(workspace: Workspace, files: list[Path], notebook: str) -> Record:
    record = hashing.hash_files(sorted(set(files)), workspace.root)
    source = resources.notebook(notebook, workspace.notebooks)
    record[f"тетрадь {notebook}"] = _hash(source) if source else ""
    environment = manifest.environment(workspace)
    record["код СОКО"] = environment["code_sha256"]
    record["версии библиотек"] = hashing.sha256_json([environment["versions"], environment["lock_sha256"]])
    return record


def _hash(path: Path) -> str:
    return hashing.sha256_file(path) if path.is_file() else ""
