"""The public table of indicators as a workbook, for readers who have no use for codes and commas.

It is made of the masked CSV and of nothing else; what is hidden there has no number here, and says why.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from soko.errors import FailureError
from soko.indicators.passport import UNITS
from soko.indicators.reasons import Reason
from soko.indicators.sheet_parts import ALL, DIMENSIONS, WIDTHS, value_format, whole
from soko.indicators.sheets import Sheet, Value, save
from soko.periods import Period
from soko.russian import upper_first

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

TABLE = "indicators.csv"
_NUMBERS = ("numerator", "denominator", "value")
# Column of the table → (its head, its width). Columns that are empty throughout are left out.
_COLUMNS = {
    "indicator": ("Код", 26),
    "period": ("Период", 18),
    "school_id": ("Школа", 12),
    **{name: (head, WIDTHS.get(name, 30)) for name, head in DIMENSIONS.items()},
    "numerator": ("Числитель", 12),
    "denominator": ("Знаменатель", 13),
    "value": ("Значение", 12),
    "hidden": ("Почему нет числа", 44),
}


def book(table: Path, catalogue: Catalogue, period: Period, school: str, day: date, why: Mapping[str, Reason]) -> bytes:
    """The workbook of ``table`` (the CSV of the tidy columns and ``hidden``); the same table gives the same bytes.

    ``why``: what the codes of ``hidden`` mean (``soko.indicators.reasons.public``).
    """
    rows = _rows(table)
    columns = [name for name in _COLUMNS if name == "value" or any(row.get(name) for row in rows)]
    heads = ["Показатель", "Единица", *(_COLUMNS[name][0] for name in columns)]
    widths = [44, 10, *(_COLUMNS[name][1] for name in columns)]
    filled = [
        [*_named(row["indicator"], catalogue), *(_cell(name, row.get(name) or "", why) for name in columns)]
        for row in rows
    ]
    title = f"Показатели: {period.title()}"
    about = "Публикуемые показатели; где числа нет, сказано почему"
    formats = {heads.index("Значение"): [_format(row["indicator"], catalogue) for row in rows]} if rows else {}
    sheet = Sheet("Показатели", about, heads, widths, filled, formats)
    return save([sheet], title=upper_first(title), author=school, day=day)


def _rows(table: Path) -> list[dict[str, str]]:
    """The CSV by column, as spreadsheets set to Russian read it (semicolons, decimal commas) or as any other one."""
    with table.open(encoding="utf-8-sig", newline="") as stream:
        head = stream.readline()
        stream.seek(0)
        found = list(csv.DictReader(stream, delimiter=";" if ";" in head else ","))
    if found and "indicator" not in found[0]:
        raise FailureError("в публичной таблице показателей нет столбца indicator", where=table.name)
    schools = {row.get("school_id") or "" for row in found} - {""}
    return _once(found) if len(schools) == 1 else found


def _once(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of a workspace with one school: each figure once, although it may stand there as of all schools too.

    Classes stand only as those of their school.
    """
    once: dict[tuple[str, ...], dict[str, str]] = {}
    for row in found:
        key = tuple(row.get(name) or "" for name in ("period", "indicator", *DIMENSIONS))
        once.setdefault(key, {**row, "school_id": ""})
    return list(once.values())


def _named(indicator: str, catalogue: Catalogue) -> list[Value]:
    if indicator not in catalogue.indicators:
        return [indicator, ""]
    item = catalogue[indicator]
    return [item.label, UNITS[item.unit]]


def _format(indicator: str, catalogue: Catalogue) -> str:
    return value_format(catalogue[indicator]) if indicator in catalogue.indicators else "General"


def _cell(name: str, text: str, why: Mapping[str, Reason]) -> Value:
    if name in _NUMBERS and text:
        return whole(float(text.replace(",", ".")))
    if name in DIMENSIONS:
        return text or ALL
    if name == "hidden":
        return why[text].text if text in why else text
    if name == "period":
        return Period.parse(text).short() if text else ""
    return text
