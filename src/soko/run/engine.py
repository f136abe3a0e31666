"""The papermill engine of the project: ``papermill --engine soko``.

Today a stock kernel per notebook. The engine exists so that faster kernels can be put behind the same name without
any caller changing. One difference already: papermill writes the whole notebook twice a cell, in place; here the
file is written once, at the end, so that no reader ever sees half of it.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager


class SokoEngine(NBClientEngine):
    """A stock kernel, with the notebook written once."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any
    ) -> Any:  # papermill's own signature has no types
        """Run the cells of ``nb_man`` in a fresh kernel."""
        nb_man.autosave_cell_every = 0
        # The kernel's own remarks are English and for developers; an analyst reads this terminal.
        kwargs.setdefault("extra_arguments", ["--IPKernelApp.log_level=CRITICAL"])
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
