"""Indicators that the programme asks for in a period and that have no value: «нет данных» or «не применимо».

outputs/<period>/absent.csv names each with a reason code (``reasons``) and, where a table was not handed in, its owner:
an indicator must never be missing from the results without a word.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.model import Indicator
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


def write(frame: pd.DataFrame, folder: Path) -> Path:
    """Write ``folder``/absent.csv; the same table gives the same bytes."""
    path = folder / NAME
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return path
