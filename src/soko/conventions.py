"""params/conventions.yaml: where schools differ, each choice with a default and its source."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from soko.dated import Dated, T, held
from soko.errors import ConfigError
from soko.yamlio import Strict

Take = Literal["at_end", "school_year", "both_halves", "terms", "summer", "in_year"]


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


_VPR_LOWERED = [
    Dated[VprLowered](
        since=date(2014, 1, 1),
        source="местный ориентир: официального порога в открытых документах нет",
        value=VprLowered(),
    )
]


_CATEGORY_TERM = [
    Dated[int](
        since=date(2011, 1, 1),
        source="приказ Минобрнауки России от 07.04.2014 № 276, п. 24, и действовавший до него от 24.03.2010 № 209",
        value=5,
    ),
    Dated[int](since=date(2023, 9, 1), source="приказ Минпросвещения России от 24.03.2023 № 196", value=0),
]


class Conventions(Strict):
    """params/conventions.yaml: where schools differ, each choice with a default and its source."""

    na_in_base: bool = True
    unmarked_grades: list[int] = Field(default_factory=lambda: [1])
    halfyear_grades: list[int] = Field(default_factory=list)
    olympiad_grades: list[int] = Field(default_factory=lambda: [7, 8, 9, 10, 11])
    adaptation_grades: list[int] = Field(default_factory=lambda: [1, 5])
    winning_results: list[str] = Field(default_factory=lambda: ["победитель", "призёр"])
    survey_agree: float = Field(default=0.75, gt=0, le=1)
    expiring_days: int = Field(default=90, ge=1)
    sou_weights: list[Dated[SouWeights]]
    vpr_lowered: list[Dated[VprLowered]] = Field(default_factory=lambda: list(_VPR_LOWERED))
    category_term: list[Dated[int]] = Field(default_factory=lambda: list(_CATEGORY_TERM))  # years; 0 is for ever
    honours_base: Literal["graduates", "certified"] = "graduates"
    thresholds: Thresholds = Thresholds()
    targets: dict[str, float] = Field(default_factory=dict)
    calendar_year: list[Dated[CalendarYear]] = Field(default_factory=lambda: list(_CALENDAR_YEAR))

    def vpr_on(self, day: date) -> VprLowered:
        """The benchmarks of ВПР that hold on ``day``."""
        return self._on(self.vpr_lowered, day, "нет ориентиров ВПР на дату периода", "vpr_lowered").value

    def calendar_on(self, day: date) -> Dated[CalendarYear]:
        """How a calendar year that ends on ``day`` is put together."""
        return self._on(self.calendar_year, day, "нет правил календарного года на его конец", "calendar_year")

    def sou_on(self, day: date) -> Dated[SouWeights]:
        """The СОУ weights that hold on ``day``."""
        return self._on(self.sou_weights, day, "нет весов СОУ на дату периода", "sou_weights")

    @staticmethod
    def _on(values: list[Dated[T]], day: date, lacking: str, key: str) -> Dated[T]:
        found = held(values, day)
        if found is None:
            raise ConfigError(lacking, where=f"params/conventions.yaml, {key}")
        return found
