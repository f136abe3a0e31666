"""Which rows may leave the school at all, before any count is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from soko.disclosure.settings import Disclosure, matches
from soko.indicators.model import DIMENSIONS, UNKNOWN

if TYPE_CHECKING:
    from soko.school import School


def releasable(frame: pd.DataFrame, settings: Disclosure, school: School) -> pd.DataFrame:
    """Rows that params/disclosure.yaml lets out, in their order, with the column ``rated``.

    ``rated``: fewer teachers than ``one_teacher.least`` stand behind a figure by subject, so that it judges a person.
    """
    sets = {name: settings.sets(name) for name in frame["indicator"].unique()}
    shapes = _shapes(frame)
    keep = [shape in sets[name] for shape, name in zip(shapes, frame["indicator"], strict=True)]
    rows = frame[keep].reset_index(drop=True)
    return rows.assign(rated=_rated(rows, frame, settings, school))


def _shapes(frame: pd.DataFrame) -> list[frozenset[str]]:
    filled = [(name, (frame[name].notna() & (frame[name] != "").fillna(False)).tolist()) for name in DIMENSIONS]
    return [frozenset(name for name, has in filled if has[at]) for at in range(len(frame))]


def _rated(rows: pd.DataFrame, frame: pd.DataFrame, settings: Disclosure, school: School) -> list[bool]:
    """By row: too few teachers are known to stand behind it."""
    rule = settings.one_teacher
    asked = {name: matches(name, rule.indicators) for name in rows["indicator"].unique()}
    if rule.least < 2 or not any(asked.values()):
        return [False] * len(rows)
    teachers = _teachers(frame, rule.known_by, school)
    found = []
    for row in rows[["school_id", "period", "indicator", "subject", "level", "grade", "class"]].itertuples(index=False):
        school_id, period, indicator, subject, level, grade, group = row
        if not asked[indicator] or pd.isna(subject) or subject == "":
            found.append(False)
            continue
        where = ("class", group) if group else ("grade", str(int(grade))) if not pd.isna(grade) else ("level", level)
        place = where if where[1] else ("", "")
        found.append(len(teachers.get((school_id, period, subject, *place), ())) < rule.least)
    return found


def _teachers(frame: pd.DataFrame, indicator: str, school: School) -> dict[tuple[str, ...], set[str]]:
    """Teachers of a subject in the school, in each of its levels, parallels and classes."""
    known: dict[tuple[str, ...], set[str]] = {}
    rows = frame[(frame["indicator"] == indicator) & (frame["teacher"].fillna("") != "")]
    rows = rows[(rows["subject"].fillna("") != "") & (rows["class"].fillna("") != "")]
    for school_id, period, subject, group, teacher in rows[
        ["school_id", "period", "subject", "class", "teacher"]
    ].itertuples(index=False, name=None):
        if teacher == UNKNOWN:
            continue
        grade = "".join(ch for ch in group if ch.isdigit())
        level = school.level_of(int(grade)) if grade else ""
        for place in (("", ""), ("level", level), ("grade", grade), ("class", group)):
            for whose in (school_id, ""):  # teachers stand only in rows of their own school
                known.setdefault((whose, period, subject, *place), set()).add(teacher)
    return known
