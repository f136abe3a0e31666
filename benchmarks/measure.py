"""Wall time and peak memory of a piece of work, several times."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Times:
    """Seconds of every run, and the peak memory in MB (summed over the process tree, shared pages counted once)."""

    seconds: tuple[float, ...]
    memory: float = 0.0

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        """The fastest run."""
        return min(self.seconds)

    @property
    def most(self) -> float:
        """The slowest run."""
        return max(self.seconds)

    def scaled(self, factor: float) -> Times:
        """As if the work had been done ``factor`` times, one after another."""
        return Times(tuple(second * factor for second in self.seconds), self.memory)

    def facts(self) -> dict[str, float]:
        """For results.json."""
        return {
            "median": round(self.median, 3),
            "min": round(self.least, 3),
            "max": round(self.most, 3),
            "memory_mb": round(self.memory),
        }


def measure(
    work: Callable[[], float | None], runs: int, before: Callable[[], None] = lambda: None, *, memory: bool = False
) -> Times:
    """Time ``work``, which may return its own seconds; ``before`` is not timed. Memory is taken in a run of its own."""
    seconds = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        own = work()
        seconds.append(own if own is not None else time.perf_counter() - start)
    if not memory:
        return Times(tuple(seconds))
    before()
    with _Memory() as watch:  # reading the memory of a tree of processes costs time itself
        work()
    return Times(tuple(seconds), watch.peak)


def measure_warm(work: Callable[[], float | None], runs: int) -> Times:
    """Time ``work`` after one run that is thrown away."""
    work()
    return measure(work, runs)


class _Memory(threading.Thread):
    """Looks ten times a second at the proportional memory of all descendants (Linux; 0 elsewhere)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> _Memory:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while sys.platform == "linux" and not self._ended.wait(0.1):
            self.peak = max(self.peak, sum(_proportional(pid) for pid in _descendants(os.getpid())) / 1024)


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], list(children.get(root, []))
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _proportional(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def call(command: list[str], cwd: Path) -> None:
    """Run a process quietly; stop with its output when it fails."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, "SOKO_WORKSPACE": str(cwd)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
