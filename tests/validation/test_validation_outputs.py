"""What validation writes: findings.csv, the technical view, the marked workbooks, the protocol and its notebook."""

# ruff: noqa: F811 – fixtures are imported by name

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import html
from validation_builders import PERIOD, REPO, core as school
from validation_lab import fresh  # noqa: F401

from soko.findings import COLUMNS, Finding, to_frame
from soko.periods import Period
from soko.tables import load_tables
from soko.validation import reopened, returned, validate
from soko.validation.docs import render, write_checks
from soko.validation.protocol import Protocol
from soko.validation.run import write_findings
from soko.workspace import Workspace

SECRET = "Иванов-Секретный"


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """A validation of a period with faults of each severity and a name where none belongs."""
    from validation_builders import make_workspace

    workspace = make_workspace(tmp_path_factory.mktemp("outputs"))
    period = school()
    period.tables["marks"][3]["mark"] = "7"
    period.tables["pupils"][4]["sex"] = SECRET
    period.tables["attendance"][2]["lessons_missed_illness"] = 70
    for row in period.tables["pupils"]:
        row["full_name"] = SECRET
    results = [
        validate(workspace, PERIOD, workspace.root / name, returned=False, intake=period.intake())
        for name in ("out", "again")
    ]
    return results[0]


def pages(result) -> list[Path]:
    return sorted((result.workspace.root / "out" / "data_docs").glob("*.html"))


def test_findings_csv_has_the_contract_columns(spoilt):
    content = (spoilt.workspace.root / "out" / "findings.csv").read_bytes()
    assert b"\r" not in content
    rows = list(csv.DictReader(content.decode("utf-8").splitlines()))
    assert list(rows[0]) == COLUMNS
    assert [row["severity"] for row in rows] == sorted(
        (row["severity"] for row in rows), key=["critical", "warning", "info"].index
    )
    assert SECRET not in content.decode("utf-8")


def test_text_that_a_spreadsheet_takes_for_a_formula_is_disarmed(tmp_path):
    frame = to_frame([Finding("info", "marks", "r", file="=cmd.csv", sheet="@x", message_ru="+1")])
    write_findings(frame, tmp_path / "findings.csv")
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8").splitlines()[
        1
    ] == "info,marks,r,'=cmd.csv,'@x,,,,'+1"


def test_technical_view_has_a_page_a_table_and_a_list_of_all_rules(spoilt):
    judged = {run.table for run in spoilt.rules if not run.skipped}
    found = {path.stem: path for path in pages(spoilt)}
    assert found.keys() == {"index", *judged}
    assert {"attendance", "classes", "marks", "pupils", "staff"} <= judged
    index = html.parse(str(found["index"])).getroot()
    assert len(index.xpath("//tbody/tr")) == len(spoilt.rules)
    text = " ".join(html.parse(str(found["marks"])).getroot().text_content().split())
    assert "Отметка не распознана" in text
    assert "Не соответствует значений: 1" in text
    assert "Состояние: Есть замечания" in text
    assert not re.search(r"\d\.\d+ ?%", text), "a decimal point"
    for word in ("file_present", "attendance"):
        assert word not in index.text_content()


def test_technical_view_counts_what_the_reader_found(spoilt, tmp_path):
    """The protocol counts it; the list of all rules would otherwise say none."""
    read = [Finding("info", "marks", "subject_not_counted", cell=cell) for cell in ("A1", "A2", "A3")]
    intake = replace(school().intake(), findings=read)
    write_checks(tmp_path, PERIOD, {}, spoilt.rules, load_tables(spoilt.workspace), intake)
    render(tmp_path)
    page = html.parse(str(tmp_path / "data_docs" / "index.html")).getroot()
    last = [cell.text for cell in page.xpath("//tbody/tr")[-1]]
    assert last == [
        "Отметки за период", "Столбец ведомости не является учебным предметом", "при чтении файлов", "3"
    ]  # fmt: skip


def test_technical_view_asks_nothing_of_any_host(spoilt):
    for path in pages(spoilt):
        text = path.read_text(encoding="utf-8")
        root = html.document_fromstring(text)
        assert not root.xpath("//script|//link|//img|//iframe|//object|//embed|//form|//base|//*[@srcset]")
        for element, attribute, link, _ in root.iterlinks():
            assert not re.match(r"(?:[a-z]+:)?//|data:|javascript:", link, re.IGNORECASE), (element.tag, attribute)
            assert (path.parent / link).is_file()
        assert not re.search(r"https?:|url\(|@import|amazonaws|utm_", text)
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", text), "an id of the context or of a run"


def test_technical_view_holds_no_values_and_is_the_same_twice(spoilt):
    for path in pages(spoilt):
        text = path.read_text(encoding="utf-8")
        assert SECRET not in text
        assert "«7»" not in text
        assert text == (spoilt.workspace.root / "again" / "data_docs" / path.name).read_text(encoding="utf-8")


def test_only_a_changed_page_of_the_technical_view_is_made_again(spoilt, tmp_path, monkeypatch):
    from soko.validation import docs, gx

    shutil.copyfile(pages(spoilt)[0].parents[1] / "checks.json", tmp_path / "checks.json")
    docs.render(tmp_path, "code 1")
    folder = tmp_path / "data_docs"
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    made: list[str] = []
    whole = gx.page
    monkeypatch.setattr(gx, "page", lambda name, judged: made.append(name) or whole(name, judged))
    docs.render(tmp_path, "code 1")
    assert made == []
    facts = json.loads((tmp_path / "checks.json").read_text(encoding="utf-8"))
    name, other = sorted(facts["judged"])[:2]
    facts["judged"][name][0][1]["checked"] += 1
    (tmp_path / "checks.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / f"{other}.html").write_text("touched", encoding="utf-8")
    (folder / "no_longer_checked.html").write_text("old", encoding="utf-8")
    docs.render(tmp_path, "code 1")
    assert sorted(made) == [name, other]
    assert (folder / f"{other}.html").read_bytes() == first[f"{other}.html"]
    assert not (folder / "no_longer_checked.html").exists()
    made.clear()
    docs.render(tmp_path, "code 2")
    assert sorted(made) == sorted(facts["judged"])


def test_great_expectations_pages_would_ask_foreign_hosts(spoilt):
    """The guard above guards something: the untouched page does ask."""
    from soko.validation import gx

    check = gx.Check("r", "R", "expect_column_values_to_be_in_set", {"column": "a", "value_set": ["x"]})
    (outcome,) = gx.run("marks", pd.DataFrame({"a": [SECRET]}), [check])
    raw = gx.page("marks", [(check, outcome)])
    assert re.search(r"https://", raw)
    assert SECRET not in raw


# --- marked workbooks ---------------------------------------------------------------------------------------------


@pytest.fixture
def incoming(fresh) -> Path:
    folder = fresh.incoming(PERIOD)
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "5'А"
    sheet["A1"], sheet["B2"], sheet["C3"] = "Ведомость", "=1+1", "7"
    sheet.merge_cells("D4:E5")
    sheet.column_dimensions["A"].width = 33
    book.create_sheet("Другой")["A1"] = "как было"
    book.save(folder / "5А.xlsx")
    (folder / "pupils.csv").write_text("Код;Класс\n=HYPERLINK(1);5Ы\n", encoding="cp1251")
    return folder


def findings(*items: Finding) -> pd.DataFrame:
    return to_frame(items)


def test_workbook_comes_back_with_cells_marked_and_everything_else_kept(fresh, incoming):
    before = (incoming / "5А.xlsx").read_bytes()
    name = f"{PERIOD.id}/5А.xlsx"
    (path,) = returned.give_back(
        fresh,
        PERIOD,
        findings(
            Finding("critical", "marks", "r", name, "5'А", "C3", 3, "mark", "Отметка не распознана."),
            Finding("warning", "marks", "r", name, "5'А", "E5", 5, "mark", "В объединённой ячейке."),
            Finding("info", "marks", "r", name, "", "", None, "", "=Ко всему файлу."),
        ),
    )
    assert path == fresh.private_period(PERIOD) / "returned" / "5А.xlsx"
    assert (incoming / "5А.xlsx").read_bytes() == before
    assert path.stat().st_mode & 0o077 == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Замечания", "5'А", "Другой"]
    sheet = book["5'А"]
    assert sheet["C3"].fill.fgColor.rgb.endswith("F8A5A5")
    assert sheet["C3"].comment.text == "Критическое: Отметка не распознана."
    assert sheet["D4"].comment.text.startswith("Предупреждение")
    assert sheet["A1"].comment is None
    assert (sheet["A1"].value, sheet["B2"].value, sheet.column_dimensions["A"].width) == ("Ведомость", "=1+1", 33)
    listed = book["Замечания"]
    assert [cell.value for cell in listed[2]] == ["критическое", "5'А", "C3", "Отметка не распознана."]
    assert listed["C2"].hyperlink.location == "'5''А'!C3"
    assert (listed["D4"].value, listed["D4"].data_type, listed["D4"].quotePrefix) == ("=Ко всему файлу.", "s", True)


def test_csv_comes_back_as_a_workbook_in_which_text_is_no_formula(fresh, incoming):
    name = f"{PERIOD.id}/pupils.csv"
    (path,) = returned.give_back(
        fresh, PERIOD, findings(Finding("critical", "pupils", "r", name, "", "B2", 2, "class", "Класс."))
    )
    assert path.name == "pupils.csv.xlsx"
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["B2"].comment.text == "Критическое: Класс."


def test_a_copy_has_the_same_bytes_and_is_made_again_only_when_something_changed(fresh, incoming, monkeypatch):
    found = findings(Finding("critical", "marks", "r", f"{PERIOD.id}/5А.xlsx", "5'А", "C3", 3, "mark", "Плохо."))
    (path,) = returned.give_back(fresh, PERIOD, found)
    first = path.read_bytes()
    time.sleep(1.1)  # openpyxl's own time stamps are of a second
    path.unlink()
    returned.give_back(fresh, PERIOD, found)
    assert path.read_bytes() == first
    opened: list[Path] = []
    real = reopened.opened
    monkeypatch.setattr(reopened, "opened", lambda source, workspace: opened.append(source) or real(source, workspace))
    assert returned.give_back(fresh, PERIOD, found) == [path]
    assert opened == []
    (other,) = returned.give_back(fresh, PERIOD, found.assign(message_ru="Хуже."))
    assert (other, len(opened)) == (path, 1)
    assert path.read_bytes() != first


def test_what_somebody_corrected_in_place_is_kept_on_the_next_run(fresh, incoming):
    found = findings(Finding("critical", "marks", "r", f"{PERIOD.id}/5А.xlsx", "5'А", "C3", 3, "mark", "Плохо."))
    (path,) = returned.give_back(fresh, PERIOD, found)
    path.write_bytes(b"corrected by hand")
    (again,) = returned.give_back(fresh, PERIOD, found)
    assert again == path
    assert path.with_name("5А (исправлено 1).xlsx").read_bytes() == b"corrected by hand"
    returned.give_back(fresh, PERIOD, findings())
    assert not path.exists()


def test_a_returned_workbook_that_is_sent_in_again_has_one_list(fresh, incoming):
    found = findings(Finding("critical", "marks", "r", f"{PERIOD.id}/5А.xlsx", "5'А", "C3", 3, "mark", "Плохо."))
    (path,) = returned.give_back(fresh, PERIOD, found)
    shutil.copy(path, incoming / "5А.xlsx")
    (path,) = returned.give_back(fresh, PERIOD, found)
    assert openpyxl.load_workbook(path).sheetnames == ["Замечания", "5'А", "Другой"]


def test_a_file_without_a_faulty_cell_is_not_sent_back(fresh, incoming):
    name = f"{PERIOD.id}/5А.xlsx"
    found = findings(
        Finding("info", "marks", "r", name, "5'А", "C3", 3, "mark", "К сведению."),
        Finding("warning", "marks", "r", name, message_ru="О файле в целом."),
    )
    assert returned.give_back(fresh, PERIOD, found) == []


def test_a_file_that_cannot_be_read_is_passed_over(fresh, incoming):
    (incoming / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    found = findings(Finding("critical", "", "file_damaged", f"{PERIOD.id}/broken.xlsx", message_ru="Файл повреждён."))
    assert returned.give_back(fresh, PERIOD, found) == []


# --- the protocol -------------------------------------------------------------------------------------------------


def test_protocol_says_what_where_whose_and_what_to_do(spoilt):
    blocks = Protocol(spoilt).all()
    text = json.dumps([block.model_dump(mode="json") for block in blocks], ensure_ascii=False)
    assert SECRET not in text
    assert not re.search(r"None|nan\b|NaN", text)
    verdict = next(block for block in blocks if block.type == "callout")
    assert verdict.markdown.startswith("Данные использовать нельзя: 1\u00a0критическое замечание.")
    tables = {block.caption: block for block in blocks if block.type == "table"}
    owners = tables["Замечания по ответственным, файлам и листам"]
    assert ["Классный руководитель", "5А.xlsx", "Лист1", "1"] in [row.cells[:4] for row in owners.rows]
    details = tables["Замечания с адресами"]
    assert details.rows[0].cells[2] == "5А.xlsx, лист «Лист1», ячейка E5"
    skipped = {row.cells[0]: row.cells[1] for row in tables["Правила, которые не применялись"].rows}
    exams = load_tables(spoilt.workspace)["exams"]
    assert skipped[f"Нет таблицы «{exams.title}»"] == f"все правила этой таблицы ({len(exams.rules)})"
    assert "«Число отметок заметно отличается от прошлого периода»" in str(skipped)


def test_protocol_joins_equal_messages_and_says_how_many_are_not_shown(spoilt):
    protocol = Protocol(spoilt)
    items = [Finding("warning", "marks", "r", "f", "s", f"A{i}", i, "mark", "Одно и то же.") for i in range(1, 21)]
    items += [Finding("info", "marks", "r", "f", "s", f"B{i}", i, "mark", f"Разное {i}.") for i in range(100)]
    frame = to_frame(items)
    protocol.__dict__["findings"] = frame.assign(title="Отметки", owner="Кто-то")
    (_, table) = protocol.details(first=10)
    assert len(table.rows) == 10
    assert table.rows[0].cells[2] == "f, лист «s», ячейки A1, A2, A3, A4, A5, A6, A7, A8 и\u00a0ещё\u00a012"
    assert table.notes == ["Показаны первые 10 из 101; все – в файле findings.csv."]


def test_protocol_names_folders_in_words_and_a_text_file_has_no_sheet(spoilt):
    protocol = Protocol(dataclasses.replace(spoilt, returned=[Path("a.xlsx")]))
    items = [
        Finding("warning", "pupils", "two_classes", f"{PERIOD.id}/Список.csv", "CSV", "A2", 2, "class", "Дважды."),
        Finding("warning", "marks", "subject_no_marks", f"{PERIOD.id}/5А.xlsx", "Лист1", message_ru="Нет отметок."),
    ]
    frame = to_frame(items)
    protocol.__dict__["findings"] = frame.assign(
        title="Отметки", owner=[protocol.owner(name) for name in frame["table"]]
    )
    (todo,) = protocol.todo()
    assert "в папке возврата `data/private/" in todo.markdown
    assert "Ещё в 1 файле отмечать нечего" in todo.markdown
    places = [row.cells[2] for row in protocol.details()[1].rows]
    assert places == ["5А.xlsx, лист «Лист1»", "Список.csv, ячейка A2"]


def test_protocol_of_good_data(fresh, tmp_path):
    result = validate(fresh, PERIOD, tmp_path / "out", docs=False, returned=False, intake=school().intake())
    protocol = Protocol(result)
    (verdict,) = protocol.verdict()
    assert verdict.markdown == "Замечаний к данным нет, они пригодны для расчёта показателей."
    assert protocol.details() == []
    assert "Ничего делать не нужно" in protocol.todo()[0].markdown


def test_notebook_is_thin_has_parameters_and_no_outputs():
    notebook = json.loads((REPO / "notebooks" / "01_validate.ipynb").read_text(encoding="utf-8"))
    cells = notebook["cells"]
    assert len(cells) <= 12
    assert [cell["id"] for cell in cells] == [f"c{i:02d}" for i in range(1, len(cells) + 1)]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    (parameters,) = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert "".join(parameters["source"]) == 'workspace = ""\nperiod = ""\nout = ""'


# --- real data ----------------------------------------------------------------------------------------------------


def test_real_school_of_two_files_has_no_critical_finding(tmp_path, shared):
    from soko import scaffold

    scaffold.init(tmp_path / "w")
    workspace = Workspace.open(tmp_path / "w")
    period = Period.parse("2025-2026/t3")
    workspace.incoming(period).mkdir(parents=True)
    for name in ("pupils.csv", "marks.csv"):
        shutil.copy(shared / "data" / "uci_student_expected" / name, workspace.incoming(period))
    result = validate(workspace, period, tmp_path / "out", docs=False)
    assert result.count("critical") == 0
    pupils = pd.read_parquet(workspace.clean(period) / "pupils.parquet")
    marks = pd.read_parquet(workspace.clean(period) / "marks.parquet")
    assert len(pupils) == 686
    assert set(pupils["school_id"]) == {"GP", "MS"}
    expected = pd.read_csv(shared / "data" / "uci_student_expected" / "expected_subject_school.csv").query("term == 3")
    counted = marks.groupby(["school_id", "subject"]).size()
    assert counted.to_dict() == expected.set_index(["school_id", "subject"])["N"].to_dict()


@pytest.mark.deep
@pytest.mark.slow
def test_demo_school_has_its_planted_warnings_and_no_name_in_any_output(tmp_path):
    from conftest import copy_workspace

    workspace = Workspace.open(copy_workspace(tmp_path / "w", "2025-2026/q4"))
    result = validate(workspace, Period.parse("2025-2026/q4"), tmp_path / "out")
    assert result.count("critical") == 0
    assert 5 <= result.count("warning") <= 30
    people = pd.read_parquet(workspace.private_period(result.period) / "people.parquet")
    surnames = {name.split()[0] for name in people.loc[people["kind"] == "pupil", "full_name"]}
    blocks = json.dumps([block.model_dump(mode="json") for block in Protocol(result).all()[2:-1]], ensure_ascii=False)
    written = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file()]
    words = set(re.findall(r"[А-ЯЁ][а-яё]+", " ".join([*written, blocks])))
    staff = {part for person in [*_people(workspace)] for part in re.findall(r"[А-ЯЁ][а-яё]+", person)}
    assert not (surnames & words) - staff


def _people(workspace: Workspace) -> list[str]:
    from soko.params import Params

    school = Params(workspace).school
    return [person.name for person in (school.director, school.author, *school.responsible.values())]
