"""``soko purge --before``: personal data of whole years go; figures, releases, published documents, manifests stay."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from soko.errors import UsageError
from soko.params import Params
from soko.periods import Period, terms_of
from soko.retention import contents
from soko.retention.marks import Mark, has_figures, mark
from soko.retention.removal import Removal
from soko.retention.terms import held_periods
from soko.run import hashing, manifest
from soko.workspace import Workspace

_CODE = re.compile(r"\bp_[0-9a-f]{12}\b")
_SCHOOL_YEAR = re.compile(r"(\d{4})-(\d{4})")


@dataclass
class Plan:
    """What would be removed. ``incoming``: files of data/incoming of these periods that stay, in numbers."""

    removal: Removal
    incoming: dict[str, int] = field(default_factory=dict)


def cutoff(text: str) -> tuple[str, int]:
    """«2025-2026» → ("school", 2025), «2025» → ("calendar", 2025); UsageError for anything else."""
    line = text.strip()
    match = _SCHOOL_YEAR.fullmatch(line)
    if match and int(match[2]) == int(match[1]) + 1:
        return "school", int(match[1])
    if re.fullmatch(r"(19|20)\d{2}", line):
        return "calendar", int(line)
    raise UsageError(
        f"год «{text}» не распознан",
        todo="укажите учебный год (2025-2026) или календарный (2025): удаляется то, что было раньше него",
    )


def plan(workspace: Workspace, before: str, *, incoming: bool = False, day: str = "") -> Plan:
    """Everything personal of the periods before ``before``.

    A year that is put together of periods goes with the first of its parts, because it holds copies of them.
    ``incoming``: the school's own files too. UsageError when the current period of the school is among them.
    """
    kind, year = cutoff(before)
    params = Params(workspace)
    wanted = [period for period in _known(workspace) if _is_before(params, period, kind, year)]
    current = Period.parse(params.school.current_period)
    if current in wanted:
        raise UsageError(
            f"текущий период школы ({current.id}) тоже раньше, чем {before}",
            where="params/school.yaml",
            todo="укажите более ранний год или смените текущий период",
        )
    counts: dict[str, int] = {}
    files: list[str] = []
    folders: list[str] = []
    periods: list[str] = []
    marks: dict[str, Mark] = {}
    left: dict[str, int] = {}
    for period in wanted:
        own = _folders(workspace, period, incoming=incoming)
        singles = _singles(workspace, period)
        if not incoming and (number := len(hashing.files_below(workspace.incoming(period)))):
            left[period.id] = number
        if not own and not singles:
            continue
        for name, path in own:
            counts[name] = counts.get(name, 0) + sum(item.is_file() for item in path.rglob("*"))
            folders.append(path.relative_to(workspace.root).as_posix())
        for name, path in singles:
            counts[name] = counts.get(name, 0) + 1
            files.append(path.relative_to(workspace.root).as_posix())
        periods.append(period.id)
        if has_figures(workspace, period):
            marks[period.id] = _marked(workspace, period, [*folders, *files])
    removal = Removal(
        what="purge", day=day, periods=sorted(periods), marks=marks, files=sorted(files), folders=sorted(folders),
        counts=counts,
    )  # fmt: skip
    return Plan(removal, left)


def _known(workspace: Workspace) -> list[Period]:
    """Every period of which anything is there."""
    found = {period for part in ("people", "clean", "incoming") for period, _ in held_periods(workspace, part)}
    for path in (workspace.root / "outputs").rglob(manifest.NAME):
        try:
            found.add(Period.parse(path.parent.relative_to(workspace.root / "outputs").as_posix()))
        except UsageError:
            continue
    return sorted(found)


def _is_before(params: Params, period: Period, kind: str, year: int) -> bool:
    """Whether the period, or the first part of a year, ends before the school year (or 1 January) ``year``."""
    if period.kind == "calendar":  # the second half of one school year, the first half of the next
        return period.year - 1 < year if kind == "school" else period.year < year
    if kind == "school":
        return period.year < year
    first = _first_part(params, period)
    return params.dates(first).end < date(year, 1, 1)


def _first_part(params: Params, period: Period) -> Period:
    if period.kind != "year":
        return period
    ids = [item.name for item in params.workspace.clean(period).glob("[0-9]*_*")]
    parts = [part for part in terms_of(period.year) if part.id.replace("/", "_") in ids and part != period]
    return min(parts, key=lambda part: params.dates(part).end, default=period)


def _folders(workspace: Workspace, period: Period, *, incoming: bool) -> list[tuple[str, Path]]:
    data = workspace.root / "data"
    found = [
        ("names", workspace.private_period(period)),
        ("clean", workspace.clean(period)),
        ("export", data / "export" / period.id),
        ("outputs", workspace.outputs(period) / "internal"),
    ]
    if incoming:
        found.append(("incoming", workspace.incoming(period)))
    return [(name, path) for name, path in found if path.is_dir()]


def _singles(workspace: Workspace, period: Period) -> list[tuple[str, Path]]:
    """Files outside of these folders: memories of rules, and results in which a pupil stands by his code."""
    found = [("memory", path) for path in sorted((workspace.history / "verdicts").glob(f"{period.id}.*"))]
    for path in hashing.files_below(workspace.outputs(period)):
        if path.suffix in (".csv", ".json", ".ipynb", ".html") and _CODE.search(contents.text_of(path)):
            found += [("outputs", other) for suffix in (path.suffix, ".pdf", ".docx", ".html", ".ipynb")
                      if (other := path.with_suffix(suffix)).is_file()]  # fmt: skip
    return list(dict.fromkeys(found))


def _marked(workspace: Workspace, period: Period, names: list[str]) -> Mark:
    before, root = mark(workspace, period), workspace.outputs(period)
    gone = set(before.gone)
    for path in hashing.files_below(root):
        shown = path.relative_to(workspace.root).as_posix()
        if any(shown == name or shown.startswith(f"{name}/") for name in names):
            gone.add(path.relative_to(root).as_posix())
    return before.model_copy(update={"purged": True, "gone": sorted(gone)})
