"""Conditions, expert scores and the quantities of order 1324: what the heads of the school write down once a year."""

from __future__ import annotations

from datetime import date

from soko.demo.grid import Value
from soko.demo.listing import Listing, yes
from soko.demo.moment import Moment
from soko.demo.monitoring import Condition

_EXPERTS = ("заместитель директора по ВР", "руководитель ШМО", "представитель родителей")
_POSTS = {"библиотека": "педагог-библиотекарь", "медицинский кабинет": "медицинский работник",
          "информатизация": "учитель информатики", "воспитательная работа": "заместитель директора по ВР"}  # fmt: skip
_GROWTH = 0.97  # of a number that counts things, a year before


def number_of(moment: Moment, condition: Condition) -> float | None:
    """The number of this year: things were fewer the year before, shares were a little lower."""
    if condition.number is None or condition.unit not in ("ед.", "экз.", "%"):
        return condition.number
    years = moment.school.design.first_year + moment.school.design.years - 1 - moment.year
    return condition.number if condition.number == 100 else float(round(condition.number * _GROWTH**years))


def conditions(moment: Moment) -> Listing:
    """A row a thing that was looked at; documents expire by the calendar year after next."""
    checked = moment.day(0.5)
    rows: list[list[Value]] = []
    for thing in moment.things.conditions:
        number, broken = number_of(moment, thing), thing.violations
        fixed = None if broken is None else max(0, broken - (thing.item.startswith("Проверка") and moment.year % 2))
        rows.append(
            [
                thing.area, thing.item, thing.place or None, number, None if thing.flag is None else yes(thing.flag),
                thing.norm, thing.unit or None, thing.document or None, checked,
                date(moment.year + 1, *thing.valid) if thing.valid else None, broken, fixed,
                _POSTS.get(thing.area, "заместитель директора по АХР"),
            ]
        )  # fmt: skip
    header = ["Раздел условий", "Показатель условий", "Помещение", "Значение", "Есть (да/нет)", "Норма", "Единица",
              "Документ", "Дата проверки", "Срок действия", "Предписаний", "Предписаний исполнено",
              "Ответственный (должность)"]  # fmt: skip
    return Listing("conditions", "Условия.xlsx", f"Условия обучения на {moment.end:%d.%m.%Y}", header, rows)


def schools(moment: Moment) -> Listing:
    """The one line about the school itself."""
    school = moment.school.params.school
    place = school.place.removeprefix("г. ")
    row: list[Value] = [school.id, school.name_full, school.name_short, f"городской округ {place}", "город", 550, 1]
    header = ["Код ОО", "Полное наименование", "Краткое наименование", "Муниципалитет", "Местность",
              "Проектная мощность", "Число смен"]  # fmt: skip
    return Listing("schools", "Сведения о школе.csv", "Сведения о школе", header, [row])


def expert_scores(moment: Moment) -> Listing:
    """Three experts, 0–5 points a criterion."""
    rows: list[list[Value]] = []
    for at, (thing, criteria) in enumerate(moment.things.experts.items()):
        for k, criterion in enumerate(criteria):
            rng = moment.rng("experts", moment.year, at, k)
            usual = 4.1 - 0.35 * (at % 3) + 0.1 * (moment.year - moment.school.design.first_year)
            for expert in _EXPERTS:
                score = min(5, max(1, round(usual + float(rng.normal(0, 0.6)))))
                rows.append([thing, criterion, expert, score, 5, 2 if k == 0 else 1, moment.day(0.7)])
    header = ["Объект оценки", "Критерий оценки", "Эксперт", "Оценка эксперта", "Максимальный балл", "Вес критерия",
              "Дата оценки"]  # fmt: skip
    return Listing("expert_scores", "Экспертные оценки.xlsx", "Экспертные оценки", header, rows)


def facts(moment: Moment) -> Listing:
    """Quantities of order 1324 that are counted nowhere else; those of the conditions are for one pupil, as it asks."""
    known = {thing.item: thing for thing in moment.things.conditions}
    everybody = len(moment.everybody)
    rows: list[list[Value]] = []
    for fact in moment.things.facts:
        number: float | None = fact.number
        flag, document = fact.flag, "приказ директора"
        if fact.grades:
            number, document = len(moment.pupils(*fact.grades)), "список обучающихся"
        elif fact.item:
            total, flag, document = number_of(moment, known[fact.item]), known[fact.item].flag, "условия обучения"
            number = None if total is None else round(total / everybody, 2)
        share = round(100 * number / everybody, 1) if fact.share and number is not None else None
        rows.append(
            [fact.code, fact.name, number, share, None if flag is None else yes(flag), fact.unit or None, moment.end,
             "директор", document]
        )  # fmt: skip
    header = ["Номер показателя", "Наименование показателя", "Значение", "Удельный вес", "Да/нет", "Единица измерения",
              "По состоянию на", "Ответственный", "Источник"]  # fmt: skip
    return Listing("facts", "Сведения 1324.csv", "Сведения для показателей самообследования", header, rows)
