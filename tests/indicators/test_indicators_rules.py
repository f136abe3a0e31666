"""Each indicator on a table small enough to count by hand, and each rule of the base alone."""

from __future__ import annotations

from datetime import date

import clean_workspace as cw
import pandas as pd
import pytest
from clean_workspace import marks, pupil

from soko.errors import DataError
from soko.indicators import compute, one, rows


@pytest.fixture
def workspace(tmp_path):
    return cw.make(tmp_path, halfyear_grades=[10, 11])


# Pupils of 5А, one for every case, and the marks that make the case.
CASES = {
    "p_excellent": "5 5 5",
    "p_good": "5 4 4",
    "p_one_four": "5 5 4",
    "p_one_three": "5 4 3",
    "p_threes": "3 3 5",
    "p_failing": "5 5 2",
    "p_not_attested": "5 4 н/а",
    "p_three_na": "5 3 н/а",
    "p_both": "2 н/а 5",
    "p_exempt": "5 осв зач",
    "p_nothing": "осв осв незач",
}


@pytest.fixture
def five_a(workspace):
    pupils = [pupil(name, "5А", "ж" if name in ("p_good", "p_threes") else "м") for name in CASES]
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=[m for n, t in CASES.items() for m in marks(n, t)])
    return compute(workspace, period)


def parts(frame, indicator, **where):
    row = one(frame, indicator, **where)
    return None if row is None else (row["numerator"], row["denominator"], row["value"])


@pytest.mark.parametrize(
    ("indicator", "count"),
    [
        ("quality", 4),  # excellent, good, one_four, exempt: «осв» and «зач» are no marks
        ("excellent", 2),
        ("good", 2),
        ("one_four", 1),
        ("one_three", 1),
        ("three", 2),
        ("failing", 2),
        ("not_attested", 2),  # «н/а» beside a «2» is failing
        ("success", 6),
    ],
)
def test_outcomes_by_hand(five_a, indicator, count):
    value = pytest.approx(count / 10 * 100, abs=1e-12)
    assert parts(five_a, f"outcomes.{indicator}") == (count, 10, value)  # p_nothing has no mark: not in the base
    assert parts(five_a, f"outcomes.{indicator}", school_id="s1", **{"class": "5А"}) == (count, 10, value)


def test_by_sex(five_a):
    assert parts(five_a, "outcomes.quality", sex="ж") == (1, 2, 50)
    assert parts(five_a, "outcomes.quality", sex="м")[:2] == (3, 8)


def test_only_named_dimensions_are_filled(five_a):
    row = one(five_a, "outcomes.quality", school_id="s1", **{"class": "5А"})
    assert (row["level"], pd.isna(row["grade"]), row["sex"], row["subject"]) == ("", True, "", "")
    assert rows(five_a, "outcomes.quality", ["class"], school_id="")["school_id"].tolist() == ["s1"]
    assert not ((five_a["class"] != "") & (five_a["school_id"] == "")).any()


def test_subjects_by_hand(workspace):
    pupils = [pupil(f"p_{i}", "7А") for i in range(8)]
    given = ["5", "5", "4", "3", "3", "2", "н/а", "осв"]
    table = [m for i, mark in enumerate(given) for m in marks(f"p_{i}", mark, "t_1")]
    frame = compute(workspace, cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=table))
    where = {"subject": "Предмет 1"}
    assert parts(frame, "subjects.success", **where) == (5, 7, pytest.approx(500 / 7))
    assert parts(frame, "subjects.quality", **where) == (3, 7, pytest.approx(300 / 7))
    sou = 2 * 100 + 64 + 2 * 36 + 16 + 7
    assert parts(frame, "subjects.sou", **where) == (sou, 7, pytest.approx(sou / 7))
    assert parts(frame, "subjects.mean_mark", **where) == (22, 6, pytest.approx(22 / 6))
    counts = {name: one(frame, f"subjects.{name}", **where)["value"] for name in ("n5", "n4", "n3", "n2", "n_na")}
    assert counts == {"n5": 2, "n4": 1, "n3": 2, "n2": 1, "n_na": 1}
    assert parts(frame, "subjects.quality", school_id="s1", teacher="t_1", **where)[:2] == (3, 7)


def test_na_out_of_the_base(tmp_path):
    workspace = cw.make(tmp_path, na_in_base=False)
    table = [m for i, mark in enumerate(["5", "2", "н/а"]) for m in marks(f"p_{i}", mark)]
    period = cw.put(workspace, "2025-2026/q1", pupils=[pupil(f"p_{i}", "7А") for i in range(3)], marks=table)
    frame = compute(workspace, period)
    assert parts(frame, "subjects.success", subject="Предмет 1") == (1, 2, 50)
    assert parts(frame, "subjects.sou", subject="Предмет 1") == (116, 2, 58)  # without the weight of «н/а» too
    assert parts(frame, "outcomes.not_attested")[:2] == (1, 3)  # pupils' categories do not change
    assert one(frame, "subjects.n_na", subject="Предмет 1")["value"] == 1


@pytest.mark.parametrize(("text", "sou"), [("3", 36), ("4", 64), ("5", 100), ("2", 16)])
def test_sou_of_equal_marks_is_the_weight(workspace, text, sou):
    period = cw.put(workspace, "2025-2026/q1", pupils=[pupil("p_1", "7А")], marks=marks("p_1", f"{text} {text}"))
    assert one(compute(workspace, period), "subjects.sou")["value"] == sou


def test_published_example_of_weights(workspace):
    """7/18/3/0 of 28: quality 89, СОУ 70, as published."""
    given = ["5"] * 7 + ["4"] * 18 + ["3"] * 3
    table = [m for i, mark in enumerate(given) for m in marks(f"p_{i}", mark)]
    period = cw.put(workspace, "2025-2026/q1", pupils=[pupil(f"p_{i}", "7А") for i in range(28)], marks=table)
    frame = compute(workspace, period)
    assert round(one(frame, "subjects.quality")["value"]) == 89
    assert round(one(frame, "subjects.sou")["value"]) == 70


def test_weights_hold_from_their_date(tmp_path):
    workspace = cw.make(tmp_path)
    own = {"five": 100, "four": 66, "three": 33, "two": 14, "na": 0}
    base = {"five": 100, "four": 64, "three": 36, "two": 16, "na": 7}
    dated = [
        {"since": date(2000, 1, 1), "source": "Симонов", "value": base},
        {"since": date(2025, 11, 1), "source": "приказ школы", "value": own},
    ]
    cw.set_conventions(tmp_path, sou_weights=dated)
    for period, expected in (("2025-2026/q1", 36), ("2025-2026/q2", 33)):
        parsed = cw.put(workspace, period, pupils=[pupil("p_1", "7А")], marks=marks("p_1", "3"))
        assert one(compute(workspace, parsed), "subjects.sou")["value"] == expected


def _sizes(workspace, period, pupils, table=None):
    frame = compute(workspace, cw.put(workspace, period, pupils=pupils, marks=table or marks("p_1", "5")))
    row = one(frame, "contingent.assessed")
    return 0 if row is None else row["value"]


def test_grade_one_never_counts(workspace):
    assert _sizes(workspace, "2025-2026/q1", [pupil("p_1", "1А")]) == 0
    assert _sizes(workspace, "2025-2026/year", [pupil("p_1", "1А")]) == 0


@pytest.mark.parametrize(("code", "size"), [("q1", 0), ("t1", 0), ("h1", 1), ("h2", 1), ("year", 1)])
def test_halfyear_grades(workspace, code, size):
    assert _sizes(workspace, f"2025-2026/{code}", [pupil("p_1", "10А")]) == size


@pytest.mark.parametrize(
    ("dates", "size"),
    [
        ({}, 1),
        ({"left_on": date(2025, 10, 24)}, 0),  # gone on the last day
        ({"left_on": date(2025, 10, 25)}, 1),
        ({"arrived_on": date(2025, 10, 24)}, 1),
        ({"arrived_on": date(2025, 10, 25)}, 0),
    ],
)
def test_on_roll_at_the_end(workspace, dates, size):
    assert _sizes(workspace, "2025-2026/q1", [pupil("p_1", "5А", **dates)]) == size


@pytest.mark.parametrize("name", ["Поведение", "повед", "ПОВЕДЕНИЕ."])
def test_conduct_is_no_subject(workspace, name):
    table = [{"pupil_id": "p_1", "subject": name, "mark": "5"}]
    assert _sizes(workspace, "2025-2026/q1", [pupil("p_1", "5А")], table) == 0


def test_movement_with_holidays(workspace):
    """q2 begins on 05.11 after q1 ended on 24.10: who comes between is «прибыл» of q2, not lost between two notes."""
    pupils = [
        pupil("p_stays", "5А"),
        pupil("p_holidays", "5А", arrived_on=date(2025, 10, 29)),
        pupil("p_term", "5А", arrived_on=date(2025, 12, 1)),
        pupil("p_leaves", "5А", left_on=date(2025, 11, 20)),
        pupil("p_passes", "5А", arrived_on=date(2025, 11, 10), left_on=date(2025, 12, 10)),
        pupil("p_left_before", "5А", left_on=date(2025, 10, 10)),
        pupil("p_comes_later", "5А", arrived_on=date(2026, 1, 12)),
    ]
    frames = {
        code: compute(workspace, cw.put(workspace, f"2025-2026/{code}", pupils=pupils, marks=marks("p_stays", "5")))
        for code in ("q1", "q2")
    }

    def counts(code):
        return [one(frames[code], f"movement.{name}")["value"] for name in ("at_start", "arrived", "left", "at_end")]

    assert counts("q2") == [2, 3, 2, 3]
    assert counts("q1") == [3, 0, 1, 2]  # its end is the start of q2
    assert parts(frames["q2"], "movement.turnover") == (5, 2, 250)
    assert pd.isna(one(frames["q2"], "movement.arrived")["denominator"])


def test_enrolled_on_the_first_day_are_there_at_the_start(workspace):
    pupils = [pupil("p_1", "5А", arrived_on=date(2025, 9, 1)), pupil("p_2", "5А", arrived_on=date(2025, 9, 2))]
    frame = compute(workspace, cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=marks("p_1", "5")))
    assert [one(frame, f"movement.{name}")["value"] for name in ("at_start", "arrived")] == [1, 1]


def test_a_move_between_classes_is_movement_of_the_classes_only(workspace):
    """5А → 5Б on 20.11: one start, one end, nobody came to the school or left it; each class balances."""
    pupils = [
        pupil("p_moved", "5Б", moved_from="5А", moved_on=date(2025, 11, 20)),
        pupil("p_came_and_moved", "5Б", arrived_on=date(2025, 11, 10), moved_from="5А", moved_on=date(2025, 12, 1)),
        pupil("p_moved_before", "5Б", moved_from="5А", moved_on=date(2025, 9, 20)),
        pupil("p_stays", "5А"),
    ]
    table = [mark for row in pupils for mark in marks(row["pupil_id"], "5")]
    frame = compute(workspace, cw.put(workspace, "2025-2026/q2", pupils=pupils, marks=table))
    names = ("at_start", "arrived", "moved_in", "left", "moved_out", "at_end")

    def counts(**where):
        return [one(frame, f"movement.{name}", **where)["value"] for name in names]

    assert counts() == [3, 1, 2, 0, 2, 4]
    assert counts(school_id="s1", **{"class": "5А"}) == [2, 1, 0, 0, 2, 1]
    assert counts(school_id="s1", **{"class": "5Б"}) == [1, 0, 2, 0, 0, 3]
    assert counts(school_id="s1", grade=5) == counts()
    assert one(frame, "contingent.assessed")["value"] == 4


def test_attendance_by_hand(workspace):
    missed = [
        ("p_1", 10, 4, 6),
        ("p_2", 0, 0, 0),
        ("p_3", 20, None, None),
        ("p_gone", 50, 50, 0),
        ("p_5", None, None, None),
    ]
    attendance = [
        {"pupil_id": who, "lessons_missed": n, "lessons_missed_illness": ill, "lessons_missed_unexcused": no}
        for who, n, ill, no in missed
    ]
    pupils = [pupil(who, "1А" if who == "p_1" else "5А") for who, *_ in missed if who != "p_gone"]
    pupils.append(pupil("p_gone", "5А", left_on=date(2025, 10, 1)))
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=marks("p_2", "5"), attendance=attendance)
    frame = compute(workspace, period)
    assert parts(frame, "attendance.lessons_missed_per_pupil") == (30, 3, 10)  # grade 1 is there
    assert parts(frame, "attendance.illness_share") == (4, 10, 40)  # p_3's cause is not known
    assert parts(frame, "attendance.unexcused_share") == (6, 10, 60)
    assert parts(frame, "attendance.illness_share", school_id="s1", **{"class": "5А"}) is None  # nothing was missed


def test_a_row_whose_parts_exceed_the_total_is_in_no_share_by_reason(workspace):
    """Nobody knows which of its numbers is wrong; its total still counts. The rules for attendance report the row."""
    missed = [("p_1", 10, 4, None, 6), ("p_2", 2, 72, None, 0), ("p_3", 5, 2, 4, 2), ("p_4", 8, 3, 5, 3)]
    attendance = [
        {"pupil_id": who, "lessons_missed": n, "lessons_missed_illness": ill, "lessons_missed_excused": good,
         "lessons_missed_unexcused": no}
        for who, n, ill, good, no in missed
    ]  # fmt: skip
    pupils = [pupil(who, "5А" if who < "p_3" else "5Б") for who, *_ in missed]
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=marks("p_1", "5"), attendance=attendance)
    frame = compute(workspace, period)
    assert parts(frame, "attendance.lessons_missed_per_pupil") == (25, 4, 6.25)
    assert parts(frame, "attendance.illness_share")[:2] == (7, 18)
    assert parts(frame, "attendance.unexcused_share") == (9, 18, 50)
    by_class = [parts(frame, "attendance.illness_share", school_id="s1", **{"class": name}) for name in ("5А", "5Б")]
    assert [part[:2] for part in by_class] == [(4, 10), (3, 8)]  # they add up to the school's


def test_no_attendance_file_gives_no_rows(five_a):
    assert not five_a["indicator"].str.startswith("attendance.").any()


def test_contingent(workspace):
    pupils = [pupil(f"p_{i}", cls) for i, cls in enumerate(["5А", "5А", "5Б", "10А"])]
    frame = compute(workspace, cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=marks("p_1", "5")))
    assert one(frame, "contingent.classes")["value"] == 3
    assert one(frame, "contingent.classes", grade=5)["value"] == 2
    assert parts(frame, "contingent.class_size") == (4, 3, pytest.approx(4 / 3))


def test_same_class_name_in_two_schools(workspace):
    pupils = [pupil("p_1", "5А", school_id="s1"), pupil("p_1", "5А", school_id="s2")]
    table = marks("p_1", "5", school_id="s1") + marks("p_1", "3", school_id="s2")
    frame = compute(workspace, cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=table))
    by_class = rows(frame, "outcomes.quality", ["class"]).set_index("school_id")["value"]
    assert by_class.to_dict() == {"s1": 100, "s2": 0}
    assert parts(frame, "outcomes.quality", grade=5) == (1, 2, 50)


def test_missing_sex_is_told_and_sums(workspace):
    pupils = [pupil("p_1", "5А", "м"), pupil("p_2", "5А", None)]
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=marks("p_1", "5") + marks("p_2", "3"))
    found = rows(compute(workspace, period), "outcomes.quality", ["sex"]).set_index("sex")["numerator"]
    assert found.to_dict() == {"м": 1, "не указано": 0}


def test_a_dimension_that_nobody_gives_has_no_rows(workspace):
    pupils = [{"pupil_id": "p_1", "class": "5А"}]
    frame = compute(workspace, cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=marks("p_1", "5")))
    assert rows(frame, "outcomes.quality", ["sex"]).empty
    assert rows(frame, "subjects.quality", ["teacher"]).empty
    assert len(rows(frame, "outcomes.quality", ["class"])) == 1


def test_no_clean_data(workspace):
    from soko.periods import Period

    with pytest.raises(DataError, match=r"нет проверенных данных[\s\S]*soko validate"):
        compute(workspace, Period.parse("2025-2026/q3"))


@pytest.mark.parametrize(
    ("pupils", "table", "said"),
    [
        ([pupil("p_1", "5А")] * 2, marks("p_1", "5"), "больше одного раза"),
        ([pupil("p_1", "5А")], marks("p_1", "5") * 2, "больше одной отметки"),
        ([pupil("p_1", "5А")], marks("p_2", "5"), "нет в списке"),
    ],
)
def test_broken_keys_are_refused(workspace, pupils, table, said):
    with pytest.raises(DataError, match=said):
        compute(workspace, cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=table))
