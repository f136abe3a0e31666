"""The public edition of a table of indicators: rows that may not leave are gone, counts that may not are hidden.

Tables, charts and sentences of the public edition read nothing but this, so that one rule holds for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from soko.disclosure.amounts import Counted, count
from soko.disclosure.protect import Protected, protect
from soko.disclosure.settings import Disclosure, Thresholds
from soko.errors import DataError

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue
    from soko.school import School

GROUP, CELL, OTHER = "group", "cell", "other"


@dataclass(frozen=True)
class Public:
    """``frame``: the rows that leave, values empty where ``hidden`` says why (group, cell, other; empty: shown)."""

    frame: pd.DataFrame
    counted: Counted
    protected: Protected


def public(
    frame: pd.DataFrame, catalogue: Catalogue, school: School, settings: Disclosure, limits: Thresholds
) -> Public:
    """Return the public edition of ``frame``. DataError when something could be worked out whatever is hidden."""
    rows = releasable(frame, settings)
    counted = count(rows, catalogue, school, settings, limits)
    protected = protect(counted.problem)
    if protected.exposed:
        at = min(protected.exposed)
        raise DataError(
            "скрытые числа можно вычислить из опубликованных: "
            f"{len(protected.exposed)}, первое из них – {counted.problem.amounts[at].key}",
            todo="снимите с публикации таблицу, из которой они следуют, или задайте более крупные группы",
        )
    hidden = protected.hidden
    reasons = [_reason(counted, protected, *row) for row in zip(counted.parts, counted.bases, strict=True)]
    shown = rows.assign(hidden=reasons)
    blank = shown["hidden"] != ""
    base_hidden = [base in hidden for base in counted.bases]
    shown.loc[blank, ["numerator", "value"]] = float("nan")
    shown.loc[base_hidden, "denominator"] = float("nan")
    return Public(shown, counted, protected)


def releasable(frame: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    """Rows that may leave at all: no teacher's, and of topics for the whole only those of school and level."""
    keep = pd.Series(True, index=frame.index)
    for name in settings.never_by:
        keep &= frame[name].isna() | (frame[name] == "")
    whole = frame["indicator"].map({name: settings.is_whole_only(name) for name in frame["indicator"].unique()})
    for name in ("grade", "class", "sex"):
        keep &= ~whole.astype(bool) | frame[name].isna() | (frame[name] == "")
    return frame[keep].reset_index(drop=True)


def _reason(counted: Counted, protected: Protected, part: int, base: int) -> str:
    amounts, hidden = counted.problem.amounts, protected.hidden
    if part not in hidden and base not in hidden:
        return ""
    if base >= 0 and amounts[base].hidden and amounts[base].bounds == (0, None):
        return GROUP
    says_how_small = part in hidden and part not in protected.loosened and amounts[part].bounds[1] is not None
    return CELL if says_how_small else OTHER
