"""Pupils of the demo school over the years: classes, promotion, siblings, arrivals, departures, a repeater."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from soko.calendars import Calendar, Span
from soko.cohorts import class_grade
from soko.demo.design import Design, stream
from soko.demo.names import Name, draw

_FROM = ("МБОУ «СОШ № 2», г. Ключевогорск", "МБОУ «СОШ № 1», г. Нижнеозёрск", "МАОУ «Лицей № 6», г. Верхнереченск",
         "МБОУ «Гимназия № 3», г. Приволжск-Южный", "МКОУ «Подгорненская СОШ»")  # fmt: skip
_TO = (*_FROM, "семейное образование", "за пределы региона")
COLLEGES = ("ГБПОУ «Ключевогорский политехнический колледж»", "ГБПОУ «Нижнеозёрский медицинский колледж»",
             "ГАПОУ «Верхнереченский техникум»")  # fmt: skip


@dataclass
class Pupil:
    """A pupil; ``classes`` and ``arrived`` (day, from where) by first calendar year of the school year."""

    index: int
    name: Name
    sex: str
    birth: date
    number: str
    classes: dict[int, str] = field(default_factory=dict)
    arrived: dict[int, tuple[date, str]] = field(default_factory=dict)
    left: date | None = None
    left_to: str = ""
    repeats: set[int] = field(default_factory=set)

    def on_roll(self, year: int, day: date) -> bool:
        """Whether the pupil is on the roll of the school year at the end of ``day``."""
        return year in self.classes and self.came(year) <= day and (self.left is None or self.left > day)

    def came(self, year: int) -> date:
        """Day of arrival; long ago for those who were there when the school year began."""
        return self.arrived[year][0] if year in self.arrived else date.min


class Roster:
    """Everybody who was ever enrolled, made year by year."""

    def __init__(self, design: Design, seed: int, calendars: dict[int, Calendar]) -> None:
        self.design, self.seed, self.calendars = design, seed, calendars
        self.pupils: list[Pupil] = []
        self._full: set[str] = set()
        self._people = stream(seed, "people")
        first = design.first_year
        for grade, sizes in sorted(design.sizes.items()):
            for letter, size in zip(design.letters, sizes, strict=True):
                for _ in range(size):
                    self._enrol(first, f"{grade}{letter}")
        # One year more than is written: two of its classes make the folder with critical errors.
        for year in range(first, first + design.years + 1):
            rng = stream(seed, "moves", year)
            if year > first:
                self._promote(year, rng)
            for term in ("q1", "q2", "q3", "q4"):
                span = getattr(calendars[year], term)
                self._move(year, span, rng)

    def listed(self, year: int, until: date) -> list[Pupil]:
        """Everybody enrolled in the school year before ``until``, the departed too, by class and name."""
        chosen = [p for p in self.pupils if year in p.classes and p.came(year) <= until]
        return sorted(chosen, key=lambda p: (class_grade(p.classes[year]), p.classes[year], sort_key(p.name.full)))

    def in_class(self, year: int, class_name: str, day: date) -> list[Pupil]:
        """Pupils of a class on the roll at the end of ``day``."""
        return [p for p in self.listed(year, day) if p.classes[year] == class_name and p.on_roll(year, day)]

    def class_names(self, year: int) -> list[str]:
        """Classes of the school year in order."""
        names = {p.classes[year] for p in self.pupils if year in p.classes}
        return sorted(names, key=lambda name: (class_grade(name), name))

    def _enrol(self, year: int, class_name: str, *, when: date | None = None) -> Pupil:
        rng, grade = self._people, class_grade(class_name)
        mates = [p.name for p in self.pupils if p.classes.get(year) == class_name]
        taken = {n.short for n in mates} | {n.initials for n in mates}
        sex = "м" if rng.random() < 0.5 else "ж"
        # Two years apart at least: otherwise the birthdays of brothers would be too close to be believed.
        older = [
            p
            for p in self.pupils
            if year in p.classes and abs(class_grade(p.classes[year]) - grade) > 1 and p.name.patronymic
        ]
        family = older[int(rng.integers(len(older)))].name if older and rng.random() < 0.13 else None
        # Two namesakes in one class would make «Иванов И.И.» ambiguous; a school then writes more of the name.
        for name in self._names(sex, family):
            if name.short not in taken and name.initials not in taken and name.full not in self._full:
                break
        self._full.add(name.full)
        start = date(year - grade - 6, 9, 1)
        birth = start + timedelta(days=int(rng.integers(-120, 245)))
        index = len(self.pupils)
        pupil = Pupil(index, name, sex, birth, f"{name.last[0].replace('Ё', 'Е')}-{index + 101}", {year: class_name})
        if when:
            pupil.arrived[year] = (when, _FROM[int(rng.integers(len(_FROM)))])
        self.pupils.append(pupil)
        return pupil

    def _names(self, sex: str, family: Name | None) -> Iterator[Name]:
        for attempt in range(1000):
            yield draw(self._people, sex, family=family if attempt < 8 else None)

    def _promote(self, year: int, rng: np.random.Generator) -> None:
        design, before = self.design, year - 1
        end = self.calendars[before].year.end
        staying = [p for p in self.pupils if before in p.classes and p.left is None]
        ninth = [p for p in staying if class_grade(p.classes[before]) == 9]
        order = list(rng.permutation(len(ninth)))
        seats = [letter for letter, size in zip(design.letters, design.tenth, strict=True) for _ in range(size)]
        tenth = {ninth[i].index: seat for i, seat in zip(order, seats, strict=False)}
        movable = [p for p in staying if class_grade(p.classes[before]) not in (9, 11)]
        gone = {movable[int(i)].index for i in rng.permutation(len(movable))[: design.summer_departures]}
        held = self._held_back(movable, before, gone)
        for pupil in staying:
            grade, letter = class_grade(pupil.classes[before]), pupil.classes[before][-1]
            if grade == 11 or pupil.index in gone or (grade == 9 and pupil.index not in tenth):
                self._leave_in_summer(pupil, grade, end, rng)
                continue
            if pupil.index == held:
                pupil.repeats.add(year)
                pupil.classes[year] = pupil.classes[before]
            else:
                pupil.classes[year] = f"{grade + 1}{tenth.get(pupil.index, letter)}"
        for letter, size in zip(design.letters, design.entrants, strict=True):
            for _ in range(size):
                self._enrol(year, f"1{letter}")
        for _ in range(design.summer_arrivals):
            name = f"{int(rng.integers(2, 10))}{design.letters[int(rng.integers(len(design.letters)))]}"
            self._enrol(year, name, when=date(year, 8, int(rng.integers(18, 30))))

    def _held_back(self, movable: list[Pupil], year: int, gone: set[int]) -> int:
        wanted = f"{self.design.repeater.grade}{self.design.repeater.letter}"
        return next(p.index for p in movable if p.classes[year] == wanted and p.index not in gone and p.sex == "м")

    @staticmethod
    def _leave_in_summer(pupil: Pupil, grade: int, end: date, rng: np.random.Generator) -> None:
        pupil.left = end + timedelta(days=int(rng.integers(20, 60)))
        pupil.left_to = {9: COLLEGES[int(rng.integers(len(COLLEGES)))], 11: "окончание школы"}.get(grade, _TO[0])

    def _move(self, year: int, span: Span, rng: np.random.Generator) -> None:
        days = [span.start + timedelta(days=i) for i in range(3, (span.end - span.start).days - 3)]
        working = [day for day in days if day.weekday() < 5]
        for _ in range(int(rng.poisson(self.design.departures_per_term))):
            day = working[int(rng.integers(len(working)))]
            on_roll = [p for p in self.pupils if p.on_roll(year, day) and p.left is None and not p.arrived]
            # Pupils of the last grades stay: nobody changes school before the final examinations.
            free = [p for p in on_roll if class_grade(p.classes[year]) not in (9, 11)]
            pupil = free[int(rng.integers(len(free)))]
            pupil.left, pupil.left_to = day, _TO[int(rng.integers(len(_TO)))]
        for _ in range(int(rng.poisson(self.design.arrivals_per_term))):
            name = f"{int(rng.integers(1, 11))}{self.design.letters[int(rng.integers(len(self.design.letters)))]}"
            self._enrol(year, name, when=working[int(rng.integers(len(working) // 2))])


def sort_key(text: str) -> str:
    """Alphabetical order with «ё» beside «е», the same on every machine whatever its locale."""
    return text.casefold().replace("ё", "е")
