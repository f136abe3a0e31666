"""The command about what leaves the school: publish the public documents of a period as a site, check a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soko.cli_app import PeriodArgument, WorkspaceOption, app, resolved
from soko.cli_ru import RussianCommand


@app.command(cls=RussianCommand)
def publish(
    period: PeriodArgument = "",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="ПАПКА", help="Папка сайта; прежние периоды в ней остаются.")
    ] = None,
    audience: Annotated[
        str, typer.Option("--audience", metavar="КОМУ", help="Для кого; на сайт идут только публичные документы.")
    ] = "public",
    confirmed_by: Annotated[
        str,
        typer.Option(
            "--confirmed-by",
            metavar="КТО",
            help="Кто подтверждает публикацию: должность и ФИО; без него – руководитель школы.",
        ),
    ] = "",
    coincidence: Annotated[
        list[str] | None,
        typer.Option(
            "--coincidence",
            metavar="КОД",
            help="Число с этим кодом не скрытое, а только совпало со скрытым; решение записывается. Можно повторять.",
        ),
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="ПАПКА", help="Только сверить сайт в папке с его описью.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Выложить публичные документы периода на сайт: папка страниц, которая работает без сервера и без сети."""
    from soko.errors import UsageError
    from soko.run import console, told_site
    from soko.site import target

    if check is not None:
        lines = target.check(check)
        told_site.checked(check, lines)
        raise typer.Exit(1 if lines else 0)
    if audience != "public":
        raise UsageError(
            f"на сайт выкладывают только публичные документы, а не «{audience}»",
            todo="полные отчёты для учредителя лежат в папке результатов периода: передайте их сами, минуя сайт",
        )
    if to is None:
        raise UsageError("не указана папка сайта", todo="добавьте --to ПАПКА, например --to outputs/site")
    from soko.site.publish import publish as put

    place, when = resolved(workspace, period)
    with console.progress(place) as step:
        outcome = put(place, when, to, confirmed_by=confirmed_by, coincidence=coincidence or (), step=step)
    told_site.published(place, when, outcome)
