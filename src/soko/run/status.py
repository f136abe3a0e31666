"""``soko status``: what has arrived, was checked, is published and still true; whose turn it is by the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from soko.errors import UsageError
from soko.params import Params
from soko.periods import Period
from soko.plan import in_period, load_plan, schedule
from soko.plan.model import Plan
from soko.retention import marks
from soko.run import hashing, manifest
from soko.run.report import count_findings
from soko.run.task_states import DONE, States, TaskState, unlisted
from soko.workspace import Workspace


@dataclass(frozen=True)
class PeriodStatus:
    """One line of the overview. ``current``: what is published is still true; None when nothing is."""

    period: str
    files: int
    checked: str
    notes: list[str]
    state: str
    current: bool | None = None


@dataclass(frozen=True)
class Planned:
    """The tasks of a period (or of its school year) with their states, and where the settings leave the plan.

    ``unlisted``: (document, period) that the plan asks for and params/periods does not list; ``unread``: files in
    which the last check found nothing.
    """

    plan: Plan
    period: Period
    whole: bool
    tasks: list[TaskState]
    unlisted: list[tuple[str, Period]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def planned(
    workspace: Workspace,
    period: Period,
    *,
    whole: bool = False,
    todo: bool = False,
    today: date | None = None,
    known: list[PeriodStatus] | None = None,
) -> Planned:
    """The state of the plan's tasks on ``today``.

    ``todo`` leaves out what nobody owes anything for; ``known`` is an overview, so that no hash is computed twice.
    """
    plan = load_plan(workspace, bind=False)
    tasks = schedule(workspace, plan, period.year) if whole else in_period(workspace, plan, period)
    tasks = [task for task in tasks if not marks.mark(workspace, task.period).purged]  # nobody owes files for these
    current = {row.period: row.current for row in known or [] if row.current is not None}
    states = States(workspace, plan, today or date.today(), current)
    found = [states.of(task) for task in tasks]
    shown = [item for item in found if not (todo and item.state in DONE)]
    return Planned(plan, period, whole, shown, unlisted(workspace, tasks), sorted(states.incoming.unread))


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
    found |= {Period.parse(name) for name in marks.marks(workspace)}  # its files may be gone, its figures are not
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
        words = _kept(workspace, period) or ("не выпускалось" if files else "файлов нет")
        return PeriodStatus(period.id, files, checked, [], words)
    stale = bool(manifest.compare(workspace, period, published))
    words = _kept(workspace, period) or ("устарело" if stale else "актуально")
    return PeriodStatus(period.id, files, checked, list(published["notes"]), words, not stale)


def _kept(workspace: Workspace, period: Period) -> str:
    """What was removed of the period's data; empty when nothing was."""
    mark = marks.mark(workspace, period)
    if mark.purged:
        return "персональные данные удалены"
    return "показатели сохранены" if mark.sealed else ""
