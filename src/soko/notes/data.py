"""What a note is written from: the period's indicators, those of the periods compared with, findings, settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from soko.conventions import Conventions
from soko.errors import DataError
from soko.notes import guarded, public_side
from soko.notes.figures import Figures, Parts, natural
from soko.params import Params
from soko.periods import Period
from soko.school import School
from soko.stamps import Stamp, stamp
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.indicators.absent import Missing
    from soko.indicators.catalogue import Catalogue

__all__ = ["ACADEMIC", "QUALITY", "Figures", "NoteData", "Parts", "natural", "read", "stamp_of"]

ACADEMIC = "academic_results"


@dataclass
class NoteData:
    """Everything that tables, charts and wording read; nothing here is personal."""

    workspace: Workspace
    period: Period
    params: Params
    catalogue: Catalogue
    current: Figures
    previous: Figures | None
    year_ago: Figures | None
    findings: pd.DataFrame | None = None
    corrections: pd.DataFrame | None = None  # what the ledger of corrections has changed
    earlier: Figures | None = None  # the period before the previous one: three in a row make a trend
    remarks: dict[str, Any] | None = None  # the analyst's commentary by section, once it has been read
    supposed: Any = None  # causes that the analyst supposes, once they have been read
    told: dict[str, str] = field(default_factory=dict)  # what the note explains once → label of the table under which
    note: str = ACADEMIC  # which file of params/narrative speaks
    focus: dict[str, str] = field(default_factory=dict)  # the one class or subject that the note is about
    lacking: list[Missing] | None = None  # indicators without data, once they have been looked for
    beside: Figures | None = None  # of a note about one class: its parallel and its level, as far as the note says
    redefined: dict[str, frozenset[str]] = field(default_factory=dict)  # period compared with → indicators defined anew
    folder: Path | None = None  # of the run's results
    audience: str = "internal"  # public: figures are masked, ``workspace`` gives settings alone

    @property
    def public(self) -> bool:
        """Whether this is written for the public edition."""
        return self.audience == "public"

    @property
    def school(self) -> School:
        """params/school.yaml."""
        return self.params.school

    @property
    def area(self) -> str:
        """The subject area that the note is about; empty for other notes."""
        areas = {subject.title: subject.area for subject in self.params.subjects.subjects}
        return self.focus.get("area") or areas.get(self.focus.get("subject", ""), "")

    @property
    def conventions(self) -> Conventions:
        """params/conventions.yaml."""
        return self.params.conventions

    @property
    def schools(self) -> list[str]:
        """Ids of the schools of the workspace; one for most."""
        return self.current.schools

    @property
    def several(self) -> bool:
        """Whether several schools report in one workspace."""
        return len(self.schools) > 1

    @property
    def unmarked(self) -> bool:
        """Nobody is in the base of outcomes.*: no marks «2»–«5» and no «н/а» in the whole period."""
        parts = self.current.get(QUALITY)
        return (parts is None or not parts.base) and not self.current.hides([QUALITY])

    @property
    def absent_grades(self) -> list[int]:
        """Grades of the school that are not in the period's base because they are marked by half-years."""
        if self.period.kind != "quarter":
            return []
        taught = {grade for level in self.school.levels for grade in level.grades}
        present = {int(key) for school in ("", *self.schools) for key in self.current.keys(QUALITY, "grade", school)}
        return sorted((taught & set(self.conventions.halfyear_grades)) - present)


QUALITY = "outcomes.quality"


def read(
    workspace: Workspace, period: Period, out: Path | None = None, note: str = ACADEMIC, audience: str = "internal"
) -> NoteData:
    """Collect what a note needs.

    Values come from data/history, which every run brings up to date; a period computed by hand before its first run
    is computed here from data/clean. ``out`` is the folder of the run's results, for findings.csv and corrections.csv.
    For the public ``audience`` they come from the masked table of the release alone (``soko.notes.public_side``).
    """
    if audience == "public":
        return _public(workspace, period, out, note)
    place = workspace.relative(workspace.clean(period))
    known = _known(workspace, period, stamp_of(workspace, period))
    if known.current is None:
        raise DataError(
            f"за период {period.id} нет рассчитанных показателей",
            where=place,
            todo=f"сначала выполните soko indicators {period.id}",
        )
    return NoteData(
        workspace=workspace,
        period=period,
        params=known.params,
        catalogue=known.catalogue,
        current=known.current.for_note(),
        previous=known.previous,
        year_ago=known.year_ago,
        earlier=known.earlier,
        redefined=known.redefined,
        note=note,
        folder=out or workspace.outputs(period),
        findings=_checked(out or workspace.outputs(period), "findings.csv"),
        corrections=_checked(out or workspace.outputs(period), "corrections.csv"),
    )


def _public(workspace: Workspace, period: Period, out: Path | None, note: str) -> NoteData:
    """What a note of the public edition needs: no findings, no corrections, no clean table can be reached from it."""
    from soko.indicators import load_catalogue

    found = public_side.figures(workspace, period, out)
    side = public_side.PublicSide(workspace.root)
    params = Params(side)
    settings = params.period(period)
    before = period.previous() if settings.compare_previous else None
    ago = period.year_ago() if settings.compare_year_ago else None
    return NoteData(
        workspace=side,
        period=period,
        params=params,
        catalogue=load_catalogue(workspace, bind=False),
        current=found[period].for_note(),
        previous=found.get(before) if before else None,
        year_ago=found.get(ago) if ago else None,
        earlier=found.get(before.previous()) if before else None,
        note=note,
        lacking=[],
        folder=out or workspace.outputs(period),
        audience="public",
    )


class _Known(NamedTuple):
    """What all notes of a period share; nobody changes it."""

    params: Params
    catalogue: Catalogue
    current: Figures | None
    previous: Figures | None
    year_ago: Figures | None
    earlier: Figures | None
    redefined: dict[str, frozenset[str]]


@lru_cache(maxsize=4)  # the notes of a run are forks of one process that has read this before (``prepared``)
def _known(workspace: Workspace, period: Period, _stamp: Stamp) -> _Known:
    from soko.indicators import compute, history, load_catalogue

    params = Params(workspace)
    # The values have been computed with these expressions; ``compute`` tries them again where it has to.
    catalogue = load_catalogue(workspace, bind=False)

    def told(figures: Figures) -> Figures:
        limit = params.conventions.thresholds.small_group
        return guarded.guard(figures, catalogue, limit, params.school.level_of)

    @cache
    def state(other: Period) -> history.State:
        return history.state(workspace, other, catalogue)

    def of(other: Period, wanted: bool = True) -> Figures | None:
        found = history.stored(workspace, other, catalogue, state(other)) if wanted else None
        figures = Figures.stored(found) if found else None
        return told(figures) if figures and figures.items() else None

    current = of(period)
    if current is None and workspace.clean(period).is_dir():
        current = told(Figures(compute(workspace, period)))
    settings = params.period(period)
    previous = of(period.previous(), settings.compare_previous)
    year_ago = of(period.year_ago(), settings.compare_year_ago)
    earlier = of(period.previous().previous(), settings.compare_previous)
    others = {"previous": period.previous(), "year_ago": period.year_ago()}
    redefined = {which: frozenset(state(other).changed) for which, other in others.items()}
    return _Known(params, catalogue, current, previous, year_ago, earlier, redefined)


def stamp_of(workspace: Workspace, period: Period) -> Stamp:
    """Whether anything that all notes of the period read has been written since."""
    folders = [workspace.params, workspace.root / "validation"]
    for other in (period, period.previous(), period.year_ago(), period.previous().previous()):
        folders += [workspace.clean(other), *(workspace.history / f"{other.id}{end}" for end in (".parquet", ".json"))]
    return stamp(folders)


def _checked(out: Path, name: str) -> pd.DataFrame | None:
    """What the check of the data left; None when there was none."""
    path = out / "validation" / name
    if not path.is_file():
        return None
    return pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
