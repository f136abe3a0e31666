"""«Нет данных»: the indicators that the programme asks for in a period and whose tables nobody has handed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.model import Indicator
from soko.periods import Period
from soko.workspace import Workspace


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
