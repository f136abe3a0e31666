"""data/history/retention.json: of which periods personal data were removed, so that their figures are kept as they are.

What was published from more data than there are now must not be computed anew from what is left and look the same.
The file holds no personal data; it stands beside the figures and not in data/private, because that may be removed
as a whole.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import Field

from soko.periods import Period
from soko.retention import records
from soko.workspace import Workspace
from soko.yamlio import Strict

NAME = "retention.json"


class Mark(Strict):
    """What was removed of a period.

    ``forgotten``: how many pupils; ``sealed``: its figures stay those of the last computation; ``purged``: no personal
    data are left. ``gone``: files of outputs/<period> that were removed with them.
    """

    forgotten: int = 0
    sealed: bool = False
    purged: bool = False
    gone: list[str] = Field(default_factory=list)


class _Marks(Strict):
    periods: dict[str, Mark] = Field(default_factory=dict)


def path_of(workspace: Workspace) -> Path:
    """Where the marks stand."""
    return workspace.history / NAME


def marks(workspace: Workspace) -> dict[str, Mark]:
    """The marks by the period's id; DataError when the file is damaged: without it figures would change in silence."""
    what = "отметки об удалённых персональных данных не читаются"
    todo = "верните файл из резервной копии: без него показатели могут быть пересчитаны по неполным данным"
    found = records.read(workspace, path_of(workspace), _Marks, what, todo)
    return dict(found.periods) if found else {}


def mark(workspace: Workspace, period: Period) -> Mark:
    """The period's mark; an empty one where nothing was removed."""
    return marks(workspace).get(period.id, Mark())


def kept(workspace: Workspace, period: Period) -> bool:
    """Whether the figures of the period are kept as they are, whatever is left of its data."""
    found = mark(workspace, period)
    return found.sealed or found.purged


def has_figures(workspace: Workspace, period: Period) -> bool:
    """Whether the period was computed: its figures are published, or kept for comparisons."""
    return is_stored(workspace, period) or (workspace.outputs(period) / "manifest.json").is_file()


def is_stored(workspace: Workspace, period: Period) -> bool:
    """Whether the figures of the period are kept for comparisons."""
    return (workspace.history / f"{period.id}.parquet").is_file()


def of_incoming(workspace: Workspace, name: str) -> str:
    """The id of the period whose figures are kept though its file ``name`` (data/incoming/…) may change; else empty."""
    known = marks(workspace)
    parts = name.split("/")[2:]
    for length in (2, 1):
        found = known.get("/".join(parts[:length]))
        if found is not None and (found.sealed or found.purged):
            return "/".join(parts[:length])
    return ""


def write(workspace: Workspace, changed: dict[str, Mark]) -> None:
    """Put ``changed`` into the file, as a whole or not at all."""
    whole = _Marks(periods=dict(sorted((marks(workspace) | changed).items())))
    text = json.dumps(whole.model_dump(exclude_defaults=True), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    records.replace(path_of(workspace), text.encode("utf-8"), mode=0o644)


def unseal(workspace: Workspace, period: Period) -> None:
    """After the period was computed anew on purpose, without those who were forgotten."""
    found = mark(workspace, period)
    if found.sealed:
        write(workspace, {period.id: found.model_copy(update={"sealed": False})})
