"""Values of the example row of a form. The people, schools and works in them are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from soko.intake.config import Context
from soko.tables import Column

#: What the first cell of the example row begins with; intake sets such a row aside (soko.intake.lists).
MARK = "Пример:"

_BY_TYPE: dict[str, Any] = {
    "integer": 12,
    "number": 4.5,
    "date": date(2025, 10, 15),
    "boolean": "да",
    "class": "5А",
    "person": "Климова Дарья Андреевна",
    "text": "текст",
}
#: By «table.column» or by column.
_BY_NAME: dict[str, Any] = {
    "pupil_id": "К-017",
    "staff_id": "Т-05",
    "teacher_id": "Т-05",
    "mentor_id": "Т-05",
    "teacher": "Рогова Инна Павловна",
    "mentor": "Рогова Инна Павловна",
    "leader": "Рогова Инна Павловна",
    "class_teacher": "Рогова Инна Павловна",
    "staff.full_name": "Рогова Инна Павловна",
    "lesson_visits.full_name": "Рогова Инна Павловна",
    "birth_date": date(2014, 3, 21),
    "staff.birth_date": date(1984, 3, 21),
    "age": 11,
    "staff.age": 41,
    "arrived_on": date(2025, 9, 1),
    "arrived_from": "МБОУ «СОШ № 2»",
    "left_on": None,
    "left_to": None,
    "moved_on": None,
    "moved_from": None,
    "repeater": "нет",
    "term": "1 четверть",
    "position": "учитель",
    "subjects": "Математика",
    "load_hours": 22,
    "external": "нет",
    "experience_years": 18,
    "teaching_years": 16,
    "training_topic": "Оценивание по обновлённому ФГОС",
    "training_hours": 36,
    "technologies": "проектная деятельность",
    "talks": 2,
    "illness_days": 4,
    "illness_cases": 1,
    "lessons_missed": 12,
    "lessons_missed_illness": 8,
    "lessons_missed_excused": 4,
    "lessons_missed_unexcused": 0,
    "pupils_start": 25,
    "arrived": 1,
    "left": 0,
    "pupils_end": 26,
    "participant_code": "0417",
    "variant": "2",
    "primary_score": 21,
    "max_primary": 32,
    "exams.score": None,
    "minimum": 8,
    "exam_level": None,
    "graduates.class": "9А",
    "exams.class": "9А",
    "destination_name": "МБОУ «СОШ № 2»",
    "event": "Олимпиада школьников по математике",
    "contests.score": 34,
    "contests.max_score": 50,
    "team": "нет",
    "instrument": "Анкета школьной мотивации",
    "scale": "общий балл",
    "diagnostics.score": 21,
    "section": "плавание",
    "removed_on": None,
    "offences": 0,
    "crimes": 0,
    "activity": "Юный математик",
    "programme_id": "П-03",
    "hours": 17,
    "programmes.name": "Юный математик",
    "hours_year": 34,
    "age_from": 11,
    "age_to": 13,
    "remark": None,
    "body": "Совет обучающихся",
    "self_government.class": None,
    "rates_planned": 4.5,
    "rates_filled": 4.5,
    "rates_qualified": 4,
    "area": "кабинеты",
    "item": "Кабинетов физики",
    "conditions.place": "Кабинет 12",
    "conditions.number": 1,
    "norm": 1,
    "conditions.unit": "кабинетов",
    "document": "приказ № 41 от 29.08.2025",
    "valid_until": date(2030, 12, 31),
    "violations": 0,
    "violations_fixed": 0,
    "responsible": "заведующий кабинетом",
    "survey": "Удовлетворённость родителей",
    "respondent": "001",
    "question": "Довольны ли вы организацией питания?",
    "answer": "скорее да",
    "surveys.score": 4,
    "families": 24,
    "participating": 18,
    "council": 2,
    "parents.meetings": 1,
    "parents.attendance": 20,
    "visitor_post": "заместитель директора",
    "lesson_visits.criterion": "Цель урока названа",
    "lesson_visits.score": 2,
    "lesson_visits.max_score": 2,
    "technology": "проблемное обучение",
    "expert_scores.criterion": "Полнота плана",
    "expert": "эксперт 1",
    "expert_scores.score": 4,
    "expert_scores.max_score": 5,
    "weight": 1,
    "code": "1.1",
    "facts.name": "Общая численность учащихся",
    "facts.number": 612,
    "facts.unit": "человек",
    "percent": None,
    "flag": None,
    "conditions.flag": "да",
    "facts.responsible": "секретарь школы",
    "facts.document": "форма № ОО-1",
    "schools.name": "МБОУ «Средняя школа № 1»",
    "name_short": "Школа № 1",
    "municipality": "г. Светлый",
    "capacity": 800,
    "shifts": 1,
}


def of(table: str, column: Column, context: Context) -> Any:
    """The example for a column; None where the row of the example rightly leaves it empty."""
    for name in (f"{table}.{column.name}", column.name):
        if name in _BY_NAME:
            return _BY_NAME[name]
    if column.name == "school_id":
        return context.params.school.id if column.required else None
    if column.values:
        return column.values[0]
    if column.type == "subject":
        return next((item.title for item in context.subjects.subjects if item.title == "Математика"), None)
    return _BY_TYPE.get(column.type)
