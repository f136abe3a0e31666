"""From the wide result of a population's query to rows of the tidy table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from soko.indicators.model import COLUMNS, DIMENSIONS, UNKNOWN, Indicator
from soko.indicators.sql import NO_GRADE, bit, grouping_sets, keys_of, set_number

if TYPE_CHECKING:
    import pandas as pd

Arrays = dict[str, np.ndarray]


def long_form(wide: Mapping[str, Any], indicators: Sequence[Indicator]) -> Arrays:
    """Rows of the tidy table as arrays by column, from the arrays of ``group_query``.

    Each indicator gets the sets that it asks for. A value that is missing in the data becomes «не указано», except
    for a grade, whose column holds numbers: such a group has no row. A set whose dimensions nobody filled in a
    school is left out there: a table «by sex» of the one line «не указано» says nothing.
    """
    columns: Arrays = {name: np.asarray(wide[name]) for name in wide}
    g, keys = columns["g"].astype(np.int64), keys_of(indicators)
    shown, complete = {}, np.ones(len(g), dtype=bool)
    possible = np.ones(len(g), dtype=bool)
    for name in DIMENSIONS:
        if name not in keys:
            shown[name] = np.full(len(g), NO_GRADE if name == "grade" else "", dtype=object)
            continue
        rolled = (g & bit(name, keys)) != 0
        empty = columns[name] == (NO_GRADE if name == "grade" else "")
        complete &= rolled | ~empty
        if name == "grade":
            possible &= rolled | ~empty
            shown[name] = columns[name].astype(object)
        else:
            shown[name] = np.where(~rolled & empty, UNKNOWN, columns[name]).astype(object)
    shown["school_id"] = columns["school_id"].astype(object)
    keep = possible & _somebody(g, shown["school_id"], complete)
    pieces = []
    for i, item in enumerate(indicators):
        wanted = np.isin(g, [set_number(names, keys) for names in grouping_sets(item)])
        numerator = columns[f"n{i}"]
        denominator = columns[f"d{i}"] if item.denominator else np.full(len(g), np.nan)
        at = np.flatnonzero(keep & wanted & (denominator != 0) & ~np.isnan(numerator))
        parts: Arrays = {name: values[at] for name, values in shown.items()}
        over = denominator[at] if item.denominator else 1.0
        parts["indicator"] = np.full(len(at), item.id, dtype=object)
        parts["numerator"], parts["denominator"] = numerator[at], denominator[at]
        parts["value"] = numerator[at] / over * item.scale
        pieces.append(parts)
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def _somebody(g: np.ndarray, schools: np.ndarray, complete: np.ndarray) -> np.ndarray:
    """True for the rows of each (set, school) in which at least one group has all its dimensions."""
    import pandas as pd

    school, _ = pd.factorize(schools)
    _, group = np.unique(g * (school.max(initial=0) + 1) + school, return_inverse=True)
    return (np.bincount(group, weights=complete) > 0)[group] if len(g) else complete


def frame(pieces: Sequence[Arrays], period: str) -> pd.DataFrame:
    """The tidy table: types and order of the contract; the order does not depend on that of the input rows."""
    import pandas as pd

    columns: dict[str, Any] = {}
    order_by = []
    for name in COLUMNS:
        if name == "period":
            continue
        values = np.concatenate([piece[name] for piece in pieces] or [np.empty(0, dtype=object)])
        if name in ("numerator", "denominator", "value"):
            columns[name] = values.astype("float64")
        elif name == "grade":
            numbers = values.astype(np.int64)
            columns[name] = pd.arrays.IntegerArray(numbers, numbers == NO_GRADE)
            order_by.append(numbers)
        else:  # few texts, many rows: make each text once
            codes, texts = pd.factorize(values, sort=True)
            columns[name] = pd.array(texts, dtype="str").take(codes)
            order_by.append(codes)
    order = np.lexsort(order_by[::-1])
    columns["period"] = pd.array([period], dtype="str").take(np.zeros(len(order), dtype=int))
    return pd.DataFrame({name: columns[name].take(order) for name in COLUMNS})
