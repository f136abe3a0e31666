"""Compute the indicators of a period: clean tables in, the tidy table of parts and values out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soko.errors import ConfigError
from soko.indicators import settings as settings_
from soko.indicators.catalogue import Catalogue, load_catalogue, mentions
from soko.indicators.model import COLUMNS, Indicator
from soko.indicators.sources import check_keys, clean_tables, connect
from soko.indicators.sql import group_query
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def compute(workspace: Workspace, period: Period, catalogue: Catalogue | None = None) -> pd.DataFrame:
    """All indicators of the period as the tidy table.

    Columns: school_id, period, indicator, level, grade (Int64), class, subject, sex, teacher (text), numerator,
    denominator, value (float64). Text that is empty and a grade that is NA mean «all»; «не указано» is a group
    whose value the data do not give. Parts are additive; value = numerator / denominator × scale, and for counts,
    whose denominator is NaN, numerator × scale. Groups with a zero denominator have no row. Rows are sorted.

    DataError when data/clean/<period> has no tables or breaks their keys; ConfigError for a wrong expression.
    """
    import duckdb
    import pandas as pd

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    indicators = catalogue.for_period(period)
    connection = connect()
    try:
        settings_.create(connection, settings_.read_settings(workspace, period))
        views = {view.name: view for item in indicators for view in catalogue.views_under(item.population)}
        needed = {name for view in views.values() for name in view.tables} | {"pupils"}
        found = clean_tables(connection, catalogue.tables, workspace.clean(period), needed)
        check_keys(connection, found, workspace.relative(workspace.clean(period)))
        try:
            _create_views(connection, catalogue, set(views))
            frames = [
                _population(connection, name, [item for item in indicators if item.population == name])
                for name in dict.fromkeys(item.population for item in indicators)
            ]
        except duckdb.Error as error:
            raise _explained(catalogue, error) from error
    finally:
        connection.close()
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
    return _tidy(frame.assign(period=period.id))


def _create_views(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, names: set[str]) -> None:
    """Views in the order of the catalogue; one that others rest on is computed once and kept."""
    for name, view in catalogue.views.items():
        if name in names:
            shared = any(mentions(catalogue.views[other].sql, name) for other in names if other != name)
            connection.execute(f"CREATE TEMP {'TABLE' if shared else 'VIEW'} {name} AS {view.sql}")


def _population(connection: duckdb.DuckDBPyConnection, view: str, indicators: list[Indicator]) -> pd.DataFrame:
    frame = connection.execute(group_query(view, indicators)).df()
    scale = frame["indicator"].map({i: item.scale for i, item in enumerate(indicators)})
    ratio = frame["numerator"] / frame["denominator"].fillna(1.0)
    return frame.assign(
        value=ratio * scale, indicator=frame["indicator"].map({i: item.id for i, item in enumerate(indicators)})
    )


def _tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Types, order of columns and rows of the contract; the order does not depend on that of the input."""
    kinds: dict[str, Any] = dict.fromkeys(COLUMNS[:-3], "str") | dict.fromkeys(COLUMNS[-3:], "float64")
    frame = frame[COLUMNS].astype({**kinds, "grade": "Int64"})
    return frame.sort_values(COLUMNS[:-3], kind="stable", na_position="first").reset_index(drop=True)


def _explained(catalogue: Catalogue, error: Exception) -> ConfigError:
    """The wrong expression, found on empty tables; or, when only the data bring it out, DuckDB's own words."""
    from soko.indicators.bind import check_expressions

    check_expressions(catalogue)
    return ConfigError(
        f"показатели не вычисляются на данных периода (ответ DuckDB: {str(error).splitlines()[0]})",
        where="params/indicators",
        todo="проверьте последние изменения каталога показателей",
    )
