"""``soko self-assessment``: the year is checked and computed, its table judged, the report made; all or nothing.

Texts and requisites of the report (params/reports/self_assessment) are read by this step alone: a new word in a text
makes the report again and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soko.errors import DataError, UsageError
from soko.params import Params
from soko.periods import Period
from soko.run import hashing, jobs, manifest, memory as mind
from soko.run.checking import count_findings
from soko.run.jobs import Job
from soko.run.memory import Record
from soko.run.opened import computed
from soko.run.pieces import Step, prepared, silent, title_of, warm_up
from soko.workspace import Workspace

NAME = "self_assessment"
NOTEBOOK = f"reports/{NAME}"
#: The folder of outputs by edition.
FOLDERS = {"internal": "reports", "public": "public"}


@dataclass
class Outcome:
    """What a run left: the published folder, findings by severity, why each step ran or did not."""

    folder: Path
    unchanged: bool = False
    findings: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def reports(self) -> Path:
        """Where the report stands."""
        return self.folder / FOLDERS["internal"]


def publish(workspace: Workspace, period: Period, *, force: bool = False, step: Step = silent) -> Outcome:
    """Make the report of a calendar year and the table of order 1324; only steps whose inputs changed are done again.

    DataError, and nothing of the last publication is touched, when the self-assessment was not ordered, the year has no
    data, its data have critical findings or the lines of the table contradict each other.
    """
    refuse(workspace, period)
    if not force and (current := _up_to_date(workspace, period)):
        return current
    with computed(workspace, period, force=force, anew=force, step=step) as run:
        left = [f"{FOLDERS['internal']}/{NAME}.", *(f"{FOLDERS['internal']}/{name}" for name in _BESIDE)]
        work = []
        if run.memory.must_run(NOTEBOOK, record(workspace, period, run.stage), run.stage, left):
            warm_up("notes")
            work = documents(workspace, period, "internal", run.stage)
        jobs.run([*work, *run.later], step)
        run.memory.done(NOTEBOOK, {})
        run.publish(step, reports=[NAME])
    return Outcome(workspace.outputs(period), findings=_findings(workspace, period), reasons=run.memory.reasons)


_BESIDE = ("order_1324.csv", "order_1324.xlsx", "remarks.csv", "carried.json")


def documents(workspace: Workspace, period: Period, audience: str, stage: Path) -> list[Job]:
    """The pieces of work that make the report of an edition and its table from ``stage``, which has the indicators.

    «internal» goes to ``stage``/reports, «public» to ``stage``/public, of masked figures. DataError where the public
    edition may not go out yet: something keeps the report a draft, or nobody has approved it.
    """
    refuse(workspace, period)
    if audience == "public":
        refuse_release(workspace, period)
    folder = stage / FOLDERS[audience]
    target = folder / f"{NAME}.ipynb"
    common = {"workspace": str(workspace.root), "period": period.id, "audience": audience}
    parameters = common | {"out": str(stage)}
    title = title_of(workspace, NOTEBOOK)
    beside = Job("Таблица приказа № 1324", "self_assessment_files", parameters | {"target": str(target)})
    reference = _reference(workspace)
    word = Job(f"{title}: Word", "render", {"target": str(target), "formats": ["docx"], "reference": reference})
    arguments: dict[str, Any] = {"name": NOTEBOOK, "target": str(target), "parameters": parameters,
                                 "formats": ["html", "pdf"], "profile": "notes"}  # fmt: skip
    return [Job(title, "notebook", arguments, "notes", (beside, word), prepared(workspace, period))]


def refuse(workspace: Workspace, period: Period) -> None:
    """UsageError for another kind of period, DataError for a year of which no self-assessment was ordered."""
    from soko.self_assessment import verdict
    from soko.self_assessment.settings import Files

    if period.kind != "calendar":
        raise UsageError(
            f"самообследование проводится за календарный год, а указан период {period.id}",
            todo="укажите год: soko self-assessment 2025",
        )
    if not any(hashing.files_below(folder) for folder in Params(workspace).folders(period)):
        return  # that there are no data is said first, by the run
    files = Files(workspace)
    verdict.refuse_unordered(files, period)
    # Before minutes of work: what is wrong with the settings and the texts can be said now.
    verdict.refuse_settings(files, period.year)


def refuse_release(workspace: Workspace, period: Period) -> None:
    """DataError that lists what the public edition still waits for, as the last publication has found it."""
    from soko.self_assessment import verdict
    from soko.self_assessment.settings import Files

    published = manifest.read(workspace, period) or {}
    if NAME not in published.get("reports", {}):
        raise DataError(
            f"отчёт о самообследовании за {period.year} год не выпускался",
            todo=f"сначала выполните soko self-assessment {period.year} и прочитайте отчёт",
        )
    found = remarks(workspace, period)
    waiting = verdict.open_remarks(found, "draft", "release")
    # The settings may have changed since: what they lack now counts as well.
    now = verdict.open_remarks(verdict.of_settings(Files(workspace), period.year), "draft", "release")
    waiting = list({(item.place, item.message): item for item in [*waiting, *now]}.values())
    if waiting:
        listed = "; ".join(item.told for item in waiting[:8])
        more = f"; и ещё {len(waiting) - 8}" if len(waiting) > 8 else ""
        raise DataError(
            f"отчёт о самообследовании за {period.year} год не готов к публикации: {listed}{more}",
            todo=f"исправьте названное и повторите soko self-assessment {period.year}",
        )


def remarks(workspace: Workspace, period: Period) -> list[Any]:
    """Remarks of the last publication."""
    from soko.self_assessment.remarks import read

    return read(workspace.outputs(period) / FOLDERS["internal"])


def record(workspace: Workspace, period: Period, stage: Path) -> Record:
    """What the report reads: what a note reads, its own settings and texts, sources.csv, last year's report."""
    own = sorted(hashing.of_self_assessment(workspace.root))
    last = workspace.outputs(Period(period.year - 1, "calendar")) / FOLDERS["internal"] / "carried.json"
    files = [path for path in (*own, last) if path.is_file()]
    found = mind.note_record(workspace, period, stage, NOTEBOOK) | hashing.hash_files(files, workspace.root)
    found["результат sources.csv"] = _hash(stage / "sources.csv")
    return found


def _up_to_date(workspace: Workspace, period: Period) -> Outcome | None:
    published = manifest.read(workspace, period)
    if published is None or published.get("reports", {}).get(NAME) != published["inputs_key"]:
        return None
    if manifest.compare(workspace, period, published):
        return None
    reasons = dict.fromkeys(published["steps"], "изменений нет, результат прежний")
    return Outcome(workspace.outputs(period), True, published["findings"], reasons)


def _findings(workspace: Workspace, period: Period) -> dict[str, int]:
    return count_findings(workspace.outputs(period) / "validation" / "findings.csv")


def _reference(workspace: Workspace) -> str:
    from soko import resources

    return str(resources.reference(workspace.params) or "")


def _hash(path: Path) -> str:
    return hashing.sha256_file(path) if path.is_file() else ""
