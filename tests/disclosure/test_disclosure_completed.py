"""A figure that a table lacks because nobody is in its base tells as much as a hidden one, and is hidden as one."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings, strategies as st
from schools_by_chance import typed

from soko.disclosure.attack import Audit
from soko.disclosure.completed import completed
from soko.disclosure.masked import Masked, mask
from soko.disclosure.released import releasable, unseen
from soko.disclosure.settings import read
from soko.indicators import load_catalogue
from soko.indicators.model import COLUMNS
from soko.params import Params
from soko.workspace import Workspace

PERIOD = "2025-2026/q1"
COUNTS = {
    "subjects.n5": {"5"},
    "subjects.n4": {"4"},
    "subjects.n3": {"3"},
    "subjects.n2": {"2"},
    "subjects.n_na": {"н"},
}
SHARES = {"subjects.quality": {"5", "4"}, "subjects.success": {"5", "4", "3"}}
PLACE = Workspace.open(ROOT)
CATALOGUE = load_catalogue(PLACE, bind=False)
#: Two teachers a subject are not in these tables, so the rule of one teacher must not hide everything.
SETTINGS = read(PLACE).model_copy(update={"one_teacher": read(PLACE).one_teacher.model_copy(update={"least": 1})})


def marks(subjects: dict[str, str]) -> pd.DataFrame:
    """The rows of subjects and of the school for marks given as «5543н»; no mean of none, as the program computes."""
    rows = []
    for subject, text in {"": "".join(subjects.values()), **subjects}.items():
        found = Counter(text)
        figures = {name: (sum(found[one] for one in counted), None) for name, counted in COUNTS.items()}
        figures |= {name: (sum(found[one] for one in counted), len(text)) for name, counted in SHARES.items()}
        figures["subjects.mean_mark"] = sum(int(one) for one in text if one != "н"), len(text) - found["н"]
        for name, (part, base) in figures.items():
            if base != 0:
                about = {"school_id": "s1", "period": PERIOD, "indicator": name, "subject": subject}
                value = part if base is None else part / base
                rows.append({**about, "numerator": part, "denominator": base, "value": value})
    return typed(pd.DataFrame(rows).reindex(columns=COLUMNS))


def public(frame: pd.DataFrame) -> Masked:
    params = Params(PLACE)
    rows = releasable(frame, SETTINGS, params.school)
    known = pd.concat([rows, unseen(frame, rows, SETTINGS)], ignore_index=True)
    return mask(known, CATALOGUE, params, SETTINGS, read(PLACE).limits[0].value)


SCHOOL = {"Алгебра": "5" * 20 + "4" * 21 + "3" * 12, "Физика": "4" * 15 + "3" * 14 + "2" * 6, "ОРКСЭ": "н"}


def test_the_mean_that_nobody_has_is_put_back() -> None:
    frame = marks(SCHOOL)
    whole = completed(frame, SETTINGS)
    [row] = whole.iloc[len(frame) :].to_dict("records")
    assert (row["indicator"], row["subject"], row["numerator"], row["denominator"]) == (
        "subjects.mean_mark", "ОРКСЭ", 0, 0,
    )  # fmt: skip
    assert whole.dtypes.to_dict() == frame.dtypes.to_dict()
    assert completed(whole, SETTINGS) is whole
    assert completed(marks({"Алгебра": SCHOOL["Алгебра"]}), SETTINGS).shape[0] == 16


def test_nobody_sees_that_it_is_not_there() -> None:
    """Without the row the sums of marks by subject say that nobody in ОРКСЭ has one."""
    told = public(marks(SCHOOL))
    assert told.protected.exposed
    hidden = public(completed(marks(SCHOOL), SETTINGS))
    assert not hidden.protected.exposed
    mine = hidden.frame[hidden.frame["subject"] == "ОРКСЭ"]
    assert set(mine["indicator"]) == {*SHARES, "subjects.mean_mark"}
    assert (mine["hidden"] != "").all()
    assert hidden.behind["denominator"].tolist()[-1] == 0
    assert len(hidden.behind) == len(hidden.frame) == len(hidden.released_rows)


def test_a_mean_of_nobody_is_no_row_where_all_is_shown() -> None:
    """Twelve «н/а» are a group that is shown, and there is no mean to print."""
    whole = completed(marks({**SCHOOL, "ОРКСЭ": "н" * 12}), SETTINGS)
    assert (whole["denominator"] == 0).any()
    found = public(whole)
    assert not found.protected.exposed
    means = found.frame[found.frame["indicator"] == "subjects.mean_mark"]
    assert not ((means["subject"] == "ОРКСЭ") & (means["hidden"] == "")).any()


@pytest.mark.parametrize("none", ["н", "н" * 9])
@settings(max_examples=3, deadline=None)
@given(st.lists(st.text(alphabet="5432н", min_size=1, max_size=40), min_size=1, max_size=3))
def test_no_count_of_a_subject_can_be_worked_out(none: str, others: list[str]) -> None:
    subjects = {f"Предмет {number}": text for number, text in enumerate(others)} | {"ОРКСЭ": none}
    found = public(completed(marks(subjects), SETTINGS))
    assert not found.protected.exposed
    audit = Audit(found.problem, found.protected.hidden)
    for at, amount in enumerate(found.problem.amounts):
        if amount.sensitive and at in found.protected.hidden:
            for one in found.protected.loosened:
                audit.loosen(one)
            assert audit.range(at).values >= found.problem.enough(at)
