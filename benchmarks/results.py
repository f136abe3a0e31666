"""benchmarks/results.json: figures under the name of their benchmark, with what they were measured on."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("results.json")


def record(**facts: Any) -> None:
    """Put ``facts`` into the file beside the figures of the other benchmarks."""
    known = json.loads(PATH.read_text(encoding="utf-8")) if PATH.is_file() else {}
    PATH.write_text(json.dumps(known | facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def surroundings() -> dict[str, Any]:
    """Program, machine and libraries."""
    from soko import __version__
    from soko.run.hashing import versions

    machine = {"system": platform.system(), "machine": platform.machine(), "cores": os.cpu_count()}
    return {"soko": __version__, "machine": machine, "versions": versions()}
