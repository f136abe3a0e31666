"""What a forked child does: become the process that it would have been, had it been started the slow way."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any


def become(request: dict[str, Any], folder: Path) -> None:
    """Fulfil ``request`` (see ``soko.run.forks.fork``) and end.

    ``folder`` is that of the servers' sockets, for children that ask for kernels themselves.
    """
    os.setsid()  # an interrupt of the notebook reaches its own children too, and nobody else
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(request["env"])
    if request.get("cwd"):
        os.chdir(request["cwd"])
    _fresh()
    if "argv" in request:
        _kernel(request["argv"])
    else:
        _call(request["call"], request["arguments"], folder)


def _fresh() -> None:
    """Forget what was decided or drawn in the server: children would all have the same random numbers."""
    import multiprocessing
    import random
    import tempfile
    import time

    time.tzset()
    tempfile.tempdir = None
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    multiprocessing.current_process().authkey = os.urandom(32)


def _kernel(argv: list[str]) -> None:
    """Run a stock IPython kernel in this process, with the arguments that a stock launch gives it."""
    from importlib.util import find_spec

    from ipykernel.kernelapp import IPKernelApp

    # When memory runs out, the notebook is to be killed and not who reports it.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    launcher = find_spec("ipykernel_launcher")
    sys.argv = [str(launcher.origin if launcher else "ipykernel_launcher"), *argv]
    # A stock kernel has a thread that watches its parent; here the server does, but threads are counted alike.
    threading.Thread()
    try:
        IPKernelApp.launch_instance(argv)
    finally:
        _end()


def _end() -> None:
    """What the interpreter does for a program at its end, without taking every module apart (0.1 to 0.2 s)."""
    from ipykernel.kernelapp import IPKernelApp

    with suppress(BaseException):
        # The thread that was told to end us says so to everyone; were the channel closed meanwhile, as it is in a
        # stock kernel now and then, both would wait until they are killed 2.5 s later.
        IPKernelApp.instance().control_thread.join(timeout=1)
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as multiprocessing does in its children
    with suppress(BaseException):
        atexit._run_exitfuncs()  # IPython drops the notebook's variables there, which closes open files
    with suppress(Exception):
        sys.stdout.flush()
    os._exit(0)


def _call(name: str, arguments: dict[str, Any], folder: Path) -> None:
    """Call ``module:function`` with keyword arguments, and end."""
    import importlib

    from soko.run import forks

    forks.adopt(folder)
    module, _, function = name.partition(":")
    code = 1
    try:
        getattr(importlib.import_module(module), function)(**arguments)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
