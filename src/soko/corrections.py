"""data/corrections.yaml: the ledger of corrections, for a wrong value that the source cannot give right in time.

Each entry says which cell (table, key, column), what must stand there now (``expected``), what shall stand instead,
why, who decided and when. The guard ``expected`` keeps an entry from outliving its reason: once the source has been
repaired, the entry no longer applies and is reported. ``soko.validation.corrected`` applies the entries.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from soko.errors import ConfigError, UsageError
from soko.hints import did_you_mean
from soko.intake.columns import Normaliser
from soko.intake.config import Context
from soko.intake.private import private_key, pseudonym
from soko.intake.words import text
from soko.periods import Period
from soko.tables import Table
from soko.workspace import Workspace
from soko.yamlio import Lines, Strict, check, load_raw

Cell = bool | int | float | datetime.date | str

#: Columns that hold people, with the prefix of their pseudonyms: the ledger names them by their code.
PEOPLE = {"pupil_id": "p_", "staff_id": "t_", "teacher_id": "t_", "mentor_id": "t_"}
_PSEUDONYM = re.compile(r"[pt]_[0-9a-f]{12}")
_NAME = re.compile(r"[А-Яа-яЁё-]{2,}[\s.]+[А-Яа-яЁё]")


class Entry(Strict):
    """One correction as written. ``period`` empty: wherever the expected value stands."""

    table: str
    key: dict[str, Cell]
    column: str
    expected: Cell | None
    value: Cell | None
    reason: str
    who: str
    date: datetime.date
    period: str = ""

    @field_validator("reason", "who")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("не должно быть пусто: исправление без основания и без имени не принимается")
        return value.strip()

    @field_validator("key")
    @classmethod
    def _some(cls, value: dict[str, Cell]) -> dict[str, Cell]:
        if not value:
            raise ValueError("нужен хотя бы один столбец, по которому найти строку")
        return value


class Ledger(Strict):
    """The whole file."""

    corrections: list[Entry] = Field(default_factory=list)


@dataclass(frozen=True)
class Correction:
    """An entry with its values read as cells are read, people under their pseudonyms; ``line`` is that of the file."""

    entry: Entry
    line: int
    key: dict[str, Any]
    expected: Any
    value: Any


def load_corrections(workspace: Workspace, period: Period) -> list[Correction]:
    """The entries that may concern ``period``; the whole file is checked. Empty when there is no ledger.

    Raises ConfigError with the file and the line for a wrong table, column, key, period or value.
    """
    path = workspace.corrections
    if not path.is_file():
        return []
    data, lines = load_raw(path)
    ledger = check(data if data is not None else {}, lines, Ledger, path)
    if not ledger.corrections:
        return []
    reader = _Reader(workspace, period)
    found = [reader.read(entry, _place(lines, number)) for number, entry in enumerate(ledger.corrections)]
    _refuse_repeated(found, workspace)
    wanted = {"", period.id, *(reader.context.params.period(period).incoming or [])}
    return [item for item in found if item.entry.period in wanted]


def _place(lines: Lines, number: int) -> Callable[..., int]:
    """Line of the entry's key, of the entry itself where the key is not there."""
    return lambda *path: lines.get(("corrections", number, *path), lines[("corrections", number)])


class _Reader:
    """Reads entries: names against the contracts, values by the readers of cells, codes into pseudonyms."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        self.workspace = workspace
        self.context = Context.open(workspace, period)
        self.normaliser = Normaliser(self.context)
        self.secret = private_key(workspace)

    def read(self, entry: Entry, line: Callable[..., int]) -> Correction:
        """The entry in canonical values."""
        if entry.table not in self.context.tables:
            known = did_you_mean(entry.table, list(self.context.tables))
            raise self._wrong(f"нет таблицы «{entry.table}»{known}", line("table"))
        table = self.context.tables[entry.table]
        if entry.period:
            try:
                Period.parse(entry.period)
            except UsageError as error:
                raise self._wrong(error.message, line("period")) from None
        self._column(table, entry.column, line("column"))
        key: dict[str, Any] = {}
        for name, raw in entry.key.items():
            self._column(table, name, line("key", name))
            key[name] = self._value(table, name, raw, line("key", name))
        expected = self._value(table, entry.column, entry.expected, line("expected"))
        value = self._value(table, entry.column, entry.value, line("value"))
        if expected == value:
            raise self._wrong("expected и value – одно и то же значение, исправлять нечего", line("value"))
        return Correction(entry, line(), key, expected, value)

    def _column(self, table: Table, name: str, line: int) -> None:
        open_names = [column.name for column in table.columns if not column.personal]
        if name in table.personal:
            code = next((column for column in open_names if column in PEOPLE), "")
            instead = f"; человека укажите кодом, как в списке ({code})" if code else ""
            raise self._wrong(f"личные данные («{name}») в журнал исправлений не пишут{instead}", line)
        if name not in open_names:
            raise self._wrong(f"в таблице «{table.table}» нет столбца «{name}»{did_you_mean(name, open_names)}", line)

    def _value(self, table: Table, name: str, raw: Any, line: int) -> Any:
        if name in PEOPLE:
            return self._person(name, raw, line)
        found = self.normaliser.reader(table.column(name), table.table)(raw)
        if found.problem:  # the value itself stays out of the message: it may be anything
            raise self._wrong(f"значение столбца «{name}» не читается: {found.problem}", line)
        return found.value

    def _person(self, name: str, raw: Any, line: int) -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str):  # YAML reads 0012 as ten: a code without quotes is not what was written
            raise self._wrong(f"код в столбце «{name}» возьмите в кавычки", line)
        code = text(raw)
        if _PSEUDONYM.fullmatch(code):
            return code
        if _NAME.search(code):
            raise self._wrong(f"в столбце «{name}» похоже на имя; нужен код (№ личного дела), как в списке", line)
        return pseudonym(self.secret, PEOPLE[name], f"id:{code}")

    def _wrong(self, message: str, line: int) -> ConfigError:
        where = f"{self.workspace.relative(self.workspace.corrections)}, строка {line}"
        return ConfigError(message, where=where, todo="исправьте файл и повторите команду")


def _refuse_repeated(found: list[Correction], workspace: Workspace) -> None:
    seen: dict[Any, int] = {}
    for item in found:
        slot = (item.entry.table, item.entry.period, item.entry.column, tuple(sorted(item.key.items())), item.expected)
        first = seen.setdefault(slot, item.line)
        if first != item.line:
            raise ConfigError(
                f"запись исправляет то же, что и запись в строке {first}",
                where=f"{workspace.relative(workspace.corrections)}, строка {item.line}",
                todo="оставьте одну запись",
            )
