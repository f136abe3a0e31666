"""Commands about figures: explain one, fill the history of earlier periods."""

from __future__ import annotations

from typing import Annotated

import typer

from soko.cli_app import PeriodArgument, WorkspaceOption, app, resolved
from soko.cli_ru import RussianCommand


@app.command(cls=RussianCommand)
def explain(
    indicator: Annotated[str, typer.Argument(metavar="ПОКАЗАТЕЛЬ", help="Код показателя из каталога.")],
    class_: Annotated[str, typer.Option("--class", metavar="КЛАСС", help="Только этот класс, например 7А.")] = "",
    grade: Annotated[int | None, typer.Option("--grade", metavar="ЧИСЛО", help="Только эта параллель.")] = None,
    subject: Annotated[str, typer.Option("--subject", metavar="ПРЕДМЕТ", help="Только этот предмет.")] = "",
    level: Annotated[str, typer.Option("--level", metavar="УРОВЕНЬ", help="НОО, ООО или СОО.")] = "",
    sex: Annotated[str, typer.Option("--sex", metavar="ПОЛ", help="м, ж или «не указано».")] = "",
    teacher: Annotated[
        str, typer.Option("--teacher", metavar="ПСЕВДОНИМ", help="Только этот учитель (для внутреннего пользования).")
    ] = "",
    item: Annotated[
        str, typer.Option("--item", metavar="ПРИЗНАК", help="Что различает сам показатель: уровень конкурса, анкета.")
    ] = "",
    school: Annotated[str, typer.Option("--school", metavar="КОД", help="Только эта школа.")] = "",
    period: Annotated[
        str, typer.Option("--period", "-p", metavar="ПЕРИОД", help="Например, 2025-2026/q1; без него – текущий.")
    ] = "",
    rows: Annotated[
        bool, typer.Option("--rows", help="Показать строки под псевдонимами (для внутреннего пользования).")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Объяснить показатель: определение, источники, запрос, части, значение, интервал, сравнение."""
    from soko.indicators.explain import explain as explained
    from soko.run import explained as shown

    place, when = resolved(workspace, period)
    group = {"class": class_, "grade": grade, "subject": subject, "level": level, "school_id": school}
    group |= {"sex": sex, "teacher": teacher, "item": item}
    shown.show(explained(place, when, indicator, rows=rows, **group))


@app.command(cls=RussianCommand)
def history(period: PeriodArgument = "", workspace: WorkspaceOption = None) -> None:
    """Рассчитать показатели прежних периодов того же вида, чтобы в справке был ряд, а не два значения."""
    from soko.run import console, earlier

    place, when = resolved(workspace, period)
    with console.progress(place) as step:
        found = earlier.fill(place, when, step)
    for line in earlier.lines(when, found):
        typer.echo(line)
