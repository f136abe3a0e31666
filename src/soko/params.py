"""What an analyst tunes in params/, read when first asked for; the schemas stand in modules of their own.

Here are the settings of a period, and what follows from several files: its dates, folders and parts.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from soko.calendars import Calendar, Span, typical_calendar
from soko.edits import Causes, Commentary, Edits
from soko.errors import ConfigError
from soko.periods import Period, terms_of
from soko.workspace import Workspace
from soko.yamlio import Strict, load

if TYPE_CHECKING:  # their schemas are made when first read: a run without changes needs none of them
    from soko.conventions import Conventions
    from soko.school import School
    from soko.subjects import Subjects

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
    orders: list[str] = Field(default_factory=list)  # notes whose recommendations become a draft of an order
    reports: list[str] = Field(default_factory=list)  # notebooks/reports: public_report, management_summary
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
        self._calendars: dict[int, Calendar] = {}

    @cached_property
    def school(self) -> School:
        """params/school.yaml."""
        from soko.school import School

        return load(self.workspace.params / "school.yaml", School)

    @cached_property
    def conventions(self) -> Conventions:
        """params/conventions.yaml."""
        from soko.conventions import Conventions

        return load(self.workspace.params / "conventions.yaml", Conventions)

    @cached_property
    def subjects(self) -> Subjects:
        """params/subjects.yaml."""
        from soko.subjects import Subjects

        return load(self.workspace.params / "subjects.yaml", Subjects)

    def calendar(self, period: Period) -> Calendar:
        """The calendar of the period's school year; the typical one, shifted, when the school gave none."""
        if period.year not in self._calendars:  # each object of a note asks for days
            path = self.workspace.params / "calendar" / f"{period.school_year}.yaml"
            self._calendars[period.year] = load(path, Calendar) if path.is_file() else typical_calendar(period.year)
        return self._calendars[period.year]

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
        """Folders of data/incoming that the period rests on: ``own_folders``, of a year of parts those of them all."""
        parts = self.parts(period)
        return list(dict.fromkeys(folder for part in parts or [period] for folder in self.own_folders(part)))

    def own_folders(self, period: Period) -> list[Path]:
        """Folders whose files are checked as the period's: its own, unless the period's file names others."""
        ids = self.period(period).incoming or [period.id]
        return [self.workspace.incoming(Period.parse(value)) for value in ids]

    def checked(self, period: Period) -> Path:
        """Where the clean tables of the period's own files stand; of a school year of parts, beside those of terms."""
        folder = self.workspace.clean(period)
        return folder / period.id.replace("/", "_") if period.kind == "year" and self.parts(period) else folder

    def parts(self, period: Period) -> list[Period]:
        """The periods that a year is put together of, those that have files, in the order of their ends.

        Of a school year its terms, and itself where its own folder has files. Of a calendar year the periods of two
        school years that end within it. None of any other period, of a year with ``incoming`` in its settings, of a
        school year without terms, of a calendar year with files of its own: all these are ordinary periods.
        """
        if period.kind not in ("calendar", "year"):
            return []
        if period not in self._parts:
            found = [] if self.period(period).incoming else self._parts_of(period)
            self._parts[period] = found if found != [period] else []
        return self._parts[period]

    def _parts_of(self, year: Period) -> list[Period]:
        if year.kind == "calendar" and _files(self.own_folders(year)):
            return []
        found = [
            (self.dates(part).end, at, part)
            for school_year in ((year.year - 1, year.year) if year.kind == "calendar" else (year.year,))
            for at, part in enumerate(terms_of(school_year))
            if self._handed_in(part)
        ]
        return [part for end, _, part in sorted(found) if year.kind == "year" or end.year == year.year]

    def _handed_in(self, part: Period) -> bool:
        """A half-year that also reads the folder of its last quarter is there once its own folder has files."""
        named, own = self.own_folders(part), self.workspace.incoming(part)
        return _files([own] if own in named else named)


def _files(folders: list[Path]) -> bool:
    """Whether any of the folders has a file (locks of office programs and hidden files are none)."""
    return any(
        path.is_file() and not path.name.startswith((".", "~$"))
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
    )
