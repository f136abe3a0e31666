"""params/calendar/<year>.yaml: the dates of the terms, and usual ones for a school that has written none."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import model_validator

from soko.periods import Period
from soko.yamlio import Strict


class Span(Strict):
    """First and last day of a term."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.start > self.end:
            raise ValueError(f"начало {self.start:%d.%m.%Y} позже конца {self.end:%d.%m.%Y}")
        return self


class Calendar(Strict):
    """params/calendar/<year>.yaml: dates of the terms, keys as in period ids (q1…q4, t1…t3, h1, h2, year)."""

    year: Span
    q1: Span | None = None
    q2: Span | None = None
    q3: Span | None = None
    q4: Span | None = None
    t1: Span | None = None
    t2: Span | None = None
    t3: Span | None = None
    h1: Span | None = None
    h2: Span | None = None
    typical: bool = False

    def span(self, period: Period) -> Span | None:
        """Dates of the period, or None when the calendar has none and they do not follow from quarters."""
        direct: Span | None = getattr(self, period.code, None)
        if direct is None and period.kind == "half":
            first, last = period.parts("quarter")
            a, b = getattr(self, first.code), getattr(self, last.code)
            return Span(start=a.start, end=b.end) if a and b else None
        return direct


_TYPICAL: dict[str, tuple[str, str]] = {
    "year": ("0-09-01", "1-05-26"),
    "q1": ("0-09-01", "0-10-26"),
    "q2": ("0-11-05", "0-12-30"),
    "q3": ("1-01-12", "1-03-27"),
    "q4": ("1-04-06", "1-05-26"),
    "t1": ("0-09-01", "0-11-16"),
    "t2": ("0-11-24", "1-02-22"),
    "t3": ("1-03-02", "1-05-26"),
    "h1": ("0-09-01", "0-12-30"),
    "h2": ("1-01-12", "1-05-26"),
}


def typical_calendar(year: int) -> Calendar:
    """Usual dates of the terms of a school year, for a school that has not written its own yet."""

    def day(text: str) -> date:
        offset, month, number = text.split("-")
        return date(year + int(offset), int(month), int(number))

    spans: dict[str, Any] = {key: Span(start=day(a), end=day(b)) for key, (a, b) in _TYPICAL.items()}
    return Calendar(typical=True, **spans)
