"""Nothing of the plan hangs in the air: each of the 39 procedures has files, rules, indicators and a document."""

import csv
import json

import pytest
from conftest import ROOT

from soko import resources
from soko.indicators import load_catalogue
from soko.params import Params
from soko.plan import load_plan
from soko.plan.schedule import files_owed, periods, schedule
from soko.plan.tables import often
from soko.run.task_states import unlisted
from soko.workspace import Workspace
from soko.yamlio import load_raw

PLACE = Workspace.open(ROOT)
PLAN = load_plan(PLACE)
CATALOGUE = load_catalogue(PLACE)
PROCEDURES = {item.id: item for item in PLAN.procedures}

#: Documents whose notebook does not exist yet. A notebook that has come must leave this set, and its procedures get
#: their ``section`` in params/plan.yaml.
NOT_YET: set[str] = set()
#: What a school writes in «tables» that is no table of files.
_NO_TABLE = {"indicator history", "pupils (movement)", "conditions (expert scores)"}
_KINDS = {"четверть": "quarter", "полугодие": "half", "год": "year"}


def notebook_of(document: str):
    for kind in ("notes", "reports"):
        path = resources.notebook(f"{kind}/{document}", PLACE.notebooks)
        if path is not None:
            return path
    return None


def test_all_procedures_of_the_regulation(shared) -> None:
    with (shared / "domain" / "procedures_4_4.csv").open(encoding="utf-8") as stream:
        rows = {row["procedure"]: row for row in csv.DictReader(stream)}
    assert list(PROCEDURES) == list(rows)
    for name, row in rows.items():
        item = PROCEDURES[name]
        assert (item.clause, item.object, item.document) == (f"п. {row['clause']}", row["object"], row["note"]), name
        assert item.name == row["name_ru"], name
        assert item.methods == [word.strip() for word in row["method"].split(";")], name
        asked = {word.strip() for word in row["tables"].split(";")} - _NO_TABLE
        assert asked - set(item.tables) <= {"activities", "conditions", "staff"}, name


def test_periodicity_is_that_of_the_regulation(shared) -> None:
    params = Params(PLACE)
    with (shared / "domain" / "procedures_4_4.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        kinds = {p.kind for occasion in PROCEDURES[row["procedure"]].occasions for p in periods(occasion, params, 2025)}
        words = [word.strip().split(" (")[0] for word in row["periodicity"].split(",")]
        if words == ["год"]:  # once a year, in whatever term the regulation or the files say
            assert len(PROCEDURES[row["procedure"]].occasions) == 1, row["procedure"]
        else:
            assert {_KINDS[word] for word in words} == kinds, row["procedure"]


def test_periodicity_is_told_in_words() -> None:
    params = Params(PLACE)
    said = {item.id: often(item, params, 2025).replace("\u00a0", " ") for item in PLAN.procedures}
    assert said["results.interim"] == "каждая четверть, каждое полугодие, учебный год"
    assert said["organisation.safety"] == "1 полугодие, учебный год"
    assert said["organisation.destinations"] == "1 четверть"
    assert said["results.primary4"] == "4 четверть"
    assert said["organisation.public_reports"] == "2025 год"
    assert all(said.values())


def test_there_are_39() -> None:
    assert len(PROCEDURES) == 39


@pytest.mark.parametrize("name", PROCEDURES)
def test_files_have_contract_and_rules(name: str) -> None:
    for table in PROCEDURES[name].tables:
        assert CATALOGUE.tables[table].rules, table


@pytest.mark.parametrize("name", PROCEDURES)
def test_an_indicator_is_computed_when_the_document_is_due(name: str) -> None:
    item, params = PROCEDURES[name], Params(PLACE)
    for occasion in item.occasions:
        tables = set(item.tables_of(occasion))
        for period in periods(occasion, params, 2025):
            computed = [
                indicator
                for indicator in item.indicators
                if period.kind in CATALOGUE[indicator].periodicity and tables & set(CATALOGUE.tables_of(indicator))
            ]
            assert computed, f"{period.id}: none of {item.indicators} rests on {sorted(tables)} there"


@pytest.mark.parametrize("document", PLAN.documents)
def test_document_is_a_notebook(document: str) -> None:
    path = notebook_of(document)
    if document in NOT_YET:
        assert path is None, f"{document} exists: take it out of NOT_YET, give its procedures their section"
        return
    assert path is not None, f"no notebook notes/{document} or reports/{document}"


@pytest.mark.parametrize("name", PROCEDURES)
def test_section_is_a_cell_of_the_notebook(name: str) -> None:
    item = PROCEDURES[name]
    if item.document in NOT_YET:
        assert not item.section, "a section of a notebook that does not exist"
        return
    assert item.section, f"{name}: which part of {item.document} tells of it?"
    cells = json.loads(notebook_of(item.document).read_text(encoding="utf-8"))["cells"]
    code = [line for cell in cells if cell["cell_type"] == "code" for line in cell["source"]]
    calls = (f".{item.section}(", f'.section("{item.section}")')
    assert any(call in line for line in code for call in calls), item.section


@pytest.mark.parametrize("name", PROCEDURES)
def test_section_shows_an_indicator_of_the_procedure(name: str) -> None:
    """Where the note is a file of settings, it can be read there what a section shows."""
    item = PROCEDURES[name]
    path = PLACE.params / "narrative" / f"{item.document}.yaml"
    theme = load_raw(path)[0] if path.is_file() else {}
    shown = {
        indicator
        for section in theme.get("sections", [])
        if section["id"] == item.section
        for block in section.get("show", [])
        for indicator in block.get("indicators", [])
    }
    assert not shown or shown & set(item.indicators), f"{item.section} shows {sorted(shown)}"


def test_every_document_of_the_plan_is_a_note_of_its_period() -> None:
    """The demo's settings are the plan's: nothing that is due is left out of params/periods."""
    tasks = schedule(PLACE, PLAN, 2025)
    assert len({task.period for task in tasks}) == 8  # four terms, two half-years, the year, the calendar year
    assert unlisted(PLACE, tasks) == []


def test_destinations_are_a_note_of_autumn_on_the_files_of_autumn() -> None:
    """Files by 30 September, in the first term's own folder; the note comes with the others of the term."""
    task = next(task for task in schedule(PLACE, PLAN, 2025) if task.procedure.id == "organisation.destinations")
    assert (task.period.id, task.files_due.isoformat(), task.due.isoformat()) == (
        "2025-2026/q1",
        "2025-09-30",
        "2025-10-31",
    )
    assert files_owed([task]) == {("graduates", task.period): task.files_due}
    assert [period.id for period in task.sources] == ["2025-2026/q1"]
    assert all(task.period.kind in CATALOGUE[name].periodicity for name in task.procedure.indicators)


def test_every_document_ends_a_procedure() -> None:
    assert {item.document for item in PLAN.procedures} == set(PLAN.documents)
