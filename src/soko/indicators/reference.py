"""Which indicator of the catalogue a value of the region is about, and whether the school counts it so.

Analysts copy «Качество результатов, ВПР» from a report, or write ``vpr.quality``; both are the same indicator. What is
not found is never guessed: the rule of the table tells the nearest name, and the note leaves the value out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soko.hints import nearest

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

#: Dimensions of the catalogue that a row of reference_values can name, by its column.
CUTS = {"subject": "subject", "parallel": "grade", "item": "item"}
_WORDS = {"subject": "по предметам", "grade": "по параллелям", "item": "в разрезе"}


@dataclass(frozen=True)
class Match:
    """What is known of one name: ``id`` empty where the catalogue has none, ``hint`` then «; возможно, …»."""

    id: str = ""
    hint: str = ""


class Names:
    """The catalogue by id and by name; a name that two indicators share is nobody's."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._ids = {_plain(item.id): item.id for item in catalogue}
        self._names: dict[str, str] = {}
        for item in catalogue:
            key = _plain(item.name)
            self._names[key] = "" if key in self._names else item.id
        self._shown = {_plain(item.name): item.name for item in catalogue} | {key: key for key in self._ids}

    def find(self, text: str) -> Match:
        """The indicator meant by ``text``, an id or a full name; case, «ё», quotes and spaces do not matter."""
        key = _plain(text)
        found = self._ids.get(key) or self._names.get(key)
        if found:
            return Match(found)
        if key in self._names:
            return Match(hint="; так называются два показателя, впишите код")
        near = nearest(key, list(self._shown))
        return Match(hint=f"; возможно, имелось в виду «{self._shown[near]}»" if near else "")


def cut_of(row: Mapping[str, object]) -> frozenset[str]:
    """Dimensions of the catalogue that a row names."""
    return frozenset(dimension for column, dimension in CUTS.items() if row.get(column) not in (None, ""))


def cut_words(dimensions: Iterable[str]) -> str:
    """«по предметам и параллелям»; «в целом» for none."""
    known = set(dimensions)
    words = [_WORDS[name] for name in CUTS.values() if name in known]
    if not words:
        return "в целом"
    return words[0] + "".join(f" и {word.removeprefix('по ')}" for word in words[1:])


def comparable_cuts(catalogue: Catalogue, indicator: str) -> list[frozenset[str]]:
    """Cuts of the indicator that a row of reference_values can name."""
    known = set(CUTS.values())
    return [frozenset(names) for names in catalogue[indicator].dimensions if set(names) <= known]


def first_year(text: str) -> int | None:
    """The year in which the school year «2025/2026», «2025–26» begins; None when it cannot be read."""
    found = re.fullmatch(r"\s*(20\d\d)\s*[-/–—]\s*(?:20)?(\d\d)(?:\s*(?:уч\. ?г\.?|учебный год))?\s*", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        return None
    return int(found[1])


def _plain(text: str) -> str:
    return re.sub(r"[\s«»\"„“]+", " ", text.casefold().replace("ё", "е")).strip(" .")
