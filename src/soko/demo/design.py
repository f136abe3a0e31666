"""The design of the demo school (design.yaml): sizes, curriculum, abilities, events. Facts stand there, not in code."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, field_validator

from soko.yamlio import Strict, load

ByGrade = dict[int, float]


class DesignSubject(Strict):
    """A subject as the demo school teaches it; ``hours`` and ``mean`` by grade, written as spans «7-9»."""

    title: str
    kind: str
    cluster: str
    hours: ByGrade
    mean: ByGrade
    groups: Literal["", "half", "sex"] = ""
    credit: bool = False

    @field_validator("hours", "mean", mode="before")
    @classmethod
    def _spans(cls, value: dict[object, float]) -> ByGrade:
        grades: ByGrade = {}
        for key, number in value.items():
            first, _, last = str(key).partition("-")
            grades.update(dict.fromkeys(range(int(first), int(last or first) + 1), number))
        return grades


class Effect(Strict):
    """A shift of the latent mark in some periods, for classes or grades, in some subjects or all."""

    periods: list[str]
    shift: float
    grades: list[int] = Field(default_factory=list)
    classes: list[str] = Field(default_factory=list)
    subjects: list[str] = Field(default_factory=list)

    def applies(self, period: str, class_name: str, grade: int, subject: str) -> bool:
        """Whether the shift touches this mark."""
        return (
            period in self.periods
            and (not self.grades or grade in self.grades)
            and (not self.classes or class_name in self.classes)
            and (not self.subjects or subject in self.subjects)
        )


class DesignPerson(Strict):
    """A member of staff by name; ``kind`` is what he teaches, ``hours`` limits the load of an administrator."""

    name: str
    posts: list[str] = Field(default_factory=list)
    kind: str = ""
    hours: int = 26


class Repeater(Strict):
    """The class in which a pupil repeats the year."""

    grade: int
    letter: str


class Cuts(Strict):
    """Latent marks from which 5, 4 and 3 are given."""

    five: float
    four: float
    three: float


class Design(Strict):
    """The whole of design.yaml; numbers are in marks, pupils or hours a week."""

    first_year: int
    years: int
    letters: list[str]
    sizes: dict[int, list[int]]
    entrants: list[int]
    tenth: list[int]
    repeater: Repeater
    arrivals_per_term: float
    departures_per_term: float
    summer_arrivals: int
    summer_departures: int
    ability_sd: float
    cluster_sd: float
    subject_sd: float
    pupil_term_sd: float
    subject_term_sd: float
    class_sd: float
    teacher_sd: float
    persistence: float
    seasons: dict[str, float]
    trend_per_year: float
    cuts: Cuts
    not_attested_rate: float
    exempt_rate: float
    grouped_from: int
    effects: list[Effect]
    subjects: list[DesignSubject]
    primary: list[str]
    staff: list[DesignPerson]
    teachers: dict[str, int]


def load_design() -> Design:
    """Read design.yaml beside this module."""
    return load(Path(__file__).with_name("design.yaml"), Design)


# One stream of random numbers per purpose: adding a draw in one place then leaves every other file as it was.
STREAMS = (
    "people", "moves", "staff", "ability", "terms", "classes", "attendance", "spelling", "illness", "activities",
    "contests", "exams", "gia", "graduates", "health", "registers", "diagnostics", "surveys", "parents", "lessons",
    "experts", "development", "references",
)  # fmt: skip


def stream(seed: int, purpose: str, *keys: int) -> np.random.Generator:
    """The generator of a purpose; equal arguments give equal numbers on every machine."""
    return np.random.default_rng([seed, STREAMS.index(purpose), *keys])
