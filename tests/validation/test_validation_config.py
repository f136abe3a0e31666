"""A wrong rule is told with the file, the line and the nearest valid name."""

# ruff: noqa: F811 – fixtures are imported by name

from __future__ import annotations

import pytest
from validation_builders import PERIOD, make_workspace, school
from validation_lab import fresh  # noqa: F401

from soko.errors import ConfigError
from soko.tables import load_tables
from soko.validation import validate
from soko.validation.messages import fill
from soko.workspace import Workspace

RULE = """
rules:
  - id: own
    title: Своё правило
    severity: warning
    message: "{message}"
    {body}
"""


def with_rule(workspace: Workspace, body: str, message: str = "Плохо.", table: str = "marks") -> int:
    """Replace the table's rules with one; return the line of its first line after ``message``.

    The other tables' rules go: Great Expectations would judge a whole school before it comes to the wrong one.
    """
    path = workspace.tables / f"{table}.yaml"
    head = path.read_text(encoding="utf-8").split("\nrules:\n")[0]
    for other in workspace.tables.glob("*.yaml"):
        rules = other.read_text(encoding="utf-8")
        other.write_text(rules.split("\nrules:\n")[0] + "\n", encoding="utf-8")
    text = head + RULE.format(body=body, message=message)
    path.write_text(text, encoding="utf-8")
    return 1 + text.split("\n").index("    " + body.split("\n")[0])


def refused(workspace: Workspace) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        validate(workspace, PERIOD, workspace.root / "out", docs=False, returned=False, intake=school().intake())
    return caught.value


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("check: subjct = 'История'", "нет столбца «subjct»; возможно, имелось в виду «subject»"),
        ("check: EXISTS (SELECT 1 FROM pupil)", "нет таблицы «pupil»; возможно, имелось в виду «pupils»"),
        ("check: lenght(subject) > 1", "нет функции «lenght»"),
        ("check: subject = ", "выражение записано с ошибкой"),
        ("check: mark > $least", "нет предела «least»"),
        ("check: full_name IS NOT NULL", "нет столбца «full_name»"),
        ("check: CAST(subject AS DATE) > 5", "выражение не вычисляется"),
        ("check: class_subject.n > 0", "нет таблицы «class_subject»; возможно, имелось в виду «class_subjects»"),
    ],
)
def test_wrong_expression(fresh, body, message):
    line = with_rule(fresh, body)
    error = refused(fresh)
    assert message in error.message
    assert "«own»" in error.message
    assert error.where == f"validation/tables/marks.yaml, строка {line}"


def test_wrong_name_in_a_message_kwargs_and_needs(fresh):
    with_rule(fresh, "check: mark = '9'", message="Отметка {subjct}.")
    assert "неизвестное поле «subjct»; возможно, имелось в виду «subject»" in refused(fresh).message


def test_wrong_needs(fresh):
    with_rule(fresh, "check: mark = '9'\n    needs: [pupil]")
    assert "«pupil»; возможно, имелось в виду «pupils»" in refused(fresh).message


def test_wrong_expectation(fresh):
    with_rule(fresh, "expectation: expect_column_values_to_be_odd\n    column: mark")
    assert "нет ожидания" in refused(fresh).message


@pytest.mark.parametrize(
    ("body", "message", "told"),
    [
        ("check: mark = '9'", "Имя {full_name}.", "личные данные"),
        ("check: mark = '9'\n    column: teacher", "Имя {value}.", "личные данные"),
        ("column: mark", "Плохо.", "нужно выражение check"),
        ("check: mark = '9'", "Плохо {.", "скобка"),
    ],
)
def test_schema_refuses(fresh, body, message, told):
    with_rule(fresh, body, message)
    with pytest.raises(ConfigError, match=told):
        load_tables(fresh)


@pytest.mark.deep
def test_a_school_adds_a_rule_without_touching_python(tmp_path):
    workspace = make_workspace(tmp_path)
    with_rule(
        workspace,
        "check: class <> $closed OR subject <> 'История'\n    limits: {closed: 5А}\n    column: mark",
        "{class}: «{subject}», {count:раз|раза|раз}, кроме {closed}.",
    )
    result = validate(workspace, PERIOD, tmp_path / "out", docs=False, returned=False, intake=school().intake())
    found = result.findings
    assert set(found["message_ru"]) == {"5А: «История», 12\u00a0раз, кроме 5А."}
    assert list(found["rule"]) == ["own"] * 12
    assert not result.is_critical


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("{n:отметка|отметки|отметок}", {"n": 1}, "1\u00a0отметка"),
        ("{n:отметка|отметки|отметок}", {"n": 2}, "2\u00a0отметки"),
        ("{n:отметка|отметки|отметок}", {"n": 5}, "5\u00a0отметок"),
        ("{n:отметка|отметки|отметок}", {"n": 11}, "11\u00a0отметок"),
        ("{n:отметка|отметки|отметок}", {"n": 112}, "112\u00a0отметок"),
        ("{n:отметка|отметки|отметок}", {"n": 21}, "21\u00a0отметка"),
        ("{n:отметка|отметки|отметок}", {"n": 0}, "0\u00a0отметок"),
        ("{n:отметка|отметки|отметок}", {"n": 1.5}, "1,5\u00a0отметки"),
        ("{n:?вошла|вошли}", {"n": 21}, "вошла"),
        ("{n:?вошла|вошли}", {"n": 12}, "вошли"),
        ("{x:.1}", {"x": 93.75}, "93,8"),
        ("{x}", {"x": 93.75}, "93,75"),
        ("{x}", {"x": None}, "не указано"),
        ("{x}", {"x": float("nan")}, "не указано"),
        ("{x}", {"x": __import__("datetime").date(2042, 4, 11)}, "11.04.2042"),
    ],
)
def test_messages_speak_russian(template, values, expected):
    assert fill(template, values) == expected


COMMON = """rules:
  - id: own
    title: Своё правило
    severity: warning
    tables: [{tables}]
    rows: SELECT * FROM $table
    check: {check}
    message: Плохо.
"""


@pytest.mark.parametrize(
    ("tables", "check", "message", "line"),
    [
        ("marks, mark", "1 = 1", "нет таблицы «mark»; возможно, имелось в виду «marks»", ""),
        ("marks, marks", "1 = 1", "у таблицы «marks» правило записано дважды", ""),
        ("pupils", "clas IS NULL", "нет столбца «clas»; возможно, имелось в виду «class»", ", строка 7"),
    ],
)
def test_wrong_common_rule(fresh, tables, check, message, line):
    path = fresh.tables.with_name("common.yaml")
    path.write_text(COMMON.format(tables=tables, check=check), encoding="utf-8")
    error = refused(fresh)
    assert message in error.message
    assert error.where is not None
    assert error.where.endswith(f"validation/common.yaml{line}")


def test_a_workspace_without_common_rules_has_those_of_its_tables(fresh):
    fresh.tables.with_name("common.yaml").unlink()
    assert not [rule for table in load_tables(fresh).values() for rule in table.rules if rule.id == "as_year_ago"]


def test_a_rule_of_a_year_ago_says_what_is_missing(fresh):
    with_rule(fresh, "check: mark IN (SELECT y.mark FROM year_ago_marks AS y)\n    needs: [year_ago_marks]")
    result = validate(fresh, PERIOD, fresh.root / "out", docs=False, returned=False, intake=school().intake())
    (run,) = [run for run in result.rules if run.rule == "own"]
    assert run.skipped == "нет данных того же периода год назад: «Отметки за период»"
