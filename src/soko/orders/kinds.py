"""Which documents an order has, which templates they are made from and where those stand."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from soko import resources
from soko.workspace import Workspace

FOLDER = "templates"


class Kind(NamedTuple):
    """A document that an order has: its template, the ending of its file's name, what it is called."""

    template: str
    ending: str
    title: str


KINDS = (
    Kind("order_results.docx", "", "Приказ"),
    Kind("extract.docx", "_extract", "Выписка из протокола"),
)


def templates(workspace: Workspace) -> list[Path]:
    """The templates in the order of ``KINDS``: the workspace's own where it has the folder, else the program's."""
    own = workspace.params / FOLDER
    return [
        own / kind.template
        if any((own / other.template).is_file() for other in KINDS)
        else resources.root() / "params" / FOLDER / kind.template
        for kind in KINDS
    ]
