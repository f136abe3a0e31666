"""What a year of parts is held against: the clean tables of its parts, read in plain pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from soko.indicators import one

Read = Callable[[str, str], pd.DataFrame]


def tables(workspace: Path) -> Read:
    """A clean table of a part, as the check of its own files left it; a school year's lie beside what it is made of."""
    folder = workspace / "data" / "clean"

    def read(part: str, table: str) -> pd.DataFrame:
        own = folder / part / part.replace("/", "_") if part.endswith("/year") else folder / part
        return pd.read_parquet(own / f"{table}.parquet")

    return read


def parts_of(frame: pd.DataFrame, indicator: str) -> tuple[float, float]:
    """Numerator and denominator over the whole school; a code of order 1324 may stand alone («1_1»)."""
    row = one(frame, indicator if "." in indicator else f"order1324.{indicator}")
    assert row is not None, indicator
    return row["numerator"], row["denominator"]


def on_roll(pupils: pd.DataFrame, day: date) -> pd.DataFrame:
    """Who was on the list on the day."""
    arrived, left = (pd.to_datetime(pupils[name]) for name in ("arrived_on", "left_on"))
    return pupils[(arrived.isna() | (arrived <= str(day))) & (left.isna() | (left > str(day)))]


def assert_attendance_and_offences_are_sums(frame: pd.DataFrame, read: Read, terms: Iterable[str], day: date) -> None:
    """Of those on the list of the last term: lessons missed in all terms, offences of each pupil in each term."""
    *_, last = terms = tuple(terms)
    end = set(on_roll(read(last, "pupils"), day)["pupil_id"])
    missed = pd.concat([read(term, "attendance") for term in terms])
    missed = missed[missed["pupil_id"].isin(end)]
    expected = (missed["lessons_missed"].sum(), missed["pupil_id"].nunique())
    assert parts_of(frame, "attendance.lessons_missed_per_pupil") == expected
    offences = 0
    for term in terms:
        told = read(term, "registers")
        offences += told[told["pupil_id"].isin(end)].groupby("pupil_id")["offences"].max().sum()
    assert parts_of(frame, "socialisation.offences")[0] == offences
