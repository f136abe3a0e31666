"""Groups of one dimension side by side: levels, parallels, classes, subjects, teachers of a subject under codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from soko.analysis.groups import Contrast, contrasts
from soko.analysis.ranking import Rank, ranks
from soko.notes.data import NoteData, Parts
from soko.notes.places import level_name

#: Head of the first column by dimension.
HEADS = {"level": "Уровень", "grade": "Параллель", "class": "Класс", "subject": "Предмет", "teacher": "Учитель"}
#: How the groups are called, in the genitive of many.
OF_MANY = {
    "level": "уровней",
    "grade": "параллелей",
    "class": "классов",
    "subject": "предметов",
    "teacher": "учителей",
}


@dataclass(frozen=True)
class Group:
    """One group with the parts of its figure."""

    key: str
    name: str
    parts: Parts


@dataclass(frozen=True)
class Compared:
    """A group with its contrast to the rest and its place; ``rank`` None for a small group, which gets no place."""

    group: Group
    contrast: Contrast
    rank: Rank | None


def groups(data: NoteData, indicator: str, dimension: str, school: str = "") -> list[Group]:
    """Groups of the dimension that have a base, in reading order."""
    found = []
    for key in data.current.keys(indicator, dimension, school):
        parts = data.current.get(indicator, school, **{dimension: key})
        if parts is not None and parts.base:
            found.append(Group(key, name_of(data, dimension, key), parts))
    if dimension == "level":
        order = [level.id for level in data.school.levels]
        found.sort(key=lambda group: order.index(group.key) if group.key in order else len(order))
    return found


def name_of(data: NoteData, dimension: str, key: str) -> str:
    """«НОО», «5‑е классы» (not torn at the hyphen), «7А», «Алгебра»."""
    if dimension == "level":
        return next((level_name(level) for level in data.school.levels if level.id == key), key)
    return f"{key}\u2011е классы" if dimension == "grade" else key


def compared(
    data: NoteData,
    indicator: str,
    found: Sequence[Group],
    *,
    tested: bool | None = None,
    within: Sequence[str] | None = None,
) -> list[Compared]:
    """Groups against the rest of them and their places among those that are not small, in the order given.

    ``tested`` None leaves it to the indicator: the rest, too, must count everybody once, so figures of marks are
    compared by the threshold alone. ``within`` are sets that are compared each for itself, as teachers within a
    subject. Empty when the figures are no shares of whole numbers.
    """
    item, thresholds = data.catalogue[indicator], data.conventions.thresholds
    if item.unit != "percent" or item.scale != 100:
        return []
    parts = [(group.parts.part, group.parts.base or 0) for group in found]
    if not all(float(part).is_integer() and float(base).is_integer() and 0 <= part <= base for part, base in parts):
        return []
    made = contrasts(
        parts,
        small_group=thresholds.small_group,
        stable=item.stable_within(thresholds),
        confidence=thresholds.confidence,
        tested=data.catalogue.counts_people(indicator, ()) if tested is None else tested,
        within=within,
    )
    sets = list(within) if within is not None else [""] * len(parts)
    of: dict[int, Rank] = {}
    for name in dict.fromkeys(sets) if item.better != "none" else ():
        own = [at for at, (_, base) in enumerate(parts) if sets[at] == name and base >= thresholds.small_group]
        better: Literal["up", "down"] = "down" if item.better == "down" else "up"
        places = ranks([parts[at] for at in own], better=better, confidence=thresholds.confidence)
        of |= dict(zip(own, places, strict=True))
    return [Compared(group, contrast, of.get(at)) for at, (group, contrast) in enumerate(zip(found, made, strict=True))]
