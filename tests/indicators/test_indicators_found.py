"""What the second way found: rules of the definitions that the figures once broke, each counted by hand."""

from __future__ import annotations

from datetime import date

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import pupil

from soko.indicators import compute, one

YEAR = "2025-2026/year"


@pytest.fixture
def workspace(tmp_path):
    return cw.make(tmp_path)


def parts(frame, indicator, **where):
    row = one(frame, indicator, **where)
    return None if row is None else (row["numerator"], None if pd.isna(row["denominator"]) else row["denominator"])


def test_registered_in_the_holidays_is_in_the_term_that_follows(workspace):
    """q1 ended on 24.10, q2 begins on 05.11: nobody is lost between two notes, nobody is counted in both."""
    days = {"p1": date(2025, 9, 1), "p2": date(2025, 10, 24), "p3": date(2025, 10, 29), "p4": date(2025, 12, 30)}
    registers = [
        {"pupil_id": who, "class": "7А", "register": "ОПДН", "registered_on": day} for who, day in days.items()
    ]
    tables = {"pupils": [pupil(who, "7А") for who in days], "registers": registers}
    found = [
        parts(compute(workspace, cw.put(workspace, f"2025-2026/{code}", **tables)), "socialisation.registered")
        for code in ("q1", "q2", "q3", "year")
    ]
    assert found == [(2, None), (2, None), (0, None), (4, None)]


def test_offences_that_nobody_wrote_down_are_no_nought(workspace):
    rows = [{"pupil_id": "p1", "class": "7А", "register": "ОПДН", "offences": None, "crimes": 1}]
    period = cw.put(workspace, YEAR, pupils=[pupil("p1", "7А"), pupil("p2", "7А")], registers=rows)
    frame = compute(workspace, period)
    assert parts(frame, "socialisation.offences") is None
    assert parts(frame, "socialisation.crimes") == (1, None)
    assert parts(frame, "socialisation.police_register") == (1, 2)


def _exam(stage, held_on, mark, **more):
    return {"pupil_id": "p1", "class": "9А", "exam": "ОГЭ", "subject": "Математика", "stage": stage,
            "held_on": held_on, "mark": mark, **more}  # fmt: skip


def test_an_appeal_of_the_autumn_belongs_to_the_autumn(workspace):
    june, september = date(2026, 6, 3), date(2026, 9, 5)
    exams = [
        _exam("основной", june, "2"),
        _exam("дополнительный", september, "2", effective=False),
        _exam("апелляция", september, "3"),
    ]
    frame = compute(workspace, cw.put(workspace, YEAR, pupils=[pupil("p1", "9А")], exams=exams))
    assert parts(frame, "external.gia9_below") == (0, 1)
    assert parts(frame, "external.gia9_below_main") == (1, 1)
    assert parts(frame, "external.gia9") == (3, 1)


def test_a_result_that_does_not_stand_counts_nowhere(workspace):
    exams = [{**_exam(None, None, "5", effective=False), "exam": "ВПР"}, {**_exam(None, None, "3"), "exam": "ВПР"}]
    frame = compute(workspace, cw.put(workspace, YEAR, pupils=[pupil("p1", "9А")], exams=exams))
    assert parts(frame, "vpr.takers") == (1, None)
    assert parts(frame, "vpr.mean_mark") == (3, 1)


def test_a_subject_without_results_yet_is_no_nought(workspace):
    """In June the paper of one exam comes before that of another."""
    exams = [{**_exam("основной", date(2026, 6, 3), "4"), "subject": "Русский язык"}]
    graduates = [{"pupil_id": who, "class": "9А"} for who in ("p1", "p2")]
    period = cw.put(workspace, YEAR, pupils=[pupil("p1", "9А")], graduates=graduates, exams=exams)
    frame = compute(workspace, period)
    assert parts(frame, "external.below_russian_9") == (0, 2)
    assert parts(frame, "external.below_math_9") is None
    assert parts(frame, "order1324.1_11") is None


def test_a_training_after_the_period_does_not_hide_the_one_before(workspace):
    staff = [
        {"staff_id": "t1", "position": post, "training_date": day}
        for post, day in (("учитель физики", date(2025, 1, 10)), ("учитель химии", date(2026, 8, 20)))
    ]
    frame = compute(workspace, cw.put(workspace, YEAR, pupils=[pupil("p1", "9А")], staff=staff))
    assert parts(frame, "teachers.training") == (1, 1)
    assert parts(frame, "order1324.1_33") == (1, 1)


def test_meetings_that_nobody_counted_are_in_neither_part(workspace):
    rows = [
        {"class": "7А", "families": 20, "meetings": 3, "attendance": 30, "council": None},
        {"class": "9А", "families": 10, "meetings": None, "attendance": 25, "council": None},
    ]
    frame = compute(workspace, cw.put(workspace, YEAR, pupils=[pupil("p1", "9А")], parents=rows))
    assert parts(frame, "parents.meetings") == (30, 60)
    assert parts(frame, "parents.council") is None


def test_a_plan_of_rates_that_nobody_compared_has_no_vacancies(workspace):
    rows = [
        {"subject": "Физика", "rates_planned": 2, "rates_filled": 1},
        {"subject": "Труд", "rates_planned": 1, "rates_filled": None},
    ]
    frame = compute(workspace, cw.put(workspace, YEAR, pupils=[pupil("p1", "9А")], staffing=rows))
    assert parts(frame, "conditions.vacancies") == (1, None)
    assert parts(frame, "conditions.vacancies", subject="Труд") is None
    assert parts(frame, "conditions.staffing_filled") == (1, 2)
