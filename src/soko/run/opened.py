"""A run that has checked and computed its period: what every kind of publication begins and ends with.

    with computed(workspace, period, force=force, step=step) as run:
        ...  # leave documents in ``run.stage``, do ``run.later`` beside them
        run.publish(step)

Whatever is raised before ``publish`` leaves the last publication as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from soko.periods import Period
from soko.retention import guard
from soko.retention.marks import unseal
from soko.run import manifest, stages, steps
from soko.run.jobs import Job
from soko.run.memory import Memory
from soko.run.pieces import Step, silent
from soko.run.staging import staging, swap
from soko.run.sweeps import Asked, Document
from soko.workspace import Workspace


@dataclass
class Run:
    """``stage``: the folder to be published; ``later``: work that nobody waits for; ``inputs``: their hashes before."""

    memory: Memory
    stage: Path
    later: list[Job]
    inputs: dict[str, str]

    def publish(
        self,
        step: Step = silent,
        chosen: list[Document] | None = None,
        asked: Iterable[Asked] = (),
        reports: Iterable[str] = (),
    ) -> None:
        """Write index and manifest, then swap the folder in. DataError when a file was changed while it was used."""
        workspace, period = self.memory.workspace, self.memory.period
        with step("Публикация"):
            stages.finish(self.memory, self.stage, chosen or [], asked, reports)
            manifest.unchanged_inputs(workspace, period, self.inputs)
            swap(self.stage, workspace.outputs(period))
            unseal(workspace, period)


@contextmanager
def computed(
    workspace: Workspace, period: Period, *, force: bool = False, anew: bool = False, step: Step = silent
) -> Iterator[Run]:
    """Check the data and compute the indicators beside the last publication.

    ``force`` does every step again; ``anew`` computes figures that are kept because people were forgotten, too. Raises
    what checking and computing raise, and DataError for a period whose figures are kept (``soko.retention.guard``).
    """
    guard.refuse(workspace, period, force=anew)
    memory = Memory(workspace, period, force)
    if force:
        steps.unlearn(workspace, period)
    with staging(workspace.outputs(period)) as stage:
        before = stages.start(workspace, period, stage)
        later = stages.indicators(memory, stage, step, stages.check(memory, stage, step))
        yield Run(memory, stage, later, before)
