"""The objects of a note: the school, its levels, grades, classes and subjects, and what each is compared with."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soko import russian
from soko.cohorts import cohort, grade_of
from soko.notes.data import QUALITY, Figures, NoteData, natural

if TYPE_CHECKING:
    from soko.school import Level


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


#: Of a scope: ids of the indicators whose rows say which objects there are.
Basis = Callable[[str], Collection[str]]


def academic(scope: str) -> Collection[str]:
    """Classes and parallels with marks; subjects in which marks were given."""
    return ("subjects.quality",) if scope == "subject" else (QUALITY,)


def places(data: NoteData, school: str = "", basis: Basis = academic) -> Iterator[Place]:
    """Objects of one school (``school`` empty: of the workspace): itself, levels, grades, classes, subjects, items.

    Of the academic note every object stands in the base of the outcomes; of another, it has a row of an indicator that
    ``basis`` names for its scope.
    """
    figures = data.current
    yield _whole(data, school)
    for level in data.school.levels:
        dims = {"level": level.id}
        if any(figures.has(name, school, **dims) for name in basis("level")):
            name = level_name(level)
            yield Place("level", level.id, name, level_where(level), school, dims, dims, dims, level=level.id)
    for key in keys(figures, basis("grade"), "grade", school):
        grade, dims = int(key), {"grade": key}
        where = russian.in_grades([grade])
        level_id = data.school.level_of(grade)
        # The same pupils: where the previous period lies in the last school year, today's 7th grades were the 6th.
        earlier = cohort(key) if new_year(data) else key
        previous = {"grade": earlier} if earlier else None
        yield Place("grade", key, f"{key}-е классы", where, school, dims, previous, dims, grade, level_id)
    for key in keys(figures, basis("class"), "class", school):
        yield class_place(data, school, key)
    areas = {subject.title: subject.area for subject in data.params.subjects.subjects}
    own = class_place(data, school, data.focus["class"]) if "class" in data.focus else None
    of_class = (own.grade, own.level) if own else (None, "")
    for key in keys(figures, basis("subject"), "subject", school):
        dims = {"subject": key}
        where = f"по предмету {russian.quote(key)}"
        yield Place("subject", key, key, where, school, dims, dims, dims, *of_class, areas.get(key, ""))
    if basis is academic:
        return  # that note has its own tables of classes and subjects
    for key in keys(figures, basis("item"), "item", school):
        dims = {"item": key}
        yield Place("item", key, key, russian.quote(key), school, dims, dims, dims)
    for parallel, subject in pairs(figures, basis("work"), "grade", school):
        yield _work(data, school, subject, int(parallel), areas.get(subject, ""))
    for name, subject in pairs(figures, basis("class_subject"), "class", school):
        place, dims = class_place(data, school, name), {"class": name, "subject": subject}
        # Another work was written a year ago, by other children or in another parallel: nothing to be held against.
        yield replace(
            place, scope="class_subject", key=f"{name}, {subject}", name=f"{subject} {place.where}",
            now=dims, previous=None, year_ago=None, area=areas.get(subject, ""),
        )  # fmt: skip


def one_class_each(data: NoteData, school: str) -> bool:
    """Whether every parallel with marks is one class: then what is said of parallels is said of classes again."""
    classes = keys(data.current, (QUALITY,), "class", school)
    grades = keys(data.current, (QUALITY,), "grade", school)
    return bool(grades) and sorted(re.match(r"\d*", name)[0] for name in classes) == sorted(grades)  # type: ignore[index]


def pairs(figures: Figures, indicators: Collection[str], dimension: str, school: str) -> list[tuple[str, str]]:
    """(parallel or class, subject) for which one of the indicators has a row, in reading order."""
    found = set[tuple[str, str]]()
    for name in indicators:
        subjects = figures.keys(name, "subject", school, (dimension,))
        for key in figures.keys(name, dimension, school, ("subject",)):
            found |= {
                (key, subject)
                for subject in subjects
                if figures.has(name, school, **{dimension: key, "subject": subject})
            }
    return sorted(found, key=lambda pair: (natural(pair[0]), pair[1]))


def _work(data: NoteData, school: str, subject: str, grade: int, area: str) -> Place:
    """A subject in a parallel: a year ago other children wrote it; where classes have moved up since, nobody did."""
    dims = {"grade": str(grade), "subject": subject}
    name = f"{subject} {russian.in_grades([grade])}"
    where = f"по предмету {russian.quote(subject)} {russian.in_grades([grade])}"
    previous = None if new_year(data) and data.period.kind != "year" else dims
    return Place(
        "work",
        f"{grade}, {subject}",
        name,
        where,
        school,
        dims,
        previous,
        dims,
        grade,
        data.school.level_of(grade),
        area,
    )


def keys(figures: Figures, indicators: Collection[str], dimension: str, school: str) -> list[str]:
    """Values of a dimension for which one of the indicators has rows, in reading order."""
    found = {key for name in indicators for key in figures.keys(name, dimension, school)}
    return sorted(found, key=natural)


def _whole(data: NoteData, school: str) -> Place:
    """The school, the schools together, or the one class or subject that the note is about."""
    none: dict[str, str] = {}
    if "class" in data.focus:
        return replace(
            class_place(data, school, data.focus["class"]), scope="overall", now=none, previous=none, year_ago=none
        )
    if "subject" in data.focus:
        name = data.focus["subject"]
        return Place(
            "overall", name, name, f"по предмету {russian.quote(name)}", school, none, none, none, area=data.area
        )
    if "area" in data.focus:
        name = data.focus["area"]
        return Place("overall", name, name, f"по области {russian.quote(name)}", school, none, none, none, area=name)
    title = f"школа {school}" if data.several and school else "школа"
    return Place("school" if school else "overall", school, title, "в школе", school, none, none, none)


def level_name(level: Level) -> str:
    """«НОО»: the id where it is a Russian abbreviation, otherwise the title in quotes."""
    return level.id if re.fullmatch(r"[А-ЯЁ]{2,4}", level.id) else russian.quote(level.title)


def level_where(level: Level) -> str:
    """«на уровне НОО»."""
    return f"на уровне {level_name(level)}"


def class_place(data: NoteData, school: str, key: str) -> Place:
    """A class with what it is compared with: today's 7А was 6А a year ago."""
    dims = {"class": key}
    grade = grade_of(key)
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
    return None if grade_of(name) in data.conventions.unmarked_grades else name


def new_year(data: NoteData) -> bool:
    """Whether the previous period belongs to the school year before, when classes had other numbers."""
    return data.period.kind != "calendar" and data.period.previous().year != data.period.year
