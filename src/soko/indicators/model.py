"""The catalogue's schema: what an indicator and a view are. Nothing here touches data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator, model_validator

from soko.conventions import Take
from soko.hints import did_you_mean
from soko.periods import Kind
from soko.yamlio import Strict

if TYPE_CHECKING:
    from soko.conventions import Thresholds
    from soko.periods import Period

Unit = Literal["percent", "mark", "points", "count", "pupils", "lessons", "ratio", "flag"]

# Columns of the tidy table that may be filled; school_id stands outside: it is a dimension of every indicator.
# ``item`` is what an indicator itself distinguishes: level of an event, theme of a survey, area of conditions.
DIMENSIONS = ("level", "grade", "class", "subject", "sex", "teacher", "item")
COLUMNS = ["school_id", "period", "indicator", *DIMENSIONS, "numerator", "denominator", "value"]
# An empty dimension means «all»; a group whose sex or teacher nobody wrote down needs a word of its own.
UNKNOWN = "не указано"
# Sets with these belong to one school: «5А» of two schools is not one class.
WITHIN_SCHOOL = {"class", "teacher"}

_DIGITS: dict[Unit, int] = {
    "percent": 1,
    "mark": 2,
    "points": 1,
    "count": 0,
    "pupils": 1,
    "lessons": 1,
    "ratio": 2,
    "flag": 2,
}
UNIT_TITLES: dict[Unit, str] = {
    "percent": "%",
    "mark": "балл",
    "points": "балл",
    "count": "",
    "pupils": "чел.",
    "lessons": "уроков",
    "ratio": "",
    "flag": "да/нет",
}
_KINDS: list[Kind] = ["quarter", "trimester", "half", "year", "calendar"]


def _dimension_names(names: list[str] | None) -> list[str] | None:
    for name in names or ():
        if name not in DIMENSIONS:
            raise ValueError(f"нет разреза «{name}»{did_you_mean(name, list(DIMENSIONS))}")
    return names


def _dimension_sets(sets: list[list[str]]) -> list[list[str]]:
    for names in sets:
        _dimension_names(names)
        if len(names) != len(set(names)):
            raise ValueError(f"разрез повторён: {', '.join(names)}")
    if len({frozenset(names) for names in sets}) != len(sets):
        raise ValueError("одно и то же сочетание разрезов записано дважды")
    return sets


class Calendar(Strict):
    """What is taken in a calendar year, which is put together of two school years, and whence that rule comes.

    ``at_end``: the state of the latest period of the year that has it. ``school_year``: the school year that ended in
    the calendar year. ``both_halves``: dated rows from January to December; the tables must be there for both halves.
    ``terms``: sums over the terms, each of which must be there. ``summer``: what a school year ends with (examinations,
    works of spring), handed in before September. ``in_year``: dated rows of the year, whichever period brought them.
    ``without``: dimensions that mean nothing over two school years.
    """

    take: Take
    source: str
    without: list[str] = Field(default_factory=list)

    @field_validator("without")
    @classmethod
    def _known(cls, names: list[str]) -> list[str]:
        _dimension_sets([names])
        return names


class View(Strict):
    """A named population: SQL over the clean tables of the period. ``base`` is printed under tables.

    The indicators over it are computed when all of ``tables`` have been handed in and, where ``any_of`` is given, at
    least one of those; the others are empty then. ``calendar`` says what is taken in a calendar year (default: at_end).

    ``once``: the dimensions within which a person (pupil, family, graduate, worker) has one row at most, [] where he
    never has two. Without it rows are no people, or somebody may have any number: no test of counts is honest then.

    ``finest``: of special categories of data (health, diagnostics, registers) the finest group that notes may show;
    none is smaller than thresholds.small_group then (law 152-FZ, article 10). Empty: any group.

    ``things``: the rows are things all of which are looked at (requirements, posts, programmes, schools). No group of
    them is too small to be judged, and one of them more or less is a change.
    """

    name: str = Field(pattern=r"^[a-z_][a-z0-9_]*$")
    title: str
    base: str = ""
    noun: str = "обучающийся"  # what the denominators count, so that a gap is told in units of the base
    tables: list[str]
    any_of: list[str] = Field(default_factory=list)
    once: list[str] | None = None
    finest: Literal["", "school", "grade"] = ""
    things: bool = False
    sql: str
    calendar: Calendar | None = None

    _once = field_validator("once")(_dimension_names)


class Indicator(Strict):
    """One indicator. ``numerator`` and ``denominator`` are aggregates over ``population``.

    Without a ``denominator`` the indicator is a count: its denominator stays empty and value = numerator × scale.
    ``scale`` is 100 for per cent and 1 otherwise unless it is given. ``stable`` is the largest change, in the
    indicator's unit, that counts as none; without it, thresholds.stable_points for per cent and 0 otherwise.

    ``same_as`` takes everything that is not given here from another indicator: one definition under two labels, as
    where 4.6 and order 1324 ask the same. ``with_count`` asks that the number of people be printed beside the share
    («человек/%»). ``heads`` false says that the parts of a share add up points, not people; ``accrues`` that the value
    grows with the length of the period, so that periods of other lengths are not compared. A ``flag`` counts schools:
    1 is «да», 0 is «нет», over several schools it is the share of «да».
    ``calendar`` wins over that of the population.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
    name: str
    short: str = ""
    criterion: str = ""
    clause: str = ""
    unit: Unit
    better: Literal["up", "down", "none"]
    population: str
    numerator: str
    denominator: str = ""
    scale: float = 0.0
    dimensions: list[list[str]]
    periodicity: list[Kind] = Field(default_factory=lambda: list(_KINDS))
    formula: str
    tables: list[str] = Field(default_factory=list)
    base: str = ""
    noun: str = ""  # where the denominator counts something else than the population
    target: float | None = None
    stable: float | None = None
    digits: int | None = Field(default=None, ge=0, le=6)
    same_as: str = ""
    with_count: bool = False
    heads: bool = True
    accrues: bool = False
    replace: bool = False
    calendar: Calendar | None = None

    _sets = field_validator("dimensions")(_dimension_sets)

    def counted_in(self, period: Period) -> bool:
        """Whether the programme asks for it in such a period.

        A school with trimesters has no files of half-years: what is asked for each half-year is counted in the second
        and the third trimester, which close them.
        """
        closes_half = period.kind == "trimester" and period.index > 1
        return period.kind in self.periodicity or (closes_half and "half" in self.periodicity)

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: object) -> object:
        if isinstance(data, dict) and not data.get("scale"):
            return {**data, "scale": 100.0 if data.get("unit") == "percent" else 1.0}
        return data

    @model_validator(mode="after")
    def _counts(self) -> Indicator:
        if not self.denominator and self.unit != "count":
            raise ValueError(f"нет знаменателя (denominator); без него бывает только unit: count, а здесь {self.unit}")
        return self

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short or self.name

    @property
    def decimals(self) -> int:
        """Decimals at display."""
        return _DIGITS[self.unit] if self.digits is None else self.digits

    @property
    def unit_title(self) -> str:
        """The unit as a head of a column has it: «%», «балл», «уроков»."""
        return UNIT_TITLES[self.unit]

    @property
    def head_unit(self) -> str:
        """The unit beside the label; empty where the label ends with it: «Средний балл, балл» says it twice."""
        return "" if self.label.lower().endswith(f" {self.unit_title}") else self.unit_title

    def stable_within(self, thresholds: Thresholds) -> float:
        """Largest |Δ| that counts as no change, in the indicator's unit."""
        if self.stable is not None:
            return self.stable
        return thresholds.stable_points if self.unit == "percent" else 0.0


class CatalogueFile(Strict):
    """One file of params/indicators. The keys besides the lists are defaults for the file's indicators.

    ``soko.indicators.twins`` gives them to the indicators, before their own required keys are checked.
    """

    criterion: str = ""
    population: str = ""
    dimensions: list[list[str]] | None = None
    periodicity: list[Kind] | None = None
    views: list[View] = Field(default_factory=list)
    indicators: list[Indicator] = Field(default_factory=list)
