"""Try the catalogue on empty tables, and put DuckDB's complaints into words that help.

A wrong column in YAML must be found when the catalogue is read, not in the night before the teachers' council.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.indicators import settings
from soko.indicators.model import DIMENSIONS, Indicator, View
from soko.indicators.sources import columns, connect, empty_tables

if TYPE_CHECKING:
    import duckdb

    from soko.indicators.catalogue import Catalogue

# What has been tried in this process: a run reads the catalogue several times, and trying it takes a third of a second.
_TRIED: set[int] = set()
_TODO = "исправьте выражение в файле и повторите команду"


def check_expressions(catalogue: Catalogue) -> None:
    """Bind every view and expression on empty tables; ConfigError for the first that does not fit."""
    import duckdb

    content = _content(catalogue)
    if content in _TRIED:
        return
    connection = connect()
    try:
        settings.create(connection, None)
        empty_tables(connection, catalogue.tables)
        for view in catalogue.views.values():
            try:
                connection.execute(f"CREATE TEMP VIEW {view.name} AS {view.sql}")
            except duckdb.Error as error:
                raise _view_error(connection, catalogue, view, error) from None
        for name in dict.fromkeys(item.population for item in catalogue):
            group = [item for item in catalogue if item.population == name]
            try:
                connection.execute(_all_parts(name, group))
            except duckdb.Error:
                _blame(connection, catalogue, name, group)
    finally:
        connection.close()
    _TRIED.add(content)


def _content(catalogue: Catalogue) -> int:
    """A key of everything that the trial depends on."""
    items = [(item.population, item.numerator, item.denominator, str(item.dimensions)) for item in catalogue]
    views = [(view.name, view.sql) for view in catalogue.views.values()]
    tables = [
        (name, column, kind) for name, table in catalogue.tables.items() for column, kind in columns(table).items()
    ]
    return hash((*items, *views, *tables))


def _blame(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: str, group: list[Indicator]) -> None:
    """Find the part that fails and raise; the whole query failed, so one of them does."""
    import duckdb

    known = columns_of(connection, view)
    for item in group:
        for names in item.dimensions:
            for name in names:
                if name not in known:
                    have = [column for column in known if column in DIMENSIONS]
                    raise ConfigError(
                        f"показатель {item.id}: в выборке «{view}» нет разреза «{name}» (есть: {', '.join(have)})",
                        where=catalogue.place("indicator", item.id, "dimensions"),
                        todo=_TODO,
                    )
        for key in ("numerator", "denominator"):
            expression = getattr(item, key)
            if not expression:
                continue
            try:
                # Alone first: within a query, an open bracket would be blamed on the word after the expression.
                if len(connection.extract_statements(f"SELECT {expression}")) != 1:
                    raise duckdb.ParserException('syntax error at or near ";"')
                connection.execute(trial(view, expression))
            except duckdb.Error as error:
                raise ConfigError(
                    f"показатель {item.id}, {key}: {explain(str(error), known)}",
                    where=catalogue.place("indicator", item.id, key),
                    todo=_TODO,
                ) from None
    if "school_id" not in known:
        raise ConfigError(
            f"в выборке «{view}» нет столбца school_id", where=catalogue.place("view", view, "sql"), todo=_TODO
        )
    raise ConfigError(f"выборка «{view}» не считается", where=catalogue.place("view", view), todo=_TODO)


def _all_parts(view: str, group: list[Indicator]) -> str:
    """Every part of the population in one query; planning the grouping sets too would take three times as long."""
    dimensions = {name for item in group for names in item.dimensions for name in names}
    keys = ", ".join(f'"{name}"' for name in ["school_id", *sorted(dimensions)])
    parts = [part for item in group for part in (item.numerator, item.denominator) if part]
    return f"SELECT {', '.join(f'CAST(({part}) AS DOUBLE)' for part in parts)} FROM {view} GROUP BY {keys}"


def trial(view: str, expression: str) -> str:
    """A query with one expression of the catalogue."""
    return f"SELECT CAST(({expression}) AS DOUBLE) FROM {view} GROUP BY school_id"


def _view_error(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: View, error: Exception
) -> ConfigError:
    known: list[str] = [*settings.COLUMNS]
    for name in (*catalogue.tables, *catalogue.views):
        if name == view.name:
            break
        known += columns_of(connection, name)
    text = str(error)
    missing = re.search(r"Table with name (\S+) does not exist", text)
    if missing:
        names = [*catalogue.tables, *catalogue.views, "settings", "not_subjects", "exam_minimums", "category_terms"]
        message = f"нет таблицы или выборки «{missing[1]}»{did_you_mean(missing[1], names)}"
    else:
        message = explain(text, list(dict.fromkeys(known)))
    return ConfigError(f"выборка «{view.name}»: {message}", where=catalogue.place("view", view.name, "sql"), todo=_TODO)


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """Column names of a table or view."""
    return [row[0] for row in connection.execute(f"DESCRIBE {relation}").fetchall()]


def explain(text: str, columns: list[str]) -> str:
    """DuckDB's message in Russian; ``columns`` are the names that would have been right."""
    column = re.search(r'Referenced column "([^"]+)" (?:was )?not found|column named "([^"]+)"', text)
    if column:
        name = column[1] or column[2]
        hint = did_you_mean(name, columns)
        return f"нет столбца «{name}»{hint or '; есть: ' + ', '.join(columns)}"
    function = re.search(r"Function with name (\S+) does not exist", text)
    if function:
        near = re.search(r'Did you mean "([^"]+)"', text)
        return f"нет функции «{function[1]}»" + (f"; возможно, имелась в виду «{near[1]}»" if near else "")
    ungrouped = re.search(r'column "?([^" ]+)"? must appear in the GROUP BY', text)
    if ungrouped:
        return f"столбец «{ungrouped[1]}» стоит вне суммы; напишите, например, sum({ungrouped[1]})"
    types = re.search(r"No function matches the given name and argument types '([^']+)'", text)
    if types:
        return f"так сложить нельзя: {types[1]} (тип столбца не подходит)"
    syntax = re.search(r'syntax error at or near "([^"]*)"', text)
    if syntax:
        return f"выражение не разбирается у «{syntax[1]}»: проверьте скобки, кавычки и запятые"
    if "syntax error" in text:
        return "выражение не разбирается: проверьте скобки и кавычки"
    return f"выражение не вычисляется (ответ DuckDB: {text.splitlines()[0]})"
