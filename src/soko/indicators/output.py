"""Store the tidy table and read it back: indicators.csv for people and machines, indicators.parquet for us."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko.errors import DataError
from soko.indicators.model import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

NAMES = ("indicators.csv", "indicators.parquet")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TEXTS = [name for name in COLUMNS[:-3] if name != "grade"]


def write(frame: pd.DataFrame, folder: Path) -> list[Path]:
    """Write both files into ``folder``; the same frame gives the same bytes.

    CSV: UTF-8, comma, \\n, numbers in the shortest form that reads back to the same float, empty where there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table, parquet = (folder / name for name in NAMES)
    as_text(frame[COLUMNS]).to_csv(table, index=False, encoding="utf-8", lineterminator="\n")
    write_parquet(frame, parquet)
    return [table, parquet]


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Names that a spreadsheet would take for a formula («=1+1» as a subject) with an apostrophe in front."""
    safe = frame.copy()
    for name in safe.columns.intersection(_TEXTS):
        risky = safe[name].astype(str).str.startswith(_FORMULA)
        if risky.any():
            safe.loc[risky, name] = "'" + safe.loc[risky, name]
    return safe


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write the tidy table as Parquet, without pandas' metadata: it names library versions and changes with them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame[COLUMNS], preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")


def read(path: Path) -> pd.DataFrame:
    """Read a tidy table (.parquet, or .csv of ours or of another school) with the contract's types."""
    import pandas as pd

    if not path.is_file():
        raise DataError("нет таблицы показателей", where=str(path), todo="сначала вычислите их: soko indicators")
    kinds: dict[str, Any] = dict.fromkeys(COLUMNS[:-3], "str") | dict.fromkeys(COLUMNS[-3:], "float64")
    if path.suffix == ".csv":
        frame = pd.read_csv(
            path,
            dtype={**kinds, "grade": "Int64"},
            keep_default_na=False,
            na_values={name: [""] for name in ("grade", "numerator", "denominator", "value")},
        )
        for name in frame.columns.intersection(_TEXTS):
            marked = frame[name].str.startswith(tuple(f"'{sign}" for sign in _FORMULA))
            frame.loc[marked, name] = frame.loc[marked, name].str[1:]
    else:
        frame = pd.read_parquet(path)
    if "item" not in frame.columns:  # tables of before there was such a dimension: all of them mean «all»
        frame["item"] = ""
    absent = [name for name in COLUMNS if name not in frame.columns]
    if absent:
        raise DataError(f"в таблице показателей нет столбцов: {', '.join(absent)}", where=str(path))
    return frame[COLUMNS].astype({**kinds, "grade": "Int64"})


def columns(path: Path, names: list[str]) -> dict[str, list[Any]]:
    """Columns of a stored tidy table (.parquet) as lists, without pandas; a column that it does not have is left out.

    No thread is started, which a process that is to be forked may not have. It takes as long as a frame does.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, pre_buffer=False) as file:
        table = file.read([name for name in names if name in file.schema_arrow.names], use_threads=False)
    return {name: _shared(column) for name, column in zip(table.column_names, table.columns, strict=True)}


def _shared(column: Any) -> list[Any]:
    """A column as a list; equal texts are one object."""
    import pyarrow as pa

    if pa.types.is_floating(column.type):
        return list(column.to_pylist())
    coded = column.combine_chunks().dictionary_encode()
    distinct = [*coded.dictionary.to_pylist(), None]
    return [distinct[code] for code in coded.indices.fill_null(len(distinct) - 1).to_pylist()]
