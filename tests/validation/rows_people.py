"""Rows without a fault for the tables about pupils: exams, contests, health and the like."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]

FILES: dict[str, str] = {
    name: f"2025-2026/q2/{name}.xlsx"
    for name in ("exams", "graduates", "contests", "diagnostics", "health", "registers", "activities", "programmes")
}
LEAVERS = 6
PROGRAMME = "ДО-01"


def add(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Add the rows to a school without a fault: a class of leavers, and what is told of its pupils and of the others.

    The leavers have no marks: their grade is marked by half-years.
    """
    leavers = [
        {"pupil_id": f"p_11А{i:02d}", "class": "11А", "sex": "мж"[i % 2], "arrived_on": None, "left_on": None}
        for i in range(LEAVERS)
    ]
    tables["pupils"] += leavers
    tables["attendance"] += [
        {"pupil_id": row["pupil_id"], "class": "11А", "lessons_missed": 6, "lessons_missed_illness": 4,
         "lessons_missed_excused": 1, "lessons_missed_unexcused": 1}
        for row in leavers
    ]  # fmt: skip
    fifth = [row for row in tables["pupils"] if row["class"] == "5А"]
    tables["exams"] += [_check_work(row, i) for i, row in enumerate(fifth)]
    for subject, level, minimum, most in (("Русский язык", None, 24, 50), ("Математика", "профильный", 27, 32)):
        tables["exams"] += [_final(row, i, subject, level, minimum, most) for i, row in enumerate(leavers)]
    tables["graduates"] += [_graduate(row, i) for i, row in enumerate(leavers)]
    tables["contests"] += [_entry(row, i) for i, row in enumerate(fifth[:4])]
    tables["diagnostics"] += [_anxiety(row, i) for i, row in enumerate(tables["pupils"]) if row["class"] != "11А"]
    tables["health"] += [_health(row, i) for i, row in enumerate(tables["pupils"])]
    tables["registers"] += [_register(row, i) for i, row in enumerate(fifth[:4])]
    tables["activities"] += [_activity(row, i) for i, row in enumerate(tables["pupils"])]
    tables["programmes"].append(
        {"programme_id": PROGRAMME, "name": "Юный техник", "direction": "техническая", "age_from": 10, "age_to": 17,
         "hours_year": 68.0, "places": 30, "enrolled": 30, "approved_on": date(2025, 8, 28), "compliant": True}
    )  # fmt: skip


def _check_work(pupil: Row, i: int) -> Row:
    """ВПР in mathematics: scores of all four marks, none of them heaped where a mark begins."""
    score = (5, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20)[i % 12]
    mark = "2" if score < 8 else "3" if score < 13 else "4" if score < 18 else "5"
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"], "participant_code": f"К{i:02d}", "exam": "ВПР",
            "subject": "Математика", "exam_level": None, "stage": "основной", "held_on": date(2025, 12, 10),
            "status": "участвовал", "primary_score": float(score), "max_primary": 20.0, "score": None,
            "minimum": None, "mark": mark, "term_mark": mark}  # fmt: skip


def _final(pupil: Row, i: int, subject: str, level: str | None, minimum: int, most: int) -> Row:
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"], "participant_code": None, "exam": "ЕГЭ",
            "subject": subject, "exam_level": level, "stage": "основной", "held_on": date(2025, 12, 12),
            "status": "участвовал", "primary_score": 20.0 + i, "max_primary": float(most), "score": 60.0 + 2 * i,
            "minimum": float(minimum), "mark": None, "term_mark": None}  # fmt: skip


def _graduate(pupil: Row, i: int) -> Row:
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"], "admitted": True, "certificate": True,
            "honours": "нет" if i else "медаль I степени", "issued_on": date(2025, 12, 25),
            "destination": "СПО" if i % 2 else "вуз", "by_profile": True, "state_funded": True}  # fmt: skip


def _entry(pupil: Row, i: int) -> Row:
    """Three entries of an olympiad, one of a contest of the school."""
    subject = "Математика" if i < 3 else None
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"], "event": "Олимпиада" if subject else "Чтецы",
            "kind": "предметная олимпиада" if subject else "конкурс", "subject": subject,
            "event_level": "муниципальный" if subject else "школьный", "format": "очная",
            "result": ("победитель", "призёр", "участник", "участник")[i], "score": 30.0 - i, "max_score": 40.0,
            "held_on": date(2025, 11, 20), "mentor_id": "t_0"}  # fmt: skip


def _anxiety(pupil: Row, i: int) -> Row:
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"], "study": "тревожность",
            "instrument": "Опросник Филлипса", "stage": "входная", "scale": "общая тревожность", "score": 20.0 + i,
            "result_level": "норма", "held_on": date(2025, 11, 12)}  # fmt: skip


def _health(pupil: Row, i: int) -> Row:
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"], "age": 17 if pupil["class"] == "11А" else 11,
            "examined_on": date(2025, 10, 10), "health_group": ("I", "II", "III")[i % 3], "pe_group": "основная",
            "deviation_at_entry": False, "deviation_now": i % 3 > 0, "sport": True, "section": "плавание",
            "illness_cases": 1, "illness_days": 5, "hot_meals": True}  # fmt: skip


def _register(pupil: Row, i: int) -> Row:
    """One of each register, and one who has been taken off."""
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"],
            "register": ("ОПДН", "КДН", "внутришкольный", "ОПДН")[i], "registered_on": date(2025, 9, 15),
            "removed_on": date(2025, 10, 1) if i == 3 else None, "reason": "правонарушение", "offences": 1,
            "crimes": 0}  # fmt: skip


def _activity(pupil: Row, i: int) -> Row:
    return {"pupil_id": pupil["pupil_id"], "class": pupil["class"], "activity": "Юный техник",
            "kind": "дополнительное образование", "direction": "интеллектуальное", "programme_id": PROGRAMME,
            "place": "в школе", "hours": 16.0}  # fmt: skip
