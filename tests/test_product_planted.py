"""What docs/demo-data.md says is planted in the demo school is found, cell for cell, and nothing else is."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import PERIOD, copy_workspace

from soko.periods import Period
from soko.validation import validate
from soko.workspace import Workspace

CRITICAL = "2026-2027/q1"
BOOK = "gradebooks/Сводная ведомость {}.xlsx"
# Rule, file, cell: the table of the docs. A finding about a column of marks stands at its first mark, one about marks
# that are not there at the class's gradebook, without a cell.
PLANTED = {
    ("marks.subject_not_taught", BOOK.format("6А"), "I11"),
    ("marks.identical_columns", BOOK.format("6А"), "H11"),
    ("marks.unmarked_grade", BOOK.format("1А"), "C13"),
    ("marks.unmarked_grade", BOOK.format("1А"), "C18"),
    ("marks.all_fives", BOOK.format("9Б"), "L11"),
    ("marks.printed_total", BOOK.format("5А"), "G39"),
    ("marks.printed_total", BOOK.format("5А"), "G40"),
    ("marks.printed_total", BOOK.format("5А"), "G45"),
    ("marks.subject_no_marks", BOOK.format("8Б"), ""),
    ("pupils.same_pupil_twice", "Список обучающихся.csv", "A167"),
    ("attendance.illness_over_total", "Посещаемость.xlsx", "E5"),
    ("staff.category_date_future", "Кадры.xlsx", "K35"),
    ("staff.teaching_over_experience", "Кадры.xlsx", "O23"),
    ("exams.primary_over_max", "ВПР.xlsx", "F4"),
    ("contests.level_missing", "Олимпиады и конкурсы, 4 четверть.xlsx", "F4"),
    ("registers.removed_before_registered", "Профилактический учёт.csv", "E2"),
    ("activities.programme_unknown", "Занятость.xlsx", "F4"),
    ("programmes.enrolled_differs", "Программы ДО.xlsx", "H8"),
    ("parents.participating_over_families", "Родители.ods", "C11"),
    ("conditions.expired", "Условия.xlsx", "J23"),
    ("self_government.executed_over_decisions", "Самоуправление.xlsx", "H7"),
    ("expert_scores.score_over_max", "Экспертные оценки.xlsx", "D11"),
    ("health.examined_missing", "Здоровье.xlsx", "C12"),
    ("diagnostics.kapustin_score", "Диагностика.xlsx", "G8"),
    ("facts.percent_differs", "Сведения 1324.csv", "D7"),
}
# What is worth a look and no fault: how the demo school is.
TOLD = {"marks.subject_not_counted", "contests.paid_remote", "self_government.plan_missing", "staff.training_old"}
PLANTED_CRITICAL = {
    ("marks.mark_unknown", BOOK.format("5А"), "G13"),
    ("marks.unknown_pupil", BOOK.format("5А"), "B35"),
    ("marks.same_mark_differs", BOOK.format("5А"), "G15"),
    ("marks.same_mark_differs", BOOK.format("5А"), "G36"),
    ("marks.class_twice", BOOK.format("5Б"), ""),
}
BESIDE_CRITICAL = {("marks.same_mark_twice", BOOK.format("5А"), "C36")}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    place = Workspace.open(copy_workspace(tmp_path_factory.mktemp("planted") / "school", PERIOD, CRITICAL))
    return {
        period: validate(
            place, Period.parse(period), place.root / "check" / str(number), docs=False, returned=False
        ).findings
        for number, period in enumerate((CRITICAL, PERIOD))  # in this order nothing has a period before it
    }


def places(findings: pd.DataFrame, period: str, severity: str) -> list[tuple[str, str, str]]:
    chosen = findings[findings["severity"] == severity]
    files = [name.removeprefix(f"{period}/") for name in chosen["file"]]
    return list(zip(chosen["table"] + "." + chosen["rule"], files, chosen["cell"], strict=True))


def test_the_current_period_has_the_planted_warnings_and_no_other(found: dict[str, pd.DataFrame]) -> None:
    warnings = places(found[PERIOD], PERIOD, "warning")
    assert set(warnings) == PLANTED
    assert len(warnings) == len(PLANTED)
    assert places(found[PERIOD], PERIOD, "critical") == []


def test_what_is_told_for_information_is_how_the_school_is(found: dict[str, pd.DataFrame]) -> None:
    assert {rule for rule, _, _ in places(found[PERIOD], PERIOD, "info")} == TOLD


def test_the_critical_period_has_the_planted_errors_one_finding_each(found: dict[str, pd.DataFrame]) -> None:
    critical = places(found[CRITICAL], CRITICAL, "critical")
    assert set(critical) == PLANTED_CRITICAL
    assert len(critical) == len(PLANTED_CRITICAL)
    assert set(places(found[CRITICAL], CRITICAL, "warning")) == BESIDE_CRITICAL
