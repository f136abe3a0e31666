"""The public edition of a table of indicators: rows that may not leave are gone, counts that may not are hidden.

Tables, charts and sentences of the public edition read nothing but this, so that one rule holds for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from soko.disclosure import equations
from soko.disclosure.amounts import FEW, PROTECTED, UNDER, Book, Row, book
from soko.disclosure.problem import Limits, Problem
from soko.disclosure.protect import Protected, protect
from soko.disclosure.settings import Disclosure, Thresholds
from soko.indicators.model import COLUMNS
from soko.order1324 import load_order
from soko.params import Params

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue


@dataclass(frozen=True)
class Masked:
    """``frame``: the rows that leave, figures empty where ``hidden`` says why (empty: shown).

    ``behind``: the same rows with their figures.
    """

    frame: pd.DataFrame
    behind: pd.DataFrame
    book: Book
    problem: Problem
    protected: Protected
    released_rows: list[Row]


def mask(rows: pd.DataFrame, catalogue: Catalogue, params: Params, settings: Disclosure, limits: Thresholds) -> Masked:
    """Return the public edition of ``rows`` (see ``soko.disclosure.amounts.book``), those that are ``released`` now."""
    made = book(rows, catalogue, settings, limits)
    equations.note(made, catalogue, params, settings, load_order(params.workspace), least=limits.group)
    problem = Problem(tuple(made.amounts), tuple(made.equations.values()), Limits(values=limits.cell - 1))
    protected = protect(problem)
    hidden = protected.hidden
    shown = rows.assign(hidden=[_reason(problem, protected, hidden, row) for row in made.rows])
    shown["grade"] = shown["grade"].astype("Int64")
    shown.loc[shown["hidden"] != "", ["numerator", "value"]] = float("nan")
    without_base = [row.base in hidden or reason == FEW for row, reason in zip(made.rows, shown["hidden"], strict=True)]
    shown.loc[without_base, "denominator"] = float("nan")
    idle = (rows["denominator"] == 0) & (shown["hidden"] == "")  # see ``soko.disclosure.completed``
    leave = rows["released"] & ~idle
    frame = shown.loc[leave, [*COLUMNS, "hidden"]].reset_index(drop=True)
    behind = rows.loc[leave, COLUMNS].reset_index(drop=True)
    released = [row for row, now in zip(made.rows, leave, strict=True) if now]
    return Masked(frame, behind, made, problem, protected, released)


def _reason(problem: Problem, protected: Protected, hidden: set[int], row: Row) -> str:
    if row.part not in hidden and row.base not in hidden:
        return ""
    if row.few:  # also where it judges a teacher: a group under the threshold shows no base anywhere
        return FEW
    tells = row.part in protected.primary and row.part not in protected.loosened
    most = problem.amounts[row.part].bounds[1]
    return UNDER if tells and most is not None and most <= problem.limits.values else PROTECTED
