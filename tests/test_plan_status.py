"""Whose turn it is: from a missing file over checked and rejected ones to the approved document."""

import csv
import json
import os
from datetime import date
from pathlib import Path

import pytest
from conftest import PERIOD, ROOT, copy_workspace, soko

from soko.params import Params
from soko.periods import Period
from soko.plan import words
from soko.run import hashing, manifest, status, told_plan
from soko.run.task_states import TaskState
from soko.workspace import Workspace

WHEN = Period.parse(PERIOD)
TODAY = date(2026, 5, 28)
FILE = "2025-2026/q4/Профилактический учёт.csv"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace.open(copy_workspace(tmp_path / "school", every_note=True))


def put(place: Workspace, name: str = FILE, content: str = "любые строки\n") -> Path:
    path = place.root / "data" / "incoming" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def checked(place: Workspace, tables: dict[str, str], critical: tuple[str, ...] = (), period: Period = WHEN) -> None:
    """What a check of the period leaves: which file holds which table, and critical findings."""
    folder = place.outputs(period) / "validation"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "accounting.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([["table", "file", "read"], *([table, name, 3] for table, name in tables.items())])
    with (folder / "findings.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(
            [["severity", "table", "file"], *(["critical", table, tables[table]] for table in critical)]
        )


def state(place: Workspace, name: str = "upbringing.offences", when: Period = WHEN, today: date = TODAY) -> TaskState:
    found = {item.task.procedure.id: item for item in status.planned(place, when, today=today).tasks}
    return found[name]


def test_nothing_has_come(place: Workspace) -> None:
    item = state(place)
    assert item.state == "files"
    assert item.turn == "Социальный педагог (Л.\u00a0Р.\u00a0Мамедова)"
    assert "data/incoming/2025-2026/q4" in item.todo
    assert item.missing == ("Профилактический учёт",)
    assert not item.overdue
    assert state(place, today=date(2026, 6, 1)).overdue  # the files were due on 29 May


def test_a_new_file_is_to_be_checked(place: Workspace) -> None:
    put(place)
    item = state(place)
    assert item.state == "unchecked"
    assert item.turn.startswith("Заместитель директора по УВР")
    assert item.todo == "проверить файлы: soko validate 2025-2026/q4"


def test_a_checked_file_has_arrived(place: Workspace) -> None:
    put(place)
    checked(place, {"registers": FILE})
    item = state(place)
    assert item.state == "ready"
    assert item.files["registers"].files == (FILE,)
    assert item.turn.startswith("Заместитель директора по УВР")
    assert item.todo == "выпустить: soko report 2025-2026/q4 --note upbringing"


def test_a_document_that_has_no_notebook_is_written_by_whoever_answers_for_it(place: Workspace) -> None:
    plan = place.params / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    named = text.replace("  upbringing: {title", "  round_table: {title")
    plan.write_text(named.replace("document: upbringing\n", "document: round_table\n"), encoding="utf-8")
    put(place)
    checked(place, {"registers": FILE})
    item = state(place)
    assert item.state == "ready"
    assert item.turn == "Социальный педагог (Л.\u00a0Р.\u00a0Мамедова)"
    assert item.todo == "составить документ: тетради для него нет"


def test_a_file_with_critical_findings_goes_back_to_its_owner(place: Workspace) -> None:
    put(place)
    checked(place, {"registers": FILE}, critical=("registers", "registers"))
    item = state(place)
    assert item.state == "rejected"
    assert item.files["registers"].critical == 2
    assert item.turn == "Социальный педагог (Л.\u00a0Р.\u00a0Мамедова)"


def test_a_returned_file_stops_the_whole_period(place: Workspace) -> None:
    """Nothing of a period is published while one of its files is refused: «можно выпускать» would be no truth."""
    put(place)
    other = put(place, "2025-2026/q4/Диагностика.csv")
    tables = {"registers": FILE, "diagnostics": f"2025-2026/q4/{other.name}"}
    checked(place, tables, critical=("diagnostics",))
    item = state(place)
    assert item.state == "held"
    assert item.turn == "Педагог-психолог (А.\u00a0О.\u00a0Щеглова)"
    assert item.todo == "исправить по протоколу «Диагностика.csv»: до этого период не выпускается"
    assert told_plan.state_words(item) == "выпуск периода остановлен"
    publish(place, "upbringing")
    (place.params / "school.yaml").write_text((place.params / "school.yaml").read_text(encoding="utf-8") + "\n# .\n")
    assert state(place).state == "stale"
    assert "«Диагностика.csv»" in state(place).todo, "it cannot be published anew either"
    other.write_text("исправлено\n", encoding="utf-8")
    assert state(place).state == "stale"
    assert "soko report" in state(place).todo


def test_a_file_that_is_no_table_stops_the_period_too(place: Workspace) -> None:
    put(place)
    odd = put(place, "2025-2026/q4/фото.csv")
    checked(place, {"registers": FILE})
    folder = place.outputs(WHEN) / "validation"
    with (folder / "findings.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(["critical", "", f"2025-2026/q4/{odd.name}"])
    assert state(place).state == "held"
    assert state(place).turn.startswith("Заместитель директора по УВР (Е.")


def test_a_period_without_its_chief_table_is_not_published(place: Workspace) -> None:
    """Files of September wait for the lists of the term; what comes later is new and may be what lacked."""
    put(place)
    checked(place, {"registers": FILE})
    folder = place.outputs(WHEN) / "validation"
    with (folder / "findings.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(["critical", "marks", ""])
    assert state(place).state == "held"
    assert state(place).turn == "Классный руководитель"
    assert state(place).todo == "сдать отметки за период: до этого период не выпускается"
    put(place, "2025-2026/q4/Ведомость 7А.csv")
    assert state(place).state == "ready"


def test_who_hands_a_file_in_is_named_by_the_post(place: Workspace) -> None:
    """The contract knows the post alone; where one person of the school has it, that is who."""
    school = Params(place).school
    assert words.owner(school, "contests", "заместитель директора по ВР").endswith("(Д.\u00a0Э.\u00a0Каримова)")
    assert words.owner(school, "marks", "классный руководитель") == "Классный руководитель"
    own = {"contests": school.author, **school.responsible}
    assert words.owner(school.model_copy(update={"responsible": own}), "contests", "директор").endswith("Лаптева)")


@pytest.mark.parametrize(("rule", "is_there"), [("table_empty", False), ("table_nothing", True)])
def test_an_empty_table_has_arrived_only_when_it_says_that_there_was_nothing(
    place: Workspace, rule: str, is_there: bool
) -> None:
    put(place)
    checked(place, {"registers": FILE})
    findings = place.outputs(WHEN) / "validation" / "findings.csv"
    findings.write_text(f"severity,table,rule,file\nwarning,registers,{rule},{FILE}\n", encoding="utf-8-sig")
    item = state(place)
    assert (item.state == "rejected") is not is_there
    assert (item.files["registers"].kind == "arrived") is is_there


def test_a_file_changed_since_is_new_again(place: Workspace) -> None:
    path = put(place)
    checked(place, {"registers": FILE}, critical=("registers",))
    path.write_text("исправлено\n", encoding="utf-8")
    os.utime(path, (0, 0))  # a copy of an old file keeps its date and is new here all the same
    assert state(place).state == "unchecked"


def test_the_check_of_the_period_itself_counts(place: Workspace) -> None:
    put(place)
    checked(place, {"registers": FILE})
    # A year that reads the same folder refuses the file because of another one: the term is not concerned.
    checked(place, {"registers": FILE}, critical=("registers",), period=Period.parse("2025-2026/year"))
    assert state(place).state == "ready"
    assert state(place, when=Period.parse("2025-2026/year")).state == "rejected"


def test_a_file_without_any_table_is_named(place: Workspace) -> None:
    put(place)
    odd = put(place, "2025-2026/q4/фото.csv")
    checked(place, {"registers": FILE})
    planned = status.planned(place, WHEN, today=TODAY)
    assert planned.unread == [f"2025-2026/q4/{odd.name}"]


def publish(place: Workspace, note: str) -> None:
    """A publication whose manifest agrees with what is there."""
    key = hashing.sha256_json([manifest.inputs(place, WHEN), manifest.environment(place)])
    manifest.write(place, WHEN, place.outputs(WHEN), {"inputs_key": key, "notes": {note: key}})


def test_from_the_published_document_to_the_approved_one(place: Workspace) -> None:
    put(place)
    checked(place, {"registers": FILE})
    publish(place, "upbringing")
    item = state(place, today=date(2027, 1, 1))
    assert item.state == "reported"
    assert item.turn == "Директор (Н.\u00a0П.\u00a0Верещагина)"
    assert not item.overdue
    path = place.params / "periods" / f"{PERIOD}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "approved_on: 2026-06-02\n", encoding="utf-8")
    publish(place, "upbringing")
    item = state(place)
    assert (item.state, item.turn, item.todo) == ("approved", "", "")
    todo = status.planned(place, WHEN, todo=True, today=TODAY)
    assert "upbringing.offences" not in {one.task.procedure.id for one in todo.tasks}


def test_a_changed_setting_makes_the_document_stale_but_the_plan_does_not(place: Workspace) -> None:
    put(place)
    checked(place, {"registers": FILE})
    publish(place, "upbringing")
    plan = place.params / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("files_before: 2", "files_before: 3"), encoding="utf-8")
    assert state(place).state == "reported"
    school = place.params / "school.yaml"
    school.write_text(school.read_text(encoding="utf-8").replace("Верещагина", "Иванова"), encoding="utf-8")
    assert state(place).state == "stale"
    assert "soko report 2025-2026/q4 --note upbringing" in state(place).todo


def test_a_note_that_the_plan_asks_for_and_the_settings_leave_out(place: Workspace) -> None:
    assert status.planned(place, WHEN, today=TODAY).unlisted == []
    path = place.params / "periods" / f"{PERIOD}.yaml"
    text = path.read_text(encoding="utf-8").replace("notes: [academic_results, ", "notes: [")
    path.write_text(text, encoding="utf-8")
    assert status.planned(place, WHEN, today=TODAY).unlisted == [("academic_results", WHEN)]
    done = soko("status", PERIOD, workspace=place.root)
    assert done.code == 0, done.err
    assert "добавьте academic_results в params/periods/2025-2026/q4.yaml" in done.out


def test_command_line_in_russian_and_for_programs(place: Workspace) -> None:
    put(place)
    done = soko("status", PERIOD, workspace=place.root)
    assert done.code == 0, done.err
    assert "Отсев обучающихся" in done.out
    assert "02.06.2026" in done.out
    assert "проверить файлы: soko validate 2025-2026/q4" in done.out
    told = json.loads(soko("status", PERIOD, "--json", workspace=place.root).out)
    assert {task["period"] for task in told["tasks"]} == {PERIOD}
    assert {task["state"] for task in told["tasks"]} == {"unchecked"}
    assert told["periods"][0]["files"] == 1
    whole = json.loads(soko("status", PERIOD, "--all", "--json", workspace=place.root).out)
    assert {task["procedure"] for task in whole["tasks"]} == {item.id for item in status.load_plan(place).procedures}


def test_the_demo_school_of_the_repository_is_told_of() -> None:
    done = soko("status", PERIOD, workspace=ROOT)
    assert done.code == 0, done.err
    assert "План мониторинга" in done.out
