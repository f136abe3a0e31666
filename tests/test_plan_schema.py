"""A plan that names what does not exist is refused with file, line and the nearest name."""

from datetime import date
from pathlib import Path

import pytest
from conftest import copy_workspace

from soko.errors import ConfigError
from soko.plan import load_plan, schedule
from soko.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace.open(copy_workspace(tmp_path / "school"))


def change(place: Workspace, old: str, new: str) -> int:
    """Replace the first ``old``; return its line."""
    path = place.params / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refused(place: Workspace) -> str:
    with pytest.raises(ConfigError) as caught:
        schedule(place, load_plan(place), 2025)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[outcomes.quality,", "[outcomes.qualty,", "нет; возможно, имелось в виду «outcomes.quality»"),
        ("tables: [marks, attendance", "tables: [markz, attendance", "таблицы «markz» нет; возможно"),
        ("document: contests", "document: contest", "документа «contest» нет; возможно, имелось в виду «contests»"),
        ("form: continuous", "form: continous", "формы «continous» нет; возможно, имелось в виду «continuous»"),
        ("levels: [administration, class]", "levels: [administration, clas]", "уровня «clas» нет"),
        ("object: governance", "object: governanse", "объекта «governanse» нет; возможно, имелось в виду «governance»"),
        ("{period: half,", "{period: haf,", "вида периода «haf» нет; возможно, имелось в виду «half»"),
        ("files: [own, any_term]", "files: [own, any_tern]", "места файлов «any_tern» нет; возможно"),
        ("due: {workdays_after_end: 5}", "due: {workdays_after_end: 5, month: 6}", "либо workdays_after_end"),
        ("due: {month: 7, day: 10}", "due: {month: 6, day: 31}", "нет 31-го числа"),
        ("due: {month: 7, day: 10}", "due: {month: 7}", "month и day вместе"),
        ("id: results.oge", "id: results.ege", "процедура «results.ege» записана дважды"),
        ("key: outcomes", "key: outcome", "ключа «outcome» в school.yaml нет; возможно, имелось в виду «outcomes»"),
        ("tables: [attendance]}", "tables: [pupils]}", "таблицы процедуры «pupils» нет"),
        ("files_before: 2", "files_befor: 2", "неизвестный ключ «files_befor»; возможно"),
    ],
)  # fmt: skip
def test_mistakes_have_a_line(place: Workspace, old: str, new: str, says: str) -> None:
    line = change(place, old, new)
    message = refused(place)
    assert says in message
    assert "plan.yaml" in message
    assert f"строка {line}" in message
    assert "Что сделать" in message


def test_a_document_has_the_latest_date_of_its_procedures(place: Workspace) -> None:
    change(place, "{period: year, due: {month: 6, day: 15}}", "{period: year, due: {month: 6, day: 22}}")
    tasks = schedule(place, load_plan(place), 2025)
    found = {task.due for task in tasks if task.procedure.document == "conditions" and task.period.kind == "year"}
    assert found == {date(2026, 6, 22)}


def test_a_date_before_the_period_is_refused(place: Workspace) -> None:
    line = change(
        place, "{period: last_term, due: {workdays_after_end: 7}}", "{period: last_term, due: {month: 2, day: 2}}"
    )
    message = refused(place)
    assert "раньше начала периода 2025-2026/q4" in message
    assert f"plan.yaml, строка {line}" in message


def test_files_after_their_document_are_refused(place: Workspace) -> None:
    line = change(place, "files_due: {month: 9, day: 30}", "files_due: {month: 11, day: 20}")
    message = refused(place)
    assert "срок файлов 20.11.2025 позже срока документа 31.10.2025" in message
    assert f"plan.yaml, строка {line}" in message


def test_a_workspace_without_a_plan_has_the_programs(place: Workspace) -> None:
    (place.params / "plan.yaml").unlink()
    (place.params / "days_off.yaml").unlink()
    assert len(schedule(place, load_plan(place), 2025)) > 39


def test_a_school_that_names_nobody_is_well(place: Workspace) -> None:
    school = place.params / "school.yaml"
    text = school.read_text(encoding="utf-8")
    start, end = text.index("responsible:"), text.index("levels:")
    school.write_text(text[:start] + text[end:], encoding="utf-8")
    assert load_plan(place).procedures
