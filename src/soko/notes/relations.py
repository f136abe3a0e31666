"""Facts that tie objects together: a fall of one class, who leaves, what goes on, how long terms are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from soko import russian
from soko.analysis.narrative import Subject
from soko.cohorts import grade_of
from soko.errors import SokoError
from soko.notes.data import ACADEMIC, QUALITY, Figures, NoteData
from soko.notes.places import pairs
from soko.periods import Period

if TYPE_CHECKING:
    from soko.analysis.narrative_rules import Compiled, RuleBook

#: What is asked whose destinations a year has.
_DESTINATIONS = "socialisation.untraced_graduates"


def leaving(data: NoteData, about: Sequence[Subject], grades: frozenset[int]) -> None:
    """How many of the counted pupils leave the school after this year and how many stay, by indicator.

    Facts ``part_leaving``, ``part_staying``, ``rest_leaving`` (those of the base who leave and are not counted).
    """
    for subject in about:
        if subject.scope not in ("overall", "school"):
            continue
        school = str(subject.facts[""]["school"])
        for indicator, known in subject.facts.items():
            if not indicator or known.get("part") is None:
                continue
            if any(data.current.why_hidden(indicator, school, grade=grade) for grade in grades):
                continue  # who leaves cannot be told from the others
            gone = [found for grade in grades if (found := data.current.get(indicator, school, grade=grade))]
            known["part_leaving"] = sum(parts.part for parts in gone)
            known["part_staying"] = known["part"] - known["part_leaving"]
            known["rest_leaving"] = sum((parts.base or 0) - parts.part for parts in gone)


def going_on(data: NoteData, about: Sequence[Subject], rules: RuleBook) -> None:
    """Fact ``goes_on``: whether pupils of a class or parallel are in the school next year and have the subject there.

    A subject that another takes the place of goes on (``continued_by`` in subjects.yaml); so does an
    area of which one subject is left. A subject of the whole school goes on for an indicator (where the fact is then)
    as long as it does for one of the classes or parallels that the indicator has.
    """
    taught = {grade for level in data.school.levels for grade in level.grades} - {grade + 1 for grade in rules.leaving}
    autumn = date(data.period.year + 1, 9, 1)
    asked = {name for item in rules.rules if _for_pupils(item) for name in item.indicators}
    for subject in about:
        known = subject.facts[""]
        if "dims" not in known:  # what is said of the data is about nobody
            continue
        name = dict(known["dims"]).get("subject") or data.focus.get("subject", "")

        def goes(grade: int, title: str = name) -> bool:
            area = data.focus.get("area", "")
            return grade + 1 in taught and data.params.subjects.goes_on(grade, autumn, title, area)

        known["goes_on"] = known["grade"] is None or goes(known["grade"])
        if subject.scope == "subject" and known["grade"] is None:
            for indicator in subject.facts.keys() & asked:
                if found := _grades(data.current, indicator, str(known["school"]), name):
                    subject.facts[indicator]["goes_on"] = any(map(goes, found))


def _for_pupils(compiled: Compiled) -> bool:
    later = compiled.rule.action.year_end if compiled.rule.action else None
    return later is not None and later.for_pupils


def _grades(figures: Figures, indicator: str, school: str, subject: str) -> set[int]:
    """Parallels in which the indicator has a figure of the subject, by its rows of parallels or of classes."""
    found = {
        grade_of(key)
        for dimension in ("grade", "class")
        for key, name in pairs(figures, [indicator], dimension, school)
        if name == subject
    }
    return {grade for grade in found if grade is not None}


def leaving_where(data: NoteData, grades: frozenset[int]) -> str:
    """«в 9-х классах»: the leaving grades in the period's base of which somebody has not succeeded; empty without."""
    short = []
    for grade in sorted(grades) if data.note == ACADEMIC else ():  # the only note that tells of it
        parts = data.current.get("outcomes.success", grade=grade)
        if parts is not None and parts.base and parts.part < parts.base:
            short.append(grade)
    return russian.in_grades(short) if short else ""


def parallels(data: NoteData, about: Sequence[Subject]) -> None:
    """Mark a parallel whose fall is that of one class, so that one deviation is not told as two.

    The class gets the text ``pulls`` («; отсюда снижение в 7-х классах»), the parallel the text ``within`` («; всё
    снижение – в 7Б классе») and the fact ``explained``. Both texts are empty where nothing is to be said. Every object
    gets ``counts``: «4 → 2 из 23».
    """
    quality = [(item, item.facts[QUALITY]) for item in about if QUALITY in item.facts]
    for item, known in quality:
        known["explained"] = False
        texts = item.texts.setdefault(QUALITY, {})
        texts |= {"pulls": "", "within": "", "counts": _counts(known)}
        known |= {"pulls": "", "within": "", "counts": texts["counts"]}
    if data.several:  # a parallel of several schools is no sum of the classes of one
        return
    if data.public and _hides_classes(data):  # which class it was would tell of those that are hidden
        return
    for grade, whole in quality:
        if grade.scope != "grade" or not whole.get("worsened"):
            continue
        number = grade.facts[""]["grade"]
        classes = [pair for pair in quality if pair[0].scope == "class" and pair[0].facts[""]["grade"] == number]
        changes = [_lost(known) for _, known in classes]
        fell = [pair for pair, lost in zip(classes, changes, strict=True) if lost is None or lost > 0]
        if len(fell) != 1 or None in changes or not fell[0][1].get("worsened") or fell[0][1].get("small"):
            continue
        one, known = fell[0]
        whole["explained"] = True
        grade.texts[QUALITY]["within"] = whole["within"] = f"; всё снижение – {one.facts['']['where']}"
        one.texts[QUALITY]["pulls_short"] = f" (и{russian.NBSP}{grade.facts['']['short']})"  # for the table of page one
        one.texts[QUALITY]["pulls"] = known["pulls"] = f"; отсюда снижение {grade.facts['']['where']}"


def _hides_classes(data: NoteData) -> bool:
    periods = [figures for figures in (data.current, data.previous) if figures is not None]
    return any(figures.hides([QUALITY], {"class"}) for figures in periods)


def _lost(known: dict[str, Any]) -> float | None:
    """By how many points a class fell (negative: rose); None when it cannot be compared."""
    delta = known.get("delta")
    return None if delta is None else -float(delta)


def _counts(known: dict[str, Any]) -> str:
    """«4 → 2 из 23»; «4 из 24 → 2 из 23» when the base has changed; empty without an earlier figure."""
    now, base = known.get("part"), known.get("n")
    before, earlier = known.get("previous_part"), known.get("previous_n")
    if None in (now, base, before, earlier):
        return ""
    assert now is not None
    assert base is not None
    assert before is not None
    assert earlier is not None
    was = russian.number(before) + (
        "" if base == earlier else f"{russian.NBSP}из{russian.NBSP}{russian.number(earlier)}"
    )
    return (
        f"{was}{russian.NBSP}→{russian.NBSP}{russian.number(now)}{russian.NBSP}из{russian.NBSP}{russian.number(base)}"
    )


def lengths(data: NoteData) -> dict[str, float]:
    """Calendar weeks of the period and of the previous one, as facts ``weeks`` and ``previous_weeks``."""
    found = {"weeks": weeks(data, data.period), "previous_weeks": weeks(data, data.period.previous())}
    return {name: value for name, value in found.items() if value is not None}


def weeks(data: NoteData, period: Period) -> float | None:
    """Calendar weeks of a period; None when the calendar does not say."""
    try:
        span = data.params.dates(period)
    except SokoError:
        return None
    return round(((span.end - span.start).days + 1) / 7)


def graduations(data: NoteData) -> dict[str, str]:
    """Of which summers graduates are: facts ``graduation_year`` (of certificates), ``release_year`` (of destinations).

    Destinations are told in September, of those who left the summer before; where a school has added them to the files
    of the year itself, they are those of its own graduates.
    """
    year = data.period.year
    if data.period.kind != "year":
        return {"graduation_year": str(year if data.period.kind == "calendar" else year + 1), "release_year": str(year)}
    from soko.indicators import taken as sources

    taken = sources.read(data.folder) if data.folder else None
    if taken is None:  # of a year of parts that nobody has published yet, September is what is usual
        own = data.public or not data.params.parts(data.period)
    else:
        rows = taken[taken["indicator"] == _DESTINATIONS]["periods"]
        own = any(data.period.id in text.split("; ") for text in rows)
    return {"graduation_year": str(year + 1), "release_year": str(year + 1 if own else year)}
