"""``soko forget``: one pupil goes from everything that the program made; what the school itself has to do is listed.

Figures that were computed with him stay: a period in which he stood is sealed, so that it is not computed again from
fewer data and published as if it were the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from soko.periods import Period
from soko.retention import forgotten, registers, rows, traces
from soko.retention.marks import Mark, has_figures, mark
from soko.retention.person import Person
from soko.retention.removal import Removal
from soko.retention.traces import Place
from soko.workspace import Workspace


@dataclass
class Plan:
    """What would be removed, and what is left to the school. ``before``: this person was forgotten once already.

    ``unread``: incoming files that cannot be looked into; ``sealed``: periods whose figures are kept.
    """

    removal: Removal
    places: list[Place] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    before: bool = False

    @property
    def sealed(self) -> list[str]:
        """Ids of the periods whose figures stay as they are."""
        return sorted(name for name, item in self.removal.marks.items() if item.sealed)

    @property
    def left(self) -> list[Place]:
        """Places where the person stands for sure: until they are gone, he is not forgotten."""
        return [place for place in self.places if place.sure]

    @property
    def nothing(self) -> bool:
        """Whether there is no file of ours to change."""
        return not self.removal.tables and not self.removal.files


def plan(workspace: Workspace, who: str, school_class: str = "", birth: str = "", day: str = "") -> Plan:
    """Find the person and everything of him. UsageError when nobody or several are meant."""
    person = registers.find(workspace, who, school_class, birth)
    hashes = forgotten.codes_of(workspace, who)
    if person is None:
        person = registers.stranger(workspace, who, school_class, birth)
    person.hashes = hashes or []
    found = traces.search(workspace, person)
    known = person.codes and person.names != [who]  # a stranger's code is only a guess
    if not known and hashes is None and not found.places and not found.tables and not found.files:
        raise registers.absent(workspace, who, school_class, birth)
    return _plan(workspace, person, found, day, before=hashes is not None)


def _plan(workspace: Workspace, person: Person, found: traces.Traces, day: str, *, before: bool) -> Plan:
    counts: dict[str, int] = {}
    for name, kind in found.tables.items():
        counts[kind] = counts.get(kind, 0) + rows.number(workspace.root / name, person)
    for kind in found.files.values():
        counts[kind] = counts.get(kind, 0) + 1
    removal = Removal(
        what="forget",
        day=day,
        periods=sorted(found.periods),
        marks=_marks(workspace, found),
        tables=sorted(found.tables),
        files=sorted(found.files),
        counts=counts,
        names=person.names,
        codes=person.codes,
        hashes=person.hashes,
        like=person.like,
    )
    return Plan(removal, found.places, found.unread, before)


def _marks(workspace: Workspace, found: traces.Traces) -> dict[str, Mark]:
    """The marks of the periods whose data lose somebody and whose figures are there: published or in the history."""
    ours = [*found.tables, *(name for name, kind in found.files.items() if kind != "memory")]
    incoming = [place.file for place in found.places if place.sure and place.file.startswith("data/incoming/")]
    losing = {traces.period_of(name) for name in (*ours, *incoming)} - {""}
    marks: dict[str, Mark] = {}
    for name in sorted(losing):
        period, before = Period.parse(name), mark(workspace, Period.parse(name))
        if not has_figures(workspace, period) or before.purged:
            continue
        takes_rows = any(traces.period_of(table) == name for table in found.tables)
        prefix = f"outputs/{name}/"
        gone = {file.removeprefix(prefix) for file in found.files if file.startswith(prefix)}
        more = {"forgotten": before.forgotten + takes_rows, "sealed": True, "gone": sorted({*before.gone, *gone})}
        marks[name] = before.model_copy(update=more)
    return marks
