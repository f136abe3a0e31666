"""A school of seven pupils with every table of the regulation, small enough to count by hand. All of it is invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from clean_workspace import marks, pupil

Rows = list[dict[str, Any]]


def _rows(names: str, *values: tuple[Any, ...]) -> Rows:
    return [dict(zip(names.split(), row, strict=True)) for row in values]


PUPILS: Rows = [
    pupil("p1", "7А", "м", repeater=False, age=14),
    pupil("p2", "7А", "ж", repeater=True, age=14, moved_from="7Б", moved_on=date(2025, 11, 10)),
    pupil("p3", "9А", "м", repeater=None, age=15),
    pupil("p4", "9А", "ж", repeater=None, age=15),
    pupil("p5", "11А", "ж", repeater=None, age=17),
    pupil("p6", "4А", "м", repeater=None, age=10),
    pupil("p7", "1А", "м", repeater=None, age=7),
    pupil("p0", "7А", "м", repeater=True, age=14, left_on=date(2025, 10, 1)),  # gone: counted nowhere
]
_MARKS = {"p1": "5 4", "p2": "3 4", "p3": "5 5", "p4": "2 3", "p5": "4 4", "p6": "4 5"}

ATTENDANCE = _rows(
    "pupil_id class lessons_missed lessons_missed_illness lessons_missed_unexcused",
    ("p1", "7А", 10, 4, 6),
    ("p2", "7А", 2, 72, 0),  # nobody knows which number is wrong: in no share by reason
    ("p3", "9А", 20, None, None),
    ("p0", "7А", 50, 50, 0),
)
CONTESTS = _rows(
    "pupil_id class event kind event_level result",
    ("p1", "7А", "ВсОШ", "предметная олимпиада", "муниципальный", "победитель"),
    ("p1", "7А", "Забег", "соревнование", "школьный", "участник"),
    ("p3", "9А", "ВсОШ", "предметная олимпиада", "региональный", "призёр"),
    ("p6", "4А", "ВсОШ", "предметная олимпиада", "муниципальный", "участник"),  # no grade of the municipal stage
    ("p4", "9А", "Шаг", "научно-практическая конференция", "школьный", "участник"),
    ("p5", "11А", "Эссе", "конкурс", "всероссийский", "призёр"),
    ("p5", "11А", "Эссе 2", "конкурс", "международный", "участник"),
    ("p0", "7А", "Эссе", "конкурс", "всероссийский", "призёр"),
)
REGISTERS = _rows(
    "pupil_id class register registered_on removed_on offences crimes",
    ("p2", "7А", "ОПДН", date(2025, 10, 1), None, 2, 0),
    ("p2", "7А", "КДН", date(2025, 10, 5), None, 1, None),  # the same pupil and the same offences once more
    ("p4", "9А", "внутришкольный", date(2025, 3, 1), date(2026, 2, 1), None, None),
    ("p1", "7А", "внутришкольный", date(2025, 5, 1), None, None, None),
)
ACTIVITIES = _rows(
    "pupil_id class activity kind direction programme_id",
    ("p1", "7А", "Роботы", "дополнительное образование", "интеллектуальное", "Д1"),
    ("p1", "7А", "Футбол", "спортивная секция", "спортивно-оздоровительное", None),
    ("p2", "7А", "Кружок", "внеурочная деятельность", "интеллектуальное", None),
    ("p6", "4А", "Отряд", "волонтёрство", "социальное", None),
)
HEALTH = _rows(
    "pupil_id class age health_group pe_group deviation_at_entry deviation_now sport section illness_cases"
    " illness_days hot_meals",
    ("p1", "7А", None, "I", "основная", True, False, True, None, 0, 0, True),
    ("p2", "7А", 14, "II", "подготовительная", True, True, False, "плавание", 2, 9, False),
    ("p3", "9А", 15, "III", "специальная А", False, True, True, "нет", 1, 4, None),
    ("p6", "4А", 10, None, "освобождён", None, None, None, None, None, None, True),
)
GRADUATES = _rows(
    "pupil_id class certificate honours destination by_profile state_funded",
    ("p3", "9А", True, "аттестат с отличием", "10 класс", None, None),
    ("p4", "9А", False, None, "СПО", None, None),
    ("p8", "9А", None, "нет", None, None, None),
    ("p5", "11А", True, "медаль I степени", "вуз", True, False),
    ("p9", "11А", True, None, "не работает и не учится", None, None),
)
_FINE = "участвовал"
EXAMS = _rows(
    "pupil_id class exam subject exam_level stage held_on status mark term_mark score minimum primary_score"
    " max_primary",
    ("p3", "9А", "ОГЭ", "Русский язык", None, "основной", None, _FINE, "5", "5", None, None, 30, 33),
    ("p3", "9А", "ОГЭ", "Математика", None, "основной", None, _FINE, "4", "5", None, None, 18, 31),
    ("p4", "9А", "ОГЭ", "Русский язык", None, "основной", None, _FINE, "3", "2", None, None, 20, 33),
    # A «2» of June and a «3» of September: the last counts, but not before the autumn retake.
    ("p4", "9А", "ОГЭ", "Математика", None, "дополнительный", date(2026, 9, 5), _FINE, "3", "3", None, None, 10, 31),
    ("p4", "9А", "ОГЭ", "Математика", None, "основной", date(2026, 6, 3), _FINE, "2", "3", None, None, 5, 31),
    ("p8", "9А", "ГВЭ-9", "Математика", None, "основной", None, _FINE, "2", None, None, None, None, None),
    ("p8", "9А", "ОГЭ", "Русский язык", None, "основной", None, "отсутствовал", None, None, None, None, None, None),
    ("p5", "11А", "ЕГЭ", "Русский язык", None, None, None, None, None, None, 85, 24, None, None),
    # «2» in one mathematics and a pass in the other: the certificate is given.
    ("p5", "11А", "ЕГЭ", "Математика", "профильный", None, None, None, None, None, 20, 27, None, None),
    ("p5", "11А", "ЕГЭ", "Математика", "базовый", None, None, None, "4", None, None, None, None, None),
    ("p9", "11А", "ЕГЭ", "Русский язык", None, None, None, None, None, None, 20, 24, None, None),
    ("p9", "11А", "ЕГЭ", "Математика", "базовый", None, None, None, "2", None, None, None, None, None),
    ("p9", "11А", "ЕГЭ", "Физика", None, None, None, None, None, None, 100, None, None, None),
    ("p6", "4А", "региональное исследование", "Математика", None, None, None, None, "4", None, 60, None, 15, 20),
    ("p1", "7А", "региональное исследование", "Русский язык", None, None, None, None, "3", None, 40, None, 10, 20),
    ("p6", "4А", "ВПР", "Математика", None, None, None, None, "5", "4", None, None, 18, 20),
    ("p1", "7А", "ВПР", "Математика", None, None, None, None, "3", "4", None, None, 10, 20),
    (None, "7А", "ВПР", "Математика", None, None, None, None, "2", "н/а", None, None, None, 20),
    ("p6", "4А", "мониторинг 4 класса", "Русский язык", None, None, None, None, "4", "4", None, None, 20, 30),
    ("p2", "7А", "диагностическая работа", "Алгебра", None, None, None, None, "3", "3", None, None, 6, 12),
)
DIAGNOSTICS = _rows(
    "pupil_id class study instrument stage scale result_level",
    ("p7", "1А", "адаптация 1 класса", None, "входная", None, "адаптация"),
    ("p7", "1А", "тревожность", None, None, None, "высокий"),
    ("p7", "1А", "готовность к школе", "Карта", "входная", None, "низкий"),
    ("p7", "1А", "готовность к школе", "Карта", "итоговая", None, "средний"),
    ("p1", "7А", "уровень воспитанности", None, "входная", "труд", "высокий"),
    ("p1", "7А", "уровень воспитанности", None, "итоговая", "труд", "высокий"),
    ("p1", "7А", "уровень воспитанности", None, "итоговая", "учёба", "средний"),
    ("p2", "7А", "уровень воспитанности", None, "итоговая", "труд", "низкий"),
)
_STAFF = (
    "staff_id staff_group external position education category age teaching_years training_date training_fgos ict"
    " technologies talks contest_level contest_result expert_role category_date illness_days"
)
_T1 = (
    "высшее педагогическое", "высшая", 60, 35, date(2025, 1, 10), True, True, "проектная", 2, "муниципальный",
    "участник", "жюри", date(2021, 5, 26),
)  # fmt: skip
STAFF = _rows(
    _STAFF,
    ("t1", "педагогический", False, "учитель математики", *_T1, 3),
    ("t1", "педагогический", False, "учитель физики", *_T1, 5),  # the same person
    ("t2", "педагогический", None, "учитель", "среднее профессиональное педагогическое", "первая", 25, 3,
     date(2022, 1, 10), False, False, "нет", 0, None, None, "нет", date(2022, 5, 26), None),
    ("t3", "педагогический", False, "педагог-психолог", "высшее", "СЗД", 40, 10, None, None, None, None, None,
     None, None, None, None, 2),
    ("t4", "педагогический", True, "учитель", *_T1, 10),  # comes from another school
    ("t5", "руководящий", False, "директор", None, None, 50, 20, date(2024, 1, 1), True, None, None, None,
     None, None, "жюри", None, None),  # no pedagogue
    ("t6", "административно-хозяйственный", False, "завхоз", None, None, 50, None, None, None, None, None,
     None, None, None, None, None, 4),
    ("t7", "иной", False, "сторож", None, None, 50, None, date(2025, 1, 1), True, None, None, None,
     None, None, None, None, None),
)  # fmt: skip
_DAY = date(2026, 4, 1)
LESSONS = _rows(
    "staff_id class subject visited_on criterion score max_score technology ict",
    ("t1", "7А", "Алгебра", _DAY, "Цель", 3, 5, "проект", True),
    ("t1", "7А", "Алгебра", _DAY, "Итог", 4, 5, None, True),
    ("t2", "9А", "Алгебра", _DAY, "Цель", 2, 5, None, False),
)
STAFFING = _rows(
    "subject rates_planned rates_filled rates_qualified",
    ("Математика", 4, 5, 3),  # above the plan: it does not make up for physics
    ("Физика", 2, 1, 1),
    ("Труд", 1, None, None),
)
CONDITIONS = _rows(
    "area item place number norm flag violations violations_fixed valid_until",
    ("санитарные требования", "Освещённость", None, 412, 300, None, 0, None, None),
    ("санитарные требования", "Мебель по росту", None, 92, 100, None, None, None, None),
    ("санитарные требования", "Проверка", None, None, None, True, 2, 1, None),
    ("питание", "Столовая для горячего питания", None, None, None, True, None, None, None),
    ("медицинский кабинет", "Лицензия на медицинскую деятельность", None, None, None, True, None, None, None),
    ("информатизация", "Скорость доступа в Интернет", None, 100, None, None, None, None, None),
    ("информатизация", "Компьютеры для обучающихся", None, 14, None, None, None, None, None),
    ("лицензия и аккредитация", "Лицензия", None, None, None, True, None, None, None),
    ("кабинеты", "Оснащённость", "физика", 84, 100, None, None, None, None),
    ("кабинеты", "Оснащённость", "химия", 120, 100, None, None, None, None),
    ("безопасность", "Договор охраны", None, None, None, None, None, None, date(2026, 8, 23)),
    ("безопасность", "Паспорт", None, None, None, None, None, None, date(2026, 5, 25)),
)
PROGRAMMES = _rows(
    "programme_id name direction compliant places enrolled",
    ("Д1", "Роботы", "техническая", True, 10, 8),
    ("Д2", "Хор", "художественная", False, None, 5),
)
PARENTS = _rows(
    "class families participating council meetings attendance",
    ("7А", 20, 10, 2, 3, 30),
    ("9А", 10, None, None, 2, None),
    ("4А", 5, 6, None, 1, 6),  # a part over the whole: in no share until it is put right
)
SURVEYS = _rows(
    "survey audience respondent class question theme answer score",
    ("Анкета", "родители", "1", "7А", "Довольны?", "удовлетворённость", None, 1),
    ("Анкета", "родители", "2", "7А", "Довольны?", "удовлетворённость", None, 0.5),
    ("Анкета", "родители", "3", "7А", "Довольны?", "удовлетворённость", None, 4),  # outside of the scale
    ("Анкета", "родители", "1", "7А", "Открыто?", "открытость", None, 0.25),
)
SELF_GOVERNMENT = _rows(
    "body scope class plan members meetings decisions executed",
    ("Совет", "школьный", None, True, 10, 4, 5, 4),
    ("Совет класса", "классный", "7А", None, 5, 2, None, None),
)
EXPERTS = _rows(
    "object criterion expert score max_score weight",
    ("безопасность", "Пути", "1", 4, 5, 2),
    ("безопасность", "Журнал", "1", 3, 5, None),
    ("безопасность", "Журнал", "2", 6, 5, None),
)
_END = date(2025, 12, 31)
FACTS = _rows(
    "code number flag unit as_of",
    ("1.20", 2, None, "чел.", _END),
    ("1.21", 1, None, "чел.", _END),
    ("1.22", 0, None, "чел.", _END),
    ("1.23", 3, None, "чел.", _END),
    ("2.1", 9, None, "ед.", date(2024, 12, 31)),
    ("2.1", 2, None, "ед.", _END),
    ("2.1", 11, None, "ед.", date(2026, 12, 31)),  # after the period
    ("2.2.", 10, None, "экз. на одного учащегося", _END),
    ("2.3", None, True, None, _END),
    ("2.4", None, True, None, _END),
    ("2.4.1", None, True, None, _END),
    ("2.4.2", None, False, None, _END),
    ("2.4.3", None, True, None, _END),
    ("2.4.4", None, True, None, _END),
    ("2.4.5", None, False, None, _END),
    ("2.5", 7, None, "чел.", _END),
    ("2.6", 5, None, "кв. м", _END),
)

TABLES: dict[str, Rows] = {
    "pupils": PUPILS,
    "marks": [mark for name, text in _MARKS.items() for mark in marks(name, text)],
    "attendance": ATTENDANCE,
    "contests": CONTESTS,
    "registers": REGISTERS,
    "activities": ACTIVITIES,
    "health": HEALTH,
    "graduates": GRADUATES,
    "exams": EXAMS,
    "diagnostics": DIAGNOSTICS,
    "staff": STAFF,
    "lesson_visits": LESSONS,
    "staffing": STAFFING,
    "conditions": CONDITIONS,
    "programmes": PROGRAMMES,
    "parents": PARENTS,
    "surveys": SURVEYS,
    "self_government": SELF_GOVERNMENT,
    "expert_scores": EXPERTS,
    "facts": FACTS,
}
