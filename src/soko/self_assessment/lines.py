"""The lines of order 1324 of a year: what is printed of each, last year's value, the day or period, the source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from soko import russian
from soko.analysis.rounding import exact, format_mean, format_number, format_points, format_share
from soko.indicators.reasons import NO_BEFORE
from soko.indicators.taken_told import STATED
from soko.notes.data import NoteData, Parts
from soko.notes.lacking import lacking
from soko.order1324 import Code, Order1324, load_order
from soko.periods import Period
from soko.russian import DASH, NBSP
from soko.self_assessment.cells import read
from soko.self_assessment.consistency import Entry
from soko.self_assessment.settings import Row, Settings

if TYPE_CHECKING:
    from soko.indicators.model import Indicator
    from soko.notes.figures import Figures

PREFIX = "order1324."
HIDDEN = "данные не публикуются в связи с малой численностью (152-ФЗ)"
NO_VALUE, NOBODY = "нет данных", "не применимо"
_ID = re.compile(r"\d{4}-\d{4}/(?:year|[qth]\d)")
_UNITS = {"ratio": {"2.1": "ед.", "2.2": "экз.", "2.6": "кв. м"}}


@dataclass(frozen=True)
class Line:
    """A printed row. ``label`` tells several rows of one code apart; ``first`` is the row that the order means.

    ``text`` is the value as printed or, where there is none, why; ``known`` says which. ``parts`` are its numbers.
    """

    code: Code
    indicator: str
    label: str
    first: bool
    text: str
    known: bool
    hidden: str
    previous: str
    change: str
    when: str
    source: str
    tables: str = ""
    remark: str = ""
    parts: Parts | None = None

    @property
    def entry(self) -> Entry:
        """The line as the checks read it: from its printed text, with the base that it was counted over."""
        base = self.parts.base if self.parts and self.code.kind == "share" else None
        return Entry(read(self.text, self.code.kind), None if base is None else exact(base), self.when)


def lines(data: NoteData, settings: Settings, sources: Mapping[str, Any]) -> list[Line]:
    """Every row of the table in the order of the annex. ``sources``: indicator → its rows of sources.csv."""
    order, found = load_order(data.workspace), []
    for code in order.codes:
        rows = settings.rows.get(code.code) or [Row(indicator=indicator_of(code.code), label="")]
        for at, row in enumerate(rows):
            found.append(_line(data, code, row, at == 0, sources.get(row.indicator, [])))
    return found


def entries(found: list[Line]) -> dict[str, Entry]:
    """The table as the checks of ``consistency`` read it: the row of each code that the order means."""
    return {line.code.code: line.entry for line in found if line.first and line.known}


def order_of(data: NoteData) -> Order1324:
    """The annex."""
    return load_order(data.workspace)


def indicator_of(code: str) -> str:
    """«1.29.1» → «order1324.1_29_1»."""
    return PREFIX + code.replace(".", "_")


def _line(data: NoteData, code: Code, row: Row, first: bool, sources: list[Any]) -> Line:
    item = data.catalogue[row.indicator]
    now = data.current.get(row.indicator)
    before = data.previous.get(row.indicator) if data.previous is not None else None
    hidden = hidden_why(data.current, row.indicator) if now is None else ""
    text = shown(code, item, now) if now is not None else (HIDDEN if hidden else _why(data, item))
    was = shown(code, item, before) if before is not None else NO_BEFORE.sign
    if before is None and data.previous is not None and hidden_why(data.previous, row.indicator):
        was = "скрыто"
    if code.kind == "flag":  # a yes or no is what somebody wrote down; of pupils nothing is counted
        sources = [one for one in sources if one["table"] == STATED] or sources
    when, source, tables, remark = told(sources)
    if not sources:
        when = f"на {data.params.dates(data.period).end:%d.%m.%Y}"
        source = "; ".join(data.catalogue.tables[name].title for name in data.catalogue.tables_of(row.indicator))
        tables = source
    return Line(
        code, row.indicator, row.label, first, text, now is not None, hidden, was,
        _change(code, item, now, before), when, source, tables, remark, now,
    )  # fmt: skip


def shown(code: Code, item: Indicator, parts: Parts | None) -> str:
    """The value as the form wants it: «122 человека / 15,8 %», «485 человек», «3,65», «0,19 ед.», «да»."""
    if parts is None:
        return DASH
    if item.unit == "flag":
        return "да" if parts.base and parts.part == parts.base else "нет"
    if code.kind == "share":
        people = russian.count(parts.part, "человек")
        return f"{people} / {format_share(parts.part, parts.base)}"
    if code.kind == "count":
        return russian.count(parts.part, "человек")
    if parts.base is None:
        return format_number(parts.part, 2)
    mean = format_mean(parts.part, parts.base, 2, scale=item.scale)
    unit = _UNITS.get(code.kind, {}).get(code.code, "")
    return f"{mean}{NBSP}{unit}" if unit else mean


def hidden_why(figures: Figures, indicator: str, school: str = "", **dims: Any) -> str:
    """Why a public edition does not show a figure; empty where it is shown, and always so in the internal one."""
    ask = getattr(figures, "why_hidden", None)
    return str(ask(indicator, school, **dims)) if ask else ""


def told(sources: list[Any]) -> tuple[str, str, str, str]:
    """Day or period, tables with the periods that they were handed in for, tables alone, remark; of sources.csv.

    Where a line rests on several tables, the day is that of the first, which holds what the line counts.
    """
    if not sources:
        return "", "", "", ""
    # A table over several years of a pupil (the roll) has a span beside the day of the other one.
    when = next((text for row in sources if (text := _day(row))), "")
    names = [_title(row) + (f" ({_periods(row['periods'])})" if row["periods"] else "") for row in sources]
    remarks = dict.fromkeys(_ID.sub(lambda found: Period.parse(found[0]).short(), row["remark"]) for row in sources)
    tables = dict.fromkeys(_title(row) for row in sources)
    return when, "; ".join(dict.fromkeys(names)), "; ".join(tables), "; ".join(filter(None, remarks))


def _title(row: Any) -> str:
    """The table; of a figure that somebody wrote down also from what."""
    document = row.get("document", "")
    return f"{row['title']}: {russian.lower_first(document)}" if document else str(row["title"])


def day_of(sources: list[Any]) -> str:
    """On what day the figure was counted: «на 26.05.2025»; empty where that is a span or the ГИА of a year."""
    found = next((text for row in sources if (text := _day(row))), "")
    return found if found.startswith("на ") else ""


def _day(row: Any) -> str:
    if row["date_from"]:
        first, last = date.fromisoformat(row["date_from"]), date.fromisoformat(row["date_to"])
        return f"с {first:%d.%m.%Y} по {last:%d.%m.%Y}"
    if row["rule"] == "summer" and row["as_of"]:
        return f"{'выпуск' if row['table'] == 'graduates' else 'ГИА'} {row['as_of'][:4]} года"
    return f"на {date.fromisoformat(row['as_of']):%d.%m.%Y}" if row["as_of"] else ""


def _periods(text: str) -> str:
    return russian.listing(Period.parse(part).short() for part in text.split("; ") if part)


def _why(data: NoteData, item: Indicator) -> str:
    return NO_VALUE if item.id in {one.indicator for one in lacking(data)} else NOBODY


def _change(code: Code, item: Indicator, now: Parts | None, before: Parts | None) -> str:
    """What has changed: people and points of a share, the difference of a number; «–» where nothing can be said."""
    if now is None or before is None:
        return DASH
    if item.unit == "flag":
        return "без изменений" if shown(code, item, now) == shown(code, item, before) else "изменилось"
    if code.kind == "share":
        people = russian.signed(now.part - before.part, 0)
        one, other = now.exact(item.scale), before.exact(item.scale)
        if one is None or other is None:
            return people
        return f"{people} / {format_points(one - other)}"
    one, other = now.exact(item.scale), before.exact(item.scale)
    if one is None or other is None:
        return DASH
    return format_points(Fraction(one - other), 0 if code.kind == "count" else 2, unit="")
