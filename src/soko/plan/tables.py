"""Tables of the plan: the scheme by months, the calendar of deadlines, the files owed, the procedures in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from soko import russian
from soko.params import Params
from soko.periods import Period
from soko.plan import words
from soko.plan.model import Plan, Procedure
from soko.plan.schedule import Task, files_owed, periods
from soko.publish.blocks import Head, Row, Table
from soko.school import School

if TYPE_CHECKING:
    from soko.indicators import Catalogue
    from soko.tables import Table as Contract

_YEAR = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)


def scheme(plan: Plan, tasks: list[Task], caption: str) -> Table:
    """Procedures by object against the months from September on; a cell holds the days of the documents' dates."""
    days: dict[tuple[int, int], set[int]] = {}
    for task in tasks:
        days.setdefault((task.number, task.due.month), set()).add(task.due.day)
    most = {month: max((len(found) for (_, at), found in days.items() if at == month), default=0) for month in _YEAR}
    # Months are as wide as their days, so that most names have one line.
    columns = [Head(title="№", align="right", width=1.0), Head(title="Процедура", width=24.0)] + [
        Head(title=words.MONTHS[month - 1], align="center", group="К какому числу", width=max(1.2, 0.9 * most[month]))
        for month in _YEAR
    ]
    rows: list[Row] = []
    for title, members in by_object(plan):
        rows.append(Row(cells=[title], kind="section"))
        for number, item in members:
            cells = [", ".join(map(str, sorted(days.get((number, month), ())))) for month in _YEAR]
            rows.append(Row(cells=[str(number), words.procedure(item), *cells]))
    notes = ["В клетке месяца – числа, к которым готовы документы процедуры."]
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label="scheme", landscape=True)


def calendar(plan: Plan, school: School, tasks: list[Task], year: int) -> Table:
    """Month by month: what is ready by when, which procedures it covers, who answers."""
    rows: list[Row] = []
    for (_, month), of_month in groupby(tasks, key=lambda task: (task.due.year, task.due.month)):
        listed = list(of_month)
        rows.append(Row(cells=[f"{words.MONTH_TITLES[month - 1]} {listed[0].due.year}"], kind="section"))
        for document, shared in by_document(listed):
            about = plan.documents[document[0]]
            who = dict.fromkeys(name for task in shared for name in words.people(school, task.procedure))
            rows.append(
                Row(
                    cells=[
                        f"{shared[0].due:%d.%m.%Y}",
                        words.document(about, document[1], year),
                        words.numbers(task.number for task in shared),
                        "; ".join(who),
                        about.after or russian.DASH,
                    ]
                )
            )
    columns = [
        Head(title="Срок", width=1.1),
        Head(title="Документ", width=3.2),
        Head(title="Процедуры", unit="№", width=1.2),
        Head(title="Кто отвечает", width=3),
        Head(title="Где рассматривают", width=1.8),
    ]
    return Table(caption="Какие документы к какому дню готовы", columns=columns, rows=rows, label="calendar")


def files(contracts: dict[str, Contract], school: School, tasks: list[Task], year: int) -> Table:
    """Who hands in which files by when, a section a person; of several dates in a period the first."""
    owed: dict[str, dict[str, list[str]]] = {}
    for (name, period), when in files_owed(tasks).items():
        table = contracts[name]
        by_table = owed.setdefault(words.owner(school, name, table.owner), {})
        by_table.setdefault(table.title, []).append(f"{when:%d.%m.%Y} ({words.brief(period, year)})")
    rows: list[Row] = []
    for who in sorted(owed):
        rows.append(Row(cells=[who], kind="section"))
        rows += [Row(cells=[title, ", ".join(dates)]) for title, dates in sorted(owed[who].items())]
    columns = [Head(title="Файлы", width=2), Head(title="К какому дню (за какой период)", width=4)]
    return Table(caption="Кто и к какому дню сдаёт файлы", columns=columns, rows=rows, label="files")


def procedures(plan: Plan, params: Params, catalogue: Catalogue, year: int) -> Table:
    """Every procedure in full: indicators, files, methods, form, how often, who answers, level, document."""
    rows: list[Row] = []
    for title, members in by_object(plan):
        rows.append(Row(cells=[title], kind="section"))
        for number, item in members:
            rows.append(
                Row(
                    cells=[
                        str(number),
                        f"{words.procedure(item)} ({item.clause.replace('п. ', f'п.{russian.NBSP}')})",
                        _listed(catalogue[name].name for name in item.indicators),
                        _listed(catalogue.tables[name].title for name in item.tables)
                        + f"\nМетоды: {', '.join(item.methods)}",
                        f"{russian.upper_first(plan.forms[item.form])}: {often(item, params, year)}"
                        + f"\n{plan.documents[item.document].title}",
                        "; ".join(words.people(params.school, item))
                        + f"\nУровень: {', '.join(plan.levels[name] for name in item.levels)}",
                    ]
                )
            )
    columns = [
        Head(title="№", align="right", width=0.5),
        Head(title="Процедура", width=3),
        Head(title="Показатели", width=4.4),
        Head(title="Данные и методы", width=2.7),
        Head(title="Форма, периодичность, документ", width=2.8),
        Head(title="Кто отвечает и уровень", width=2.8),
    ]
    caption = "Что, чем, как часто, кто и с каким документом"
    return Table(caption=caption, columns=columns, rows=rows, label="procedures", landscape=True)


def _listed(titles: Iterable[str]) -> str:
    return russian.upper_first("; ".join(map(russian.lower_first, titles)))


def often(item: Procedure, params: Params, year: int) -> str:
    """For which periods the procedure is held: «каждая четверть, учебный год»."""
    every = {"term": words.EVERY[params.school.terms], "half": words.EVERY["half"]}
    said: list[str] = []
    for occasion in item.occasions:
        meant = periods(occasion, params, year)
        whole = occasion.period == "term" or all(period.kind == "half" for period in meant)
        if occasion.period in every and whole:
            said.append(every[occasion.period])
        else:
            said += [words.brief(period, year) for period in meant]
    return ", ".join(dict.fromkeys(said))


def by_object(plan: Plan) -> Iterator[tuple[str, list[tuple[int, Procedure]]]]:
    """Objects that have procedures, in the plan's order, with the numbered procedures."""
    for key, title in plan.objects.items():
        members = [(number, item) for number, item in enumerate(plan.procedures, start=1) if item.object == key]
        if members:
            yield title, members


def by_document(tasks: list[Task]) -> Iterator[tuple[tuple[str, Period], list[Task]]]:
    """Tasks that end in one document, in the order of the dates."""
    shared: dict[tuple[str, Period], list[Task]] = {}
    for task in tasks:
        shared.setdefault(task.document, []).append(task)
    yield from shared.items()
