"""Sheets of indicators.xlsx beside the values: what has changed by rule, and what has no value and why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from soko.analysis.dynamics import RULES, WORDS
from soko.indicators.catalogue import Catalogue
from soko.indicators.passport import UNITS
from soko.indicators.reasons import sign
from soko.indicators.sheet_parts import ALL, DIMENSIONS, NONE, WIDTHS, complete, cut, natural, value_format, whole
from soko.indicators.sheets import Sheet, Value
from soko.params import PREVIOUS
from soko.periods import Period
from soko.school import School

if TYPE_CHECKING:
    import pandas as pd

DYNAMICS, ABSENT = "Динамика", "Нет значений"
_AGAINST = {True: "предыдущий период", False: "год назад"}
_HEADS = {
    "value": ("Значение", 12),
    "low": ("Интервал, от, %", 12),
    "high": ("Интервал, до, %", 12),
    "against": ("Сравнение", 20),
    "before_period": ("С периодом", 20),
    "before_group": ("Класс или параллель тогда", 14),
    "before_value": ("Было", 12),
    "delta": ("Изменение (доли – п.п.)", 13),
    "delta_people": ("Изменение, чел. (отметок)", 13),
    "p": ("p", 9),
    "verdict": ("Вывод", 16),
    "rule": ("Чем установлено", 18),
    "reason": ("Причина", 10),
}


def dynamics(table: pd.DataFrame, catalogue: Catalogue, school: School, name: str = DYNAMICS) -> Sheet:
    """Changes of the whole school and, where there is an earlier value, by one dimension.

    Finer groups are in dynamics.csv alone: they are too many.
    """
    filled = {dim: table[dim].notna() if dim == "grade" else table[dim] != "" for dim in DIMENSIONS}
    depth = sum(mask.to_numpy(dtype=int) for mask in filled.values())
    own = table[(depth == 0) | ((depth == 1) & table["before_value"].notna())]
    used = [dim for dim in DIMENSIONS if filled[dim][own.index].any()]
    several = own["school_id"].nunique() > 1
    place = {item: at for at, item in enumerate(catalogue.indicators)}
    level_of, short = cache(school.level_of), cache(lambda period: Period.parse(period).short())
    lines: list[tuple[tuple[object, ...], list[Value], str]] = []
    for row in own.astype(object).to_dict("records"):
        item = catalogue[row["indicator"]]
        group = {dim: "" if row[dim] != row[dim] or row[dim] is None else row[dim] for dim in DIMENSIONS}
        dims = [at for at, dim in enumerate(DIMENSIONS) if group[dim] != ""]
        complete(group, level_of)
        why = sign(row["reason"])
        shown: list[Value] = [item.label, item.id, UNITS[item.unit], cut(tuple(dims))]
        shown += [row["school_id"] or "все школы"] if several else []
        shown += [group[dim] if group[dim] != "" else ALL for dim in used]
        shown += [
            whole(row["value"], why or NONE),
            whole(row["low"]),
            whole(row["high"]),
            _AGAINST[row["against"] == PREVIOUS],
            short(row["before_period"]),
            row["before_group"] or NONE,
            whole(row["before_value"], why or NONE),
            whole(row["delta"], why or NONE),
            whole(row["delta_people"]),
            whole(row["p"]),
            WORDS[row["verdict"]],
            RULES[row["rule"]] or NONE,
            why or NONE,
        ]
        keys = (natural(group[dim]) for dim in DIMENSIONS)
        order = (place[item.id], row["against"] != PREVIOUS, row["school_id"], len(dims), *dims, *keys)
        lines.append((order, shown, item.id))
    lines.sort(key=lambda line: line[0])
    first = [("Показатель", 42), ("Код", 26), ("Единица", 10), ("Разрез", 14), *([("Школа", 12)] if several else [])]
    first += [(DIMENSIONS[dim], WIDTHS.get(dim, 30)) for dim in used]
    heads = [*first, *_HEADS.values()]
    at = {key: len(first) + number for number, key in enumerate(_HEADS)}
    formats = {at[key]: ["0.0"] * len(lines) for key in ("low", "high", "delta_people")}
    formats |= {at[key]: [value_format(catalogue[name]) for *_, name in lines]
                for key in ("value", "before_value", "delta")}  # fmt: skip
    formats[at["p"]] = ["0.000"] * len(lines)
    about = "Изменения к предыдущему периоду и к прошлому году: в пунктах и людях, с выводом по правилу"
    return Sheet(name, about, [h for h, _ in heads], [w for _, w in heads], [line for _, line, _ in lines], formats)


def absent(table: pd.DataFrame, name: str = ABSENT) -> Sheet:
    """Indicators of the period without a value for the school: the reason, the tables that lack, who hands them in."""
    several = table["school_id"].nunique() > 1
    rows: list[list[Value]] = []
    for row in table.to_dict("records"):
        shown: list[Value] = [row["name"], row["indicator"], *([row["school_id"]] if several else [])]
        rows.append([*shown, sign(row["reason"]), row["reason_ru"], row["tables"] or NONE, row["owners"] or NONE])
    heads = ["Показатель", "Код", *(["Школа"] if several else []), "Причина", "Что это значит", "Не сдано", "Отвечает"]
    widths = [60, 32, *([12] if several else []), 10, 60, 50, 50]
    return Sheet(name, "Показатели, у которых за период нет значения: почему и за кем таблица", heads, widths, rows)
