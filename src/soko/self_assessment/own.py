"""What only the school knows and decides: params/reports/self_assessment/school.yaml and confirmed.yaml."""

from __future__ import annotations

import datetime
from itertools import pairwise

from pydantic import Field, model_validator

from soko.yamlio import Strict


class Paper(Strict):
    """A minute or an order of the school: its number and its day; ``body`` is who considered."""

    number: str
    date: datetime.date
    body: str = ""


class Year(Strict):
    """What the school has decided about the report of one year: ordered, considered, approved; who worked on it."""

    ordered: Paper | None = None
    considered: list[Paper] = Field(default_factory=list)
    approved: Paper | None = None
    commission: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _in_turn(self) -> Year:
        days = [("приказ о проведении", self.ordered)] + [("протокол", item) for item in self.considered]
        days += [("приказ об утверждении", self.approved)]
        known = [(name, paper.date) for name, paper in days if paper]
        for (name, before), (other, after) in pairwise(known):
            if after < before:
                raise ValueError(f"{other} ({after:%d.%m.%Y}) раньше, чем {name} ({before:%d.%m.%Y})")
        return self


class Fact(Strict):
    """A fact that no data of the program hold, to be named in texts as ``{fact.<name>}``: its value and its source."""

    value: str
    title: str
    source: str


class Requisite(Strict):
    """A row of the table of general information."""

    title: str
    value: str


class SchoolFacts(Strict):
    """params/reports/self_assessment/school.yaml."""

    requisites: list[Requisite] = Field(default_factory=list)
    facts: dict[str, Fact] = Field(default_factory=dict)
    years: dict[int, Year] = Field(default_factory=dict)


class Confirmation(Strict):
    """A value or a text of which somebody says that it is right although it is as a year ago, or looks doubtful.

    ``what`` is a code of order 1324 («2.6»), «text:conclusions» or «table:<label>»; ``value`` what it was when it was
    confirmed: with another value the confirmation is void.
    """

    what: str
    value: str = ""
    by: str
    date: datetime.date
    reason: str = ""


class Confirmed(Strict):
    """params/reports/self_assessment/confirmed.yaml."""

    years: dict[int, list[Confirmation]] = Field(default_factory=dict)
