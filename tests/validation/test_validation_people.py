"""Rules of the tables about pupils: what looks like a fault and is none, and the dated scales of exams."""

# ruff: noqa: F811 – fixtures are imported by name

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st
from validation_builders import PERIOD, REPO, make_workspace, school
from validation_lab import lab  # noqa: F401

from soko.errors import ConfigError
from soko.exam_scales import ExamScales, read_exam_scales
from soko.params import Params
from soko.periods import Period
from soko.tables import load_tables
from soko.validation.bench import set_up
from soko.workspace import Workspace

SCALES = read_exam_scales(Workspace(REPO))


def test_a_sitting_on_another_day_is_no_second_result_of_the_same_work(lab):
    build = school()
    again = {**build.tables["exams"][-1], "held_on": date(2025, 12, 20), "score": 90.0}
    build.tables["exams"].append({**again, "stage": "резервный"})
    assert lab.run(build, "exams.same_work_differs", "exams.same_work_twice")[0] == []


def test_a_work_without_a_name_is_known_by_its_code(lab):
    build = school()
    for row in build.tables["exams"][:12]:
        row["pupil_id"] = None
    names = ("person_missing", "same_work_differs", "same_work_twice", "unknown_pupil", "takers_over_pupils")
    assert lab.run(build, *(f"exams.{name}" for name in names))[0] == []


def test_who_moved_may_stand_in_either_class(lab):
    build = school()
    pupil = build.tables["pupils"][0]
    build.tables["pupils"].append({**pupil, "class": "5Б"})
    pupil["left_on"] = date(2025, 11, 20)
    build.tables["exams"].append({**build.tables["exams"][0], "class": "5Б", "subject": "История"})
    assert lab.run(build, "exams.class_differs", "health.class_differs")[0] == []


def test_graduates_of_the_year_before_are_in_no_list_of_this_year(lab):
    build = school()
    for number, row in enumerate(build.tables["graduates"]):
        row |= {"pupil_id": f"p_gone{number}", "class": "9А"}
    assert lab.run(build, "graduates.unknown_pupil", "graduates.graduates_over_pupils")[0] == []


@pytest.mark.deep
def test_a_file_of_destinations_alone_is_not_asked_for_certificates(lab):
    build = school()
    for row in build.tables["graduates"]:
        row |= {"certificate": None, "admitted": None, "honours": None, "issued_on": None}
    assert {run.failures for run in lab.run(build)[1] if run.table == "graduates"} == {0}


@pytest.mark.deep
def test_basic_mathematics_has_a_mark_and_no_score(lab):
    build = school()
    for row in build.tables["exams"][-6:]:
        row |= {"exam_level": "базовый", "score": None, "minimum": None, "mark": "4", "max_primary": 21.0}
    build.tables["exams"][-1]["primary_score"] = 17.0
    findings, _ = lab.run(build)
    assert [finding.rule for finding in findings if finding.table == "exams" and finding.severity != "info"] == [
        "primary_over_max"] * 3  # fmt: skip


def test_mark_lower_than_the_scale_is_no_fault_where_the_mark_asks_for_more(lab):
    build = school()
    build.tables["exams"][0] |= {"exam": "ОГЭ", "primary_score": 16.0, "mark": "3", "max_primary": 31.0}
    assert lab.run(build, "exams.mark_off_scale")[0] == []
    build.tables["exams"][0]["mark"] = "5"
    ((finding,), _) = lab.run(build, "exams.mark_off_scale")
    assert "выходит «4»" in finding.message_ru


def test_work_whose_scale_is_no_longer_known_is_not_compared(lab):
    build = school()
    build.tables["exams"][0] |= {"exam": "ОГЭ", "subject": "Русский язык", "primary_score": 37.0, "max_primary": None}
    assert lab.run(build, "exams.mark_off_scale", "exams.primary_over_max", "exams.below_minimum_passed")[0] == []


#: The columns without which a file of the table is not recognised, and those without which it says nothing.
SPARSE = {
    "exams": ("pupil_id", "exam", "subject", "exam_level", "primary_score", "score", "mark"),
    "graduates": ("pupil_id", "certificate"),
    "contests": ("pupil_id", "event", "event_level", "result"),
    "diagnostics": ("pupil_id", "study", "score"),
    "health": ("pupil_id", "health_group"),
    "registers": ("pupil_id", "register"),
    "activities": ("pupil_id", "activity", "kind"),
}


@pytest.mark.deep
def test_a_file_with_few_columns_gets_no_warning(lab):
    build = school()
    for name, columns in SPARSE.items():
        build.tables[name] = [{column: row[column] for column in columns} for row in build.tables[name]]
    build.tables["registers"] = build.tables["registers"][:3]
    findings, _ = lab.run(build)
    assert {finding.severity for finding in findings} == {"info"}
    assert {finding.rule for finding in findings} == {
        "destination_column", "examined_column", "programme_missing", "registered_missing"}  # fmt: skip


def test_a_removed_participant_may_have_nothing_or_a_zero(lab):
    build = school()
    build.tables["exams"][-1] |= {"status": "удалён", "score": 0.0, "primary_score": 0.0}
    build.tables["exams"][-2] |= {"status": "отсутствовал", "score": None, "primary_score": None}
    names = ("absent_with_result", "score_missing", "minimum_unknown", "below_minimum_passed")
    assert lab.run(build, *(f"exams.{name}" for name in names))[0] == []


def test_messages_of_vocabularies_name_what_is_allowed(lab):
    build = school()
    build.tables["registers"][0]["register"] = "ПДН"
    ((finding,), _) = lab.run(build, "registers.register_unknown")
    assert finding.message_ru.endswith("Допустимы: ОПДН, КДН, внутришкольный.")


def test_every_vocabulary_and_required_column_of_the_tables_about_pupils_is_checked():
    tables = load_tables(Workspace(REPO))
    for name in ("exams", "graduates", "contests", "diagnostics", "health", "registers", "activities"):
        rules = tables[name].rules
        for column in tables[name].columns:
            used = {rule.expectation for rule in rules if rule.column == column.name}
            assert not column.values or "expect_column_values_to_be_in_set" in used, column.name
            assert not column.required or "expect_column_values_to_not_be_null" in used, column.name


@given(st.dates(date(2015, 9, 1), date(2030, 6, 1)), st.integers(0, 100))
def test_every_primary_score_has_one_mark(day, score):
    for known in SCALES.on(day):
        if known.three is not None and score <= known.max_primary:
            reached = [score >= border for border in (known.three, known.four, known.five)]
            assert reached == sorted(reached, reverse=True)
            assert known.minimum == known.three
            assert known.source


@pytest.mark.parametrize(
    ("day", "minimum"),
    [(date(2013, 6, 1), 36), (date(2014, 6, 1), 24), (date(2026, 6, 1), 24), (date(2008, 6, 1), None)],
)
def test_minimum_is_that_of_the_day(day, minimum):
    assert next(item.minimum for item in SCALES.on(day) if item.subject == "Русский язык") == minimum


def test_bench_has_the_scales_of_the_june_of_the_school_year(lab):
    for period, expected in ((PERIOD, None), (Period.parse("2023-2024/q1"), 15)):
        with set_up(school().intake(), lab.params, period, lab.tables) as bench:
            found = bench.connection.execute(
                "SELECT three FROM exam_scales WHERE exam = 'ОГЭ' AND subject = 'Русский язык'"
            ).fetchall()
        assert found == [(expected,)]


def _scale(**changes):
    return {"exam": "ОГЭ", "subjects": ["Математика"], **changes}


@pytest.mark.parametrize(
    ("scales", "said"),
    [
        ([_scale(), _scale()], "шкала записана дважды: ОГЭ, «Математика»"),
        ([_scale(exam="ЕГЭ", exam_level="базовый"), _scale(exam="ЕГЭ")], "шкала записана дважды"),
        ([_scale(marks=[{"since": "2024-01-01", "source": "письмо",
                         "value": {"three": 15, "four": 8, "five": 22, "most": 31}}])], "должны возрастать"),
    ],
)  # fmt: skip
def test_wrong_scales_are_refused(scales, said):
    with pytest.raises(ValueError, match=said):
        ExamScales.model_validate({"scales": scales})


def test_unknown_subject_of_a_scale_is_a_wrong_setting(lab, tmp_path):
    workspace = make_workspace(tmp_path)
    path = workspace.params / "exams.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[Химия]", "[Химмия]"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"Химмия.*Химия"):
        set_up(school().intake(), Params(workspace), PERIOD, lab.tables)


def test_workspace_without_scales_still_checks_the_rest(lab, tmp_path):
    workspace = make_workspace(tmp_path)
    (workspace.params / "exams.yaml").unlink()
    assert list(read_exam_scales(workspace).on(date(2026, 6, 1))) == []
    with set_up(school().intake(), Params(workspace), PERIOD, lab.tables) as bench:
        assert bench.connection.execute("SELECT count(*) FROM exam_scales").fetchone() == (0,)
