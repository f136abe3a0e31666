"""Whether a notebook is nothing but calls of its note: then what ``soko.notes.focus`` leaves the note is all it reads.

A notebook in which a school has written more may open any table of the period; it goes by all of them.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

_NOTE, _OPEN = "note", "open_theme"


def is_plain(path: Path, note: str) -> bool:
    """Whether the cells open the note ``note`` and display its sections, and do nothing else."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return all(_allowed(item, note) for source in sources for item in ast.parse(source).body)
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):  # a «%magic» is a SyntaxError
        return False


def _allowed(item: ast.stmt, note: str) -> bool:
    if isinstance(item, ast.ImportFrom):
        return item.module == "soko.notes" and [(one.name, one.asname) for one in item.names] == [(_OPEN, None)]
    if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
        name = item.targets[0].id
        if name == _NOTE:
            return _opens(item.value, note)
        return name in _PARAMETERS and isinstance(item.value, ast.Constant)
    return isinstance(item, ast.Expr) and _shows(item.value)


def _opens(value: ast.expr, note: str) -> bool:
    """``open_theme("health", workspace, period, audience, out)``."""
    if not (isinstance(value, ast.Call) and _is_name(value.func, _OPEN) and value.args and not value.keywords):
        return False
    first, *others = value.args
    return (
        isinstance(first, ast.Constant)
        and first.value == note
        and all(isinstance(other, ast.Name) and other.id in _PARAMETERS for other in others)
    )


def _shows(value: ast.expr) -> bool:
    """``note.section("level") + note.comments()``."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return _shows(value.left) and _shows(value.right)
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and _is_name(value.func.value, _NOTE)
        and not value.keywords
        and all(isinstance(one, ast.Constant) for one in value.args)
    )


def _is_name(value: Any, name: str) -> bool:
    return isinstance(value, ast.Name) and value.id == name


_PARAMETERS = frozenset({"workspace", "period", "audience", "out", "of"})
