"""The rules by which a school year that is put together of its terms takes each indicator's data.

They follow from those of a calendar year: what is dated or is summed there is so here, over one school year. A state,
and what graduates have told, is asked of the year's own tables (with everybody who was on a list) and then of the
terms, the latest first, until one gives a value: certificates of June stand in the year's folder, destinations came in
September, of those who left the summer before.
"""

from __future__ import annotations

from datetime import date

from soko.conventions import Take
from soko.indicators.absent import lacks
from soko.indicators.catalogue import Catalogue
from soko.indicators.combine import Parts
from soko.indicators.combined_rows import DATED
from soko.indicators.model import Calendar, Indicator
from soko.periods import Period

SOURCE = "программа мониторинга (п. 4.8): итоги учебного года; чего в папке года нет, берётся из его периодов"
#: The rules in words; those of a calendar year are ``soko.indicators.taken.RULES``.
RULES: dict[str, str] = {
    "at_end": "папка года, иначе последний период, в котором это есть",
    "school_year": "годовые отметки, а где их нет – последнего периода",
    "both_halves": "с сентября по август",
    "terms": "сумма по периодам года",
    "summer": "итоги учебного года",
    "in_year": "всё, что сдано за учебный год",
}
#: Rules under which one part after another is asked until one gives a value.
ASKED: tuple[Take, ...] = ("at_end", "summer")


def rule(catalogue: Catalogue, item: Indicator) -> Calendar:
    """The rule of the indicator for a school year."""
    given = item.calendar or catalogue.views[item.population].calendar
    take: Take = given.take if given else "at_end"
    tables = set(catalogue.tables_of(item.id))
    if tables & set(DATED):
        take = "both_halves" if take == "both_halves" else "in_year"
    elif "graduates" in tables and take != "summer":
        take = "at_end"
    return Calendar(take=take, source=SOURCE)


def asked(parts: Parts, take: Take) -> list[Period]:
    """The terms to ask after the year's own tables, the latest first; of certificates only those that end the year."""
    terms = [part for part in reversed(parts.periods) if part != parts.year]
    return [part for part in terms if part.is_last] if take == "summer" else terms


def lacking(
    parts: Parts, catalogue: Catalogue, item: Indicator, take: Take, there: set[str]
) -> dict[str, list[Period]]:
    """Tables without which the rule cannot be kept, and the periods where they lack. ``there``: tables of the year."""
    found: dict[str, list[Period]] = {}
    for name in catalogue.tables_of(item.id):
        wanted: list[Period] = []
        if parts.has_own(name) and name != "pupils":
            continue
        if take == "terms" and name != "pupils":
            wanted = [term for term in parts.terms if not parts.has(term, name)]
        elif take == "both_halves":
            wanted = _halves(parts, name)
        elif take == "school_year" and name not in there:
            wanted = [parts.terms[-1]]
        if wanted:
            found[name] = wanted
    return found or {name: [] for name in lacks(catalogue, item, there)}


def _halves(parts: Parts, table: str) -> list[Period]:
    """Half-years in which nobody has handed the table in. A list of the second names everybody of the year."""
    new_year = date(parts.year.year + 1, 1, 1)
    having = parts.having(table)
    second = [] if any(parts.end(part) >= new_year for part in having) else [Period(parts.year.year, "half", 2)]
    if table == "pupils":
        return second
    first = any(parts.params.dates(part).start < new_year for part in having if part != parts.year)
    return ([] if first else [Period(parts.year.year, "half", 1)]) + second
