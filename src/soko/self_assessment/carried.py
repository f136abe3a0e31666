"""What is as in last year's report: lines of the table, whole blocks of them, tables, texts.

Nothing of it is an error by itself. It is told, and somebody who answers for it says that it is so
(params/reports/self_assessment/confirmed.yaml) – or corrects it.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soko import russian
from soko.errors import DataError
from soko.order1324 import Order1324
from soko.publish.blocks import Table
from soko.self_assessment.cells import Cell, read
from soko.self_assessment.settings import Carried, Files
from soko.self_assessment.texts import every, similarity, text

#: Beside the report: what next year's report is held against.
NAME = "carried.json"
TABLE = "order_1324.csv"
_BLOCKS = {"кадры": ("1.24", "1.34"), "инфраструктура": ("2.1", "2.6")}
_ROWS = 3  # smaller tables are equal by chance


@dataclass(frozen=True)
class Same:
    """Something that is as a year ago. ``what`` is its name in confirmed.yaml, ``value`` what it is now."""

    what: str
    value: str
    message: str


@dataclass(frozen=True)
class Last:
    """Last year's report: texts of its lines by code, hashes of its tables by label; where they were found."""

    year: int
    lines: Mapping[str, str]
    tables: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


def last(files: Files, year: int, figures: Mapping[str, str] | None = None) -> Last | None:
    """The report of the year before, as it was published.

    First a file that the school has put into params/reports/self_assessment/published/<year>.csv (columns «Код»,
    «Значение»: a report that another program made), then the publication in outputs, then ``figures``, the values of
    that year as they would be printed. None without any of them.
    """
    before, workspace = year - 1, files.workspace
    given = files.folder / "published" / f"{before}.csv"
    if given.is_file():
        return Last(before, _given(given, workspace.relative(given)), place=workspace.relative(given))
    folder = workspace.root / "outputs" / str(before) / "reports"
    if (folder / NAME).is_file():
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Last(before, found["lines"], found["tables"], workspace.relative(folder / NAME))
    return Last(before, figures, place=f"показатели за {before} год") if figures else None


def unchanged(order: Order1324, now: Mapping[str, str], before: Last, settings: Carried) -> list[Same]:
    """Lines whose value is that of last year, and blocks of which nearly all are. Zeros and «да» rarely change."""
    kinds = {item.code: item.kind for item in order.codes}
    found = []
    for item in order.codes:
        one, other = (read(texts.get(item.code, ""), item.kind) for texts in (now, before.lines))
        if _equal(one, other):
            message = f"{item.code}: {now[item.code].strip()} – как в отчёте за {before.year} год"
            found.append(Same(item.code, now[item.code].strip(), message))
    same = {item.what for item in found}
    codes = [item.code for item in order.codes]
    for name, (first, end) in _BLOCKS.items():
        block = codes[codes.index(first) : codes.index(end) + 1]
        told = [code for code in block if _is_told(read(now.get(code, ""), kinds[code]))]
        equal = [code for code in told if code in same]
        if len(told) >= settings.least and len(equal) >= settings.block * len(told):
            message = (
                f"блок «{name}» ({first}–{end}) почти весь как в отчёте за {before.year} год: "
                f"{russian.count(len(equal), 'строка')} из {len(told)}"
            )
            found.append(Same(f"block:{first}", ", ".join(equal), message))
    return found


def same_texts(files: Files, year: int, settings: Carried) -> list[Same]:
    """Yearly texts that are nearly last year's."""
    found = []
    for name, now in every(files, year).items():
        if not files.settings.sections[name].yearly or not now.is_written:
            continue
        before = text(files, year - 1, name)
        alike = similarity(now.markdown, before.markdown) if before.is_written else 0.0
        if alike >= settings.similarity:
            share = russian.percent(100 * alike, 0)
            titled = files.settings.sections[name].title
            message = f"текст «{titled}» на {share} повторяет прошлогодний ({before.place})"
            found.append(Same(f"text:{name}", digest(now.markdown), f"{now.place}: {message}"))
    return found


def same_tables(tables: Iterable[Table], before: Last) -> list[Same]:
    """Tables of the report that are row by row those of last year."""
    found = []
    for table in tables:
        if before.tables.get(table.label) == (value := digest_of(table)) and len(table.rows) >= _ROWS:
            message = f"таблица «{table.caption}» дословно повторяет таблицу отчёта за {before.year} год"
            found.append(Same(f"table:{table.label}", value, message))
    return found


def left(lines: Mapping[str, str], tables: Iterable[Table]) -> dict[str, Any]:
    """What next year's report is held against, for ``carried.json``: a table without figures is no news."""
    return {"lines": dict(lines), "tables": {table.label: digest_of(table) for table in tables if table.label}}


def digest_of(table: Table) -> str:
    """A hash of what the rows say; headings name years and are left out."""
    return digest(json.dumps([row.cells for row in table.rows], ensure_ascii=False))


def digest(words: str) -> str:
    """A short hash."""
    return hashlib.sha256(words.strip().encode()).hexdigest()[:16]


def _is_told(cell: Cell) -> bool:
    return bool(cell.amount)


def _equal(one: Cell, other: Cell) -> bool:
    if not _is_told(one) or not _is_told(other):
        return False
    return one.amount == other.amount and (one.percent is None or other.percent is None or one.percent == other.percent)


def _given(path: Path, place: str) -> dict[str, str]:
    raw = path.read_text(encoding="utf-8-sig")
    delimiter = ";" if ";" in raw.partition("\n")[0] else ","
    rows = list(csv.DictReader(raw.splitlines(), delimiter=delimiter))
    heads = set(rows[0]) if rows else set()
    if not {"Код", "Значение"} <= heads:
        raise DataError(
            "в таблице прошлогоднего отчёта нет столбцов «Код» и «Значение»",
            where=place,
            todo="первая строка файла – Код;Значение, дальше по строке на показатель, значение – как напечатано",
        )
    return {row["Код"].strip().rstrip("."): (row["Значение"] or "").strip() for row in rows}
