"""The tables of the protocol: findings by rule, by file, with addresses; what was read, what was put into one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from soko import russian
from soko.findings import SEVERITIES
from soko.publish import blocks
from soko.publish.blocks import Head, Row, Table
from soko.validation.result import READING
from soko.validation.returned import SEVERITY_RU

if TYPE_CHECKING:
    from soko.validation.protocol import Protocol
    from soko.validation.result import RuleRun

#: So many lines of findings are printed; findings.csv has all.
FIRST = 60
#: So many cells are named in one line.
CELLS = 8
_TEXT_FILES = (".csv", ".tsv", ".txt")


def checked(protocol: Protocol) -> list[Any]:
    """What was read, and which rules were run or not."""
    files = sorted(protocol.result.intake.files, key=lambda item: item.path)
    ran = [rule for rule in protocol.result.rules if not rule.skipped]
    skipped = [rule for rule in protocol.result.rules if rule.skipped]
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
                Head(title="Записей", align="right"),
            ],
            rows=[
                Row(cells=[protocol.file(item.path), _kind(protocol, item), russian.number(item.rows)])
                for item in files
            ],
            notes=["Запись – отметка ведомости («осв» и «зач» тоже, хотя в показатели не входят) или строка списка."],
        )
    )
    if skipped:
        reasons: dict[str, list[RuleRun]] = {}
        for rule in skipped:
            reasons.setdefault(rule.skipped, []).append(rule)
        absent = {rule.table for rule in skipped} - {rule.table for rule in ran}
        result.append(
            Table(
                caption="Правила, которые не применялись",
                columns=[Head(title="Почему", width=2), Head(title="Правила", width=4)],
                rows=[
                    Row(cells=[russian.upper_first(reason), _told(rules, absent)]) for reason, rules in reasons.items()
                ],
            )
        )
    return result


def _told(rules: list[RuleRun], absent: set[str]) -> str:
    """Titles of the rules; of a table that the period has not at all only how many: a term has few tables."""
    titles = [f"«{rule.title}»" for rule in rules if rule.table not in absent]
    whole = sum(rule.table in absent for rule in rules)
    return "; ".join([*([f"все правила этой таблицы ({whole})"] if whole else []), *titles])


def summary(protocol: Protocol) -> list[Any]:
    """Findings by severity, and by the person, file and sheet."""
    result: list[Any] = [blocks.Prose(markdown="## Итоги проверки")]
    if protocol.findings.empty:
        return [*result, blocks.Prose(markdown="Замечаний нет.")]
    counts: dict[tuple[str, str, str], int] = {}
    for key in zip(protocol.findings["severity"], protocol.findings["table"], protocol.findings["rule"], strict=True):
        counts[key] = counts.get(key, 0) + 1
    titles = {(rule.table, rule.rule): rule.title for rule in protocol.result.rules}
    rows: list[Row] = []
    for severity in SEVERITIES:
        total = protocol.result.count(severity)
        if not total:
            continue
        name = {"critical": "Критические", "warning": "Предупреждения", "info": "К сведению"}[severity]
        rows.append(Row(cells=[name, russian.number(total)], kind="total"))
        for (level, table, rule), number in counts.items():
            if level == severity:
                text = titles.get((table, rule)) or READING.get(rule, "чтение файла")
                rows.append(Row(cells=[f"{protocol.title(table)}: {_lower(text)}", russian.number(number)]))
    result.append(
        Table(
            caption="Замечания по важности",
            columns=[Head(title="Что обнаружено", width=6), Head(title="Замечаний", align="right")],
            rows=rows,
        )
    )
    grid = protocol.findings.pivot_table(
        index=["owner", "file", "sheet"], columns="severity", values="rule", aggfunc="count", fill_value=0
    )
    lines = []
    for index, line in grid.iterrows():
        owner, file, sheet = index if isinstance(index, tuple) else (str(index), "", "")
        numbers = [russian.number(int(line.get(severity, 0))) for severity in SEVERITIES]
        place = [protocol.file(file) or "весь период", sheet_shown(file, sheet) or "–"]
        lines.append(Row(cells=[owner, *place, *numbers]))
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


def details(protocol: Protocol, first: int = FIRST) -> list[Any]:
    """The first findings with their addresses; equal messages of a sheet share a line."""
    if protocol.findings.empty:
        return []
    keys = ["severity", "table", "rule", "file", "sheet", "message_ru"]
    groups = list(protocol.findings.groupby(keys, sort=False))
    rows = []
    for number, (key, group) in enumerate(groups[:first], start=1):
        severity, _, _, file, sheet, message = (str(part) for part in key)
        shown = sheet_shown(file, sheet)
        place = ", ".join(
            part for part in (protocol.file(file), f"лист «{shown}»" if shown else "", _cells(group)) if part
        )
        rows.append(Row(cells=[str(number), SEVERITY_RU[severity], place or "весь период", message]))
    notes = []
    if len(groups) > first:
        notes.append(f"Показаны первые {first} из {russian.number(len(groups))}; все – в файле findings.csv.")
    elif len(groups) < len(protocol.findings):
        total = russian.count(len(protocol.findings), "замечание")
        notes.append(f"Одинаковые замечания одного листа записаны одной строкой; всего {total}.")
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


def changes(protocol: Protocol) -> list[Any]:
    """What intake has put into one form: how often, by table, column and reason."""
    frame = protocol.result.intake.changes
    if frame is None or frame.empty:
        return []
    counts = frame.groupby(["table", "column", "why"], sort=True).size()
    rows = []
    for index, number in counts.items():
        table, column, why = index if isinstance(index, tuple) else (str(index), "", "")
        contract = protocol.tables.get(table)
        known = contract is not None and any(item.name == column for item in contract.columns)
        title = contract.column(column).title if contract is not None and known else column
        rows.append(Row(cells=[protocol.title(table), title, why, russian.number(number)]))
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


def sheet_shown(file: str, sheet: str) -> str:
    """The sheet's name; nothing for a text file, which has no sheets."""
    return "" if file.lower().endswith(_TEXT_FILES) else sheet


def _lower(text: str) -> str:
    """The title inside a line: with a small letter, but not an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _kind(protocol: Protocol, item: Any) -> str:
    names = [name for name in str(item.table).replace(",", " ").split() if name]
    return ", ".join(protocol.title(name) for name in names) or "не распознан"


def _cells(group: pd.DataFrame) -> str:
    cells = [cell for cell in group["cell"] if cell]
    if not cells:
        rows = [str(row) for row in group["row"].dropna()]
        return f"{'строка' if len(rows) == 1 else 'строки'} {russian.listing(rows, CELLS)}" if rows else ""
    return f"{'ячейка' if len(cells) == 1 else 'ячейки'} {russian.listing(cells, CELLS)}"
