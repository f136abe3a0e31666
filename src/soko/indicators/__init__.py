"""Indicators: catalogue in YAML, one DuckDB pass a population, one tidy table of additive parts.

``load_catalogue(workspace)`` reads params/indicators; ``compute(workspace, period)`` gives the tidy table;
``missing(workspace, period)`` says what it lacks;
``write(frame, folder)`` stores it; ``rows`` and ``one`` pick from it; ``history`` keeps it for later periods.
Heavy imports (duckdb, pandas) wait until something is asked for: the CLI's help must not pay for them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soko.indicators.absent import Missing, missing
    from soko.indicators.catalogue import Catalogue, load_catalogue
    from soko.indicators.engine import compute
    from soko.indicators.model import COLUMNS, DIMENSIONS, UNKNOWN, Indicator
    from soko.indicators.output import read, write
    from soko.indicators.select import one, rows

_WHERE = {
    "Missing": "absent",
    "missing": "absent",
    "Catalogue": "catalogue",
    "load_catalogue": "catalogue",
    "compute": "engine",
    "COLUMNS": "model",
    "DIMENSIONS": "model",
    "UNKNOWN": "model",
    "Indicator": "model",
    "read": "output",
    "write": "output",
    "one": "select",
    "rows": "select",
}

__all__ = [
    "COLUMNS",
    "DIMENSIONS",
    "UNKNOWN",
    "Catalogue",
    "Indicator",
    "Missing",
    "compute",
    "load_catalogue",
    "missing",
    "one",
    "read",
    "rows",
    "write",
]


def __getattr__(name: str) -> Any:
    if name == "history":
        return import_module("soko.indicators.history")
    if name in _WHERE:
        return getattr(import_module(f"soko.indicators.{_WHERE[name]}"), name)
    raise AttributeError(name)
