"""Working tables of validation: what was read with its address, school and level, and who was where and when."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from soko import clean
from soko.tables import Table

_ADDRESS = ("_file", "_sheet", "_col")
_LEVELS = """grade AS (SELECT t.*, TRY_CAST(regexp_extract(class, '^\\d+') AS BIGINT) AS grade FROM {source} AS t)
    SELECT grade.*, l.level FROM grade LEFT JOIN levels AS l USING (grade) ORDER BY _i"""
PUPILS = f"""CREATE TABLE pupils AS WITH filled AS (
    SELECT * REPLACE (coalesce(school_id, (SELECT school_id FROM school)) AS school_id) FROM raw_pupils),
    {_LEVELS.format(source="filled")}"""
# A pupil's stays in classes, one after another; of equal rows one. Two rows of a pupil are a move inside the school: he
# is in the next class from the day on which he left the one before (``since``), and comes to the school with the first
# row and leaves it with the last. ``is_main`` marks the class at the period's end (else the last before it),
# ``moved_from`` the class at the period's start where it was another.
STAYS = """CREATE TABLE stays AS WITH once AS (
        SELECT * FROM pupils WHERE pupil_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY school_id, pupil_id, class, arrived_on, left_on ORDER BY _i) = 1),
    chain AS (
        SELECT *, row_number() OVER w AS nth, count(*) OVER (PARTITION BY school_id, pupil_id) AS stays,
            CASE WHEN row_number() OVER w = 1 THEN arrived_on ELSE lag(left_on) OVER w END AS since,
            first_value(arrived_on) OVER whole AS school_since, first_value(arrived_from) OVER whole AS school_from,
            last_value(left_on) OVER whole AS school_left, last_value(left_to) OVER whole AS school_to
        FROM once
        WINDOW w AS (PARTITION BY school_id, pupil_id ORDER BY left_on NULLS LAST, arrived_on NULLS FIRST, _i),
            whole AS (PARTITION BY school_id, pupil_id ORDER BY left_on NULLS LAST, arrived_on NULLS FIRST, _i
                      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)),
    placed AS (
        SELECT chain.*, coalesce(max(nth) FILTER (since IS NULL OR since <= period_end) OVER p, 1) AS main_nth,
            min(nth) FILTER (left_on IS NULL OR left_on > opening) OVER p AS first_nth
        FROM chain, params WINDOW p AS (PARTITION BY school_id, pupil_id))
    SELECT s.* EXCLUDE (moved_on, moved_from, main_nth, first_nth), s.nth = s.main_nth AS is_main,
        CASE WHEN s.first_nth < s.main_nth THEN f.left_on ELSE s.moved_on END AS moved_on,
        CASE WHEN s.first_nth < s.main_nth THEN f.class ELSE s.moved_from END AS moved_from
    FROM placed AS s LEFT JOIN placed AS f
        ON f.school_id = s.school_id AND f.pupil_id = s.pupil_id AND f.nth = s.first_nth"""
# Where a pupil belongs, as far as the list says it without doubt: files of marks rarely name the school.
OWNER = """CREATE TABLE owner AS SELECT pupil_id, min(school_id) AS school_id, min(class) AS class
    FROM pupils WHERE pupil_id IS NOT NULL GROUP BY pupil_id HAVING count(DISTINCT school_id) = 1"""
_FOLLOWING = f"""WITH filled AS (
    SELECT t.* REPLACE (coalesce(t.school_id, o.school_id, (SELECT school_id FROM school)) AS school_id,
                        coalesce(t.class, o.class) AS class)
    FROM raw_{{name}} AS t LEFT JOIN owner AS o USING (pupil_id)),
    {_LEVELS.format(source="filled")}"""
_PLAIN = f"""WITH filled AS (
    SELECT * REPLACE (coalesce(school_id, (SELECT school_id FROM school)) AS school_id) FROM raw_{{name}}),
    {_LEVELS.format(source="filled")}"""


def statements(tables: Mapping[str, Table]) -> dict[str, str]:
    """Name of a working table other than ``pupils`` → its SQL over ``raw_<name>`` and ``owner``."""
    return {
        name: (_FOLLOWING if _of_pupils(table) else _PLAIN).format(name=name)
        for name, table in tables.items()
        if name != "pupils"
    }


def _of_pupils(table: Table) -> bool:
    return {"pupil_id", "class", "school_id"} <= {column.name for column in table.columns}


def rows(frame: pd.DataFrame, table: Table) -> pa.Table:
    """The rows read, typed by the contract, with their place in the files; ``_i`` is their position."""
    data = clean.typed(frame, table)
    for name in ("school_id", "class"):
        if name not in data.column_names:
            data = data.append_column(name, pa.nulls(len(data), pa.string()))
    data = data.append_column("_i", pa.array(range(len(data)), pa.int64()))
    for name in _ADDRESS:
        values = clean.texts(frame[name]) if name in frame else pa.nulls(len(data), pa.string())
        data = data.append_column(name, values.fill_null(""))
    numbers = pd.to_numeric(frame["_row"]) if "_row" in frame else pd.Series([None] * len(data), dtype="float64")
    return data.append_column("_row", pa.array(numbers, from_pandas=True).cast(pa.int64()))


def empty(table: Table) -> pa.Table:
    """The table of another period that has none."""
    kinds: dict[str, pa.DataType] = {column.name: clean.TYPES[column.type] for column in table.columns}
    kinds |= {"school_id": pa.string(), "grade": pa.int64(), "level": pa.string()}
    return pa.schema([(name, kinds[name]) for name in clean.columns(table)]).empty_table()
