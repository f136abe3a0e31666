"""datapackage.json: the contracts of the tables in the terms of the Data Package and Table Schema specifications.

What the contract promises is declared where these data keep it (a list of values, a key, a reference): rows with
warnings stay in clean tables, and a package that its own description calls invalid helps nobody. What they do not keep
is told in the description of the column.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from soko import __version__
from soko.datapackage.csvfile import Written
from soko.datapackage.keys import foreign_keys, primary_key
from soko.periods import Period
from soko.tables import Column, ColumnType, Table

TYPES: dict[ColumnType, str] = {"integer": "integer", "number": "number", "date": "date", "boolean": "boolean"}

#: Columns that the program adds (soko.clean).
_ADDED = {
    "school_id": {"name": "school_id", "title": "Код школы", "type": "string"},
    "grade": {"name": "grade", "title": "Параллель", "type": "integer"},
    "level": {"name": "level", "title": "Уровень образования", "type": "string"},
}
_NOTICE = (
    "Проверенные таблицы внутришкольного мониторинга. Имён и дат рождения здесь нет, люди обозначены псевдонимами; "
    "строки об отдельных людях остаются персональными данными: открыто публиковать пакет нельзя. Апостроф перед "
    "текстом, который начинается с «=», «+», «-» или «@», добавлен, чтобы электронная таблица не приняла "
    "его за формулу."
)


def package(
    school: str, period: Period, contracts: dict[str, Table], data: dict[str, pa.Table], written: dict[str, Written]
) -> dict[str, Any]:
    """The descriptor. Nothing in it depends on when it was written."""
    return {
        "profile": "tabular-data-package",
        "name": f"soko-{period.id.replace('/', '-')}",
        "title": f"{school}: данные за {period.title('accusative')}",
        "description": _NOTICE,
        "version": __version__,
        "licenses": [{"name": "other-closed", "title": "Для служебного пользования школы"}],
        "resources": [_resource(contracts[name], data, written[name]) for name in data],
    }


def _resource(table: Table, data: dict[str, pa.Table], written: Written) -> dict[str, Any]:
    own = data[table.table]
    key = primary_key(table, own)
    schema: dict[str, Any] = {
        "fields": [_field(name, table, own, key) for name in own.column_names],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = key
    if references := foreign_keys(table.table, data):
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": table.table,
        "title": table.title,
        "description": table.description,
        "path": f"{table.table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": schema,
    }


def _field(name: str, table: Table, data: pa.Table, key: list[str]) -> dict[str, Any]:
    column = next((item for item in table.columns if item.name == name), None)
    if column is None:
        return dict(_ADDED[name])
    values = [value for value in data[name].to_pylist() if value is not None]
    is_full = len(values) == len(data)
    is_listed = set(values) <= set(column.values)
    constraints: dict[str, Any] = {}
    if (column.required or name in key) and is_full:
        constraints["required"] = True
    if column.values and is_listed:
        constraints["enum"] = column.values
    field: dict[str, Any] = {"name": name, "title": column.title, "type": TYPES.get(column.type, "string")}
    if told := _told(column, is_full, is_listed):
        field["description"] = told
    if constraints:
        field["constraints"] = constraints
    return field


def _told(column: Column, is_full: bool, is_listed: bool) -> str:
    parts = [
        f"Единица: {column.unit}" if column.unit else "",
        column.note,
        "В части строк не указано" if column.required and not is_full else "",
        f"Принято: {', '.join(column.values)}; есть и другие значения" if column.values and not is_listed else "",
    ]
    return " ".join(part.rstrip(".") + "." for part in parts if part)
