"""What the second way of computing rests on: the tables as handed in, the list of pupils, parts summed by groups.

A part is what each row of its base adds to the numerator and to the denominator. The rules of the tidy table (which
groups have a row, what an unfilled dimension is called) are those that the docstring of ``soko.indicators.compute``
promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from soko.indicators.sources import columns
from soko.params import Params
from soko.periods import Period
from soko.tables import load_tables
from soko.workspace import Workspace

DIMENSIONS = ["level", "grade", "class", "subject", "sex", "teacher", "item"]
KEYS = ["indicator", "school_id", *DIMENSIONS]
UNTOLD = ("нет", "-", "–", "")


@dataclass
class Part:
    """``rows``: the base; ``top``, ``bottom``: what each row adds. Without ``bottom`` it is a count."""

    rows: pd.DataFrame
    top: pd.Series
    bottom: pd.Series | None = None


Parts = dict[str, Part]


class School:
    """The clean tables of a period as they lie on disk, and the conventions; one or several schools."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        params = Params(workspace)
        self.params, self.period = params, period
        self.conventions = params.conventions
        self.start, self.end = params.dates(period).start, params.dates(period).end
        self.opening = params.opening(period)
        self.workspace = workspace
        self._folder, self._contracts = workspace.clean(period), load_tables(workspace)

    def has(self, *names: str) -> bool:
        """Whether every one of the tables was handed in."""
        return all((self._folder / f"{name}.parquet").is_file() for name in names)

    def table(self, name: str) -> pd.DataFrame:
        """The table in its contract's columns, None where nothing is written."""
        kinds = columns(self._contracts[name])
        if not self.has(name):
            return pd.DataFrame({column: pd.Series(dtype=object) for column in kinds})
        frame = pd.read_parquet(self._folder / f"{name}.parquet").reindex(columns=list(kinds))
        frame = frame.astype(object).where(frame.notna(), None)
        for column, kind in kinds.items():
            if kind in ("BIGINT", "DOUBLE", "INTEGER"):
                frame[column] = pd.to_numeric(frame[column])
        return frame.reset_index(drop=True)

    @cached_property
    def pupils(self) -> pd.DataFrame:
        """Everybody in the list, with whether he was there on the days that matter."""
        found = self.table("pupils")
        came, gone = found["arrived_on"], found["left_on"]
        for name, day in (("at_start", self.opening), ("at_end", self.end)):
            found[name] = [(a is None or a <= day) and (b is None or b > day) for a, b in zip(came, gone, strict=True)]
        found["arrived"] = [day is not None and self.opening < day <= self.end for day in came]
        found["gone"] = [day is not None and self.opening < day <= self.end for day in gone]
        return found

    @cached_property
    def listed(self) -> pd.DataFrame:
        """Pupils in the list at the end of the period."""
        return self.pupils[self.pupils["at_end"]].reset_index(drop=True)

    def with_pupil(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows about pupils who are in the list at the end, with the class and the sex that the list gives them."""
        own = ["school_id", "pupil_id", "level", "grade", "class", "sex"]
        rest = [name for name in frame.columns if name not in own[2:]]
        return frame.loc[frame["pupil_id"].notna(), rest].merge(self.listed[own], on=own[:2])


def yes(answers: pd.Series) -> pd.Series:
    """1 where the answer is «да», else 0."""
    return answers.map(lambda value: int(value is not None and value == value and bool(value)))


def told(answers: pd.Series) -> pd.Series:
    """1 where anything is written."""
    return answers.notna().astype(int)


def named(texts: pd.Series) -> pd.Series:
    """1 where a name of something stands, 0 for nothing, «нет» and dashes."""
    return texts.map(lambda text: int(isinstance(text, str) and text.lower() not in UNTOLD))


def somebody(frame: pd.DataFrame, filled: pd.Series, by: str | list[str] = "school_id") -> pd.Series:
    """1 for every row of a school in which at least one row is ``filled``."""
    groups = [frame[name] for name in ([by] if isinstance(by, str) else by)]
    return filled.astype(int).groupby(groups).transform("max") if len(frame) else filled.astype(int)


def among(listed: pd.DataFrame, some: pd.DataFrame) -> pd.Series:
    """1 for the pupils of ``listed`` about whom there is a row in ``some``, however many."""
    known = set(zip(some["school_id"], some["pupil_id"], strict=True))
    found = [pair in known for pair in zip(listed["school_id"], listed["pupil_id"], strict=True)]
    return pd.Series(found, index=listed.index, dtype=int)


def answered(listed: pd.DataFrame, table: pd.DataFrame, filled: pd.Series) -> pd.Series:
    """1 for the pupils of schools whose rows say it at least once, and of schools that have no rows about anybody."""
    any_rows, any_filled = (somebody(listed, among(listed, some)) for some in (table, table[filled]))
    return ((any_rows == 0) | (any_filled == 1)).astype(int)


def ones(rows: pd.DataFrame) -> pd.Series:
    """Every row once."""
    return pd.Series(1, index=rows.index)


def shares(rows: pd.DataFrame, **tops: pd.Series) -> Parts:
    """Several parts of one base, each row of which counts."""
    return {name: Part(rows, top, ones(rows)) for name, top in tops.items()}


def tidy(parts: Mapping[str, Part], sets: Mapping[str, list[list[str]]], scales: Mapping[str, float]) -> pd.DataFrame:
    """Parts summed by every set of dimensions, within each school and over all of them."""
    bases: dict[int, list[str]] = {}
    for name, part in parts.items():
        bases.setdefault(id(part.rows), []).append(name)
    pieces: list[dict[str, np.ndarray]] = []
    for names in bases.values():
        base = _Base({name: parts[name] for name in names})
        for dimensions in {frozenset(one) for name in names for one in sets[name]}:
            asking = [name for name in names if any(set(one) == dimensions for one in sets[name])]
            ordered = [name for name in DIMENSIONS if name in dimensions]
            pieces.append(base.summed(["school_id", *ordered], asking))
            if not {"class", "teacher"} & dimensions:
                pieces.append(base.summed(ordered, asking))
    names = [*KEYS, "top", "bottom"]
    result = pd.DataFrame({name: np.concatenate([piece[name] for piece in pieces]) for name in names})
    result["value"] = result["top"] / result["bottom"].fillna(1.0) * result["indicator"].map(scales)
    return result


class _Base:
    """Rows of one base with the parts of several indicators, ready to be summed by any set of dimensions."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        rows = next(iter(parts.values())).rows
        self.size, self.parts = len(rows), parts
        self.codes: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for name in ["school_id", *DIMENSIONS]:
            column = rows[name] if name in rows.columns else pd.Series(None, index=rows.index, dtype=object)
            filled = column.astype(object).where(column.notna(), _empty(name))
            codes, values = pd.factorize(filled)
            self.codes[name] = codes, np.asarray(values, dtype=object)

    def summed(self, by: list[str], asking: list[str]) -> dict[str, np.ndarray]:
        """Sums of ``asking`` by the columns ``by``; a dimension outside of them is empty."""
        combined = np.zeros(self.size, dtype=np.int64)
        for name in by:
            codes, values = self.codes[name]
            combined = combined * max(len(values), 1) + codes
        _, first, group = np.unique(combined, return_index=True, return_inverse=True)
        keys = {name: np.full(len(first), _empty(name), dtype=object) for name in KEYS[1:]}
        for name in by:
            codes, values = self.codes[name]
            keys[name] = values[codes[first]]
        dimensions = [name for name in by if name != "school_id"]
        filled = np.ones(len(first), dtype=bool)
        for name in dimensions:
            filled &= keys[name] != _empty(name)
        # A set that nobody in the school filled in says nothing; a group without a grade has no row.
        some = set(keys["school_id"][filled])
        keep = np.array([school in some for school in keys["school_id"]], dtype=bool)
        for name in dimensions:
            if name == "grade":
                keep &= keys[name] != -1
            else:
                keys[name] = np.where(keys[name] == "", "не указано", keys[name])
        pieces = []
        for name in asking:
            part = self.parts[name]
            top = _sums(part.top, group, len(first))
            bottom = np.full(len(first), np.nan) if part.bottom is None else _sums(part.bottom, group, len(first))
            shown = keep & (~np.isnan(top) if part.bottom is None else np.nan_to_num(bottom) != 0)
            piece = {key: values[shown] for key, values in keys.items()}
            piece["indicator"] = np.full(int(shown.sum()), name, dtype=object)
            pieces.append({**piece, "top": np.nan_to_num(top[shown]), "bottom": bottom[shown]})
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def _empty(name: str) -> Any:
    return -1 if name == "grade" else ""


def _sums(numbers: pd.Series, group: np.ndarray, size: int) -> np.ndarray:
    """Sum by group, NaN where no row of the group has a number."""
    values = pd.to_numeric(numbers).to_numpy(dtype=float)
    told = ~np.isnan(values)
    sums = np.bincount(group, weights=np.where(told, values, 0.0), minlength=size)
    return np.where(np.bincount(group, weights=told, minlength=size) > 0, sums, np.nan)


def disagreements(found: pd.DataFrame, expected: pd.DataFrame, tolerance: float = 1e-12) -> list[tuple[Any, ...]]:
    """Rows that only one way has, and rows whose parts or value differ by more than ``tolerance`` relatively."""
    ours = found.rename(columns={"numerator": "top", "denominator": "bottom"})[[*KEYS, "top", "bottom", "value"]].copy()
    ours["grade"] = ours["grade"].astype("Int64").fillna(-1).astype(int)
    theirs = expected.assign(grade=expected["grade"].astype(int))
    both = ours.merge(theirs, on=KEYS, how="outer", suffixes=("_1", "_2"), indicator=True)
    wrong = both["_merge"] != "both"
    for name in ("top", "bottom", "value"):
        one, two = both[f"{name}_1"], both[f"{name}_2"]
        apart = (one - two).abs() > tolerance * pd.concat([one.abs(), two.abs()], axis=1).max(axis=1)
        wrong |= apart | (one.isna() != two.isna())
    shown = [*KEYS, "top_1", "bottom_1", "top_2", "bottom_2"]
    return [tuple(row) for row in both.loc[wrong, shown].itertuples(index=False)]
