"""Drafts → canonical columns: every value normalised, every change and every unreadable cell told with its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake import normalise
from soko.intake.classname import school_class
from soko.intake.config import Context
from soko.intake.model import ADDRESS, Draft, Tally, cells
from soko.intake.normalise import Value
from soko.intake.words import blank, column_index, plural, text
from soko.tables import Column, Table

_BLANK = Value()  # of an empty cell, to be told from one whose reader found nothing
_ECHO_MOST = 4  # a longer text in a column of marks may be a name that slipped there


@dataclass
class Collected:
    """Findings and changes gathered while reading a period, and what became of its rows."""

    findings: list[Finding] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


class Normaliser:
    """Turns the raw frame of a draft into canonical columns of the contract."""

    def __init__(self, context: Context) -> None:
        sources = context.sources
        self.context = context
        self.book = normalise.SubjectBook(context.subjects, sources.subject_noise)
        marks = context.tables["marks"].column("mark").values if "marks" in context.tables else []
        self._at: tuple[list[int], list[str]] = ([], [])
        latest = (context.period.year + 2) if context.period else date.today().year + 1
        self._readers: dict[str, Callable[[Any], Value]] = {
            "class": school_class,
            "mark": normalise.Marks(sources, marks),
            "subject": self.book,
            "date": lambda raw: normalise.day(raw, latest),
            "number": normalise.number,
            "integer": normalise.integer,
            "sex": normalise.Choice(sources.sex, True, "м, ж"),
            "boolean": normalise.boolean(sources),
            "text": normalise.plain,
            "person": normalise.plain,
        }

    def reader(self, column: Column, table: str = "") -> Callable[[Any], Value]:
        """The function that reads values of the column; ways to write a value are those of «table.column» first."""
        known = self.context.sources.values
        ways = known.get(f"{table}.{column.name}", known.get(column.name, {}))
        if column.type == "text" and (column.values or ways):
            ways = {value: words for value, words in ways.items() if not column.values or value in column.values}
            return normalise.Choice({**{value: [] for value in column.values}, **ways}, False, "")
        return self._readers[column.type]

    def __call__(self, draft: Draft, file: str, got: Collected) -> pd.DataFrame:
        """Canonical columns present in the draft (personal ones too) + the address columns."""
        table = self.context.tables[draft.table]
        raw = draft.frame.reset_index(drop=True)
        if draft.table == "pupils" and "letter" in raw and "class" in raw:
            raw = raw.assign(
                **{"class": [_join(c, letter) for c, letter in zip(raw["class"], raw["letter"], strict=True)]}
            )
        self._at = cells(raw, "_row"), cells(raw, "_col")
        result: dict[str, Any] = {}
        for name in [column.name for column in table.columns if column.name in raw.columns]:
            result[name] = self._column(draft, raw, table, table.column(name), file, got)
        frame = pd.DataFrame(result, index=raw.index, dtype=object)
        frame[ADDRESS[0]], frame[ADDRESS[1]] = file, draft.sheet
        frame["_row"], frame["_col"] = raw["_row"], raw["_col"]
        return frame

    def _column(
        self, draft: Draft, raw: pd.DataFrame, table: Table, column: Column, file: str, got: Collected
    ) -> list[Any]:
        read = self.reader(column, table.table)
        cache: dict[Any, Value] = {}
        told: set[Any] = set()
        values: list[Any] = []
        bad: list[tuple[str, int, str, Any]] = []
        letter = draft.letters.get(column.name, "")
        unread = {row + 1 for row, place in draft.unread if letter and place == column_index(letter)}
        principal = column.name == "mark"
        wide = {(row + 1, place) for row, place in draft.unread} if principal else set()
        for cell, row, own in zip(cells(raw, column.name), *self._at, strict=True):
            slot = (cell.__class__, cell)
            value = cache.get(slot)
            if value is None:
                value = cache[slot] = _BLANK if blank(cell) else read(cell)
            values.append(value.value)
            if value is not _BLANK and not value.problem and not value.why:
                continue  # as it was written: nothing to tell
            at = letter or (own if principal else "")
            address = f"{at}{row}" if at else ""
            if value is _BLANK:
                lost = row in unread or (own and wide and (row, column_index(own)) in wide)
                if lost:
                    bad.append((address, int(row), "значение не вычислено или ошибка формулы", ""))
            elif value.problem:
                bad.append((address, int(row), value.problem, cell))
            elif value.why and not column.personal and (address or (slot not in told)):
                told.add(slot)  # a value that stands in no cell of its own (a header, a line over the table): once
                got.changes.append(
                    {
                        "table": table.table, "file": file, "sheet": draft.sheet, "cell": address,
                        "column": column.name, "was": text(cell), "became": _shown(value.value), "why": value.why,
                    }
                )  # fmt: skip
        self._tell(draft, table, column, file, bad, got)
        return values

    def _tell(
        self,
        draft: Draft,
        table: Table,
        column: Column,
        file: str,
        bad: list[tuple[str, int, str, Any]],
        got: Collected,
    ) -> None:
        critical = f"{table.table}.{column.name}" in self.context.sources.unreadable_critical
        most = self.context.sources.limits.findings_per_rule
        rule = "mark_unknown" if column.type == "mark" else "value_unreadable"
        for address, row, problem, cell in bad[:most]:
            shown = ""
            if column.type in ("mark", "class") and 0 < len(text(cell)) <= _ECHO_MOST:
                shown = f" «{text(cell)}»"
            place = f"в ячейке {address}" if address else f"в строке {row}"
            message = f"{column.title}: {place} значение{shown} не читается – {problem}. Исправьте его в файле."
            got.findings.append(
                Finding("critical" if critical else "warning", table.table, rule, file, draft.sheet, address, row,
                        column.name, message)
            )  # fmt: skip
        if len(bad) > most:
            rest = plural(len(bad) - most, "ячейка", "ячейки", "ячеек")
            got.findings.append(
                Finding("critical" if critical else "warning", table.table, rule, file, draft.sheet, "", None,
                        column.name, f"{column.title}: и ещё {rest} с нечитаемым значением на этом листе.")
            )  # fmt: skip


def _join(school_class: Any, letter: Any) -> Any:
    """Class and letter in two columns; a class that has its letter already keeps it."""
    if blank(letter) or blank(school_class):
        return school_class
    number, after = text(school_class), text(letter)
    return f"{number}{'-' if after[:1].isdigit() else ''}{after}" if number.isdecimal() else school_class


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else text(value)
