"""Tables row by row, so that a surname and a first name in two columns are found: workbooks and Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from soko.disclosure.texts import Closed, Piece, together

Found = Iterator[Piece | Closed]


def sheets(content: bytes, inside: str) -> Found:
    """All sheets of a workbook, hidden ones too; a line a row, cells apart by tabs, dates as 2012-03-31."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for item in book.sheets_metadata:
            sheet = book.get_sheet_by_name(item.name)
            rows = sheet.to_python(skip_empty_area=False) if sheet.start is not None else []
            label = f"лист «{item.name}»"
            yield Piece(
                "\n".join("\t".join("" if cell == "" else one_line(cell) for cell in row) for row in rows),
                f"{inside}, {label}" if inside else label,
                "строка",
            )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of calamine is no Exception
        yield Closed(inside, "книга не читается")


def one_line(cell: object) -> str:
    """A cell as one line; a whole number without «.0»."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).split())


def parquet(content: bytes, inside: str) -> Found:
    """Rows of a Parquet file, its columns and whatever its writers told of it."""
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError, ValueError):
        yield Closed(inside, "файл Parquet не читается")
        return
    told = [("имена столбцов", "\t".join(table.column_names))]
    for key, value in (table.schema.metadata or {}).items():
        told.append(("свойства файла", f"{key.decode('utf-8', 'replace')}: {value.decode('utf-8', 'replace')}"))
    yield together(told, inside)
    try:
        out = io.BytesIO()
        plain = pa.table([_plain(column) for column in table.columns], names=[str(i) for i in range(table.num_columns)])
        pc.write_csv(plain, out, pc.WriteOptions(include_header=False, delimiter="\t", quoting_style="none"))
        text = out.getvalue().decode("utf-8", "replace")
    except pa.ArrowException:  # nested columns, or tabs within a value
        text = "\n".join("\t".join(map(str, row.values())) for row in table.to_pylist())
    yield Piece(text, inside, "строка")


def _plain(column: Any) -> Any:
    import pyarrow.types as pt

    return column.cast(column.type.value_type) if pt.is_dictionary(column.type) else column
