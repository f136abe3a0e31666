"""What an analyst tunes in params/: the school, its conventions, subjects, calendar and the period's own settings."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field, field_validator, model_validator

from soko.errors import ConfigError
from soko.periods import Period, terms_of
from soko.workspace import Workspace
from soko.yamlio import Strict, load

T = TypeVar("T")


class Dated(Strict, Generic[T]):
    """A value that the law or a convention sets: from when it holds and whence it comes."""

    since: date
    source: str
    value: T


class Person(Strict):
    """Someone who signs or answers for a section."""

    post: str
    name: str


class Level(Strict):
    """A level of general education: НОО, ООО, СОО."""

    id: str
    title: str
    grades: list[int]


class Approval(Strict):
    """Whose signature stands over the note, and which body considers it."""

    approve: Person
    author: Person
    considered_by: str = ""


class School(Strict):
    """params/school.yaml."""

    id: str = "school"
    name_full: str
    name_short: str
    place: str = ""
    director: Person
    author: Person
    considered_by: str = ""
    responsible: dict[str, Person] = Field(default_factory=dict)
    levels: list[Level]
    current_period: str
    terms: Literal["quarter", "trimester", "half"] = "quarter"

    def owner(self, table: str, post: str) -> str:
        """Who corrects the files of ``table``: «post (name)»; the contract's ``post`` when the school names nobody."""
        person = self.responsible.get(table)
        return f"{person.post} ({person.name})" if person else post[:1].upper() + post[1:]

    @field_validator("current_period")
    @classmethod
    def _period(cls, text: str) -> str:
        return Period.parse(text).id

    @model_validator(mode="after")
    def _grades_once(self) -> School:
        grades = [grade for level in self.levels for grade in level.grades]
        if len(grades) != len(set(grades)):
            raise ValueError("класс обучения указан в двух уровнях (levels)")
        return self

    def level_of(self, grade: int) -> str:
        """Id of the level that the grade belongs to; empty when none does."""
        return next((level.id for level in self.levels if grade in level.grades), "")


class SouWeights(Strict):
    """Weights of the degree of learnedness (СОУ), in percent: 5, 4, 3, 2 and «н/а»."""

    five: float
    four: float
    three: float
    two: float
    na: float


class Thresholds(Strict):
    """Where judgements begin. Shares in percentage points, groups in pupils."""

    stable_points: float = 2.0
    small_group: int = 10
    row_count_change: float = 0.1
    identical_pupils: int = 15
    identical_rarer: float = 0.25
    confidence: float = 0.95
    period_length: float = 1.15


class SurveyScale(Strict):
    """Scores of an answer: the least, the greatest, and the least that means agreement."""

    least: float = 1
    most: float = 5
    agree: float = 4

    @model_validator(mode="after")
    def _rising(self) -> SurveyScale:
        if not self.least < self.agree <= self.most:
            raise ValueError("нужно least < agree <= most")
        return self


Take = Literal["at_end", "school_year", "both_halves", "terms", "summer", "in_year"]


class CalendarYear(Strict):
    """How a calendar year is put together of two school years (order 462, item 7).

    ``year_marks``: whose marks a pupil without marks of the year has, those of the last term of the school year
    (``last_term``) or none (``given``: then nothing is computed until all classes have handed them in). ``take``
    overrides, by view or indicator, what the catalogue says (``calendar`` of views and indicators).
    """

    year_marks: Literal["given", "last_term"] = "last_term"
    take: dict[str, Take] = Field(default_factory=dict)


_CALENDAR_YEAR = [
    Dated[CalendarYear](
        since=date(2014, 1, 1), source="приказ Минобрнауки России от 14.06.2013 № 462, пп. 6–7", value=CalendarYear()
    )
]


class VprLowered(Strict):
    """Shares of those whose mark of a ВПР is below that of the journal, per cent: from which to look, and to worry."""

    attention: float = Field(default=20, gt=0, le=100)
    risk: float = Field(default=40, gt=0, le=100)

    @model_validator(mode="after")
    def _rising(self) -> VprLowered:
        if self.attention > self.risk:
            raise ValueError("нужно attention ≤ risk")
        return self


_VPR_LOWERED = [
    Dated[VprLowered](
        since=date(2014, 1, 1),
        source="местный ориентир: официального порога в открытых документах нет",
        value=VprLowered(),
    )
]


class Conventions(Strict):
    """params/conventions.yaml: where schools differ, each choice with a default and its source."""

    na_in_base: bool = True
    unmarked_grades: list[int] = Field(default_factory=lambda: [1])
    halfyear_grades: list[int] = Field(default_factory=list)
    olympiad_grades: list[int] = Field(default_factory=lambda: [7, 8, 9, 10, 11])
    winning_results: list[str] = Field(default_factory=lambda: ["победитель", "призёр"])
    survey_scale: SurveyScale = SurveyScale()
    sou_weights: list[Dated[SouWeights]]
    vpr_lowered: list[Dated[VprLowered]] = Field(default_factory=lambda: list(_VPR_LOWERED))
    honours_base: Literal["graduates", "certified"] = "graduates"
    thresholds: Thresholds = Thresholds()
    targets: dict[str, float] = Field(default_factory=dict)
    calendar_year: list[Dated[CalendarYear]] = Field(default_factory=lambda: list(_CALENDAR_YEAR))

    def vpr_on(self, day: date) -> VprLowered:
        """The benchmarks of ВПР that hold on ``day``."""
        valid = [item for item in self.vpr_lowered if item.since <= day]
        if not valid:
            raise ConfigError("нет ориентиров ВПР на дату периода", where="params/conventions.yaml, vpr_lowered")
        return max(valid, key=lambda item: item.since).value

    def calendar_on(self, day: date) -> Dated[CalendarYear]:
        """How a calendar year that ends on ``day`` is put together."""
        valid = [item for item in self.calendar_year if item.since <= day]
        if not valid:
            raise ConfigError(
                "нет правил календарного года на его конец", where="params/conventions.yaml, calendar_year"
            )
        return max(valid, key=lambda item: item.since)

    def sou_on(self, day: date) -> Dated[SouWeights]:
        """The СОУ weights that hold on ``day``."""
        valid = [item for item in self.sou_weights if item.since <= day]
        if not valid:
            raise ConfigError("нет весов СОУ на дату периода", where="params/conventions.yaml, sou_weights")
        return max(valid, key=lambda item: item.since)


class Subject(Strict):
    """A subject of the curriculum. ``counted`` is false for columns that are no subject («Поведение»).

    ``grades``: where it is taught; empty and without ``editions`` means that it may be taught anywhere.
    ``editions``: later changes of ``grades`` by law, each with its date and source.
    ``area``: the subject area; ``School.responsible`` may name who answers for it.
    """

    title: str
    synonyms: list[str] = Field(default_factory=list)
    grades: list[int] = Field(default_factory=list)
    editions: list[Dated[list[int]]] = Field(default_factory=list)
    area: str = ""
    counted: bool = True

    def taught_in(self, grade: int, day: date) -> bool:
        """Whether the curriculum in force on ``day`` has the subject in ``grade``."""
        if not self.grades and not self.editions:
            return True
        valid = [item for item in self.editions if item.since <= day]
        return grade in (max(valid, key=lambda item: item.since).value if valid else self.grades)


class Subjects(Strict):
    """params/subjects.yaml: titles and other spellings, none of them standing for two subjects."""

    subjects: list[Subject]

    @model_validator(mode="after")
    def _spelt_once(self) -> Subjects:
        owner: dict[str, str] = {}
        for subject in self.subjects:
            for name in (subject.title, *subject.synonyms):
                key = re.sub(r"[\s.]+", "", name.casefold().replace("ё", "е"))
                if owner.setdefault(key, subject.title) != subject.title:
                    raise ValueError(f"написание «{name}» указано у двух предметов: «{owner[key]}» и «{subject.title}»")
        return self


class Span(Strict):
    """First and last day of a term."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.start > self.end:
            raise ValueError(f"начало {self.start:%d.%m.%Y} позже конца {self.end:%d.%m.%Y}")
        return self


class Calendar(Strict):
    """params/calendar/<year>.yaml: dates of the terms, keys as in period ids (q1…q4, t1…t3, h1, h2, year)."""

    year: Span
    q1: Span | None = None
    q2: Span | None = None
    q3: Span | None = None
    q4: Span | None = None
    t1: Span | None = None
    t2: Span | None = None
    t3: Span | None = None
    h1: Span | None = None
    h2: Span | None = None
    typical: bool = False

    def span(self, period: Period) -> Span | None:
        """Dates of the period, or None when the calendar has none and they do not follow from quarters."""
        direct: Span | None = getattr(self, period.code, None)
        if direct is None and period.kind == "half":
            first, last = period.parts("quarter")
            a, b = getattr(self, first.code), getattr(self, last.code)
            return Span(start=a.start, end=b.end) if a and b else None
        return direct


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
    commentary: dict[str, str] = Field(default_factory=dict)
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
        folder = self.workspace.params / "periods"
        for path in (folder / f"{period.id}.yaml", folder / "default.yaml"):
            if path.is_file():
                return load(path, PeriodParams)
        return PeriodParams()

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


_TYPICAL: dict[str, tuple[str, str]] = {
    "year": ("0-09-01", "1-05-26"),
    "q1": ("0-09-01", "0-10-26"),
    "q2": ("0-11-05", "0-12-30"),
    "q3": ("1-01-12", "1-03-27"),
    "q4": ("1-04-06", "1-05-26"),
    "t1": ("0-09-01", "0-11-16"),
    "t2": ("0-11-24", "1-02-22"),
    "t3": ("1-03-02", "1-05-26"),
    "h1": ("0-09-01", "0-12-30"),
    "h2": ("1-01-12", "1-05-26"),
}


def typical_calendar(year: int) -> Calendar:
    """Usual dates of the terms of a school year, for a school that has not written its own yet."""

    def day(text: str) -> date:
        offset, month, number = text.split("-")
        return date(year + int(offset), int(month), int(number))

    spans: dict[str, Any] = {key: Span(start=day(a), end=day(b)) for key, (a, b) in _TYPICAL.items()}
    return Calendar(typical=True, **spans)
