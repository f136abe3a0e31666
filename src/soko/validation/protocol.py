"""The протокол проверки данных: what was checked, what was found, whose it is, what to do. Blocks for a notebook."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from soko import russian
from soko.findings import SEVERITIES
from soko.params import Params
from soko.publish import blocks
from soko.publish.blocks import Head, Row, Table
from soko.tables import load_tables
from soko.validation.result import Validation
from soko.validation.returned import SEVERITY_RU

#: So many lines of findings are printed; findings.csv has all.
FIRST = 60
#: So many cells are named in one line.
CELLS = 8

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
        frame["title"] = [self._title(name) for name in frame["table"]]
        frame["owner"] = [self.owner(name) for name in frame["table"]]
        return frame

    def _file(self, path: str) -> str:
        """The file below the period's own folder; a file of another folder keeps its whole path."""
        return path.removeprefix(f"{self.result.period.id}/")

    def owner(self, table: str) -> str:
        """Who answers for the table's files: the post, and the name when params/school.yaml gives it."""
        school = self.params.school
        person = school.responsible.get(table) or (None if table in self.tables else school.responsible.get("data"))
        if person is not None:
            return f"{person.post} ({person.name})"
        return russian.upper_first(self.tables[table].owner) if table in self.tables else "Ответственный за данные"

    def _title(self, table: str) -> str:
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

    def checked(self) -> list[Any]:
        """What was read, and which rules were run or not."""
        files = sorted(self.result.intake.files, key=lambda item: item.path)
        ran = [rule for rule in self.result.rules if not rule.skipped]
        skipped = [rule for rule in self.result.rules if rule.skipped]
        text = (
            f"## Что проверено\n\nПрочитано: {russian.count(len(files), 'файл')}. "
            f"Применено: {russian.count(len(ran), 'правило')}"
            + (f"; не применялось: {russian.count(len(skipped), 'правило')}." if skipped else ".")
        )
        result: list[Any] = [blocks.Prose(markdown=text)]
        result.append(
            Table(
                caption="Прочитанные файлы",
                columns=[
                    Head(title="Файл", width=5),
                    Head(title="Что это", width=3),
                    Head(title="Строк", align="right"),
                ],
                rows=[
                    Row(cells=[self._file(item.path), self._kind(item), russian.number(item.rows)]) for item in files
                ],
            )
        )
        if skipped:
            reasons: dict[str, list[str]] = {}
            for rule in skipped:
                reasons.setdefault(rule.skipped, []).append(f"«{rule.title}»")
            result.append(
                Table(
                    caption="Правила, которые не применялись",
                    columns=[Head(title="Почему", width=2), Head(title="Правила", width=4)],
                    rows=[
                        Row(cells=[russian.upper_first(reason), "; ".join(titles)])
                        for reason, titles in reasons.items()
                    ],
                )
            )
        return result

    def _kind(self, item: Any) -> str:
        names = [name for name in str(item.table).replace(",", " ").split() if name]
        return ", ".join(self._title(name) for name in names) or "не распознан"

    def summary(self) -> list[Any]:
        """Findings by severity, and by the person, file and sheet."""
        result: list[Any] = [blocks.Prose(markdown="## Итоги проверки")]
        if self.findings.empty:
            return [*result, blocks.Prose(markdown="Замечаний нет.")]
        counts: dict[tuple[str, str, str], int] = {}
        for key in zip(self.findings["severity"], self.findings["table"], self.findings["rule"], strict=True):
            counts[key] = counts.get(key, 0) + 1
        titles = {(rule.table, rule.rule): rule.title for rule in self.result.rules}
        rows: list[Row] = []
        for severity in SEVERITIES:
            total = self.result.count(severity)
            if not total:
                continue
            name = {"critical": "Критические", "warning": "Предупреждения", "info": "К сведению"}[severity]
            rows.append(Row(cells=[name, russian.number(total)], kind="total"))
            for (level, table, rule), number in counts.items():
                if level == severity:
                    text = titles.get((table, rule), "Чтение файла")
                    rows.append(Row(cells=[f"{self._title(table)}: {text}", russian.number(number)]))
        result.append(
            Table(
                caption="Замечания по важности",
                columns=[Head(title="Что проверялось", width=6), Head(title="Замечаний", align="right")],
                rows=rows,
            )
        )
        grid = self.findings.pivot_table(
            index=["owner", "file", "sheet"], columns="severity", values="rule", aggfunc="count", fill_value=0
        )
        lines = []
        for index, line in grid.iterrows():
            owner, file, sheet = index if isinstance(index, tuple) else (str(index), "", "")
            numbers = [russian.number(int(line.get(severity, 0))) for severity in SEVERITIES]
            lines.append(Row(cells=[owner, self._file(file) or "весь период", sheet or "–", *numbers]))
        result.append(
            Table(
                caption="Замечания по ответственным, файлам и листам",
                columns=[
                    Head(title="Кто отвечает за файл", width=3),
                    Head(title="Файл", width=4),
                    Head(title="Лист", width=1.3),
                    Head(title="Критических", align="right"),
                    Head(title="Предупреждений", align="right"),
                    Head(title="К сведению", align="right"),
                ],
                rows=lines,
            )
        )
        return result

    def details(self, first: int = FIRST) -> list[Any]:
        """The first findings with their addresses; equal messages of a sheet share a line."""
        if self.findings.empty:
            return []
        keys = ["severity", "table", "rule", "file", "sheet", "message_ru"]
        groups = list(self.findings.groupby(keys, sort=False))
        rows = []
        for number, (key, group) in enumerate(groups[:first], start=1):
            severity, _, _, file, sheet, message = (str(part) for part in key)
            place = ", ".join(
                part for part in (self._file(file), f"лист «{sheet}»" if sheet else "", _cells(group)) if part
            )
            rows.append(Row(cells=[str(number), SEVERITY_RU[severity], place or "весь период", message]))
        notes = []
        if len(groups) > first:
            notes.append(f"Показаны первые {first} из {russian.number(len(groups))}; все – в файле findings.csv.")
        table = Table(
            caption="Замечания с адресами",
            columns=[
                Head(title="№", align="right", width=0.4),
                Head(title="Важность", width=1.2),
                Head(title="Где", width=2.4),
                Head(title="Замечание", width=4.5),
            ],
            rows=rows,
            notes=notes,
        )
        return [blocks.Prose(markdown="## Замечания"), table]

    def todo(self) -> list[Any]:
        """What to do now."""
        steps = []
        if self.result.returned:
            folder = self.result.workspace.relative(
                self.result.workspace.private_period(self.result.period) / "returned"
            )
            steps.append(
                f"Откройте отмеченные книги: {folder} ({russian.count(len(self.result.returned), 'файл')}). Ячейки с "
                "замечаниями закрашены, к каждой есть примечание; первый лист «Замечания» перечисляет их со ссылками. "
                "В этих файлах есть имена: не пересылайте их по открытым каналам."
            )
        if self.result.is_critical:
            steps.append("Исправьте критические замечания в журнале или в исходном файле и выгрузите его заново.")
        if self.result.count("warning"):
            steps.append("Проверьте предупреждения: если так и есть на самом деле, менять ничего не нужно.")
        if steps:
            steps.append(f"Положите исправленные файлы в data/incoming/{self.result.period.id} и повторите проверку.")
        lines = [f"{number}. {text}" for number, text in enumerate(steps, start=1)] or ["Ничего делать не нужно."]
        return [blocks.Prose(markdown="## Что сделать\n\n" + "\n".join(lines))]

    def changes(self) -> list[Any]:
        """What intake has put into one form: how often, by table, column and reason."""
        frame = self.result.intake.changes
        if frame is None or frame.empty:
            return []
        counts = frame.groupby(["table", "column", "why"], sort=True).size()
        rows = []
        for index, number in counts.items():
            table, column, why = index if isinstance(index, tuple) else (str(index), "", "")
            contract = self.tables.get(table)
            known = contract is not None and any(item.name == column for item in contract.columns)
            title = contract.column(column).title if contract is not None and known else column
            rows.append(Row(cells=[self._title(table), title, why, russian.number(number)]))
        return [
            blocks.Prose(markdown="## Приведено к единой записи\n\nСами файлы не изменены."),
            Table(
                caption="Приведение значений к единой записи",
                columns=[
                    Head(title="Таблица", width=2),
                    Head(title="Столбец", width=2),
                    Head(title="Что сделано", width=4),
                    Head(title="Значений", align="right"),
                ],
                rows=rows,
            ),
        ]

    def closing(self) -> list[Any]:
        """Who signs."""
        author = self.params.school.author
        return [blocks.Signatures(lines=[blocks.Signature(post=author.post, name=author.name)])]

    def all(self) -> list[Any]:
        """The whole protocol in order."""
        parts = (self.opening, self.verdict, self.todo, self.summary, self.details, self.checked, self.changes)
        return [block for part in (*parts, self.closing) for block in part()]


def _cells(group: pd.DataFrame) -> str:
    cells = [cell for cell in group["cell"] if cell]
    if not cells:
        rows = [str(row) for row in group["row"].dropna()]
        return f"{'строка' if len(rows) == 1 else 'строки'} {russian.listing(rows, CELLS)}" if rows else ""
    return f"{'ячейка' if len(cells) == 1 else 'ячейки'} {russian.listing(cells, CELLS)}"


def show(items: list[Any]) -> None:
    """Display blocks in a notebook cell."""
    from IPython.display import display

    for item in items:
        display(item)
