"""Commands about what may leave the school: look through a folder before it is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from soko.cli_app import WorkspaceOption, app
from soko.cli_ru import RussianCommand


@app.command(cls=RussianCommand)
def scan(
    folder: Annotated[Path, typer.Argument(metavar="ПАПКА", help="Папка (или файл), которую готовите к публикации.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Проверить папку перед публикацией: нет ли в файлах имён, дат рождения, номеров документов, скрытых чисел."""
    from soko.disclosure import leaks, outgoing, told
    from soko.workspace import Workspace

    place = Workspace.open(workspace)
    looked = outgoing.look(place, folder, on=date.today())
    for line in told.lines(looked.found, looked.needles, leaks.counted(folder), looked.cells):
        typer.echo(line)
    if looked.found:
        raise typer.Exit(1)
