"""The public edition of a table of indicators: rows that may not leave are gone, counts that may not are hidden.

Tables, charts and sentences of the public edition read nothing but this, so that one rule holds for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from soko.disclosure import equations
from soko.disclosure.amounts import Book, Row, book
from soko.disclosure.problem import Limits, Problem
from soko.disclosure.protect import Protected, protect
from soko.disclosure.released import releasable
from soko.disclosure.settings import Disclosure, Thresholds
from soko.order1324 import load_order
from soko.params import Params

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

#: Reason codes: group under the threshold; count of 1 to cell - 1; hidden so that others cannot be worked out.
FEW, UNDER, PROTECTED = "few", "under", "protected"


@dataclass(frozen=True)
class Masked:
    """``frame``: the rows that leave, figures empty where ``hidden`` says why (empty: shown)."""

    frame: pd.DataFrame
    book: Book
    problem: Problem
    protected: Protected


def mask(frame: pd.DataFrame, catalogue: Catalogue, params: Params, settings: Disclosure, limits: Thresholds) -> Masked:
    """Return the public edition of ``frame``, rows of one or several periods of the tidy table."""
    rows = releasable(frame, settings, params.school)
    made = book(rows, catalogue, settings, limits)
    equations.note(made, catalogue, params, settings, load_order(params.workspace))
    problem = Problem(tuple(made.amounts), tuple(made.equations.values()), Limits(values=limits.cell - 1))
    protected = protect(problem)
    hidden = protected.hidden
    few = [row.base >= 0 and problem.amounts[row.base].loose[1] is not None for row in made.rows]
    reasons = [
        _reason(problem, protected, hidden, row, small, rated)
        for row, small, rated in zip(made.rows, few, rows["rated"], strict=True)
    ]
    shown = rows.drop(columns="rated").assign(hidden=reasons)
    shown["grade"] = shown["grade"].astype("Int64")
    shown.loc[shown["hidden"] != "", ["numerator", "value"]] = float("nan")
    without_base = [row.base in hidden or small for row, small in zip(made.rows, few, strict=True)]
    shown.loc[without_base, "denominator"] = float("nan")
    return Masked(shown, made, problem, protected)


def _reason(problem: Problem, protected: Protected, hidden: set[int], row: Row, few: bool, rated: bool) -> str:
    if row.part not in hidden and row.base not in hidden:
        return ""
    if few and not rated:
        return FEW
    tells = row.part in protected.primary and row.part not in protected.loosened
    return UNDER if tells and problem.amounts[row.part].bounds[1] is not None else PROTECTED
