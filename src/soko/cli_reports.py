"""Commands about documents that leave the school: the data sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soko.cli_app import PeriodArgument, WorkspaceOption, app, resolved
from soko.cli_ru import RussianCommand


@app.command("data-sheet", cls=RussianCommand)
def data_sheet(
    period: PeriodArgument = "",
    workspace: WorkspaceOption = None,
    audience: Annotated[
        str,
        typer.Option("--audience", metavar="internal|public", help="public – из публикуемых чисел, без малых."),
    ] = "internal",
    check: Annotated[
        Path | None, typer.Option("--check", metavar="ФАЙЛ", help="Вместо этого – проверить полученный лист.")
    ] = None,
) -> None:
    """Составить лист данных для муниципалитета и региона: складываемые числители и знаменатели, без строк о людях."""
    from soko.russian import count

    if check is not None:
        _check(check)
        return
    from soko.run import console, data_sheets

    place, when = resolved(workspace, period)
    with console.progress(place) as step:
        written = data_sheets.write(place, when, audience, step)
    console.out.print(
        f"Лист данных за период {when.id}: {count(written.rows, 'строка')}, {count(written.indicators, 'показатель')}."
    )
    for path in written.files:
        console.out.print(f"  {console.shown_path(path)}")
    if audience == "internal":
        console.out.print("Малые числа в нём не скрыты: для служебного пользования, передаётся учредителю.")


def _check(path: Path) -> None:
    from soko.data_sheet.check import problems
    from soko.russian import count

    rows, found = problems(path)
    if found:
        typer.echo(f"Лист данных {path} принять нельзя:")
        for line in found:
            typer.echo(f"  {line}")
        raise typer.Exit(1)
    schools = len({row.school_id for row in rows})
    typer.echo(f"Лист данных {path} верен: {count(len(rows), 'строка')}, {count(schools, 'школа')}.")
