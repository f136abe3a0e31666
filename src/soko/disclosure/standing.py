"""What earlier releases have let out, as rows beside those of a new one, so that all are protected together.

A count that has not changed since is the same count, shown or hidden as it was. Where data of a period have been
corrected, the release of then speaks of counts of its own (its rows get the period «2025-2026/q3#2025-2026/q3/001»).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from soko.disclosure import register
from soko.disclosure.amounts import FEW, SHOWN, UNDER
from soko.disclosure.places import column, dims_by_row
from soko.disclosure.register import Cell, Entry
from soko.periods import Period

#: What a row is about: school, period, indicator, dimensions as one text.
Key = tuple[str, str, str, str]
Figures = Callable[[Period], pd.DataFrame | None]
_STAND = ("was_part", "was_base", "was_cell", "was_group")


class Counts(NamedTuple):
    """The counts behind a row, and whether it judges a teacher."""

    part: float
    base: float
    rated: bool = False


@dataclass
class _Mark:
    """How a row stands in earlier releases."""

    part: str = ""
    base: str = ""
    cell: int = 0
    group: int = 0


def keys(frame: pd.DataFrame) -> Iterator[Key]:
    """What each row is about."""
    about = (column(frame, name) for name in ("school_id", "period", "indicator"))
    for school, period, indicator, dims in zip(*about, dims_by_row(frame), strict=True):
        yield str(school or ""), str(period), str(indicator), ";".join(f"{name}={value}" for name, value in dims)


def beside(rows: pd.DataFrame, entries: Iterable[Entry], figures: Figures, secret: bytes) -> pd.DataFrame:
    """``rows`` (of ``released.releasable``) with how each stands in ``entries``, and rows that only those have.

    ``figures`` gives the tidy table of a period as it is now with the column ``rated``, None when it is not known any
    more.
    """
    known = _Known(rows, figures)
    marks: dict[Key, _Mark] = {}
    more: list[pd.DataFrame] = []
    at = {key: number for number, key in enumerate(keys(rows))}
    for entry in entries:
        cells = entry.cells()
        for period in sorted(cells["period"].unique()):
            part = cells[cells["period"] == period].reset_index(drop=True)
            tag = "" if known.unchanged(part, secret) else f"#{entry.period.id}/{entry.number:03d}"
            more += _stand(part, tag, entry, known, secret, marks, at)
    made = pd.concat([rows, *more], ignore_index=True) if more else rows.copy()
    marked = [marks.get(key, _Mark()) for key in keys(made)]
    for name, field in zip(_STAND, ("part", "base", "cell", "group"), strict=True):
        made[name] = [getattr(mark, field) for mark in marked]
    return made


class _Known:
    """The counts behind rows as they are now, of the new release's periods and of all others."""

    def __init__(self, rows: pd.DataFrame, figures: Figures) -> None:
        self._figures = figures
        self._periods: dict[str, dict[Key, Counts] | None] = {}
        for period in rows["period"].unique():
            self._periods[period] = _counts(rows[rows["period"] == period])

    def of(self, period: str) -> dict[Key, Counts] | None:
        if period not in self._periods:
            found = self._figures(Period.parse(period))
            self._periods[period] = None if found is None else _counts(found)
        return self._periods[period]

    def unchanged(self, cells: pd.DataFrame, secret: bytes) -> bool:
        """Whether every row of an earlier release says what would be said of the same data now."""
        now = self.of(cells["period"].iloc[0])
        if now is None:
            return True  # nothing newer is known
        return all(
            _same(key, row, now.get(key), secret) for key, row in zip(keys(cells), register.rows(cells), strict=True)
        )


def _same(key: Key, cell: Cell, now: Counts | None, secret: bytes) -> bool:
    if now is None:
        return False
    part = register.sign(secret, (*key, "part"), now.part) == cell.part_hash if cell.part_hash else cell[0] == now.part
    if cell.base_hash:
        return part and register.sign(secret, (*key, "base"), now.base) == cell.base_hash
    return part and (cell.denominator == now.base or now.base != now.base)


def _stand(
    part: pd.DataFrame,
    tag: str,
    entry: Entry,
    known: _Known,
    secret: bytes,
    marks: dict[Key, _Mark],
    at: dict[Key, int],
) -> list[pd.DataFrame]:
    """Note how the rows of one period of a release stand; give those that have no row yet, with their counts."""
    now = (known.of(part["period"].iloc[0]) or {}) if not tag else {}
    numbers, counts = [], []
    for number, (key, cell) in enumerate(zip(keys(part), register.rows(part), strict=True)):
        own = (key[0], key[1] + tag, *key[2:])
        if own not in at:
            found = now.get(key) or Counts(
                register.behind(cell.numerator, cell.part_hash, secret, (*key, "part")),
                register.behind(cell.denominator, cell.base_hash, secret, (*key, "base")),
            )
            if found.part != found.part:
                continue  # a sum that nobody can recall stands in no equation that is known to hold
            at[own] = -1
            numbers.append(number)
            counts.append(found)
        _mark(marks.setdefault(own, _Mark()), cell, entry)
    if not numbers:
        return []
    rows = part.iloc[numbers].assign(
        numerator=[found.part for found in counts],
        denominator=[found.base for found in counts],
        period=part["period"].iloc[0] + tag,
        rated=[found.rated for found in counts],
        released=False,
        unseen=False,
    )
    return [rows.drop(columns=["hidden", "part_hash", "base_hash"])]


def _mark(mark: _Mark, cell: Cell, entry: Entry) -> None:
    """What was shown once is shown; of signs the one that says most counts."""
    order = ["", "protected", FEW, UNDER, SHOWN]
    how = {
        "part": SHOWN if cell.numerator == cell.numerator else cell.hidden,
        "base": SHOWN if cell.denominator == cell.denominator else "" if cell.hidden == FEW else "protected",
    }
    if not cell.base_hash and cell.denominator != cell.denominator:
        how["base"] = ""  # a count has no base
    mark.part = max(mark.part, how["part"], key=order.index)
    mark.base = max(mark.base, how["base"], key=order.index)
    limits = entry.limits
    mark.cell = min(mark.cell or limits.cell, limits.cell)
    mark.group = min(mark.group or limits.group, limits.group)


def _counts(frame: pd.DataFrame) -> dict[Key, Counts]:
    found = zip(*(frame[name].tolist() for name in ("numerator", "denominator", "rated")), strict=True)
    return {
        key: Counts(float(part), float("nan") if pd.isna(base) else float(base), bool(rated))
        for key, (part, base, rated) in zip(keys(frame), found, strict=True)
    }
