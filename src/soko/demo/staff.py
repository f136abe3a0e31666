"""Staff of the demo school and who teaches what: teachers keep their classes when these are promoted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from soko.cohorts import class_grade
from soko.demo.design import Design, DesignSubject, stream
from soko.demo.names import Name, draw
from soko.demo.pupils import Roster

# What stands in «Предмет» of the staff list for a kind of teacher.
SUBJECT_OF_KIND = {
    "начальные классы": "начальные классы", "русский": "русский язык, литература", "английский": "английский язык",
    "математика": "математика", "информатика": "информатика", "история": "история, обществознание",
    "география": "география", "физика": "физика", "химия": "химия", "биология": "биология",
    "искусство": "изобразительное искусство", "музыка": "музыка", "технология": "труд (технология)",
    "физкультура": "физическая культура", "ОБЗР": "ОБЗР",
}  # fmt: skip
_FULL_LOAD = 26  # hours a week; only weighs who is asked first
_CATEGORIES = ("высшая", "первая", "СЗД", "нет")


@dataclass
class Employee:
    """One person; ``posts`` other than «учитель»; ``kind`` what he teaches, ``limit`` hours a week at most."""

    index: int
    name: Name
    birth: date
    posts: list[str]
    kind: str
    limit: int
    education: str
    began: date
    category: str
    category_date: date | None
    training: date
    leniency: float
    hours: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """A subject (or its group, 0 when undivided) of a class in a school year and its teacher."""

    subject: DesignSubject
    group: int
    teacher: Employee


class Staff:
    """Everybody and the distribution of lessons by school year and class."""

    def __init__(self, design: Design, seed: int, roster: Roster, taught: dict[int, dict[str, list[str]]]) -> None:
        """``taught``: school year -> class -> titles of the subjects in its curriculum."""
        self.design = design
        self.people: list[Employee] = []
        self.lessons: dict[tuple[int, str], list[Lesson]] = {}
        self.tutors: dict[tuple[int, str], Employee] = {}
        rng = stream(seed, "staff")
        for person in design.staff:
            last, first, patronymic = person.name.split()
            self._hire(rng, Name(last, first, patronymic), person.kind, person.posts, person.hours)
        for kind, number in design.teachers.items():
            for _ in range(number - sum(1 for p in self.people if p.kind == kind)):
                male = kind in ("физкультура", "технология", "ОБЗР", "информатика") and rng.random() < 0.6
                self._hire(rng, self._new_name(rng, male), kind, [], _FULL_LOAD)
        kept: dict[tuple[str, int, str, str], Employee] = {}
        for year in sorted(taught):
            self._distribute(year, taught[year], roster, kept)

    def _new_name(self, rng: np.random.Generator, male: bool) -> Name:
        taken = {p.name.initials for p in self.people} | {p.name.last for p in self.people}
        while True:
            name = draw(rng, "м" if male else "ж", adult=True)
            if name.initials not in taken and name.last not in taken:
                return name

    def _hire(self, rng: np.random.Generator, name: Name, kind: str, posts: list[str], limit: int) -> None:
        age = int(rng.integers(24, 66)) if not posts else int(rng.integers(36, 58))
        birth = date(self.design.first_year - age, 1, 1) + timedelta(days=int(rng.integers(365)))
        began = date(birth.year + int(rng.integers(21, 24)), int(rng.integers(8, 10)), 1 + int(rng.integers(27)))
        seniority = self.design.first_year - began.year
        weights = (0.05, 0.2, 0.35, 0.4) if seniority < 8 else (0.34, 0.36, 0.22, 0.08)
        category = _CATEGORIES[int(rng.choice(4, p=weights))]
        given = date(
            self.design.first_year - int(rng.integers(0, 5)), int(rng.integers(1, 9)), int(rng.integers(1, 28))
        )
        education = "высшее педагогическое"
        if rng.random() < 0.16:
            education = "среднее профессиональное педагогическое" if rng.random() < 0.75 else "высшее"
        training = date(
            self.design.first_year - int(rng.integers(0, 4)), int(rng.integers(1, 9)), int(rng.integers(1, 28))
        )
        self.people.append(
            Employee(len(self.people), name, birth, list(posts), kind, limit, education, began, category,
                     None if category == "нет" else given, training,
                     float(rng.normal(0, self.design.teacher_sd)))
        )  # fmt: skip

    def _distribute(
        self, year: int, taught: dict[str, list[str]], roster: Roster, kept: dict[tuple[str, int, str, str], Employee]
    ) -> None:
        subjects = {s.title: s for s in self.design.subjects}
        for person in self.people:
            person.hours[year] = 0
        # Classes that keep their teachers go first: only then is it known who is free for the new ones.
        cohorts = {(year - class_grade(name), name[-1]) for name in taught}
        old = {key[1:3] for key in kept if key[1:3] in cohorts}
        ordered = sorted(taught, key=lambda name: (year - class_grade(name), name[-1]) not in old)
        for class_name in ordered:
            titles = taught[class_name]
            grade, cohort = class_grade(class_name), (year - class_grade(class_name), class_name[-1])
            lessons: list[Lesson] = []
            for title in titles:
                subject = subjects[title]
                kind = "начальные классы" if grade <= 4 and title in self.design.primary else subject.kind
                if title == "Физическая культура":
                    kind = "физкультура"
                for group in self._groups(subject, class_name, roster, year):
                    key = (kind, *cohort, f"{group}{'' if kind == 'начальные классы' else title}")
                    if kind != "начальные классы" and kind not in ("английский", "информатика", "технология"):
                        # One teacher for algebra and geometry, for language and literature, for history and society.
                        key = (kind, *cohort, "")
                    teacher = kept.get(key) or self._freest(kind, year, lessons)
                    kept[key] = teacher
                    teacher.hours[year] += int(subject.hours[grade])
                    lessons.append(Lesson(subject, group, teacher))
            self.lessons[year, class_name] = lessons
        self._appoint_tutors(year, list(taught))

    def _groups(self, subject: DesignSubject, class_name: str, roster: Roster, year: int) -> list[int]:
        if not subject.groups or class_grade(class_name) < (5 if subject.groups == "sex" else 2):
            return [0]
        size = sum(1 for p in roster.pupils if p.classes.get(year) == class_name)
        return [1, 2] if size >= self.design.grouped_from else [0]

    def _freest(self, kind: str, year: int, lessons: list[Lesson]) -> Employee:
        busy = {lesson.teacher.index for lesson in lessons}
        able = [p for p in self.people if p.kind == kind]
        # A class in grades 1–4 needs a teacher of its own, so one who has none yet; groups need two different ones.
        return min(able, key=lambda p: (p.index in busy, p.hours[year] / p.limit, p.index))

    def _appoint_tutors(self, year: int, class_names: list[str]) -> None:
        """Class teachers go on with their classes; then the classes without one get a teacher of theirs who is free."""
        teachers = {name: [lesson.teacher for lesson in self.lessons[year, name]] for name in class_names}
        for name in class_names:
            before = self.tutors.get((year - 1, f"{class_grade(name) - 1}{name[-1]}"))
            if before in teachers[name]:
                self.tutors[year, name] = before
        for name in class_names:
            if (year, name) not in self.tutors:
                taken = {p.index for (y, _), p in self.tutors.items() if y == year}
                free = [p for p in teachers[name] if p.index not in taken and not p.posts]
                self.tutors[year, name] = (free or teachers[name])[0]
