"""The same pupils in another school year: today's 7А was 6А a year ago. Knows names of classes, nothing of data."""

from __future__ import annotations

import re

from soko.periods import Period

#: Grades that are formed anew: their pupils were no class of the school, or of several, a year before.
FORMED_ANEW = (1, 10)
#: What follows the grade in the name of a class as people write it: «А», «ФМ», «К1», «М-1».
LETTERS = r"[А-ЯЁ]{1,3}(?:-?\d)?"
# A date, a range of years or a decimal is no class: nothing of a number may stand beside it.
_ALONE = r"(?<![\d.,/–-]){}(?![\d–-]|[.,/]\d)"
#: A class whose name is two numbers, as the program writes it everywhere: «7-1».
NUMBERED = _ALONE.format(r"(?:[1-9]|1[0-2])-[1-9]\d?")
#: The same as people write it too, «7.1», «7/1»: grade and number are groups.
NUMBERED_AS_TYPED = _ALONE.format(r"([1-9]|1[0-2])[-./]([1-9]\d?)")


def grade_of(name: str | None) -> int | None:
    """The grade of a class or parallel: «10Б» → 10, «5К1» → 5; None for what is neither."""
    match = re.match(r"\d{1,2}", name or "")
    return int(match[0]) if match else None


def class_grade(name: str) -> int:
    """The grade of what is a class: «10А» → 10; ValueError for anything else."""
    grade = grade_of(name)
    if grade is None:
        raise ValueError(f"no class: {name!r}")
    return grade


def natural(text: str, without: int = 0) -> tuple[int, str]:
    """Order of names: 2А before 10А, 7-2 before 7-10; ``without`` is the place of those that begin with no number."""
    match = re.match(r"\d+", text)
    return (int(match[0]) if match else without, in_order(text))


def in_order(name: str) -> str:
    """A key that sorts names by their numbers: «2А» before «10А», «7-2» before «7-10»."""
    return re.sub(r"\d+", lambda number: number[0].zfill(6), name)


def spelled(grade: str | int, letters: str) -> str:
    """The name of a class of its grade and what a text has after it: 10, «м-1» → «10М1»; 7, «-1» → «7-1»."""
    rest = letters.upper()
    return f"{int(grade)}{rest if rest.startswith('-') else rest.replace('-', '')}"


def as_range(name: str) -> tuple[int, int] | None:
    """The grades that «1-4» would mean if it were not the fourth class of the first grade; None for other names."""
    match = re.fullmatch(NUMBERED, name)
    first, last = map(int, name.split("-")) if match else (0, 0)
    return (first, last) if first < last else None


def cohort(name: str, years: int = 1) -> str | None:
    """The class or grade in which the same pupils were ``years`` earlier; None when it was formed since."""
    grade = grade_of(name)
    if grade is None:
        return None
    if any(grade - year in FORMED_ANEW for year in range(years)):
        return None
    return f"{grade - years}{name.lstrip('0123456789')}"


def compared_class(name: str, period: Period, other: Period) -> str | None:
    """The class of ``other`` that a class of ``period`` is compared with: always the same pupils."""
    return cohort(name, period.year - other.year)


def compared_grade(grade: int, period: Period, other: Period) -> int | None:
    """The grade that a grade is compared with: the same pupils in the period before, the same grade a year ago.

    A year ago other children sat in it: there the question is how the grade has become, not how the children have.
    """
    if other != period.previous() or period.kind == "calendar":
        return grade
    earlier = cohort(str(grade), period.year - other.year)
    return int(earlier) if earlier else None
