"""A count in words, for messages and the audit file: which indicator, of which group, never how many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from soko.disclosure.amounts import Book, Row
from soko.disclosure.places import Place
from soko.periods import Period

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue
    from soko.school import School

_PARTS = ("число", "база", "остальные")


def group(place: Place, school: School) -> str:
    """«7А класс, 4 четв. 2025/26»; «школа» where there is no dimension."""
    levels = {level.id: level.title for level in school.levels}
    words: dict[str, Callable[[str], str]] = {
        "level": lambda value: levels.get(value) or value,
        "grade": lambda value: f"{value} классы",
        "class": lambda value: f"{value} класс",
        "subject": lambda value: f"предмет «{value}»",
    }
    found = [words.get(name, lambda value: f"«{value}»")(value) for name, value in place.dims] or ["школа"]
    period, _, release = place.period.partition("#")
    when = Period.parse(period).short() + (f" (по выпуску {release})" if release else "")
    return ", ".join([*found, when])


def amounts(made: Book, catalogue: Catalogue, school: School) -> dict[int, str]:
    """By position: «Качество знаний (outcomes.quality), число: 7А класс, 4 четв. 2025/26»."""
    found: dict[int, str] = {}
    for row in made.rows:
        for what, at in zip(_PARTS, (row.part, row.base, row.rest), strict=True):
            if at >= 0 and at not in found:
                found[at] = f"{_name(row, catalogue)}, {what}: {group(row.place, school)}"
    return found


def _name(row: Row, catalogue: Catalogue) -> str:
    return f"«{catalogue[row.indicator].label}» ({row.indicator})"
