"""How far each task of the plan is, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from soko import resources, russian
from soko.params import Params
from soko.periods import Period
from soko.plan import words
from soko.plan.model import Plan
from soko.plan.schedule import Task
from soko.run import manifest
from soko.run.arrived import Arrival, Incoming
from soko.workspace import Workspace
from soko.yamlio import load_raw

State = Literal["files", "rejected", "unchecked", "held", "ready", "stale", "reported", "approved"]

SELF_ASSESSMENT = "self_assessment"
_NAMED = 3  # files in one line
#: States in which nobody owes anything more.
DONE = ("approved",)


@dataclass(frozen=True)
class TaskState:
    """A task with the state of its files (table → arrival) and of its document.

    ``held``: its own files are in order, but nothing of the period is published for those of others.
    ``turn`` says who moves next and ``todo`` what to do; both are empty when the document is approved. ``missing`` are
    titles of the tables that nobody handed in, also where the document was written without them.
    """

    task: Task
    state: State
    files: dict[str, Arrival]
    turn: str
    todo: str
    missing: tuple[str, ...] = ()
    overdue: bool = False


class States:
    """States of tasks; what they share (files, manifests, contracts) is read once."""

    def __init__(self, workspace: Workspace, plan: Plan, today: date, current: dict[str, bool] | None = None) -> None:
        """``current``: periods of which it is known already whether their publication is still true."""
        self._current = current or {}
        self.workspace = workspace
        self.plan = plan
        self.today = today
        self.params = Params(workspace)
        self.incoming = Incoming(workspace)
        self._published: dict[Period, dict[str, bool]] = {}
        self._titles: dict[str, tuple[str, str]] = {}
        self._notebooks = set(resources.notebooks("notes", workspace.notebooks))
        self._reports = set(resources.notebooks("reports", workspace.notebooks))
        self._notebooks |= self._reports

    def of(self, task: Task) -> TaskState:
        """The state of one task."""
        files = {table: self.incoming.arrival(table, task.period, task.sources) for table in task.tables}
        missing = tuple(self._title(table) for table, found in files.items() if found.kind == "missing")
        state = self._state(task, files)
        turn, todo = self._turn(task, state, files)
        late = task.files_due if state in ("files", "rejected") else task.due
        overdue = state not in ("reported", *DONE) and late < self.today
        return TaskState(task, state, files, turn, todo, missing, overdue)

    def _state(self, task: Task, files: dict[str, Arrival]) -> State:
        notes = self._publication(task.period)
        if task.procedure.document in notes:
            # The report checks the parts of its year itself; what has changed there its manifest says.
            own = task.procedure.document == SELF_ASSESSMENT
            changed = not own and any(found.kind in ("rejected", "unchecked") for found in files.values())
            if changed or not notes[task.procedure.document]:
                return "stale"
            return "approved" if self._is_approved(task) else "reported"
        kinds = [found.kind for found in files.values()]
        if "rejected" in kinds:
            return "rejected"
        if "missing" in kinds:
            return "files"
        if task.procedure.document == SELF_ASSESSMENT:
            return "ready"
        if "unchecked" in kinds:
            return "unchecked"
        return "held" if self.incoming.stopping(task.period, task.sources) else "ready"

    def _is_approved(self, task: Task) -> bool:
        if task.procedure.document == SELF_ASSESSMENT:
            from soko.self_assessment.settings import Files

            return Files(self.workspace).year(task.period.year).approved is not None
        return bool(self.params.period(task.period).approved_on)

    def _turn(self, task: Task, state: State, files: dict[str, Arrival]) -> tuple[str, str]:
        school, period = self.params.school, task.period
        analyst, director = (words.named(person) for person in (school.author, school.director))
        match state:
            case "rejected":
                return self._owners(files, "rejected"), "исправить ячейки, названные в протоколе проверки"
            case "files":
                return self._owners(files, "missing"), f"сдать файлы в data/incoming/{self._folder(task)}"
            case "unchecked":
                return analyst, f"проверить файлы: soko validate {self._unchecked(files, period)}"
            case "held":
                return self._stopped(task)
            case "stale" if self.incoming.stopping(period, task.sources):
                return self._stopped(task)
            case "ready" if task.procedure.document not in self._notebooks:
                return "; ".join(words.people(school, task.procedure)), "составить документ: тетради для него нет"
            case "ready" | "stale" if task.procedure.document == SELF_ASSESSMENT:
                return analyst, f"выпустить: soko self-assessment {period.id}"
            case "reported" if task.procedure.document == SELF_ASSESSMENT:
                where = "params/reports/self_assessment/school.yaml"
                return director, f"утвердить; приказ вписать в {where} (years, {period.id}, approved)"
            case "ready" | "stale":
                option = "report" if task.procedure.document in self._reports else "note"
                return analyst, f"выпустить: soko report {period.id} --{option} {task.procedure.document}"
            case "reported":
                return (
                    director,
                    f"утвердить; дату вписать в params/periods/{period.id}.yaml (approved_on) и выпустить ещё раз",
                )
        return "", ""

    def _stopped(self, task: Task) -> tuple[str, str]:
        """Nothing of a period is published while a file has critical findings or a chief table lacks: who does what."""
        found = self.incoming.stopping(task.period, task.sources)
        tables = dict.fromkeys(table for names in found.values() for table in names if table)
        owners = dict.fromkeys(map(self._owner, tables)) or [words.named(self.params.school.author)]
        shown = [russian.quote(Path(name).name) for name in sorted(found) if name]
        more = f" и ещё {len(shown) - _NAMED}" if len(shown) > _NAMED else ""
        steps = [f"исправить по протоколу {', '.join(shown[:_NAMED])}{more}"] if shown else []
        if absent := [russian.lower_first(self._title(table)) for table in found.get("", ())]:
            steps.append(f"сдать {', '.join(absent)}")
        return "; ".join(owners), f"{', '.join(steps)}: до этого период не выпускается"

    def _owner(self, table: str) -> str:
        return words.owner(self.params.school, table, self._contract(table)[1])

    def _owners(self, files: dict[str, Arrival], kind: str) -> str:
        owners = (self._owner(table) for table, found in files.items() if found.kind == kind)
        return "; ".join(dict.fromkeys(owners))

    def _folder(self, task: Task) -> str:
        """Where files are put: the period's own folder, or that of its term where its settings read it."""
        return task.sources[0].id

    def _unchecked(self, files: dict[str, Arrival], period: Period) -> str:
        """The period to check: that of the folder in which the new files lie."""
        new = next(found.files[0] for found in files.values() if found.kind == "unchecked")
        parts = Path(new).parts
        return "/".join(parts[:2]) if "-" in parts[0] else period.id

    def _publication(self, period: Period) -> dict[str, bool]:
        """The published notes of the period, each with whether nothing that it rests on has changed since."""
        if period not in self._published:
            found = manifest.read(self.workspace, period) or {}
            current = self._current.get(period.id)
            if current is None:
                current = bool(found) and not manifest.compare(self.workspace, period, found)
            key = found.get("inputs_key")
            known = found.get("notes", {}) | found.get("reports", {})
            self._published[period] = {name: current and of == key for name, of in known.items()}
        return self._published[period]

    def _title(self, table: str) -> str:
        return self._contract(table)[0]

    def _contract(self, table: str) -> tuple[str, str]:
        """Title and owner of a table. The contract is not checked here: its rules take longer than the whole answer."""
        if table not in self._titles:
            data, _ = load_raw(self.workspace.tables / f"{table}.yaml")
            self._titles[table] = (str(data["title"]), str(data["owner"]))
        return self._titles[table]


def unlisted(workspace: Workspace, tasks: list[Task]) -> list[tuple[str, Period]]:
    """Documents that the plan asks for and that the period's settings do not list, although their notebook exists."""
    params = Params(workspace)
    notebooks = set(resources.notebooks("notes", workspace.notebooks))
    found = []
    for name, period in dict.fromkeys(task.document for task in tasks):
        listed = {note if isinstance(note, str) else note.note for note in params.period(period).notes}
        if name in notebooks and name not in listed:
            found.append((name, period))
    return found
