"""Write the package: refuse what was not checked, build beside, swap in as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from soko import clean
from soko.datapackage import csvfile, descriptor
from soko.errors import DataError, UsageError
from soko.params import Params
from soko.periods import Period
from soko.run import hashing
from soko.run.checking import count_findings
from soko.run.staging import staging, swap
from soko.tables import Table, load_tables
from soko.workspace import Workspace

DESCRIPTOR = "datapackage.json"


def export(workspace: Workspace, period: Period, to: Path | None = None) -> tuple[Path, list[str]]:
    """Write the period's clean tables into ``to`` (data/export/<period>); return the folder and the tables' names.

    Raises DataError when the period has no clean tables, or when they are not what its files say now; UsageError when
    ``to`` is a folder with something else in it.
    """
    contracts = load_tables(workspace)
    data = _clean(workspace, period, contracts)
    target = (to or workspace.root / "data" / "export" / period.id).resolve()
    _check_target(target)
    with staging(target) as stage:
        facts = {name: csvfile.write(table, stage / f"{name}.csv") for name, table in data.items()}
        package = descriptor.package(Params(workspace).school.name_short, period, contracts, data, facts)
        text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
        (stage / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")
        swap(stage, target)
    return target, list(data)


def _clean(workspace: Workspace, period: Period, contracts: dict[str, Table]) -> dict[str, pa.Table]:
    folder = workspace.clean(period)
    todo = f"сначала выполните soko validate {period.id}"
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise DataError(f"проверенных данных за период {period.id} нет", where=workspace.relative(folder), todo=todo)
    findings = workspace.outputs(period) / "validation" / "findings.csv"
    if findings.is_file() and count_findings(findings)["critical"]:
        raise DataError(
            f"в данных за период {period.id} есть критические замечания, выгружать их нельзя",
            where=workspace.relative(findings),
            todo=f"исправьте их и выполните soko validate {period.id}",
        )
    written = min(path.stat().st_mtime for path in files)
    sources = [path for place in Params(workspace).folders(period) for path in hashing.files_below(place)]
    if any(path.stat().st_mtime > written for path in sources):
        raise DataError(
            f"файлы периода {period.id} изменились после проверки", where=workspace.relative(folder), todo=todo
        )
    read = {name: clean.read(folder, table) for name, table in contracts.items()}
    return {name: table for name, table in read.items() if table is not None}


def _check_target(target: Path) -> None:
    """A package replaces a former package or an empty folder, never somebody's other files."""
    if target.is_file() or (target.is_dir() and any(target.iterdir()) and not (target / DESCRIPTOR).is_file()):
        raise UsageError(
            "здесь уже есть другие файлы, пакет их заменил бы",
            where=str(target),
            todo="укажите новую или пустую папку: soko export --to ПАПКА",
        )
