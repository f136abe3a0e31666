"""What a figure is held against: a class against its parallel and its level, everything else against the whole.

Whether a class differs from its parallel is judged against the *other* classes of it, since half of a parallel of two
classes is the class itself, and with Holm's correction for the subjects that are judged at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from soko import russian
from soko.analysis.chance import whole_parts
from soko.analysis.groups import holm, standing
from soko.analysis.narrative_model import Subject
from soko.analysis.rounding import exact
from soko.analysis.significance import p_value
from soko.notes.data import Figures, NoteData, Parts
from soko.notes.places import Place, level_where

if TYPE_CHECKING:
    from soko.indicators.model import Indicator


@dataclass(frozen=True)
class Held:
    """The figure that another is held against, and its words: «в 5-х классах»."""

    parts: Parts
    where: str


def whole(data: NoteData, indicator: str, place: Place) -> Held | None:
    """The level of a class (of the one class that the note is about too), else the school, the subject or the area."""
    if "class" in data.focus:
        return _level(data, data.beside, indicator, place) if place.scope == "overall" else None
    if place.scope == "class" and (found := _level(data, data.current, indicator, place)):
        return found
    parts = data.current.get(indicator, place.school)
    if parts is None or (data.focus and place.scope == "overall"):
        return None
    name = "".join(data.focus.values())
    words = {"area": f"по области {russian.quote(name)}", "subject": f"по предмету {russian.quote(name)}"}
    return Held(parts, words[next(iter(data.focus))] if data.focus else "по школе")


def _level(data: NoteData, figures: Figures | None, indicator: str, place: Place) -> Held | None:
    level = next((item for item in data.school.levels if item.id == place.level), None)
    found = figures.get(indicator, place.school, level=level.id) if figures is not None and level is not None else None
    if found is None or level is None or figures is None:
        return None
    if "class" in data.focus:  # of the other parallels the note knows nothing
        return Held(found, level_where(level))
    grades = [grade for grade in level.grades if figures.has(indicator, place.school, grade=grade)]
    return Held(found, russian.in_grades(grades, span=True)) if grades else None


def parallel(data: NoteData, indicator: str, place: Place) -> Held | None:
    """The parallel of a class, in the same subject where the figure is of one; None for the only class of it."""
    own = "class" in data.focus
    if place.grade is None or place.scope not in (("overall", "subject") if own else ("class",)):
        return None
    figures = data.beside if own else data.current
    dims = {"grade": str(place.grade)} | (place.now if own else {})
    found = figures.get(indicator, place.school, **dims) if figures is not None else None
    now = data.current.get(indicator, place.school, **place.now)
    if found is None or now is None or not now.base or (found.base or 0) <= now.base:
        return None
    return Held(found, russian.in_grades([place.grade]))


def judge(data: NoteData, about: Sequence[Subject]) -> None:
    """Facts ``parallel_above`` and ``parallel_below``: the others in the parallel differ by more than chance.

    Neither is there for a small group, which is not judged, nor for a figure that does not count everybody once (the
    marks of several subjects): there chance cannot be told.
    """
    limit = data.conventions.thresholds.small_group
    for indicator in data.catalogue:
        asked = [
            (known, rest)
            for item in about
            if (known := item.facts.get(indicator.id))
            and data.catalogue.counts_people(indicator.id, _filled(data, item.scope))
            and (rest := _rest(known, limit))
        ]
        found = holm([p_value(int(known["part"]), int(known["n"]), *rest) for known, rest in asked])
        for (known, rest), p in zip(asked, found, strict=True):
            _judged(data, indicator, known, rest, p)


def judge_changes(data: NoteData, about: Sequence[Subject]) -> None:
    """Facts ``proven`` and ``unproven`` (``year_…``): the change to an earlier period is more than chance, or is not.

    By the exact test. Objects of one kind are judged at once, so their chances are corrected by Holm's method; where
    there is nothing to test (means, counts) both facts are false.
    """
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for item in about:
        for indicator, known in item.facts.items():
            for prefix in ("", "year_"):
                if f"{prefix}p" in known:
                    groups.setdefault((item.scope, indicator, prefix), []).append(known)
    limit = 1 - data.conventions.thresholds.confidence
    for (_, _, prefix), every in groups.items():
        asked = [known for known in every if known[f"{prefix}p"] is not None]
        for known in every:
            known |= {f"{prefix}proven": False, f"{prefix}unproven": False}
        for known, p in zip(asked, holm([known[f"{prefix}p"] for known in asked]), strict=True):
            known |= {f"{prefix}proven": p < limit, f"{prefix}unproven": p >= limit}


def _filled(data: NoteData, scope: str) -> set[str]:
    """Which dimensions a figure of the scope has in this note."""
    return (set(data.focus) | {scope}) & {"class", "subject"}


def _judged(data: NoteData, indicator: Indicator, known: dict[str, Any], rest: tuple[int, int], p: float) -> None:
    thresholds = data.conventions.thresholds
    gap = (exact(known["part"]) / exact(known["n"]) - Fraction(*rest)) * 100
    stable = indicator.stable_within(thresholds)
    word = standing(gap, known["n"], p, stable=stable, confidence=thresholds.confidence)
    known |= {"parallel_above": word == "above", "parallel_below": word == "below"}


def _rest(known: dict[str, Any], limit: int) -> tuple[int, int] | None:
    """The others of the parallel; None where they or the class are too few, or the figures are no counts."""
    if "parallel_n" not in known or known["n"] < limit:
        return None
    try:
        part, base = whole_parts(known["parallel_part"] - known["part"], known["parallel_n"] - known["n"])
        whole_parts(known["part"], known["n"])
    except ValueError:
        return None
    return (part, base) if base >= limit else None
