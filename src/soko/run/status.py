"""``soko status``: per period, what has arrived, whether it was checked, what is published and still true."""

from __future__ import annotations

from dataclasses import dataclass

from soko.errors import UsageError
from soko.params import Params
from soko.periods import Period
from soko.run import hashing, manifest
from soko.run.report import count_findings
from soko.workspace import Workspace


@dataclass(frozen=True)
class PeriodStatus:
    """One line of the overview."""

    period: str
    files: int
    checked: str
    notes: list[str]
    state: str


def overview(workspace: Workspace, periods: list[Period] | None = None) -> list[PeriodStatus]:
    """Status of the given periods, or of all that have files in data/incoming."""
    return [_status(workspace, period) for period in periods or arrived(workspace)]


def arrived(workspace: Workspace) -> list[Period]:
    """Periods that have files in data/incoming, by id."""
    found: set[Period] = set()
    root = workspace.root / "data" / "incoming"
    for path in hashing.files_below(root):
        for folder in path.relative_to(root).parents:
            try:
                found.add(Period.parse(folder.as_posix()))
            except UsageError:
                continue
    # A calendar year has no files of its own: it is there once it has been computed.
    found |= {Period.parse(path.parent.name) for path in (workspace.root / "outputs").glob(f"[0-9]*/{manifest.NAME}")
              if path.parent.name.isdecimal()}  # fmt: skip
    return sorted(found, key=lambda period: period.id)


def _status(workspace: Workspace, period: Period) -> PeriodStatus:
    folders = Params(workspace).folders(period) if period.kind == "calendar" else [workspace.incoming(period)]
    files = sum(len(hashing.files_below(folder)) for folder in folders)
    findings = workspace.outputs(period) / "validation" / "findings.csv"
    checked = "не проверено"
    if findings.is_file():
        counts = count_findings(findings)
        checked = f"критических {counts['critical']}, предупреждений {counts['warning']}"
    published = manifest.read(workspace, period)
    if published is None:
        return PeriodStatus(period.id, files, checked, [], "не выпускалось" if files else "файлов нет")
    stale = bool(manifest.compare(workspace, period, published))
    return PeriodStatus(period.id, files, checked, list(published["notes"]), "устарело" if stale else "актуально")
