"""Apply the ledger of corrections to what was read, before any rule: the files themselves are never changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from soko.corrections import Correction, load_corrections
from soko.findings import Finding, Severity
from soko.intake.model import CORRECTION_COLUMNS, Intake, RawTable, cells
from soko.intake.words import listed, text
from soko.periods import Period
from soko.tables import Table, load_tables
from soko.workspace import Workspace

#: Rules of the reader that a correction of the cell settles.
_UNREADABLE = ("mark_unknown", "value_unreadable")
#: Types of columns whose printed totals are of the column alone; a change of any other moves rows between totals.
_SUMMED = ("integer", "number", "mark")

Position = tuple[str, str, str, int]


def correct(workspace: Workspace, period: Period, intake: Intake) -> Intake:
    """The intake with the ledger's corrections: values, a log of what was changed, findings about entries that failed.

    ``intake`` itself stays as it is. Raises ConfigError when the ledger is wrong.
    """
    entries = load_corrections(workspace, period)
    if not entries:
        return intake
    work = _Work(workspace, period, intake, load_tables(workspace))
    for entry in entries:
        work.apply(entry)
    return replace(
        intake,
        tables=work.tables,
        findings=[*map(work.settled, intake.findings), *work.findings],
        totals=work.believed(intake.totals),
        corrections=pd.DataFrame(work.log, columns=CORRECTION_COLUMNS),
    )


@dataclass
class _Work:
    workspace: Workspace
    period: Period
    intake: Intake
    contracts: dict[str, Table]
    findings: list[Finding] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)
    corrected: set[tuple[str, str, int, str]] = field(default_factory=set)
    totals: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tables = dict(self.intake.tables)
        self._rows: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[int]]] = {}
        self._copied: set[str] = set()

    def apply(self, item: Correction) -> None:
        """Change the one cell that the entry means, or say why not."""
        entry = item.entry
        rows = self._found(item)
        if not rows:
            self._not_found(item)
            return
        raw = self.tables[entry.table]
        if len(rows) > 1:
            numbers = listed([int(raw.frame["_row"].iloc[row]) for row in rows], 10)
            self._tell(item, "critical", "correction_ambiguous", "ключу отвечает не одна строка, а несколько "
                       f"(строки {numbers}); ничего не исправлено. Дополните key столбцами, которые отличают нужную",
                       rows[0])  # fmt: skip
            return
        now = raw.frame[entry.column].iloc[rows[0]] if entry.column in raw.frame else None
        if not _same(now, item.expected):
            repaired = _same(now, item.value)
            why = (
                "исправление больше не нужно: в файле уже стоит новое значение. Уберите запись"
                if repaired
                else "исправление больше не подходит: в файле теперь другое значение, оно оставлено как есть. "
                "Уберите запись или приведите expected к файлу"
            )
            self._tell(item, "warning", "correction_stale", why, rows[0])
            return
        self._change(item, rows[0])

    def _found(self, item: Correction) -> list[int]:
        """Positions of the rows with the entry's key; those of the period that it names."""
        raw = self.tables.get(item.entry.table)
        if raw is None or raw.frame.empty:
            return []
        names = tuple(item.key)
        slot = (item.entry.table, names)
        if slot not in self._rows:
            index: dict[tuple[Any, ...], list[int]] = {}
            columns = [cells(raw.frame, name) if name in raw.frame else [None] * len(raw.frame) for name in names]
            for position, values in enumerate(zip(*columns, strict=True)):
                index.setdefault(tuple(map(_plain, values)), []).append(position)
            self._rows[slot] = index
        rows = self._rows[slot].get(tuple(map(_plain, item.key.values())), [])
        if item.entry.period and item.entry.period != self.period.id:  # a half-year reads the folders of its quarters
            files = raw.frame["_file"]
            rows = [row for row in rows if str(files.iloc[row]).startswith(f"{item.entry.period}/")]
        return rows

    def _change(self, item: Correction, row: int) -> None:
        entry = item.entry
        raw = self._own(entry.table, entry.column)
        file, sheet, cell, number = raw.address(raw.frame.index[row], entry.column)
        raw.frame.iat[row, list(raw.frame.columns).index(entry.column)] = item.value
        for slot in [slot for slot in self._rows if slot[0] == entry.table and entry.column in slot[1]]:
            del self._rows[slot]
        self.corrected.add((file, sheet, number, entry.column))
        letter = cell.rstrip("0123456789")
        summed = self.contracts[entry.table].column(entry.column).type in _SUMMED
        self.totals.add((file, sheet, letter if summed else ""))
        self.log.append(
            {
                "table": entry.table, "file": file, "sheet": sheet, "cell": cell, "row": number,
                "column": entry.column, "was": shown(item.expected), "became": shown(item.value),
                "reason": entry.reason, "who": entry.who, "date": entry.date.isoformat(),
            }
        )  # fmt: skip

    def _own(self, name: str, column: str) -> RawTable:
        """The table to be changed: a copy, because the intake may be shown or used again."""
        if name not in self._copied:
            self._copied.add(name)
            raw = self.tables[name]
            self.tables[name] = RawTable(raw.frame.copy(), raw.letters)
        raw = self.tables[name]
        given = raw.frame[column] if column in raw.frame else pd.Series([None] * len(raw.frame), raw.frame.index)
        raw.frame[column] = given.astype(object)
        return raw

    def _not_found(self, item: Correction) -> None:
        title = self.contracts[item.entry.table].title
        hint = "" if item.entry.period else ", а если запись о другом периоде, укажите в ней period"
        # An entry of no period waits for the period where its row is: there is nothing to warn of.
        severity: Severity = "warning" if item.entry.period else "info"
        why = f"в таблице «{title}» нет строки с таким ключом, ничего не исправлено. Проверьте key{hint}"
        self._tell(item, severity, "correction_not_found", why)

    def _tell(self, item: Correction, severity: Severity, rule: str, message: str, row: int | None = None) -> None:
        entry = item.entry
        place: tuple[str, str, str, int | None] = ("", "", "", None)
        if row is not None:
            raw = self.tables[entry.table]
            place = raw.address(raw.frame.index[row], entry.column)
        where = f"{self.workspace.relative(self.workspace.corrections)}, строка {item.line}"
        text_ru = f"Журнал исправлений ({where}): {message}."
        self.findings.append(Finding(severity, entry.table, rule, *place, entry.column, text_ru))

    def settled(self, finding: Finding) -> Finding:
        """A cell that could not be read and has been corrected stops nothing any more."""
        at = (finding.file, finding.sheet, finding.row, finding.column)
        if finding.rule not in _UNREADABLE or at not in self.corrected:
            return finding
        told = f"{finding.message_ru} Значение внесено по журналу исправлений."
        return replace(finding, severity="info", message_ru=told)

    def believed(self, totals: pd.DataFrame) -> pd.DataFrame:
        """Printed totals without those of corrected columns: they were computed of the wrong value."""
        if totals is None or totals.empty or not self.totals:
            return totals
        keep = [
            (file, sheet, "") not in self.totals and (file, sheet, str(cell).rstrip("0123456789")) not in self.totals
            for file, sheet, cell in zip(totals["file"], totals["sheet"], totals["cell"], strict=True)
        ]
        return totals[keep].reset_index(drop=True)


def _plain(value: Any) -> Any:
    """The value as a key: blank as None, whole floats as integers."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _same(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


def shown(value: Any) -> str:
    """A value as the protocol prints it; a cell without one is said in a word."""
    if value is None:
        return "пусто"
    if isinstance(value, bool):
        return "да" if value else "нет"
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else text(value)
