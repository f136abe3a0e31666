"""What the checks of a table of order 1324 read, and what they give: a line, its numbers, a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from soko import russian
from soko.order1324 import Code, Order1324
from soko.self_assessment.cells import Cell


@dataclass(frozen=True)
class Entry:
    """A line of a table. ``base`` is the base that the share was counted over, ``when`` the day or period of it.

    Of a published table neither is known: the base is then the line that the order names.
    """

    cell: Cell
    base: Fraction | None = None
    when: str = ""


@dataclass(frozen=True)
class Broken:
    """Something that does not agree. ``doubt`` may be true and has to be confirmed, the rest is an error."""

    rule: str
    codes: tuple[str, ...]
    message: str
    doubt: bool = False


@dataclass(frozen=True)
class Achievers:
    """Pupils with «5» alone, and with «4» and «5», as the report tells them beside line 1.5."""

    excellent: int
    good: int


@dataclass(frozen=True)
class Asked:
    """A table with its annex, and the numbers of a line by its code."""

    order: Order1324
    table: Mapping[str, Entry]

    def amount(self, code: str) -> Fraction | None:
        """The number that balances speak of."""
        entry = self.table.get(code)
        return entry.cell.amount if entry else None

    def percent(self, code: str) -> Fraction | None:
        """The share as printed."""
        entry = self.table.get(code)
        return entry.cell.percent if entry else None

    def times(self, codes: Iterable[str]) -> set[str]:
        """Days and periods of lines, as far as they are known: numbers of different days need not agree."""
        found = {self.table[code].when for code in codes if code in self.table}
        return found - {""}

    def base(self, item: Code) -> Fraction | None:
        """What the share is of: the base that it was counted over, else the line that the order names."""
        entry = self.table.get(item.code)
        if entry and entry.base is not None:
            return entry.base
        return self.amount(item.base) if item.base else None


def told(value: Fraction | float | None) -> str:
    """A number as it stands in a message."""
    return russian.number(float(value)) if value is not None else russian.DASH
