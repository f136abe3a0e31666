"""A count in words, for messages and the audit file: which indicator, of which group, never how many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from soko.disclosure.amounts import Book, Row
from soko.disclosure.places import Place
from soko.periods import Period
from soko.russian import quote

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue
    from soko.school import School

_PARTS = ("число", "база", "остальные")


def group(place: Place, school: School) -> str:
    """«7А класс, 4 четв. 2025/26»; «школа» where there is no dimension."""
    return f"{of(place, school)}, {when(place)}"


def of(place: Place, school: School) -> str:
    """«7А класс», «2-е классы, предмет «Алгебра»»; «школа» where there is no dimension."""
    levels = {level.id: level.title for level in school.levels}
    words: dict[str, Callable[[str], str]] = {
        "level": lambda value: levels.get(value) or value,
        "grade": lambda value: f"{value}-е классы",
        "class": lambda value: f"{value} класс",
        "subject": lambda value: f"предмет {quote(value)}",
    }
    return ", ".join(words.get(name, quote)(value) for name, value in place.dims) or "школа"


def when(place: Place) -> str:
    """«4 четв. 2025/26», of what an earlier release shows otherwise «4 четв. 2025/26 (по выпуску 2)»."""
    period, _, release = place.period.partition("#")
    return Period.parse(period).short() + (f" (по выпуску {release})" if release else "")


def amounts(made: Book, catalogue: Catalogue, school: School) -> dict[int, str]:
    """By position: «Качество знаний (outcomes.quality), число: 7А класс, 4 четв. 2025/26»."""
    found: dict[int, str] = {}
    for row in made.rows:
        for what, at in zip(_PARTS, (row.part, row.base, row.rest), strict=True):
            if at >= 0 and at not in found:
                found[at] = f"{_name(row, catalogue)}, {what}: {group(row.place, school)}"
    return found


def row(one: Row, catalogue: Catalogue, school: School) -> dict[str, str]:
    """A row by parts: ``name`` of its indicator, ``school`` (empty: all together), ``place``, ``when``."""
    name, place = catalogue[one.indicator].name, one.place
    return {"name": name, "school": place.school, "place": of(place, school), "when": when(place)}


def _name(row: Row, catalogue: Catalogue) -> str:
    return f"{quote(catalogue[row.indicator].label)} ({row.indicator})"
