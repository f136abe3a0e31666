"""What a note cannot say: indicators that nobody has handed data for, and who owes them."""

from __future__ import annotations

from soko import russian
from soko.indicators.absent import Missing, missing
from soko.notes.data import NoteData
from soko.publish.blocks import Callout


def lacking(data: NoteData) -> list[Missing]:
    """Indicators of the period that have no row because a table was not handed in."""
    if data.lacking is None:
        found = missing(data.workspace, data.period, data.catalogue)
        data.lacking = [item for item in found if item.indicator not in data.current.indicators]
    return data.lacking


def owed(data: NoteData, ids: list[str]) -> list[tuple[str, str, list[str]]]:
    """Of the indicators ``ids``: (table, who hands it in, labels of what cannot be computed), by table."""
    by_table: dict[str, list[str]] = {}
    owners: dict[str, str] = {}
    for item in lacking(data):
        if item.indicator in ids:
            for table, owner in zip(item.tables, item.owners, strict=True):
                by_table.setdefault(table, []).append(data.catalogue[item.indicator].label)
                owners[table] = data.school.owner(table, owner)
    return [(data.catalogue.tables[name].title, owners[name], labels) for name, labels in by_table.items()]


def callout(data: NoteData, ids: list[str]) -> Callout | None:
    """What is missing and who owes it; None when every table is there."""
    owing = owed(data, ids)
    if not owing:
        return None
    nothing = not any(name in data.current.indicators for name in ids)
    lines = [
        f"- {russian.quote(title)}: сдаёт {russian.lower_first(owner)}; не посчитано: "
        f"{russian.count(len(dict.fromkeys(labels)), 'показатель')} "
        f"({russian.listing(map(russian.lower_first, dict.fromkeys(labels)), 4)})"
        for title, owner, labels in owing
    ]
    return Callout(
        kind="warning",
        title="Данных для справки нет" if nothing else "Сданы не все данные",
        markdown="\n".join(["Не сданы таблицы:" if len(lines) > 1 else "Не сдана таблица:", "", *lines]),
    )
