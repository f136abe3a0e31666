"""A reader who wants to know what is hidden: released tables, public knowledge, linear programming.

He reads the columns of released tables and nothing of soko.disclosure. What hangs together he finds for himself: places
lie in coarser ones, and what the definitions of indicators have in common shows in any school's full table (``truth``:
relations that hold at every place). Where a school's figures do not add up, he must not be misled: sums that do not
hold in the truth are dropped.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from soko.indicators.model import DIMENSIONS

LEVELS = {**dict.fromkeys(range(1, 5), "НОО"), **dict.fromkeys(range(5, 10), "ООО"), 10: "СОО", 11: "СОО"}


_CAP = 1e7  # of what is unbounded, where any solution will do
_SAMPLE = 300  # places by which relations are found; they are used where they hold


class Cell(NamedTuple):
    """A number of a table: its part or its base, of what and where."""

    school: str
    period: str
    indicator: str
    kind: str
    dims: tuple[tuple[str, str], ...]


def parts(table: pd.DataFrame) -> list[Cell]:
    """What the part of each row is."""
    found = []
    schools = sorted({str(name) for name in table["school_id"]} - {""})
    for row in table.to_dict("records"):
        dims = [(n, str(row[n])) for n in DIMENSIONS if n != "grade" and not pd.isna(row[n]) and row[n] != ""]
        if not pd.isna(row["grade"]):
            dims.append(("grade", str(int(row["grade"]))))
        school = row["school_id"] or (schools[0] if len(schools) == 1 else "")
        found.append(Cell(school, row["period"], row["indicator"], "part", tuple(sorted(dims))))
    return found


def cells(table: pd.DataFrame) -> dict[Cell, float]:
    """Every number of a table; NaN where it is empty."""
    found = {}
    for at, part, base in zip(parts(table), table["numerator"], table["denominator"], strict=True):
        found[at], found[at._replace(kind="base")] = float(part), float(base)
    return found


def wholes(cell: Cell) -> Iterable[tuple[Cell, str]]:
    """Coarser places that the cell lies in, with the dimension that is summed over."""
    for name, value in cell.dims:
        rest = [pair for pair in cell.dims if pair[0] != name]
        coarser: list[list[tuple[str, str]]] = [[]]
        grade = int("".join(c for c in value if c.isdigit()) or 0) if name in ("class", "grade") else 0
        if name == "class" and grade:
            coarser.append([("grade", str(grade))])
        if grade in LEVELS:
            coarser.append([("level", LEVELS[grade])])
        for more in coarser:
            yield cell._replace(dims=tuple(sorted([*rest, *more]))), name


def relations(matrix: list[list[int]]) -> list[list[Fraction]]:
    """Coefficients of the linear relations between columns that hold in every row (the null space, exactly)."""
    pivots: dict[int, list[Fraction]] = {}
    for values in matrix:
        row = [Fraction(value) for value in values]
        for at, pivot in pivots.items():
            if row[at]:
                row = [a - row[at] * b for a, b in zip(row, pivot, strict=True)]
        lead = next((at for at, value in enumerate(row) if value), None)
        if lead is None:
            continue
        row = [value / row[lead] for value in row]
        for at, pivot in pivots.items():
            if pivot[lead]:
                pivots[at] = [a - pivot[lead] * b for a, b in zip(pivot, row, strict=True)]
        pivots[lead] = row
    width = len(matrix[0]) if matrix else 0
    found = []
    for free in set(range(width)) - set(pivots):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for at, pivot in pivots.items():
            vector[at] = -pivot[free]
        found.append(vector)
    return found


class Attacker:
    """Everything that can be known from several released tables together."""

    def __init__(self, tables: Iterable[pd.DataFrame], truth: pd.DataFrame, known: pd.DataFrame | None = None) -> None:
        self.truth = {at: value for at, value in cells(truth).items() if not math.isnan(value)}
        self.bounds: dict[Cell, tuple[float, float]] = {}
        self.seen: dict[Cell, float] = {}
        self.cell, self.group = 5, 10
        self.known = self.truth if known is None else cells(known)
        for table in tables:
            self._read(table)
        self.rows: list[dict[Cell, float]] = []
        self._shares()
        self._places()
        self._definitions()
        self._terms()

    def _read(self, table: pd.DataFrame) -> None:
        codes = dict(zip(parts(table), table["hidden"], strict=True))
        for at, value in cells(table).items():
            if at not in self.truth:
                continue  # a count has no base
            low, high = self.bounds.get(at, (0.0, math.inf))
            code = codes[at._replace(kind="part")]
            if not math.isnan(value):
                self.seen[at] = value
            elif code == "under" and at.kind == "part":
                low, high = max(low, 1), min(high, self.cell - 1)
            elif code == "few" and at.kind == "base":
                low, high = max(low, 1), min(high, self.group - 1)
            self.bounds[at] = (low, high)

    def _note(self, terms: dict[Cell, float]) -> None:
        if abs(sum(weight * self.truth[at] for at, weight in terms.items())) < 1e-6:
            self.rows.append(terms)

    def _shares(self) -> None:
        """A part of children is no more than its base: what is left over is a number of children too."""
        for at in list(self.bounds):
            base = at._replace(kind="base")
            if at.kind == "part" and base in self.bounds and 0 <= self.truth[at] <= self.truth[base]:
                rest = at._replace(kind="rest")
                self.truth[rest] = self.truth[base] - self.truth[at]
                self.bounds[rest] = (0.0, math.inf)
                self._note({at: 1.0, rest: 1.0, base: -1.0})

    def _places(self) -> None:
        below: dict[tuple[Cell, str], dict[Cell, float]] = defaultdict(dict)
        for at in self.bounds:
            if at.kind != "rest":
                for whole, name in wholes(at):
                    if whole in self.bounds:
                        below[whole, name][at] = 1.0
        for (whole, _), terms in below.items():
            self._note({**terms, whole: -1.0})

    def _definitions(self) -> None:
        """Relations between the indicators of one family that hold at every place of the full table."""
        places: dict[str, dict[Any, dict[tuple[str, str], float]]] = defaultdict(lambda: defaultdict(dict))
        for at, value in self.known.items():
            if at.kind != "rest" and value == value and value == int(value):
                places[at.indicator.split(".")[0]][at.school, at.period, at.dims][at.indicator, at.kind] = value
        shown = {(at.indicator, at.kind) for at in self.bounds}
        for found in places.values():
            told = {where: frozenset(row) & shown for where, row in found.items()}
            mine = {(at.school, at.period, at.dims) for at in self.bounds}
            for names in map(sorted, sorted(set(told.values()), key=sorted)):
                full = [row for row in found.values() if row.keys() >= set(names)]
                if len(names) < 2 or len(full) <= len(names):
                    continue
                sample = full[:: max(1, len(full) // _SAMPLE)]
                found_here = mine if self.known is not self.truth else [w for w in found if told[w] == frozenset(names)]
                for vector in relations([[int(row[name]) for name in names] for row in sample]):
                    weights = {name: float(weight) for name, weight in zip(names, vector, strict=True) if weight}
                    for school, period, dims in found_here:
                        terms = {Cell(school, period, *name, dims): weight for name, weight in weights.items()}
                        if all(at in self.bounds for at in terms):
                            self._note(terms)

    def _terms(self) -> None:
        """A half-year is its quarters and a year its halves, where that is so at every place of the full table."""
        parts = {"h1": ("q1", "q2"), "h2": ("q3", "q4"), "year": ("h1", "h2")}
        sums: dict[tuple[str, str, str], list[dict[Cell, float]]] = defaultdict(list)
        for at in self.truth:
            year, _, code = at.period.partition("/")
            if code in parts and at.kind != "rest":
                terms = {at._replace(period=f"{year}/{part}"): 1.0 for part in parts[code]}
                terms = {one: weight for one, weight in terms.items() if one in self.truth}
                sums[at.indicator, at.kind, at.period].append({**terms, at: -1.0})
        for found in sums.values():
            if all(abs(sum(weight * self.truth[at] for at, weight in terms.items())) < 1e-6 for terms in found):
                for terms in found:
                    if len(terms) > 1 and all(at in self.bounds for at in terms):
                        self._note(terms)

    def narrowed(self, wanted: Iterable[Cell]) -> dict[Cell, tuple[float, float]]:
        """Of ``wanted``, those of which fewer than cell - 1 whole numbers remain possible, with what remains."""
        unknown = [at for at in self.bounds if at not in self.seen]
        column = {at: number for number, at in enumerate(unknown)}
        entries, totals = [], []
        for terms in self.rows:
            mine = [(column[at], weight) for at, weight in terms.items() if at in column]
            if mine:
                entries += [(len(totals), at, weight) for at, weight in mine]
                totals.append(-sum(weight * self.seen[at] for at, weight in terms.items() if at in self.seen))
        if not entries:
            return {}
        rows, columns, weights = zip(*entries, strict=True)
        matrix = csr_matrix((weights, (rows, columns)), shape=(len(totals), len(unknown)))
        _, part = connected_components(abs(matrix.T) @ abs(matrix), directed=False)
        blocks: dict[int, list[Cell]] = defaultdict(list)
        found = {at: (self.seen[at], self.seen[at]) for at in wanted if at in self.seen}
        for at in wanted:
            if at in column:
                blocks[part[column[at]]].append(at)
        for number, inside in blocks.items():
            mine = np.flatnonzero(part == number)
            block = matrix[:, mine]
            used = np.flatnonzero(np.diff(block.indptr))
            bounds = [self.bounds[unknown[one]] for one in mine]
            system = _System(block[used], np.array(totals)[used], bounds)
            for at in inside:
                low, high = system.ends(int(np.flatnonzero(mine == column[at])[0]), self.cell - 1)
                if high - low + 1 < self.cell - 1:
                    found[at] = (low, high)
        return found

    def secrets(self, heads: set[str]) -> list[Cell]:
        """Cells that nobody may work out: small counts of children, small rests, parts of small groups."""
        found = []
        for at in self.bounds:
            if at.indicator not in heads:
                continue
            value = self.truth[at]
            base = self.truth.get(at._replace(kind="base"), math.inf)
            small = 0 < value < self.cell and (at.kind != "rest" or base >= self.cell)
            if small or (at.kind == "part" and base < self.group):
                found.append(at)
        return found


class _System:
    """Unknowns that hang together. What two solutions have shown to be possible needs no programme of its own."""

    def __init__(self, matrix: Any, totals: Any, bounds: list[tuple[float, float]]) -> None:
        self.matrix, self.totals, self.bounds = matrix, totals, bounds
        self.low = np.full(len(bounds), np.inf)
        self.high = np.full(len(bounds), -np.inf)
        chance = np.random.default_rng(0)
        capped = [(low, min(high, _CAP)) for low, high in bounds]
        for _ in range(4 if len(bounds) > 8 else 0):
            aim = chance.choice([-1.0, 1.0], size=len(bounds))
            for sign in (1.0, -1.0):
                self._solve(sign * aim, capped)

    def ends(self, at: int, enough: int) -> tuple[float, float]:
        """Least and largest whole number that fits, at least as far as ``enough`` of them do."""
        for sign in (1.0, -1.0):
            low, high = math.ceil(self.low[at] - 1e-6) if self.low[at] < np.inf else 0, self.high[at]
            if high - low + 1 >= enough:
                break
            aim = np.zeros(len(self.bounds))
            aim[at] = sign
            if not self._solve(aim, self.bounds):
                self.high[at] = np.inf
        return math.ceil(self.low[at] - 1e-6), math.inf if np.isinf(self.high[at]) else math.floor(self.high[at] + 1e-6)

    def _solve(self, aim: Any, bounds: list[tuple[float, float]]) -> bool:
        done = linprog(aim, A_eq=self.matrix, b_eq=self.totals, bounds=bounds)
        assert done.status in (0, 3), "the released tables contradict each other"
        if done.status == 0:
            self.low, self.high = np.minimum(self.low, done.x), np.maximum(self.high, done.x)
        return bool(done.status == 0)
