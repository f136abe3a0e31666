"""Ages in full years, which are no personal data, from dates of birth, which are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from soko.intake.model import cells


def add_ages(frames: dict[str, pd.DataFrame], last_day: Callable[[], date]) -> None:
    """Full years at the end of the period, which are no personal data, from the dates of birth, which are."""
    known: dict[str, int | None] = {}
    for name in ("pupils", "staff", "health"):
        if name not in frames:
            continue
        frame = frames[name]
        given = cells(frame, "age") if "age" in frame else [None] * len(frame)
        births = cells(frame, "birth_date") if "birth_date" in frame else [None] * len(frame)
        day = last_day() if any(isinstance(birth, date) for birth in births) else date.min
        ages = [_age(birth, day) if age is None else age for age, birth in zip(given, births, strict=True)]
        if name == "pupils":
            known = dict(zip(cells(frame, "pupil_id"), ages, strict=True))
        elif name == "health":
            ages = [
                known.get(code) if age is None else age
                for age, code in zip(ages, cells(frame, "pupil_id"), strict=True)
            ]
        frame["age"] = pd.Series(ages, index=frame.index, dtype=object)


def _age(birth: Any, day: date) -> int | None:
    if not isinstance(birth, date):
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
