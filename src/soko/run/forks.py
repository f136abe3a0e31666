"""The starter's side of the fork server: start it, ask for a fork, watch the child."""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from soko.errors import FailureError
from soko.run.zygote import ENVIRONMENT, PRELOAD

#: Where a child finds the servers of the process that started it.
VARIABLE = "SOKO_FORKS"
#: Seconds that the server may take for its imports on a slow, busy machine.
PATIENCE = 120


def supported() -> bool:
    """Whether kernels can be forked here. Elsewhere (Windows, macOS) stock kernels give the same outputs, slower."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get("SOKO_KERNELS", "fork") == "fork"


class Child:
    """A forked process that is not our own child: watched through a pidfd, which cannot mean another process.

    The methods are those of subprocess.Popen that jupyter_client uses. The exit code of a foreign process cannot be
    read; a process that has ended reports 0.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            self._pidfd = -1

    def poll(self) -> int | None:
        """None while the process lives, else 0."""
        if self._pidfd < 0:
            return 0
        return 0 if select.select([self._pidfd], [], [], 0)[0] else None

    def wait(self, timeout: float | None = None) -> int:
        """Block until the process has ended."""
        if self._pidfd >= 0:
            ended, _, _ = select.select([self._pidfd], [], [], timeout)
            if not ended:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            os.close(self._pidfd)
            self._pidfd = -1
        return 0

    def fileno(self) -> int:
        """Descriptor that becomes readable when the process ends; -1 when it has."""
        return self._pidfd

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, if it still lives."""
        if self._pidfd >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """End the process and everything that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)


def fork(profile: str, request: dict[str, Any]) -> Child:
    """Fork a child for ``request``: ``argv`` of a kernel, or ``call`` with ``arguments``; ``env``, ``cwd``.

    The server of the profile is started when none runs; ask ``start`` early, it imports while you do other things.
    """
    start(profile)
    deadline = time.monotonic() + PATIENCE
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        while True:
            try:
                connection.connect(str(folder() / profile))
                break
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > deadline or _died(profile):
                    raise FailureError("сервер процессов не запустился") from None
                time.sleep(0.005)
        connection.settimeout(PATIENCE)
        connection.sendall(json.dumps(request).encode() + b"\n")
        answer = connection.makefile().readline()
    if not answer:
        raise FailureError("сервер процессов прекратил работу")
    return Child(json.loads(answer)["pid"])


def folder() -> Path:
    """The folder (mode 0700, short path) of the servers' and kernels' sockets; a child uses that of its starter."""
    if VARIABLE not in os.environ:
        # The path of a socket may have about 100 characters; a long TMPDIR leaves no room for it.
        base = tempfile.gettempdir()
        made = tempfile.mkdtemp(prefix="soko-", dir=base if len(base) < 60 else "/var/tmp")
        os.environ[VARIABLE] = made
        _own.append(os.getpid())
        atexit.register(close)
    return Path(os.environ[VARIABLE])


def start(profile: str) -> None:
    """Start the server of the profile unless it runs already, here or in the process that started this one."""
    if profile not in PRELOAD:
        raise FailureError(f"нет набора модулей «{profile}» для сервера процессов")
    if os.getpid() not in _own and VARIABLE in os.environ:
        return
    path = folder() / profile
    if profile in _servers:
        return
    reader, writer = os.pipe()
    quiet = None if os.environ.get("SOKO_DEBUG") else subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", "soko.run.zygote", str(path), str(reader), profile],
        pass_fds=[reader],
        env={**os.environ, **ENVIRONMENT},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=quiet,
        stderr=quiet,
    )
    os.close(reader)
    _servers[profile] = (process, writer)


def close() -> None:
    """End this process's servers and every child of theirs that still lives."""
    if os.getpid() not in _own:
        return
    for process, writer in _servers.values():
        os.close(writer)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
    _servers.clear()
    _own.clear()
    shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True)


def _died(profile: str) -> bool:
    return profile in _servers and _servers[profile][0].poll() is not None


_servers: dict[str, tuple[subprocess.Popen[bytes], int]] = {}
_own: list[int] = []
