"""Words of the plan: periods in short, people, documents. Russian."""

from __future__ import annotations

import re
from collections.abc import Iterable

from soko import russian
from soko.periods import Period
from soko.plan.model import Document, Procedure, Responsible
from soko.school import Person, School

MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
MONTH_TITLES = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip
#: «Каждая четверть» – how often something is that every term of a scheme has.
EVERY = {"quarter": "каждая четверть", "trimester": "каждый триместр", "half": "каждое полугодие"}
_ORDINAL = {"quarter": "четверть", "trimester": "триместр", "half": "полугодие"}


def brief(period: Period, year: int) -> str:
    """The period inside a plan of the school year ``year``: «1 четверть», «учебный год», «2025 год»."""
    if period.kind == "calendar":
        return f"{period.year}{russian.NBSP}год"
    if period.year != year:
        return period.title()
    if period.kind == "year":
        return "учебный год"
    return f"{period.index}{russian.NBSP}{_ORDINAL[period.kind]}"


def procedure(item: Procedure) -> str:
    """The name of the procedure as a cell has it: capital letter, «11-х» not torn."""
    return russian.upper_first(re.sub(r"(?<=\d)-(?=[а-я])", "\u2011", item.name))


def person(school: School, who: Responsible) -> str:
    """«Медицинский работник (Орлова Т.В.)»; the post alone where the school names nobody."""
    known = {"director": school.director, "author": school.author} | school.responsible
    found: Person | None = known.get(who.key)
    return named(found) if found else russian.upper_first(who.post)


def named(who: Person) -> str:
    """«Директор (Н. П. Верещагина)»."""
    return f"{who.post} ({russian.initials_first(who.name)})"


def owner(school: School, table: str, post: str) -> str:
    """Who hands in the files of ``table``; the one person with the contract's ``post`` where none is named for it."""
    found = {who.name: who for who in (school.director, school.author, *school.responsible.values())
             if who.post.casefold() == post.casefold()}  # fmt: skip
    alone = next(iter(found.values())) if len(found) == 1 and table not in school.responsible else None
    return named(alone) if alone else school.owner(table, post)


def people(school: School, procedure: Procedure) -> list[str]:
    """Everybody who answers for the procedure, none twice."""
    return list(dict.fromkeys(person(school, who) for who in procedure.responsible))


def document(item: Document, period: Period, year: int) -> str:
    """«Справка о здоровье обучающихся, 1 полугодие»."""
    return f"{item.title}, {brief(period, year)}"


def numbers(values: Iterable[int]) -> str:
    """«1–3, 8» for places in the plan."""
    return russian.spans(values)
