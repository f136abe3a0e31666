"""Every rule: passes on a period without a fault, fails for one fault and for several, with address and message."""

# ruff: noqa: F811 – fixtures are imported by name

from __future__ import annotations

import re

import pytest
from rule_cases import CASES
from validation_builders import FILES, REPO, SUBJECTS, school
from validation_lab import lab  # noqa: F401

from soko.findings import SEVERITIES
from soko.tables import load_tables
from soko.validation import catalogue
from soko.workspace import Workspace

TABLES = load_tables(Workspace(REPO))
RULES = {f"{table.table}.{rule.id}": rule for table in TABLES.values() for rule in table.rules}


def test_every_rule_has_a_case():
    assert set(CASES) == set(RULES)


def test_a_period_without_a_fault_passes_every_rule_and_every_rule_runs(lab):
    findings, runs = lab.run(school())
    assert findings == []
    assert {f"{run.table}.{run.rule}" for run in runs} == set(RULES)
    filled = {name for name, rows in school().tables.items() if rows}
    assert [run for run in runs if run.skipped and run.table in filled] == []
    # A rule that looks at nothing proves nothing; these look only at rows that the faultless period has none of.
    blind = {f"{run.table}.{run.rule}" for run in runs if not run.checked and run.table in filled}
    assert blind == {"pupils.left_before_arrived"}


def _cases():
    """Every rule with one fault and with three; `make test` has a sixth of the rules, `make test-deep` the rest."""
    for number, name in enumerate(sorted(CASES)):
        for k, words in ((1, "one"), (3, "many")):
            marks = [] if k == 1 and number % 6 == 0 else [pytest.mark.deep]
            yield pytest.param(name, k, id=f"{words}-{name}", marks=marks)


@pytest.mark.parametrize(("name", "k"), list(_cases()))
def test_rule_fails_for_what_is_wrong_and_for_nothing_else(lab, name, k):
    build = school()
    expected = CASES[name](build, k)
    findings, runs = lab.run(build, name)
    (run,) = runs
    assert (run.skipped, run.failures) == ("", expected)
    assert len(findings) == expected
    rule = RULES[name]
    for finding in findings:
        assert f"{finding.table}.{finding.rule}" == name
        assert finding.severity == rule.severity
        assert finding.file in {"", *FILES.values()}
        assert not re.search(r"None|nan|[{}]|не указано|  ", finding.message_ru)
        assert finding.message_ru.endswith((".", "?"))
        assert not re.search(
            r"\b1\s(обучающихся|отметок|уроков)|\b[02-9]\s(обучающийся|отметка|урок)\b", finding.message_ru
        )
    if rule.column and not rule.expectation.startswith("expect_table"):
        assert all(finding.cell and finding.row for finding in findings)


def test_address_is_that_of_the_faulty_cell(lab):
    build = school()
    build.tables["marks"][5]["mark"] = "7"
    ((finding,), _) = lab.run(build, "marks.unknown_mark")
    assert (finding.file, finding.sheet, finding.cell, finding.row, finding.column) == (
        FILES["marks"], "Лист1", "E7", 7, "mark"
    )  # fmt: skip
    assert finding.message_ru.startswith("Отметка «7» не распознана")


@pytest.mark.parametrize("mark", ["5", "4", "3", "2", "н/а", "осв", "зач", "незач", None])
def test_known_marks_and_empty_cells_are_no_fault(lab, mark):
    build = school()
    build.tables["marks"][0]["mark"] = mark
    assert lab.run(build, "marks.unknown_mark")[0] == []


def test_small_classes_of_a_small_school_are_usual(lab):
    build = school()
    build.tables["pupils"] = [row for name in ("5А", "5Б") for row in build.of_class("pupils", name)[:2]]
    assert lab.run(build, "pupils.class_size")[0] == []


def test_the_same_mark_in_two_schools_is_no_repetition(lab):
    build = school()
    for row in build.tables["pupils"] + build.tables["marks"]:
        row["school_id"] = "GP" if row["class"] == "5А" else "MS"
        row["class"] = "5А"
    findings, _ = lab.run(build, "pupils.two_classes", "marks.same_mark_twice", "pupils.class_size")
    assert findings == []


def test_school_is_named_when_there_are_several(lab):
    build = school()
    for row in build.tables["pupils"]:
        row["school_id"] = "GP" if row["class"] == "5А" else "MS"
    build.tables["pupils"][0]["class"] = "12А"
    ((finding,), _) = lab.run(build, "pupils.grade_without_level")
    assert finding.message_ru.endswith("Школа: GP.")


@pytest.mark.parametrize(
    ("taught", "named"),
    [(["5В"], []), (["5В", "5Г"], []), (["5Б", "5В", "5Г"], ["5А", "5Д"]), (["5А", "5В", "5Г", "5Д"], ["5Б"])],
)
def test_a_subject_of_part_of_a_parallel_is_missed_where_most_have_it(lab, taught, named):
    """A second language, a subject of a profile: no column for it is no fault; an empty column is."""
    build = school()
    for copy in ("5В", "5Г", "5Д"):
        for table in ("pupils", "marks"):
            build.tables[table] += [
                {**row, "class": copy, "pupil_id": f"{row['pupil_id']}{copy}"} for row in build.of_class(table, "5А")
            ]
    for name in taught:
        for row in build.subject_of(name, SUBJECTS[0]):
            build.tables["marks"].append({**row, "subject": "Иностранный язык (немецкий)"})
    findings, _ = lab.run(build, "marks.subject_no_marks")
    assert [finding.message_ru[:4] for finding in findings] == [f"В {name}"[:4] for name in named]
    build.tables["marks"].append(
        {**build.subject_of("5А", SUBJECTS[0])[0], "subject": "Иностранный язык (немецкий)", "mark": None}
    )
    again, _ = lab.run(build, "marks.subject_no_marks")
    assert len(again) == len(set(named) | ({"5А"} - set(taught)))


def test_zachet_in_an_unmarked_grade_is_no_fault(lab):
    build = school()
    build.tables["marks"][0] |= {"class": "1А", "mark": "зач"}
    assert lab.run(build, "marks.unmarked_grade")[0] == []


def test_small_class_of_fives_is_no_fault(lab):
    build = school(pupils=4)
    for row in build.tables["marks"]:
        row["mark"] = "5"
    assert lab.run(build, "marks.all_fives")[0] == []


def test_columns_that_nearly_all_have_the_same_mark_may_coincide(lab):
    build = school()
    for row in build.tables["marks"]:
        row["mark"] = "5" if not row["pupil_id"].endswith("00") else "4"
    assert lab.run(build, "marks.identical_columns")[0] == []


def test_pupil_who_left_before_the_end_needs_no_marks(lab):
    from datetime import date

    build = school()
    CASES["pupils.no_marks"](build, 1)
    build.tables["pupils"][0]["left_on"] = date(2025, 11, 20)
    assert lab.run(build, "pupils.no_marks")[0] == []


@pytest.mark.parametrize(
    ("measure", "printed", "faulty"),
    [("quality", 66.7, False), ("quality", 66.6, False), ("quality", 67, False), ("quality", 0.6667, False),
     ("quality", 65, True), ("mean_mark", 4.0, False), ("mean_mark", 4.3, True), ("n4", 5, True)],
)  # fmt: skip
def test_printed_totals_may_be_rounded_or_cut_but_not_wrong(lab, measure, printed, faulty):
    build = school()
    for row, mark in zip(build.subject_of("5А", "История"), "555544443333", strict=True):
        row["mark"] = mark  # 8 of 12 are 4 or 5
    build.totals = [
        {"file": FILES["marks"], "sheet": "Лист1", "cell": "E99", "class": "5А", "subject": "История",
         "measure": measure, "printed": printed}
    ]  # fmt: skip
    findings, _ = lab.run(build, "marks.printed_total")
    assert bool(findings) is faulty
    if faulty:
        assert (findings[0].cell, findings[0].file) == ("E99", FILES["marks"])


def test_rules_that_lack_a_table_are_recorded_as_not_run(lab):
    build = school()
    del build.tables["staff"]
    findings, runs = lab.run(build, "marks.teacher_unknown", "staff.load_range", "staff.file_present")
    skipped = {f"{run.table}.{run.rule}": run.skipped for run in runs}
    assert skipped["marks.teacher_unknown"] == "нет таблицы «Педагогические работники»"
    assert skipped["staff.load_range"]
    assert not skipped["staff.file_present"]
    assert [finding.rule for finding in findings] == ["file_present"]


def test_many_equal_faults_are_cut_with_a_summary(lab, monkeypatch):
    monkeypatch.setattr("soko.validation.rules.MOST_FINDINGS", 10)
    build = school()
    for row in build.tables["marks"]:
        row["mark"] = "7"
    findings, runs = lab.run(build, "marks.unknown_mark")
    assert runs[0].failures == 96
    assert len(findings) == 11
    assert "ещё 86\u00a0таких замечаний, всего 96" in findings[-1].message_ru


def test_critical_is_what_would_make_a_figure_wrong():
    critical = {name for name, rule in RULES.items() if rule.severity == "critical"}
    assert critical == {
        "attendance.same_pupil_differs",
        "exams.mark_unknown", "exams.same_work_differs", "exams.score_range",
        "graduates.same_graduate_differs",
        "health.same_pupil_differs",
        "marks.file_present", "marks.pupil_missing", "marks.same_mark_differs", "marks.subject_missing",
        "marks.unknown_mark", "marks.unknown_pupil",
        "pupils.class_missing", "pupils.class_unreadable", "pupils.file_present", "pupils.pupil_missing",
        "pupils.same_pupil_differs", "pupils.two_classes",
    }  # fmt: skip
    assert {rule.severity for rule in RULES.values()} == set(SEVERITIES)


def test_list_of_rules_is_current():
    assert (REPO / "docs" / "rules.md").read_text(encoding="utf-8") == catalogue.render(TABLES), (
        "run: python -m soko.validation.catalogue > docs/rules.md"
    )
