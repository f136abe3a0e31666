"""A kernel manager whose kernels are forks: the protocol, nbclient and the kernel itself stay stock.

Sockets are files of mode 0700 folders (IPC), so there are no port races and nothing travels on TCP. The waits of
jupyter_client that poll on a timer (0.1 to 0.2 s each, several a notebook) are replaced by waiting for the event.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import os
import queue
import time
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from soko.run import forks
from soko.run.zygote import PRELOAD

_numbers = itertools.count(1)


def _hasten(context: Any) -> None:
    """We connect before the kernel listens; ZeroMQ would try again after 0.1 s, this takes 2 ms."""
    context.setsockopt(zmq.RECONNECT_IVL, 2)


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel by asking the fork server."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork; ``cmd`` is the stock command line, of which only the kernel's own arguments are used."""
        argv = cmd[cmd.index("-f") :] if "-f" in cmd else cmd[1:]
        environment = {**(kwargs.get("env") or os.environ), "JPY_PARENT_PID": str(os.getpid())}
        profile = getattr(self.parent, "profile", "notes")
        child = forks.fork(profile, {"argv": argv, "env": environment, "cwd": str(kwargs.get("cwd") or Path.cwd())})
        self.process: Any = child
        self.pid, self.pgid = child.pid, child.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the end of the process as an event, not by looking ten times a second."""
        if self.process is None:
            return 0
        if self.process.fileno() >= 0 and self.process.poll() is None:
            loop, ended = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(self.process.fileno(), ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self.process.fileno())
        self.process.wait()
        self.process = None
        return 0


class ForkClient(AsyncKernelClient):
    """A client that is ready when the kernel says so, instead of after a silence of 0.2 s."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _hasten(self.context)

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = time.monotonic() + (timeout or 60)
        while time.monotonic() < deadline:
            request = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                while reply["parent_header"].get("msg_id") != request:
                    reply = await self.shell_channel.get_msg(timeout=1)
                if await self._heard_idle(request):
                    self._handle_kernel_info_reply(reply)
                    return
            except queue.Empty:
                pass
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _heard_idle(self, request: str) -> bool:
        """Whether the broadcast channel is connected: its greeting arrives, or the request's own «idle»."""
        try:
            while True:
                message = await self.iopub_channel.get_msg(timeout=0.05)
                own = message["parent_header"].get("msg_id") == request
                idle = own and message["content"].get("execution_state") == "idle"
                if idle or message["msg_type"] == "iopub_welcome":
                    return True
        except queue.Empty:
            return False

    wait_for_ready = _async_wait_for_ready


class ForkKernelManager(AsyncKernelManager):
    """Manager of one forked kernel. ``profile`` names the server that forks it (see ``soko.run.zygote``)."""

    profile = "notes"

    # Undecorated: the decorator of these two sleeps for 0.01 s, for the sake of the tests of jupyter_client.
    _async_start_kernel = start_kernel = inspect.unwrap(AsyncKernelManager._async_start_kernel)
    _async_shutdown_kernel = shutdown_kernel = inspect.unwrap(AsyncKernelManager._async_shutdown_kernel)

    def __init__(self, **kwargs: Any) -> None:
        path = forks.folder() / f"{os.getpid():x}-{next(_numbers):x}"
        super().__init__(transport="ipc", ip=str(path), connection_file=f"{path}.json", **kwargs)
        _hasten(self.context)
        self.client_class = f"{ForkClient.__module__}.{ForkClient.__qualname__}"
        self.client_factory = ForkClient

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        self.provisioner = ForkProvisioner(kernel_id=f"k{next(_numbers)}", kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)

    pre_start_kernel = _async_pre_start_kernel

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        if self.provisioner is not None and self.provisioner.has_process:
            await self.provisioner.wait()


def manager(notebook: Any, profile: str = "") -> type[ForkKernelManager]:
    """The manager for ``profile``, else for the libraries that the notebook's metadata want (``soko.preload``)."""
    wanted = notebook.metadata.get("soko")
    asked = profile or (wanted.get("preload") if isinstance(wanted, dict) else "")
    if asked not in PRELOAD or asked == ForkKernelManager.profile:
        return ForkKernelManager
    return type(f"{asked.capitalize()}KernelManager", (ForkKernelManager,), {"profile": asked})
