"""Which rows of the tidy table go into the sheet: schools, levels, parallels, subjects; no class, sex or teacher."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from soko.analysis.narrative_sections import among
from soko.data_sheet.settings import SheetSettings
from soko.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from soko.indicators.catalogue import Catalogue
    from soko.indicators.model import Indicator

#: Columns of the sheet. ``definition`` is the version of the indicator's definition; ``hidden`` is of the public one.
COLUMNS = ("school_id", "okpo", "period", "indicator", "level", "grade", "subject", "item", "numerator", "denominator",
           "definition")  # fmt: skip
HIDDEN = "hidden"
KEY = ("school_id", "period", "indicator", "level", "grade", "subject", "item")
_DIGITS = 12  # of the hash of a definition


@dataclass(frozen=True)
class SheetRow:
    """One figure. ``grade`` and ``denominator`` are None where there is none, ``numerator`` of a hidden figure."""

    school_id: str
    okpo: str
    period: str
    indicator: str
    level: str
    grade: int | None
    subject: str
    item: str
    numerator: float | None
    denominator: float | None
    definition: str
    hidden: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What the row is about, as text."""
        return tuple("" if (value := getattr(self, name)) is None else str(value) for name in KEY)


def of_period(
    frame: pd.DataFrame,
    catalogue: Catalogue,
    settings: SheetSettings,
    definitions: dict[str, str],
    *,
    period: str,
    okpo: dict[str, str],
    school: str = "",
) -> list[SheetRow]:
    """The rows of the sheet, in the order of the key.

    ``frame`` is the tidy table (of the public audience the masked one, with ``hidden``); ``definitions`` the hash of
    each indicator's definition; ``okpo`` the code of each school. ``school`` is the id of the only school of a table
    whose rows are of all schools together. DataError when nothing is left.
    """
    chosen = frame[
        (frame["period"] == period) & (frame["class"] == "") & (frame["sex"] == "") & (frame["teacher"] == "")
    ]
    ids = set(chosen["school_id"]) - {""}
    # Of one school a table has every row twice: as the school's and as that of all schools together.
    chosen = chosen[chosen["school_id"] != ""] if ids else chosen
    made = []
    for row in cast("list[dict[str, Any]]", chosen.to_dict("records")):
        item = catalogue.indicators.get(row["indicator"])
        if item is None or not _goes(item, catalogue, settings, _cut(row)):
            continue
        made.append(_row(row, definitions, okpo, school))
    if not made:
        raise DataError(
            f"передавать нечего: за период {period} нет показателей для листа данных",
            todo=f"рассчитайте показатели: soko indicators {period}",
        )
    return sorted(made, key=_order)


def _order(row: SheetRow) -> tuple[str, str, str, int, str, str]:
    return (row.school_id, row.indicator, row.level, row.grade or 0, row.subject, row.item)


def _cut(row: dict[str, Any]) -> frozenset[str]:
    """The dimensions of a row; a parallel has its level with it."""
    cut = {name for name in ("level", "subject", "item") if row[name]}
    if row["grade"] == row["grade"] and row["grade"] is not None:
        cut = (cut - {"level"}) | {"grade"}
    return frozenset(cut)


def _goes(item: Indicator, catalogue: Catalogue, settings: SheetSettings, cut: Collection[str]) -> bool:
    if among(item.id, settings.without):
        return False
    finest = catalogue.views[item.population].finest
    allowed = {"": {"level", "grade", "subject", "item"}, "school": set(), "grade": {"level", "grade"}}[finest]
    if among(item.id, settings.whole):
        allowed &= {"level"}
    own = frozenset(cut) - {"item"}
    if "item" in cut and not (among(item.id, settings.items) and own <= {"level"}):
        return False
    return set(cut) <= allowed and any(own == frozenset(one) for one in settings.cuts)


def _row(row: dict[str, Any], definitions: dict[str, str], okpo: dict[str, str], school: str) -> SheetRow:
    grade = row["grade"]
    own = row["school_id"] or school
    return SheetRow(
        school_id=own,
        okpo=okpo.get(own, ""),
        period=row["period"],
        indicator=row["indicator"],
        level=row["level"],
        grade=None if grade is None or grade != grade else int(grade),
        subject=row["subject"],
        item=row["item"],
        numerator=_number(row["numerator"]),
        denominator=_number(row["denominator"]),
        definition=definitions.get(row["indicator"], "")[:_DIGITS],
        hidden=row.get(HIDDEN) or "",
    )


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)
