"""The command line's own object, and what its commands share: the period, the workspace, the version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from soko import __version__
from soko.cli_ru import RussianGroup

app = typer.Typer(
    name="soko",
    cls=RussianGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="СОКО: мониторинг качества образования школы. Данные периода – проверка, показатели, аналитические справки.",
)

PeriodArgument = Annotated[
    str, typer.Argument(metavar="ПЕРИОД", help="Например, 2025-2026/q1; без него – текущий период школы.")
]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="ПАПКА", envvar="SOKO_WORKSPACE", help="Рабочая папка школы."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Рассчитать заново, даже если ничего не изменилось.")]


def _version(show: bool) -> None:
    if show:
        typer.echo(f"soko {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Показать версию и выйти.")
    ] = False,
) -> None: ...


def resolved(workspace: Path | None, period: str) -> tuple[Any, Any]:
    """The workspace and the period; empty means the nearest one and its current period."""
    from soko.run.steps import resolve

    return resolve(str(workspace or ""), period)
