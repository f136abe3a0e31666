"""The Data Package of a period: it keeps the specification, names nobody, and is never half written."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from intake_school import incoming, workspace

from soko import clean, datapackage
from soko.datapackage import csvfile
from soko.errors import DataError, UsageError
from soko.forms.form import form_of
from soko.intake import Context
from soko.periods import Period
from soko.tables import load_tables
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
PERIOD = Period.parse("2025-2026/q2")
TABLES = load_tables(Workspace(ROOT))
PUPILS = [{"school_id": "s", "pupil_id": f"p_{n:012x}", "class": "5А", "sex": "м", "grade": 5} for n in range(3)]
MARKS = [
    {"school_id": "s", "pupil_id": pupil["pupil_id"], "class": "5А", "subject": "Химия", "mark": mark}
    for pupil, mark in zip(PUPILS, ["5", "4", "н/а"], strict=True)
]


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """A clean table; columns that the rows do not have are empty."""
    kinds = {column.name: clean.TYPES[column.type] for column in TABLES[name].columns}
    kinds |= {"grade": pa.int64(), "level": pa.string()}
    schema = pa.schema([(column, kinds[column]) for column in clean.columns(TABLES[name])])
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)


def cleaned(space: Workspace, **rows: list[dict[str, Any]]) -> Workspace:
    """The workspace with these clean tables, later than its files."""
    (incoming(space, PERIOD.id) / "list.csv").write_text("x")
    clean.write({name: table(name, given) for name, given in rows.items()}, space.clean(PERIOD))
    for path in space.clean(PERIOD).iterdir():
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))
    return space


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "school")


def everything() -> dict[str, list[dict[str, Any]]]:
    """A row of every table, from the examples of the forms."""
    context = Context.open(Workspace(ROOT), PERIOD)
    rows = {}
    for name, contract in TABLES.items():
        row = {item.column.name: item.example for item in form_of(contract, context).fields}
        row = {key: value for key, value in row.items() if key in clean.columns(contract)}
        for column in contract.columns:
            if column.type == "boolean" and column.name in row and row[column.name]:
                row[column.name] = row[column.name] == "да"
        rows[name] = [row | {"school_id": "s"}]
    return rows


def read(folder: Path, resource: dict[str, Any]) -> list[dict[str, str]]:
    with (folder / resource["path"]).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cast(kind: str, value: str) -> Any:
    """A value by the default formats of Table Schema."""
    if kind == "boolean":
        return {"true": True, "false": False}[value]
    return {"string": str, "integer": int, "number": float, "date": date.fromisoformat}[kind](value)


def check(folder: Path) -> dict[str, Any]:
    """Hold the package against the specification; give its descriptor."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["licenses"][0]["name"]
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert len(resources) == len(package["resources"]) > 0
    assert {path.name for path in folder.iterdir()} == {"datapackage.json", *(r["path"] for r in resources.values())}
    content = {name: read(folder, resource) for name, resource in resources.items()}
    for name, resource in resources.items():
        assert re.fullmatch(r"[-a-z0-9._/]+", name)
        raw = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(raw)
        assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"
        schema = resource["schema"]
        names = [field["name"] for field in schema["fields"]]
        assert raw.decode().split("\n")[0] == ",".join(names)
        assert len(set(names)) == len(names)
        for field in schema["fields"]:
            assert field["title"]
            constraints = field.get("constraints", {})
            assert constraints.keys() <= {"required", "enum"}
            for row in content[name]:
                value = row[field["name"]]
                assert value != "" or "required" not in constraints
                assert value == "" or cast(field["type"], value) is not None
                assert value == "" or value in constraints.get("enum", [value])
        if key := schema.get("primaryKey"):
            rows = [tuple(row[column] for column in key) for row in content[name]]
            assert len(set(rows)) == len(rows)
            assert "" not in {value for row in rows for value in row}
        for reference in schema.get("foreignKeys", []):
            here, there = reference["fields"], reference["reference"]["fields"]
            assert type(here) is type(there)
            here, there = ([here], [there]) if isinstance(here, str) else (here, there)
            known = {tuple(row[column] for column in there) for row in content[reference["reference"]["resource"]]}
            said = {tuple(row[column] for column in here) for row in content[name]} - {("",) * len(here)}
            assert said <= known
    return package


def schema_of(package: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item["schema"] for item in package["resources"] if item["name"] == name)


def field_of(package: dict[str, Any], name: str, column: str) -> dict[str, Any]:
    return next(field for field in schema_of(package, name)["fields"] if field["name"] == column)


def test_every_table_makes_a_valid_package(space: Workspace) -> None:
    folder, names = datapackage.export(cleaned(space, **everything()), PERIOD)
    assert names == list(TABLES)
    assert folder == space.root / "data" / "export" / PERIOD.id
    package = check(folder)
    for name, contract in TABLES.items():
        columns = [field["name"] for field in schema_of(package, name)["fields"]]
        assert columns == clean.columns(contract)
        assert not contract.personal & set(columns)
        for column in contract.columns:
            if column.name in columns and column.values:
                assert field_of(package, name, column.name)["constraints"]["enum"] == column.values


def test_keys_and_references(space: Workspace) -> None:
    folder, _ = datapackage.export(cleaned(space, pupils=PUPILS, marks=MARKS), PERIOD)
    package = check(folder)
    assert schema_of(package, "marks")["primaryKey"] == ["school_id", "pupil_id", "subject"]
    assert {
        "fields": "pupil_id", "reference": {"resource": "pupils", "fields": "pupil_id"}
    } in schema_of(package, "marks")["foreignKeys"]  # fmt: skip


def test_what_the_data_do_not_keep_is_told_and_not_declared(space: Workspace) -> None:
    """A word outside of the list, an unknown pupil, a repeated key: warnings of validation, and the rows are here."""
    marks = [*MARKS, {"school_id": "s", "pupil_id": "p_ffffffffffff", "subject": "Химия", "mark": "7"}]
    rows = {"pupils": PUPILS, "marks": [*marks, marks[-1]]}
    package = check(datapackage.export(cleaned(space, **rows), PERIOD)[0])
    assert "primaryKey" not in schema_of(package, "marks")
    assert "foreignKeys" not in schema_of(package, "marks")
    mark = field_of(package, "marks", "mark")
    assert "enum" not in mark["constraints"]
    assert "есть и другие значения" in mark["description"]


def test_same_pupil_code_in_two_schools_refers_within_the_school(space: Workspace) -> None:
    pupils = [*PUPILS, PUPILS[0] | {"school_id": "other"}]
    package = check(datapackage.export(cleaned(space, pupils=pupils, marks=MARKS), PERIOD)[0])
    assert schema_of(package, "marks")["foreignKeys"][0]["fields"] == ["school_id", "pupil_id"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"), ("-5", "'-5"), ("@x", "'@x"), ("\tx", "'\tx"), ("а=1", "а=1"), (-5, "-5"), (18.0, "18"),
        (0.1, "0.1"), (True, "true"), (None, ""), (date(2025, 9, 1), "2025-09-01"),
    ],
)  # fmt: skip
def test_cells(value: Any, shown: str) -> None:
    assert csvfile.cell(value) == shown


def test_same_data_give_the_same_bytes(space: Workspace, tmp_path: Path) -> None:
    cleaned(space, pupils=PUPILS, marks=MARKS)
    one, two = (datapackage.export(space, PERIOD, tmp_path / name)[0] for name in "ab")
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}


def test_refuses_a_period_that_was_not_checked(space: Workspace) -> None:
    with pytest.raises(DataError, match="soko validate 2025-2026/q2"):
        datapackage.export(space, PERIOD)


def test_refuses_a_period_with_critical_findings(space: Workspace) -> None:
    cleaned(space, pupils=PUPILS)
    findings = space.outputs(PERIOD) / "validation" / "findings.csv"
    findings.parent.mkdir(parents=True)
    findings.write_text("severity,table\ncritical,marks\n", encoding="utf-8")
    with pytest.raises(DataError, match="критические"):
        datapackage.export(space, PERIOD)
    findings.write_text("severity,table\nwarning,marks\n", encoding="utf-8")
    check(datapackage.export(space, PERIOD)[0])


def test_refuses_tables_older_than_the_files(space: Workspace) -> None:
    cleaned(space, pupils=PUPILS)
    late = incoming(space, PERIOD.id) / "marks.csv"
    late.write_text("x")
    os.utime(late, (late.stat().st_atime, late.stat().st_mtime + 60))
    with pytest.raises(DataError, match="изменились после проверки"):
        datapackage.export(space, PERIOD)


def test_refuses_a_folder_with_other_files(space: Workspace, tmp_path: Path) -> None:
    cleaned(space, pupils=PUPILS)
    target = tmp_path / "documents"
    target.mkdir()
    (target / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="другие файлы"):
        datapackage.export(space, PERIOD, target)
    assert [path.name for path in target.iterdir()] == ["letter.txt"]


def test_failure_leaves_the_former_package(space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned(space, pupils=PUPILS)
    folder, _ = datapackage.export(space, PERIOD, tmp_path / "package")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr("soko.datapackage.descriptor.package", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        datapackage.export(space, PERIOD, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".package")] == []
