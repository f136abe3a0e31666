"""The demo school at the end of a period: who is there, how he does, who teaches him. Lists are made of that."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from soko.calendars import Span
from soko.cohorts import class_grade
from soko.demo.design import stream
from soko.demo.monitoring import Monitoring, load_monitoring
from soko.demo.names import feminine
from soko.demo.pupils import Pupil
from soko.demo.school import School, Term
from soko.demo.staff import Employee, Lesson


@dataclass(eq=False)
class Moment:
    """The school at the end of a term."""

    school: School
    term: Term

    @property
    def year(self) -> int:
        """First calendar year of the school year."""
        return self.term.period.year

    @property
    def code(self) -> str:
        """q1 … q4, year."""
        return self.term.period.code

    @property
    def span(self) -> Span:
        """First and last day of the term."""
        return self.term.span

    @property
    def end(self) -> date:
        """The last day."""
        return self.term.span.end

    @property
    def things(self) -> Monitoring:
        """What the school does beside lessons."""
        return load_monitoring()

    @cached_property
    def everybody(self) -> list[Pupil]:
        """Pupils on the roll, by class and name."""
        year = self.year
        return [p for p in self.school.roster.listed(year, self.end) if p.on_roll(year, self.end)]

    def pupils(self, first: int, last: int) -> list[Pupil]:
        """Pupils on the roll of these grades."""
        return [p for p in self.everybody if first <= self.grade(p) <= last]

    def class_of(self, pupil: Pupil) -> str:
        """«5А»."""
        return pupil.classes[self.year]

    def grade(self, pupil: Pupil) -> int:
        """The grade of this school year."""
        return class_grade(self.class_of(pupil))

    def rng(self, purpose: str, *keys: int) -> np.random.Generator:
        """Numbers of a purpose that depend on its keys alone, so that a pupil keeps what is his from term to term."""
        return stream(self.school.seed, purpose, *keys)

    def lesson(self, pupil: Pupil, subject: str) -> Lesson | None:
        """The pupil's lesson in a subject, of his own group; None where his class has no such subject."""
        lessons = [x for x in self.school.staff.lessons[self.year, self.class_of(pupil)] if x.subject.title == subject]
        own = [x for x in lessons if x.group in (0, self.school.marks.group(pupil, x.subject))]
        return own[0] if own else None

    def value(self, pupil: Pupil, subject: str, term: str = "") -> float:
        """The latent mark in a subject; of the third quarter (or the half-year) unless a term is named."""
        lesson = self.lesson(pupil, subject)
        assert lesson is not None
        return self.school.marks.value(pupil, lesson, self.year, term or self.marked_term(pupil))

    def mark(self, pupil: Pupil, subject: str, term: str = "") -> str:
        """The journal's mark; terms as for ``value``."""
        lesson = self.lesson(pupil, subject)
        assert lesson is not None
        return self.school.marks.mark(pupil, lesson, self.year, term or self.marked_term(pupil))

    def marked_term(self, pupil: Pupil) -> str:
        """The last term whose marks were there before the works of spring."""
        return "q3" if self.grade(pupil) < 10 else "h1"

    def ability(self, pupil: Pupil) -> float:
        """How able the pupil is beside his class, in marks."""
        subject = "Русский язык"
        return self.value(pupil, subject) - self.school.usual_mark(subject, self.grade(pupil))

    def teacher(self, kind: str, at: int = 0) -> Employee:
        """A teacher of a kind; ``at`` counts on."""
        able = [p for p in self.school.staff.people if p.kind == kind]
        return able[at % len(able)]

    def day(self, share: float) -> date:
        """A working day of the term: 0 is its first, 1 its last."""
        found = self.span.start + timedelta(days=round(share * (self.end - self.span.start).days))
        while found.weekday() > 4:
            found -= timedelta(days=1)
        return max(found, self.span.start)

    @cached_property
    def families(self) -> dict[str, list[list[Pupil]]]:
        """Families by the class of the eldest child: a family of two pupils is counted once."""
        homes: dict[tuple[str, ...], list[Pupil]] = defaultdict(list)
        for pupil in self.everybody:
            homes[family_of(pupil)].append(pupil)
        found: dict[str, list[list[Pupil]]] = defaultdict(list)
        for children in homes.values():
            eldest = max(children, key=lambda p: (self.grade(p), -p.index))
            found[self.class_of(eldest)].append(children)
        return found


def family_of(pupil: Pupil) -> tuple[str, ...]:
    """The same for brothers and sisters; a pupil without patronymic has a family of his own."""
    name = pupil.name
    if not name.patronymic:
        return (pupil.number,)
    last = name.last if pupil.sex == "ж" else feminine(name.last)
    return (last, name.patronymic.removesuffix("ич").removesuffix("на"))
