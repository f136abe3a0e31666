"""A workspace: the folder with a school's params/, validation/, notebooks/, data/ and outputs/."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from soko.errors import UsageError
from soko.periods import Period

MARKER = Path("params") / "school.yaml"


@dataclass(frozen=True)
class Workspace:
    """Where everything of one school (or of several that report together) stands."""

    root: Path

    @classmethod
    def open(cls, path: str | Path | None = None) -> Workspace:
        """Open ``path``, else ``SOKO_WORKSPACE``, else the nearest folder upwards that is a workspace."""
        chosen = path or os.environ.get("SOKO_WORKSPACE")
        if chosen:
            root = Path(chosen).expanduser().resolve()
            if not (root / MARKER).is_file():
                raise UsageError(
                    f"папка {root} не похожа на рабочую папку СОКО: в ней нет {MARKER.as_posix()}",
                    todo=f"создайте её командой soko init {root}",
                )
            return cls(root)
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / MARKER).is_file():
                return cls(folder)
        raise UsageError(
            "рабочая папка СОКО не найдена ни здесь, ни выше",
            todo="перейдите в неё, укажите --workspace ПАПКА или создайте новую: soko init ПАПКА",
        )

    @property
    def params(self) -> Path:
        """Settings that an analyst tunes."""
        return self.root / "params"

    @property
    def tables(self) -> Path:
        """Contracts and rules of the tables (validation/tables)."""
        return self.root / "validation" / "tables"

    @property
    def notebooks(self) -> Path:
        """The workspace's own notebooks; those of the package are used for what is not there."""
        return self.root / "notebooks"

    @property
    def private(self) -> Path:
        """Names, birth dates, the pseudonym key and everything made from them. Never leaves the machine."""
        return self.root / "data" / "private"

    @property
    def corrections(self) -> Path:
        """The ledger of corrections; a school that has corrected nothing need not have it."""
        return self.root / "data" / "corrections.yaml"

    @property
    def history(self) -> Path:
        """Indicator values of the periods that were computed before."""
        return self.root / "data" / "history"

    @property
    def releases(self) -> Path:
        """What has been published: masked cells and who confirmed them. Nothing personal, and to be kept."""
        return self.root / "data" / "releases"

    def incoming(self, period: Period) -> Path:
        """What people put there for the period; never changed by us."""
        return self.root / "data" / "incoming" / period.id

    def clean(self, period: Period) -> Path:
        """Canonical tables of the period, one Parquet each, pupils under a pseudonym."""
        return self.root / "data" / "clean" / period.id

    def private_period(self, period: Period) -> Path:
        """The period's register of people, returned workbooks and annexes with names."""
        return self.private / period.id

    def outputs(self, period: Period) -> Path:
        """Published results of the period."""
        return self.root / "outputs" / period.id

    def relative(self, path: Path) -> str:
        """Return ``path`` as shown to people: relative to the workspace, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()
