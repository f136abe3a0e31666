"""One way to break each rule of the tables about the school."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CASES: dict[str, Callable[[Any, int], int]] = {}
