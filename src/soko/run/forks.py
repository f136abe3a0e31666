"""The starter's side of the fork server: start it, ask for a fork, watch the child."""

from __future__ import annotations

import atexit
import functools
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
from soko.run.zygote import PRELOAD, SINGLE_THREADED, THREADS

#: Seconds that the server may take for its imports on a slow, busy machine.
PATIENCE = 120
#: Seconds that it may take until it listens, which it does before its imports.
LISTENING = 15
#: Not ``-m``: that would import modules of the current folder, whatever they are named.
_COMMAND = "import sys; del sys.path[0]; from soko.run.zygote import main; main()"


def supported() -> bool:
    """Whether kernels can be forked here. Elsewhere (Windows, macOS) stock kernels give the same outputs, slower."""
    return os.environ.get("SOKO_KERNELS", "fork") == "fork" and _able()


@functools.cache
def _able() -> bool:
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):  # an old kernel, or a sandbox that forbids it
        return False
    return True


class Child:
    """A forked process that is not our own child: watched through a pidfd, which cannot mean another process.

    The methods are those of subprocess.Popen that jupyter_client uses. The exit code of a foreign process cannot be
    read; a process that has ended reports 0.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd

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
        """End the process; its server ends what it started."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)


def fork(profile: str, request: dict[str, Any]) -> Child:
    """Fork a child for ``request``: ``argv`` of a kernel, or ``call`` with ``arguments``; ``env``, ``cwd``.

    The child ends when the calling process ends. The server of the profile is started when none runs; ask ``start``
    early, it imports while you do other things.
    """
    start(profile)
    child = _ask(profile, request)
    if child is None and lost(
        profile, server(profile)
    ):  # it was killed just now; what it was asked for, nobody has begun
        start(profile)
        child = _ask(profile, request)
    if child is None:
        raise _failure(profile)
    return child


def _ask(profile: str, request: dict[str, Any]) -> Child | None:
    """The child, or None when the server does not listen or ends before it answers."""
    deadline = time.monotonic() + LISTENING
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        while True:
            try:
                connection.connect(str(folder() / profile))
                break
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > deadline or _died(profile):
                    return None
                time.sleep(0.005)
        try:
            connection.settimeout(PATIENCE)
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer, pidfds, _, _ = socket.recv_fds(connection, 64, 1, socket.MSG_CMSG_CLOEXEC)
        except OSError:
            return None
    return Child(int(answer), pidfds[0]) if pidfds else None


def _failure(profile: str) -> FailureError:
    todo = "повторите команду; если ошибка останется, задайте переменную окружения SOKO_KERNELS=stock"
    if profile in _servers:
        with suppress(subprocess.TimeoutExpired):
            if _servers[profile][0].wait(timeout=1) == THREADS:
                return FailureError("библиотеки при загрузке запускают потоки, копировать процесс нельзя", todo=todo)
    return FailureError("сервер процессов прекратил работу", todo=todo)


def folder() -> Path:
    """The folder (mode 0700, short path) of the servers' and kernels' sockets; a child uses that of its starter."""
    if not _folder:
        # The path of a socket may have about 100 characters; a long TMPDIR leaves no room for it.
        base = tempfile.gettempdir()
        _folder.append(Path(tempfile.mkdtemp(prefix="soko-", dir=base if len(base) < 50 else "/var/tmp")))
        _own.append(os.getpid())
        atexit.register(close)
    return _folder[0]


def adopt(place: Path) -> None:
    """In a forked child: use the servers of the process that started this one."""
    _folder[:] = [place]


def start(profile: str) -> None:
    """Start the server of the profile unless it runs already, here or in the process that started this one."""
    if profile not in PRELOAD:
        raise FailureError(f"нет набора модулей «{profile}» для сервера процессов")
    path = folder() / profile
    if os.getpid() not in _own or (profile in _servers and not _died(profile)):
        return
    if profile in _servers:  # it was killed; what it leaves is in the way of a new one
        os.close(_servers.pop(profile)[1])
        path.unlink(missing_ok=True)
    reader, writer = os.pipe()
    quiet = None if os.environ.get("SOKO_DEBUG") else subprocess.DEVNULL
    environment = {key: value for key, value in os.environ.items() if key != "JPY_PARENT_PID"}
    # The backend is chosen when matplotlib is imported, and a kernel whose backend is another shows no figures.
    environment.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, str(path), str(reader), profile],
        pass_fds=[reader],
        env=environment | SINGLE_THREADED,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=quiet,
        stderr=quiet,
    )
    os.close(reader)
    _servers[profile] = (process, writer)


def server(profile: str) -> int:
    """Process id of the server of the profile that this process has started; 0 when it has none."""
    return _servers[profile][0].pid if profile in _servers else 0


def lost(profile: str, pid: int) -> bool:
    """Whether the server with that process id was killed, and perhaps replaced."""
    if pid != server(profile):
        return True
    if pid:
        with suppress(subprocess.TimeoutExpired):  # its children may be noticed to be gone before itself
            _servers[profile][0].wait(timeout=0.2)
    return _died(profile)


def close() -> None:
    """End this process's servers and every child of theirs that still lives; leave no file."""
    if os.getpid() not in _own:
        return
    for process, writer in _servers.values():
        os.close(writer)
        process.terminate()  # ends a server that is still importing; one that serves heeds the pipe
    deadline = time.monotonic() + 1
    for process, _ in _servers.values():
        try:
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()  # the system ends its children then
            process.wait()
    _servers.clear()
    _own.clear()
    shutil.rmtree(_folder.pop(), ignore_errors=True)


def _died(profile: str) -> bool:
    return profile in _servers and _servers[profile][0].poll() is not None


_servers: dict[str, tuple[subprocess.Popen[bytes], int]] = {}
_folder: list[Path] = []
_own: list[int] = []
