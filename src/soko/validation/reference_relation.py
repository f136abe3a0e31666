"""The relation ``reference_matches`` of the bench: what the catalogue knows of each row of reference_values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

    from soko.params import Params

TABLE = "reference_values"
_FIELDS: list[tuple[str, pa.DataType]] = [
    ("name", pa.string()),
    ("has_subject", pa.bool_()),
    ("has_parallel", pa.bool_()),
    ("has_item", pa.bool_()),
    ("catalogue_id", pa.string()),
    ("own_unit", pa.string()),
    ("is_mark", pa.bool_()),
    ("scale", pa.float64()),
    ("comparable", pa.bool_()),
    ("cut", pa.string()),
    ("cuts", pa.string()),
    ("hint", pa.string()),
]
_CUT_COLUMNS = ["subject", "parallel", "item"]

# A row of the table with what is known of it; the last twelve months of years are told by the first one.
VIEWS = {
    "reference_rows": r"""
        SELECT r.*, m.catalogue_id, m.own_unit, m.is_mark, m.scale, m.comparable, m.cut, m.cuts, m.hint, y.first_year,
            'reference_values' AS _of
        FROM reference_values AS r
        LEFT JOIN reference_matches AS m ON m.name = r.indicator AND m.has_subject = (r.subject IS NOT NULL)
            AND m.has_parallel = (r.parallel IS NOT NULL) AND m.has_item = (r.item IS NOT NULL)
        LEFT JOIN reference_years AS y ON y.school_year = r.school_year"""
}


def add_reference_matches(connection: duckdb.DuckDBPyConnection, params: Params, frame: pd.DataFrame) -> None:
    """Make ``reference_matches``, a row a name and cut, and ``reference_years``, a row a school year as written.

    The catalogue is read only where somebody has handed in such values.
    """
    rows, years = _matched(params, frame) if len(frame) else ([], [])
    arrays = [pa.array([row[i] for row in rows], kind) for i, (_, kind) in enumerate(_FIELDS)]
    connection.register("reference_matches", pa.table(arrays, names=[name for name, _ in _FIELDS]))
    spelt = [pa.array([text for text, _ in years], pa.string()), pa.array([year for _, year in years], pa.int64())]
    connection.register("reference_years", pa.table(spelt, names=["school_year", "first_year"]))


def _matched(params: Params, frame: pd.DataFrame) -> tuple[list[list[Any]], list[tuple[str, int | None]]]:
    from soko.indicators import load_catalogue
    from soko.indicators.reference import CUTS, Names, comparable_cuts, cut_words, first_year

    catalogue = load_catalogue(params.workspace, bind=False)
    names = Names(catalogue)
    rows: list[list[Any]] = []
    there = pd.DataFrame({name: frame[name].notna() if name in frame else False for name in _CUT_COLUMNS})
    there["name"] = frame.get("indicator")
    for row in there.dropna(subset=["name"]).drop_duplicates().sort_values(["name", *_CUT_COLUMNS]).to_dict("records"):
        found = names.find(row["name"])
        flags = [bool(row[name]) for name in _CUT_COLUMNS]
        if not found.id:
            rows.append([row["name"], *flags, None, None, None, None, None, None, None, found.hint])
            continue
        item = catalogue[found.id]
        cut = frozenset(CUTS[name] for name, flag in zip(_CUT_COLUMNS, flags, strict=True) if flag)
        cuts = comparable_cuts(catalogue, found.id)
        possible = ", ".join(dict.fromkeys(cut_words(names_) for names_ in cuts)) or "ни в каком"
        rows.append(
            [row["name"], *flags, found.id, item.unit_title, item.unit == "mark", item.scale, cut in cuts,
             cut_words(cut), possible, ""]
        )  # fmt: skip
    spelt = sorted(set(frame["school_year"].dropna())) if "school_year" in frame else []
    return rows, [(text, first_year(text)) for text in spelt]
