"""One masked table for all public documents of a period: out/public/indicators.parquet, .csv and audit.json."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from soko.disclosure.masked import Masked, mask
from soko.disclosure.settings import read
from soko.errors import DataError
from soko.indicators import output
from soko.indicators.model import COLUMNS
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

FOLDER, TABLE, CSV, AUDIT = "public", "indicators.parquet", "indicators.csv", "audit.json"
PUBLIC_COLUMNS = [*COLUMNS, "hidden"]


@dataclass(frozen=True)
class Release:
    """What may leave the school for a period: ``frame`` has the tidy columns and ``hidden`` (few, under, protected)."""

    period: Period
    folder: Path
    frame: pd.DataFrame
    masked: Masked


def prepare(workspace: Workspace, period: Period, out: Path) -> Release:
    """Mask the period's figures with those of the periods that public documents compare with; write them to out/public.

    DataError when there are no figures, or when something hidden could be worked out whatever else is hidden.
    """
    from soko.indicators import load_catalogue

    params, catalogue = Params(workspace), load_catalogue(workspace, bind=False)
    settings = read(workspace)
    dated = settings.in_force(params.dates(period).end)
    frame = figures(workspace, period, params, catalogue)
    masked = mask(frame, catalogue, params, settings, dated.value)
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write(masked.frame, folder)
    return Release(period, folder, masked.frame, masked)


def compared(params: Params, period: Period) -> list[Period]:
    """The period, and the earlier ones whose figures its documents print: previous, year ago, the one before."""
    settings = params.period(period)
    found = [period]
    if settings.compare_previous:
        found += [period.previous(), period.previous().previous()]
    if settings.compare_year_ago:
        found.append(period.year_ago())
    return sorted(set(found))


def figures(workspace: Workspace, period: Period, params: Params, catalogue: Catalogue) -> pd.DataFrame:
    """Rows of the tidy table of ``compared`` periods, as notes have them. DataError when the period itself has none."""
    from soko.indicators import compute, history

    found = []
    for one in compared(params, period):
        frame = history.load(workspace, one, catalogue)
        if frame is None and one == period and workspace.clean(one).is_dir():
            frame = compute(workspace, one)
        if frame is not None:
            found.append(frame)
        elif one == period:
            raise DataError(
                f"за период {period.id} нет рассчитанных показателей",
                where=workspace.relative(workspace.clean(period)),
                todo=f"сначала выполните soko indicators {period.id}",
            )
    return pd.concat(found, ignore_index=True)


def write(frame: pd.DataFrame, folder: Path) -> None:
    """indicators.parquet for notes, indicators.csv for readers (opens in spreadsheet programs as it is)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame[PUBLIC_COLUMNS], preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, folder / TABLE, compression="zstd")
    text = output.as_text(frame[PUBLIC_COLUMNS])
    text.to_csv(folder / CSV, index=False, encoding="utf-8-sig", lineterminator="\n")
