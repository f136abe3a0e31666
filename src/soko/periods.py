"""The algebra of monitoring periods: quarter, trimester, half-year, school year, calendar year.

An id is ``2025-2026/q1`` … ``q4``, ``/t1`` … ``/t3``, ``/h1``, ``/h2``, ``/year``, or a calendar year ``2025``.
Dates come from params/calendar (see ``soko.calendars``); this module knows only the order of periods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from soko.errors import UsageError

Kind = Literal["quarter", "trimester", "half", "year", "calendar"]

_LETTER: dict[str, tuple[Kind, int]] = {"q": ("quarter", 4), "t": ("trimester", 3), "h": ("half", 2)}
_COUNT: dict[Kind, int] = {"quarter": 4, "trimester": 3, "half": 2, "year": 1, "calendar": 1}
_CODE: dict[Kind, str] = {"quarter": "q", "trimester": "t", "half": "h"}
_PATTERN = re.compile(r"(?P<first>\d{4})-(?P<second>\d{4})/(?P<rest>year|[qth]\d)")

# Nominative, genitive: «1 четверть», «итоги 1 четверти».
_NAMES: dict[Kind, tuple[str, str]] = {
    "quarter": ("четверть", "четверти"),
    "trimester": ("триместр", "триместра"),
    "half": ("полугодие", "полугодия"),
}
# Ordinals, nominative and accusative: «1-я четверть», «за 1-ю четверть».
_ENDINGS: dict[Kind, tuple[str, str]] = {"quarter": ("я", "ю"), "trimester": ("й", "й"), "half": ("е", "е")}


@dataclass(frozen=True, order=True)
class Period:
    """One monitoring period. ``year`` is the calendar year in which the school year starts (or the calendar year)."""

    year: int
    kind: Kind
    index: int = 1

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read an id; raise UsageError that lists the valid forms."""
        cleaned = text.strip().replace("\\", "/").strip("/").lower()
        if re.fullmatch(r"(19|20)\d{2}", cleaned):
            return cls(int(cleaned), "calendar")
        match = _PATTERN.fullmatch(cleaned)
        if match and int(match["second"]) == int(match["first"]) + 1:
            year, rest = int(match["first"]), match["rest"]
            if rest == "year":
                return cls(year, "year")
            kind, count = _LETTER[rest[0]]
            if 1 <= int(rest[1]) <= count:
                return cls(year, kind, int(rest[1]))
        raise UsageError(
            f"период «{text}» не распознан",
            todo="укажите, например, 2025-2026/q1 (четверть), 2025-2026/t2 (триместр), "
            "2025-2026/h1 (полугодие), 2025-2026/year (учебный год) или 2025 (календарный год)",
        )

    @property
    def school_year(self) -> str:
        """«2025-2026», or the calendar year itself."""
        return str(self.year) if self.kind == "calendar" else f"{self.year}-{self.year + 1}"

    @property
    def code(self) -> str:
        """The part after the school year: ``q1``, ``h2``, ``year``; the year itself for a calendar year."""
        if self.kind == "calendar":
            return str(self.year)
        return "year" if self.kind == "year" else f"{_CODE[self.kind]}{self.index}"

    @property
    def id(self) -> str:
        """The id, the same text that ``parse`` reads; also the path below data/ and outputs/."""
        return self.school_year if self.kind == "calendar" else f"{self.school_year}/{self.code}"

    def __str__(self) -> str:
        return self.id

    def previous(self) -> Period:
        """The period of the same kind just before: q1 follows q4 of the year before."""
        if self.index > 1:
            return Period(self.year, self.kind, self.index - 1)
        return Period(self.year - 1, self.kind, _COUNT[self.kind])

    @property
    def is_last(self) -> bool:
        """Whether the school year ends with it: the whole year, the last term of its kind."""
        return self.index == _COUNT[self.kind]

    def year_ago(self) -> Period:
        """The same period one year before."""
        return Period(self.year - 1, self.kind, self.index)

    def parts(self, terms: Literal["quarter", "trimester", "half"] = "quarter") -> tuple[Period, ...]:
        """The terms that the period contains; itself when it is a term of that scheme or shorter."""
        count = _COUNT[terms]
        if self.kind == "calendar":
            # Second half of one school year and first half of the next, as order 462 asks. Trimesters do not
            # split at New Year, so a trimester counts to the calendar year in which it ends.
            first = {"quarter": (3, 4), "half": (2,), "trimester": (2, 3)}[terms]
            second = {"quarter": (1, 2), "half": (1,), "trimester": (1,)}[terms]
            return tuple(Period(self.year - 1, terms, i) for i in first) + tuple(
                Period(self.year, terms, i) for i in second
            )
        if self.kind == "year":
            return tuple(Period(self.year, terms, i) for i in range(1, count + 1))
        if self.kind == "half" and terms == "quarter":
            return tuple(Period(self.year, "quarter", i) for i in (2 * self.index - 1, 2 * self.index))
        return (self,)

    def title(self, case: Literal["nominative", "genitive", "ordinal", "accusative"] = "nominative") -> str:
        """Russian name: «1 четверть 2025/2026 учебного года»; genitive «1 четверти …».

        In running text: ordinal «1-я четверть …», accusative «(за) 1-ю четверть …».
        """
        if self.kind == "calendar":
            return f"{self.year} календарного года" if case == "genitive" else f"{self.year} календарный год"
        years = f"{self.year}/{self.year + 1}"
        if self.kind == "year":
            return f"{years} учебного года" if case == "genitive" else f"{years} учебный год"
        name = _NAMES[self.kind][case == "genitive"]
        ending = "" if case in ("nominative", "genitive") else f"-{_ENDINGS[self.kind][case == 'accusative']}"
        return f"{self.index}{ending} {name} {years} учебного года"

    def short(self) -> str:
        """Label for a chart or a column: «1 четв. 2025/26»."""
        if self.kind == "calendar":
            return f"{self.year} г."
        years = f"{self.year}/{(self.year + 1) % 100:02d}"
        name = {"quarter": "четв.", "trimester": "трим.", "half": "полуг.", "year": "уч. год"}[self.kind]
        return f"{years} {name}" if self.kind == "year" else f"{self.index} {name} {years}"


def terms_of(school_year: int) -> list[Period]:
    """Every period that a school year may have, the whole year first: year, half-years, trimesters, quarters."""
    kinds: list[Kind] = ["year", "half", "trimester", "quarter"]
    return [Period(school_year, kind, index) for kind in kinds for index in range(1, _COUNT[kind] + 1)]


def stored(history: Path) -> list[Period]:
    """Periods of which data/history keeps figures, in order."""
    found = [path.relative_to(history).with_suffix("").as_posix() for path in history.rglob("*.parquet")]
    return sorted(Period.parse(text) for text in found)
