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

_NAME = re.compile(r"(?:[А-ЯЁ]\.\s){1,2}[А-ЯЁ]\S+$")
_NEXT = re.compile(r", | и\s")
_LIST = ": "  # «Разобрать работы с теми, кто не справился: …»: what stands after it is each one's own


@dataclass(frozen=True)
class Folded:
    """What several people have to do by one day; ``parts`` are each one's own, empty where there is one person."""

    what: str
    due: date
    rule: str
    who: tuple[str, ...]
    parts: tuple[str, ...]
    basis: str

    def told(self) -> str:
        """What is to be done, in a cell of a table: each one's part on a line of its own."""
        if not self.parts:
            return self.what
        lines = (f"{_name(who)}{russian.NBSP}– {part}" for who, part in zip(self.who, self.parts, strict=True))
        return f"{self.what}:\n" + ";\n".join(lines)

    def asked(self) -> str:
        """The same as a sentence: what, by when, who."""
        people = russian.listing([russian.lower_first(who) for who in self.who])
        head = "Ответственный" if len(self.who) == 1 else "Ответственные"
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
    if len(items) == 1:
        return Folded(first.what, first.due, first.rule, (first.who,), (), first.basis)
    stem = first.what.partition(_LIST)[0]
    parts = tuple(item.what.partition(_LIST)[2] for item in items)
    who = tuple(item.who for item in items)
    # Where the ground is the list itself, it stands beside the names already.
    grounds = {item.basis for item, part in zip(items, parts, strict=True) if not _same(item.basis, part)}
    return Folded(stem, first.due, first.rule, who, parts, "; ".join(sorted(grounds)))


def _same(basis: str, part: str) -> bool:
    """Whether a ground only repeats the part, of which it names the first three at most."""
    return part.startswith(_NEXT.split(basis)[0])


def _name(who: str) -> str:
    """«В. К. Зуева» of «Руководитель ШМО … В. К. Зуева»; the whole where nobody is named."""
    found = _NAME.search(who)
    return found[0] if found else russian.lower_first(who)
