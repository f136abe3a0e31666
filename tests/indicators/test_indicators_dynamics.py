"""dynamics.csv and absent.csv on tiny schools: what is compared with what, and what is said where nothing can be."""

from __future__ import annotations

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import marks, pupil

from soko.cohorts import cohort, compared_grade
from soko.errors import ConfigError
from soko.indicators import absent, compute, dynamics, history, load_catalogue
from soko.indicators.reasons import REASONS, legend, sign
from soko.periods import Period

NOW = "2025-2026/q1"


def klass(name, good, size, start=0):
    """A class of ``size`` in which the first ``good`` have a «4», the others a «3», in one subject."""
    ids = [f"p_{name}_{i}" for i in range(start, start + size)]
    pupils = [pupil(code, name) for code in ids]
    return pupils, [mark for i, code in enumerate(ids) for mark in marks(code, "4" if i < good else "3")]


def put(workspace, period, *classes, **more):
    made = [klass(*one) for one in classes]
    given = {"pupils": [row for rows, _ in made for row in rows], "marks": [row for _, rows in made for row in rows]}
    return cw.put(workspace, period, **given, **more)


def remember(workspace, period):
    history.update(workspace, period, compute(workspace, period), load_catalogue(workspace))


@pytest.fixture
def workspace(tmp_path):
    return cw.make(tmp_path)


def changes(workspace, period):
    return dynamics.compute(workspace, period, compute(workspace, period))


def row(frame, indicator, against="previous", **dims):
    found = frame[(frame["indicator"] == indicator) & (frame["against"] == against)]
    for name in ("level", "grade", "class", "subject", "sex", "item"):
        wanted = dims.get(name)
        empty = found[name].isna() if name == "grade" else found[name] == ""
        found = found[empty if wanted is None else (found[name] == wanted).fillna(False)]
    (only,) = found.to_dict("records")
    return only


def test_change_by_hand(workspace):
    period = put(workspace, "2025-2026/q2", ("5А", 20, 25), ("5Б", 10, 25))
    remember(workspace, put(workspace, NOW, ("5А", 10, 25), ("5Б", 12, 25)))
    frame = changes(workspace, period)
    whole = row(frame, "outcomes.quality")  # 30 of 50 against 22 of 50
    assert (whole["numerator"], whole["denominator"], whole["value"]) == (30, 50, 60)
    assert (whole["before_period"], whole["before_value"], whole["before_group"]) == (NOW, 44, "")
    assert whole["delta"] == pytest.approx(16)
    assert whole["delta_people"] == pytest.approx(8)
    assert (whole["verdict"], whole["reason"], whole["rule"]) == ("unknown", "ch", "")
    assert whole["p"] > 0.05
    class_ = row(frame, "outcomes.quality", **{"class": "5А"})  # 20 of 25 against 10 of 25
    assert (class_["verdict"], class_["rule"]) == ("improved", "test")
    assert class_["p"] == pytest.approx(0.00674, abs=0.00001)  # Fisher 0.0086 less half of 0.0037
    assert (class_["low"], class_["high"]) == pytest.approx((60.87, 91.14), abs=0.01)
    other = row(frame, "outcomes.quality", **{"class": "5Б"})  # two pupils fewer, 8 points: may be chance
    assert (other["verdict"], other["reason"]) == ("unknown", "ch")
    assert row(frame, "outcomes.quality", "year_ago")["reason"] == "nb"


def test_marks_are_tested_within_a_subject_alone(workspace):
    period = put(workspace, "2025-2026/q2", ("5А", 20, 25))
    remember(workspace, put(workspace, NOW, ("5А", 5, 25)))
    frame = changes(workspace, period)
    over_all, within = row(frame, "subjects.quality"), row(frame, "subjects.quality", subject="Предмет 1")
    assert (over_all["rule"], within["rule"]) == ("threshold", "test")
    assert pd.isna(over_all["p"])
    assert pd.isna(over_all["low"])
    assert within["p"] < 0.001
    assert row(frame, "subjects.mean_mark")["rule"] == "threshold"
    assert pd.isna(row(frame, "subjects.sou")["delta_people"])


def test_pupils_are_followed_over_the_new_year(workspace):
    classes = (("7А", 12, 12), ("5А", 12, 12), ("10А", 3, 12), ("1А", 0, 12))
    period = put(workspace, "2025-2026/year", *classes)
    remember(workspace, put(workspace, "2024-2025/year", ("6А", 1, 12), ("7А", 12, 12), ("4А", 12, 12), ("9А", 0, 12)))
    frame = changes(workspace, period)
    assert set(frame["against"]) == {"previous"}  # the year before is also a year ago
    seventh = row(frame, "outcomes.quality", **{"class": "7А"})
    assert (seventh["before_group"], seventh["before_numerator"], seventh["verdict"]) == ("6А", 1, "improved")
    tenth = row(frame, "outcomes.quality", **{"class": "10А"})
    assert (tenth["reason"], tenth["before_group"]) == ("nw", "")
    assert pd.isna(tenth["before_value"])
    grade = row(frame, "outcomes.quality", grade=7)
    assert (grade["before_group"], grade["before_numerator"]) == ("6", 1)
    assert row(frame, "outcomes.quality", grade=10)["reason"] == "nw"
    assert row(frame, "outcomes.quality", grade=5)["before_group"] == "4"


def test_a_year_ago_a_class_is_its_pupils_and_a_grade_its_place(workspace):
    period = put(workspace, "2025-2026/q2", ("7А", 12, 12))
    remember(workspace, put(workspace, "2024-2025/q2", ("6А", 1, 12), ("7А", 12, 12)))
    frame = changes(workspace, period)
    assert row(frame, "outcomes.quality", "year_ago", **{"class": "7А"})["before_numerator"] == 1
    assert row(frame, "outcomes.quality", "year_ago", grade=7)["before_numerator"] == 12


def test_another_definition_is_not_compared(workspace):
    period = put(workspace, "2025-2026/q2", ("5А", 20, 25))
    remember(workspace, put(workspace, NOW, ("5А", 5, 25)))
    path = workspace.params / "indicators" / "outcomes.yaml"
    path.write_text(path.read_text("utf-8").replace("sum(is_excellent + is_good)", "sum(is_excellent)"), "utf-8")
    found = row(changes(workspace, period), "outcomes.quality")
    assert (found["verdict"], found["reason"]) == ("unknown", "df")
    assert pd.isna(found["delta"])
    assert row(changes(workspace, period), "outcomes.success")["reason"] == ""


@pytest.mark.parametrize(("length", "said"), [(1.15, ("unknown", "ln")), (1.5, ("worse", ""))])
def test_what_accrues_is_compared_over_like_periods_alone(workspace, length, said):
    """The second quarter has 8 weeks, the third 11; the same quarter of another year is as long."""
    cw.set_conventions(workspace.root, thresholds={"period_length": length})
    missed = [{"pupil_id": f"p_5А_{i}", "lessons_missed": 10, "lessons_missed_illness": 4} for i in range(25)]
    remember(workspace, put(workspace, "2025-2026/q2", ("5А", 20, 25), attendance=missed))
    remember(
        workspace,
        put(
            workspace,
            "2024-2025/q3",
            ("4А", 20, 25),
            attendance=[{**row, "pupil_id": row["pupil_id"].replace("5", "4", 1)} for row in missed],
        ),
    )
    more = [{**row, "lessons_missed": 14} for row in missed]
    frame = changes(workspace, put(workspace, "2025-2026/q3", ("5А", 20, 25), attendance=more))
    found = row(frame, "attendance.lessons_missed_per_pupil")
    assert (found["value"], found["before_value"]) == (14, 10)
    assert (found["verdict"], found["reason"]) == said
    assert pd.isna(found["delta"]) == (said[1] == "ln")
    assert row(frame, "attendance.illness_share")["reason"] == ""  # a share of the lessons missed does not accrue
    assert row(frame, "attendance.lessons_missed_per_pupil", "year_ago")["verdict"] == "worse"


def test_each_indicator_of_the_period_has_its_row(workspace):
    period = put(workspace, "2025-2026/q2", ("5А", 20, 25))
    remember(workspace, put(workspace, NOW, ("5А", 5, 25)))
    frame = changes(workspace, period)
    asked = {item.id for item in load_catalogue(workspace).for_period(period)}
    assert set(frame["indicator"]) == asked
    attendance = next(name for name in asked if name.startswith("attendance."))
    assert row(frame, attendance)["reason"] == "nd"
    assert pd.isna(row(frame, attendance)["value"])
    assert set(frame.loc[frame["verdict"] == "unknown", "reason"]) <= set(REASONS)
    assert set(frame.loc[frame["verdict"] != "unknown", "reason"]) == {""}
    assert set(frame["school_id"]) == {"s1"}


def test_teachers_are_left_out(workspace):
    period = put(workspace, "2025-2026/q2", ("5А", 20, 25))
    table = [mark for one in range(25) for mark in marks(f"p_5А_{one}", "4", "t_1")]
    cw.put(workspace, "2025-2026/q2", marks=table)
    frame = compute(workspace, period)
    assert "t_1" in set(frame["teacher"])
    assert "teacher" not in dynamics.COLUMNS
    found = dynamics.compute(workspace, period, frame)
    assert not found.duplicated(["school_id", "indicator", "level", "grade", "class", "subject", "sex", "item",
                                 "against"]).any()  # fmt: skip


def test_of_several_schools_each_is_told(workspace):
    period = cw.put(workspace, "2025-2026/q2", pupils=[pupil("p_1", "5А", school_id="s1"),
                    pupil("p_2", "5А", school_id="s2")], marks=marks("p_1", "5", school_id="s1"))  # fmt: skip
    frame = compute(workspace, period)
    table = absent.table(workspace, period, frame)
    of = {(school, code) for school, name, code in table[["school_id", "indicator", "reason"]].itertuples(index=False)
          if name == "outcomes.quality"}  # fmt: skip
    assert of == {("s2", "na")}
    assert set(dynamics.compute(workspace, period, frame)["school_id"]) == {"", "s1", "s2"}


def test_without_marks_not_applicable_without_the_table_no_data(workspace):
    period = cw.put(workspace, NOW, pupils=[pupil("p_1", "5А")],
                    marks=[{"pupil_id": "p_1", "subject": "Физкультура", "mark": "осв"}])  # fmt: skip
    table = absent.table(workspace, period, compute(workspace, period)).set_index("indicator")
    assert table.loc["outcomes.quality", "reason"] == "na"
    assert table.loc["outcomes.quality", "owners"] == ""
    missed = table.loc["attendance.lessons_missed_per_pupil"]
    assert (missed["reason"], missed["tables"]) == ("nd", "Посещаемость")
    assert missed["owners"]
    assert "movement.at_end" not in table.index
    assert set(table["reason_ru"]) == {REASONS["na"].text, REASONS["nd"].text}


def test_files_read_back_and_are_the_same_twice(workspace, tmp_path):
    period = cw.put(workspace, "2025-2026/q2", pupils=[pupil("p_1", "5А")],
                    marks=[{"pupil_id": "p_1", "subject": "=1+1, «а»", "mark": "5"}])  # fmt: skip
    frame = changes(workspace, period)
    text, parquet = dynamics.write(frame, tmp_path / "a")
    pd.testing.assert_frame_equal(dynamics.read(tmp_path / "a"), frame, check_dtype=False)
    read = pd.read_csv(text, keep_default_na=False, dtype=str)
    assert list(read.columns) == dynamics.COLUMNS
    assert len(read) == len(frame)
    assert "'=1+1, «а»" in set(read["subject"])
    assert b"\r" not in text.read_bytes()
    again = dynamics.write(changes(workspace, period), tmp_path / "b")
    assert [path.read_bytes() for path in again] == [text.read_bytes(), parquet.read_bytes()]
    assert dynamics.read(tmp_path) is None


def test_settings_say_what_is_compared(workspace):
    period = put(workspace, "2025-2026/q2", ("5А", 20, 25))
    path = workspace.params / "periods" / f"{period.id}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("compare_previous: false\n", encoding="utf-8")
    assert set(changes(workspace, period)["against"]) == {"year_ago"}
    path.write_text("compare_previous: false\ncompare_year_ago: false\n", encoding="utf-8")
    frame = changes(workspace, period)
    assert list(frame.columns) == dynamics.COLUMNS
    assert frame.empty
    dynamics.write(frame, workspace.root)


def test_codes_and_signs():
    assert len({reason.sign for reason in REASONS.values()}) == len(REASONS)
    assert sign("") == ""
    assert [line.split(" – ")[0] for line in legend(["sm", "nd", "sm", ""])] == ["нд", "мг"]


@pytest.mark.parametrize(("name", "years", "then"), [
    ("7А", 1, "6А"), ("7А", 0, "7А"), ("11Б", 1, "10Б"), ("11Б", 2, None), ("10А", 1, None), ("1А", 1, None),
    ("2А", 1, "1А"), ("2А", 2, None), ("группа", 1, None)])  # fmt: skip
def test_cohorts(name, years, then):
    assert cohort(name, years) == then


def test_a_grade_in_the_calendar_year_is_its_place():
    assert compared_grade(7, Period.parse("2025"), Period.parse("2024")) == 7


def test_a_dimension_that_there_is_not_is_refused(workspace):
    path = workspace.params / "indicators" / "views.yaml"
    path.write_text(path.read_text("utf-8").replace("once: [subject]", "once: [subjekt]", 1), "utf-8")
    with pytest.raises(ConfigError, match=r"нет разреза «subjekt»; возможно, имелось в виду «subject»") as caught:
        load_catalogue(workspace)
    assert "views.yaml, строка" in caught.value.where


#: Shares of people whose rows are tested: a figure that is added here or goes must be looked at by somebody.
def test_only_people_are_tested():
    catalogue = load_catalogue(cw.Workspace.open(cw.REPO), bind=False)
    tested = {item.id for item in catalogue if catalogue.counts_people(item.id, ["subject", "item"])}
    assert {"outcomes.quality", "subjects.quality", "vpr.lowered", "teachers.category", "health.group_1"} <= tested
    assert not {"subjects.sou", "vpr.completion", "external.regional_study", "parents.meetings", "surveys.agree",
                "works.quality", "movement.turnover", "attendance.illness_share", "order1324.2_5",
                "contingent.classes"} & tested  # fmt: skip
    assert not catalogue.counts_people("subjects.quality", ["class"])
    assert catalogue.counts_people("outcomes.quality", [])


def test_a_group_without_a_value_is_told_with_its_dimensions(workspace, tmp_path):
    """Everybody of 5Б is «н/а»: the class is in the base of marks, and nobody of it has a mean mark. 5А has one."""
    period = cw.put(workspace, NOW, pupils=[pupil("p_1", "5А"), pupil("p_2", "5Б")],
                    marks=[*marks("p_1", "5"), *marks("p_2", "н/а")])  # fmt: skip
    frame, catalogue = compute(workspace, period), load_catalogue(workspace)
    groups = absent.by_group(frame, catalogue, period)
    of = groups[(groups["indicator"] == "subjects.mean_mark") & (groups["class"] != "")]
    assert set(of["class"]) == {"5Б"}
    assert set(of["reason"]) == {"na"}
    assert not (groups["indicator"] == "subjects.success").any(), "0 of 1 is a value"
    told = set(groups["indicator"])
    assert told <= set(frame["indicator"]), "what the school has no value of at all is told once"
    read = pd.read_csv(absent.write(absent.table(workspace, period, frame), tmp_path, groups), dtype=str)
    assert len(read) == len(groups) + len(absent.table(workspace, period, frame))
    assert read["class"].notna().sum() == (groups["class"] != "").sum()
