"""A named population of the catalogue as a frame, a row a pupil or a mark: for lists, never for figures of a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.indicators import settings as settings_
from soko.indicators.catalogue import load_catalogue
from soko.indicators.engine import create_views
from soko.indicators.sources import check_keys, clean_tables, connect
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def population(workspace: Workspace, period: Period, name: str) -> pd.DataFrame:
    """Rows of the view ``name`` over the clean tables of the period: exactly those that the indicators count.

    Raises UsageError for an unknown view, DataError when the period has no clean tables.
    """
    catalogue = load_catalogue(workspace, bind=False)
    if name not in catalogue.views:
        raise UsageError(f"нет выборки «{name}»{did_you_mean(name, list(catalogue.views))}", where="params/indicators")
    views = catalogue.views_under(name)
    connection = connect(workspace.clean(period))
    try:
        settings_.create(connection, settings_.read_settings(workspace, period))
        needed = {table for view in views for table in (*view.tables, *view.any_of)} | {"pupils"}
        found = clean_tables(connection, catalogue.tables, workspace.clean(period), needed)
        check_keys(connection, found, workspace.relative(workspace.clean(period)))
        create_views(connection, catalogue, {view.name for view in views})
        return connection.execute(f'SELECT * FROM "{name}"').df()
    finally:
        connection.close()
