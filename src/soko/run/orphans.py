"""How the fork server ends its children: none outlives the process that asked for it, nor leaves anybody behind."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Child:
    """A forked process and who asked for it; both are watched through pidfds, which cannot mean another process."""

    pid: int
    end: int  # pidfd of the child: readable when it has ended
    asker: int  # pidfd of the process that asked for it


def kill(child: Child) -> None:
    """End the child and everything in its process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it may not have made its group yet
        signal.pidfd_send_signal(child.end, signal.SIGKILL)


def bury(child: Child, living: set[int]) -> None:
    """Collect an ended child; end what it left: its process group, and what had left the group."""
    kill(child)
    os.waitid(os.P_PIDFD, child.end, os.WEXITED)
    os.close(child.end)
    os.close(child.asker)
    # An orphan that is killed hands us its own children, therefore again until there are none.
    while orphans := _own_children() - living:
        for pid in orphans:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _own_children() -> set[int]:
    try:
        return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}
    except OSError:  # a kernel built without this list
        return set()
