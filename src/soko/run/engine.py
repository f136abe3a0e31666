"""The papermill engine of the project: ``papermill --engine soko``.

A kernel forked from a process that has the heavy libraries imported, where forking is possible; a stock kernel
elsewhere, with the same outputs. Two more differences: papermill writes the whole notebook twice a cell, in place, and
here the file is written once, at the end, so that no reader ever sees half of it; and kernels are ended, not asked to.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager

from soko.run import forks


class SokoEngine(NBClientEngine):
    """Forked kernels where possible, the notebook written once."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any
    ) -> Any:  # papermill's own signature has no types
        """Run the cells of ``nb_man`` in a fresh kernel."""
        nb_man.autosave_cell_every = 0
        # papermill writes the result itself when all cells have run, or when one has failed.
        nb_man.output_path = None
        # The kernel's own remarks are English and for developers; an analyst reads this terminal.
        kwargs.setdefault("extra_arguments", ["--IPKernelApp.log_level=CRITICAL"])
        if forks.supported() and kernel_name == "python3":
            from soko.run.kernels import MANAGERS

            profile = nb_man.nb.metadata.get("soko", {}).get("preload", "notes")
            kwargs.setdefault("kernel_manager_class", MANAGERS[profile])
            kwargs.setdefault("shutdown_kernel", "immediate")
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
