"""The demo school's school year by the command line; its figures once more in plain pandas from its parts."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import axe
import pandas as pd
import pytest
from browser import CHROMIUM
from conftest import ROOT, copy_workspace, soko
from years import assert_attendance_and_offences_are_sums, on_roll, parts_of, tables

YEAR = "2025-2026/year"
QUARTERS = tuple(f"2025-2026/q{n}" for n in (1, 2, 3, 4))
LAST = date(2026, 5, 26)
pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of 2025-2026 and `soko report` of the year. Do not change it: copy it."""
    root = copy_workspace(tmp_path_factory.mktemp("year") / "school", "2025-2026")
    done = soko("report", YEAR, workspace=root)
    assert done.code == 0, done.out + done.err
    return root


@pytest.fixture(scope="module")
def frame(workspace: Path) -> pd.DataFrame:
    return pd.read_parquet(workspace / "outputs" / YEAR / "indicators.parquet")


@pytest.fixture(scope="module")
def clean(workspace: Path):
    return tables(workspace)


def test_every_row_of_4_6_has_a_value(frame, shared):
    with (shared / "domain" / "criteria_4_6.csv").open(encoding="utf-8") as stream:
        wanted = {row["indicator"] for row in csv.DictReader(stream)}
    assert len(wanted) == 33
    assert wanted <= set(frame["indicator"])


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None or axe.script() is None, reason="no Chromium or no axe-playwright-python here")
def test_axe_finds_no_violation_in_any_note(browser, workspace, tmp_path):
    school = shutil.copytree(workspace, tmp_path / "school")
    shutil.copyfile(ROOT / "params" / "periods" / f"{YEAR}.yaml", school / "params" / "periods" / f"{YEAR}.yaml")
    assert soko("report", YEAR, workspace=school).code == 0
    notes = sorted((school / "outputs" / YEAR / "notes").glob("*.html"))
    assert len(notes) > 8
    for note in notes:
        browser.open(note)
        assert axe.violations(browser) == [], note.name


def test_contingent_and_movement_are_those_of_the_lists(frame, clean):
    told = clean("2025-2026/q4", "pupils")
    start, end = on_roll(told, date(2025, 9, 1)), on_roll(told, LAST)
    assert parts_of(frame, "order1324.1_1")[0] == len(end) == parts_of(frame, "movement.at_end")[0]
    assert parts_of(frame, "movement.at_start")[0] == len(start)
    days = {name: pd.to_datetime(told[name]) for name in ("arrived_on", "left_on")}
    for name, indicator in (("arrived_on", "movement.arrived"), ("left_on", "movement.left")):
        inside = (days[name] > "2025-09-01") & (days[name] <= str(LAST))
        assert parts_of(frame, indicator)[0] == inside.sum()


def test_quality_rests_on_marks_of_the_year_else_of_the_last_term(frame, clean):
    year, half = clean(YEAR, "marks"), clean("2025-2026/h2", "marks")
    marks = pd.concat([year, half[~half["pupil_id"].isin(year["pupil_id"])]])
    roll = on_roll(clean("2025-2026/q4", "pupils"), LAST)
    marks = marks[marks["pupil_id"].isin(roll["pupil_id"]) & marks["mark"].isin(["5", "4", "3", "2", "н/а"])]
    high = marks.assign(high=marks["mark"].isin(["5", "4"])).groupby("pupil_id")["high"].all()
    passed = marks.assign(passed=marks["mark"].isin(["5", "4", "3"])).groupby("pupil_id")["passed"].all()
    assert parts_of(frame, "outcomes.quality") == (high.sum(), len(high))
    assert parts_of(frame, "outcomes.success") == (passed.sum(), len(passed))
    assert parts_of(frame, "order1324.1_5") == (high.sum(), len(roll))


def test_attendance_and_offences_are_sums_of_four_quarters(frame, clean):
    assert_attendance_and_offences_are_sums(frame, clean, QUARTERS, LAST)


def test_contests_of_all_quarters_count_a_pupil_once(frame, clean):
    told = pd.concat([clean(part, "contests") for part in QUARTERS[1:]])
    roll = on_roll(clean("2025-2026/q4", "pupils"), LAST)
    there = told[told["pupil_id"].isin(roll["pupil_id"])]
    assert parts_of(frame, "outcomes.contest_participation") == (there["pupil_id"].nunique(), len(roll))
    won = there[there["result"].isin(["победитель", "призёр"])]
    assert parts_of(frame, "order1324.1_19") == (won["pupil_id"].nunique(), len(roll))


def test_examinations_certificates_destinations_and_works(frame, clean):
    exams, graduates = clean(YEAR, "exams"), clean(YEAR, "graduates")
    exams = exams[exams["status"].fillna("участвовал") == "участвовал"].sort_values(["held_on"], kind="stable")
    last = (
        exams.groupby(["pupil_id", "exam", "subject", exams["exam_level"].fillna("")])
        .last()
        .reset_index(level=[0, 1, 2])
    )
    oge = last[last["exam"] == "ОГЭ"]
    assert parts_of(frame, "external.gia9") == (oge["mark"].astype(int).sum(), len(oge))
    nine = graduates[graduates["grade"] == 9]
    assert parts_of(frame, "outcomes.certificate_9") == (nine["certificate"].sum(), len(nine))
    before = clean("2025-2026/q1", "graduates")
    nine = before[before["grade"] == 9]
    assert parts_of(frame, "socialisation.after_9") == (nine["destination"].isin(["10 класс", "СПО"]).sum(), len(nine))
    works = clean("2025-2026/q4", "exams")
    works = works[(works["exam"] == "ВПР") & works["mark"].notna()]
    assert parts_of(frame, "vpr.mean_mark") == (works["mark"].astype(int).sum(), len(works))


def test_states_are_those_of_the_last_term_that_has_them(frame, clean):
    staff = clean("2025-2026/q4", "staff")
    own = staff[staff["staff_group"].eq("педагогический") & ~staff["external"].fillna(False).astype(bool)]
    assert parts_of(frame, "order1324.1_24")[0] == own["staff_id"].nunique()
    health = clean("2025-2026/q4", "health")
    roll = on_roll(clean("2025-2026/q4", "pupils"), LAST)
    sport = health[health["pupil_id"].isin(roll["pupil_id"]) & health["sport"].fillna(False).astype(bool)]
    assert parts_of(frame, "health.sport") == (sport["pupil_id"].nunique(), len(roll))
    parents = clean("2025-2026/q4", "parents")
    told = parents[parents["participating"] <= parents["families"]]  # «22 of 20» is a mistake, and no share of anything
    assert parts_of(frame, "parents.participation") == (told["participating"].sum(), told["families"].sum())
    rates = clean("2025-2026/q1", "staffing")
    rates = rates[rates["rates_qualified"].notna() & (rates["rates_planned"] > 0)]
    assert parts_of(frame, "conditions.staffing")[1] == pytest.approx(rates["rates_planned"].sum())


def test_the_run_says_what_it_took_and_repeats_nothing(workspace):
    """Terms that were checked stay so, and the note names them."""
    out = workspace / "outputs" / YEAR
    manifest = (out / "manifest.json").read_bytes()
    page = (out / "notes" / "academic_results.html").read_text(encoding="utf-8").replace("\xa0", " ")
    page = re.sub(r"<[^>]+>", "", page)
    assert "по файлам папки года и периодов: 1-я четверть, 2-я четверть" in page
    findings = pd.read_csv(out / "validation" / "findings.csv", dtype=str, keep_default_na=False)
    folders = {Path(name).parts[1] for name in findings.loc[findings["file"].str.startswith("2025-2026"), "file"]}
    assert {"q4", "year"} <= folders, "findings of all parts are there"
    of_marks = findings.loc[findings["table"] == "marks", "file"]
    assert {Path(name).parts[1] for name in of_marks if name} == {"year"}, "no marks of terms are counted"
    assert "file_present" not in set(findings.loc[findings["table"] == "attendance", "rule"]), "the quarters have it"
    again = soko("indicators", YEAR, workspace=workspace)
    assert again.code == 0
    assert "Данные периода" not in again.err
    assert "Сведение" not in again.err
    assert (out / "manifest.json").read_bytes() == manifest


def test_a_broken_term_stops_the_year(workspace, tmp_path):
    import shutil

    root = tmp_path / "school"
    shutil.copytree(workspace, root)
    path = root / "data" / "incoming" / "2025-2026" / "q3" / "Список обучающихся.csv"
    path.write_bytes(path.read_bytes().replace("5А".encode("cp1251"), "5Ъ".encode("cp1251")))
    before = (root / "outputs" / YEAR / "manifest.json").read_bytes()
    stopped = soko("report", YEAR, workspace=root)
    assert stopped.code == 1, stopped.out + stopped.err
    assert "soko validate 2025-2026/q3" in stopped.err
    assert (root / "outputs" / YEAR / "manifest.json").read_bytes() == before
    checked = [line for line in stopped.err.splitlines() if "Данные периода" in line and "готово" in line]
    assert len(checked) == 1, "only the quarter that was changed is checked again"


@pytest.fixture(scope="module")
def told(workspace, tmp_path_factory) -> Path:
    """The same year with its reports and its data sheet."""
    root = tmp_path_factory.mktemp("told") / "school"
    shutil.copytree(workspace, root)
    done = soko("report", YEAR, "--report", "public_report", "--report", "management_summary", workspace=root)
    assert done.code == 0, done.out + done.err
    done = soko("data-sheet", YEAR, workspace=root)
    assert done.code == 0, done.out + done.err
    return root


def test_reports_and_the_data_sheet_stand_beside_the_notes(told):
    folder = told / "outputs" / YEAR / "reports"
    for name in ("public_report", "management_summary"):
        assert all((folder / f"{name}.{suffix}").is_file() for suffix in ("ipynb", "html", "pdf", "docx")), name
    assert (folder.parent / "notes" / "academic_results.html").is_file()
    index = (folder.parent / "index.html").read_text(encoding="utf-8")
    assert "reports/public_report.html" in index
    assert "reports/data_sheet.csv" in index
    assert soko("verify", YEAR, workspace=told).code == 0
    again = soko("report", YEAR, "--report", "public_report", workspace=told)
    assert "Изменений нет" in again.out


def test_the_summary_of_the_demo_is_one_page(told):
    from soko.publish import document, pdf

    made = document.read(told / "outputs" / YEAR / "reports" / "management_summary.ipynb")
    assert len(pdf.pictures(made, 20)) == 1


def test_the_public_report_names_only_who_consented(told):
    from soko.periods import Period
    from soko.reports import settings, winners
    from soko.workspace import Workspace

    place, year = Workspace.open(told), Period.parse(YEAR)
    text = (told / "outputs" / YEAR / "reports" / "public_report.html").read_text(encoding="utf-8")
    chosen = settings.public_report(
        place, pd.read_parquet(told / "outputs" / YEAR / "indicators.parquet").indicator, ()
    )
    allowed = {item.name for item in winners.named(place, year, LAST, chosen.winners)[0]}
    people = pd.read_parquet(told / "data" / "private" / YEAR / "people.parquet")
    named = {" ".join(name.split()[:2]) for name in people.loc[people["kind"] == "pupil", "full_name"]}
    assert allowed
    assert {name for name in named if name in text} == allowed


def test_the_sheet_is_what_its_receiver_takes(told, frame):
    sheet = told / "outputs" / YEAR / "reports" / "data_sheet.json"
    done = soko("data-sheet", "--check", str(sheet))
    assert done.code == 0, done.out
    with sheet.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    [quality] = [row for row in rows if row["indicator"] == "outcomes.quality" and not (row["level"] or row["grade"])]
    assert (float(quality["numerator"]), float(quality["denominator"])) == parts_of(frame, "outcomes.quality")
    data = sheet.with_suffix(".csv")
    data.write_text(data.read_text(encoding="utf-8").replace(",206,438,", ",207,438,"), encoding="utf-8")
    done = soko("data-sheet", "--check", str(sheet))
    assert done.code == 1
    assert "принять нельзя" in done.out


def test_every_public_document_of_the_year_stands_on_the_site(told, tmp_path):
    """None of them is taken for a leak: targets, changes, other examinations print as hidden figures do."""
    root, site = tmp_path / "school", tmp_path / "site"
    shutil.copytree(told, root)
    shutil.copyfile(ROOT / "params" / "periods" / f"{YEAR}.yaml", root / "params" / "periods" / f"{YEAR}.yaml")
    for command in (["report", YEAR, "--audience", "public"], ["publish", YEAR, "--to", str(site)]):
        done = soko(*command, workspace=root)
        assert done.code == 0, done.out + done.err
    made = {path.stem for path in (site / YEAR).glob("*.html")}
    assert {"academic_results", "public_report", "conditions", "health", "staff"} <= made
