"""Recommendations for the reader: what a rule asks of several people by one day is told once, with each one's part.

The rules give a recommendation a person, since an order, a calendar and the analyst's edits need it so; in a note the
same words under three heads of departments are read three times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from soko import russian
from soko.analysis.narrative import Recommendation

_LIST = ": "  # «Разобрать работы с теми, кто не справился: …»: what stands after it is each one's own
_NEXT = re.compile(r", | и\s")


@dataclass(frozen=True)
class Part:
    """What one person has to do: the words of its row, who, and the ground, empty where the words have it already."""

    what: str
    who: str
    basis: str


@dataclass(frozen=True)
class Folded:
    """What one or several people have to do by one day, by one rule."""

    what: str  # of several people: without what is each one's own
    due: date
    rule: str
    parts: tuple[Part, ...]

    def asked(self) -> str:
        """The same as a sentence: what, by when, who."""
        people = russian.listing([russian.lower_first(part.who) for part in self.parts])
        head = "Ответственный" if len(self.parts) == 1 else "Ответственные"
        return f"{self.what} – до{russian.NBSP}{russian.day(self.due)} {head} – {people}."


def folded(recommendations: Iterable[Recommendation]) -> list[Folded]:
    """In the order of their dates, those of one rule, day and wording together at the place of the first.

    A wording that the analyst has changed stays apart, as does one in which the own part is not a list at the end.
    """
    groups: dict[tuple[object, ...], list[Recommendation]] = {}
    for at, item in enumerate(sorted(recommendations, key=lambda item: item.due)):
        stem, mark, _ = item.what.partition(_LIST)
        alike = bool(mark) and not item.edited
        groups.setdefault((item.rule, item.due, stem) if alike else (at,), []).append(item)
    return [_together(items) for items in groups.values()]


def _together(items: list[Recommendation]) -> Folded:
    first = items[0]
    words = [item.what if item is first else f"то же: {_own(item)}" for item in items]
    parts = tuple(Part(what, item.who, _ground(item)) for what, item in zip(words, items, strict=True))
    return Folded(first.what if len(items) == 1 else first.what.partition(_LIST)[0], first.due, first.rule, parts)


def _own(item: Recommendation) -> str:
    return item.what.partition(_LIST)[2]


def _ground(item: Recommendation) -> str:
    """The ground; nothing where it only repeats the list that stands beside it (its first three at most)."""
    return "" if _own(item).startswith(_NEXT.split(item.basis)[0]) else item.basis
