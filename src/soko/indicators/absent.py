"""Indicators that the programme asks for in a period and that have no value: «нет данных» or «не применимо».

outputs/<period>/absent.csv names each with a reason code (``reasons``) and, where a table was not handed in, its owner:
an indicator must never be missing from the results without a word. Groups that have no value where the school has one
follow, with their dimensions (``by_group``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.model import DIMENSIONS, Indicator
from soko.indicators.reasons import NO_DATA, NOT_APPLICABLE
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

NAME = "absent.csv"
COLUMNS = ["school_id", "period", "indicator", "name", "unit", "reason", "reason_ru", "tables", "owners"]


@dataclass(frozen=True)
class Missing:
    """An indicator without data: the tables that lack and, in the same order, who hands them in."""

    indicator: str
    name: str
    tables: tuple[str, ...]
    owners: tuple[str, ...]


def missing(workspace: Workspace, period: Period, catalogue: Catalogue | None = None) -> list[Missing]:
    """Indicators of the period that have no row because a table is absent, in the order of the catalogue."""
    from soko.indicators import calendar

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    if calendar.is_combined(workspace, period):
        absent = [one for one in calendar.compute(workspace, period, catalogue)[1] if one.stand is None]
        return [_missing(catalogue, one.indicator, tuple(one.lacking or ())) for one in absent]
    found = {path.stem for path in workspace.clean(period).glob("*.parquet")}
    result = []
    for item in catalogue.for_period(period):
        lacking = lacks(catalogue, item, found)
        if lacking:
            result.append(_missing(catalogue, item, lacking))
    return result


def _missing(catalogue: Catalogue, item: Indicator, lacking: tuple[str, ...]) -> Missing:
    return Missing(item.id, item.name, lacking, tuple(catalogue.tables[name].owner for name in lacking))


def lacks(catalogue: Catalogue, item: Indicator, found: Collection[str]) -> tuple[str, ...]:
    """Tables without which the indicator cannot be computed from ``found``; empty when it can be.

    Without its table a share of all pupils would be 0 %, and the note would say that nobody takes part in anything.
    """
    either = catalogue.views[item.population].any_of
    lacking = [name for name in catalogue.tables_of(item.id) if name not in found and name not in either]
    if either and not set(either) & set(found):
        lacking += either
    return tuple(lacking)


def table(
    workspace: Workspace, period: Period, frame: pd.DataFrame, catalogue: Catalogue | None = None
) -> pd.DataFrame:
    """The indicators without a value for a whole school, in the order of the catalogue.

    ``frame`` is the tidy table. Columns: school_id, period, indicator, name, unit, reason («nd» or «na»), reason_ru,
    tables (titles of those that lack, joined by «; ») and owners (in the same order). An indicator that is never
    counted for the whole school, only by item say, is here when it has no row at all.
    """
    import pandas as pd

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    school, items = Params(workspace).school, catalogue.for_period(period)
    found = {path.stem for path in workspace.clean(period).glob("*.parquet")}
    lacking = {item.id: lacks(catalogue, item, found) for item in items}
    whole = [item.id for item in items if [] in item.dimensions]
    empty = frame["grade"].isna()
    for name in ("level", "class", "subject", "sex", "teacher", "item"):
        empty &= frame[name] == ""
    told = frame[empty | ~frame["indicator"].isin(whole)]
    have = set(zip(told["school_id"], told["indicator"], strict=True))
    schools = sorted(set(frame["school_id"]) - {""}) or [school.id]
    rows = []
    for school_id in schools:
        for item in items:
            if (school_id, item.id) in have:
                continue
            names = lacking[item.id]
            reason = NO_DATA if names else NOT_APPLICABLE
            tables = [catalogue.tables[name] for name in names]
            titles = "; ".join(table.title for table in tables)
            owners = "; ".join(school.owner(table.table, table.owner) for table in tables)
            rows.append([school_id, period.id, item.id, item.name, item.unit_title, reason.code, reason.text,
                         titles, owners])  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def by_group(frame: pd.DataFrame, catalogue: Catalogue, period: Period) -> pd.DataFrame:
    """Groups without a value of indicators that have one elsewhere in the school: «не применимо», with its dimensions.

    Columns: those of ``table`` and the dimensions. A group is there when its population has somebody in it, which
    another indicator over the same population shows, and this one divides by none of them (a class in which everybody
    is «н/а» has no mean mark). Groups of which the population has nobody are no groups.
    """
    import numpy as np
    import pandas as pd

    keys = ["school_id", *DIMENSIONS]
    own = frame.loc[frame["school_id"] != "", [*keys, "indicator"]]
    own = own.assign(grade=own["grade"].astype("string")).fillna({"grade": ""}).astype("category")
    number = own.groupby(keys, sort=False, observed=True).ngroup().to_numpy()
    _, first = np.unique(number, return_index=True)
    known = own[keys].iloc[first].reset_index(drop=True).astype("str")  # the group of each number
    cut = sum((np.where(known[name] != "", f"{name} ", "") for name in DIMENSIONS), np.array([""], dtype=object))
    school = known["school_id"].to_numpy(dtype=object)
    rows = {str(name): number[at] for name, at in own.groupby("indicator", observed=True).indices.items()}
    base: dict[str, np.ndarray] = {}
    for name, had in rows.items():
        of = catalogue[name].population
        base[of] = np.union1d(base.get(of, had), had)
    pieces = []
    for item in (item for item in catalogue if item.id in rows):
        cuts = ["".join(f"{name} " for name in DIMENSIONS if name in names) for names in item.dimensions if names]
        asked = np.setdiff1d(base[item.population], rows[item.id])
        asked = asked[np.isin(cut[asked], cuts) & np.isin(school[asked], school[rows[item.id]])]
        if len(asked):
            found = known.iloc[asked].sort_values(keys)
            pieces.append(found.assign(indicator=item.id, name=item.name, unit=item.unit_title))
    made = pd.concat(pieces) if pieces else pd.DataFrame(columns=[*keys, "indicator", "name", "unit"])
    reason = {"period": period.id, "reason": NOT_APPLICABLE.code, "reason_ru": NOT_APPLICABLE.text}
    return made.assign(**reason, tables="", owners="")[[*COLUMNS, *DIMENSIONS]]


def write(frame: pd.DataFrame, folder: Path, groups: pd.DataFrame | None = None) -> Path:
    """Write ``folder``/absent.csv: whole schools, then ``groups``; the same tables give the same bytes."""
    import pandas as pd

    path = folder / NAME
    frame = frame.assign(**dict.fromkeys(DIMENSIONS, ""))
    frame = frame if groups is None else pd.concat([frame, groups], ignore_index=True)
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return path
