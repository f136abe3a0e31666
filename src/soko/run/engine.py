"""The papermill engine of the project: ``papermill --engine soko``.

A kernel forked from a process that has the heavy libraries imported, where forking is possible; a stock kernel
elsewhere, with the same outputs. Three more differences: papermill writes the whole notebook twice a cell, in place,
and here the file is written once, at the end, so that no reader ever sees half of it; text that a cell prints without
end is cut off and the cell interrupted, because all of it would be kept in memory; an error knows its cell.
"""

from __future__ import annotations

import sys
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from soko.run import forks

#: Characters that one cell may print; what a person will never read, but a runaway loop reaches in seconds.
MOST_PRINTED = 50_000_000
_THIS_PYTHON = ("python", f"python{sys.version_info[0]}", "python" + ".".join(map(str, sys.version_info[:2])))


class Client(PapermillNotebookClient):
    """Runs the cells; an error knows which one ran and how much it had printed."""

    printed = 0

    def execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        """Run one cell. Whatever is raised has ``cell_index``, also when the kernel died or the time was up."""
        self.printed = 0
        try:
            return super().execute_cell(cell, cell_index, **kwargs)
        except Exception as error:
            error.cell_index, error.printed = cell_index, self.printed  # type: ignore[attr-defined]
            raise

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Take in a message of the kernel, unless the cell has printed too much."""
        if msg["msg_type"] == "stream":
            before, self.printed = self.printed, self.printed + len(msg["content"]["text"])
            if self.printed > MOST_PRINTED:
                if before <= MOST_PRINTED:
                    self.km.provisioner.process.kill()  # an interrupt would wait behind what it has to say
                return None
        return super().process_message(msg, cell, cell_index)


class SokoEngine(NBClientEngine):
    """Forked kernels where possible, the notebook written once."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        profile: str = "",
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        input_path: Any = None,
        **kwargs: Any,
    ) -> Any:  # papermill's own signature has no types
        """Run the cells of ``nb_man`` in a fresh kernel; the options are those of papermill's own engine.

        ``profile`` names the libraries that are to be preloaded, where the notebook's metadata should not decide.
        """
        nb_man.autosave_cell_every = 0
        # papermill writes the result itself when all cells have run, or when one has failed.
        path, nb_man.output_path = nb_man.output_path, None
        if forks.supported() and _is_ours(kernel_name):
            from soko.run.kernels import manager

            kwargs.setdefault("kernel_manager_class", manager(nb_man.nb, profile))
        else:
            # The kernel's own remarks are English and for developers; an analyst reads this terminal.
            kwargs.setdefault("extra_arguments", ["--IPKernelApp.log_level=CRITICAL"])
        limits = {"timeout": execution_timeout, "startup_timeout": start_timeout}
        client = Client(nb_man, kernel_name=kernel_name, log=logger, **limits, **kwargs)
        try:
            return client.execute()
        except BaseException:
            nb_man.output_path = path  # the kernel died or hung: what it has done so far is still worth reading
            raise


def _is_ours(kernel_name: str) -> bool:
    """Whether the kernel of that name is this Python's: a user may have put another one under the name."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    if kernel_name != "python3":
        return False
    try:
        command = KernelSpecManager().get_kernel_spec(kernel_name).argv
    except NoSuchKernel:
        return False
    # jupyter_client runs itself what is only called «python».
    ours = command[0] == sys.executable or command[0] in _THIS_PYTHON
    arguments = [argument for argument in command[1:] if argument != "-Xfrozen_modules=off"]  # only debuggers care
    return ours and arguments == ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
