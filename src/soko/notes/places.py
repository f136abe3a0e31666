"""The objects of a note: the school, its levels, grades, classes and subjects, and what each is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soko import russian
from soko.notes.data import QUALITY, NoteData

if TYPE_CHECKING:
    from soko.params import Level


@dataclass(frozen=True)
class Place:
    """What a figure is about: the key under which the current, previous and year-ago figures are found.

    ``previous`` and ``year_ago`` are None where a comparison would be of different things.
    """

    scope: str
    key: str
    name: str
    where: str
    school: str
    now: dict[str, str]
    previous: dict[str, str] | None
    year_ago: dict[str, str] | None
    grade: int | None = None
    level: str = ""
    area: str = ""


def places(data: NoteData, school: str = "") -> Iterator[Place]:
    """Objects of one school (``school`` empty: of the workspace): itself, levels, grades, classes, subjects."""
    figures = data.current
    title = f"школа {school}" if data.several and school else "школа"
    whole: dict[str, str] = {}
    yield Place("school" if school else "overall", school, title, "в школе", school, whole, whole, whole)
    for level in data.school.levels:
        if figures.get(QUALITY, school, level=level.id):
            dims = {"level": level.id}
            name = level_name(level)
            yield Place("level", level.id, name, f"на уровне {name}", school, dims, dims, dims, level=level.id)
    for key in figures.keys(QUALITY, "grade", school):
        grade, dims = int(key), {"grade": key}
        where = russian.in_grades([grade])
        level_id = data.school.level_of(grade)
        # The same pupils: where the previous period lies in the last school year, today's 7th grades were the 6th.
        earlier = cohort(key) if new_year(data) else key
        previous = {"grade": earlier} if earlier else None
        yield Place("grade", key, f"{key}-е классы", where, school, dims, previous, dims, grade, level_id)
    for key in figures.keys(QUALITY, "class", school):
        yield _class(data, school, key)
    areas = {subject.title: subject.area for subject in data.params.subjects.subjects}
    for key in figures.keys("subjects.quality", "subject", school):
        dims = {"subject": key}
        where = f"по предмету {russian.quote(key)}"
        yield Place("subject", key, key, where, school, dims, dims, dims, area=areas.get(key, ""))


def level_name(level: Level) -> str:
    """«НОО»: the id where it is a Russian abbreviation, otherwise the title in quotes."""
    return level.id if re.fullmatch(r"[А-ЯЁ]{2,4}", level.id) else russian.quote(level.title)


def _class(data: NoteData, school: str, key: str) -> Place:
    dims = {"class": key}
    grade = int(match[0]) if (match := re.match(r"\d+", key)) else None
    ago = _marked(data, cohort(key)) if data.year_ago else None
    previous: dict[str, str] | None = dims
    if new_year(data):
        # The period before the first quarter lies in the last school year: there today's 7А was 6А.
        earlier = _marked(data, cohort(key))
        previous = {"class": earlier} if earlier else None
    level = data.school.level_of(grade) if grade else ""
    return Place(
        scope="class",
        key=key,
        name=key,
        where=russian.in_classes([key]),
        school=school,
        now=dims,
        previous=previous,
        year_ago={"class": ago} if ago else None,
        grade=grade,
        level=level,
    )


def _marked(data: NoteData, name: str | None) -> str | None:
    """The class, unless its grade has no marks: today's 2А cannot be compared with 1А."""
    grade = re.match(r"\d+", name or "")
    return None if grade and int(grade[0]) in data.conventions.unmarked_grades else name


def new_year(data: NoteData) -> bool:
    """Whether the previous period belongs to the school year before, when classes had other numbers."""
    return data.period.kind != "calendar" and data.period.previous().year != data.period.year


def cohort(name: str) -> str | None:
    """The same pupils a school year earlier: 7А was 6А. None for grades 1 and 10, which are formed anew."""
    match = re.match(r"(\d+)(.*)", name)
    if not match or int(match[1]) in (1, 10):
        return None
    return f"{int(match[1]) - 1}{match[2]}"
