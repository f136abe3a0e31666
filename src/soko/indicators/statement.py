"""One figure as one SQL statement: the views that an indicator rests on, its expressions, a group as a condition."""

from __future__ import annotations

import textwrap
from typing import Any

from soko.indicators.catalogue import Catalogue
from soko.indicators.model import Indicator


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
    quoted = {name: str(value).replace("'", "''") for name, value in group.items()}
    return "\nWHERE " + " AND ".join(
        f'"{name}" = {value}' if name == "grade" else f"\"{name}\" = '{value}'" for name, value in quoted.items()
    )
