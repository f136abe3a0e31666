"""The files of an order: made of the school's templates, written when all are made."""

from __future__ import annotations

from pathlib import Path

from soko.orders.content import FIELDS, Order
from soko.orders.kinds import KINDS, templates
from soko.orders.template import fill
from soko.publish.whole import write
from soko.workspace import Workspace


def draft(workspace: Workspace, order: Order, folder: Path, name: str) -> list[Path]:
    """Write the order and the extract into ``folder``; all are made before the first is written.

    Nothing is written of a note without recommendations: there is nothing to order.
    """
    if order.empty:
        return []
    made = []
    for kind, path in zip(KINDS, templates(workspace), strict=True):
        title = f"{kind.title}. {order.heading}"
        made.append((folder / f"{name}{kind.ending}.docx", fill(path, FIELDS, order.fields, order.meta, title)))
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in made:
        write(path, content)
    return [path for path, _ in made]
