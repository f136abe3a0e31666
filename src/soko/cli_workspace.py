"""Commands about the workspace itself: make one, its forms and packages, the demo school, JupyterLab."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from soko.cli_app import PeriodArgument, WorkspaceOption, app, resolved
from soko.cli_ru import RussianCommand


@app.command(cls=RussianCommand)
def init(target: Annotated[Path, typer.Argument(metavar="ПАПКА", help="Новая рабочая папка школы.")]) -> None:
    """Создать рабочую папку для своей школы: настройки, описания таблиц, показатели."""
    from soko import scaffold

    written = scaffold.init(target)
    typer.echo(f"Создана рабочая папка {target} (файлов: {len(written)}). Дальше:")
    typer.echo("  1. впишите сведения о школе в params/school.yaml;")
    typer.echo("  2. положите файлы периода в data/incoming/2025-2026/q1 (или другой период);")
    typer.echo(f"  3. выполните soko report 2025-2026/q1 --workspace {target}")


@app.command(cls=RussianCommand)
def templates(
    target: Annotated[
        Path | None, typer.Argument(metavar="ПАПКА", help="Куда записать; без неё – в папку результатов.")
    ] = None,
    workspace: WorkspaceOption = None,
    reference: Annotated[bool, typer.Option("--reference", help="Вместо этого – образец оформления справок.")] = False,
) -> None:
    """Записать шаблоны всех таблиц для заполнения в электронных таблицах, с пояснениями и списками."""
    from soko import forms
    from soko.russian import count
    from soko.workspace import Workspace

    place = Workspace.open(workspace)
    if reference:
        from soko.params import Params
        from soko.publish import word_sample

        path = word_sample.write_reference(place.params / "templates", school=Params(place).school.name_short)
        typer.echo(f"Записано: {place.relative(path)}.")
        typer.echo("Измените в нём стили, поля, колонтитулы и выпустите справки заново.")
        return
    folder = target or place.root / "outputs" / "templates"
    written = forms.write_all(place, folder)
    typer.echo(f"Записано: {count(len(written), 'шаблон')}, папка {place.relative(folder)}.")
    typer.echo("Заполненный файл положите в папку периода, например data/incoming/2025-2026/q1.")


@app.command(cls=RussianCommand)
def export(
    period: PeriodArgument = "",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="ПАПКА", help="Куда записать; без неё – в папку данных.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Выгрузить проверенные таблицы периода (без имён) для других программ: пакет данных с описанием."""
    from soko import datapackage
    from soko.russian import count

    place, when = resolved(workspace, period)
    folder, tables = datapackage.export(place, when, to)
    typer.echo(f"Выгружено: {count(len(tables), 'таблица')}, папка {place.relative(folder)}.")
    typer.echo("Имён в пакете нет, но строки об отдельных людях остались: это не открытые данные.")


@app.command(cls=RussianCommand)
def demo(
    target: Annotated[Path, typer.Argument(metavar="ПАПКА", help="Куда записать демонстрационную школу.")],
    seed: Annotated[int, typer.Option("--seed", metavar="ЧИСЛО", help="Начальное число генератора.")] = 2025,
) -> None:
    """Создать рабочую папку с вымышленной школой: два учебных года файлов, как они бывают в школах."""
    from soko import scaffold

    scaffold.demo(target, seed)
    typer.echo(f"Демонстрационная школа записана в {target}. Дальше: soko report --workspace {target}")


@app.command(cls=RussianCommand)
def lab(workspace: WorkspaceOption = None) -> None:
    """Открыть тетради рабочей папки в JupyterLab."""
    from soko.workspace import Workspace

    place = Workspace.open(workspace)
    folder = place.notebooks if place.notebooks.is_dir() else place.root
    os.environ["SOKO_WORKSPACE"] = str(place.root)
    # JupyterLab asks the network for news, updates and extensions by itself; a school's data machine must not.
    offline = [
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(folder), *offline, *root])
