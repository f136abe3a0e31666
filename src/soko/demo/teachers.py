"""Teachers beside the staff list: rates by subject, visited lessons, and what they do for their profession."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from soko.cohorts import class_grade
from soko.demo.design import stream
from soko.demo.grid import Value
from soko.demo.listing import Listing, yes
from soko.demo.moment import Moment
from soko.demo.monitoring import load_monitoring
from soko.demo.staff import Employee

_RATE = 18  # hours a week of a full rate
_VISITED = 12
_PEDAGOGUES = ("педагогический", "руководящий", "административно-хозяйственный")
MORE_HEADER: list[Value] = [
    "Группа персонала", "Внешний совместитель", "Педагогический стаж", "Тема КПК", "Часы КПК", "КПК по ФГОС",
    "Применяет ИКТ на уроках", "Педагогические технологии", "Выступлений на РМО", "Профессиональный конкурс",
    "Результат профессионального конкурса", "Экспертная деятельность", "Дней болезни",
]  # fmt: skip


def staffing(moment: Moment) -> Listing:
    """Rates by subject of the curriculum; physics has a vacancy, a part of informatics is taught by others."""
    hours: dict[str, int] = defaultdict(int)
    teachers: dict[str, set[int]] = defaultdict(set)
    for (year, name), lessons in moment.school.staff.lessons.items():
        if year == moment.year:
            for lesson in lessons:
                hours[lesson.subject.title] += int(lesson.subject.hours[class_grade(name)])
                teachers[lesson.subject.title].add(lesson.teacher.index)
    rows: list[list[Value]] = []
    for title, total in hours.items():
        planned = round(total / _RATE, 2)
        filled = planned - 0.5 if title == "Физика" else planned
        qualified = filled - 0.4 if title == "Информатика" else filled
        rows.append(
            [title, planned, round(filled, 2), round(qualified, 2), len(teachers[title]), date(moment.year, 9, 1)]
        )
    header = ["Предмет учебного плана", "Ставок по учебному плану", "Ставок занято", "Ставок занято по специальности",
              "Учителей", "На дату"]  # fmt: skip
    title = f"Укомплектованность педагогическими кадрами, {moment.year}/{moment.year + 1} учебный год"
    return Listing("staffing", "Укомплектованность.xlsx", title, header, rows)


def lesson_visits(moment: Moment) -> Listing:
    """Lessons that the heads of the school saw; a row a lesson and criterion."""
    rng, things = moment.rng("lessons", moment.year), moment.things
    taught = [
        (name, lesson)
        for name in moment.school.roster.class_names(moment.year)
        for lesson in moment.school.staff.lessons[moment.year, name]
        if not lesson.teacher.posts
    ]
    chosen = [taught[int(i)] for i in rng.permutation(len(taught))[:_VISITED]]
    rows: list[list[Value]] = []
    for at, (name, lesson) in enumerate(chosen):
        level = 2.2 + 0.25 * (lesson.teacher.category in ("высшая", "первая"))
        day = moment.day(0.1 + 0.07 * at)
        visitor = ("заместитель директора по УВР", "заместитель директора по методической работе")[at % 2]
        technology, ict = things.technologies[at % len(things.technologies)], yes(at % 4 != 3)
        for criterion in things.lesson_criteria:
            score = min(3, max(0, round(level + float(rng.normal(0, 0.5)))))
            rows.append(
                [lesson.teacher.name.full, name, lesson.subject.title, day, visitor, criterion, score, 3, technology,
                 ict]
            )  # fmt: skip
    header = ["ФИО учителя", "Класс", "Предмет", "Дата посещения", "Посетил", "Критерий оценки урока",
              "Оценка по критерию", "Макс. балл", "Технология", "ИКТ"]  # fmt: skip
    return Listing("lesson_visits", "Посещение уроков.xlsx", "Листы посещения уроков", header, rows)


def development(person: Employee, year: int, seed: int, end: date) -> list[Value]:
    """The further columns of the staff list in the last quarter; a person's habits stay, what he did is of the year."""
    things = load_monitoring()
    habits, now = stream(seed, "development", person.index), stream(seed, "development", person.index, year)
    modern, keen = habits.random() < 0.82, habits.random()
    years = (end - person.began).days / 365.25
    teaching = max(0, int(years) - (int(habits.integers(1, 6)) if habits.random() < 0.2 else 0))
    topic = things.training_topics[int(habits.integers(len(things.training_topics)))]
    level, result = _contest(keen, float(now.random()), int(now.integers(4)))
    leads = any(post.startswith(("директор", "заместитель")) for post in person.posts)
    expert = ("эксперт ГИА", "жюри", "аттестационная комиссия")[person.index % 3]
    return [
        _PEDAGOGUES[int(leads)],
        yes(person.index % 19 == 11),
        teaching,
        topic,
        (72, 36, 108, 16)[person.index % 4],
        yes("ФГОС" in topic or person.index % 3 == 0),
        yes(bool(habits.random() < 0.9)),
        things.technologies[person.index % len(things.technologies)] if modern else None,
        int(now.integers(1, 3)) if keen > 0.6 else 0,
        level,
        result,
        expert if keen > 0.72 and person.category in ("высшая", "первая") else "нет",
        int(now.poisson(4)),
    ]


def support_rows(taken: int, width: int) -> list[list[Value]]:
    """Rows of the workers who do not teach; ``width`` columns stand before the group of personnel."""
    rows: list[list[Value]] = []
    for at, person in enumerate(load_monitoring().support, start=taken + 1):
        row: list[Value] = [at, f"{at:04d}", person.name, date(person.born, 3, 4 + at % 20), person.post]
        rows.append([*row, *[None] * (width - len(row)), person.group, "нет"])
    return rows


def _contest(keen: float, chance: float, result: int) -> tuple[str | None, str | None]:
    """Level and result of a professional contest: a few a year."""
    if chance > 0.08 + 0.2 * (keen > 0.5):
        return None, None
    return ("муниципальный", "школьный", "региональный")[result % 3], ("участник", "призёр", "победитель", "участник")[
        result
    ]
