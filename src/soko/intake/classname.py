"""Names of classes as people and Excel write them → as the program does: «5А», «10М1», «7-1». Pure functions."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from soko.cohorts import LETTERS, spelled
from soko.intake.normalise import EMPTY, Value
from soko.intake.words import LOOKALIKES, blank, text

_CLASS_WORDS = re.compile(r"КЛАСС[А-Я]*|КЛ(?=\W|$)|(?<=\d)\s*-?\s*(?:Й|ЫЙ|ОЙ)(?=\W|$)")
_QUOTES = r"[\s\-–—.,\"'`´«»„“”‚‘’_]*"
_CLASS = re.compile(_QUOTES + r"(\d{1,2})(?:" + _QUOTES + f"({LETTERS}))?" + _QUOTES)
# «7-1», «7.1», «7/2», «7 «1»»: two numbers need something between them. «7, 8» and «5–9 классы» are several classes.
_NUMBERED = re.compile(_QUOTES + r"(\d{1,2})(?:,|\s*[-‐‑–—−./\"'`´«„“‘_]\s*)0?([1-9]\d?)" + _QUOTES)
_SEVERAL = re.compile(r"КЛАСС(?:Ы|ОВ|АМ|АХ)|ПАРАЛЛЕЛ")
_MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
# «07.янв», «7 мая»: how Excel shows such a date, and writes it into CSV.
_DAY_OF_MONTH = re.compile(rf"(?P<day>\d{{1,2}})[\s.\-/](?P<name>{'|'.join(_MONTHS)}|мая)[а-я]*\.?", re.IGNORECASE)
_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})(?P<by>[./-])(?P<month>\d{1,2})(?P=by)(?:\d{4}|\d{2})"
    r"|\d{4}-(?P<month_>\d{1,2})-(?P<day_>\d{1,2}))(?:[ T]\d{1,2}:\d{2}.*)?"
)


def school_class(raw: Any) -> Value:
    """«5 «а»», `5-А`, `5а кл.`, `9»А»`, Latin look-alikes → «5А»; «10М-1» → «10М1»; a bare number stays («10»).

    «7-1», «7.1» (a number of Excel too), «7/1», «7 «1»» → «7-1». What Excel has made a date of is a problem: 7 January
    was «7-1», but nothing in the cell says so.
    """
    if blank(raw):
        return EMPTY
    if (was := _made_a_date(raw)) is not None:
        return Value(None, was)
    line = unicodedata.normalize("NFKC", text(raw)).upper().translate(LOOKALIKES)
    bare = _CLASS_WORDS.sub(" ", line)
    match = _CLASS.fullmatch(bare)
    numbered = None if match or _SEVERAL.search(line) else _NUMBERED.fullmatch(bare)
    found = match or numbered
    if not found or not 1 <= int(found[1]) <= 12:
        return Value(None, "не похоже на класс (нужно, например, 5А, 5-1 или 10)")
    value = spelled(found[1], f"-{found[2]}" if numbered else found[2] or "")
    return Value(value, why="запись класса" if value != text(raw) else "")


def _made_a_date(raw: Any) -> str | None:
    """What is said of a date where a class must stand; None for what is no date."""
    if isinstance(raw, date):
        day, month = raw.day, raw.month
    elif not isinstance(raw, str):
        return None
    elif match := _DAY_OF_MONTH.fullmatch(text(raw)):
        day, month = int(match["day"]), _MONTHS.index(match["name"].lower().replace("мая", "май")) + 1
    elif match := _DATE.fullmatch(text(raw)):
        day, month = int(match["day"] or match["day_"]), int(match["month"] or match["month_"])
    else:
        return None
    likely = f": было, видимо, «{day}-{month}»" if 1 <= day <= 12 else ""
    return (
        f"вместо класса дата – Excel сам делает её из класса вида 7-1{likely}. Задайте столбцу формат «Текстовый» "
        "и впишите класс снова"
    )
