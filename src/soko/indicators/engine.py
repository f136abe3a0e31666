"""Compute the indicators of a period: clean tables in, the tidy table of parts and values out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from soko.errors import ConfigError
from soko.indicators import settings as settings_
from soko.indicators.absent import lacks
from soko.indicators.catalogue import Catalogue, load_catalogue, relations
from soko.indicators.model import Indicator
from soko.indicators.sources import check_keys, clean_tables, connect, fetched, is_large
from soko.indicators.sql import group_query
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from soko.indicators.settings import Settings

_GATHERS = re.compile(r"\bGROUP\s+BY\b|\bOVER\b", re.IGNORECASE)


def compute(workspace: Workspace, period: Period, catalogue: Catalogue | None = None) -> pd.DataFrame:
    """All indicators of the period as the tidy table.

    Columns: school_id, period, indicator, level, grade (Int64), class, subject, sex, teacher (text), numerator,
    denominator, value (float64). Text that is empty and a grade that is NA mean «all»; «не указано» is a group
    whose value the data do not give. Parts are additive; value = numerator / denominator × scale, and for counts,
    whose denominator is NaN, numerator × scale. Groups with a zero denominator have no row, nor has an indicator whose
    tables were not handed in (``soko.indicators.missing`` names it and their owner). Rows are sorted.

    A calendar year without files of its own is put together of two school years (``soko.indicators.calendar``).
    DataError when data/clean/<period> has no tables or breaks their keys; ConfigError for a wrong expression.
    """
    from soko.indicators import calendar

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    if calendar.is_combined(workspace, period):
        return calendar.compute(workspace, period, catalogue)[0]
    settings = settings_.read_settings(workspace, period)
    return compute_on(workspace, catalogue, catalogue.for_period(period), workspace.clean(period), settings, period)


def compute_on(
    workspace: Workspace, catalogue: Catalogue, indicators: list[Indicator], folder: Path, settings: Settings,
    period: Period,
) -> pd.DataFrame:  # fmt: skip
    """``compute`` over the clean tables of ``folder``, as those of ``period``, for some indicators."""
    import duckdb

    from soko.indicators.tidy import frame, long_form

    large = is_large(folder)
    connection = connect(folder)
    try:
        settings_.create(connection, settings)
        asked = {view.name: view for item in indicators for view in catalogue.views_under(item.population)}
        needed = {name for view in asked.values() for name in (*view.tables, *view.any_of)} | {"pupils"}
        found = clean_tables(connection, catalogue.tables, folder, needed)
        check_keys(connection, found, workspace.relative(folder), large=large)
        indicators = [item for item in indicators if not lacks(catalogue, item, found)]
        views = {view.name for item in indicators for view in catalogue.views_under(item.population)}
        try:
            create_views(connection, catalogue, views, large=large)
            groups = []
            for name in dict.fromkeys(item.population for item in indicators):
                group = [item for item in indicators if item.population == name]
                for place, part in _passes(connection, name, group, large=large):
                    groups.append(long_form(fetched(connection, group_query(place, part), large=large), part))
        except duckdb.Error:
            raise _explained(connection, catalogue, indicators) from None
    finally:
        connection.close()
    return frame(groups, period.id)


def create_views(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, names: set[str], *, large: bool = False
) -> None:
    """Views in the order of the catalogue; one that others rest on is computed once and kept.

    Of ``large`` data a view that another single one rests on is kept only if it groups rows or looks around: where it
    does neither it has a row for each that it reads, and keeping twenty million takes longer than making them twice.
    """
    resting = Counter(other for name in names for other in relations(catalogue.views[name].sql) if other != name)
    for name, view in catalogue.views.items():
        if name in names:
            kept = resting[name] > (1 if large and not _GATHERS.search(view.sql) else 0)
            connection.execute(f"CREATE TEMP {'TABLE' if kept else 'VIEW'} {name} AS {view.sql}")


def _passes(
    connection: duckdb.DuckDBPyConnection, view: str, group: list[Indicator], *, large: bool
) -> list[tuple[str, list[Indicator]]]:
    """What the population's indicators are computed over: the view in one pass; of ``large`` data, its cells."""
    if not large:
        return [(view, group)]
    from soko.indicators.cells import gathered

    cells, split, left = gathered(connection, view, group)
    return [(place, part) for place, part in ((cells, split), (view, left)) if part]


def _explained(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, indicators: list[Indicator]) -> ConfigError:
    """The wrong expression: found on empty tables or, when only the data bring it out, by trying one by one.

    DuckDB's own words are not passed on then: they quote the value that would not be converted.
    """
    import duckdb

    from soko.indicators.bind import check_expressions, trial

    check_expressions(catalogue)
    todo = "проверьте в выражении преобразования типов (CAST, ::) и повторите команду"
    for item in indicators:
        for key in ("numerator", "denominator"):
            expression = getattr(item, key)
            try:
                if expression:
                    connection.execute(trial(item.population, expression)).fetchall()
            except duckdb.Error:
                return ConfigError(
                    f"показатель {item.id}, {key}: выражение не вычисляется на данных периода",
                    where=catalogue.place("indicator", item.id, key),
                    todo=todo,
                )
    return ConfigError("показатели не вычисляются на данных периода", where="params/indicators/views.yaml", todo=todo)
