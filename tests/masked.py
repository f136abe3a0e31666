"""A stand-in for the release of a period: the tidy table with small counts masked, in the columns of the real one.

Only what is small by itself is hidden, and the whole of its smallest neighbour; that no hidden figure follows from the
others is the business of ``soko.disclosure`` and its tests.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from soko.indicators import history, load_catalogue
from soko.periods import Period
from soko.workspace import Workspace

Why = Callable[[pd.Series], str]


def few_and_under(row: pd.Series) -> str:
    """The reason of a row by its own numbers; counts of classes and of things are not looked at."""
    if row["indicator"] in ("contingent.classes",):
        return ""
    if row["denominator"] == row["denominator"] and row["denominator"] < 10:
        return "few"
    return "under" if 0 < row["numerator"] < 5 else ""


def table(place: Workspace, period: Period, why: Why = few_and_under) -> pd.DataFrame:
    """The masked table of the period and of those that it is compared with."""
    catalogue = load_catalogue(place, bind=False)
    frames = []
    for one in dict.fromkeys([period, period.previous(), period.year_ago(), period.previous().previous()]):
        found = history.stored(place, one, catalogue)
        if found:
            frame = pd.read_parquet(found.path)
            frames.append(frame.assign(period=one.id))
    whole = pd.concat(frames, ignore_index=True)
    whole = whole[whole["teacher"].fillna("") == ""].reset_index(drop=True)
    return mask(whole, why)


def mask(whole: pd.DataFrame, why: Why) -> pd.DataFrame:
    """``whole`` with the reasons of ``why``, the values of hidden rows gone; bases of groups too small go with them."""
    reasons = whole.apply(why, axis=1)
    masked = whole.assign(hidden=reasons)
    masked.loc[reasons != "", ["numerator", "value"]] = float("nan")
    masked.loc[reasons == "few", "denominator"] = float("nan")
    return masked


def put(place: Workspace, period: Period, frame: pd.DataFrame, out: Path | None = None) -> Path:
    """Write the table where a note of the public edition looks for it; return the folder of results."""
    folder = (out or place.outputs(period)) / "public"
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / "indicators.parquet", index=False)
    return folder.parent
