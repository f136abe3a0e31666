"""Evaluate the rules' SQL: one DuckDB query for all rules that take the same rows.

The result has the rows' columns, ``check_<rule>`` (true, or NULL taken as true) and ``show_<rule>_<name>``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.tables import Rule, Table
from soko.validation.bench import Bench
from soko.workspace import Workspace
from soko.yamlio import load_raw


def checked(rule: Rule) -> str:
    """Name of the boolean column of the rule."""
    return f"check_{rule.id}"


def shown(rule: Rule, name: str) -> str:
    """Name of the column of a value that the rule shows."""
    return f"show_{rule.id}_{name}"


class Sql:
    """Runs rules' SQL on a bench; a wrong expression is a ConfigError with the file and the line of the rule."""

    def __init__(self, bench: Bench, workspace: Workspace) -> None:
        self.bench = bench
        self.workspace = workspace

    def rows(self, table: Table, source: str, rules: list[Rule]) -> pa.Table:
        """The rows of ``source`` (a view, a SELECT, or empty for the table itself) with the rules' columns.

        What rules show of a failing row is computed for those that fail: places gathered over a million marks that
        are all well took as long as all the checks together.
        """
        bare = [rule.model_copy(update={"show": {}}) for rule in rules]
        try:
            found = self._run(self._statement(table, source, bare))
            if not any(rule.show for rule in rules):
                return found
            failing = {rule.id for rule in rules if rule.show and not pc.all(found[checked(rule)]).as_py()}
            if not failing:
                self._run(self._statement(table, source, rules, limit=0))  # a wrong expression is wrong all the same
                return found
            mixed = [rule if rule.id in failing else other for rule, other in zip(rules, bare, strict=True)]
            return self._run(self._statement(table, source, mixed))
        except duckdb.Error:
            for rule in rules:  # which one is it? each alone tells
                try:
                    self._run(self._statement(table, source, [rule], limit=0))
                except duckdb.Error as error:
                    raise self._explain(table, rule, source, error) from None
            raise

    def kwargs(self, table: Table, rule: Rule) -> dict[str, Any]:
        """The expectation's arguments with ``$values``, ``$limit`` and ``{sql: …}`` put in."""
        return {key: self._value(table, rule, value) for key, value in rule.kwargs.items()}

    def _value(self, table: Table, rule: Rule, value: Any) -> Any:
        if value == "$values":
            return table.column(rule.column).values
        if isinstance(value, str) and value.startswith("$"):
            return self._limit(table, rule, value[1:])
        if isinstance(value, dict) and set(value) == {"sql"}:
            statement = self._literal(table, rule, value["sql"])
            try:
                self.bench.prepare(statement)
                found = self.bench.connection.execute(statement).fetchall()
            except duckdb.Error as error:
                raise self._explain(table, rule, "", error) from None
            if len(found) != 1 or len(found[0]) != 1:
                raise self._error(table, rule, "запрос sql должен дать одно значение")
            return found[0][0]
        return value

    def _statement(self, table: Table, source: str, rules: list[Rule], limit: int | None = None) -> str:
        columns = ["this.*"]
        for rule in rules:
            if not rule.check:
                continue
            check = f"({self._literal(table, rule, rule.check)})"
            when = f"NOT coalesce(({self._literal(table, rule, rule.when)}), false) OR " if rule.when else ""
            columns.append(f'({when}coalesce({check}, true)) AS "{checked(rule)}"')
            columns += [
                f'({self._literal(table, rule, text)}) AS "{shown(rule, name)}"' for name, text in rule.show.items()
            ]
        origin = self._literal(table, rules[0], source) if source else table.table
        origin = f"({origin})" if re.match(r"\s*(select|with)\b", origin, re.IGNORECASE) else f'"{origin}"'
        return f"SELECT {', '.join(columns)} FROM {origin} AS this CROSS JOIN params" + (
            f" LIMIT {limit}" if limit is not None else ""
        )

    def _run(self, statement: str) -> pa.Table:
        self.bench.prepare(statement)
        found = self.bench.connection.sql(statement).to_arrow_table()
        order = [name for name in ("_i", "_file", "_sheet", "_row", "_cell") if name in found.column_names]
        order += [
            name for name in found.column_names if name in ("subject", "class", "school_id") and name not in order
        ]
        return found if _in_order(found) or not order else found.sort_by([(name, "ascending") for name in order])

    def _limit(self, table: Table, rule: Rule, name: str) -> Any:
        if name not in rule.limits:
            raise self._error(table, rule, f"нет предела «{name}»{did_you_mean(name, list(rule.limits))}")
        return rule.limits[name]

    def _literal(self, table: Table, rule: Rule, text: str) -> str:
        """Put the rule's limits in; a string literal of the expression may not hold a «$»."""
        return re.sub(r"\$([a-z_]\w*)", lambda found: _sql(self._limit(table, rule, found[1])), text)

    def _error(self, table: Table, rule: Rule, message: str) -> ConfigError:
        path = self.workspace.tables / f"{table.table}.yaml"
        if not _ids(path, rule.id):
            path = self.workspace.tables.with_name("common.yaml")
        _, lines = load_raw(path)
        number = next(iter(_ids(path, rule.id)), 0)
        keys = [("rules", number, key) for key in ("check", "rows", "kwargs")]
        line = next((lines[key] for key in keys if key in lines), lines.get(("rules", number), 1))
        return ConfigError(
            f"правило «{rule.id}»: {message}",
            where=f"{self.workspace.relative(path)}, строка {line}",
            todo="исправьте выражение правила",
        )

    def _explain(self, table: Table, rule: Rule, source: str, error: duckdb.Error) -> ConfigError:
        """Tell DuckDB's refusal in Russian, with the nearest valid name."""
        text = str(error)
        known = self._known(table, source)
        if found := re.search(r'column "([^"]+)" not found|does not have a column named "([^"]+)"', text):
            name = found[1] or found[2]
            return self._error(table, rule, f"нет столбца «{name}»{did_you_mean(name, known)}")
        if found := re.search(r'Table with name (\S+) does not exist|Referenced table "(\w+)" not found', text):
            relations = [row[0] for row in self.bench.connection.execute("SHOW TABLES").fetchall()]
            names = [
                *self.bench.views,
                *self.bench.others,
                *(name for name in relations if not name.startswith("raw_")),
            ]
            name = found[1] or found[2]
            return self._error(table, rule, f"нет таблицы «{name}»{did_you_mean(name, names)}")
        if found := re.search(r"Function with name (\S+) does not exist", text):
            return self._error(table, rule, f"нет функции «{found[1]}»")
        if "syntax error" in text or isinstance(error, duckdb.ParserException):
            return self._error(table, rule, "выражение записано с ошибкой (скобки, запятые, кавычки)")
        return self._error(table, rule, f"выражение не вычисляется: {text.splitlines()[0]}")

    def _known(self, table: Table, source: str) -> list[str]:
        names: list[str] = []
        for relation in (source or table.table, "params"):
            try:
                self.bench.prepare(relation)
                names += self.bench.names(relation)
            except duckdb.Error:
                continue  # ``source`` is a SELECT of the rule's own
        for name in self.bench.tables:
            names += [column for column in self.bench.names(name) if column not in names]
        return names


def _ids(path: Path, rule: str) -> list[int]:
    """Where the rule stands among those of the file."""
    return [i for i, item in enumerate((load_raw(path)[0] or {}).get("rules") or []) if item.get("id") == rule]


def _in_order(rows: pa.Table) -> bool:
    """Whether the rows have distinct positions ``_i`` that grow, as those of a table mostly come."""
    if "_i" not in rows.column_names or len(rows) < 2:
        return False
    places = rows["_i"].combine_chunks()
    return bool(pc.all(pc.less(places[:-1], places[1:]), skip_nulls=False).as_py())


def _sql(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_sql(item) for item in value) + "]"
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"
