"""What is unfinished and what is overdue, for ``soko status`` too: imports nothing heavy."""

from __future__ import annotations

from datetime import date

from rich.markup import escape

from soko.retention.guard import intent_path
from soko.retention.terms import Overdue, overdue
from soko.run import console
from soko.russian import day
from soko.workspace import Workspace


def reminders(workspace: Workspace, *, whole: bool = False) -> None:
    """What is unfinished and what is overdue; ``whole`` says so too when nothing is."""
    out = console.out
    if intent_path(workspace).is_file():
        out.print("Удаление персональных данных начато и не закончено. Закончить: soko purge --resume")
    late = overdue(workspace, date.today())
    for item in late:
        out.print(escape(_late(item)))
    if late:
        year = max(item.year for item in late)
        incoming = " --incoming" if any(item.term.part == "incoming" for item in late) else ""
        out.print(f"Удалить (сначала покажет, что именно): soko purge --before {_next(year)}{incoming}")
    elif whole:
        out.print("Просроченных персональных данных нет. Удалить раньше срока: soko purge --before ГОД")


def _late(item: Overdue) -> str:
    return (
        f"Срок хранения истёк {day(item.until)}: {item.term.title.lower()} за {item.year.replace('-', '/')} год "
        f"({', '.join(item.folders)})."
    )


def _next(year: str) -> str:
    first = int(year[:4]) + 1
    return f"{first}-{first + 1}" if "-" in year else str(first)
