"""The note's section on the quality of the data: what validation found, by table and kind, without any value."""

from __future__ import annotations

from collections import Counter

from soko import russian
from soko.errors import ConfigError
from soko.notes.data import NoteData
from soko.publish.blocks import Head, Row, Table
from soko.tables import load_tables

SEVERITY = {"critical": "критическое", "warning": "предупреждение", "info": "к сведению"}
_ORDER = list(SEVERITY)


def counts(data: NoteData) -> dict[str, int]:
    """Findings by severity; empty when the period was not validated."""
    if data.findings is None:
        return {}
    found = data.findings["severity"].value_counts()
    return {name: int(found.get(name, 0)) for name in _ORDER}


def table(data: NoteData) -> Table | None:
    """Findings by table and rule: how many, how grave, who owns the file. None when there are none."""
    if data.findings is None or data.findings.empty:
        return None
    titles, owners, rules = _names(data)
    found = Counter(zip(data.findings["severity"], data.findings["table"], data.findings["rule"], strict=True))
    ordered = sorted(found.items(), key=lambda item: (_ORDER.index(item[0][0]), item[0][1], -item[1], item[0][2]))
    rows = [
        Row(
            cells=[
                titles.get(name, "Файлы"),
                rules.get((name, rule)) or _message(data, rule),
                SEVERITY[severity],
                russian.number(number),
                owners.get(name, ""),
            ]
        )
        for (severity, name, rule), number in ordered
    ]
    return Table(
        caption="Замечания к исходным данным",
        columns=[
            Head(title="Данные", width=1.5),
            Head(title="Замечание или невыполненное правило", width=3),
            Head(title="Важность", width=1.3),
            Head(title="Число", align="decimal", width=0.7),
            Head(title="Кто исправляет", width=1.6),
        ],
        rows=rows,
        notes=["Адреса ячеек – в протоколе проверки данных. Значения персональных граф не приводятся."],
        label="findings",
    )


def _names(data: NoteData) -> tuple[dict[str, str], dict[str, str], dict[tuple[str, str], str]]:
    try:
        tables = load_tables(data.workspace)
    except ConfigError:  # a workspace that only received indicators has no table contracts
        return {}, {}, {}
    titles = {name: table.title for name, table in tables.items()}
    owners = {name: table.owner for name, table in tables.items()}
    rules = {(name, rule.id): rule.title for name, table in tables.items() for rule in table.rules}
    return titles, owners, rules


def _message(data: NoteData, rule: str) -> str:
    """Words for a finding that is not of a table's rule: those of the first one, without its figures' address."""
    assert data.findings is not None
    first = data.findings.loc[data.findings["rule"] == rule, "message_ru"].iloc[0]
    return str(first) or "замечание при чтении файла"
