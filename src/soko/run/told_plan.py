"""What the command line says of the plan: the tasks of a period with whose turn it is, and what ``soko plan`` left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from soko import russian
from soko.plan import words
from soko.run import reports
from soko.run.console import out, shown_path
from soko.run.task_states import TaskState

if TYPE_CHECKING:
    from soko.periods import Period
    from soko.run.planned import Planned as Published
    from soko.run.status import PeriodStatus, Planned
    from soko.workspace import Workspace

_STATES = {
    "files": "нет файлов",
    "rejected": "файлы возвращены",
    "unchecked": "файлы не проверены",
    "held": "выпуск периода остановлен",
    "ready": "можно выпускать",
    "stale": "документ устарел",
    "reported": "документ выпущен",
    "approved": "утверждён",
}
_LONGEST_NAME = 60


def show(planned: Planned) -> None:
    """The table of tasks, then who does what."""
    what = "учебного года" if planned.whole else f"периода {planned.period.id}"
    if not planned.tasks:
        out.print(f"\nПо плану мониторинга для {what} нет незаконченных процедур.")
        return
    out.print(f"\nПлан мониторинга, процедуры {what}:")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("№", justify="right")
    table.add_column("Процедура", ratio=3)
    if planned.whole:
        table.add_column("Период")
    table.add_column("Срок")
    table.add_column("Состояние", ratio=2)
    table.add_column("Чей ход", ratio=2)
    for item in planned.tasks:
        task = item.task
        period = [words.brief(task.period, planned.period.year)] if planned.whole else []
        late = " (просрочено)" if item.overdue else ""
        cells = [str(task.number), _short(task.procedure.name), *period, f"{task.due:%d.%m.%Y}"]
        table.add_row(*map(escape, [*cells, state_words(item) + late, item.turn or russian.DASH]))
    out.print(table, soft_wrap=False)
    _steps(planned)


def state_words(item: TaskState) -> str:
    """The state and, where they are what matters, the tables: «нет файлов: здоровье обучающихся»."""
    text = _STATES[item.state]
    critical = sum(found.critical for found in item.files.values())
    if item.state == "rejected":
        return f"{text}: {russian.count(critical, 'критическое замечание')}"
    if item.missing:
        joined = ", ".join(russian.lower_first(title) for title in item.missing)
        return f"{text}: {joined}" if item.state == "files" else f"{text}; не сдано: {joined}"
    return text


def _steps(planned: Planned) -> None:
    steps: dict[str, dict[str, list[int]]] = {}
    for item in planned.tasks:
        if item.todo:
            steps.setdefault(item.turn, {}).setdefault(item.todo, []).append(item.task.number)
    if steps:
        out.print("\nЧто дальше:")
    for who, todos in steps.items():
        out.print(escape(f"  {who}:"))
        for todo, numbers in todos.items():
            out.print(escape(f"    {todo} (№ {words.numbers(numbers)})"))
    for name, period in planned.unlisted:
        title = planned.plan.documents[name].title
        out.print(
            escape(
                f"  Внимание: по плану за период {period.id} нужен документ «{title}», а в его настройках (notes) "
                f"его нет; добавьте {name} в params/periods/{period.id}.yaml."
            )
        )
    if planned.unread:
        out.print(escape(f"  Файлы, в которых данных не нашлось: {', '.join(planned.unread)} (soko inspect ФАЙЛ)."))


def texts(workspace: Workspace, period: Period) -> None:
    """What people still have to write for the reports of the period."""
    if found := reports.unwritten(workspace, period):
        out.print(f"\nДля докладов периода {period.id} не написаны тексты:")
        for item in found:
            out.print(escape(f"  «{item.title}» {russian.DASH} {item.place}"))


def as_json(overview: list[PeriodStatus], planned: Planned, site: Mapping[str, int] = MappingProxyType({})) -> str:
    """The same for programs: periods, tasks, where settings and plan differ; periods on the site with their release."""
    tasks = [
        {
            "procedure": item.task.procedure.id,
            "period": item.task.period.id,
            "files_due": item.task.files_due.isoformat(),
            "due": item.task.due.isoformat(),
            "document": item.task.procedure.document,
            "state": item.state,
            "overdue": item.overdue,
            "files": {table: asdict(found) for table, found in item.files.items()},
            "turn": item.turn,
            "todo": item.todo,
        }
        for item in planned.tasks
    ]
    unlisted = [{"document": name, "period": period.id} for name, period in planned.unlisted]
    periods = [asdict(row) | {"release": site.get(row.period)} for row in overview]
    whole = {"periods": periods, "tasks": tasks, "unlisted": unlisted}
    return json.dumps(whole | {"unread": planned.unread}, ensure_ascii=False, indent=1)


def published(outcome: Published) -> None:
    """After ``soko plan``."""
    years = f"{outcome.year}/{outcome.year + 1}"
    if outcome.unchanged:
        out.print(f"Изменений нет: план на {years} учебный год актуален.")
    else:
        out.print(f"План мониторинга на {years} учебный год выпущен.")
    documents = len({task.document for task in outcome.tasks})
    out.print(f"Документов за год – {documents}, сроков процедур – {len(outcome.tasks)}.")
    out.print(f"Открыть: {shown_path(outcome.folder / 'plan.html')}")
    for name, what in (("plan.pdf", "печать"), ("plan.docx", "правка и подпись"), ("plan.ics", "календарь сроков")):
        out.print(f"  {what}: {shown_path(outcome.folder / name)}")


def _short(name: str) -> str:
    """A long name cut at a word."""
    if len(name) <= _LONGEST_NAME:
        return russian.upper_first(name)
    return russian.upper_first(name[:_LONGEST_NAME].rsplit(" ", 1)[0].rstrip(",;:– ")) + "…"
