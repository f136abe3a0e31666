"""What stands behind a figure: definition, sources, the query with its views, parts and value of one group, its rows.

The query that is shown is the one that is run. It is written another way than that of ``engine.compute`` (one group,
WHERE instead of GROUPING SETS), so the two check each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from soko.errors import ConfigError, DataError, UsageError
from soko.indicators import calendar, combine, group as group_, taken
from soko.indicators.bind import check_expressions
from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.explain_before import Before, compared
from soko.indicators.model import Indicator
from soko.indicators.population import opened
from soko.indicators.reasons import NOT_APPLICABLE
from soko.indicators.settings import COLUMNS as SETTINGS, read_settings
from soko.indicators.statement import lacking, statement, tables_under, where, with_views
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

#: So many rows are shown.
MOST = 50
#: Columns that say what a row gives to the figure.
PARTS = ("в числителе", "в знаменателе")


@dataclass(frozen=True)
class Source:
    """A table that the indicator is computed from, who answers for it, whether the period has it (None: not known)."""

    table: str
    title: str
    owner: str
    present: bool | None = None


@dataclass(frozen=True)
class Explanation:
    """Everything about one figure. ``reason`` says why there is no value; ``more`` rows are not among ``rows``.

    ``low`` and ``high`` bound a share of people, in per cent; ``before`` are the periods that it is compared with.
    ``taken``: in a year of parts the data that the figure rests on, a line a table, by the ``rule`` of the catalogue.
    """

    indicator: Indicator
    period: Period
    base: str
    sources: list[Source]
    sql: str
    settings: dict[str, Any]
    group: dict[str, Any] = field(default_factory=dict)
    target: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    reason: str = ""
    low: float | None = None
    high: float | None = None
    before: list[Before] = field(default_factory=list)
    rows: pd.DataFrame | None = None
    more: int = 0
    taken: list[str] = field(default_factory=list)
    rule: str = ""
    folder: str = ""


def explain(
    workspace: Workspace, period: Period, indicator: str, *, rows: bool = False, **wanted: str | int | None
) -> Explanation:
    """Explain the indicator for the group ``wanted``: school_id and any of the dimensions; none is everything.

    Without checked data the definition is explained all the same, and ``reason`` says what is missing. UsageError for
    an unknown indicator or group (with the nearest name), and for ``rows`` or a teacher where the audience is public.
    """
    import duckdb

    params = Params(workspace)
    catalogue = load_catalogue(workspace, bind=False)
    item = catalogue[indicator]
    if (rows or wanted.get("teacher")) and params.period(period).audience != "internal":
        what, option = ("строки данных", "--rows") if rows else ("показатели учителя", "--teacher")
        raise UsageError(
            f"{what} показывают только для внутреннего пользования, а документы этого периода публичные",
            where=f"params/periods/{period.id}.yaml, audience",
            todo=f"вызовите команду без {option}",
        )
    asked = {name: value for name, value in wanted.items() if value not in (None, "")}
    tables = tables_under(catalogue, item)
    record = read_settings(workspace, period).record()
    sql, found = statement(catalogue, item), None
    facts: dict[str, Any] = {}
    told, place = _of_parts(workspace, period, catalogue, item)
    if place is not None and place.stand is not None:
        record = place.stand.settings.record()
    try:
        with opened(workspace, period, catalogue, tables, place.stand if place else None) as (connection, found):
            group = group_.resolve(connection, catalogue, item, params, asked)
            sql = statement(catalogue, item, group)
            facts = {"group": group} | _figure(connection, item, sql)
            if rows:
                facts |= _rows(connection, catalogue, item, group)
    except DataError as error:
        if asked or rows:  # a group can only be found in data
            raise
        facts = {"reason": f"{error.message}; {error.todo}"}
    except duckdb.Error:  # its own words quote values
        check_expressions(catalogue)
        raise ConfigError(
            f"показатель {item.id}: выражение не вычисляется на данных периода",
            where=catalogue.place("indicator", item.id),
            todo="проверьте в выражении преобразования типов (CAST, ::) и повторите команду",
        ) from None
    sources = [
        Source(name, table.title, params.school.owner(name, table.owner), None if found is None else name in found)
        for name, table in ((name, catalogue.tables[name]) for name in tables)
    ]
    absent = [] if found is None else lacking(catalogue, item, found)
    if absent:
        facts |= dict.fromkeys(("numerator", "denominator", "value"))
        facts["reason"] = "нет данных: " + "; ".join(
            f"не сдана таблица «{source.title}» (отвечает: {source.owner})"
            for source in sources
            if source.table in absent
        )
    if told is not None and place is not None and place.stand is None:
        facts |= dict.fromkeys(("numerator", "denominator", "value"))
        facts["reason"] = "; ".join(dict.fromkeys(told["remark"]))
    if not item.counted_in(period):
        facts["reason"] = "программа мониторинга не считает этот показатель за такой период"
        facts |= dict.fromkeys(("numerator", "denominator", "value"))
    if facts.get("value") is not None:
        parts = (facts.get("numerator"), facts.get("denominator"))
        bounds, before = compared(workspace, period, catalogue, item, facts["group"], parts)
        facts |= {"low": bounds[0], "high": bounds[1], "before": before}
    return Explanation(
        indicator=item,
        period=period,
        base=catalogue.base(indicator),
        sources=sources,
        sql=sql,
        settings={name: record[name] for name in SETTINGS if re.search(rf"\b{name}\b", sql)},
        target=catalogue.target(indicator),
        taken=taken.lines(told) if told is not None else [],
        rule=f"{taken.rule(place.rule.take, period)} – {place.rule.source}" if place else "",
        folder=workspace.relative(place.stand.folder if place and place.stand else workspace.clean(period)),
        **facts,
    )


def _of_parts(
    workspace: Workspace, period: Period, catalogue: Catalogue, item: Indicator
) -> tuple[pd.DataFrame, calendar.Taken] | tuple[None, None]:
    """What a year of parts took for the indicator; nothing for other periods and before the year was checked."""
    if not item.counted_in(period) or not calendar.is_combined(workspace, period):
        return None, None
    if not (workspace.clean(period) / "pupils.parquet").is_file():
        return None, None
    found = calendar.of_indicator(workspace, period, catalogue, item.id)
    return taken.frame(combine.opened(workspace, period), catalogue, [found]), found


def _figure(connection: duckdb.DuckDBPyConnection, item: Indicator, sql: str) -> dict[str, Any]:
    found = connection.execute(sql).fetchone() or (None,)
    numerator = None if found[0] is None else float(found[0])
    if not item.denominator:
        if numerator is None:
            return {"reason": "нет данных: графу, по которой считается показатель, никто не заполнил"}
        return {"numerator": numerator, "value": numerator * item.scale}
    denominator = float(found[1] or 0)
    if denominator == 0:
        return {"denominator": 0.0, "reason": NOT_APPLICABLE.text}
    return {
        "numerator": numerator or 0.0,
        "denominator": denominator,
        "value": (numerator or 0.0) / denominator * item.scale,
    }


def _rows(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, item: Indicator, group: dict[str, Any]
) -> dict[str, Any]:
    """Rows of the population that give something to the figure, those of the numerator first, under pseudonyms.

    An additive expression over a single row is what this row gives.
    """
    picked = f"SELECT row_number() OVER () AS _n, * FROM {item.population}{where(group)}"
    source = f"{with_views(catalogue, item)}, picked AS ({picked})"
    personal = {name for table in catalogue.tables.values() for name in table.personal}
    have = [row[0] for row in connection.execute(f"{source} SELECT * FROM picked LIMIT 0").description or []]
    hidden = {"_n", *SETTINGS, *personal}
    shown = [f'"{name}"' for name in have if name not in hidden]
    expressions = dict(zip(PARTS, filter(None, (item.numerator, item.denominator)), strict=False))
    inner = ", ".join(["picked.*", *(f'({expression}) AS "{name}"' for name, expression in expressions.items())])
    given = " OR ".join(f'coalesce("{name}", 0) <> 0' for name in expressions)
    columns = ", ".join([*shown, *(f'"{name}"' for name in expressions), "count(*) OVER () AS _all"])
    order = ", ".join([f'"{PARTS[0]}" DESC NULLS LAST', *shown])
    frame = connection.execute(
        f"{source} SELECT {columns} FROM (SELECT {inner} FROM picked GROUP BY ALL) "
        f"WHERE {given} ORDER BY {order} LIMIT {MOST}"
    ).df()
    total = int(frame["_all"].iloc[0]) if len(frame) else 0
    return {"rows": frame.drop(columns="_all"), "more": total - len(frame)}
