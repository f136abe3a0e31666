"""A column that nobody filled in is «нет данных»: never 0, never 100 %, in any indicator of the catalogue."""

from __future__ import annotations

import shutil

import clean_workspace as cw
import pytest
import random_school
from tiny_school import TABLES

from soko.indicators import compute, load_catalogue
from soko.tables import load_tables

# Columns whose empty cell is an answer, and what it then says.
ANSWERS = {
    # Nobody in the list has left, moved or arrived.
    ("pupils", "left_on"), ("pupils", "arrived_on"), ("pupils", "moved_on"), ("pupils", "moved_from"),
    # On the register still, or for ever.
    ("registers", "removed_on"), ("registers", "registered_on"),
    # Not removed: none of the orders has been carried out.
    ("conditions", "violations_fixed"),
    # A main result where the protocol does not say another term; no outside part-timer; weight 1; no programme's code.
    ("exams", "stage"), ("staff", "external"), ("expert_scores", "weight"), ("activities", "programme_id"),
    # The group of staff is that of teachers.
    ("staff", "staff_group"),
    # Two mathematics without their levels are two attempts at one exam; the rule exam_level of validation asks for it.
    ("exams", "exam_level"),
}  # fmt: skip

# A value at the end of its scale that is true all the same: with what is left, the two graduates of grade 11 are both
# below a minimum, and grade 9 is out of the base. Without stages every result of a study is its last one, and of
# several the worst counts: nobody is left out of a group of risk because a column is empty.
TRUE = {("external.below_minimum", "exams.mark"), ("adaptation.several_risks", "diagnostics.stage")}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = cw.make(tmp_path_factory.mktemp("untold"), halfyear_grades=[10, 11])
    shutil.copy(cw.REPO / "params" / "exams.yaml", made.params)
    return made


def _rounds(workspace):
    """Optional columns that somebody filled in, one of each table a round: tables hardly meet in an indicator."""
    contracts, columns = load_tables(workspace), {}
    for name, rows in TABLES.items():
        filled = {column for row in rows for column, value in row.items() if value is not None}
        own = [column for column in contracts[name].columns if column.name in filled - {"pupil_id", "class"}]
        columns[name] = [column.name for column in own if not column.required and (name, column.name) not in ANSWERS]
    return [
        {name: listed[number] for name, listed in columns.items() if number < len(listed)}
        for number in range(max(map(len, columns.values())))
    ]


def _wholes(frame):
    """indicator -> value over everything, or (indicator, item) where it is asked by items only."""
    over_all = frame[
        (frame[["school_id", "level", "class", "subject", "sex", "teacher"]] == "").all(axis=1) & frame["grade"].isna()
    ]
    return {(row["indicator"], row["item"]): row["value"] for row in over_all.to_dict("records")}


@pytest.mark.deep
def test_a_column_that_nobody_filled_in_is_neither_nought_nor_hundred(workspace):
    catalogue = load_catalogue(workspace)
    period = random_school.handed_in(workspace, TABLES)
    before, said = _wholes(compute(workspace, period, catalogue)), []
    for blanked in _rounds(workspace):
        given = {
            name: [{**row, blanked.get(name, ""): None} if name in blanked else row for row in rows]
            for name, rows in TABLES.items()
        }
        after = _wholes(compute(workspace, random_school.handed_in(workspace, given), catalogue))
        for key, value in after.items():
            ends = {"percent": (0, 100), "flag": (0, 1)}.get(catalogue[key[0]].unit, (0,))
            if key in before and value != before[key] and value in ends:
                tables = [f"{name}.{column}" for name, column in blanked.items() if name in catalogue.tables_of(key[0])]
                if not {(key[0], table) for table in tables} & TRUE:
                    said.append((key, before[key], value, tables))
    assert not said, "\n".join(map(str, said))
