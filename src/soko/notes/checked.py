"""The note's section on the quality of the data: what validation found, what was corrected; no value of the data."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from soko import russian
from soko.errors import ConfigError
from soko.notes.data import NoteData
from soko.periods import Period
from soko.publish.blocks import Block, Head, Prose, Row, Table
from soko.tables import load_tables

if TYPE_CHECKING:
    import pandas as pd

SEVERITY = {"critical": "критическое", "warning": "предупреждение", "info": "к сведению"}
_ORDER = list(SEVERITY)


def own(data: NoteData, findings: pd.DataFrame) -> pd.DataFrame:
    """Findings about the tables that the note rests on, and about files as such.

    A fault of other tables is not its reader's.
    """
    from soko.notes import telling  # the file of the note names its tables

    return findings[findings["table"].isin(["", *telling.book(data).file.tables])]


def counts(data: NoteData) -> dict[str, int]:
    """Findings by severity; empty when the period was not validated, or when nothing of this note was handed in."""
    from soko.notes import telling

    if data.findings is None:
        return {}
    found = own(data, data.findings)["severity"].value_counts()
    if found.empty and not telling.has_data(data):
        return {}
    return {name: int(found.get(name, 0)) for name in _ORDER}


def table(data: NoteData) -> Table | None:
    """Warnings and critical findings by table and rule: what is wrong, how often, who corrects it. None without any.

    What is only for information stays in the protocol.
    """
    if data.findings is None:
        return None
    everything = data.findings.loc[data.findings["severity"] != "info"]
    grave = own(data, everything)
    if grave.empty:
        return None
    titles, owners, rules = _names(data)
    found = Counter(zip(grave["severity"], grave["table"], grave["rule"], strict=True))
    ordered = sorted(found.items(), key=lambda item: (_ORDER.index(item[0][0]), item[0][1], -item[1], item[0][2]))
    critical = any(severity == "critical" for severity, _, _ in found)
    rows = []
    for (severity, name, rule), number in ordered:
        problem = rules.get((name, rule)) or _message(grave, rule, number)
        cells = [titles.get(name, "Файлы"), f"{problem} ({SEVERITY[severity]})" if critical else problem]
        rows.append(Row(cells=[*cells, russian.number(number), russian.upper_first(owners.get(name, russian.DASH))]))
    notes = ["Адреса ячеек и замечания к сведению – в протоколе проверки данных."]
    if len(everything) > len(grave):  # how many does not matter here, and would change with every other table
        notes.append("Там же – замечания к таблицам, которых эта справка не использует.")
    return Table(
        caption="Замечания к исходным данным",
        columns=[
            Head(title="Данные", width=2),
            Head(title="Что обнаружено", width=3.6),
            Head(title="Число", align="decimal", width=0.8),
            Head(title="Кто исправляет", width=2.2),
        ],
        rows=rows,
        notes=notes,
        label="findings",
    )


def parts(data: NoteData) -> Prose | None:
    """Of a year put together of parts: of which, whose marks, which terms lack; for notes about the whole school."""
    from soko.indicators import combine
    from soko.indicators.taken_facts import YearFacts

    year = data.period
    if data.focus or not data.params.parts(year) or not (data.workspace.clean(year) / "pupils.parquet").is_file():
        return None
    made = combine.opened(data.workspace, year)
    terms = sorted(
        (part for part in made.periods if part != year),
        key=lambda part: (part.year, part.kind == "half", part.index, part.kind),
    )
    own = "папки года и " if year in made.periods else ""
    said = [f"Показатели за год посчитаны по файлам {own}периодов: {', '.join(_term(part, year) for part in terms)}."]
    if whose := YearFacts(made).marks_told:
        said.append(f"{russian.upper_first('; '.join(reversed(whose)))}.")
    if absent := [_term(term, year) for term in made.terms if term not in made.periods]:
        said.append(f"Файлов нет: {', '.join(absent)}.")
    said.append("Замечания к данным периода – в его протоколе; что взято для каждого показателя – в sources.csv.")
    return Prose(markdown=" ".join(said))


def _term(part: Period, year: Period) -> str:
    """«1-я четверть», of another school year with its name."""
    title = part.title("ordinal")
    return title.removesuffix(f" {year.year}/{year.year + 1} учебного года") if year.kind == "year" else title


def corrections(data: NoteData) -> list[Block]:
    """How many values the ledger of corrections has changed, in a sentence and by table and column; empty without any.

    Values, addresses and grounds stay in the protocol, which is not shown to everybody who reads the note.
    """
    if data.corrections is None or data.corrections.empty:
        return []
    tables = load_tables(data.workspace)
    found = Counter(zip(data.corrections["table"], data.corrections["column"], strict=True))
    rows = [
        Row(cells=[tables[name].title, tables[name].column(column).title, russian.number(number)])
        for (name, column), number in sorted(found.items())
    ]
    number = russian.count(len(data.corrections), "значение")
    return [
        Prose(markdown=f"Исправлено по журналу исправлений: {number}; показатели посчитаны с исправлениями."),
        Table(
            caption="Исправления исходных данных",
            columns=[
                Head(title="Данные", width=2),
                Head(title="Столбец", width=2),
                Head(title="Исправлено", align="decimal", width=0.8),
            ],
            rows=rows,
            notes=["Прежние и новые значения, их адреса и основания – в протоколе проверки данных."],
            label="corrections",
        ),
    ]


def _names(data: NoteData) -> tuple[dict[str, str], dict[str, str], dict[tuple[str, str], str]]:
    try:
        tables = load_tables(data.workspace)
    except ConfigError:  # a workspace that only received indicators has no table contracts
        return {}, {}, {}
    titles = {name: table.title for name, table in tables.items()}
    owners = {name: data.params.school.owner(name, table.owner) for name, table in tables.items()}
    rules = {(name, rule.id): rule.title for name, table in tables.items() for rule in table.rules}
    return titles, owners, rules


def _message(grave: pd.DataFrame, rule: str, number: int) -> str:
    """Words for a finding of the reader, which is of no table's rule: its message; its first sentence when many."""
    first = str(grave.loc[grave["rule"] == rule, "message_ru"].iloc[0])
    text = first if number == 1 else re.split(r"(?<=[.!?]) (?=[А-ЯЁ])", first)[0]
    return text.rstrip(".") or "Замечание при чтении файла"
