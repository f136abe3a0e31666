"""One way to break each rule of the tables about pupils."""

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


for _table in ("exams", "graduates", "contests", "diagnostics", "health", "registers", "activities"):
    CASES[f"{_table}.unknown_pupil"] = namer(_table, "pupil_id", "p_nobody")
    CASES[f"{_table}.class_differs"] = setter(_table, **{"class": "11Б" if _table == "graduates" else "5В"})
    if _table != "exams":
        CASES[f"{_table}.pupil_missing"] = setter(_table, pupil_id=None)

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
    "contests.event_missing": setter("contests", event=None),
    "contests.level_missing": setter("contests", event_level=None),
    "contests.result_missing": setter("contests", result=None),
    "contests.kind_unknown": setter("contests", kind="турнир"),
    "contests.level_unknown": setter("contests", event_level="городской"),
    "contests.format_unknown": setter("contests", format="онлайн"),
    "contests.result_unknown": setter("contests", result="диплом"),
    "contests.subject_missing": setter("contests", subject=None),
    "contests.same_entry_differs": repeater("contests", 2, result="лауреат"),
    "contests.same_entry_twice": repeater("contests"),
    "contests.score_negative": setter("contests", score=-1.0),
    "contests.score_over_max": setter("contests", score=41.0),
    "contests.held_after_end": setter("contests", held_on=LATE),
    "contests.held_before_year": setter("contests", held_on=EARLY),
    "contests.mentor_unknown": setter("contests", mentor_id="t_nobody"),
    "diagnostics.study_missing": setter("diagnostics", study=None),
    "diagnostics.study_unknown": setter("diagnostics", study="внимание"),
    "diagnostics.stage_unknown": setter("diagnostics", stage="первая"),
    "diagnostics.level_unknown": setter("diagnostics", result_level="отличный"),
    "diagnostics.nothing_measured": setter("diagnostics", score=None, result_level=None),
    "diagnostics.study_grade": setter("diagnostics", study="готовность к школе"),
    "diagnostics.instrument_grade": setter("diagnostics", instrument="Анкета Лускановой"),
    "diagnostics.luskanova_score": setter("diagnostics", instrument="Анкета Н. Г. Лускановой", score=31.0),
    "diagnostics.phillips_score": setter("diagnostics", score=101.0),
    "diagnostics.kapustin_score": setter("diagnostics", instrument="Методика Капустина", score=9.0),
    "diagnostics.luskanova_level": setter("diagnostics", instrument="Лусканова", score=22.0, result_level="высокий"),
    "diagnostics.phillips_level": setter("diagnostics", score=60.0),
    "diagnostics.kapustin_level": setter("diagnostics", instrument="Капустин", score=4.45, result_level="высокий"),
    "diagnostics.same_scale_differs": repeater("diagnostics", 2, score=49.0),
    "diagnostics.same_scale_twice": repeater("diagnostics"),
    "diagnostics.held_after_end": setter("diagnostics", held_on=LATE),
    "diagnostics.held_before_year": setter("diagnostics", held_on=EARLY),
    "health.health_group_unknown": setter("health", health_group="VI"),
    "health.pe_group_unknown": setter("health", pe_group="общая"),
    "health.same_pupil_differs": repeater("health", 2, sport=False),
    "health.same_pupil_twice": repeater("health"),
    "health.examined_missing": setter("health", examined_on=None),
    "health.examined_future": setter("health", examined_on=LATE),
    "health.examined_long_ago": setter("health", examined_on=date(2023, 10, 1)),
    "health.group_with_deviation": setter("health", health_group="I", deviation_now=True),
    "health.pe_against_group": setter("health", health_group="V"),
    "health.section_without_sport": setter("health", sport=False),
    "health.age_range": setter("health", age=16),
    "health.illness_negative": setter("health", illness_days=-1),
    "health.illness_over_period": setter("health", illness_days=120),
    "health.cases_negative": setter("health", illness_cases=-1),
    "health.cases_over_days": setter("health", illness_cases=6),
    "health.days_without_cases": setter("health", illness_cases=0),
    "health.entry_changed": setter("health", deviation_at_entry=True),
    "health.class_absent": remover("health"),
    "health.row_count": halver("health"),
    "registers.register_missing": setter("registers", register=None),
    "registers.register_unknown": setter("registers", register="ПДН"),
    "registers.reason_unknown": setter("registers", reason="драка"),
    "registers.registered_missing": setter("registers", registered_on=None),
    "registers.registered_future": setter("registers", registered_on=LATE),
    "registers.removed_future": setter("registers", removed_on=LATE),
    "registers.removed_before_registered": setter("registers", removed_on=EARLY),
    "registers.offences_negative": setter("registers", offences=-1),
    "registers.crimes_negative": setter("registers", crimes=-1),
    "registers.crimes_over_offences": setter("registers", crimes=2),
    "registers.offences_twice": repeater("registers", register="внутришкольный"),
    "registers.same_record_twice": repeater("registers"),
    "activities.activity_missing": setter("activities", activity=None),
    "activities.kind_missing": setter("activities", kind=None),
    "activities.kind_unknown": setter("activities", kind="кружок"),
    "activities.direction_unknown": setter("activities", direction="музыка"),
    "activities.place_unknown": setter("activities", place="дома"),
    "activities.same_activity_twice": repeater("activities"),
    "activities.hours_negative": setter("activities", hours=-1.0),
    "activities.hours_range": setter("activities", hours=400.0),
    "activities.programme_unknown": namer("activities", "programme_id", "ДО-9"),
    "activities.programme_missing": setter("activities", programme_id=None),
    "activities.class_absent": remover("activities"),
    "activities.row_count": halver("activities"),
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


@case("contests.winner_below_participant")
def _below(build: Any, k: int) -> int:
    first = build.tables["contests"][0]
    for number in range(k):
        event = {**first, "event": f"Турнир {number}"}
        build.tables["contests"] += [event, {**event, "pupil_id": "p_5А05", "result": "участник", "score": 39.0}]
    return k


@case("contests.all_prizes")
def _prizes(build: Any, k: int) -> int:
    for number in range(k):
        build.tables["contests"] += [
            {**build.tables["contests"][0], "event": f"Турнир {number}", "pupil_id": f"p_5А{i:02d}"} for i in range(5)
        ]
    return k


@case("contests.paid_remote")
def _remote(build: Any, k: int) -> int:
    namer("contests", "event", "Турнир ")(build, k)
    return setter("contests", format="дистанционная", event_level="международный")(build, k)


@case("contests.carried_over")
def _same_file(build: Any, k: int) -> int:
    build.tables["contests"] *= 2 * k
    return 1


@case("diagnostics.same_scores")
def _equal_answers(build: Any, k: int) -> int:
    classes = ("5А", "5Б")[:k]
    for row in build.tables["diagnostics"]:
        if row["class"] in classes:
            row["score"] = 33.0
    return len(classes)


@case("health.examined_column")
def _undated(build: Any, k: int) -> int:
    setter("health", examined_on=None)(build, len(build.tables["health"]))
    return 1


@case("health.more_than_pupils")
def _extra(build: Any, k: int) -> int:
    classes = ("5А", "5Б", "11А")[:k]
    for name in classes:
        row = build.of_class("health", name)[0]
        build.tables["health"].append({**row, "pupil_id": f"p_nobody{name}"})
    return len(classes)


@case("registers.vanished")
def _vanished(build: Any, k: int) -> int:
    del build.tables["registers"][:k]
    return k


@case("activities.more_than_enrolled")
def _crowded(build: Any, k: int) -> int:
    first = build.tables["programmes"][0]
    for number in range(k):
        build.tables["programmes"].append({**first, "programme_id": f"ДО-1{number}", "enrolled": 1})
        for row in build.tables["activities"][2 * number : 2 * number + 2]:
            row["programme_id"] = f"ДО-1{number}"
    return k
