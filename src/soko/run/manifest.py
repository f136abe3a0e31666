"""manifest.json, the commit mark of a publication: what it was made from and what it consists of.

It is written last. ``soko verify`` recomputes every hash and says what differs. It holds no time and no machine
name, so that the same inputs give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soko import __version__
from soko.errors import DataError, UsageError
from soko.params import Params
from soko.periods import Period, stored
from soko.retention import marks
from soko.run import hashing
from soko.workspace import Workspace

NAME = "manifest.json"


def comparisons(params: Params, period: Period) -> list[Period]:
    """The periods that the note compares with; nearest first, none twice.

    Those that have files, and those whose figures are kept though personal data were removed.
    """
    found = params.compared(period).values()
    return [
        other
        for other in found
        if any(hashing.files_below(folder) for folder in params.folders(other)) or _stays(params.workspace, other)
    ]


def _stays(workspace: Workspace, period: Period) -> bool:
    """Whether the figures of a period are kept without its data."""
    return marks.kept(workspace, period) and marks.is_stored(workspace, period)


def earlier_history(workspace: Workspace, period: Period) -> list[Path]:
    """Stored figures of all earlier periods of the kind that a run does not itself bring up to date: series use them.

    Those of the periods compared follow from files that are inputs anyway.
    """
    renewed = comparisons(Params(workspace), period)
    found = [other for other in stored(workspace.history) if other.kind == period.kind and other < period]
    paths = [workspace.history / f"{other.id}{suffix}" for other in found if other not in renewed
             for suffix in (".json", ".parquet")]  # fmt: skip
    return [path for path in paths if path.is_file()]


def input_files(workspace: Workspace, period: Period) -> list[Path]:
    """Every file that the results depend on: incoming data, settings, rules, own notebooks, earlier figures."""
    params = Params(workspace)
    folders = [folder for item in (period, *comparisons(params, period)) for folder in params.folders(item)]
    files = [path for folder in dict.fromkeys(folders) for path in hashing.files_below(folder)]
    if marks.marks(workspace):  # figures of such a period no longer follow from its files
        files = [path for path in files if not marks.of_incoming(workspace, workspace.relative(path))]
    plan = hashing.of_plan(workspace.root)
    if period.kind != "calendar":  # the report is of a year; no other period has to do with it
        plan |= hashing.of_self_assessment(workspace.root)
    for folder in (workspace.params, workspace.root / "validation", workspace.notebooks):
        files += [path for path in hashing.files_below(folder) if path not in plan]
    files += hashing.files_below(workspace.history / "commentary" / period.id)
    files += earlier_history(workspace, period)
    return files + ([workspace.corrections] if workspace.corrections.is_file() else [])


def inputs(workspace: Workspace, period: Period) -> dict[str, str]:
    """Map from input path to SHA-256."""
    return hashing.hash_files(input_files(workspace, period), workspace.root)


def environment(workspace: Workspace) -> dict[str, Any]:
    """Versions of code, libraries and lock."""
    return {
        "soko": __version__,
        "code_sha256": hashing.code_hash(),
        "lock_sha256": hashing.lock_hash(workspace.root),
        "versions": hashing.versions(),
    }


def write(workspace: Workspace, period: Period, folder: Path, facts: dict[str, Any]) -> Path:
    """Write ``folder``/manifest.json over everything in ``folder``; ``facts`` are parameters, findings, notes."""
    outputs = {
        path.relative_to(folder).as_posix(): {"sha256": hashing.sha256_file(path), "bytes": path.stat().st_size}
        for path in hashing.files_below(folder)
        if path.name != NAME
    }
    catalogue = hashing.hash_files(hashing.files_below(workspace.params / "indicators"), workspace.root)
    manifest = {
        "period": period.id,
        **facts,
        "catalogue_sha256": hashing.sha256_json(catalogue),
        "environment": environment(workspace),
        "inputs": inputs(workspace, period),
        "outputs": outputs,
    }
    path = folder / NAME
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def read(workspace: Workspace, period: Period) -> dict[str, Any] | None:
    """The manifest of the last publication, or None."""
    path = workspace.outputs(period) / NAME
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


@dataclass(frozen=True)
class Difference:
    """What no longer agrees with the manifest, in words for the analyst."""

    changed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changed)


def compare(workspace: Workspace, period: Period, manifest: dict[str, Any]) -> Difference:
    """Recompute every hash and list what differs: inputs, outputs, code, libraries."""
    found: list[str] = []
    now, then, mark = inputs(workspace, period), manifest["inputs"], marks.mark(workspace, period)
    if marks.marks(workspace):
        then = {name: value for name, value in then.items() if not marks.of_incoming(workspace, name)}
    if mark.sealed or mark.purged:  # the ledger too: its entries on who was forgotten had to go
        ledger = workspace.relative(workspace.corrections)
        now, then = ({key: value for key, value in one.items() if key != ledger} for one in (now, then))
    found += [f"исходный файл изменён: {name}" for name in sorted(now.keys() & then.keys()) if now[name] != then[name]]
    found += [f"исходного файла больше нет: {name}" for name in sorted(then.keys() - now.keys())]
    found += [f"появился исходный файл: {name}" for name in sorted(now.keys() - then.keys())]
    folder = workspace.outputs(period)
    for name, entry in sorted(manifest["outputs"].items()):
        path = folder / name
        if name in mark.gone and not path.exists():
            continue
        if not path.is_file():
            found.append(f"результат удалён: {name}")
        elif hashing.sha256_file(path) != entry["sha256"]:
            found.append(f"результат изменён после выпуска: {name}")
    known = {path.relative_to(folder).as_posix() for path in hashing.files_below(folder)} - {NAME}
    found += [f"лишний файл среди результатов: {name}" for name in sorted(known - manifest["outputs"].keys())]
    current, published = environment(workspace), manifest["environment"]
    labels = {"soko": "версия СОКО", "code_sha256": "код СОКО", "lock_sha256": "набор библиотек (requirements.txt)"}
    found += [f"изменилось: {label}" for key, label in labels.items() if current[key] != published.get(key)]
    for name in sorted(current["versions"].keys() | published.get("versions", {}).keys()):
        if current["versions"].get(name) != published.get("versions", {}).get(name):
            found.append(f"изменилась версия библиотеки {name}")
    return Difference(found)


def unchanged_inputs(workspace: Workspace, period: Period, before: dict[str, str]) -> None:
    """Refuse to publish when a file was changed while it was being used."""
    after = inputs(workspace, period)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    changed = [name for name in changed if not name.startswith("data/history/")]
    if changed:
        raise DataError(
            f"файлы изменились во время расчёта: {', '.join(changed[:5])}",
            todo="закройте их в других программах и повторите команду; прежние результаты не изменены",
        )


def verify(workspace: Workspace, period: Period) -> Difference:
    """Compare the published outputs with their manifest; UsageError when there is no manifest."""
    manifest = read(workspace, period)
    if manifest is None:
        raise UsageError(
            f"за период {period.id} нет манифеста: отчёт не выпускался",
            where=workspace.relative(workspace.outputs(period)),
            todo=f"выполните soko report {period.id}",
        )
    return compare(workspace, period, manifest)
