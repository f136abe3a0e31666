"""Facts that tie objects together: which class explains a parallel's fall, who leaves, how long terms are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soko import russian
from soko.analysis.narrative import Subject
from soko.errors import SokoError
from soko.notes.data import ACADEMIC, QUALITY, NoteData
from soko.periods import Period


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
