"""The relation ``exam_scales`` of the bench: what params/exams.yaml sets for the exams of the period's school year."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

import pyarrow as pa

from soko.errors import ConfigError
from soko.exam_scales import exam_day, read_exam_scales
from soko.hints import did_you_mean
from soko.params import Params
from soko.periods import Period

if TYPE_CHECKING:
    import duckdb

_FIELDS: list[tuple[str, pa.DataType]] = [
    ("exam", pa.string()),
    ("subject", pa.string()),
    ("exam_level", pa.string()),
    ("minimum", pa.float64()),
    ("max_primary", pa.float64()),
    ("three", pa.float64()),
    ("four", pa.float64()),
    ("five", pa.float64()),
    ("conditional", pa.bool_()),
    ("minimum_source", pa.string()),
    ("source", pa.string()),
]


def add_exam_scales(connection: duckdb.DuckDBPyConnection, params: Params, period: Period) -> None:
    """Make ``exam_scales``, a row an exam, subject and level («» where an exam has none)."""
    titles = [subject.title for subject in params.subjects.subjects]
    known = list(read_exam_scales(params.workspace).on(exam_day(period)))
    for item in known:
        if item.subject not in titles:
            raise ConfigError(
                f"нет такого предмета: «{item.subject}»{did_you_mean(item.subject, titles)}",
                where="params/exams.yaml",
                todo="возьмите название из params/subjects.yaml",
            )
    rows = [astuple(item) for item in known]
    arrays = [pa.array([row[i] for row in rows], kind) for i, (_, kind) in enumerate(_FIELDS)]
    connection.register("exam_scales", pa.table(arrays, names=[name for name, _ in _FIELDS]))
