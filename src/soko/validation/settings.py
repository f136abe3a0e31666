"""What a bench holds besides the tables: the school's settings, order 1324, printed totals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from soko.order1324 import load_order
from soko.params import Params
from soko.periods import Period

if TYPE_CHECKING:
    import duckdb


def records(rows: list[list[Any]], fields: list[tuple[str, pa.DataType]]) -> pa.Table:
    """Rows as a table with the given columns."""
    return pa.table(
        [pa.array([row[i] for row in rows], kind) for i, (_, kind) in enumerate(fields)],
        names=[name for name, _ in fields],
    )


def settings(connection: duckdb.DuckDBPyConnection, params: Params, period: Period) -> None:
    """Tables ``school``, ``levels``, ``curriculum_table`` and ``params``, the macro ``curriculum(subject, grade)``."""
    school, conventions, span = params.school, params.conventions, params.dates(period)
    grades = sorted({grade for level in school.levels for grade in level.grades})
    connection.register("school", records([[school.id]], [("school_id", pa.string())]))
    connection.register(
        "levels",
        records([[grade, school.level_of(grade)] for grade in grades], [("grade", pa.int64()), ("level", pa.string())]),
    )
    curriculum = [
        [subject.title, grade, subject.counted, bool(subject.grades or subject.editions)]
        for subject in params.subjects.subjects
        for grade in grades
        if not subject.counted or subject.taught_in(grade, span.start)
    ]
    connection.register(
        "curriculum_table",
        records(
            curriculum,
            [("subject", pa.string()), ("grade", pa.int64()), ("counted", pa.bool_()), ("named", pa.bool_())],
        ),
    )
    connection.execute(
        "CREATE MACRO curriculum(s, g) AS "
        "EXISTS(SELECT 1 FROM curriculum_table AS k WHERE k.subject = s AND k.grade = g)"
    )
    weights = conventions.sou_on(span.end).value
    terms = [params.calendar(part).span(part) for part in period.parts(school.terms)]
    weeks = sum((term.end - term.start).days // 7 + 1 for term in terms if term)
    values: dict[str, Any] = {
        **conventions.thresholds.model_dump(),
        "unmarked_grades": conventions.unmarked_grades,
        "halfyear_grades": conventions.halfyear_grades,
        "na_in_base": conventions.na_in_base,
        "period_kind": period.kind,
        "period_start": span.start,
        "opening": params.opening(period),
        "period_end": span.end,
        "year_start": params.calendar(period).year.start if period.kind != "calendar" else span.start,
        "weeks": weeks or (span.end - span.start).days // 7 + 1,
        **{"w5": weights.five, "w4": weights.four, "w3": weights.three, "w2": weights.two, "w_na": weights.na},
    }
    kinds = {"unmarked_grades": pa.list_(pa.int64()), "halfyear_grades": pa.list_(pa.int64())}
    connection.register("params", pa.table({key: pa.array([value], kinds.get(key)) for key, value in values.items()}))


def order(connection: duckdb.DuckDBPyConnection, params: Params) -> None:
    """Tables ``order_1324`` (a row a code, in the order of the form) and ``order_balances``."""
    annex = load_order(params.workspace)
    text, real, flag = pa.string(), pa.float64(), pa.bool_()
    codes = [
        [number, item.code, item.parent, item.name, item.unit, item.kind, item.base or None, item.heading, item.least,
         item.most]
        for number, item in enumerate(annex.codes)
    ]  # fmt: skip
    names = [("position", pa.int64()), ("code", text), ("parent", text), ("name", text), ("unit", text),
             ("kind", text), ("base", text), ("heading", flag), ("least", real), ("most", real)]  # fmt: skip
    connection.register("order_1324", records(codes, names))
    groups = pa.list_(text)
    balances = [[item.left, item.relation, item.right] for item in annex.balances]
    connection.register(
        "order_balances", records(balances, [("left_codes", groups), ("relation", text), ("right_codes", groups)])
    )


def believed(intake: Any) -> pd.DataFrame:
    """Printed totals, without those of sheets where something was refused: they cannot agree with what is left."""
    refused = {(item.file, item.sheet) for item in intake.findings if item.severity == "critical"}
    frame = intake.totals if intake.totals is not None else pd.DataFrame()
    if frame.empty or not refused:
        return frame
    places = zip(frame["file"], frame["sheet"], strict=True)
    return frame[[(file, sheet) not in refused and (file, "") not in refused for file, sheet in places]]


def totals(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> None:
    """Table ``totals``: what the files print under their lists."""
    text = [("_file", "file"), ("_sheet", "sheet"), ("_cell", "cell"), ("class", "class"), ("subject", "subject"),
            ("measure", "measure")]  # fmt: skip
    columns: dict[str, pa.Array] = {"_t": pa.array(range(len(frame)), pa.int64())}
    for name, given in text:
        values = (
            [str(v) if pd.notna(v) and v != "" else None for v in frame[given]]
            if given in frame
            else [None] * len(frame)
        )
        columns[name] = pa.array(values, pa.string())
    columns["_sheet"] = columns["_sheet"].fill_null("")
    printed = pd.to_numeric(frame["printed"], errors="coerce") if "printed" in frame else pd.Series(dtype="float64")
    columns["printed"] = pa.array(printed, pa.float64(), from_pandas=True)
    rows = [re.sub(r"\D", "", cell or "") for cell in columns["_cell"].to_pylist()]
    columns["_row"] = pa.array([int(row) if row else None for row in rows], pa.int64())
    connection.register("totals", pa.table(columns))
