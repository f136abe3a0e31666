"""What every note of a period reads, read once by the fork server: settings, catalogue, rules, figures.

A note that does not find it reads it itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from soko.indicators import history
from soko.notes import causes, data, telling
from soko.periods import Period
from soko.stamps import Stamp
from soko.workspace import Workspace


def prepare(workspace: str, period: str) -> None:
    """Fill the memories of ``soko.notes.data``, of the settings and the rules. No thread is started.

    What would have to be computed first is left to the note. Whatever is wrong with the files is raised here, and
    again by the note, which tells it.
    """
    place, when = Workspace.open(workspace), Period.parse(period)
    _prepare(place, when, data.stamp_of(place, when))


@lru_cache(maxsize=8)
def _prepare(workspace: Workspace, period: Period, _stamp: Stamp) -> None:
    if history.stored(workspace, period) is None:
        return
    known = data.read(workspace, period)
    for path in sorted((workspace.params / "narrative").glob("*.yaml")):
        if path.stem != causes.FILE:
            telling.book(replace(known, note=path.stem))
