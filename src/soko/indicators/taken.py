"""outputs/<year>/sources.csv: for each line of a year that is put together which data it took, what was not there.

Columns: indicator, name, rule (``Take``), source (of the rule), table, title, periods (whose tables, «; » between),
as_of (of a state) or date_from and date_to (of what happened), rows (of the table that was used), remark (Russian),
document (of a figure that somebody wrote down: from what).
A row an indicator and table; nothing older is taken in silence.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soko.indicators.calendar import Taken
from soko.indicators.catalogue import Catalogue
from soko.indicators.combine import Parts
from soko.indicators.school_year import RULES as SCHOOL_RULES
from soko.indicators.taken_told import COLUMNS, Told, day_of
from soko.periods import Period
from soko.russian import count

if TYPE_CHECKING:
    import pandas as pd

NAME = "sources.csv"
RULES = {
    "at_end": "последнее состояние в году",
    "school_year": "учебный год, закончившийся в году",
    "both_halves": "с января по декабрь",
    "terms": "сумма по периодам года",
    "summer": "итоги весны и лета",
    "in_year": "даты отчётного года",
}


def rule(take: str, period: Period) -> str:
    """The rule in words, as it is for the kind of year."""
    return (SCHOOL_RULES if period.kind == "year" else RULES)[take]


def frame(parts: Parts, catalogue: Catalogue, taken: list[Taken]) -> pd.DataFrame:
    """The table; rows in the order of the catalogue, the same data give the same rows."""
    import pandas as pd

    told = Told(parts, catalogue)
    return pd.DataFrame([row for one in taken for row in told.rows(one)], columns=COLUMNS)


def write(table: pd.DataFrame, folder: Path) -> Path:
    """Write ``folder``/sources.csv."""
    path = folder / NAME
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return path


def read(folder: Path) -> pd.DataFrame | None:
    """The table of a publication; None when it has none."""
    import pandas as pd

    path = folder / NAME
    return pd.read_csv(path, dtype="str", keep_default_na=False) if path.is_file() else None


def lines(table: pd.DataFrame) -> list[str]:
    """The rows of one indicator in words, for ``soko explain``."""
    found = []
    for row in table.to_dict("records"):
        when = f"на {day_of(row['as_of'])}" if row["as_of"] else ""
        if row["date_from"]:
            when = f"с {day_of(row['date_from'])} по {day_of(row['date_to'])}"
        whose = f"{row['title']} ({row['table']})"
        shown = [part for part in (row["periods"], when, count(int(row["rows"]), "строка") if row["periods"] else "")
                 if part]  # fmt: skip
        text = f"{whose}: {', '.join(shown)}" if shown else whose
        found.append(f"{text}; {row['remark']}" if row["remark"] else text)
    return found
