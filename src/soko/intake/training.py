"""Courses of a worker as staff lists keep them: several in one cell, topic, hours and date in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from soko.intake.model import Draft, cells
from soko.intake.normalise import day
from soko.intake.words import blank, plural, text

ROLE = "training"
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?!\d)|\d{4}[.-]\d{1,2}[.-]\d{1,2}")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:г(?:од|\.)?)?(?!\d)")
_HOURS = re.compile(r"(?<!\d)(\d{1,4})\s*(?:ч(?:ас(?:а|ов)?)?\.?)(?![а-яё])", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s+")
_FGOS = re.compile(r"ФГОС", re.IGNORECASE)


@dataclass(frozen=True)
class Course:
    """One course; what the cell does not say is None."""

    topic: str
    hours: float | None = None
    held_on: date | None = None


def courses(raw: Any) -> list[Course]:
    """All courses of a cell, a line each (or divided by «;»), in their order."""
    if blank(raw):
        return []
    parts = [part for part in re.split(r"[\n;]+", str(raw)) if text(part)]
    return [found for part in parts if (found := _course(part)) is not None]


def _course(part: str) -> Course | None:
    line = _NUMBER.sub("", text(part))
    written = _DATE.findall(line)
    days = [found for item in written if (found := day(item).value) is not None]
    bare = _DATE.sub(" ", line)
    hours = _HOURS.search(bare)
    bare = _HOURS.sub(" ", bare)
    if not days and (year := _YEAR.search(bare)):
        # A course of a year without a day ended within it: the last day is the latest that can be meant.
        days, bare = [date(int(year[1]), 12, 31)], bare.replace(year[0], " ")
    topic = text(re.sub(r"\(\s*[,;–-]*\s*\)", " ", bare)).strip(' ,;.–—-()«»"')
    if not topic and not days and hours is None:
        return None
    return Course(topic, float(hours[1]) if hours else None, max(days, default=None))


def split_training(draft: Draft) -> None:
    """The last course of each cell into the columns of the table; those that the list has itself are kept."""
    if ROLE not in draft.frame:
        return
    letter = draft.letters.pop(ROLE, "")
    raws = cells(draft.frame, ROLE)
    last: list[Course] = []
    for raw, row in zip(raws, cells(draft.frame, "_row"), strict=True):
        found = courses(raw)
        # Without dates the last line is the last course; with them, the latest.
        dated = [course for course in found if course.held_on is not None]
        newest = max(dated, key=lambda course: course.held_on or date.min) if dated else (found or [Course("")])[-1]
        last.append(newest)
        if found:
            many = plural(len(found), "запись", "записи", "записей")
            draft.changes.append(
                {
                    "cell": f"{letter}{row}", "column": "training_date", "was": f"{many} о повышении квалификации",
                    "became": f"{newest.held_on:%d.%m.%Y}" if newest.held_on else newest.topic,
                    "why": "взято последнее повышение квалификации",
                }
            )  # fmt: skip
    frame = draft.frame.drop(columns=ROLE)
    values: dict[str, list[Any]] = {
        "training_date": [course.held_on for course in last],
        "training_topic": [course.topic or None for course in last],
        "training_hours": [course.hours for course in last],
        "training_fgos": [("да" if _FGOS.search(str(raw)) else None) for raw in raws],
    }
    for name, items in values.items():
        if name not in frame:
            frame[name] = pd.Series(items, index=frame.index, dtype=object)
            draft.letters[name] = letter
    draft.frame = frame
