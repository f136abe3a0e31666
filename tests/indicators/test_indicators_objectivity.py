"""Signs of too kind marks in ВПР, and the base of certificates with honours: counted by hand, changed by convention."""

from __future__ import annotations

import clean_workspace as cw
import pytest
import yaml
from clean_workspace import pupil

from soko.errors import ConfigError
from soko.indicators import compute

#: What test_indicators_4_6 leaves to this file: in a school of seven no work has ten participants.
COUNTED_HERE = {
    "vpr.attention", "vpr.risk", "vpr.without_twos", "vpr.scores_n4", "vpr.scores_n2", "external.gia9_scores_n2",
}  # fmt: skip
YEAR = "2025-2026/q4"


def work(class_, subject, marks):
    """Rows of one work: pairs «mark of the work, mark of the journal»."""
    return [
        {"pupil_id": f"{class_}{subject[:3]}{i}", "class": class_, "exam": "ВПР", "subject": subject, "mark": got,
         "term_mark": journal, "primary_score": 10 * int(got), "max_primary": 50}
        for i, (got, journal) in enumerate(marks)
    ]  # fmt: skip


WORKS = [
    # Three of ten lowered, one «2»: to be looked at.
    *work("7А", "Математика", [("2", "3"), ("3", "4"), ("3", "4"), *[("4", "4")] * 7]),
    # Four of ten lowered, no «2»: both signs.
    *work("7Б", "Математика", [("3", "4")] * 4 + [("4", "4")] * 6),
    # All lowered, but nine pupils are too few to be judged.
    *work("8А", "Русский язык", [("3", "4")] * 9),
    # Ten wrote, nine have both marks.
    *work("8Б", "Русский язык", [("3", "4")] * 9 + [("4", None)]),
]


@pytest.fixture
def workspace(tmp_path):
    return cw.make(tmp_path)


def computed(workspace, **tables):
    return compute(workspace, cw.put(workspace, YEAR, pupils=[pupil("p1", "7А")], **tables))


def parts(frame, indicator, **dims):
    rows = frame[(frame["indicator"] == indicator) & (frame["school_id"] == "")]
    for name in ("level", "class", "subject", "item"):
        rows = rows[rows[name] == dims.get(name, "")]
    rows = rows[rows["grade"].isna()] if "grade" not in dims else rows[rows["grade"] == dims["grade"]]
    return None if rows.empty else (rows["numerator"].iloc[0], rows["denominator"].iloc[0])


def test_works_are_judged_by_the_local_benchmark(workspace):
    frame = computed(workspace, exams=WORKS)
    assert parts(frame, "vpr.attention") == (2, 2)
    assert parts(frame, "vpr.risk") == (1, 2)
    assert parts(frame, "vpr.without_twos") == (1, 2)
    assert parts(frame, "vpr.risk", subject="Математика") == (1, 2)
    assert parts(frame, "vpr.risk", subject="Русский язык") is None  # nothing can be judged: no row, never 0 %


def test_a_school_may_set_its_own_benchmark(workspace):
    own = [{"since": "2025-09-01", "source": "решение педсовета", "value": {"attention": 35, "risk": 50}}]
    cw.set_conventions(workspace.root, vpr_lowered=own)
    frame = computed(workspace, exams=WORKS)
    assert parts(frame, "vpr.attention") == (1, 2)
    assert parts(frame, "vpr.risk") == (0, 2)


def test_a_benchmark_of_risk_below_attention_is_refused(workspace):
    own = [{"since": "2025-09-01", "source": "ошибка", "value": {"attention": 50, "risk": 40}}]
    cw.set_conventions(workspace.root, vpr_lowered=own)
    with pytest.raises(ConfigError, match="attention ≤ risk"):
        computed(workspace, exams=WORKS)


def test_scores_at_the_boundary(workspace):
    scores = [("3", 12), ("3", 12), ("3", 15), ("4", 20), ("2", 5)]
    exams = [
        {"pupil_id": f"p{i}", "class": "7А", "exam": "ВПР", "subject": "История", "mark": mark, "primary_score": score,
         "max_primary": 30}
        for i, (mark, score) in enumerate(scores)
    ]  # fmt: skip
    assert parts(computed(workspace, exams=exams), "vpr.at_boundary") == (3, 4)


def test_participants_are_counted_by_score_and_mark(workspace):
    """Each score has its number by mark; a work without a mark or without a score is in none of them."""
    scores = [("3", 12), ("3", 12), ("4", 20), ("4", 12.5), ("2", 5), ("2", 5), (None, 5), ("4", None)]
    common = {"class": "7А", "grade": 7, "subject": "История", "max_primary": 30}
    exams = [
        {"pupil_id": f"p{exam}{i}", "exam": exam, "mark": mark, "primary_score": score, **common}
        for exam in ("ВПР", "ОГЭ", "ГВЭ-9")
        for i, (mark, score) in enumerate(scores)
    ]
    frame = compute(workspace, cw.put(workspace, "2025-2026/year", pupils=[pupil("p1", "7А")], exams=exams))
    of = {"subject": "История", "grade": 7}
    assert parts(frame, "vpr.scores_n3", **of, item="12")[0] == 2
    assert parts(frame, "vpr.scores_n2", **of, item="5")[0] == 2
    assert parts(frame, "vpr.scores_n4", **of, item="12.5")[0] == 1
    assert parts(frame, "vpr.scores_n4", **of, item="12") is None  # nobody: no row, not a bar of nothing
    assert parts(frame, "external.gia9_scores_n2", subject="История", item="5")[0] == 2  # ГВЭ is another scale


@pytest.mark.parametrize(("base", "expected"), [("graduates", (1, 3)), ("certified", (1, 2))])
def test_honours_are_taken_of_graduates_or_of_the_certified(workspace, base, expected):
    cw.set_conventions(workspace.root, honours_base=base)
    graduates = [
        {"pupil_id": "g1", "class": "9А", "certificate": True, "honours": "с отличием"},
        {"pupil_id": "g2", "class": "9А", "certificate": True, "honours": "нет"},
        {"pupil_id": "g3", "class": "9А", "certificate": False, "honours": "нет"},
    ]
    frame = compute(workspace, cw.put(workspace, "2025-2026/year", pupils=[pupil("p1", "9А")], graduates=graduates))
    assert parts(frame, "outcomes.honours_9") == expected
    assert parts(frame, "order1324.1_16") == expected  # one definition under two labels


def test_the_shipped_conventions_say_so():
    shipped = yaml.safe_load((cw.REPO / "params" / "conventions.yaml").read_text(encoding="utf-8"))
    assert shipped["honours_base"] == "graduates"
    assert all(entry["source"] for entry in shipped["vpr_lowered"])
