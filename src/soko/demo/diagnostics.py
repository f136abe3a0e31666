"""What the psychologist measures: readiness and adaptation in autumn, anxiety, the level of upbringing in spring."""

from __future__ import annotations

from datetime import date

from soko.demo.grid import Value
from soko.demo.listing import Listing
from soko.demo.moment import Moment
from soko.demo.pupils import Pupil

# Study, instrument, scale, grade, least and most points, usual share of them, sign of ability, steps: least -> level.
_AUTUMN: tuple[tuple[str, str, str, int, int, int, float, float, dict[float, str]], ...] = (
    ("готовность к школе", "Карта готовности", "итог", 1, 0, 30, 0.68, 0.14,
     {0: "низкий", 14: "средний", 22: "высокий"}),
    ("адаптация 1 класса", "Карта наблюдения", "итог", 1, 0, 27, 0.74, 0.12,
     {0: "дезадаптация", 14: "неполная адаптация", 21: "адаптация"}),
    ("тревожность", "Тест Тэммл, Дорки, Амен", "индекс тревожности", 1, 0, 100, 0.38, -0.06,
     {0: "низкий", 20: "средний", 50: "высокий"}),
    ("адаптация 5 класса", "Анкета адаптации", "итог", 5, 0, 27, 0.73, 0.10,
     {0: "дезадаптация", 14: "неполная адаптация", 21: "адаптация"}),
    ("тревожность", "Тест школьной тревожности Филлипса", "общая тревожность в школе", 5, 0, 100, 0.40, -0.08,
     {0: "норма", 51: "повышенный", 76: "высокий"}),
    ("мотивация", "Методика изучения мотивации учения (5 класс)", "итог", 5, 0, 30, 0.66, 0.10,
     {0: "низкий", 15: "средний", 20: "хороший", 25: "высокий"}),
)  # fmt: skip
_UPBRINGING = {0.0: "низкий", 2.9: "средний", 4.0: "хороший", 4.5: "высокий"}
_SPREAD = 0.15


def autumn(moment: Moment) -> Listing:
    """Grades 1 and 5 in the first quarter; a row a pupil and scale."""
    rows: list[list[Value]] = []
    for at, (study, instrument, scale, grade, least, most, usual, slope, levels) in enumerate(_AUTUMN):
        for pupil in moment.pupils(grade, grade):
            rng = moment.rng("diagnostics", pupil.index, moment.year, at)
            share = usual + slope * moment.school.marks.gift(pupil) + float(rng.normal(0, _SPREAD))
            got = round(least + (most - least) * min(1.0, max(0.05, share)))
            held = (
                date(moment.year, 9, 10 + at % 10) if study.startswith("готовность") else date(moment.year, 10, 6 + at)
            )
            rows.append(_row(moment, pupil, (study, instrument, "входная", scale), got, _level(levels, got), held))
    return _listing(f"Диагностика 1 и 5 классов, осень {moment.year} года", rows)


def upbringing(moment: Moment) -> Listing:
    """The level of upbringing by Kapustin's method, grades 5–11 in May: the mean of two marks."""
    rows: list[list[Value]] = []
    for pupil in moment.pupils(5, 11):
        rng = moment.rng("diagnostics", pupil.index, 50)
        later = moment.rng("diagnostics", pupil.index, moment.year, 51)
        value = 3.9 + 0.3 * moment.school.marks.gift(pupil) + float(rng.normal(0, 0.42)) + float(later.normal(0, 0.15))
        got = round(min(5.0, max(2.0, value)), 1)
        about = ("уровень воспитанности", "Методика Н.П. Капустина", "итоговая", "среднее по шести качествам")
        held = date(moment.year + 1, 5, 12 + moment.grade(pupil) % 5)
        rows.append(_row(moment, pupil, about, got, _level(_UPBRINGING, got), held))
    return _listing(f"Уровень воспитанности обучающихся, май {moment.year + 1} года", rows)


def _level(steps: dict[float, str], got: float) -> str:
    return [name for least, name in steps.items() if got >= least][-1]


def _row(
    moment: Moment, pupil: Pupil, about: tuple[str, str, str, str], got: float, level: str, held: date
) -> list[Value]:
    study, instrument, stage, scale = about
    return [pupil.number, moment.class_of(pupil), study, instrument, stage, scale, got, level, held]


def _listing(title: str, rows: list[list[Value]]) -> Listing:
    header = ["№ личного дела", "Класс", "Исследование", "Методика", "Этап", "Шкала", "Балл", "Уровень развития",
              "Дата диагностики"]  # fmt: skip
    return Listing("diagnostics", "Диагностика.xlsx", title, header, rows, "Психолог")
