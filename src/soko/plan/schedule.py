"""The tasks of a school year: each procedure, each of its periods, with the dates that follow from the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from soko.calendars import Span
from soko.errors import ConfigError, UsageError
from soko.params import Params
from soko.periods import Period
from soko.plan.load import line_of
from soko.plan.model import Due, Occasion, Plan, Procedure
from soko.plan.workdays import DaysOff, load_days_off
from soko.workspace import Workspace

#: The school year runs from September: a fixed month from here on is in its first calendar year.
_FIRST_MONTH = 9


@dataclass(frozen=True)
class Task:
    """A procedure for one period.

    ``due``: its document is ready; ``files_due``: its files are handed in; ``sources``: the periods in whose folders of
    data/incoming they lie, the nearest first.
    """

    number: int
    procedure: Procedure
    period: Period
    due: date
    files_due: date
    tables: tuple[str, ...]
    sources: tuple[Period, ...]

    @property
    def document(self) -> tuple[str, Period]:
        """What the task ends in: the document's id and its period. Several procedures may share it."""
        return self.procedure.document, self.period


def parse_year(text: str) -> int:
    """The first calendar year of «2025-2026», «2025/2026» or of a period's id; UsageError for anything else."""
    found = re.fullmatch(r"\s*(\d{4})\s*[-/–]\s*(\d{4})\s*", text)
    if found and int(found[2]) == int(found[1]) + 1:
        return int(found[1])
    try:
        period = Period.parse(text)
    except UsageError:
        period = None
    if period is None or period.kind == "calendar":
        raise UsageError(f"учебный год «{text}» не распознан", todo="укажите его так: 2025-2026")
    return period.year


def schedule(workspace: Workspace, plan: Plan, year: int) -> list[Task]:
    """All tasks whose document is due in the school year that begins in ``year``, in the order of their dates.

    A document that several procedures end in has one date, the latest of theirs. Of two occasions of a procedure that
    mean the same period (a half-year is also a term where a school has no other) the one that stands later counts.
    Raises ConfigError for a date before its period begins, and for files that are due after their document.
    """
    params, days = Params(workspace), load_days_off(workspace)
    own: dict[Period, list[Period]] = {}
    gathered: dict[tuple[int, Period], date] = {}
    tasks: list[Task] = []
    for number, item in enumerate(plan.procedures, start=1):
        for period, at in _chosen(item, params, year).items():
            occasion, span = item.occasions[at], params.dates(period)
            due = _due(occasion.due, span, days, year)
            early = _due(occasion.files_due, span, days, year) if occasion.files_due else due
            if wrong := _wrong(early, due, span, period):
                raise ConfigError(
                    wrong,
                    where=line_of(workspace, "procedures", item.id, "occasions", at),
                    todo="исправьте месяц и день или вид периода",
                )
            if occasion.files_due:
                gathered[number, period] = early
            if period not in own:
                own[period] = [Period.parse(text) for text in params.period(period).incoming or [period.id]]
            sources = tuple(dict.fromkeys(_sources(occasion, params, period, own[period])))
            tasks.append(Task(number, item, period, due, due, tuple(item.tables_of(occasion)), sources))
    latest: dict[tuple[str, Period], date] = {}
    for task in tasks:
        latest[task.document] = max(task.due, latest.get(task.document, task.due))
    dated = []
    for task in tasks:
        due = latest[task.document]
        early = gathered.get((task.number, task.period), days.before(due, plan.files_before))
        dated.append(replace(task, due=due, files_due=early))
    return sorted(dated, key=lambda task: (task.due, task.period, task.number))


def _chosen(item: Procedure, params: Params, year: int) -> dict[Period, int]:
    """Each period of the procedure with the place of the occasion that counts for it."""
    return {period: at for at, occasion in enumerate(item.occasions) for period in periods(occasion, params, year)}


def in_period(workspace: Workspace, plan: Plan, period: Period) -> list[Task]:
    """The tasks that are about ``period``."""
    return [task for task in schedule(workspace, plan, period.year) if task.period == period]


def files_owed(tasks: list[Task]) -> dict[tuple[str, Period], date]:
    """(table, period) → the day by which its files are handed in; where several tasks need them, the first."""
    found: dict[tuple[str, Period], date] = {}
    for task in sorted(tasks, key=lambda task: (task.files_due, task.number)):
        for name in task.tables:
            found.setdefault((name, task.period), task.files_due)
    return found


def periods(occasion: Occasion, params: Params, year: int) -> list[Period]:
    """The periods that the occasion means in the school year."""
    terms = Period(year, "year").parts(params.school.terms)
    halves = _halves(params, year)
    chosen: dict[str, tuple[Period, ...]] = {
        "term": terms,
        "first_term": terms[:1],
        "last_term": terms[-1:],
        "half": halves,
        "first_half": halves[:1],
        "second_half": halves[1:],
        "year": (Period(year, "year"),),
        "calendar": (Period(year, "calendar"),),
    }
    return list(chosen[occasion.period])


def _halves(params: Params, year: int) -> tuple[Period, ...]:
    """The half-years; with trimesters the second and the third, which close them, unless the calendar has half-years.

    A trimester runs over New Year, so nobody of such a school has marks or lists of a half-year to hand in.
    """
    halves = Period(year, "year").parts("half")
    calendar = params.calendar(halves[0])
    if params.school.terms != "trimester" or not (calendar.typical or calendar.h1 is None):
        return halves
    return Period(year, "year").parts("trimester")[1:]


def _due(due: Due, span: Span, days: DaysOff, year: int) -> date:
    if due.month is None or due.day is None:
        return days.after(span.end, due.workdays_after_end or 0)
    return days.before(date(year if due.month >= _FIRST_MONTH else year + 1, due.month, due.day), 0)


def _wrong(files: date, due: date, span: Span, period: Period) -> str:
    """What is wrong with the days of the files and of the document; empty when nothing is."""
    if min(files, due) < span.start:
        return f"срок {min(files, due):%d.%m.%Y} раньше начала периода {period.id}"
    return f"срок файлов {files:%d.%m.%Y} позже срока документа {due:%d.%m.%Y}" if files > due else ""


def _sources(occasion: Occasion, params: Params, period: Period, own: list[Period]) -> Iterator[Period]:
    terms = period.parts(params.school.terms)
    for name in occasion.files:
        match name:
            case "own":
                yield from own
            case "last_term":
                yield terms[-1]
            case "any_term":
                yield from reversed(terms)
