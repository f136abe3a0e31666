"""``soko history``: indicators of all earlier periods of a kind, so that series and run charts have their points.

A run itself brings only the periods compared up to date; the rest of a row is filled once and kept in data/history.
"""

from __future__ import annotations

from typing import Literal

from soko.errors import DataError
from soko.params import Params
from soko.periods import Period
from soko.retention import guard
from soko.run import hashing, steps
from soko.run.pieces import Step
from soko.run.status import arrived
from soko.workspace import Workspace

State = Literal["fresh", "computed", "unusable"]
_WORDS: dict[State, str] = {
    "fresh": "уже рассчитаны, изменений нет",
    "computed": "рассчитаны",
    "unusable": "не рассчитаны: в данных есть критические замечания, их покажет soko validate {period}",
}


def fill(workspace: Workspace, period: Period, step: Step) -> dict[Period, State]:
    """Bring the history of every period of the kind before ``period`` up to date, the oldest first.

    Those that have no files of their own are left as they are. DataError when there is none with files.
    """
    guard.ready(workspace)
    params = Params(workspace)
    found: dict[Period, State] = {}
    known = [other for other in arrived(workspace) if other.kind == period.kind and other < period]
    for other in sorted(known):
        if not any(hashing.files_below(folder) for folder in params.folders(other)):
            continue
        if steps.is_fresh(workspace, other):
            found[other] = "fresh"
            continue
        with step(f"История показателей: {other.short()}"):
            found[other] = "computed" if steps.refresh(workspace, other) else "unusable"
    if not found:
        raise DataError(
            f"нет файлов ни за один период того же вида раньше {period.id}",
            where="data/incoming",
            todo="положите файлы прежних периодов в их папки и повторите команду",
        )
    return found


def lines(period: Period, found: dict[Period, State]) -> list[str]:
    """What the command says."""
    said = [f"{other.id} – показатели {_WORDS[state].format(period=other.id)}" for other, state in found.items()]
    if "computed" in found.values():
        said.append(f"Чтобы ряд попал в справку, выпустите её заново: soko report {period.id}")
    return said
