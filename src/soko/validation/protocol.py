"""The протокол проверки данных: what was checked, what was found, whose it is, what to do. Blocks for a notebook."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from soko import russian
from soko.findings import SEVERITIES
from soko.params import Params
from soko.publish import blocks
from soko.tables import load_tables
from soko.validation import protocol_rows, protocol_tables
from soko.validation.protocol_tables import FIRST
from soko.validation.result import Validation

_TABLE = {"": "файлы периода"}


class Protocol:
    """The sections of the protocol of one validation, each a list of blocks. No value of a personal column in any."""

    def __init__(self, result: Validation) -> None:
        self.result = result
        self.params = Params(result.workspace)
        self.tables = load_tables(result.workspace)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Findings with ``title`` (of the table) and ``owner`` (who answers for the file)."""
        frame = self.result.findings.copy()
        frame["title"] = [self.title(name) for name in frame["table"]]
        frame["owner"] = [self.owner(name) for name in frame["table"]]
        return frame

    def file(self, path: str) -> str:
        """The file below the period's own folder; a file of another folder keeps its whole path."""
        return path.removeprefix(f"{self.result.period.id}/")

    def owner(self, table: str) -> str:
        """Who answers for the table's files: the post, and the name when params/school.yaml gives it."""
        if table in self.tables:
            return self.params.school.owner(table, self.tables[table].owner)
        return self.params.school.owner("data", "ответственный за данные")

    def title(self, table: str) -> str:
        """Russian name of a table; «файлы периода» for findings of no table."""
        return self.tables[table].title if table in self.tables else _TABLE.get(table, table)

    def opening(self) -> list[Any]:
        """Title and approval."""
        school, period = self.params.school, self.result.period
        dates = self.params.dates(period)
        day = self.params.period(period).approved_on or dates.end
        return [
            blocks.Meta(
                title=f"Протокол проверки данных за {period.title()}",
                running_head=f"{school.name_short}. Протокол проверки данных",
                date=day.isoformat(),
                author=school.author.name,
            ),
            blocks.Title(
                school=school.name_full,
                approve=blocks.Signature(post=school.director.post, name=school.director.name),
                title="Протокол проверки данных",
                subtitle=f"за {period.title()} ({russian.day_range(dates.start, dates.end)})",
            ),
        ]

    def verdict(self) -> list[Any]:
        """One sentence: may the data be used."""
        critical, warning, info = (self.result.count(severity) for severity in SEVERITIES)
        if critical:
            text = (
                f"Данные использовать нельзя: {russian.count(critical, 'критическое замечание')}. "
                "Показатели не посчитаны, справки не выпущены; прежние результаты сохранены."
            )
            return [blocks.Callout(kind="concern", title="Вывод", markdown=text)]
        if warning:
            verb = russian.choose(warning, "требует", "требуют")
            text = (
                "Критических замечаний нет, данные пригодны для расчёта показателей. "
                f"{russian.upper_first(russian.count(warning, 'предупреждение'))} {verb} проверки."
            )
            return [blocks.Callout(kind="warning", title="Вывод", markdown=text)]
        tail = f" Есть {russian.count(info, 'замечание')} к сведению." if info else ""
        text = f"Замечаний к данным нет, они пригодны для расчёта показателей.{tail}"
        return [blocks.Callout(kind="strength", title="Вывод", markdown=text)]

    def todo(self) -> list[Any]:
        """What to do now."""
        steps = []
        if self.result.returned:
            folder = self.result.workspace.relative(
                self.result.workspace.private_period(self.result.period) / "returned"
            )
            number = len(self.result.returned)
            steps.append(
                f"Откройте отмеченные книги ({russian.count(number, 'файл')}) в папке возврата `{folder}`. Ячейки с "
                "замечаниями закрашены, к каждой есть примечание; первый лист «Замечания» перечисляет их со ссылками."
                f"{self._besides(number)} В этих файлах есть имена: не пересылайте их по открытым каналам."
            )
        if self.result.is_critical:
            steps.append("Исправьте критические замечания в журнале или в исходном файле и выгрузите его заново.")
        if self.result.count("warning"):
            steps.append("Проверьте предупреждения: если так и есть на самом деле, менять ничего не нужно.")
        if steps:
            folder = self.result.workspace.relative(self.result.workspace.incoming(self.result.period))
            steps.append(f"Положите исправленные файлы в папку периода `{folder}` и повторите проверку.")
        lines = [f"{number}. {text}" for number, text in enumerate(steps, start=1)] or ["Ничего делать не нужно."]
        return [blocks.Prose(markdown="## Что сделать\n\n" + "\n".join(lines))]

    def _besides(self, returned: int) -> str:
        """Why fewer files come back than the table of files names."""
        rest = self.findings.loc[self.findings["file"] != "", "file"].nunique() - returned
        if rest <= 0:
            return ""
        files = f"{russian.number(rest)} {russian.choose(rest, 'файле', 'файлах')}"
        return f" Ещё в {files} отмечать нечего: замечания там ко всему листу или только к сведению."

    def summary(self) -> list[Any]:
        """Findings by severity, and by the person, file and sheet."""
        return protocol_tables.summary(self)

    def details(self, first: int = FIRST) -> list[Any]:
        """The first findings with their addresses; equal messages of a sheet share a line."""
        return protocol_tables.details(self, first)

    def checked(self) -> list[Any]:
        """What was read, and which rules were run or not."""
        return protocol_tables.checked(self)

    def accounted(self) -> list[Any]:
        """Where every row of the files went."""
        return protocol_rows.accounted(self)

    def corrections(self) -> list[Any]:
        """What the ledger of corrections has changed."""
        return protocol_rows.corrections(self)

    def changes(self) -> list[Any]:
        """What intake has put into one form: how often, by table, column and reason."""
        return protocol_tables.changes(self)

    def closing(self) -> list[Any]:
        """Who signs."""
        author = self.params.school.author
        return [blocks.Signatures(lines=[blocks.Signature(post=author.post, name=author.name)])]

    def all(self) -> list[Any]:
        """The whole protocol in order."""
        found = (self.opening, self.verdict, self.todo, self.summary, self.details)
        read = (self.checked, self.accounted, self.corrections, self.changes)
        return [block for part in (*found, *read, self.closing) for block in part()]


def show(items: list[Any]) -> None:
    """Display blocks in a notebook cell."""
    from IPython.display import display

    for item in items:
        display(item)
