"""params/school.yaml: the school, its people and its levels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from soko import russian
from soko.periods import Period
from soko.yamlio import Strict


class Person(Strict):
    """Someone who signs or answers for a section."""

    post: str
    name: str


class Level(Strict):
    """A level of general education: НОО, ООО, СОО."""

    id: str
    title: str
    grades: list[int]


class School(Strict):
    """params/school.yaml."""

    id: str = "school"
    name_full: str
    name_short: str
    place: str = ""
    okpo: str = Field(default="", pattern=r"^(\d{8}|\d{10}|\d{14})?$")  # the code of the school in forms for others
    director: Person
    author: Person
    considered_by: str = ""
    responsible: dict[str, Person] = Field(default_factory=dict)
    levels: list[Level]
    current_period: str
    terms: Literal["quarter", "trimester", "half"] = "quarter"

    @property
    def minutes(self) -> str:
        """Where documents are considered, with a blank for the minutes; empty where the school names no such body."""
        return f"{self.considered_by},\nпротокол от ____________ № ____" if self.considered_by else ""

    def owner(self, table: str, post: str) -> str:
        """Who corrects the files of ``table``: «post (name)»; the contract's ``post`` when the school names nobody."""
        person = self.responsible.get(table)
        return f"{person.post} ({russian.initials_first(person.name)})" if person else post[:1].upper() + post[1:]

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
