"""The demo school's report of 2025 by the command line: complete, the same twice, refused and nothing half-written."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import copy_workspace, soko

from soko.errors import ConfigError, DataError, UsageError
from soko.periods import Period
from soko.run import self_assessment
from soko.self_assessment.settings import ASSESSMENTS
from soko.workspace import Workspace

#: Those of 2025, and of 2024 as far as the demo school has it: the texts and confirmations speak of the year before.
PARTS = ("2024-2025/q1", "2024-2025/q2", "2024-2025/h1", "2024-2025/q3", "2024-2025/q4", "2024-2025/h2",
         "2024-2025/year", "2025-2026/q1", "2025-2026/q2", "2025-2026/h1")  # fmt: skip
YEAR = Period(2025, "calendar")


def copied(folder: Path, *parts: str) -> Path:
    return copy_workspace(folder / "school", *parts)


def settings(root: Path, name: str) -> Path:
    return root / "params" / "reports" / "self_assessment" / name


def hashes(root: Path) -> dict[str, str]:
    manifest = json.loads((root / "outputs" / "2025" / "manifest.json").read_text(encoding="utf-8"))
    return {name: entry["sha256"] for name, entry in manifest["outputs"].items()}


def test_a_year_without_data(tmp_path):
    root = copied(tmp_path, "2025-2026/q2")
    done = soko("self-assessment", "2019", workspace=root)
    assert (done.code, "за 2019 календарный год нет файлов" in done.err) == (1, True), done.err
    assert not (root / "outputs" / "2019").exists()


def test_only_a_calendar_year(tmp_path):
    place = Workspace.open(copied(tmp_path))
    with pytest.raises(UsageError, match="календарный год"):
        self_assessment.publish(place, Period.parse("2025-2026/q1"))


@pytest.mark.parametrize(
    ("name", "text", "error", "says"),
    [
        ("school.yaml", "years: {}\n", DataError, "не утверждено"),
        ("staff.md", "Учителей {teachers.pedagoges}.\n", ConfigError, "teachers.pedagogues"),
        ("confirmed.yaml", "years: {2025: [{what: '1.1', by: Я}]}\n", ConfigError, "date"),
    ],
)
def test_refused_before_any_work(tmp_path, name, text, error, says):
    root = copied(tmp_path, "2025-2026/q2")
    settings(root, name).write_text(text, encoding="utf-8")
    with pytest.raises(error, match=says):
        self_assessment.publish(Workspace.open(root), YEAR)
    assert not (root / "outputs" / "2025").exists()
    assert not (root / "data" / "clean").exists()


def test_the_public_edition_waits_for_what_is_open(tmp_path):
    """Not made, a draft, not approved: each is said; then the documents are those of the public folder."""
    root = copied(tmp_path, "2025-2026/q2")
    place, stage = Workspace.open(root), tmp_path / "stage"
    with pytest.raises(DataError, match="не выпускался"):
        self_assessment.documents(place, YEAR, "public", stage)
    folder = root / "outputs" / "2025" / "reports"
    folder.mkdir(parents=True)
    (root / "outputs" / "2025" / "manifest.json").write_text('{"reports": {"self_assessment": "k"}}', encoding="utf-8")
    head = "kind,holds,place,message,what,value,confirmed\n"
    (folder / "remarks.csv").write_text(f"{head}unchanged,draft,1.1,как год назад,1.1,485,\n", encoding="utf-8")
    with pytest.raises(DataError, match="как год назад"):
        self_assessment.documents(place, YEAR, "public", stage)
    (folder / "remarks.csv").write_text(f"{head}unchanged,draft,1.1,как год назад,1.1,485,Я\n", encoding="utf-8")
    (job,) = self_assessment.documents(place, YEAR, "public", stage)
    assert job.arguments["target"] == str(stage / "public" / "self_assessment.ipynb")
    assert job.arguments["parameters"]["audience"] == "public"
    school = settings(root, "school.yaml")
    text = school.read_text(encoding="utf-8")
    school.write_text(text.replace("    approved: {number: 57-о, date: 2026-04-10}\n", ""), encoding="utf-8")
    with pytest.raises(DataError, match="не утверждён"):
        self_assessment.documents(place, YEAR, "public", stage)


@pytest.mark.deep
def test_whole_year(tmp_path):  # one year, one test: to compute it takes minutes
    root = copied(tmp_path, *PARTS)
    done = soko("self-assessment", "2025", workspace=root)
    assert done.code == 0, done.out + done.err
    assert "ПРОЕКТ" not in done.out, done.out
    _complete(root)
    _nothing_to_do_twice(root)
    _only_the_report_is_made_again(root)
    _published(root, tmp_path / "site")
    _contradicting_facts_stop_it(root)


def _complete(root: Path) -> None:
    folder = root / "outputs" / "2025" / "reports"
    assert {path.name for path in folder.iterdir()} == {
        "self_assessment.ipynb", "self_assessment.html", "self_assessment.pdf", "self_assessment.docx",
        "order_1324.xlsx", "order_1324.csv", "remarks.csv", "carried.json"}  # fmt: skip
    html = (folder / "self_assessment.html").read_text(encoding="utf-8").replace("\xa0", " ")
    headings = " ".join(re.findall(r"<h[23][^>]*>(.*?)</h[23]>", html, re.DOTALL)).lower()
    for words in ASSESSMENTS.values():
        assert words in headings, words
    assert "Экземпляр для учредителя" in html
    assert not re.search(r"NaN|None|человек/%</td><td[^>]*>человек/%", html)
    with (folder / "order_1324.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({row["code"] for row in rows}) == 52
    assert [row["code"] for row in rows if not row["text"] or not row["when"]] == []
    sheet = openpyxl.load_workbook(folder / "order_1324.xlsx")["Показатели"]
    assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True) if row[3]} == {row["code"] for row in rows}
    index = (root / "outputs" / "2025" / "index.html").read_text(encoding="utf-8")
    assert "reports/self_assessment.pdf" in index
    assert "reports/order_1324.xlsx" in index
    assert soko("verify", "2025", workspace=root).code == 0
    status = soko("status", "2025", workspace=root)
    for words in ("срок 20.04.2026", "2025/prospects.md"):
        assert words in status.out, status.out


def _nothing_to_do_twice(root: Path) -> None:
    before = hashes(root)
    done = soko("self-assessment", "2025", workspace=root)
    assert (done.code, "Изменений нет" in done.out) == (0, True), done.out + done.err
    assert hashes(root) == before


def _only_the_report_is_made_again(root: Path) -> None:
    """A new word in a text: nothing is checked or computed again; the same text as before gives the same bytes."""
    before, place = hashes(root), Workspace.open(root)
    text = settings(root, "staff.md")
    words = text.read_text(encoding="utf-8")
    text.write_text(words + "\nСредняя нагрузка – 31,973 часа.\n", encoding="utf-8")
    done = soko("self-assessment", "2025", "--why", workspace=root)
    assert (done.code, "ПРОЕКТ" in done.out, "31,973" in done.out) == (0, True, True), done.out + done.err
    after = hashes(root)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed <= {"index.html"} | {
        f"reports/{name}"
        for name in (
            "self_assessment.ipynb",
            "self_assessment.html",
            "self_assessment.pdf",
            "self_assessment.docx",
            "remarks.csv",
        )
    }
    with pytest.raises(DataError, match=r"31,973"):
        self_assessment.documents(place, YEAR, "public", root / "elsewhere")
    text.write_text(words, encoding="utf-8")
    assert soko("self-assessment", "2025", workspace=root).code == 0
    assert hashes(root) == before


def _published(root: Path, site: Path) -> None:
    """Nothing of its public edition is taken for a leak, and it stands on the site."""
    done = soko("publish", "2025", "--to", str(site), workspace=root)
    assert done.code == 0, done.out + done.err
    assert (site / "2025" / "self_assessment.html").is_file()


def _contradicting_facts_stop_it(root: Path) -> None:
    """A reading room that is not there and has computers: refused, both lines named, the last report untouched."""
    before = hashes(root)
    kept = {path: path.read_bytes() for path in (root / "outputs" / "2025" / "reports").iterdir()}
    found = 0
    for path in (root / "data" / "incoming").rglob("*1324*.csv"):
        text = path.read_text(encoding="cp1251")
        turned = re.sub(r"(?m)^(2\.4;.*;)да;", r"\1нет;", text)
        found += turned != text
        path.write_text(turned, encoding="cp1251")
    assert found, "the demo has line 2.4 among its facts"
    done = soko("self-assessment", "2025", workspace=root)
    told = done.err.replace("\xa0", " ")
    assert (done.code, "2.4.1 – «да», а в общей строке 2.4 – «нет»" in told) == (1, True), done.out + done.err
    assert {path: path.read_bytes() for path in kept} == kept
    assert hashes(root) == before
    shutil.rmtree(root / "outputs")
