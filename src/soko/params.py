"""What an analyst tunes in params/, read when first asked for; the schemas stand in modules of their own.

Here are the settings of a period, and what follows from several files: its dates, folders and parts.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from soko.calendars import Calendar, Span, typical_calendar
from soko.conventions import Conventions
from soko.edits import Causes, Commentary, Edits
from soko.errors import ConfigError
from soko.periods import Period, terms_of
from soko.school import School
from soko.subjects import Subjects
from soko.workspace import Workspace
from soko.yamlio import Strict, load

#: What a period is compared with.
PREVIOUS, YEAR_AGO = "previous", "year_ago"


class Sweep(Strict):
    """A note that is written for each class or subject, narrowed to ``only`` some of them."""

    note: str
    only: list[str] = Field(default_factory=list)


class PeriodParams(Strict):
    """params/periods/<year>/<period>.yaml: what papermill gets. A key that is left out has the default shown here."""

    notes: list[str | Sweep] = Field(default=["academic_results"])
    annexes: list[str] = Field(default_factory=lambda: ["pupils"])
    audience: Literal["internal", "public"] = "internal"
    incoming: list[str] = Field(default_factory=list)
    compare_previous: bool = True
    compare_year_ago: bool = True
    basis: str = "план внутришкольного контроля"
    commentary: Commentary = Field(default_factory=dict)
    edits: Edits = Field(default_factory=dict)  # note (class_teacher:7А) → changes of its conclusions, recommendations
    causes: Causes = Field(default_factory=dict)  # causes that the analyst supposes, by section
    approved_on: date | None = None

    @field_validator("incoming")
    @classmethod
    def _periods(cls, values: list[str]) -> list[str]:
        return [Period.parse(value).id for value in values]


class Params:
    """All settings of a workspace, read when first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._parts: dict[Period, list[Period]] = {}

    @cached_property
    def school(self) -> School:
        """params/school.yaml."""
        return load(self.workspace.params / "school.yaml", School)

    @cached_property
    def conventions(self) -> Conventions:
        """params/conventions.yaml."""
        return load(self.workspace.params / "conventions.yaml", Conventions)

    @cached_property
    def subjects(self) -> Subjects:
        """params/subjects.yaml."""
        return load(self.workspace.params / "subjects.yaml", Subjects)

    def calendar(self, period: Period) -> Calendar:
        """The calendar of the period's school year; the typical one, shifted, when the school gave none."""
        path = self.workspace.params / "calendar" / f"{period.school_year}.yaml"
        return load(path, Calendar) if path.is_file() else typical_calendar(period.year)

    def dates(self, period: Period) -> Span:
        """First and last day of the period."""
        if period.kind == "calendar":
            return Span(start=date(period.year, 1, 1), end=date(period.year, 12, 31))
        span = self.calendar(period).span(period)
        if span is None:
            raise ConfigError(
                f"в календаре {period.school_year} нет дат периода {period.code}",
                where=f"params/calendar/{period.school_year}.yaml",
                todo=f"добавьте строку «{period.code}: {{start: …, end: …}}»",
            )
        return span

    def opening(self, period: Period) -> date:
        """The day of «на начало».

        It is the end of the previous period of the same school year, so that who comes or leaves in the holidays is
        in the movement of the period that follows and «на конец» of one note is «на начало» of the next.
        """
        start, before = self.dates(period).start, period.previous()
        if period.kind == "calendar" or before.year != period.year:
            return start
        span = self.calendar(before).span(before)
        return span.end if span is not None and span.end < start else start

    def period(self, period: Period) -> PeriodParams:
        """Settings of the period; defaults (params/periods/default.yaml, then the schema's) when it has no file."""
        path = self.period_file(period)
        return load(path, PeriodParams) if path.is_file() else PeriodParams()

    def period_file(self, period: Period) -> Path:
        """Where the settings of the period stand, or would stand."""
        folder = self.workspace.params / "periods"
        found = (path for path in (folder / f"{period.id}.yaml", folder / "default.yaml") if path.is_file())
        return next(found, folder / f"{period.id}.yaml")

    def compared(self, period: Period) -> dict[str, Period]:
        """What the period is compared with: «previous», «year_ago»; one where both are the same period."""
        settings = self.period(period)
        wanted = {PREVIOUS: period.previous()} if settings.compare_previous else {}
        if settings.compare_year_ago and period.year_ago() not in wanted.values():
            wanted[YEAR_AGO] = period.year_ago()
        return wanted

    def folders(self, period: Period) -> list[Path]:
        """Folders of data/incoming that the period reads: its own, unless the period's file names others.

        A calendar year without files of its own reads those of its parts.
        """
        parts = self.parts(period)
        if parts:
            return list(dict.fromkeys(folder for part in parts for folder in self.folders(part)))
        return self._named(period)

    def parts(self, period: Period) -> list[Period]:
        """The periods of two school years that a calendar year is put together of; none for any other period.

        They are those that have files and end within the year, in the order of their ends. A calendar year with
        files of its own (or with ``incoming`` in its settings) is an ordinary period and has no parts.
        """
        if period.kind != "calendar":
            return []
        if period not in self._parts:
            own = self.period(period).incoming or _files(self._named(period))
            found = [
                (self.dates(part).end, at, part)
                for school_year in ((period.year - 1, period.year) if not own else ())
                for at, part in enumerate(terms_of(school_year))
                if self._handed_in(part)
            ]
            self._parts[period] = [part for end, _, part in sorted(found) if end.year == period.year]
        return self._parts[period]

    def _handed_in(self, part: Period) -> bool:
        """A half-year that also reads the folder of its last quarter is there once its own folder has files."""
        named, own = self._named(part), self.workspace.incoming(part)
        return _files([own] if own in named else named)

    def _named(self, period: Period) -> list[Path]:
        ids = self.period(period).incoming or [period.id]
        return [self.workspace.incoming(Period.parse(value)) for value in ids]


def _files(folders: list[Path]) -> bool:
    """Whether any of the folders has a file (locks of office programs and hidden files are none)."""
    return any(
        path.is_file() and not path.name.startswith((".", "~$"))
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
    )
