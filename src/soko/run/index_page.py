"""The index page of a period, from what its folder holds and its settings say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soko.params import Params
from soko.periods import Period
from soko.run import changes_told, manifest
from soko.run.pieces import title_of
from soko.workspace import Workspace


def write_index(
    workspace: Workspace, period: Period, stage: Path, swept: dict[str, dict[str, Any]] | None = None
) -> None:
    """outputs/<period>/index.html: everything that the folder holds, with a word on each.

    ``swept`` are the documents that are one of several of a note, as the manifest has them.
    """
    from soko.publish import index

    if swept is None:
        swept = (manifest.read(workspace, period) or {}).get("swept", {})
    index.write(
        stage,
        period=period,
        school=Params(workspace).school.name_short,
        changed=changes_told.index_lines(stage),
        of={name: (title_of(workspace, f"notes/{entry['note']}"), entry["of"]) for name, entry in swept.items()},
        order=[item if isinstance(item, str) else item.note for item in Params(workspace).period(period).notes],
    )
