"""Who does what after lessons, and the programmes of additional education. What is enrolled is what the lists count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from soko.demo.grid import Value
from soko.demo.listing import Listing, yes
from soko.demo.moment import Moment
from soko.demo.monitoring import Occupation, Programme
from soko.demo.pupils import Pupil

# How many occupations a pupil has: none, one, two, three.
_NUMBER = (0.17, 0.44, 0.28, 0.11)
_LATER = 0.12  # comes only in the second half of the year
_QUARTER = 0.25  # of the hours of the year


@dataclass(frozen=True)
class Doing:
    """One occupation of a pupil."""

    pupil: Pupil
    thing: Programme | Occupation

    @property
    def kind(self) -> str:
        """As the table of occupations calls it."""
        if isinstance(self.thing, Occupation):
            return self.thing.kind
        return "спортивная секция" if self.thing.sport else "дополнительное образование"

    @property
    def code(self) -> str:
        """Code of the school's programme; empty for other occupations."""
        return self.thing.code if isinstance(self.thing, Programme) else ""


def doings(moment: Moment) -> list[Doing]:
    """Everybody's occupations in the order of the roll; a pupil keeps most of his through the year and beyond."""
    return [doing for pupil in moment.everybody for doing in doings_of(moment, pupil)]


def doings_of(moment: Moment, pupil: Pupil) -> list[Doing]:
    """The occupations of one pupil."""
    grade = moment.grade(pupil)
    things: list[tuple[float, Programme | Occupation]] = []
    # The taste is the pupil's own and stays; so what he liked last year he likes this year.
    taste = moment.rng("activities", pupil.index)
    offered: list[Programme | Occupation] = [*moment.things.programmes, *moment.things.occupations]
    for thing in offered:
        liking, weight = float(taste.random()), thing.weight if isinstance(thing, Occupation) else 1.0
        if thing.grades[0] <= grade <= thing.grades[1]:
            things.append((-(liking ** (1 / weight)), thing))
    rng = moment.rng("activities", pupil.index, moment.year)
    number = int(rng.choice(4, p=_NUMBER))
    late = bool(rng.random() < _LATER)
    if late and moment.code in ("q1", "q2"):
        number = max(0, number - 1)
    return [Doing(pupil, thing) for _, thing in sorted(things, key=lambda item: item[0])[:number]]


def activities(moment: Moment) -> Listing:
    """A row a pupil and occupation."""
    rows: list[list[Value]] = [
        [
            doing.pupil.number, moment.class_of(doing.pupil), doing.thing.name, doing.kind, doing.thing.work,
            doing.code or None, getattr(doing.thing, "place", "в школе"),
            round(doing.thing.hours * _QUARTER),
        ]
        for doing in doings(moment)
    ]  # fmt: skip
    header = ["№ личного дела", "Класс", "Объединение", "Вид занятости", "Направление", "Код программы",
              "Где занимается", "Часов за период"]  # fmt: skip
    title = f"Занятость обучающихся во внеурочное время на {moment.end:%d.%m.%Y}"
    return Listing("activities", "Занятость.ods" if moment.code == "q1" else "Занятость.xlsx", title, header, rows)


def programmes(moment: Moment) -> Listing:
    """A row a programme; a handful lack something the rules ask."""
    enrolled = Counter(doing.code for doing in doings(moment))
    rows: list[list[Value]] = []
    for at, thing in enumerate(moment.things.programmes):
        bad = at == 1 and moment.year == moment.school.design.first_year
        rows.append(
            [
                thing.code, thing.name, thing.direction, thing.grades[0] + 6, min(thing.grades[1] + 7, 18), thing.hours,
                thing.places, enrolled[thing.code], date(moment.year, 8, 29), yes(not bad),
                "нет раздела «Оценочные материалы»" if bad else None, moment.teacher(thing.kind, at).name.initials,
            ]
        )  # fmt: skip
    header = ["Код программы", "Название программы", "Направленность", "Возраст от", "Возраст до", "Часов в год",
              "Мест по плану", "Зачислено", "Дата утверждения", "Соответствие", "Замечание",
              "Руководитель"]  # fmt: skip
    suffix = "csv" if moment.code == "q1" else "xlsx"
    return Listing("programmes", f"Программы ДО.{suffix}", "Программы дополнительного образования", header, rows)


def sport_of(moment: Moment, pupil: Pupil) -> str:
    """The name of the pupil's sports section, or nothing; the list of health and the list of occupations agree."""
    return next((doing.thing.name for doing in doings_of(moment, pupil) if doing.thing.sport), "")
