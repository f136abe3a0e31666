"""What an order says: the conclusions and recommendations of one note, and the words around them.

People stand in the nominative («Ответственный – директор Н. П. Верещагина»), so that no name is ever declined wrongly.
Nothing here is about single pupils: it is what the rules of params/narrative have said of classes and of the school.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from soko import russian
from soko.cohorts import NUMBERED
from soko.notes import cover, ending, telling
from soko.notes.data import NoteData
from soko.publish.blocks import Meta
from soko.publish.glyphs import legal

#: What a template may name, and what it means. A group is a dictionary; a list of one pattern is for a loop.
FIELDS: dict[str, Any] = {
    "school": {
        "name_full": "полное название школы",
        "name_short": "краткое название школы",
        "place": "населённый пункт",
    },
    "director": {"post": "должность руководителя", "name": "инициалы и фамилия руководителя"},
    "author": {"post": "должность составителя справки", "name": "инициалы и фамилия составителя"},
    "period": "за какой период: «4-ю четверть 2025/2026 учебного года»",
    "heading": "заголовок приказа: «Об итогах … за …»",
    "note": "справка, её полное название",
    "basis": "основание (basis в params/periods)",
    "considered_by": "где рассмотрено (considered_by в params/school.yaml)",
    "conclusions": ["вывод справки"],
    "remarks": ["что исправить в данных до подписания"],
    "items": [
        {
            "what": "что сделать",
            "who": "кто отвечает: должность, инициалы и фамилия",
            "due": "срок: «5 июня 2026 г.»",
            "basis": "показатели, из которых следует рекомендация",
        }
    ],
    "people": ["каждый, кто отвечает хотя бы за одно поручение"],
}

_TOPIC = re.compile(r"(?:о|об|обо) ")


@dataclass(frozen=True)
class Assignment:
    """One point of the order: what, who (post and name, nominative), by when, on what ground."""

    what: str
    who: str
    due: date
    basis: str


@dataclass(frozen=True)
class Order:
    """An order's content. ``fields`` is what a template gets, in the form of ``FIELDS``; ``meta`` the file's facts."""

    heading: str
    conclusions: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    fields: dict[str, Any]
    meta: Meta

    @property
    def empty(self) -> bool:
        """Whether the note has nothing that could be decided on."""
        return not self.assignments


def order_of(data: NoteData) -> Order:
    """The order that follows from a note (from one about a class or a subject, when ``data`` are of one)."""
    narrative = telling.narrative(data)
    said = ending.ordered(narrative)
    # What is wrong with the data is for whoever prepares the order, not for the order.
    conclusions = [item.text for item in said if item.section != "data"]
    rows = [
        Assignment(item.what, item.who, item.due, item.basis)
        for item in sorted(narrative.recommendations, key=lambda item: item.due)
    ]
    school, file = data.school, telling.book(data).file
    name = cover.name(data)
    title = heading(name)
    settings = data.params.period(data.period)
    fields = {
        "school": {"name_full": school.name_full, "name_short": school.name_short, "place": school.place},
        "director": {"post": school.director.post, "name": russian.initials_first(school.director.name)},
        "author": {
            "post": russian.lower_first(school.author.post),
            "name": russian.initials_first(school.author.name),
        },
        "period": data.period.title("accusative"),
        "heading": title,
        "note": f"{russian.lower_first(file.title)} {name}",
        "basis": settings.basis,
        "considered_by": school.considered_by,
        "conclusions": conclusions,
        "remarks": [item.text for item in said if item.section == "data"],
        "items": [
            {
                "what": russian.sentence(row.what),
                "who": russian.lower_first(row.who),
                "due": russian.day(row.due),
                "basis": row.basis,
            }
            for row in rows
        ],
        "people": list(dict.fromkeys(russian.upper_first(row.who) for row in rows)),
    }
    meta = Meta(
        title=f"Приказ. {title}",
        date=(settings.approved_on or data.params.dates(data.period).end).isoformat(),
        author=school.name_short,
    )
    return Order(title, tuple(conclusions), tuple(rows), _clean(fields), meta)


def heading(name: str) -> str:
    """The heading of an order, which says what about: «по итогам …» of a note becomes «Об итогах …»."""
    if name.startswith("по итогам "):
        name = "об итогах " + name.removeprefix("по итогам ")
    return russian.upper_first(name) if _TOPIC.match(name) else f"Об итогах мониторинга: {name}"


def _clean(value: Any) -> Any:
    """The same with texts of one line: a line end or a control character would end a paragraph of the template."""
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    text = re.sub(r"[\n\r\t\f\v\a]+", " ", legal(value)).strip()
    # «2-е полугодие» is not torn, neither at the hyphen nor after it
    text = re.sub(r"(?<=\d)-([а-я]{1,2}) ", f"\u2011\\1{russian.NBSP}", text)
    text = re.sub(NUMBERED, lambda name: name[0].replace("-", "\u2011"), text)
    return re.sub(rf"(?<=\S) (?={russian.DASH} )", russian.NBSP, text)  # nor does a line begin with a dash
