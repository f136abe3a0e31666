"""The algebra of periods."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from soko.calendars import typical_calendar
from soko.errors import UsageError
from soko.periods import Period

PERIODS = st.one_of(
    st.builds(Period, st.integers(1990, 2090), st.just("quarter"), st.integers(1, 4)),
    st.builds(Period, st.integers(1990, 2090), st.just("trimester"), st.integers(1, 3)),
    st.builds(Period, st.integers(1990, 2090), st.just("half"), st.integers(1, 2)),
    st.builds(Period, st.integers(1990, 2090), st.sampled_from(["year", "calendar"])),
)


@given(PERIODS)
def test_id_reads_back(period: Period) -> None:
    assert Period.parse(period.id) == period


@given(PERIODS)
def test_a_year_of_steps_back_is_year_ago(period: Period) -> None:
    steps = {"quarter": 4, "trimester": 3, "half": 2}.get(period.kind, 1)
    back = period
    for _ in range(steps):
        back = back.previous()
    assert back == period.year_ago()


@given(PERIODS)
def test_dates_run_forward(period: Period) -> None:
    if period.kind != "calendar":
        now = typical_calendar(period.year).span(period)
        before = typical_calendar(period.previous().year).span(period.previous())
        assert before.end < now.start


@pytest.mark.parametrize("text", ["2025-2026/q5", "2025-2027/q1", "2025", "q1", "2025-2026", "2025-2026/t4", "..", ""])
def test_wrong_periods_are_refused_with_examples(text: str) -> None:
    if text == "2025":
        assert Period.parse(text).kind == "calendar"
        return
    with pytest.raises(UsageError, match="2025-2026/q1"):
        Period.parse(text)


def test_parts() -> None:
    assert [p.id for p in Period.parse("2025-2026/h1").parts()] == ["2025-2026/q1", "2025-2026/q2"]
    assert [p.id for p in Period.parse("2025").parts()] == [
        "2024-2025/q3",
        "2024-2025/q4",
        "2025-2026/q1",
        "2025-2026/q2",
    ]
    assert len(Period.parse("2025-2026/year").parts("trimester")) == 3


def test_titles() -> None:
    assert Period.parse("2025-2026/q4").title("genitive") == "4 четверти 2025/2026 учебного года"
    assert Period.parse("2025-2026/h1").title() == "1 полугодие 2025/2026 учебного года"
    assert Period.parse("2025-2026/q1").short() == "1 четв. 2025/26"


def test_half_year_follows_from_quarters() -> None:
    calendar = typical_calendar(2025).model_copy(update={"h1": None})
    span = calendar.span(Period.parse("2025-2026/h1"))
    assert span is not None
    assert span.start == date(2025, 9, 1)
    assert span.end == date(2025, 12, 30)
