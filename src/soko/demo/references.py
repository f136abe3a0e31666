"""Values of the town, the region and the country that the statistics of ВПР, ОГЭ and ЕГЭ give beside the school's."""

from __future__ import annotations

from datetime import date

from soko.demo.grid import Value
from soko.demo.listing import Listing
from soko.demo.moment import Moment

HEADER = ["Показатель для сравнения", "Предмет", "Параллель", "Учебный год", "Территория", "Название территории",
          "Участников", "Числитель", "Значение территории", "Единица значения", "Источник значения",
          "Дата источника"]  # fmt: skip
# Territory, how many pupils for one of the school, how far from the usual share, whether the report prints counts.
_TERRITORIES = (("муниципалитет", 9, 0.01, True), ("регион", 260, 0.0, True), ("страна", 21000, -0.01, False))
_USUAL = {4: 0.66, 5: 0.52, 6: 0.46, 7: 0.43, 8: 0.41}
_HARDER = {"Математика": -0.02, "Физика": -0.03, "Окружающий мир": 0.08, "История": 0.02, "Биология": 0.01}
_MARKS = {"Русский язык": 4.05, "Математика": 3.72}
_SCORES = {"Русский язык": 63.2, "Математика": 58.4}


def of_works(moment: Moment) -> Listing:
    """Quality of the works of ВПР: towns and regions with counts, the country as a per cent."""
    year, rows = f"{moment.year}/{moment.year + 1}", []
    for at, work in enumerate(moment.things.vpr):
        usual = _USUAL.get(work.grade, 0.45) + _HARDER.get(work.subject, 0.0)
        for k, (scope, times, shift, counted) in enumerate(_TERRITORIES):
            share = usual + shift + float(moment.rng("references", moment.year, at, k).normal(0, 0.015))
            taken = times * 50 + 7 * at
            row: list[Value] = [
                "Качество результатов, ВПР", work.subject, work.grade, year, scope, _name(moment, scope),
                taken if counted else None, round(share * taken) if counted else None,
                None if counted else round(100 * share, 1), "%",
                "Статистический отчёт по результатам ВПР", date(moment.year + 1, 5, 22),
            ]  # fmt: skip
            rows.append(row)
    return Listing("reference_values", "Значения для сравнения.csv", "", HEADER, rows)


def of_exams(moment: Moment) -> Listing:
    """Mean mark of ОГЭ and mean score of ЕГЭ in Russian and mathematics."""
    year, rows = f"{moment.year}/{moment.year + 1}", []
    both = (("external.gia9", _MARKS, 2, 0.04), ("external.gia11", _SCORES, 1, 0.8))
    for at, (indicator, usual, digits, spread) in enumerate(both):
        for number, (subject, mean) in enumerate(usual.items()):
            for k, (scope, times, _, counted) in enumerate(_TERRITORIES):
                rng = moment.rng("references", moment.year, 100 + 10 * at + number, k)
                row: list[Value] = [
                    indicator, subject, None, year, scope, _name(moment, scope), times * 40 if counted else None, None,
                    round(mean + float(rng.normal(0, spread)), digits), "балл",
                    "Статистико-аналитический отчёт о результатах ГИА", date(moment.year + 1, 8, 25),
                ]  # fmt: skip
                rows.append(row)
    return Listing("reference_values", "Значения для сравнения, ГИА.csv", "", HEADER, rows)


def _name(moment: Moment, scope: str) -> str:
    place = moment.school.params.school.place.removeprefix("г. ")
    return {"муниципалитет": f"городской округ {place}", "регион": "область", "страна": "Россия"}[scope]
