"""A named population of the catalogue as a frame, a row a pupil or a mark: for lists, never for figures of a note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.indicators import calendar, settings as settings_
from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.engine import create_views
from soko.indicators.sources import check_keys, clean_tables, connect
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def population(workspace: Workspace, period: Period, name: str) -> pd.DataFrame:
    """Rows of the view ``name`` over the clean tables of the period: exactly those that the indicators count.

    Raises UsageError for an unknown view, DataError when the period has no clean tables.
    """
    catalogue = load_catalogue(workspace, bind=False)
    if name not in catalogue.views:
        raise UsageError(f"нет выборки «{name}»{did_you_mean(name, list(catalogue.views))}", where="params/indicators")
    views = catalogue.views_under(name)
    tables = {table for view in views for table in (*view.tables, *view.any_of)}
    stand = None
    if calendar.is_combined(workspace, period):
        stand = calendar.of_view(workspace, period, catalogue, catalogue.views[name])
    with opened(workspace, period, catalogue, tables, stand) as (connection, _):
        create_views(connection, catalogue, {view.name for view in views})
        return connection.execute(f'SELECT * FROM "{name}"').df()


@contextmanager
def opened(
    workspace: Workspace,
    period: Period,
    catalogue: Catalogue,
    tables: Iterable[str],
    stand: calendar.Stand | None = None,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
    """A connection that knows the period's settings and clean ``tables``, and the names of those that have a file.

    ``stand``: those of a calendar year that a figure rests on, instead of all of the period.
    """
    folder = stand.folder if stand else workspace.clean(period)
    connection = connect(folder)
    try:
        settings_.create(connection, stand.settings if stand else settings_.read_settings(workspace, period))
        found = clean_tables(connection, catalogue.tables, folder, {*tables, "pupils"})
        check_keys(connection, found, workspace.relative(folder))
        yield connection, found
    finally:
        connection.close()
