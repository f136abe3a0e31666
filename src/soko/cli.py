"""The command line: Russian text, the contract's exit codes, no traceback for a user's mistake.

Heavy libraries are imported inside the commands that need them: ``soko --help`` must not wait for pandas.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from soko.cli_app import ForceOption, PeriodArgument, WorkspaceOption, app, resolved
from soko.cli_ru import RussianCommand, explain as wrong_call
from soko.errors import SokoError, UsageError


@app.command(cls=RussianCommand)
def report(
    period: PeriodArgument = "",
    note: Annotated[list[str] | None, typer.Option("--note", metavar="СПРАВКА", help="Только эта справка.")] = None,
    report: Annotated[
        list[str] | None,
        typer.Option("--report", metavar="ДОКЛАД", help="Только этот доклад (по имени тетради)."),
    ] = None,
    workspace: WorkspaceOption = None,
    force: ForceOption = False,
    audience: Annotated[
        str, typer.Option("--audience", metavar="internal|public", help="public – ещё и публичные экземпляры справок.")
    ] = "internal",
    why: Annotated[bool, typer.Option("--why", help="Сказать, почему каждый шаг выполнен или нет.")] = False,
) -> None:
    """Проверить данные, рассчитать показатели и выпустить справки и доклады периода."""
    from soko.run import console, public, report as run, unchanged

    watch = unchanged.Watch(sys.argv[1:])
    if audience not in ("internal", "public"):
        raise UsageError(f"экземпляр «{audience}» неизвестен", todo="укажите internal или public")
    place, when = resolved(workspace, period)
    with console.progress(place) as step:
        outcome = run.report(place, when, notes=note, reports=report, force=force, step=step)
    with console.said() as words:
        console.published(place, when, outcome)
        made = public.instead_of_internal(place, when)
        if audience == "public":
            with console.progress(place) as step:
                made = public.make(place, when, step, force=force)
        if made:
            console.public(place, made, public.left_out(place, when))
        if why:
            console.reasons(place, when, outcome)
    if outcome.unchanged and audience != "public":
        watch.keep("".join(words))


@app.command(cls=RussianCommand)
def validate(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Только проверить данные: протокол, перечень замечаний, размеченные книги."""
    from soko.run import console, report as run

    place, when = resolved(workspace, period)
    with console.progress(place) as step:
        outcome = run.validate(place, when, step=step)
    console.validated(place, when, outcome)


@app.command(cls=RussianCommand)
def indicators(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Проверить данные и рассчитать показатели (indicators.csv, .parquet и книга)."""
    from soko.run import console, report as run

    place, when = resolved(workspace, period)
    with console.progress(place) as step:
        outcome = run.compute(place, when, step=step)
    console.computed(place, when, outcome)


@app.command(cls=RussianCommand)
def verify(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Сверить опубликованные результаты с манифестом: что изменилось после выпуска."""
    from soko.run import console, manifest

    place, when = resolved(workspace, period)
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
def status(
    period: PeriodArgument = "",
    workspace: WorkspaceOption = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Все процедуры учебного года, а не только этого периода.")
    ] = False,
    todo: Annotated[bool, typer.Option("--todo", help="Только то, что ещё не закончено.")] = False,
    machine: Annotated[bool, typer.Option("--json", help="То же для программ.")] = False,
) -> None:
    """Показать, что пришло и выпущено, а по плану мониторинга – сроки и чей сейчас ход."""
    from soko.retention import reminding
    from soko.run import console, status as state, told_plan, told_site
    from soko.site import release

    place, when = resolved(workspace, period)
    overview = state.overview(place, [when] if period and not whole else None)
    planned = state.planned(place, when, whole=whole, todo=todo, known=overview)
    if machine:
        typer.echo(told_plan.as_json(overview, planned, release.on_site(place)))
        return
    console.status(place, overview)
    told_site.status(place)
    reminding.reminders(place)
    told_plan.show(planned)
    told_plan.texts(place, when)
    if when.kind == "calendar":
        from soko.run import told_self_assessment

        told_self_assessment.status(place, when)


@app.command(cls=RussianCommand)
def plan(
    year: Annotated[
        str, typer.Argument(metavar="ГОД", help="Например, 2025-2026; без него – год текущего периода.")
    ] = "",
    workspace: WorkspaceOption = None,
    force: ForceOption = False,
) -> None:
    """Выпустить план мониторинга на учебный год: годовую циклограмму и календарь сроков."""
    from soko.plan import parse_year
    from soko.run import console, planned, told_plan

    place, when = resolved(workspace, "")
    with console.progress(place) as step:
        outcome = planned.publish(place, parse_year(year or when.id), force=force, step=step)
    told_plan.published(outcome)


@app.command("self-assessment", cls=RussianCommand)
def self_assessment(
    year: Annotated[
        str, typer.Argument(metavar="ГОД", help="Календарный год, например 2025; без него – прошедший.")
    ] = "",
    workspace: WorkspaceOption = None,
    force: ForceOption = False,
    why: Annotated[bool, typer.Option("--why", help="Сказать, почему каждый шаг выполнен или нет.")] = False,
) -> None:
    """Выпустить отчёт о самообследовании за календарный год и таблицу показателей приказа № 1324."""
    from soko.periods import Period
    from soko.run import console, self_assessment as run, told_self_assessment

    place, when = resolved(workspace, year)
    if not year:
        when = Period(when.year, "calendar")
    with console.progress(place) as step:
        outcome = run.publish(place, when, force=force, step=step)
    told_self_assessment.published(place, when, outcome)
    if why:
        console.reasons(place, when, outcome)


@app.command(cls=RussianCommand)
def confirm(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Подтвердить, что комментарии аналитика верны и при изменившихся числах."""
    from soko.notes import confirm_commentary

    place, when = resolved(workspace, period)
    sections = confirm_commentary(place, when)
    if not sections:
        typer.echo(f"За период {when.id} нет комментариев, которые ждут подтверждения.")
        return
    typer.echo(f"Подтверждены комментарии за период {when.id}: {', '.join(sections)}.")
    typer.echo(f"Выпустите справку заново: soko report {when.id}")


from soko import cli_disclosure, cli_figures, cli_publish, cli_reports, cli_retention, cli_workspace  # noqa: E402, F401 - their commands stand after these in the help


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
