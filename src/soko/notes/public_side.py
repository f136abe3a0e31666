"""What a note of the public edition is written from: the masked table of the release, settings, nothing else.

``soko.disclosure.release`` leaves the table in outputs/<period>/public. Whoever asks for a clean table, a name or the
history on this side gets an error, so that no table, chart or sentence has to remember what it may read.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import pandas as pd

from soko.disclosure.settings import Thresholds, read as read_settings
from soko.errors import DataError, UsageError
from soko.indicators.reasons import PUBLIC
from soko.notes.figures import Figures
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

FOLDER, TABLE = "public", "indicators.parquet"


class PublicSide(Workspace):
    """A workspace of which only settings and published results can be reached."""

    def _refuse(self, what: str) -> NoReturn:
        raise UsageError(
            f"публичный экземпляр строится только из публикуемых итогов: {what} ему недоступны",
            todo="уберите этот раздел из публичного экземпляра (public_without в файле справки)",
        )

    @property
    def private(self) -> Path:
        """Refused."""
        self._refuse("сведения о людях")

    @property
    def corrections(self) -> Path:
        """Refused."""
        self._refuse("исправления данных")

    @property
    def history(self) -> Path:
        """Refused."""
        self._refuse("полные показатели прежних периодов")

    def incoming(self, period: Period) -> Path:
        """Refused."""
        self._refuse("исходные файлы")

    def clean(self, period: Period) -> Path:
        """Refused."""
        self._refuse("таблицы с данными")

    def private_period(self, period: Period) -> Path:
        """Refused."""
        self._refuse("сведения о людях")


def figures(workspace: Workspace, period: Period, out: Path | None) -> dict[Period, Figures]:
    """The masked figures of the period and of those before that the release has, by period.

    ``out`` is the folder of a run that is not published yet. DataError where there is no release, where it does not
    hold the period, or where a hidden figure has its value.
    """
    path = (out or workspace.outputs(period)) / FOLDER / TABLE
    where = workspace.relative(path)
    if not path.is_file():
        raise DataError(
            f"публикуемых показателей за период {period.id} нет: публичный экземпляр строится только из них",
            where=where,
            todo=f"выполните soko report {period.id} --audience public",
        )
    found = _read(path, path.stat().st_mtime_ns, where)
    if period not in found:
        raise DataError(f"в таблице публикуемых показателей нет периода {period.id}", where=where)
    return found


@lru_cache(maxsize=2)
def _read(path: Path, _stamp: int, where: str) -> dict[Period, Figures]:
    frame = pd.read_parquet(path)
    if "hidden" not in frame.columns:
        raise DataError("в таблице публикуемых показателей нет столбца hidden: это не она", where=where)
    reasons = frame["hidden"].fillna("")
    unknown = sorted(set(reasons) - {"", *PUBLIC})
    if unknown:
        raise DataError(f"в таблице публикуемых показателей неизвестная причина скрытия «{unknown[0]}»", where=where)
    told = frame[(reasons != "") & (frame["numerator"].notna() | frame["value"].notna())]
    if len(told):
        raise DataError(f"в таблице публикуемых показателей у скрытых строк есть значения: {len(told)}", where=where)
    return {Period.parse(str(name)): Figures(rows) for name, rows in frame.groupby("period")}


def limits(params: Params, period: Period) -> Thresholds:
    """The smallest group and the smallest count that are published at the end of the period."""
    return read_settings(params.workspace).in_force(params.dates(period).end).value
