"""``soko data-sheet``: the sheet of a period beside its reports, published as everything else: all or nothing.

The values are brought up to date first. The public sheet is written from the masked table of the period's release.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from soko.data_sheet import files, rows, settings
from soko.disclosure import settings as disclosure
from soko.errors import DataError, UsageError
from soko.indicators import history, load_catalogue, output, reasons
from soko.params import Params
from soko.periods import Period
from soko.run import jobs
from soko.run.opened import computed
from soko.run.pieces import Step, silent
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from soko.school import School

#: Where the sheet of an audience stands below the folder of the period.
FOLDERS = {"internal": "reports", "public": "public"}


@dataclass(frozen=True)
class Written:
    """What was written: the files, the number of rows and of indicators."""

    files: list[Path]
    rows: int
    indicators: int


def write(workspace: Workspace, period: Period, audience: str = "internal", step: Step = silent) -> Written:
    """Write the sheet of the period for an audience.

    Raises CriticalFindingsError and DataError as ``soko indicators`` does, UsageError for an unknown audience or a
    public sheet without a release.
    """
    if audience not in FOLDERS:
        raise UsageError(f"экземпляр «{audience}» неизвестен", todo="укажите internal или public")
    with computed(workspace, period, step=step) as run:
        jobs.run(run.later, step)
        with step("Лист данных"):
            made = _made(workspace, period, audience, run.stage)
        run.publish()
    folder = workspace.outputs(period) / FOLDERS[audience]
    return Written([folder / path.name for path in made.files], made.rows, made.indicators)


def _made(workspace: Workspace, period: Period, audience: str, stage: Path) -> Written:
    params, catalogue = Params(workspace), load_catalogue(workspace, bind=False)
    frame = _frame(stage, audience, period)
    school = params.school
    chosen = rows.of_period(
        frame,
        catalogue,
        settings.read(workspace),
        history.definitions(workspace, period, catalogue),
        period=period.id,
        okpo={school.id: school.okpo} if school.okpo else {},
        school=school.id,
    )
    span = params.dates(period)
    limits = disclosure.read(workspace).in_force(span.end).value
    why = reasons.public(limits.group, limits.cell) if audience == "public" else {}
    sender = files.Sender(_schools(school, chosen), period, span.start, span.end, audience, why)
    written = files.write(chosen, catalogue, sender, stage / FOLDERS[audience])
    return Written(written, len(chosen), len({row.indicator for row in chosen}))


def _schools(school: School, chosen: list[rows.SheetRow]) -> list[dict[str, str]]:
    ids = dict.fromkeys(row.school_id for row in chosen)
    return [
        {
            "id": one,
            "okpo": school.okpo if one == school.id else "",
            "name": school.name_short if one == school.id else one,
        }
        for one in ids
    ]


def _frame(stage: Path, audience: str, period: Period) -> pd.DataFrame:
    if audience == "internal":
        return output.read(stage / "indicators.parquet")
    path = stage / FOLDERS["public"] / "indicators.parquet"
    if not path.is_file():
        raise DataError(
            f"публичных показателей за период {period.id} нет",
            where=str(Path("outputs") / period.id / "public" / "indicators.parquet"),
            todo=f"сначала подготовьте публикацию: soko publish {period.id} --audience public",
        )
    import pandas as pd

    masked = pd.read_parquet(path)
    frame = output.read(path)
    frame[rows.HIDDEN] = masked[rows.HIDDEN].fillna("").astype(str).to_numpy()
    return frame
