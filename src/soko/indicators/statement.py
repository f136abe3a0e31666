"""One figure as one SQL statement: the views that an indicator rests on, its expressions, a group as a condition."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from typing import Any

from soko.indicators.catalogue import Catalogue
from soko.indicators.model import UNKNOWN, Indicator


def tables_under(catalogue: Catalogue, item: Indicator) -> list[str]:
    """Tables of the indicator and of every view under it, in the order of the contracts."""
    views = catalogue.views_under(item.population)
    named = {*catalogue.tables_of(item.id), *(table for view in views for table in view.tables)}
    return [name for name in catalogue.tables if name in named]


def lacking(catalogue: Catalogue, item: Indicator, found: Collection[str]) -> list[str]:
    """Tables of the indicator that are not among ``found``: without them a count would be 0, and nobody would know."""
    return [name for name in catalogue.tables_of(item.id) if name not in found]


def statement(catalogue: Catalogue, item: Indicator, group: dict[str, Any] | None = None) -> str:
    """One SQL statement over the clean tables that gives numerator and denominator of a group."""
    shown = f"SELECT ({item.numerator}) AS numerator"
    if item.denominator:
        shown += f",\n       ({item.denominator}) AS denominator"
    return f"{with_views(catalogue, item)}\n{shown}\nFROM {item.population}{where(group or {})}"


def with_views(catalogue: Catalogue, item: Indicator) -> str:
    """The views that the indicator rests on, as WITH of a statement."""
    views = [
        f"{view.name} AS (\n{textwrap.indent(view.sql.strip(), '  ')}\n)"
        for view in catalogue.views_under(item.population)
    ]
    return "WITH " + ",\n".join(views)


def where(group: dict[str, Any]) -> str:
    """The group as a condition."""
    if not group:
        return ""
    return "\nWHERE " + " AND ".join(_condition(name, value) for name, value in group.items())


def _condition(name: str, value: Any) -> str:
    if name == "grade":
        return f'"{name}" = {value}'
    if value == UNKNOWN:
        return f"coalesce(\"{name}\", '') = ''"
    quoted = str(value).replace("'", "''")
    return f"\"{name}\" = '{quoted}'"
