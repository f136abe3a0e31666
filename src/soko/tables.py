"""Contracts of the tables: validation/tables/<table>.yaml, one file a table.

The same file tells intake which headers to accept, the clean step which columns to write and of which type,
and validation which rules to check.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from pydantic import Field, model_validator

from soko.errors import ConfigError
from soko.findings import Severity
from soko.hints import did_you_mean
from soko.stamps import Stamp, stamp
from soko.workspace import Workspace
from soko.yamlio import Strict, load

ColumnType = Literal["text", "integer", "number", "date", "boolean", "mark", "class", "subject", "person", "sex"]


class Column(Strict):
    """One column of a table.

    ``synonyms`` are further Russian headers (case, «ё», spaces and dots ignored). ``personal`` values are never
    shown anywhere but in data/private; columns with ``clean: false`` are not written to data/clean.
    """

    name: str
    title: str
    type: ColumnType
    synonyms: list[str] = Field(default_factory=list)
    unit: str = ""
    required: bool = False
    personal: bool = False
    clean: bool = True
    values: list[str] = Field(default_factory=list)
    note: str = ""


def fields_of(rule: Rule) -> set[str]:
    """Names in braces in the rule's message."""
    try:
        return {name for _, name, _, _ in Formatter().parse(rule.message) if name is not None}
    except ValueError:
        raise ValueError(f"правило {rule.id}: в message непарная фигурная скобка") from None


class Rule(Strict):
    """One check: a Great Expectations expectation, its severity and what the reader is told when it fails.

    A plain rule names an ``expectation`` of Great Expectations over ``column`` with ``kwargs``; a value ``$values`` is
    the column's list of values, ``$name`` one of ``limits``, and ``{sql: …}`` the single value of a query.

    ``check`` is an SQL expression (DuckDB) that must be true; NULL, as in a comparison with an empty cell, passes.
    It sees the row as ``this``, the other tables of the period, ``previous_<table>`` (the period before),
    ``year_ago_<table>`` (the same period last year), the views of ``soko.validation.views``, ``order_1324``,
    ``curriculum(subject, grade)`` and ``params``. ``when`` limits it to some rows, ``rows``
    takes rows of a view or a SELECT instead of the table's, ``show`` computes further values for the message, and
    ``$name`` in any of them is one of ``limits``.

    ``message`` may use {value}, {title} and {values} (all that are allowed) of ``column``, {count} (all failures of the
    rule), the columns of the rows that are not personal, ``show`` and ``limits``. ``{n:отметка|отметки|отметок}`` is a
    number with its word.
    ``needs`` names tables (or ``previous_<table>``, ``year_ago_<table>``) without which the rule cannot be run.
    """

    id: str
    title: str
    severity: Severity
    message: str
    expectation: str = "expect_column_values_to_be_true"
    column: str = ""
    kwargs: dict[str, Any] = Field(default_factory=dict)
    check: str = ""
    when: str = ""
    rows: str = ""
    show: dict[str, str] = Field(default_factory=dict)
    limits: dict[str, Any] = Field(default_factory=dict)
    needs: list[str] = Field(default_factory=list)
    source: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        if not self.check and self.expectation == "expect_column_values_to_be_true":
            raise ValueError(f"правило {self.id}: нужно выражение check или другое ожидание expectation")
        if not self.check and (self.when or self.show):
            raise ValueError(f"правило {self.id}: when и show действуют только вместе с check")
        return self


class Table(Strict):
    """Contract of one table."""

    table: str
    title: str
    owner: str
    description: str = ""
    key: list[str]
    columns: list[Column]
    rules: list[Rule] = Field(default_factory=list)

    @model_validator(mode="after")
    def _consistent(self) -> Table:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ValueError("столбец описан дважды")
        for rule in self.rules:
            if rule.column and rule.column not in names:
                raise ValueError(f"правило {rule.id}: нет столбца «{rule.column}»")
            used = fields_of(rule)
            if hidden := sorted(used & (self.personal | ({"value"} if rule.column in self.personal else set()))):
                raise ValueError(f"правило {rule.id}: в message нельзя показывать личные данные ({', '.join(hidden)})")
        if taken := {"grade", "level"} & set(names):
            raise ValueError(f"столбцы {', '.join(sorted(taken))} программа добавляет сама; назовите свой иначе")
        ids = [rule.id for rule in self.rules]
        if len(ids) != len(set(ids)):
            raise ValueError("правило записано дважды")
        return self

    def column(self, name: str) -> Column:
        """The column by canonical name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def personal(self) -> set[str]:
        """Names of the personal columns."""
        return {column.name for column in self.columns if column.personal}

    @property
    def clean_columns(self) -> list[str]:
        """Columns of data/clean/<period>/<table>.parquet, in order."""
        return [column.name for column in self.columns if column.clean and not column.personal]


class CommonRule(Rule):
    """A rule of validation/common.yaml: the same for several ``tables``; ``$table`` in it is the name of each.

    In ``rows`` it may also be the end of a name: ``repeated_$table``.
    """

    tables: list[str]

    def of(self, table: str) -> Rule:
        """The rule as one of the table's own."""
        fields = self.model_dump(exclude={"tables"})
        needs = [name.replace("$table", table) for name in self.needs]
        # «repeated_$table» is part of a name; «$table» by itself is a value and one of the limits.
        rows = re.sub(r"(?<=\w)\$table\b", table, self.rows)
        return Rule(**fields | {"rows": rows, "needs": needs, "limits": {"table": table, **self.limits}})


class Common(Strict):
    """validation/common.yaml."""

    rules: list[CommonRule] = Field(default_factory=list)


def load_tables(workspace: Workspace) -> dict[str, Table]:
    """All contracts of the workspace by table name."""
    common = workspace.tables.with_name("common.yaml")
    return dict(_load_all(workspace.tables, stamp([workspace.tables, common])))


@lru_cache(maxsize=8)
def _load_all(folder: Path, _stamp: Stamp) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for path in sorted(folder.glob("*.yaml")):
        table = load(path, Table)
        if table.table != path.stem:
            raise ConfigError(f"файл описывает таблицу «{table.table}», а называется {path.name}", where=str(path))
        tables[table.table] = table
    if not tables:
        raise ConfigError("нет описаний таблиц", where=str(folder), todo="восстановите папку командой soko init")
    return _with_common(tables, folder.with_name("common.yaml"))


def _with_common(tables: dict[str, Table], path: Path) -> dict[str, Table]:
    """The contracts with the rules of ``path`` after their own; a workspace without such a file has none."""
    rules = load(path, Common).rules if path.is_file() else []
    extra: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.tables:
            if name not in tables:
                raise ConfigError(
                    f"правило «{rule.id}»: нет таблицы «{name}»{did_you_mean(name, list(tables))}", where=str(path)
                )
            extra.setdefault(name, []).append(rule.of(name))
    for name, added in extra.items():
        ids = [rule.id for rule in (*tables[name].rules, *added)]
        if len(ids) != len(set(ids)):
            raise ConfigError(f"у таблицы «{name}» правило записано дважды", where=str(path))
        tables[name] = tables[name].model_copy(update={"rules": [*tables[name].rules, *added]})
    return tables
