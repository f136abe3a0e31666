"""Every indicator of 4.6 and of the other procedures on a school of seven pupils, counted by hand (tiny_school)."""

from __future__ import annotations

import csv
import re
import shutil

import clean_workspace as cw
import pandas as pd
import pytest
from test_indicators_objectivity import COUNTED_HERE
from tiny_school import TABLES

from soko.indicators import compute, load_catalogue, one
from soko.workspace import Workspace

YEAR = "2025-2026/year"
# indicator, numerator, denominator («–» a count), and what distinguishes the row: a dimension=value.
EXPECTED = """
outcomes.quality 4 6
outcomes.success 5 6
outcomes.excellent 1 6
outcomes.good 3 6
outcomes.one_four 2 6
outcomes.three 1 6
outcomes.one_three 1 6
outcomes.failing 1 6
outcomes.not_attested 0 6
subjects.success 11 12
subjects.quality 9 12
subjects.sou 808 12
subjects.mean_mark 48 12
subjects.n5 4 –
subjects.n4 5 –
subjects.n3 2 –
subjects.n2 1 –
subjects.n_na 0 –
attendance.lessons_missed_per_pupil 32 3
attendance.illness_share 4 10
attendance.illness_lessons_per_pupil 4 1
attendance.unexcused_share 6 10
movement.at_start 8 –
movement.arrived 0 –
movement.left 1 –
movement.moved_in 1 –
movement.moved_out 1 –
movement.at_end 7 –
movement.turnover 1 8
contingent.assessed 6 –
contingent.classes 5 –
contingent.class_size 7 5
outcomes.contest_participation 5 7
outcomes.conference_participation 1 7
outcomes.repeaters 1 7
outcomes.certificate_9 1 2
outcomes.honours_9 1 3
outcomes.no_certificate_9 1 2
outcomes.certificate_11 2 2
outcomes.honours_11 1 2
outcomes.no_certificate_11 0 2
external.gia9 17 5
external.gia9_quality 2 5
external.gia9_success 4 5
external.gia9_n5 1 –
external.gia9_n4 1 –
external.gia9_n3 2 –
external.gia9_n2 1 –
external.gia9_mean_primary 50 2 subject=Русский язык
external.gia9_completion 50 66 subject=Русский язык
external.gia9_takers 5 –
external.gia9_below 1 5
external.gia9_below_main 2 5
external.gia9_confirmed 2 4
external.gia9_raised 1 4
external.gia9_lowered 1 4
external.gia9_russian 8 2
external.gia9_math 9 3
external.gia11 225 4
external.gia11_base_mark 6 2
external.gia11_base_quality 1 2
external.gia11_takers 6 –
external.gia11_success 2 5
external.gia11_below 3 5
external.gia11_from_70 2 4
external.gia11_from_81 2 4
external.gia11_from_100 1 4
external.gia11_russian 105 2
external.gia11_math 20 1
external.gia11_math_base 6 2
external.gia9_scores_n5 1 – subject=Русский язык item=30
external.gia9_scores_n4 1 – subject=Математика item=18
external.gia9_scores_n3 1 – subject=Математика item=10
external.gia11_scores_passed 1 – subject=Русский язык item=85
external.gia11_scores_below 1 – subject=Математика item=20
external.regional_study 25 40
external.regional_study_mean_score 60 1 subject=Математика
external.regional_study_mean_mark 7 2
external.regional_study_quality 1 2
external.regional_study_success 2 2
external.regional_study_n5 0 –
external.regional_study_n4 1 –
external.regional_study_n3 1 –
external.regional_study_n2 0 –
external.regional_study_takers 2 –
external.below_minimum 2 5
external.below_russian_9 0 3
external.below_math_9 1 3
external.below_russian_11 1 2
external.below_math_11 1 2
external.municipal_olympiad 1 5
external.olympiad_winners 2 7
external.olympiad_success 2 3
external.events 4 7
external.events_by_level 2 7 item=муниципальный
external.prizes_by_level 1 7 item=муниципальный
contests.entries 7 –
contests.winners 1 –
contests.prize_winners 2 –
contests.yield 3 7
contests.olympiad_entries 3 –
contests.olympiad_winners 1 –
contests.olympiad_prize_winners 1 –
contests.olympiad_yield 2 3
contests.kinds 1 7 item=конкурс
vpr.mean_mark 10 3
vpr.quality 1 3
vpr.success 2 3
vpr.n5 1 –
vpr.n4 0 –
vpr.n3 1 –
vpr.n2 1 –
vpr.completion 28 40
vpr.takers 3 –
vpr.confirmed 0 2
vpr.raised 1 2
vpr.lowered 1 2
vpr.at_boundary 2 2
vpr.scores_n5 1 – subject=Математика grade=4 item=18
vpr.scores_n3 1 – subject=Математика grade=7 item=10
monitoring4.mean_mark 4 1
monitoring4.quality 1 1
monitoring4.success 1 1
monitoring4.n5 0 –
monitoring4.n4 1 –
monitoring4.n3 0 –
monitoring4.n2 0 –
monitoring4.completion 20 30
monitoring4.takers 1 –
monitoring4.confirmed 1 1
monitoring4.raised 0 1
monitoring4.lowered 0 1
works.mean_mark 3 1
works.quality 0 1
works.success 1 1
works.n5 0 –
works.n4 0 –
works.n3 1 –
works.n2 0 –
works.completion 6 12
works.takers 1 –
works.confirmed 1 1
works.raised 0 1
works.lowered 0 1
health.deviation_ratio 2 1
health.deviation_at_entry_14 2 2
health.deviation_now_14 1 2
health.deviation_now 2 3
health.sport 2 7
health.sport_sections 2 7
health.group_1 1 3
health.group_2 1 3
health.group_3 1 3
health.group_4 0 3
health.group_5 0 3
health.pe_main 1 4
health.pe_preparatory 1 4
health.pe_special 1 4
health.pe_exempt 1 4
health.never_ill 1 3
health.illness_days_per_pupil 13 3
health.hot_meals 2 7
health.competitions 1 7
health.staff_illness_days 11 3
socialisation.idle_graduates 1 5
socialisation.untraced_graduates 1 5
socialisation.police_register 1 7
socialisation.after_9 2 3
socialisation.to_10 1 3
socialisation.vocational_9 1 3
socialisation.university 1 2
socialisation.vocational_11 0 2
socialisation.working_11 0 2
socialisation.by_profile 1 1
socialisation.state_funded 0 1
socialisation.school_register 1 7
socialisation.any_register 2 7
socialisation.registered 1 –
socialisation.removed 1 –
socialisation.offences 2 –
socialisation.crimes 0 –
socialisation.police_number 1 –
socialisation.school_number 1 –
socialisation.any_number 2 –
parents.participation 10 20
parents.council 2 –
parents.meetings 30 60
parents.satisfaction_index 1.5 2
parents.satisfaction 1 2
parents.response 2 35
parents.theme_agree 1 2 item=удовлетворённость
parents.theme_index 0.25 1 item=открытость
surveys.index 0.25 1 item=родители, открытость
surveys.agree 0 1 item=родители, открытость
surveys.respondents 3 – item=родители, Анкета
self_government.bodies 2 –
self_government.members 15 –
self_government.with_plan 1 2
self_government.executed 4 5
experts.score 11 15 item=безопасность
experts.criterion 4 5 item=безопасность: Пути
diagnostics.good 0 2 item=уровень воспитанности, итоговая
diagnostics.middle 1 2 item=уровень воспитанности, итоговая
diagnostics.at_risk 1 1 item=тревожность
diagnostics.risen 1 1 item=готовность к школе, 1 класс (Карта)
diagnostics.fallen 1 1 item=уровень воспитанности
adaptation.tested 1 1 item=адаптация, 1 класс, входная
adaptation.good 1 1 item=адаптация, 1 класс, входная
adaptation.middle 1 1 item=готовность к школе, 1 класс, итоговая (Карта)
adaptation.at_risk 1 1 item=тревожность, 1 класс
adaptation.any_risk 1 1
adaptation.several_risks 0 1
upbringing.high 0 2
upbringing.good 0 2
upbringing.middle 1 2
upbringing.low 1 2
activities.coverage 3 7
activities.after_class 1 7
activities.volunteers 1 7
activities.direction 2 7 item=интеллектуальное
teachers.technologies 1 2
teachers.ict 1 2
teachers.technology_lessons 1 2
teachers.ict_lessons 1 2
teachers.lesson_score 9 15
teachers.first_category 1 3
teachers.highest_category 1 3
teachers.training 1 3
teachers.rmo_talks 1 3
teachers.contests 1 3
teachers.pedagogues 3 –
teachers.category 2 3
teachers.mean_age 125 3
teachers.without_category 1 3
teachers.category_expired 1 –
teachers.category_expiring 1 –
teachers.contest_winners 0 3
teachers.contest_level 1 – item=муниципальный
teachers.contest_level_winners 0 – item=муниципальный
teachers.experts 1 3
teachers.expert_role 1 – item=жюри
teachers.lessons 2 –
teachers.lesson_criterion 5 10 item=Цель
conditions.staffing 4 6
conditions.staffing_filled 5 6
conditions.vacancies 1 –
conditions.sanpin 1 3
conditions.sanpin_flag 0 1
conditions.sanpin_open 1 –
conditions.additional_education 1 1
conditions.programmes 2 –
conditions.additional_coverage 1 7
conditions.programme_places 8 10
conditions.programmes_compliant 1 2
conditions.canteen 1 1
conditions.medical_room 1 1
conditions.internet 1 1
conditions.licence 1 1
conditions.computers_per_pupil 14 7
conditions.equipment 184 200
conditions.met 1 1 item=питание
conditions.open_violations 1 –
conditions.unmet 3 –
conditions.unmet_each 1 – item=санитарные требования: проверка
conditions.unmet_level 92 100 item=санитарные требования: мебель по росту
conditions.expired 1 –
conditions.expiring 1 – item=безопасность: договор охраны
conditions.programme_enrolled 8 –
conditions.programme_fill 8 10 item=Роботы
"""


def expected_rows(text: str) -> list[tuple[str, float, float | None, dict[str, str]]]:
    rows = []
    for line in text.strip().splitlines():
        name, top, bottom, *where = line.split(" ", 3)
        dimensions = dict(re.findall(r"(\w+)=(.+?)(?= \w+=|$)", where[0])) if where else {}
        rows.append((name, float(top), None if bottom == "–" else float(bottom), dimensions))
    return rows


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return cw.make(tmp_path_factory.mktemp("tiny"), halfyear_grades=[10, 11])


@pytest.fixture(scope="module")
def year(workspace):
    return compute(workspace, cw.put(workspace, YEAR, **TABLES))


def test_every_indicator_by_hand(year, workspace):
    catalogue, wrong = load_catalogue(workspace), []
    for name, top, bottom, where in expected_rows(EXPECTED):
        row = one(year, name, **where | ({"grade": int(where["grade"])} if "grade" in where else {}))
        got = None if row is None else (row["numerator"], None if pd.isna(row["denominator"]) else row["denominator"])
        if got != (top, bottom):
            wrong.append((name, got, (top, bottom)))
        elif row["value"] != pytest.approx(top / (bottom or 1) * catalogue[name].scale, abs=1e-12):
            wrong.append((name, row["value"]))
    assert not wrong


def test_a_minimum_that_the_protocol_does_not_print_is_that_of_the_year(tmp_path):
    workspace = cw.make(tmp_path)
    shutil.copy(cw.REPO / "params" / "exams.yaml", workspace.params)
    exams = [{**row, "minimum": None} for row in TABLES["exams"]]
    tables = {name: TABLES[name] for name in ("pupils", "graduates", "exams")}
    told = compute(workspace, cw.put(workspace, YEAR, **tables))
    frame = compute(workspace, cw.put(workspace, YEAR, **tables | {"exams": exams}))
    for name in ("external.gia11_below", "external.below_minimum"):
        parts = ["numerator", "denominator"]
        assert list(one(frame, name)[parts]) == list(one(told, name)[parts])
    assert one(frame, "external.gia11_below")["numerator"] == 3


def test_every_indicator_is_counted_by_hand_once(workspace):
    """Here, in test_indicators_objectivity or in test_indicators_1324; a new indicator without a figure fails here."""
    counted = [name for name, *_ in expected_rows(EXPECTED)]
    assert len(counted) == len(set(counted))
    of_order = {item.id for item in load_catalogue(workspace, bind=False) if item.id.startswith("order1324.")}
    assert not COUNTED_HERE & set(counted)
    assert {item.id for item in load_catalogue(workspace, bind=False)} - of_order - COUNTED_HERE == set(counted)


def test_every_row_of_4_6_is_in_the_catalogue(shared):
    catalogue = load_catalogue(Workspace.open(cw.REPO), bind=False)
    with (shared / "domain" / "criteria_4_6.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 33
    for number, row in enumerate(rows, 1):
        item = catalogue[row["indicator"]]
        assert item.criterion == row["criterion_ru"], item.id
        assert item.clause.startswith(f"п. 4.6, показатель {number}"), item.id
        assert item.better == row["better"], item.id
