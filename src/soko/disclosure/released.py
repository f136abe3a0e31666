"""Which rows may leave the school at all, before any count is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from soko.cohorts import grade_of
from soko.disclosure.places import column
from soko.disclosure.settings import Disclosure, matches
from soko.indicators.model import DIMENSIONS, UNKNOWN

if TYPE_CHECKING:
    from soko.school import School


def releasable(frame: pd.DataFrame, settings: Disclosure, school: School) -> pd.DataFrame:
    """Rows that params/disclosure.yaml lets out, in their order, with the column ``rated`` (see ``judged``).

    ``released``: True; the other columns say that no earlier release has the row (``soko.disclosure.standing``).
    """
    sets = {name: settings.sets(name) for name in frame["indicator"].unique()}
    shapes = _shapes(frame)
    keep = [shape in sets[name] for shape, name in zip(shapes, frame["indicator"], strict=True)]
    rows = frame.assign(rated=judged(frame, settings, school))[keep].reset_index(drop=True)
    return rows.assign(released=True, unseen=False, was_part="", was_base="", was_cell=0, was_group=0)


def unseen(frame: pd.DataFrame, rows: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    """Rows of ``frame`` that do not leave, but stand in an identity beside some of ``rows``, at places like theirs.

    Number of each mark, share of quality and mean mark tell of each other, whichever of them is printed.
    """
    shapes, leaves = _shapes(frame), set(zip(rows["indicator"], _shapes(rows), strict=True))
    wanted: set[tuple[str, frozenset[str]]] = set()
    for identity in settings.identities:
        for terms, whole in identity.written_out:
            names = {whole.indicator, *(one.indicator for one in terms)}
            wanted |= {(name, shape) for name in names for other, shape in leaves if other in names} - leaves
    keep = [pair in wanted for pair in zip(frame["indicator"], shapes, strict=True)]
    found = frame[keep].assign(rated=False, released=False, unseen=True)
    return found.assign(was_part="", was_base="", was_cell=0, was_group=0)


def judged(frame: pd.DataFrame, settings: Disclosure, school: School) -> list[bool]:
    """By row: a figure by subject behind which fewer than ``one_teacher.least`` teachers stand judges a person."""
    rule = settings.one_teacher
    asked = {name: matches(name, rule.indicators) for name in frame["indicator"].unique()}
    if rule.least < 2 or not any(asked.values()):
        return [False] * len(frame)
    teachers = _teachers(frame, rule.known_by, school)
    found = []
    names = ("school_id", "period", "indicator", "subject", "level", "grade", "class")
    for school_id, period, indicator, subject, level, grade, group in zip(
        *(column(frame, n) for n in names), strict=True
    ):
        if not asked[str(indicator)] or not subject:
            found.append(False)
            continue
        where = ("class", group) if group else ("grade", str(grade)) if grade else ("level", level)
        place = where if where[1] else ("", "")
        found.append(len(teachers.get((school_id, period, subject, *place), ())) < rule.least)
    return found


def _shapes(frame: pd.DataFrame) -> list[frozenset[str]]:
    filled = [(name, (frame[name].notna() & (frame[name] != "").fillna(False)).tolist()) for name in DIMENSIONS]
    return [frozenset(name for name, has in filled if has[at]) for at in range(len(frame))]


def _teachers(frame: pd.DataFrame, indicator: str, school: School) -> dict[tuple[str, ...], set[str]]:
    """Teachers of a subject in the school, in each of its levels, parallels and classes."""
    known: dict[tuple[str, ...], set[str]] = {}
    rows = frame[(frame["indicator"] == indicator) & (frame["teacher"].fillna("") != "")]
    rows = rows[(rows["subject"].fillna("") != "") & (rows["class"].fillna("") != "")]
    for school_id, period, subject, group, teacher in (
        rows[["school_id", "period", "subject", "class", "teacher"]].astype(object).itertuples(index=False, name=None)
    ):
        if teacher == UNKNOWN:
            continue
        grade = grade_of(group)
        level = school.level_of(grade) if grade else ""
        for place in (("", ""), ("level", level), ("grade", str(grade or "")), ("class", group)):
            for whose in (school_id, ""):  # teachers stand only in rows of their own school
                known.setdefault((whose, period, subject, *place), set()).add(teacher)
    return known
