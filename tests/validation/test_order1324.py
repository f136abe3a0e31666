"""params/order_1324.yaml: complete, in the order of the form, and refused when it contradicts itself."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from validation_builders import REPO, make_workspace

from soko.errors import ConfigError
from soko.order1324 import FILE, load_order
from soko.workspace import Workspace

FORM = Path(__file__).resolve().parents[3] / "shared" / "domain" / "order1324.csv"


def test_every_line_of_the_form_is_there():
    order = load_order(Workspace(REPO))
    assert len(order.codes) == 52
    assert [item.code for item in order.codes if item.code.startswith("1.")][-1] == "1.34"
    assert {item.parent for item in order.codes} == {"1", "1.19", "1.29", "1.30", "2", "2.4"}
    assert all(item.name and item.unit for item in order.codes)


@pytest.mark.skipif(not FORM.is_file(), reason="no ../shared folder with the form here")
def test_codes_and_kinds_are_those_of_the_form():
    with FORM.open(encoding="utf-8", newline="") as file:
        lines = [row for row in csv.DictReader(file) if row["kind"] != "section"]
    order = load_order(Workspace(REPO))
    assert [(item.code, item.kind) for item in order.codes] == [(row["code"], row["kind"]) for row in lines]
    for item, row in zip(order.codes, lines, strict=True):
        assert item.name == row["name_ru"].replace('"4"', "«4»").replace('"5"', "«5»")
        assert (f"({item.base})" in row["denominator"]) == (item.base != "") or not item.base


def test_a_share_is_taken_of_a_count():
    order = load_order(Workspace(REPO))
    kinds = {item.code: item.kind for item in order.codes}
    assert {kinds[item.base] for item in order.codes if item.base} == {"count"}
    assert {item.kind for item in order.codes if item.base} == {"share"}


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('code: "1.2"', 'code: "1.1"', "код 1.1 записан дважды"),
        ('base: "1.1"', 'base: "1.99"', "нет показателя с кодом 1.99"),
        ('right: ["1.24"]', 'right: ["1.240"]', "нет показателя с кодом 1.240; возможно, имелось в виду «1.24»"),
        ("kind: flag", "kind: yes_no", "не подходит"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(tmp_path, was, becomes, told):
    workspace = make_workspace(tmp_path)
    path = workspace.params / FILE
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        load_order(workspace)


def test_an_older_workspace_gets_the_list_of_the_program(tmp_path):
    workspace = make_workspace(tmp_path)
    (workspace.params / FILE).unlink()
    assert len(load_order(workspace).codes) == 52
