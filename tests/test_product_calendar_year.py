"""The demo school's calendar year 2025 by the command line; its figures once more in plain pandas from its parts."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from conftest import copy_workspace, soko
from years import assert_attendance_and_offences_are_sums, on_roll, parts_of, tables

from soko.indicators import load_catalogue
from soko.order1324 import load_order
from soko.periods import Period
from soko.workspace import Workspace

PARTS = ("2024-2025/q3", "2024-2025/q4", "2024-2025/h2", "2024-2025/year", "2025-2026/q1", "2025-2026/q2")
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)

pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of 2025 and `soko indicators 2025`. Do not change it: copy it."""
    root = copy_workspace(tmp_path_factory.mktemp("year") / "school", *PARTS)
    done = soko("indicators", "2025", workspace=root)
    assert done.code == 0, done.out + done.err
    assert "sources.csv" in done.out
    return root


@pytest.fixture(scope="module")
def frame(workspace: Path) -> pd.DataFrame:
    return pd.read_parquet(workspace / "outputs" / "2025" / "indicators.parquet")


@pytest.fixture(scope="module")
def clean(workspace: Path):
    return tables(workspace)


def test_contingent_is_that_of_december(frame, clean):
    december = on_roll(clean("2025-2026/q2", "pupils"), date(2025, 12, 30))
    levels = december["grade"].map(lambda grade: 2 if grade < 5 else 3 if grade < 10 else 4)
    assert parts_of(frame, "1_1")[0] == len(december)
    for level, number in levels.value_counts().items():
        assert parts_of(frame, f"1_{level}")[0] == number


def test_marks_are_of_the_school_year_that_ended_in_may(frame, clean):
    """Marks of «year» where there are any, else of the second half-year; base – everybody on the lists of May."""
    may, year, half = clean("2024-2025/h2", "pupils"), clean("2024-2025/year", "marks"), clean("2024-2025/h2", "marks")
    marks = pd.concat([year, half[~half["pupil_id"].isin(year["pupil_id"])]])
    roll = on_roll(may, date(2025, 5, 26))
    marks = marks[marks["pupil_id"].isin(roll["pupil_id"]) & marks["mark"].isin(["5", "4", "3", "2", "н/а"])]
    high = marks.assign(high=marks["mark"].isin(["5", "4"])).groupby("pupil_id")["high"].all()
    assert parts_of(frame, "1_5") == (high.sum(), len(roll))
    assert parts_of(frame, "outcomes.quality") == (high.sum(), len(high))


def test_examinations_are_those_of_june(frame, clean):
    exams = clean("2024-2025/year", "exams")
    exams = exams[exams["status"].fillna("участвовал") == "участвовал"].sort_values(["held_on"], kind="stable")
    exams = exams.assign(exam_level=exams["exam_level"].fillna(""))
    last = exams.groupby(["pupil_id", "exam", "subject", "exam_level"]).last().reset_index()
    oge, ege = last[last["exam"] == "ОГЭ"], last[last["exam"] == "ЕГЭ"]
    russian = oge.loc[oge["subject"] == "Русский язык", "mark"].astype(int)
    assert parts_of(frame, "1_6") == (russian.sum(), len(russian))
    scores = ege.loc[ege["subject"] == "Русский язык", "score"]
    assert parts_of(frame, "1_8") == (scores.sum(), len(scores))
    graduates = clean("2024-2025/year", "graduates")
    assert parts_of(frame, "1_14") == ((~graduates.loc[graduates["grade"] == 9, "certificate"]).sum(), 48)


def test_contests_are_those_of_january_to_december(frame, clean):
    told = pd.concat([clean(part, "contests") for part in ("2024-2025/q3", "2024-2025/q4", "2025-2026/q2")])
    days = pd.to_datetime(told["held_on"])
    told = told[(days >= str(FIRST)) & (days <= str(LAST))]
    december = on_roll(clean("2025-2026/q2", "pupils"), LAST)
    there = told[told["pupil_id"].isin(december["pupil_id"])]
    assert parts_of(frame, "1_18") == (there["pupil_id"].nunique(), len(december))
    won = there[there["result"].isin(["победитель", "призёр"])]
    assert parts_of(frame, "1_19") == (won["pupil_id"].nunique(), len(december))
    assert parts_of(frame, "1_19_1")[0] == won.loc[
        won["event_level"].isin(["региональный", "межрегиональный"]), "pupil_id"].nunique()  # fmt: skip


def test_movement_adds_up_and_is_that_of_both_lists(frame, clean):
    former, latter = clean("2024-2025/q4", "pupils"), clean("2025-2026/q2", "pupils")
    start, end = set(on_roll(former, FIRST)["pupil_id"]), set(on_roll(latter, LAST)["pupil_id"])
    everybody = set(former["pupil_id"]) | set(latter["pupil_id"])
    gone_before = set(former.loc[pd.to_datetime(former["left_on"]) <= str(FIRST), "pupil_id"]) - set(latter["pupil_id"])
    assert parts_of(frame, "movement.at_start")[0] == len(start)
    assert parts_of(frame, "movement.at_end")[0] == len(end)
    assert parts_of(frame, "movement.arrived")[0] == len(everybody - start - gone_before)
    assert parts_of(frame, "movement.left")[0] == len(everybody - end - gone_before)


def test_attendance_and_offences_are_sums_of_four_quarters(frame, clean):
    terms = ("2024-2025/q3", "2024-2025/q4", "2025-2026/q1", "2025-2026/q2")
    assert_attendance_and_offences_are_sums(frame, clean, terms, LAST)


def test_staff_is_that_of_december_and_facts_those_of_may(frame, clean):
    staff = clean("2025-2026/q2", "staff")
    staff = staff[~staff["external"].fillna(False).astype(bool)]
    assert parts_of(frame, "1_24")[0] == staff["staff_id"].nunique()
    facts = clean("2024-2025/q4", "facts").set_index("code")["number"]
    may = on_roll(clean("2024-2025/q4", "pupils"), date(2025, 5, 26))
    assert parts_of(frame, "1_21") == (facts["1.21"], len(may))
    assert parts_of(frame, "2_1") == (pytest.approx(facts["2.1"] * len(may)), len(may))


def test_the_balances_of_order_1324_hold(workspace, frame):
    order = load_order(Workspace(workspace))
    assert order.balances

    for balance in order.balances:
        left, right = (
            sum(parts_of(frame, code.replace(".", "_"))[0] for code in codes) for codes in (balance.left, balance.right)
        )
        assert left == right if balance.relation == "=" else left <= right, balance


def test_every_row_of_4_6_and_every_code_of_order_1324_has_a_value(frame, shared):
    have = set(frame["indicator"])
    with (shared / "domain" / "criteria_4_6.csv").open(encoding="utf-8") as stream:
        wanted = {row["indicator"] for row in csv.DictReader(stream)}
    assert len(wanted) == 33
    with (shared / "domain" / "order1324.csv").open(encoding="utf-8") as stream:
        codes = [row["code"] for row in csv.DictReader(stream) if row["kind"] != "section"]
    wanted |= {"order1324." + code.replace(".", "_") for code in codes}
    assert wanted <= have


def test_every_line_says_what_it_took(workspace, frame):
    sources = pd.read_csv(workspace / "outputs" / "2025" / "sources.csv", dtype="str", keep_default_na=False)
    asked = [item.id for item in load_catalogue(Workspace(workspace)).for_period(Period(2025, "calendar"))]
    assert list(dict.fromkeys(sources["indicator"])) == asked
    assert set(frame["indicator"]) <= set(sources.loc[sources["periods"] != "", "indicator"])
    dated = (sources["as_of"] != "") | (sources["date_from"] != "") | (sources["remark"] != "")
    assert dated.all()
    from openpyxl import load_workbook

    book = load_workbook(workspace / "outputs" / "2025" / "indicators.xlsx", read_only=True)
    assert "Источники данных" in book.sheetnames


def test_the_commands_know_the_year(workspace, tmp_path):
    """Verified, explained, shown, computed again to the byte; notes are refused; a critical part stops everything."""
    root = tmp_path / "school"
    shutil.copytree(workspace, root)
    manifest = root / "outputs" / "2025" / "manifest.json"
    before = manifest.read_bytes()
    assert soko("verify", "2025", workspace=root).code == 0
    explained = soko("explain", "order1324.1_30_1", "--period", "2025", workspace=root)
    assert "взято на 26.05.2025, потому что в данных за 2025-2026/q1" in explained.out.replace("\xa0", " ")
    assert "таблицы data/clean/2025/2024-2025_" in explained.out
    assert "2025 " in soko("status", workspace=root).out
    again = soko("indicators", "2025", workspace=root)
    assert again.code == 0
    assert manifest.read_bytes() == before
    assert "Сведение" not in again.err
    refused = soko("report", "2025", workspace=root)
    assert refused.code == 2
    assert "soko indicators 2025" in refused.err
    path = root / "data" / "incoming" / "2025-2026" / "q1" / "Список обучающихся.csv"
    path.write_bytes(path.read_bytes().replace("5А".encode("cp1251"), "5Ъ".encode("cp1251")))
    stopped = soko("indicators", "2025", workspace=root)
    assert stopped.code == 1, stopped.out + stopped.err
    assert "soko validate 2025-2026/q1" in stopped.err
    assert manifest.read_bytes() == before
