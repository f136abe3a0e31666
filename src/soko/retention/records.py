"""Small files of our own about what was removed: read whole or refused, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from soko.errors import DataError
from soko.workspace import Workspace
from soko.yamlio import Strict

_Record = TypeVar("_Record", bound=Strict)


def read(workspace: Workspace, path: Path, kind: type[_Record], what: str, todo: str) -> _Record | None:
    """The record; None where there is no file. DataError that says ``what`` cannot be read and what ``todo``."""
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValidationError, ValueError):
        raise DataError(what, where=workspace.relative(path), todo=todo) from None


def replace(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write ``content`` to ``path`` as a whole or not at all; folders that are made are the owner's where it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o777)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
