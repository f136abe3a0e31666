"""One way to break each rule of the tables about pupils."""

from __future__ import annotations

from datetime import date
from typing import Any

from cases_exams import CASES, EARLY, LATE, case, halver, namer, remover, repeater, setter

for _table in ("exams", "graduates", "contests", "diagnostics", "health", "registers", "activities"):
    CASES[f"{_table}.unknown_pupil"] = namer(_table, "pupil_id", "p_nobody")
    CASES[f"{_table}.class_differs"] = setter(_table, **{"class": "11Б" if _table == "graduates" else "5В"})
    if _table != "exams":
        CASES[f"{_table}.pupil_missing"] = setter(_table, pupil_id=None)

CASES |= {
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
