"""Which period a file or a row says it belongs to: «2 четверть», «q2», «I полугодие», «2024/2025», dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from soko.errors import UsageError
from soko.intake.config import Sources
from soko.intake.normalise import day
from soko.intake.words import text
from soko.periods import Kind, Period

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEARS = re.compile(r"(20\d{2})\s*[/\-–—]\s*(20\d{2}|\d{2})(?!\d)")
_DATES = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_CODE = re.compile(r"([qthчтп])\s*(\d)")
_LETTERS: dict[str, Kind] = {
    "q": "quarter",
    "t": "trimester",
    "h": "half",
    "ч": "quarter",
    "т": "trimester",
    "п": "half",
}


@dataclass(frozen=True)
class Term:
    """A term as written. ``kind`` is None for a bare number, which fits any scheme; ``year`` when the text says it."""

    kind: Kind | None
    index: int
    year: int | None = None

    def fits(self, period: Period) -> bool:
        """True when the text may mean ``period``."""
        if self.year is not None and self.year != period.year:
            return False
        if self.kind is None:
            return period.kind not in ("year", "calendar") and self.index == period.index
        return self.kind == period.kind and self.index == period.index


def parse_term(raw: Any, sources: Sources) -> Term | None:
    """Read a term; None when the text is not one. A full period id («2025-2026/q2») is accepted too."""
    line = text(raw).lower().replace("ё", "е")
    if not line:
        return None
    try:
        period = Period.parse(line)
        if period.kind != "calendar":
            return Term(period.kind, period.index, period.year)
    except UsageError:
        pass
    year = school_year(line)
    line = text(_YEARS.sub(" ", line))
    if re.fullmatch(r"\d", line):
        return Term(None, int(line), year)
    if match := _CODE.fullmatch(line):
        return Term(_LETTERS[match[1]], int(match[2]), year)
    words = re.findall(r"[a-zа-я/]+|\d+", line)
    index = next((int(word) for word in words if word.isdecimal() and len(word) == 1), None)
    if index is None:
        index = next((_ROMAN[word] for word in words if word in _ROMAN), None)
    # «за учебный год» names the year in every header, so the other kinds are looked for first.
    for kind, names in sources.term_words.items():
        if kind != "year" and index is not None and any(word.rstrip(".") in names for word in words):
            return Term(kind, index, year)
    if any(word in sources.term_words["year"] for word in words):
        return Term("year", 1, year)
    return None


def school_year(raw: Any) -> int | None:
    """The first calendar year of «2024/2025», «2024-2025 учебный год», «2024/25»."""
    match = _YEARS.search(text(raw))
    if not match:
        return None
    first, second = int(match[1]), int(match[2])
    return first if second in (first + 1, (first + 1) % 100) else None


def date_range(raw: Any) -> tuple[date, date] | None:
    """«с 24.03.25 по 24.05.25» → both days."""
    found = [day(item).value for item in _DATES.findall(text(raw))]
    days = [item for item in found if item is not None]
    return (days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else None


def allowed(term: Term, period: Period, grade: int | None, halfyear_grades: list[int]) -> bool:
    """True when a file of ``term`` may stand in the folder of ``period``.

    Grades that are marked by half-years hand in their half with the quarter that ends it (h1 with q2, h2 with q4).
    """
    if term.fits(period):
        return True
    if period.kind == "quarter" and period.index % 2 == 0 and term.kind == "half" and term.year in (None, period.year):
        return term.index == period.index // 2 and (grade is None or not halfyear_grades or grade in halfyear_grades)
    return False
