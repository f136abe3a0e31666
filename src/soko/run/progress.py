"""Progress of a run: a line for each piece of work, and what is left of all that is known to be ahead.

How long a piece took last time is remembered in data/history/durations.json; it is shown, and never decides anything.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from soko.russian import count, number
from soko.workspace import Workspace

#: Seconds that a piece of work is thought to take when it was never done before.
_UNKNOWN = 2.0


class Durations:
    """Seconds that each piece of work took last time, by title."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, float] = {}
        self._new = False
        with suppress(OSError, ValueError):
            found = json.loads(path.read_text(encoding="utf-8"))
            self._known = {str(k): float(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def expected(self, title: str) -> float | None:
        """Seconds of last time; None for a piece of work that was never done here."""
        return self._known.get(title)

    def remember(self, title: str, seconds: float) -> None:
        """Note how long it took now."""
        self._known[title] = round(seconds, 1)
        self._new = True

    def save(self) -> None:
        """Write what is new; a folder that cannot be written to is no reason to fail."""
        if not self._new:
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self._known, ensure_ascii=False, indent=0, sort_keys=True)
            self._path.write_text(text + "\n", encoding="utf-8")


class Steps:
    """The ``step`` that a run wraps around each piece of its work; ``plan`` tells it what is ahead."""

    def __init__(self, durations: Durations) -> None:
        self.durations = durations
        self.waiting: dict[str, float] = {}

    def plan(self, titles: Iterable[str]) -> None:
        """These pieces of work will follow."""
        self.waiting |= {title: self.durations.expected(title) or _UNKNOWN for title in titles}

    @contextmanager
    def __call__(self, title: str) -> Iterator[None]:
        """One piece of work. What ends with an exception is neither shown as done nor remembered."""
        start = time.monotonic()
        self.begin(title)
        yield
        seconds = time.monotonic() - start
        self.waiting.pop(title, None)
        self.durations.remember(title, seconds)
        self.end(title, seconds)

    def begin(self, title: str) -> None:
        """Show that it has begun."""

    def end(self, title: str, seconds: float) -> None:
        """Show that it is done."""

    def left(self, running: dict[str, float]) -> float:
        """Seconds that all that is ahead may take; ``running`` maps titles to the seconds that they have had."""
        rests = [max(0.0, wanted - running.get(title, 0.0)) for title, wanted in self.waiting.items()]
        return max([sum(rests) / (os.cpu_count() or 1), *rests], default=0.0)


class Lines(Steps):
    """A plain line when a piece of work is done: for logs and pipes."""

    def __init__(self, durations: Durations, console: Console) -> None:
        super().__init__(durations)
        self._console = console

    def end(self, title: str, seconds: float) -> None:
        """«готово: …»."""
        self._console.print(f"  готово: {escape(title)} ({number(seconds, 1)} с)")


class Bars(Steps):
    """Live bars on a terminal: each piece of work with the time that it has had, and a line about the rest."""

    def __init__(self, durations: Durations, progress: Progress) -> None:
        super().__init__(durations)
        self._progress = progress
        self._shown: dict[str, Any] = {}
        self._rest = progress.add_task("", total=None, rest=self, visible=False)

    def begin(self, title: str) -> None:
        """A bar that fills in the time of last time."""
        self.waiting.setdefault(title, self.durations.expected(title) or _UNKNOWN)
        self._shown[title] = self._progress.add_task(escape(title), total=None)
        self._progress.update(self._rest, visible=True)

    def end(self, title: str, seconds: float) -> None:
        """A full bar."""
        self._progress.update(self._shown.pop(title), total=1, completed=1)
        self._progress.update(self._rest, visible=bool(self.waiting))

    def rest(self) -> str:
        """«ещё 3 шага, около 12 секунд»."""
        tasks = {task.id: task for task in self._progress.tasks}
        running = {title: tasks[item].elapsed or 0.0 for title, item in self._shown.items()}
        seconds = max(1, round(self.left(running)))
        return f"ещё {count(len(self.waiting), 'шаг')}, около {count(seconds, 'секунда', 'gent')}"


class _Rest(TextColumn):
    """The description of a task; of the line about the rest, what is left now."""

    def render(self, task: Task) -> Text:
        """Text of the column."""
        steps = task.fields.get("rest")
        return Text(steps.rest(), style="dim") if steps is not None else super().render(task)


@contextmanager
def shown(console: Console, workspace: Workspace) -> Iterator[Steps]:
    """Give the ``step`` that a run wraps around its work: live bars on a terminal, plain lines elsewhere."""
    durations = Durations(workspace.history / "durations.json")
    try:
        if not console.is_terminal:
            yield Lines(durations, console)
            return
        columns = (SpinnerColumn(), _Rest("{task.description}"), BarColumn(bar_width=16), TimeElapsedColumn())
        with Progress(*columns, console=console) as bars:
            yield Bars(durations, bars)
    finally:
        durations.save()
