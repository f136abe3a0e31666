"""Commands that remove personal data: of one pupil, of old years. Without --yes they only tell what would go."""

from __future__ import annotations

from typing import Annotated

import typer

from soko.cli_app import WorkspaceOption, app
from soko.cli_ru import RussianCommand
from soko.errors import UsageError

YesOption = Annotated[
    bool, typer.Option("--yes", help="Удалить. Без этого команда только показывает, что будет удалено.")
]
DateOption = Annotated[
    str, typer.Option("--date", metavar="ДАТА", help="Дата удаления для журнала (2026-06-01); без неё – сегодня.")
]


@app.command(cls=RussianCommand)
def forget(
    who: Annotated[
        str, typer.Argument(metavar="КТО", help="Фамилия, имя и отчество в кавычках, как в списке, или код p_….")
    ],
    school_class: Annotated[str, typer.Option("--class", metavar="КЛАСС", help="Класс, если есть тёзки.")] = "",
    born: Annotated[str, typer.Option("--born", metavar="ДАТА", help="Дата рождения, например 2014-02-01.")] = "",
    yes: YesOption = False,
    day: DateOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Удалить всё об одном обучающемся; выпущенные показатели остаются. Сначала показывает, что будет удалено."""
    from soko.retention import forget as forgetting, told
    from soko.workspace import Workspace

    place = Workspace.open(workspace)
    told.settle(place)
    found = forgetting.plan(place, who, school_class, _day(born, "--born"), _day(day, "--date") or told.today())
    if not told.forgotten(place, found, yes=yes):
        raise typer.Exit(1)


@app.command(cls=RussianCommand)
def purge(
    before: Annotated[
        str,
        typer.Option("--before", metavar="ГОД", help="Учебный (2025-2026) или календарный (2025): всё, что раньше."),
    ] = "",
    incoming: Annotated[bool, typer.Option("--incoming", help="И исходные файлы школы.")] = False,
    yes: YesOption = False,
    resume: Annotated[bool, typer.Option("--resume", help="Только закончить удаление, которое оборвалось.")] = False,
    day: DateOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Удалить персональные данные прошлых лет; показатели и документы остаются. Без ГОДА – сказать, что просрочено."""
    from soko.retention import purge as purging, reminding, told
    from soko.workspace import Workspace

    place = Workspace.open(workspace)
    settled = told.settle(place)
    if resume:
        if not settled:
            typer.echo("Незаконченных удалений нет.")
        return
    if not before:
        reminding.reminders(place, whole=True)
        return
    found = purging.plan(place, before, incoming=incoming, day=_day(day, "--date") or told.today())
    told.purged(place, found, before, yes=yes)


def _day(text: str, option: str) -> str:
    """The date as 2014-02-01; it may be given as 01.02.2014 too."""
    from datetime import date, datetime

    if not text:
        return ""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            found: date = datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
        return found.isoformat()
    raise UsageError(f"{option}: дата «{text}» не читается", todo="напишите, например, 2014-02-01 или 01.02.2014")
