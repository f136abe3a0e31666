"""Files beside the report: order_1324.xlsx and .csv, remarks.csv, carried.json. Made after the notebook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from soko.publish.blocks import MIME, Table, parse
from soko.publish.whole import write
from soko.self_assessment import carried, line_table, remarks, verdict
from soko.self_assessment.document import SelfAssessment
from soko.self_assessment.lines import Line

WORKBOOK, TABLE = "order_1324.xlsx", "order_1324.csv"
#: Tables that say how the report was made, not what the school is like.
_ABOUT = {"definitions", "confirmed"}
_HEADS = ["code", "label", "indicator", "name", "unit", "text", "numerator", "denominator", "previous", "change",
          "when", "source", "remark", "hidden"]  # fmt: skip


def leave(report: SelfAssessment, notebook: Path, folder: Path) -> None:
    """Write all of them into ``folder``; ``notebook`` is the executed report, whose tables are judged."""
    tables = tables_of(notebook)
    folder.mkdir(parents=True, exist_ok=True)
    tables_and_workbook(report, folder)
    _csv(folder / remarks.NAME, remarks.HEADS, (remarks.row(item) for item in report.judged(tables)))
    left = carried.left(verdict.texts_by_code(report.lines), tables)
    text = json.dumps(left, ensure_ascii=False, indent=1, sort_keys=True)
    write(folder / carried.NAME, f"{text}\n".encode())


def tables_and_workbook(report: SelfAssessment, folder: Path) -> None:
    """order_1324.csv and .xlsx alone: what a public edition has beside the report."""
    from soko.self_assessment import workbook

    folder.mkdir(parents=True, exist_ok=True)
    _csv(folder / TABLE, _HEADS, (_line(line) for line in report.lines))
    write(folder / WORKBOOK, workbook.build(report.data, report.order, report.lines))


def tables_of(notebook: Path) -> list[Table]:
    """The tables that an executed report shows, as they were given: references are not numbers yet."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    shown = (output.get("data", {}).get(MIME) for cell in cells for output in cell.get("outputs", []))
    blocks = [parse(data) for data in shown if data and data.get("type") == "table"]
    return [block for block in blocks if isinstance(block, Table) and block.label not in _ABOUT]


def _line(line: Line) -> list[Any]:
    parts = line.parts
    numbers = ["", ""] if parts is None else [_plain(parts.part), "" if parts.base is None else _plain(parts.base)]
    unit = line_table.UNITS.get(line.code.kind, line.code.unit)
    return [line.code.code, line.label, line.indicator, line.code.name, unit, line.text, *numbers, line.previous,
            line.change, line.when, line.source, line.remark, line.hidden]  # fmt: skip


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def _csv(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([heads, *rows])
    # With a mark of the encoding: the file is opened in spreadsheets.
    write(path, stream.getvalue().encode("utf-8-sig"))
