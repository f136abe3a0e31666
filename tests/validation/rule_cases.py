"""One way to break each rule of validation/tables: a function that spoils ``k`` things and says how many rows fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from cases_exams import halver
from cases_facts import CASES as FACTS
from cases_people import CASES as PEOPLE
from cases_school import CASES as SCHOOL
from validation_builders import CLASSES, FILES, MISSED, SUBJECTS, Build, school

Spoil = Callable[[Build, int], int]
CASES: dict[str, Spoil] = {}


def case(name: str) -> Callable[[Spoil], Spoil]:
    def register(spoil: Spoil) -> Spoil:
        CASES[name] = spoil
        return spoil

    return register


def setter(table: str, column: str, value: Any) -> Spoil:
    def spoil(build: Build, k: int) -> int:
        rows = build.tables[table][:k]
        for row in rows:
            row[column] = value
        return len(rows)

    return spoil


def repeater(table: str, changes: dict[str, Any], each: int) -> Spoil:
    """Repeat the first rows with ``changes``; ``each`` rows fail for one repeated."""

    def spoil(build: Build, k: int) -> int:
        rows = [{**row, **changes} for row in build.tables[table][:k]]
        build.tables[table] += rows
        return each * len(rows)

    return spoil


def emptier(table: str) -> Spoil:
    def spoil(build: Build, k: int) -> int:
        build.tables[table] = []
        return 1

    return spoil


def renamer(subject: str) -> Spoil:
    def spoil(build: Build, k: int) -> int:
        for name in CLASSES[:k]:
            for row in build.subject_of(name, SUBJECTS[0]):
                row["subject"] = subject
        return min(k, 2)

    return spoil


for _table in ("pupils", "marks", "attendance", "staff", "classes"):
    if _table != "classes":
        CASES[f"{_table}.file_present"] = emptier(_table)
        CASES[f"{_table}.row_count"] = halver(_table)

CASES |= {
    "marks.pupil_missing": setter("marks", "pupil_id", None),
    "marks.subject_missing": setter("marks", "subject", None),
    "marks.unknown_mark": setter("marks", "mark", "7"),
    "marks.unknown_pupil": setter("marks", "pupil_id", "p_nobody"),
    "marks.same_mark_differs": repeater("marks", {"mark": "2"}, 2),
    "marks.same_mark_twice": repeater("marks", {}, 1),
    "marks.unmarked_grade": setter("marks", "class", "1А"),
    "marks.not_a_subject": renamer("Поведение"),
    "marks.subject_unknown": renamer("Космонавтика"),
    "marks.subject_not_taught": renamer("Физика"),
    "pupils.pupil_missing": setter("pupils", "pupil_id", None),
    "pupils.class_missing": setter("pupils", "class", None),
    "pupils.class_unreadable": setter("pupils", "class", "АБВ"),
    "pupils.grade_without_level": setter("pupils", "class", "12А"),
    "pupils.two_classes": repeater("pupils", {"class": "5Б"}, 2),
    "pupils.same_pupil_differs": repeater("pupils", {"arrived_on": date(2025, 11, 10)}, 2),
    "pupils.same_pupil_twice": repeater("pupils", {}, 1),
    "pupils.sex_unknown": setter("pupils", "sex", "x"),
    "pupils.sex_missing": setter("pupils", "sex", None),
    "pupils.arrived_after_end": setter("pupils", "arrived_on", date(2026, 2, 1)),
    "pupils.left_after_end": setter("pupils", "left_on", date(2026, 2, 1)),
    "pupils.left_before_year": setter("pupils", "left_on", date(2025, 6, 1)),
    "attendance.pupil_missing": setter("attendance", "pupil_id", None),
    "attendance.unknown_pupil": setter("attendance", "pupil_id", "p_nobody"),
    "attendance.same_pupil_differs": repeater("attendance", {"lessons_missed": 99}, 2),
    "attendance.same_pupil_twice": repeater("attendance", {}, 1),
    "attendance.missed_missing": setter("attendance", "lessons_missed", None),
    "attendance.missed_negative": setter("attendance", "lessons_missed", -1),
    "attendance.illness_over_total": setter("attendance", "lessons_missed_illness", 70),
    "attendance.parts_over_total": setter("attendance", "lessons_missed_unexcused", 70),
    "attendance.parts_differ": setter("attendance", "lessons_missed", 90),
    "attendance.more_than_possible": setter("attendance", "lessons_missed", 900),
    "staff.person_missing": setter("staff", "staff_id", None),
    "staff.position_missing": setter("staff", "position", None),
    "staff.same_person_twice": repeater("staff", {}, 2),
    "staff.category_unknown": setter("staff", "category", "самая высшая"),
    "staff.category_date_missing": setter("staff", "category_date", None),
    "staff.category_date_future": setter("staff", "category_date", date(2042, 4, 11)),
    "staff.training_date_future": setter("staff", "training_date", date(2042, 4, 11)),
    "staff.experience_range": setter("staff", "experience_years", 80.0),
    "staff.load_range": setter("staff", "load_hours", 60.0),
    "classes.class_missing": setter("classes", "class", None),
    "classes.same_class_twice": repeater("classes", {}, 2),
    "classes.pupils_end_differs": setter("classes", "pupils_end", 99),
    "classes.balance_differs": setter("classes", "pupils_end", 99),
    "classes.arrived_differs": setter("classes", "arrived", 9),
    "classes.left_differs": setter("classes", "left", 9),
    "classes.pupils_start_differs": setter("classes", "pupils_start", 99),
}


@case("marks.halfyear_grade")
def _halfyear(build: Build, k: int) -> int:
    for row, name in zip(build.tables["marks"], ("10А", "10Б", "11А")[:k], strict=False):
        row["class"] = name
    return k


@case("marks.after_leaving")
def _left(build: Build, k: int) -> int:
    return setter("pupils", "left_on", date(2025, 9, 10))(build, k) * len(SUBJECTS)


@case("marks.class_differs")
def _differs(build: Build, k: int) -> int:
    return setter("pupils", "class", "5В")(build, k)


@case("marks.all_fives")
def _fives(build: Build, k: int) -> int:
    for name in CLASSES[:k]:
        for row in build.subject_of(name, SUBJECTS[0]):
            row["mark"] = "5"
    return min(k, 2)


@case("marks.identical_columns")
def _copied(build: Build, k: int) -> int:
    big = school(pupils=15)
    build.tables = big.tables
    for name in CLASSES[:k]:
        pairs = zip(build.subject_of(name, SUBJECTS[0]), build.subject_of(name, SUBJECTS[1]), strict=True)
        for number, (one, other) in enumerate(pairs):
            one["mark"] = other["mark"] = "345"[number % 3]
    return min(k, 2)


@case("marks.carried_over")
def _carried(build: Build, k: int) -> int:
    former = school(salt="before")
    for name in CLASSES[:k]:
        for row, old in zip(build.of_class("marks", name), former.of_class("marks", name), strict=True):
            row["mark"] = old["mark"]
    return min(k, 2)


def misprint(table: str, *measures: str) -> Spoil:
    """Print a total that is one more than it ought to be."""

    def spoil(build: Build, k: int) -> int:
        printed = [total for total in build.totals if total["file"] == FILES[table] and total["measure"] in measures]
        for total in printed[:k]:
            total["printed"] += 1
        return k

    return spoil


CASES["marks.printed_total"] = misprint("marks", "n5")
CASES["attendance.printed_total"] = misprint("attendance", *MISSED)
CASES["classes.printed_total"] = misprint("classes", "pupils_start", "arrived", "left", "pupils_end")


@case("marks.teacher_unknown")
def _teacher(build: Build, k: int) -> int:
    for number, subject in enumerate(SUBJECTS[:k]):
        for name in CLASSES:
            for row in build.subject_of(name, subject):
                row["teacher_id"] = f"t_9{number}"
    return k


@case("pupils.moved_class")
def _moved(build: Build, k: int) -> int:
    for row in build.tables["pupils"][:k]:
        build.tables["pupils"].append({**row, "class": "5Б"})
        row["left_on"] = date(2025, 11, 20)
    return k


@case("pupils.sex_column")
def _no_sex(build: Build, k: int) -> int:
    for row in build.tables["pupils"]:
        row["sex"] = None
    return 1


@case("pupils.left_before_arrived")
def _dates(build: Build, k: int) -> int:
    setter("pupils", "arrived_on", date(2025, 12, 1))(build, k)
    return setter("pupils", "left_on", date(2025, 11, 10))(build, k)


@case("pupils.class_size")
def _small(build: Build, k: int) -> int:
    kept = [row for name in CLASSES[:k] for row in build.of_class("pupils", name)[:2]]
    # Beside a large class: where all are small, it is a small school.
    large = [
        {**row, "pupil_id": f"p_6{i}", "class": "6А"} for i, row in enumerate((3 * build.of_class("pupils", "5А"))[:30])
    ]
    build.tables["pupils"] = kept + [row for name in CLASSES[k:] for row in build.of_class("pupils", name)] + large
    return min(k, 2)


@case("pupils.no_marks")
def _unmarked(build: Build, k: int) -> int:
    gone = {row["pupil_id"] for row in build.tables["pupils"][:k]}
    build.tables["marks"] = [row for row in build.tables["marks"] if row["pupil_id"] not in gone]
    return k


@case("pupils.class_no_marks")
def _no_gradebook(build: Build, k: int) -> int:
    for name in CLASSES[:k]:
        for row in build.of_class("marks", name):
            row["mark"] = None
    return min(k, 2)


@case("marks.subject_no_marks")
def _no_subject(build: Build, k: int) -> int:
    for name in CLASSES[:k]:
        for row in build.subject_of(name, SUBJECTS[0]):
            row["mark"] = None
    return min(k, 2)


@case("attendance.class_absent")
def _absent(build: Build, k: int) -> int:
    for row in build.tables["attendance"]:
        if row["class"] in CLASSES[:k]:
            row["pupil_id"] = "p_nobody"
    return min(k, 2)


@case("classes.class_without_pupils")
def _extra(build: Build, k: int) -> int:
    build.tables["classes"] += [{"class": name, "pupils_end": None} for name in ("7А", "7Б", "7В")[:k]]
    return k


CASES |= PEOPLE | SCHOOL | FACTS
