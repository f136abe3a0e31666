"""One way to break each rule of exams and graduates, and the ways of spoiling that other tables use, too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

Spoil = Callable[[Any, int], int]
CASES: dict[str, Spoil] = {}


def case(name: str) -> Callable[[Spoil], Spoil]:
    def register(spoil: Spoil) -> Spoil:
        CASES[name] = spoil
        return spoil

    return register


def setter(table: str, last: bool = False, **values: Any) -> Spoil:
    """Set values in the first (or last) ``k`` rows."""

    def spoil(build: Any, k: int) -> int:
        rows = build.tables[table][-k:] if last else build.tables[table][:k]
        for row in rows:
            row.update(values)
        return len(rows)

    return spoil


def namer(table: str, column: str, stem: str) -> Spoil:
    """A value of its own for each of the first ``k`` rows."""

    def spoil(build: Any, k: int) -> int:
        for number, row in enumerate(build.tables[table][:k]):
            row[column] = f"{stem}{number}"
        return k

    return spoil


def repeater(table: str, each: int = 1, **changes: Any) -> Spoil:
    """Repeat the first rows with ``changes``; ``each`` rows fail for one repeated."""

    def spoil(build: Any, k: int) -> int:
        build.tables[table] += [{**row, **changes} for row in build.tables[table][:k]]
        return each * k

    return spoil


def halver(table: str) -> Spoil:
    """Half of the rows of the previous period; for ``k`` above one twice as many."""

    def spoil(build: Any, k: int) -> int:
        rows = build.tables[table]
        build.tables[table] = rows[: len(rows) // 2] if k == 1 else rows * 2
        return 1

    return spoil


def remover(table: str) -> Spoil:
    """Take away what is told of ``k`` classes."""

    def spoil(build: Any, k: int) -> int:
        classes = ("5А", "5Б")[:k]
        build.tables[table] = [row for row in build.tables[table] if row["class"] not in classes]
        return len(classes)

    return spoil


LATE, EARLY = date(2026, 2, 1), date(2025, 3, 1)
NOBODY: dict[str, Any] = {"pupil_id": None, "participant_code": None}

CASES |= {
    "exams.person_missing": setter("exams", **NOBODY),
    "exams.class_missing": setter("exams", pupil_id=None, **{"class": None}),
    "exams.exam_missing": setter("exams", exam=None),
    "exams.subject_missing": setter("exams", subject=None),
    "exams.exam_unknown": setter("exams", exam="срез"),
    "exams.level_unknown": setter("exams", exam_level="средний"),
    "exams.stage_unknown": setter("exams", stage="осенний"),
    "exams.status_unknown": setter("exams", status="был"),
    "exams.mark_unknown": setter("exams", mark="7"),
    "exams.term_mark_unknown": setter("exams", term_mark="7"),
    "exams.same_work_differs": repeater("exams", 2, primary_score=1.0),
    "exams.same_work_twice": repeater("exams"),
    "exams.score_range": setter("exams", last=True, score=140.0),
    "exams.primary_negative": setter("exams", primary_score=-1.0),
    "exams.primary_over_max": setter("exams", primary_score=21.0),
    "exams.max_differs": setter("exams", last=True, max_primary=100.0),
    "exams.score_missing": setter("exams", last=True, score=None),
    "exams.mark_missing": setter("exams", mark=None),
    "exams.minimum_unknown": setter("exams", last=True, subject="Основы финансовой грамотности", minimum=None),
    "exams.minimum_differs": setter("exams", last=True, minimum=40.0),
    "exams.below_minimum_passed": setter("exams", mark="3", primary_score=4.0, minimum=7.0),
    "exams.mark_off_scale": setter("exams", exam="ОГЭ", subject="История", primary_score=25.0, mark="5"),
    "exams.level_missing": setter("exams", last=True, exam_level=None),
    "exams.exam_grade": setter("exams", exam="ОГЭ"),
    "exams.held_outside_year": setter("exams", held_on=EARLY),
    "exams.absent_with_result": setter("exams", status="отсутствовал"),
    "graduates.class_missing": setter("graduates", pupil_id=None, **{"class": None}),
    "graduates.honours_unknown": setter("graduates", honours="грамота"),
    "graduates.destination_unknown": setter("graduates", destination="лицей"),
    "graduates.graduate_grade": setter("graduates", **{"class": "8А"}),
    "graduates.same_graduate_differs": repeater("graduates", 2, destination="работает"),
    "graduates.same_graduate_twice": repeater("graduates"),
    "graduates.certificate_missing": setter("graduates", certificate=None),
    "graduates.certificate_without_admission": setter("graduates", admitted=False),
    "graduates.honours_without_certificate": setter("graduates", certificate=False, honours="медаль II степени"),
    "graduates.medal_grade": setter("graduates", honours="медаль I степени", **{"class": "9А"}),
    "graduates.issued_without_certificate": setter("graduates", certificate=False),
    "graduates.issued_outside": setter("graduates", issued_on=date(2021, 6, 20)),
    "graduates.not_admitted_took": setter("graduates", admitted=False),
    "graduates.destination_missing": setter("graduates", destination=None),
    "graduates.tenth_after_eleventh": setter("graduates", destination="10 класс"),
    "graduates.university_after_ninth": setter("graduates", last=True, destination="вуз", **{"class": "9А"}),
}


def _groups(build: Any, k: int) -> list[list[dict[str, Any]]]:
    """Works of the first ``k`` of the three exams of the faultless school."""
    works = build.tables["exams"]
    return [works[:12], works[12:18], works[18:24]][:k]


def _check_works(build: Any, k: int) -> list[list[dict[str, Any]]]:
    """ВПР of class 5А in ``k`` subjects."""
    first = build.tables["exams"][:12]
    others = [[{**row, "subject": subject} for row in first] for subject in ("История", "География")]
    for rows in others:
        build.tables["exams"] += rows
    return [first, *others][:k]


@case("exams.takers_over_pupils")
def _takers(build: Any, k: int) -> int:
    for rows in _groups(build, k):
        build.tables["exams"] += [{**rows[0], "pupil_id": None, "participant_code": f"Х{i}"} for i in range(30)]
    return k


@case("exams.same_scores")
def _equal_scores(build: Any, k: int) -> int:
    for rows in _groups(build, k):
        for row in rows:
            row["primary_score"] = 12.0
    return k


@case("exams.boundary_spike")
def _heaped(build: Any, k: int) -> int:
    for rows in _check_works(build, k):
        for row in rows:
            row["primary_score"] = {"2": 5.0, "3": 8.0, "4": 13.0, "5": 18.0}[row["mark"]]
    return k


@case("exams.below_journal")
def _lower(build: Any, k: int) -> int:
    for rows in _check_works(build, k):
        for row in rows[:6]:
            row |= {"mark": "2", "term_mark": "4"}
    return k


@case("exams.mean_jump")
def _jump(build: Any, k: int) -> int:
    for rows in _groups(build, k):
        for row in rows:
            row |= {"mark": "2"} if row["exam"] == "ВПР" else {"score": 95.0}
    return k


@case("graduates.certificate_with_two")
def _two(build: Any, k: int) -> int:
    for row in build.tables["graduates"][:k]:
        failed = {**build.tables["exams"][0], "pupil_id": row["pupil_id"], "exam": "ГВЭ-11", "mark": "2"}
        build.tables["exams"].append(failed)
    return k


@case("graduates.destination_column")
def _untold(build: Any, k: int) -> int:
    for number, row in enumerate(build.tables["graduates"]):
        row |= {"destination": None, "class": ("11А", "9А", "12А")[number % k]}
    return k


@case("graduates.graduates_over_pupils")
def _too_many(build: Any, k: int) -> int:
    build.tables["graduates"] += [{**build.tables["graduates"][0], "pupil_id": f"p_nobody{i}"} for i in range(k)]
    return 1


@case("graduates.idle_share")
def _idle(build: Any, k: int) -> int:
    return min(setter("graduates", destination="не работает и не учится")(build, k + 1), 1)


@case("graduates.honoured_share")
def _honoured(build: Any, k: int) -> int:
    return min(setter("graduates", honours="медаль II степени")(build, k + 3), 1)
