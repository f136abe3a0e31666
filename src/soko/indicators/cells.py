"""Many rows: the smallest groups are summed once, and the sets of dimensions are sums over these few.

Twenty sets over twenty million marks are twenty hash tables fed with every mark; over the cells of (school, class,
subject, teacher) they are fed with one row for a class of marks. Exact or not at all: only aggregates that can be
taken again without rounding are split (``sum`` of whole numbers, ``count``, ``min``, ``max``, …); the rest stay as
they are. DuckDB's own parser finds the aggregates in an expression.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from soko.indicators.model import Indicator
from soko.indicators.sql import keys_of

if TYPE_CHECKING:
    import duckdb

# What is done with an aggregate's values of the cells to get its value of the whole.
_AGAIN = {
    "sum": "sum",
    "count": "sum",
    "count_star": "sum",
    "count_if": "sum",
    "countif": "sum",
    "min": "min",
    "max": "max",
    "bool_or": "bool_or",
    "bool_and": "bool_and",
}
_ROUNDED = ("FLOAT", "DOUBLE")


def gathered(
    connection: duckdb.DuckDBPyConnection, view: str, indicators: Sequence[Indicator]
) -> tuple[str, list[Indicator], list[Indicator]]:
    """Make a table of the view's cells; return its name, the indicators over it, and those that need the view itself.

    The indicators over the cells have expressions that give on them exactly what the given ones give on the view.
    """
    found = {item.id: [calls(connection, part) for part in (item.numerator, item.denominator)] for item in indicators}
    columns = _columns(connection, view, [call for parts in found.values() for part in parts for call in part or ()])
    split, left = [], []
    for item in indicators:
        numerator, denominator = (
            _again(part, at, columns)
            for part, at in zip((item.numerator, item.denominator), found[item.id], strict=True)
        )
        if numerator is None or denominator is None:
            left.append(item)
        else:
            split.append(item.model_copy(update={"numerator": numerator, "denominator": denominator}))
    name = f"{view}_cells"
    if split:
        keys = ", ".join(f'"{key}"' for key in keys_of(split))
        sums = ", ".join(f"{text} AS {column}" for text, (column, _, kind) in columns.items() if kind)
        connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {keys}, {sums} FROM {view} GROUP BY {keys}")
    return name, split, left


class Call:
    """An aggregate in an expression: its name, its text, and where the text stands (bytes of UTF-8)."""

    def __init__(self, name: str, text: str, start: int, end: int) -> None:
        self.name, self.text, self.start, self.end = name, text, start, end


def calls(connection: duckdb.DuckDBPyConnection, expression: str) -> list[Call] | None:
    """The aggregates of the expression from left to right; None when it has anything that cannot be taken again."""
    if not expression:
        return []
    query = f"SELECT {expression}"
    # All rows of it: with one fetched the connection stays busy, and the next query of another kind is refused.
    rows = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchall()
    tree: dict[str, Any] = json.loads(rows[0][0]) if rows else {"error": True}
    if tree["error"] or len(tree["statements"]) != 1:
        return None
    coded, found = query.encode(), []
    for node in _nodes(tree["statements"][0]["node"]["select_list"]):
        name = node.get("function_name")
        if node["class"] in ("COLUMN_REF", "SUBQUERY", "WINDOW", "STAR"):
            return None
        if name in _AGAIN:
            start = node["query_location"]
            end = start + node["query_location_length"]
            if node["distinct"] or node["order_bys"]["orders"] or end == start:
                return None
            found.append(Call(name, coded[start:end].decode(), start - len("SELECT "), end - len("SELECT ")))
    return sorted(found, key=lambda call: call.start)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """The expression's nodes, an aggregate that can be taken again as one."""
    if isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)
    elif isinstance(tree, dict):
        if "class" in tree:
            yield tree
        if tree.get("function_name") not in _AGAIN:
            for part in tree.values():
                yield from _nodes(part)


def _columns(
    connection: duckdb.DuckDBPyConnection, view: str, wanted: Sequence[Call]
) -> dict[str, tuple[str, str, str]]:
    """Column of the cells, what is done with it, and its type, by the text of the aggregate; type '' when rounded."""
    texts = {call.text: call for call in wanted}
    if not texts:
        return {}
    listed = ", ".join(f"{text} AS c{i}" for i, text in enumerate(texts))
    described = connection.execute(f"DESCRIBE SELECT {listed} FROM {view}").fetchall()
    columns = {}
    for (text, call), (column, kind, *_) in zip(texts.items(), described, strict=True):
        again = _AGAIN[call.name]
        columns[text] = (column, again, "" if again == "sum" and kind in _ROUNDED else kind)
    return columns


def _again(expression: str, found: list[Call] | None, columns: dict[str, tuple[str, str, str]]) -> str | None:
    """The expression over the cells, or None when it has an aggregate that would be rounded twice."""
    if found is None or any(not columns[call.text][2] for call in found):
        return None
    coded, end, pieces = expression.encode(), 0, []
    for call in found:
        column, again, kind = columns[call.text]
        pieces += [coded[end : call.start].decode(), f"CAST({again}({column}) AS {kind})"]
        end = call.end
    return "".join([*pieces, coded[end:].decode()])
