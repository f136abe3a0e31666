"""Columns of the tidy table as figures read them: texts without gaps, numbers, dimensions that the finest implies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from soko import cohorts


def natural(text: str) -> tuple[int, str]:
    """Order of classes: 2А before 10А, 7-2 before 7-10."""
    return cohorts.natural(text, without=10**6)


def finest(dims: dict[str, str]) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """The key of a row (of level, grade and class the finest alone), and which dimensions it has."""
    if "class" in dims:
        dims.pop("grade", None)
    if "class" in dims or "grade" in dims:
        dims.pop("level", None)
    return frozenset(dims.items()), frozenset(dims)


def texts_of(column: pd.Series) -> list[str]:
    """A column as text, empty where it has no value; each distinct value is turned into text once."""
    codes, distinct = pd.factorize(column)
    texts = [*(_text(value) for value in distinct), ""]
    return [texts[code] for code in codes]


def numbers_of(column: pd.Series) -> list[float]:
    """A column as numbers, NaN where it has no value."""
    found: list[float] = column.to_numpy("float64", na_value=float("nan")).tolist()
    return found


def read_texts(values: list[Any]) -> list[str]:
    """Values of an Arrow column as text; there are few distinct ones."""
    known = {value: _text(value) for value in set(values)}
    return [known[value] for value in values]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a grade that became float beside empty cells
    return str(value)
