"""Data in doubt that the figures rest on: which warnings of the check concern marks that were counted or are missing.

A finding names its class and its subject in its message only; both are looked for there among those of the period.
The rules that count are listed in params/narrative under ``doubtful``: ``included`` (marks in the base that the
protocol asks to check) and ``absent`` (marks that should be there).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from soko import russian
from soko.notes.data import QUALITY, NoteData, natural

_EACH, _FIRST = 8, 5  # so many are named one by one; of more, so many classes of a subject
FACTS = ["doubtful_in", "doubtful_out", "doubtful_included", "doubtful_absent"]


class Doubt(NamedTuple):
    """Marks of one class in one subject; ``size`` is the number of marks, or of pupils without any."""

    subject: str
    name: str
    size: float
    absent: bool


def doubts(data: NoteData, rules: Mapping[str, tuple[str, ...]]) -> list[Doubt]:
    """Every class and subject in doubt once, by subject; what is missing after what is in the base."""
    if data.findings is None or not any(rules.values()):
        return []
    subjects = {
        name for school in ("", *data.schools) for name in data.current.keys("subjects.quality", "subject", school)
    }
    if "class" in data.focus:  # the subject of which the class has no mark is in no figure of the class
        subjects.update(subject.title for subject in data.params.subjects.subjects)
    classes = {name for school in ("", *data.schools) for name in data.current.keys(QUALITY, "class", school)}
    found: dict[tuple[str, str], Doubt] = {}
    for kind in ("included", "absent"):
        chosen = data.findings[data.findings["rule"].isin(rules.get(kind, ()))]
        for message in chosen["message_ru"]:
            named = [text for text in re.findall("«([^«»]+)»", message) if text in subjects]
            where = [text for text in re.findall(r"\b[Вв]о? (\S+) классе", message) if text in classes]
            for subject in named:
                for name in where[:1]:
                    found.setdefault((subject, name), _doubt(data, subject, name, kind == "absent"))
    return sorted(
        (item for item in found.values() if item.size), key=lambda item: (item.absent, item.subject, natural(item.name))
    )


def subjects(data: NoteData) -> set[str]:
    """Subjects of which a figure is provisional."""
    from soko.notes import telling  # the rules of the note name the kinds of doubt

    return {item.subject for item in doubts(data, telling.book(data).doubtful)}


def _doubt(data: NoteData, subject: str, name: str, absent: bool) -> Doubt:
    if absent:
        parts = data.current.get(QUALITY, **{"class": name})
    else:
        parts = data.current.get("subjects.quality", **{"class": name, "subject": subject})
    return Doubt(subject, name, parts.base or 0 if parts else 0, absent)


def facts(data: NoteData, rules: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """For the rules of the section on data: what was counted and is in doubt, what is missing."""
    found = doubts(data, rules)
    included = [item for item in found if not item.absent]
    absent = [item for item in found if item.absent]
    return {
        "doubtful_in": len(included),
        "doubtful_out": len(absent),
        "doubtful_included": _listed(included, "отметка"),
        "doubtful_absent": _listed(absent, "обучающийся"),
    }


def _listed(found: list[Doubt], noun: str) -> str:
    """«История, 5А (20 отметок)»; of many only the subjects and their first classes: the protocol names every one."""
    if len(found) <= _EACH:
        return "; ".join(
            f"{russian.lower_first(item.subject)}, {item.name} ({russian.count(item.size, noun)})" for item in found
        )
    classes: dict[str, list[str]] = {}
    for item in found:
        classes.setdefault(item.subject, []).append(item.name)
    told = [f"{russian.lower_first(subject)} – {russian.listing(own, _FIRST)}" for subject, own in classes.items()]
    more = [f"и ещё {russian.count(len(told) - _EACH, 'предмет')}"] if len(told) > _EACH else []
    return "; ".join([*told[:_EACH], *more])
