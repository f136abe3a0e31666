"""The command line: Russian text, the contract's exit codes, no traceback for a user's mistake.

Heavy libraries are imported inside the commands that need them: ``soko --help`` must not wait for pandas.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from soko import __version__
from soko.cli_ru import RussianCommand, RussianGroup, explain as wrong_call
from soko.errors import SokoError, UsageError

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


@app.command(cls=RussianCommand)
def report(
    period: PeriodArgument = "",
    note: Annotated[list[str] | None, typer.Option("--note", metavar="СПРАВКА", help="Только эта справка.")] = None,
    workspace: WorkspaceOption = None,
    force: ForceOption = False,
    why: Annotated[bool, typer.Option("--why", help="Сказать, почему каждый шаг выполнен или нет.")] = False,
) -> None:
    """Проверить данные, рассчитать показатели и выпустить справки периода."""
    from soko.run import console, report as run

    place, when = _resolve(workspace, period)
    with console.progress(place) as step:
        outcome = run.report(place, when, notes=note, force=force, step=step)
    console.published(place, when, outcome)
    if why:
        console.reasons(place, outcome)


@app.command(cls=RussianCommand)
def validate(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Только проверить данные: протокол, перечень замечаний, размеченные книги."""
    from soko.run import console, report as run

    place, when = _resolve(workspace, period)
    with console.progress(place) as step:
        outcome = run.validate(place, when, step=step)
    console.validated(place, when, outcome)


@app.command(cls=RussianCommand)
def indicators(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Проверить данные и рассчитать показатели (indicators.csv, .parquet и книга)."""
    from soko.run import console, report as run

    place, when = _resolve(workspace, period)
    with console.progress(place) as step:
        outcome = run.compute(place, when, step=step)
    console.computed(place, when, outcome)


@app.command(cls=RussianCommand)
def explain(
    indicator: Annotated[str, typer.Argument(metavar="ПОКАЗАТЕЛЬ", help="Код показателя из каталога.")],
    class_: Annotated[str, typer.Option("--class", metavar="КЛАСС", help="Только этот класс, например 7А.")] = "",
    grade: Annotated[int | None, typer.Option("--grade", metavar="ЧИСЛО", help="Только эта параллель.")] = None,
    subject: Annotated[str, typer.Option("--subject", metavar="ПРЕДМЕТ", help="Только этот предмет.")] = "",
    level: Annotated[str, typer.Option("--level", metavar="УРОВЕНЬ", help="НОО, ООО или СОО.")] = "",
    school: Annotated[str, typer.Option("--school", metavar="КОД", help="Только эта школа.")] = "",
    period: Annotated[
        str, typer.Option("--period", "-p", metavar="ПЕРИОД", help="Например, 2025-2026/q1; без него – текущий.")
    ] = "",
    rows: Annotated[
        bool, typer.Option("--rows", help="Показать строки под псевдонимами (для внутреннего пользования).")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Объяснить показатель: определение, источники, запрос, числитель, знаменатель и значение."""
    from soko.indicators.explain import explain as explained
    from soko.run import explained as shown

    place, when = _resolve(workspace, period)
    group = {"class": class_, "grade": grade, "subject": subject, "level": level, "school_id": school}
    shown.show(explained(place, when, indicator, rows=rows, **group))


@app.command(cls=RussianCommand)
def verify(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Сверить опубликованные результаты с манифестом: что изменилось после выпуска."""
    from soko.run import console, manifest

    place, when = _resolve(workspace, period)
    difference = manifest.verify(place, when)
    console.verified(when, difference)
    if difference:
        raise typer.Exit(1)


@app.command(cls=RussianCommand)
def inspect(
    file: Annotated[Path, typer.Argument(metavar="ФАЙЛ", help="Выгрузка журнала, РЦОИ, ФИС ОКО, форм; своя таблица.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Показать, как программа понимает файл: описание, столбцы, строки, замечания."""
    from soko.intake import inspect as view
    from soko.workspace import Workspace

    found = view.inspect(file, Workspace.open(workspace))
    typer.echo("\n".join(view.lines(found)))
    if not found.recognised:
        raise typer.Exit(1)


@app.command(cls=RussianCommand)
def status(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Показать по каждому периоду: файлы, проверка, выпуск, актуальность."""
    from soko.run import console, status as state

    place, when = _resolve(workspace, period)
    console.status(state.overview(place, [when] if period else None))


@app.command(cls=RussianCommand)
def confirm(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Подтвердить, что комментарии аналитика верны и при изменившихся числах."""
    from soko.notes import confirm_commentary

    place, when = _resolve(workspace, period)
    sections = confirm_commentary(place, when)
    if not sections:
        typer.echo(f"За период {when.id} нет комментариев, которые ждут подтверждения.")
        return
    typer.echo(f"Подтверждены комментарии за период {when.id}: {', '.join(sections)}.")
    typer.echo(f"Выпустите справку заново: soko report {when.id}")


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
) -> None:
    """Записать шаблоны всех таблиц для заполнения в электронных таблицах, с пояснениями и списками."""
    from soko import forms
    from soko.russian import count
    from soko.workspace import Workspace

    place = Workspace.open(workspace)
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

    place, when = _resolve(workspace, period)
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


def _resolve(workspace: Path | None, period: str) -> tuple[Any, Any]:
    from soko.run.steps import resolve

    return resolve(str(workspace or ""), period)


def _commands() -> list[str]:
    return [str(command.name or getattr(command.callback, "__name__", "")) for command in app.registered_commands]


#: What a shell reports of a program that was ended by Ctrl-C; typer makes this of a KeyboardInterrupt.
_INTERRUPTED = 130


def main() -> NoReturn:
    """Entry point: run the command and turn every error into one clear message and the contract's exit code."""
    try:
        code = app(standalone_mode=False)
    except SokoError as error:
        from soko.run import console

        sys.exit(console.failed(error))
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except Exception as error:
        if hasattr(error, "format_message"):  # click's own errors, whichever copy of click typer carries
            if type(error).__name__ == "NoArgsIsHelpError":
                typer.echo(error.format_message())
                sys.exit(2)
            typer.echo(
                f"Ошибка: {wrong_call(error, _commands())}\nЧто сделать: посмотрите справку – soko --help", err=True
            )
            sys.exit(UsageError.exit_code)
        from soko.run import console

        sys.exit(console.crashed(error))
    if code == _INTERRUPTED:
        typer.echo("\nПрервано. Прежние результаты не изменены.", err=True)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
