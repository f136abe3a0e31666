"""Rows without a fault for the tables about the school: conditions, staffing, surveys and the like."""

from __future__ import annotations

from datetime import date
from typing import Any

import rows_people

Rows = list[dict[str, Any]]

FILES: dict[str, str] = {
    "schools": "2025-2026/q2/schools.csv",
    "programmes": "2025-2026/q2/programmes.xlsx",
    "self_government": "2025-2026/q2/self_government.csv",
    "staffing": "2025-2026/q2/staffing.xlsx",
    "conditions": "2025-2026/q2/conditions.csv",
    "surveys": "2025-2026/q2/surveys.csv",
    "parents": "2025-2026/q2/parents.xlsx",
    "lesson_visits": "2025-2026/q2/lesson_visits.csv",
    "expert_scores": "2025-2026/q2/expert_scores.csv",
    "facts": "2025-2026/q2/facts.csv",
    "reference_values": "2025-2026/q2/reference_values.csv",
}
if "activities" not in rows_people.FILES:  # programmes are checked against who goes there
    FILES["activities"] = "2025-2026/q2/activities.csv"
TOTALS = {
    "programmes": ("places", "enrolled"),
    "parents": ("families", "participating", "council", "meetings", "attendance"),
    "staffing": ("rates_planned", "rates_filled", "rates_qualified"),
}
MONDAY, DECEMBER = date(2025, 11, 17), date(2025, 12, 31)

# Of the school of two classes of twelve and six workers: code, number, percent.
FACTS: tuple[tuple[str, float, float | None], ...] = (
    ("1.1", 24, None), ("1.2", 0, None), ("1.3", 24, None), ("1.4", 0, None), ("1.5", 7, 29.2), ("1.6", 4.1, None),
    ("1.10", 0, 0), ("1.11", 0, 0), ("1.14", 0, 0), ("1.18", 12, 50), ("1.19", 5, 20.8), ("1.19.1", 2, 8.3),
    ("1.19.2", 1, 4.2), ("1.19.3", 0, 0), ("1.21", 0, 0), ("1.24", 6, None), ("1.25", 4, 66.7), ("1.26", 3, 50),
    ("1.27", 2, 33.3), ("1.28", 1, 16.7), ("1.29", 4, 66.7), ("1.29.1", 1, 16.7), ("1.29.2", 3, 50),
    ("1.30.1", 1, 16.7), ("1.30.2", 2, 33.3), ("1.31", 1, 16.7), ("1.32", 2, 33.3), ("1.33", 5, 83.3),
    ("1.34", 4, 66.7), ("2.1", 0.5, None), ("2.2", 9.8, None), ("2.5", 24, 100), ("2.6", 6.9, None),
)  # fmt: skip
#: Shares of all pupils, whose number is that of the list.
OF_PUPILS = ("1.5", "1.18", "1.19", "1.19.1", "1.19.2", "2.5")
FLAGS = {"2.3": True, "2.4": True, "2.4.1": True, "2.4.2": False, "2.4.4": True}


def add(tables: dict[str, Rows]) -> None:
    """Add the rows to a school without a fault."""
    _staff(tables["staff"])
    if not tables["activities"]:
        tables["activities"] = [
            {"pupil_id": row["pupil_id"], "class": row["class"], "activity": f"Кружок {i % 5}",
             "kind": "дополнительное образование", "programme_id": f"П-{i % 5}"}
            for i, row in enumerate(tables["pupils"])
        ]  # fmt: skip
    tables["schools"] = [
        {"school_id": None, "name": "МБОУ «СОШ № 1»", "name_short": "СОШ № 1", "municipality": "Город",
         "locality": "город", "capacity": 600, "shifts": 1}
    ]  # fmt: skip
    tables["programmes"] = _programmes(tables["activities"])
    tables["self_government"] = [
        {"body": body, "scope": "классный" if own else "школьный", "class": own, "members": 5, "plan": True,
         "meetings": 3, "decisions": 4, "executed": 2}
        for body, own in (("Актив класса", "5А"), ("Актив класса", "5Б"), ("Редколлегия", "5А"), ("Редколлегия", "5Б"),
                          ("Совет обучающихся", None), ("Пресс-центр", None), ("Волонтёрский отряд", None))
    ]  # fmt: skip
    tables["staffing"] = [
        {"subject": subject, "rates_planned": 2.1, "rates_filled": 2.0, "rates_qualified": 1.5, "teachers": 2,
         "as_of": date(2025, 12, 1)}
        for subject in ("Русский язык", "Математика", "Литература", "История", "География")
    ]  # fmt: skip
    tables["conditions"] = _conditions()
    tables["surveys"] = [
        {"survey": "Мнение о школе", "audience": audience, "respondent": f"{number}", "class": own,
         "question": "Довольны ли вы школой?", "theme": "удовлетворённость", "answer": "да", "score": 0.75,
         "answered_on": MONDAY}
        for number, (audience, own) in enumerate(
            [("родители", "5А"), ("родители", "5Б")] * 2 + [("обучающиеся", "5А"), ("обучающиеся", "5Б")] * 2
        )
    ]  # fmt: skip
    tables["parents"] = [
        {"class": name, "families": sum(row["class"] == name for row in tables["pupils"]), "participating": 9,
         "council": 2, "meetings": 2, "attendance": 8}
        for name in dict.fromkeys(row["class"] for row in tables["pupils"])
    ]  # fmt: skip
    for row in tables["parents"]:
        row["participating"] = min(row["participating"], row["families"])
    tables["lesson_visits"] = [
        {"staff_id": teacher, "class": "5А", "subject": subject, "visited_on": MONDAY, "visitor_post": "директор",
         "criterion": f"Критерий {number}", "score": 2.0, "max_score": 3.0, "technology": "проектная", "ict": True}
        for teacher, subject in (("t_0", "Русский язык"), ("t_1", "Математика"))
        for number in range(3)
    ]  # fmt: skip
    tables["expert_scores"] = [
        {"object": "безопасность", "criterion": f"Критерий {number}", "expert": expert, "score": 4.0, "max_score": 5.0,
         "weight": 1.0, "scored_on": date(2025, 12, 1)}
        for expert in ("директор", "специалист")
        for number in range(3)
    ]  # fmt: skip
    tables["facts"] = _facts(tables)
    tables["reference_values"] = [
        {"indicator": indicator, "subject": subject, "parallel": 5, "item": None, "school_year": "2025/2026",
         "scope": scope, "territory": "Область", "numerator": 4100.0, "denominator": 8200.0, "value": 50.0,
         "unit": "%", "source": "Отчёт", "published_on": date(2025, 12, 1)}
        for scope in ("регион", "страна")
        for indicator, subject in (("Качество результатов, ВПР", "Математика"), ("vpr.success", "История"))
    ]  # fmt: skip


def totals(tables: dict[str, Rows]) -> Rows:
    """Totals that the lists print."""
    return [
        {"file": FILES[name], "sheet": "Лист1", "cell": "E99", "class": "", "subject": "", "measure": measure,
         "printed": round(float(sum(row[measure] for row in tables[name])), 1)}
        for name, measures in TOTALS.items()
        for measure in measures
    ]  # fmt: skip


def _staff(rows: Rows) -> None:
    rows += [{**rows[0], "staff_id": f"t_1{i}", "position": "педагог-психолог", "subjects": None} for i in range(2)]
    for row in rows:
        row |= {"age": 40, "staff_group": "педагогический", "external": False, "education": "высшее педагогическое",
                "teaching_years": 10.0, "training_topic": "Современный урок", "training_hours": 72.0,
                "training_fgos": True, "ict": True, "technologies": "проектная", "talks": 1,
                "contest_level": "муниципальный", "contest_result": "участник", "expert_role": "нет",
                "illness_days": 3}  # fmt: skip


def _programmes(activities: Rows) -> Rows:
    groups: dict[str, set[str]] = {f"П-{i}": set() for i in range(5)}
    for row in activities:
        if row.get("programme_id"):
            groups.setdefault(row["programme_id"], set()).add(row["pupil_id"])
    return [
        {"programme_id": code, "name": f"Программа {code}", "direction": "техническая", "age_from": 10, "age_to": 12,
         "hours_year": 68.0, "places": max(15, len(pupils)), "enrolled": len(pupils), "approved_on": date(2025, 8, 29),
         "compliant": True, "remark": None, "staff_id": "t_0"}
        for code, pupils in groups.items()
    ]  # fmt: skip


def _conditions() -> Rows:
    papers = ("Лицензия", "Аккредитация", "Заключение санитарной службы")
    rest: Rows = [
        {"area": "лицензия и аккредитация", "item": item, "place": None, "number": None, "flag": True, "norm": None,
         "unit": None, "document": "№ 1", "checked_on": MONDAY, "valid_until": date(2030, 1, 1), "violations": None,
         "violations_fixed": None, "responsible": "директор"}
        for item in papers
    ]  # fmt: skip
    return rest + [
        {**rest[0], "area": "кабинеты", "item": item, "place": "12", "number": 10.0, "norm": 12.0, "unit": "шт.",
         "document": None, "violations": 2, "violations_fixed": 1, "valid_until": None}
        for item in ("Компьютеры", "Столы ученические", "Светильники")
    ]  # fmt: skip


def _facts(tables: dict[str, Rows]) -> Rows:
    pupils = len(tables["pupils"])
    eldest = sum(row["class"] == "11А" for row in tables["pupils"])
    counted = {"1.1": pupils, "1.3": pupils - eldest, "1.4": eldest, "2.5": pupils}
    rows: Rows = []
    for code, number, percent in FACTS:
        given = counted.get(code, number)
        share = round(100 * given / pupils, 1) if code in OF_PUPILS else percent
        rows.append({"code": code, "name": "Показатель", "number": float(given), "percent": share, "flag": None})
    rows += [{"code": code, "name": "Показатель", "number": None, "percent": None, "flag": flag}
             for code, flag in FLAGS.items()]  # fmt: skip
    return [{**row, "as_of": DECEMBER, "responsible": "директор", "document": "журнал"} for row in rows]
