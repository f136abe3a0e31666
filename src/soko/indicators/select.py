"""Pick rows of the tidy table by the dimensions that are filled, so that nobody writes the eight conditions by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from soko.errors import FailureError
from soko.indicators.model import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd


def rows(
    frame: pd.DataFrame,
    indicator: str | Iterable[str],
    by: Iterable[str] = (),
    *,
    school_id: str | None = "",
    **fixed: Any,
) -> pd.DataFrame:
    """Rows of the indicator(s) in which exactly ``by`` and the names of ``fixed`` are filled.

    ``school_id`` "" gives the rows over all schools, an id those of one school, None those of every single school.
    Sets with class or teacher exist only within a school; there "" gives the rows of every school.
    ``rows(frame, "subjects.quality", ["subject"], **{"class": "5А"})`` – the subjects of 5А.
    """
    wanted = [indicator] if isinstance(indicator, str) else list(indicator)
    filled = {*by, *fixed}
    unknown = filled - set(DIMENSIONS)
    if unknown:
        raise FailureError(f"нет разреза {', '.join(sorted(unknown))}")
    mask = frame["indicator"].isin(wanted)
    for name in DIMENSIONS:
        have = frame["grade"].notna() if name == "grade" else frame[name] != ""
        mask &= have if name in filled else ~have
        if name in fixed:
            mask &= (frame[name] == fixed[name]).fillna(False).astype(bool)
    if school_id is None or (school_id == "" and filled & {"class", "teacher"}):
        mask &= frame["school_id"] != ""
    else:
        mask &= frame["school_id"] == school_id
    return frame[mask].reset_index(drop=True)


def one(frame: pd.DataFrame, indicator: str, *, school_id: str = "", **fixed: Any) -> pd.Series | None:
    """The single row for the given values of dimensions, or None; ``one(frame, "outcomes.quality", grade=5)``."""
    found = rows(frame, indicator, school_id=school_id, **fixed)
    if len(found) > 1:
        raise FailureError(f"{indicator}: строк {len(found)}, а нужна одна; укажите school_id", where=str(fixed))
    return None if found.empty else found.iloc[0]
