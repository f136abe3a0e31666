"""Numbers of tables and figures, and references to them in prose.

Tables and figures are numbered by their order in the document, so all formats agree. ``{{table:label}}`` and
``{{figure:label}}`` in Markdown, cells, notes and sources become the number alone («см. таблицу {{table:classes}}»).
"""

from __future__ import annotations

import re
from typing import Any

from soko.errors import FailureError
from soko.hints import did_you_mean
from soko.publish.blocks import Callout, Figure, Prose, Table

_REFERENCE = re.compile(r"\{\{\s*(table|figure)\s*:\s*([^{}\s]+)\s*\}\}")
_NAMES = {"table": "таблицу", "figure": "рисунок"}


def number(blocks: list[Any]) -> tuple[list[Any], dict[int, int]]:
    """Return the blocks with references resolved, and the number of each numbered block by its position.

    Raises FailureError for a reference to an unknown label and for a label that is given twice.
    """
    numbers: dict[int, int] = {}
    labels: dict[tuple[str, str], int] = {}
    counts = {"table": 0, "figure": 0}
    for at, block in enumerate(blocks):
        if not isinstance(block, Table | Figure) or not getattr(block, "numbered", True):
            continue
        counts[block.type] += 1
        numbers[at] = counts[block.type]
        if block.label:
            if (block.type, block.label) in labels:
                raise FailureError(
                    f"метка «{block.label}» дана двум блокам", todo="дайте каждой таблице и каждому рисунку свою метку"
                )
            labels[block.type, block.label] = counts[block.type]
    return [_resolve(block, labels) for block in blocks], numbers


def without_numbers(text: str) -> str:
    """Return ``text`` with references shown as «№»: a block displayed alone does not know the numbers."""
    return _REFERENCE.sub("№", text)


def without_numbers_in(table: Table) -> Table:
    """The table with references in its cells and notes shown as «№»."""
    rows = [
        row.model_copy(update={"cells": [without_numbers(cell) for cell in row.cells]}) if _refers(row.cells) else row
        for row in table.rows
    ]
    return table.model_copy(update={"notes": [without_numbers(note) for note in table.notes], "rows": rows})


def _refers(cells: list[str]) -> bool:
    return any("{{" in cell for cell in cells)


def _resolve(block: Any, labels: dict[tuple[str, str], int]) -> Any:
    def put(match: re.Match[str]) -> str:
        kind, label = match[1], match[2]
        if (kind, label) not in labels:
            known = [name for of, name in labels if of == kind]
            raise FailureError(
                f"текст ссылается на {_NAMES[kind]} с меткой «{label}», которой в документе нет"
                + did_you_mean(label, known),
                todo="исправьте метку или добавьте таблицу или рисунок с ней",
            )
        return str(labels[kind, label])

    def sub(text: str) -> str:
        return _REFERENCE.sub(put, text)

    match block:
        case Prose() | Callout():
            return block.model_copy(update={"markdown": sub(block.markdown)})
        case Table():
            rows = [
                row.model_copy(update={"cells": [sub(cell) for cell in row.cells]}) if _refers(row.cells) else row
                for row in block.rows
            ]
            return block.model_copy(update={"notes": [sub(note) for note in block.notes], "rows": rows})
        case Figure():
            return block.model_copy(update={"source": sub(block.source)})
    return block
