"""The fork server: a process that has imported the heavy libraries once and forks a kernel per notebook.

Start-up is the cost of such workflows: a stock kernel takes 1 s, pandas and seaborn 2 s, the cells of a note less than
that. A forked child has everything imported and still is a process of its own: its memory, its crash, its limits.

Nothing here may create a thread or a ZeroMQ socket before a fork; a server that has more than one thread refuses to
fork. The server listens on a socket in a folder of mode 0700. No process outlives the one that asked for it: a child
ends with its asker, every child with the server, the server with its starter, whatever kills them.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from soko.run.orphans import Child, bury, kill

#: Imported before the first fork, by profile: what checks data (with Great Expectations, or without it where every
#: verdict is likely to be remembered; the technical view then imports it, where a page of it has changed), what writes
#: notes. Two servers import at the same time on two cores; one that knew everything would be ready later than either.
_KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",  # a stock kernel spends a third of its start on it, whether anyone debugs or not
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "faulthandler",
    "sqlite3",
    "tornado.platform.asyncio",
)
_RUNNER = (
    "ipykernel.kernelspec",
    "papermill",
    "soko.run.child",
    "soko.run.kernels",
    "soko.run.notebooks",
    "soko.run.work",
)
_FRAMES = (
    "pandas",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "pyarrow.pandas_compat",
    "duckdb",
    "soko.indicators.bind",
    "soko.indicators.history",
    "soko.indicators.tidy",
)
_CHECK = (
    "openpyxl",
    "python_calamine",
    "soko.intake",
    "soko.run.steps",
    "soko.validation.docs",
    "soko.validation.protocol",
)
PRELOAD = {
    "check": (*_RUNNER, *_FRAMES, *_CHECK),
    "data": (*_RUNNER, *_FRAMES, *_CHECK, "soko.validation.warm"),
    "notes": (
        *_RUNNER,
        *_FRAMES,
        "matplotlib.pyplot",
        "matplotlib.backends.backend_agg",  # not matplotlib_inline: imported outside of a kernel it shows no figures
        "PIL.PngImagePlugin",
        "seaborn",
        "soko.run.steps",
        "soko.notes",
        "soko.notes.note",
        "soko.notes.prepared",
        "soko.notes.warm",
        "docx",
        "fontTools.ttLib",
        "jinja2.ext",
        "soko.publish.exporters",
        "soko.publish.pdf",
        "soko.publish.publisher",
        "soko.publish.warm",
    ),
}
#: Of the server alone: threads made by an import would not survive a fork. Children get the environment of the asker.
#: The last is read by Arrow's jemalloc, which otherwise starts a thread as soon as pyarrow is imported.
SINGLE_THREADED = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
#: Exit code of a server that has more than one thread after its imports.
THREADS = 4
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def serve(path: str, lifetime: int, modules: tuple[str, ...]) -> dict[str, Any] | None:
    """Listen on the socket ``path``, preload ``modules``, fork on request, until ``lifetime`` is closed.

    Returns None in the server when it is to end, and in a forked child the request that it is to fulfil.
    The socket exists before the imports begin, so the starter can do its own imports at the same time.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)  # what a child leaves behind comes to us, to be ended
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    environment = dict(os.environ)
    gc.disable()  # thousands of classes are made now, none of them is garbage
    preload(_KERNEL if any(name in modules for name in _RUNNER) else ())
    # What a stock kernel sets for itself when it starts (pydevd does), its notebook sees too.
    made = {name: value for name, value in os.environ.items() if environment.get(name) != value}
    preload(modules)
    if _threads() > 1:
        os._exit(THREADS)
    # Until now there was nothing to tidy up and a SIGTERM ended us at once; from now on the closed pipe does it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.collect()
    gc.enable()
    gc.freeze()  # children share these pages; a collection in a child would copy them all
    children: list[Child] = []
    while True:
        fixed = [lifetime, listener.fileno()]
        ready, _, _ = select.select([*fixed, *(child.end for child in children), *{c.asker for c in children}], [], [])
        if lifetime in ready:
            break
        for child in children.copy():
            if child.end in ready:
                children.remove(child)
                bury(child, {other.pid for other in children})
            elif child.asker in ready:
                kill(child)
        if listener.fileno() in ready:
            connection, _ = listener.accept()
            request = None
            with connection, suppress(OSError, ValueError):
                request = _answer(connection, children)
            if request is not None:
                request["env"] = {**made, **request["env"]}
                for inherited in (*fixed, *(number for child in children for number in (child.end, child.asker))):
                    os.close(inherited)
                listener.detach()
                return request
    while children:
        child = children.pop()
        bury(child, {other.pid for other in children})
    shutil.rmtree(Path(path).parent, ignore_errors=True)  # the starter may have been killed
    return None


def _answer(connection: socket.socket, children: list[Child]) -> dict[str, Any] | None:
    """Fork as asked: the request in the child; in the server None, the child noted and its pidfd sent to the asker."""
    connection.settimeout(10)
    data = b""
    while not data.endswith(b"\n"):
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
    request: dict[str, Any] = json.loads(data)
    peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    asker = os.pidfd_open(struct.unpack("3i", peer)[0])
    server = os.getpid()
    if "prepare" in request:
        _prepare(**request["prepare"])
    pid = os.fork()
    if pid == 0:
        os.close(asker)
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:
            os._exit(1)
        return request
    # The number cannot have gone to another process: nobody but us may collect the child.
    children.append(Child(pid, os.pidfd_open(pid), asker))
    socket.send_fds(connection, [b"%d\n" % pid], [children[-1].end])
    return None


def _prepare(call: str, arguments: dict[str, Any]) -> None:
    """Let ``module:function`` read what every child is about to need; what fails here fails in the child, and is told.

    It keeps by itself what it has read, and knows when that is out of date. It may not start a thread.
    """
    module, _, function = call.partition(":")
    gc.disable()
    with suppress(Exception):
        getattr(importlib.import_module(module), function)(**arguments)
    if _threads() > 1:
        os._exit(THREADS)
    gc.freeze()
    gc.enable()


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - pathlib is no clearer here


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def preload(modules: tuple[str, ...]) -> None:
    """Import ``modules`` as a cell of a kernel would."""
    import builtins

    # pandas asks on import whether it works in a kernel, and shows other tables if not.
    builtins.get_ipython = lambda: type("Shell", (), {"kernel": None})  # type: ignore[attr-defined]
    for name in modules:
        # A module that cannot be imported here fails in the cell that needs it, where its error is shown.
        with suppress(Exception):
            importlib.import_module(name)
    del builtins.get_ipython  # type: ignore[attr-defined]


def main() -> None:
    """Entry of the process; the arguments are the socket, the descriptor of the starter's pipe, the profile."""
    path, lifetime, profile = sys.argv[1:]
    request = serve(path, int(lifetime), PRELOAD[profile])
    if request is None:
        os._exit(0)  # some extension modules complain of leaks at an ordinary exit
    from soko.run.child import become

    become(request, Path(path).parent)
