"""What a run asks before it computes a period of which personal data were removed, or while a removal is unfinished.

Imports nothing heavy: every command asks.
"""

from __future__ import annotations

from pathlib import Path

from soko.errors import DataError, UsageError
from soko.hints import publishing
from soko.periods import Period
from soko.retention.marks import kept, mark
from soko.russian import count
from soko.workspace import Workspace

INTENT = "removing.json"


def intent_path(workspace: Workspace) -> Path:
    """Where a removal that has begun is written down."""
    return workspace.private / INTENT


def ready(workspace: Workspace) -> None:
    """UsageError while a removal is unfinished: a run could bring back what it has removed."""
    if intent_path(workspace).is_file():
        raise UsageError(
            "удаление персональных данных начато и не закончено",
            where=workspace.relative(intent_path(workspace)),
            todo="закончите его: soko purge --resume",
        )


def why_kept(workspace: Workspace, period: Period) -> str:
    """A sentence for the analyst: why the period's figures are not computed; empty when they are."""
    if not kept(workspace, period):
        return ""
    found = mark(workspace, period)
    what = "персональные данные удалены" if found.purged else f"удалены сведения ({count(found.forgotten, 'человек')})"
    return f"Показатели за период {period.id} сохранены такими, как были рассчитаны: из его данных {what}."


def refuse(workspace: Workspace, period: Period, *, force: bool = False) -> None:
    """DataError when the period may not be computed; ``force`` allows one that others were forgotten in."""
    ready(workspace)
    found = mark(workspace, period)
    if found.purged:
        raise DataError(
            f"период {period.id} заново не рассчитать: персональные данные удалены",
            where=workspace.relative(workspace.outputs(period)),
            todo="пользуйтесь выпущенными документами; показатели периода остались для сравнений",
        )
    if found.sealed and not force:
        raise DataError(
            why_kept(workspace, period).rstrip("."),
            where=workspace.relative(workspace.outputs(period)),
            todo=f"если нужны показатели без них, выпустите документы заново: {publishing(period)} --force",
        )
