"""indicators.xlsx: the values of a period for people. A cover with links, definitions, signs, then a sheet a criterion.

Figures by teacher are left out: they are nobody's business but the internal notes', and two thirds of all rows.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from soko.indicators import absent, dynamics, dynamics_sheet, taken
from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.model import Indicator
from soko.indicators.output import read
from soko.indicators.passport import UNITS
from soko.indicators.reasons import NO_DATA, NOT_APPLICABLE
from soko.indicators.sheet_parts import (
    ALL,
    DIMENSIONS,
    SIGNS,
    WIDTHS,
    complete,
    cut,
    natural,
    parts_format,
    value_format,
    whole,
)
from soko.indicators.sheets import Sheet, Value, names, save
from soko.params import Params
from soko.periods import Period
from soko.school import School
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

NAME = "indicators.xlsx"
_BETTER = {"up": "больше – лучше", "down": "меньше – лучше", "none": "–"}
_COVER, _DEFINITIONS, _SIGNS, _TAKEN = "Обложка", "Пояснения", "Обозначения", "Источники данных"
_FIRST = (_COVER, _DEFINITIONS, _SIGNS, _TAKEN, dynamics_sheet.DYNAMICS, dynamics_sheet.ABSENT)


def write(workspace: Workspace, period: Period, folder: Path) -> Path:
    """Write ``folder``/indicators.xlsx from the .parquet files of ``folder``; return its path."""
    path, frame = folder / NAME, read(folder / "indicators.parquet")
    path.write_bytes(build(workspace, period, frame, dynamics.read(folder), taken.read(folder)))
    return path


def build(
    workspace: Workspace,
    period: Period,
    frame: pd.DataFrame,
    changes: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
) -> bytes:
    """The workbook of the tidy table ``frame``.

    ``changes`` are its dynamics, where there is anything to compare; ``sources`` what a year of parts was taken from.
    """
    catalogue, params = load_catalogue(workspace, bind=False), Params(workspace)
    missing = absent.table(workspace, period, frame, catalogue)
    frame = frame[frame["teacher"] == ""]
    several = frame.loc[frame["school_id"] != "", "school_id"].nunique() > 1
    if not several:  # the rows «of all schools» repeat those of the only one
        frame = frame[frame["school_id"] != ""]
    items = catalogue.for_period(period)
    found = {path.stem for path in workspace.clean(period).glob("*.parquet")}
    nowhere = set(sources.loc[sources["periods"] == "", "indicator"]) if sources is not None else set()
    computed = set(frame["indicator"])
    criteria = list(dict.fromkeys(item.criterion or "Прочее" for item in items))
    without = {
        item.id: (NO_DATA if item.id in nowhere or absent.lacks(catalogue, item, found) else NOT_APPLICABLE).sign
        for item in items
        if item.id not in computed
    }
    sheets = []
    for criterion, name in zip(criteria, names([*_FIRST, *criteria])[len(_FIRST) :], strict=True):
        own = [item for item in items if (item.criterion or "Прочее") == criterion]
        sheets.append(_values(name, criterion, own, frame, without, params.school, several))
    first = [_definitions(catalogue, items, params.school), _signs()]
    if sources is not None:
        first.append(_taken(sources, period))
    if changes is not None and len(changes):
        first.append(dynamics_sheet.dynamics(changes, catalogue, params.school))
    if len(missing):
        first.append(dynamics_sheet.absent(missing))
    sheets = [*first, *sheets]
    title = "Показатели качества образования"
    cover = _cover(title, period.title(), params.school, sheets)
    return save(
        [cover, *sheets],
        title=f"{title}: {period.title()}",
        author=params.school.name_short,
        day=params.dates(period).end,
    )


def _cover(title: str, period: str, school: School, sheets: list[Sheet]) -> Sheet:
    """Title, school, period, what it is, and the contents; every name leads to its sheet."""
    rows: list[list[Value]] = [
        ["Школа", school.name_full],
        ["Период", period],
        ["Что это", "Значения показателей с числителями и знаменателями; округлены только при показе."],
        ["Листы", "Названия листов – ссылки."],
    ]
    links = {len(rows) + at: sheet.name for at, sheet in enumerate(sheets)}
    rows += [[sheet.name, sheet.about] for sheet in sheets]
    return Sheet(_COVER, title, [title], [34, 100], rows, links=links)


def _definitions(catalogue: Catalogue, items: list[Indicator], school: School) -> Sheet:
    """What each indicator means."""
    rows: list[list[Value]] = []
    for item in items:
        tables = [catalogue.tables[name] for name in catalogue.tables_of(item.id)]
        source = "; ".join(f"{table.title} ({school.owner(table.table, table.owner)})" for table in tables)
        target = catalogue.target(item.id)
        rows.append(
            [
                item.id,
                item.name,
                item.clause or "решение школы",
                item.formula,
                catalogue.base(item.id),
                UNITS[item.unit],
                _BETTER[item.better],
                "–" if target is None else target,
                source,
            ]
        )
    heads = ["Код", "Показатель", "Основание", "Формула", "База", "Единица", "Направление", "Цель", "Источник"]
    formats = {7: ["General"] * len(rows)}
    about = "Определения: формула, база, единица, направление, источник и кто за него отвечает"
    return Sheet(_DEFINITIONS, about, heads, [26, 40, 22, 60, 60, 10, 16, 8, 60], rows, formats)


def _signs() -> Sheet:
    return Sheet(_SIGNS, "Что значат слова и сокращения вместо чисел", ["Обозначение", "Значение"], [16, 90], SIGNS)


def _taken(sources: pd.DataFrame, period: Period) -> Sheet:
    """A year of parts: what each figure rests on, and what was not there."""
    days = ("as_of", "date_from", "date_to")
    rows: list[list[Value]] = [
        [
            row["indicator"], row["name"], taken.rule(row["rule"], period), row["title"], row["periods"],
            *(f"{date.fromisoformat(row[key]):%d.%m.%Y}" if row[key] else "" for key in days),
            int(row["rows"]), row["remark"], row["source"],
        ]
        for row in sources.to_dict("records")
    ]  # fmt: skip
    heads = ["Код", "Показатель", "Правило", "Таблица", "Периоды", "По состоянию на", "С", "По", "Строк", "Пояснение",
             "Основание правила"]  # fmt: skip
    kind = "Учебный" if period.kind == "year" else "Календарный"
    about = f"{kind} год: из каких периодов и на какую дату взято каждое значение, чего не было"
    return Sheet(_TAKEN, about, heads, [26, 40, 26, 30, 30, 13, 12, 12, 9, 70, 50], rows)


def _values(
    name: str, about: str, items: list[Indicator], frame: pd.DataFrame, without: dict[str, str], school: School,
    several: bool,
) -> Sheet:  # fmt: skip
    """Every value of a criterion: a row an indicator and a group, from the school down to classes and subjects."""
    place = {item.id: at for at, item in enumerate(items)}
    own = frame[frame["indicator"].isin(place)]
    used = [dim for dim in DIMENSIONS if (own[dim].notna() if dim == "grade" else own[dim] != "").any()]
    columns = [own[dim].astype(object).where(own[dim].notna(), "").tolist() for dim in DIMENSIONS]
    level_of = cache(school.level_of)
    lines: list[tuple[tuple[object, ...], list[Value], Indicator]] = []
    numbers = zip(own["numerator"].tolist(), own["denominator"].tolist(), own["value"].tolist(), strict=True)
    for school_id, indicator, parts, *dims in zip(
        own["school_id"].tolist(), own["indicator"].tolist(), numbers, *columns, strict=True
    ):
        group = dict(zip(DIMENSIONS, dims, strict=True))
        item = items[place[indicator]]
        dims_of = [at for at, dim in enumerate(DIMENSIONS) if group[dim] != ""]
        complete(group, level_of)
        shown: list[Value] = [item.label, item.id, UNITS[item.unit], cut(tuple(dims_of))]
        shown += [school_id or "все школы"] if several else []
        shown += [group[dim] if group[dim] != "" else ALL for dim in used]
        order = (
            place[indicator],
            school_id,
            len(dims_of),
            *dims_of,
            *(natural(group[dim]) for dim in DIMENSIONS),
        )
        lines.append((order, [*shown, *(whole(number) for number in parts)], item))
    lines.sort(key=lambda line: line[0])
    for item in (item for item in items if item.id in without):
        blank: list[Value] = [*[ALL] * (len(used) + several), *[without[item.id]] * 3]
        lines.append(((), [item.label, item.id, UNITS[item.unit], cut(()), *blank], item))
    rows = [line for _, line, _ in lines]
    heads = ["Показатель", "Код", "Единица", "Разрез", *(["Школа"] if several else [])]
    heads += [*(DIMENSIONS[dim] for dim in used), "Числитель", "Знаменатель", "Значение"]
    widths = [42, 26, 10, 20, *([12] if several else []), *(WIDTHS.get(dim, 30) for dim in used), 12, 13, 12]
    last = len(heads) - 1
    formats = {at: [parts_format(row[at]) for row in rows] for at in (last - 2, last - 1)}
    formats[last] = [value_format(item) for _, _, item in lines]
    return Sheet(name, about, heads, widths, rows, formats)
