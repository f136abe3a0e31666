"""One way to break each rule of the tables about the school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from rows_school import FILES, TOTALS

Spoil = Callable[[Any, int], int]
FUTURE, PAST, SUNDAY = date(2026, 2, 2), date(2025, 5, 12), date(2025, 11, 16)


def change(table: str, each: int = 1, **values: Any) -> Spoil:
    """Change the first ``k`` rows; ``each`` rows fail for one changed."""

    def spoil(build: Any, k: int) -> int:
        rows = build.tables[table][:k]
        for row in rows:
            row |= values
        return each * len(rows)

    return spoil


def repeat(table: str, each: int, **values: Any) -> Spoil:
    """Repeat the first ``k`` rows with changes."""

    def spoil(build: Any, k: int) -> int:
        rows = [{**row, **values} for row in build.tables[table][:k]]
        build.tables[table] += rows
        return each * len(rows)

    return spoil


def classes(table: str, **values: Any) -> Spoil:
    """Change the first row of a class each: as many fail as there are classes."""

    def spoil(build: Any, k: int) -> int:
        rows = build.tables[table][:k]
        for row in rows:
            row |= values
        return len(rows)

    return spoil


def misprint(table: str) -> Spoil:
    def spoil(build: Any, k: int) -> int:
        printed = [total for total in build.totals if total["file"] == FILES[table]]
        for total in printed[:k]:
            total["printed"] += 1
        return min(k, len(printed))

    return spoil


CASES: dict[str, Spoil] = {f"{table}.printed_total": misprint(table) for table in TOTALS}
CASES |= {
    "schools.name_missing": change("schools", name=None),
    "schools.same_school_twice": repeat("schools", 2),
    "schools.locality_unknown": change("schools", locality="хутор"),
    "schools.capacity_range": change("schools", capacity=0),
    "schools.shifts_range": change("schools", shifts=9),
    "schools.overcrowded": change("schools", capacity=20),
    "schools.school_without_pupils": change("schools", school_id="другая"),
    "schools.school_not_listed": change("schools", school_id="другая"),
    "programmes.programme_missing": change("programmes", programme_id=None),
    "programmes.name_missing": change("programmes", name=None),
    "programmes.same_programme_twice": repeat("programmes", 2),
    "programmes.direction_unknown": change("programmes", direction="любая"),
    "programmes.age_range": change("programmes", age_to=40),
    "programmes.age_order": change("programmes", age_from=17),
    "programmes.hours_range": change("programmes", hours_year=9000.0),
    "programmes.enrolled_missing": change("programmes", enrolled=None),
    "programmes.enrolled_negative": change("programmes", enrolled=-1),
    "programmes.enrolled_over_places": change("programmes", places=1, enrolled=2),
    "programmes.enrolled_differs": change("programmes", enrolled=14),
    "programmes.approved_future": change("programmes", approved_on=FUTURE),
    "programmes.remark_missing": change("programmes", compliant=False),
    "programmes.remark_contradicts": change("programmes", remark="Нет планируемых результатов"),
    "programmes.leader_unknown": change("programmes", staff_id="t_nobody"),
    "self_government.body_missing": change("self_government", body=None),
    "self_government.same_body_twice": repeat("self_government", 2),
    "self_government.scope_unknown": change("self_government", scope="районный"),
    "self_government.class_missing": change("self_government", **{"class": None}),
    "self_government.class_unexpected": change("self_government", scope="школьный"),
    "self_government.class_unknown": change("self_government", **{"class": "9Я"}),
    "self_government.members_range": change("self_government", members=0),
    "self_government.members_over_class": change("self_government", members=40),
    "self_government.meetings_negative": change("self_government", meetings=-1),
    "self_government.decisions_without_meetings": change("self_government", meetings=0),
    "self_government.executed_over_decisions": change("self_government", executed=9),
    "self_government.plan_missing": change("self_government", plan=False),
    "staffing.subject_missing": change("staffing", subject=None),
    "staffing.subject_unknown": change("staffing", subject="Космонавтика"),
    "staffing.same_subject_twice": repeat("staffing", 2),
    "staffing.rates_missing": change("staffing", rates_planned=None),
    "staffing.rates_range": change("staffing", rates_planned=170.0),
    "staffing.filled_negative": change("staffing", rates_filled=-1.0),
    "staffing.filled_over_planned": change("staffing", rates_filled=5.0),
    "staffing.qualified_over_filled": change("staffing", rates_qualified=5.0),
    "staffing.load_a_teacher": change("staffing", teachers=0),
    "staffing.date_future": change("staffing", as_of=FUTURE),
    "conditions.area_missing": change("conditions", area=None),
    "conditions.area_unknown": change("conditions", area="крыша"),
    "conditions.item_missing": change("conditions", item=None),
    "conditions.same_item_twice": repeat("conditions", 2),
    "conditions.value_missing": change("conditions", document=None, flag=None),
    "conditions.number_negative": change("conditions", number=-1.0),
    "conditions.fixed_over_violations": change("conditions", violations_fixed=1),
    "conditions.checked_future": change("conditions", checked_on=FUTURE),
    "conditions.expired": change("conditions", valid_until=PAST),
    "conditions.valid_before_checked": change("conditions", valid_until=PAST),
    "conditions.document_missing": change("conditions", document=None),
    "conditions.unit_missing": change("conditions", number=4.0),
    "conditions.responsible_missing": change("conditions", responsible=None),
    "surveys.survey_missing": change("surveys", survey=None),
    "surveys.respondent_missing": change("surveys", respondent=None),
    "surveys.question_missing": change("surveys", question=None),
    "surveys.audience_unknown": change("surveys", audience="соседи"),
    "surveys.theme_unknown": change("surveys", theme="погода"),
    "surveys.answer_missing": change("surveys", answer=None, score=None),
    "surveys.same_answer_differs": repeat("surveys", 2, answer="нет"),
    "surveys.same_answer_twice": repeat("surveys", 1),
    "surveys.audience_differs": repeat("surveys", 2, audience="педагоги", question="Другой вопрос?"),
    "surveys.class_unknown": change("surveys", **{"class": "9Я"}),
    "surveys.score_range": change("surveys", score=50.0),
    "surveys.date_future": change("surveys", answered_on=FUTURE),
    "surveys.date_old": change("surveys", answered_on=PAST),
    "parents.class_missing": change("parents", **{"class": None}),
    "parents.same_class_twice": repeat("parents", 2),
    "parents.class_unknown": change("parents", **{"class": "9Я"}),
    "parents.class_absent": classes("parents", **{"class": "9Я"}),
    "parents.families_missing": change("parents", families=None),
    "parents.families_over_pupils": change("parents", families=30),
    "parents.families_range": change("parents", families=400),
    "parents.participating_over_families": change("parents", participating=13),
    "parents.council_over_families": change("parents", council=25),
    "parents.meetings_range": change("parents", meetings=90),
    "parents.attendance_over_possible": change("parents", attendance=25),
    "lesson_visits.teacher_missing": change("lesson_visits", staff_id=None),
    "lesson_visits.teacher_unknown": change("lesson_visits", staff_id="t_nobody"),
    "lesson_visits.class_unknown": change("lesson_visits", **{"class": "9Я"}),
    "lesson_visits.subject_missing": change("lesson_visits", subject=None),
    "lesson_visits.subject_unknown": change("lesson_visits", subject="Космонавтика"),
    "lesson_visits.subject_not_taught": change("lesson_visits", subject="Физика"),
    "lesson_visits.date_missing": change("lesson_visits", visited_on=None),
    "lesson_visits.date_future": change("lesson_visits", visited_on=FUTURE),
    "lesson_visits.date_old": change("lesson_visits", visited_on=PAST),
    "lesson_visits.date_sunday": change("lesson_visits", visited_on=SUNDAY),
    "lesson_visits.criterion_missing": change("lesson_visits", criterion=None),
    "lesson_visits.same_criterion_twice": repeat("lesson_visits", 2),
    "lesson_visits.score_missing": change("lesson_visits", score=None),
    "lesson_visits.score_over_max": change("lesson_visits", score=9.0),
    "lesson_visits.max_differs": change("lesson_visits", 2, max_score=5.0),
    "lesson_visits.ict_without_technology": change("lesson_visits", technology=None),
    "expert_scores.object_missing": change("expert_scores", object=None),
    "expert_scores.object_unknown": change("expert_scores", object="крыша"),
    "expert_scores.criterion_missing": change("expert_scores", criterion=None),
    "expert_scores.expert_missing": change("expert_scores", expert=None),
    "expert_scores.score_missing": change("expert_scores", score=None),
    "expert_scores.same_score_twice": repeat("expert_scores", 2),
    "expert_scores.score_over_max": change("expert_scores", score=9.0),
    "expert_scores.max_differs": change("expert_scores", 2, max_score=10.0),
    "expert_scores.weight_differs": change("expert_scores", 2, weight=2.0),
    "expert_scores.weight_range": change("expert_scores", weight=0.0),
    "expert_scores.date_future": change("expert_scores", scored_on=FUTURE),
    "expert_scores.experts_disagree": change("expert_scores", score=1.0),
    "staff.staff_group_unknown": change("staff", staff_group="гости"),
    "staff.education_unknown": change("staff", education="самоучка"),
    "staff.contest_level_unknown": change("staff", contest_level="дворовый"),
    "staff.contest_result_unknown": change("staff", contest_result="молодец"),
    "staff.contest_level_missing": change("staff", contest_level=None),
    "reference_values.indicator_missing": change("reference_values", indicator=None),
    "reference_values.indicator_unknown": change("reference_values", indicator="Качество результатов, ВПП"),
    "reference_values.cut_unknown": change("reference_values", item="муниципальный"),
    "reference_values.subject_unknown": change("reference_values", subject="Космонавтика"),
    "reference_values.parallel_range": change("reference_values", parallel=15),
    "reference_values.scope_missing": change("reference_values", scope=None),
    "reference_values.scope_unknown": change("reference_values", scope="галактика"),
    "reference_values.value_missing": change("reference_values", value=None, numerator=None),
    "reference_values.denominator_range": change("reference_values", denominator=0.0),
    "reference_values.part_over_whole": change("reference_values", numerator=9000.0),
    "reference_values.value_range": change("reference_values", value=500.0),
    "reference_values.value_is_fraction": change("reference_values", value=0.5, numerator=None, denominator=None),
    "reference_values.value_differs": change("reference_values", value=52.0),
    "reference_values.unit_differs": change("reference_values", unit="балл"),
    "reference_values.year_unreadable": change("reference_values", school_year="прошлый"),
    "reference_values.year_other": change("reference_values", school_year="2024/2025"),
    "reference_values.source_missing": change("reference_values", source=None),
    "reference_values.date_future": change("reference_values", published_on=date(2030, 1, 1)),
    "reference_values.same_value_twice": repeat("reference_values", 2),
    "staff.expert_role_unknown": change("staff", expert_role="советчик"),
    "staff.age_range": change("staff", age=7),
    "staff.experience_over_age": change("staff", age=20),
    "staff.teaching_over_experience": change("staff", teaching_years=30.0),
    "staff.category_before_age": change("staff", age=18),
    "staff.training_before_age": change("staff", age=18),
    "staff.training_old": change("staff", training_date=date(2020, 2, 3)),
    "staff.fgos_without_date": change("staff", training_date=None),
    "staff.training_hours_range": change("staff", training_hours=2.0),
    "staff.talks_range": change("staff", talks=-1),
    "staff.illness_range": change("staff", illness_days=300),
}


def _crowd(build: Any, k: int) -> int:
    first = build.tables["surveys"][-1]
    for name in ("5А", "5Б")[:k]:
        build.tables["surveys"] += [{**first, "class": name, "respondent": f"{name}-{i}"} for i in range(30)]
    return min(k, 2)


def _alone(build: Any, k: int) -> int:
    for row in build.tables["expert_scores"]:
        row["expert"] = "директор"
    return 1


CASES["surveys.more_than_pupils"] = _crowd
CASES["expert_scores.one_expert"] = _alone
