"""The calendar file: read back by the rules of RFC 5545, it holds every date once."""

import re
from datetime import date, timedelta

import pytest
from conftest import ROOT
from hypothesis import given, strategies as st

from soko.params import Params
from soko.plan import load_plan, schedule
from soko.plan.ical import escaped, folded, text
from soko.plan.schedule import files_owed
from soko.tables import load_tables
from soko.workspace import Workspace

PLACE = Workspace.open(ROOT)
PLAN = load_plan(PLACE)
TASKS = schedule(PLACE, PLAN, 2025)


def made(tasks=TASKS, plan=PLAN) -> str:
    return text(plan, tasks, load_tables(PLACE), Params(PLACE).school, 2025)


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def events(calendar: str) -> list[dict[str, str]]:
    """Unfold, take apart, unescape."""
    lines = calendar.removesuffix("\r\n").replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in ("END", "BEGIN"):
            assert name not in found[-1], "a property twice"
            found[-1][name] = unescaped(value)
    return found


def test_lines_are_short_and_end_as_the_standard_asks() -> None:
    calendar = made()
    assert "\n" not in calendar.replace("\r\n", "")
    assert calendar.endswith("END:VCALENDAR\r\n")
    for line in calendar.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is torn
    for needed in ("VERSION:2.0\r\n", "PRODID:"):
        assert needed in calendar


def test_every_date_is_there_once() -> None:
    found = events(made())
    documents = {task.document: task for task in TASKS}
    assert len(found) == len(documents) + len(files_owed(TASKS))
    uids = [event["UID"] for event in found]
    assert len(uids) == len(set(uids))
    by_uid = {event["UID"]: event for event in found}
    for (name, period), task in documents.items():
        event = by_uid[f"{name}-{period.id}@sosh4"]
        assert event["DTSTART;VALUE=DATE"] == f"{task.due:%Y%m%d}"
        assert event["DTEND;VALUE=DATE"] == f"{task.due + timedelta(1):%Y%m%d}"
        assert PLAN.documents[name].title in event["SUMMARY"]
        assert task.procedure.name in event["DESCRIPTION"]
    for (table, period), day in files_owed(TASKS).items():
        assert by_uid[f"files-{table}-{period.id}@sosh4"]["DTSTART;VALUE=DATE"] == f"{day:%Y%m%d}"
    assert all(event["DTSTAMP"] == "20250901T000000Z" for event in found)


def test_a_moved_date_keeps_its_event() -> None:
    later = PLAN.model_copy(update={"files_before": PLAN.files_before + 3})
    moved = events(made(schedule(PLACE, later, 2025), later))
    before = events(made())
    assert {event["UID"] for event in moved} == {event["UID"] for event in before}
    assert [event["DTSTART;VALUE=DATE"] for event in moved] != [event["DTSTART;VALUE=DATE"] for event in before]


def test_same_plan_same_bytes() -> None:
    assert made() == made(schedule(PLACE, load_plan(PLACE), 2025))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=200))
def test_any_text_comes_back(value: str) -> None:
    line = folded(f"SUMMARY:{escaped(value)}")
    assert all(len(piece.encode()) <= 75 for piece in line.split("\r\n"))
    written = line.replace("\r\n ", "").removeprefix("SUMMARY:")
    assert unescaped(written) == value
    assert not re.search(r"[;,]", re.sub(r"\\.", "", written)), "a separator that is part of the text"


@pytest.mark.parametrize("char", ["\r", "\x00", "\x1b", "\x7f"])
def test_control_characters_do_not_get_in(char: str) -> None:
    assert char not in folded(f"SUMMARY:{escaped(f'а{char}б')}")


def test_dates_are_of_the_year() -> None:
    days = [date.fromisoformat(event["DTSTART;VALUE=DATE"]) for event in events(made())]
    assert all(date(2025, 9, 1) <= day <= date(2026, 8, 31) for day in days)
