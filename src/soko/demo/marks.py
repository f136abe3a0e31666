"""Marks and absences of the demo school from latent abilities that persist over terms.

A mark is the cut latent value: the subject's usual mark in the grade + the pupil's ability + his aptitude for the
cluster and the subject + the class + the teacher + the season + slow autoregressive noise. The noise persists, so
two neighbouring terms differ as little as in a real school.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from soko.cohorts import class_grade
from soko.demo.design import Design, DesignSubject, stream
from soko.demo.pupils import Pupil
from soko.demo.staff import Lesson

_TERMS = 12
_HALF = {"h1": 2, "h2": 4}


@dataclass(frozen=True)
class Absences:
    """Lessons missed in a term; ``total`` is the sum of the three."""

    illness: int
    excused: int
    unexcused: int

    @property
    def total(self) -> int:
        """All lessons missed."""
        return self.illness + self.excused + self.unexcused


class Marks:
    """The model; every answer depends on the seed and its arguments alone."""

    def __init__(self, design: Design, seed: int) -> None:
        self.design, self.seed = design, seed
        self._position = {s.title: i for i, s in enumerate(design.subjects)}
        self._cluster = {c: i for i, c in enumerate(sorted({s.cluster for s in design.subjects}))}
        # Asked once a subject; the answer depends on the pupil and the term alone.
        self._latent = cache(self._make_latent)
        self._exempt = cache(self._is_exempt)
        self._class_effect = cache(self._make_class_effect)
        self._missed = cache(self._missed_subjects)

    def mark(self, pupil: Pupil, lesson: Lesson, year: int, term: str) -> str:
        """«5», «4», «3», «2», «н/а», «осв» or «зач»; ``term`` is q1…q4, h1, h2, or year for the mark of the year."""
        subject = lesson.subject
        if term == "year":
            return self._of_year([self.mark(pupil, lesson, year, part) for part in _parts(pupil.classes[year])])
        if subject.title == "Физическая культура" and self._exempt(pupil.index):
            return "осв"
        if subject.title in self._missed(pupil.index, class_grade(pupil.classes[year]), self._time(year, term)):
            return "н/а"
        if subject.credit:
            return "зач"
        value, cuts = self.value(pupil, lesson, year, term), self.design.cuts
        return "5" if value >= cuts.five else "4" if value >= cuts.four else "3" if value >= cuts.three else "2"

    def value(self, pupil: Pupil, lesson: Lesson, year: int, term: str) -> float:
        """The latent mark, a real number about 1.5…6."""
        if term == "year":
            parts = _parts(pupil.classes[year])
            return sum(self.value(pupil, lesson, year, part) for part in parts) / len(parts)
        design, subject = self.design, lesson.subject
        class_name, grade = pupil.classes[year], class_grade(pupil.classes[year])
        ability, aptitude, noise = self._latent(pupil.index)
        at = self._position[subject.title]
        period = f"{year}-{year + 1}/{term}"
        shift = sum(e.shift for e in design.effects if e.applies(period, class_name, grade, subject.title))
        return (
            subject.mean[grade]
            + ability
            + aptitude[at]
            + noise[at, self._time(year, term)]
            + self._class_effect(year - grade, class_name[-1])
            + lesson.teacher.leniency
            + design.seasons[term]
            + design.trend_per_year * (year - design.first_year)
            + shift
        )

    @staticmethod
    def _of_year(marks: list[str]) -> str:
        """The mean of the terms' marks, half up, as most schools do."""
        digits = [int(mark) for mark in marks if mark.isdigit()]
        return str((2 * sum(digits) + len(digits)) // (2 * len(digits))) if digits else marks[-1]

    def absences(self, pupil: Pupil, year: int, term: str, days: int, at_risk: bool) -> Absences:
        """Lessons missed in a quarter of ``days`` days; ``at_risk``: a pupil with a «2» plays truant more often."""
        rng = stream(self.seed, "attendance", pupil.index, self._time(year, term))
        per_day = 4.3 if class_grade(pupil.classes[year]) < 5 else 6.0
        ill_days = rng.poisson(0.9 * days / 40) + (rng.integers(4, 11) if rng.random() < 0.12 else 0)
        if self._is_ill(pupil.index, self._time(year, term)):
            ill_days += int(days * 0.45)
        illness = round(min(ill_days, days * 0.9) * per_day)
        excused = round(int(rng.poisson(0.35)) * per_day)
        ability = self._latent(pupil.index)[0]
        careless = float(rng.random()) < (0.03 + 0.12 * max(0.0, -ability) + 0.2 * at_risk)
        return Absences(illness, excused, int(rng.integers(1, 13)) if careless else 0)

    def exempt(self, pupil: Pupil) -> bool:
        """Whether the pupil is exempt from physical education."""
        return self._exempt(pupil.index)

    def gift(self, pupil: Pupil) -> float:
        """The pupil's general ability: 0 is the usual one."""
        return self._latent(pupil.index)[0]

    def group(self, pupil: Pupil, subject: DesignSubject) -> int:
        """The pupil's group in a divided subject: by sex in crafts, otherwise by turns; constant in a year."""
        if subject.groups == "sex":
            return 1 if pupil.sex == "м" else 2
        return 1 + pupil.index % 2

    def _make_latent(self, index: int) -> tuple[float, np.ndarray, np.ndarray]:
        design, rng = self.design, stream(self.seed, "ability", index)
        ability = float(rng.normal(0, design.ability_sd))
        cluster = rng.normal(0, design.cluster_sd, len(self._cluster))
        own = rng.normal(0, design.subject_sd, len(design.subjects))
        aptitude = own + np.array([cluster[self._cluster[s.cluster]] for s in design.subjects])
        terms = stream(self.seed, "terms", index)
        together = _autoregressive(terms.normal(0, design.pupil_term_sd, (1, _TERMS)), design.persistence)
        apart = _autoregressive(
            terms.normal(0, design.subject_term_sd, (len(design.subjects), _TERMS)), design.persistence
        )
        return ability, aptitude, together + apart

    def _make_class_effect(self, cohort: int, letter: str) -> float:
        return float(stream(self.seed, "classes", cohort, ord(letter)).normal(0, self.design.class_sd))

    def _time(self, year: int, term: str) -> int:
        return 4 * (year - self.design.first_year) + (_HALF.get(term) or int(term[1])) - 1

    def _is_exempt(self, index: int) -> bool:
        return bool(stream(self.seed, "illness", index, 0).random() < self.design.exempt_rate)

    def _is_ill(self, index: int, time: int) -> bool:
        return bool(stream(self.seed, "illness", index, 1 + time).random() < self.design.not_attested_rate)

    def _missed_subjects(self, index: int, grade: int, time: int) -> frozenset[str]:
        """Subjects in which a pupil who was ill for weeks could not be attested."""
        if not self._is_ill(index, time):
            return frozenset()
        rng = stream(self.seed, "illness", index, 100 + time)
        titles = [s.title for s in self.design.subjects if grade in s.hours]
        return frozenset(titles[int(i)] for i in rng.permutation(len(titles))[: int(rng.integers(1, 5))])


def _parts(class_name: str) -> tuple[str, ...]:
    """The terms in which a class is marked."""
    return ("h1", "h2") if class_grade(class_name) > 9 else ("q1", "q2", "q3", "q4")


def _autoregressive(steps: np.ndarray, persistence: float) -> np.ndarray:
    values = np.empty_like(steps)
    values[:, 0] = steps[:, 0]
    keep = np.sqrt(1 - persistence**2)
    for i in range(1, steps.shape[1]):
        values[:, i] = persistence * values[:, i - 1] + keep * steps[:, i]
    return values
