"""SHA-256 of files and values: the names of contents that memories, manifests and registers compare."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def sha256_file(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_if_readable(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex; empty when it cannot be opened."""
    try:
        return sha256_file(path)
    except OSError:
        return ""


def sha256_json(value: Any) -> str:
    """SHA-256 of a value written as canonical JSON; what JSON does not know is taken as its text."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
