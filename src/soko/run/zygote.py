"""The fork server: a process that has imported the heavy libraries once and forks a kernel per notebook.

Start-up is the cost of such workflows: a stock kernel takes 1 s, pandas and seaborn 2 s, the cells of a note less than
that. A forked child has everything imported and still is a process of its own: its memory, its crash, its limits.

Nothing here may create a thread or a ZeroMQ socket before a fork; libraries that start threads on import are told
not to. The server listens on a socket in a folder of mode 0700 and ends when its starter does.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Any

#: Imported before the first fork, by profile: what checks data, and what writes notes. Two servers import at the
#: same time on two cores; one that knew everything would be ready later than either.
_KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "IPython.core.completerlib")
_RUNNER = ("papermill", "soko.run.kernels", "soko.run.work")
PRELOAD = {
    "data": (*_KERNEL, *_RUNNER, "pandas", "pyarrow.parquet", "duckdb", "soko.run.steps", "soko.validation.warm"),
    "notes": (
        *_KERNEL,
        *_RUNNER,
        "pandas",
        "pyarrow.parquet",
        "duckdb",
        "matplotlib.pyplot",
        "seaborn",
        "soko.run.steps",
        "soko.notes",
        "soko.notes.note",
        "soko.publish.publisher",
        "soko.publish.exporters",
        "typst",
    ),
}
#: Threads made by an import would not survive a fork; the backend is chosen when matplotlib is imported, and a kernel
#: whose backend is not the inline one shows no figures.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


def serve(path: str, lifetime: int, modules: tuple[str, ...]) -> None:
    """Listen on the socket ``path``, preload ``modules``, fork on request; return when ``lifetime`` is closed.

    The socket exists before the imports begin, so the starter can do its own imports at the same time.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the system; their manager holds a pidfd
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    _preload(modules)
    gc.collect()
    gc.freeze()  # children share these pages; a collection in a child would copy them all
    children: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([lifetime, listener.fileno()], [], [])
        if lifetime in ready:
            break
        connection, _ = listener.accept()
        with connection:
            request = _receive(connection)
            if request is None:
                continue
            pid = os.fork()
            if pid == 0:
                _child(request, (listener.fileno(), connection.fileno(), lifetime, *children))
            children = {fd: child for fd, child in children.items() if not _ended(fd)}
            with suppress(ProcessLookupError):
                children[os.pidfd_open(pid)] = pid
            with suppress(OSError):
                connection.sendall(json.dumps({"pid": pid}).encode() + b"\n")
    for fd, pid in children.items():
        if not _ended(fd):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)


def _ended(pidfd: int) -> bool:
    """Whether the child has ended; its descriptor is closed then."""
    ended = bool(select.select([pidfd], [], [], 0)[0])
    if ended:
        os.close(pidfd)
    return ended


def _preload(modules: tuple[str, ...]) -> None:
    import importlib

    for name in modules:
        # A module that cannot be imported here fails in the cell that needs it, where its error is shown.
        with suppress(Exception):
            importlib.import_module(name)


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    connection.settimeout(10)
    data = b""
    while not data.endswith(b"\n"):
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
    request: dict[str, Any] = json.loads(data)
    return request


def _child(request: dict[str, Any], inherited: tuple[int, ...]) -> None:
    """Become the process that was asked for; never return into the server's loop."""
    code = 1
    try:
        os.setsid()  # an interrupt of the notebook reaches its own children too, and nobody else
        for number in inherited:
            os.close(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update({**ENVIRONMENT, **request["env"]})
        if request.get("cwd"):
            os.chdir(request["cwd"])
        _fresh_seeds()
        if "argv" in request:
            _kernel(request["argv"])
        else:
            _call(request["call"], request["arguments"])
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _fresh_seeds() -> None:
    """Every child would draw the same random numbers otherwise."""
    import random

    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _kernel(argv: list[str]) -> None:
    """Run a stock IPython kernel in this process, with the arguments that a stock launch gives it."""
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", *argv]
    sys.path.insert(0, "")
    IPKernelApp.launch_instance(argv)


def _call(name: str, arguments: dict[str, Any]) -> None:
    """Call ``module:function`` with keyword arguments."""
    import importlib

    module, _, function = name.partition(":")
    getattr(importlib.import_module(module), function)(**arguments)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), PRELOAD[sys.argv[3]])
    os._exit(0)  # some extension modules complain of leaks at an ordinary exit
