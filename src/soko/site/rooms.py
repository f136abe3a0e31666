"""What publishing asks of other rooms: make the public edition, say what stops it, scan, register.

One seam, so that tests of the site put documents of their own through it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from soko.periods import Period
from soko.run.pieces import Step
from soko.workspace import Workspace


def _make(workspace: Workspace, period: Period, step: Step) -> None:
    import_module("soko.run.public").make(workspace, period, step)


def _leaks(workspace: Workspace, folder: Path) -> list[str]:
    leaks = import_module("soko.disclosure.leaks")
    return [str(found) for found in leaks.search(folder, leaks.personal(workspace))]


def _register(workspace: Workspace, period: Period, confirmed_by: str) -> None:
    import_module("soko.disclosure.register").record(workspace, period, confirmed_by)


def _blocking(workspace: Workspace, period: Period) -> list[str]:
    return []


@dataclass(frozen=True)
class Rooms:
    """``make`` writes outputs/<period>/public; ``blocking`` are problems of its reports, ``leaks`` what of persons a
    folder tells (both in words, a line each); ``register`` notes what was released and who confirmed it.
    """

    make: Callable[[Workspace, Period, Step], None] = _make
    blocking: Callable[[Workspace, Period], list[str]] = _blocking
    leaks: Callable[[Workspace, Path], list[str]] = _leaks
    register: Callable[[Workspace, Period, str], None] = _register
