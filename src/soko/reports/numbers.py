"""Numbers that an analyst has typed: allowed where they are dates, numbers of documents or stand in a table.

A figure in prose comes from an indicator (``soko.self_assessment.references``) or from a fact with its source. One
that nobody can check against the report itself is flagged with its line, in every report that has texts of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from soko.cohorts import NUMBERED
from soko.publish.blocks import Table
from soko.reports.texts import Text

#: «{indicator}»: what is put in by the program (``soko.self_assessment.references``).
REFERENCE = re.compile(r"\{([^{}]*)\}")
_GAP = "[ \u00a0\u202f]"
_NUMBER = re.compile(rf"\d+(?:{_GAP}\d{{3}})*(?:[.,]\d+)?")
#: What is no figure: dates, years, school years, numbers of documents, of items, of classes, names of laws, times.
_NO_FIGURE = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b\d{1,2}\.\d{1,2}\.\d{4}\b",
        rf"\b\d{{1,2}}{_GAP}(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\b",
        rf"\b(?:19|20)\d\d(?:\s?[/–-]\s?(?:(?:19|20)?\d\d))?(?={_GAP}*(?:г\.|году?|года|годов|годами|годах|годы|учебн|–|,|\.|;|\)|$|\s))",
        rf"№{_GAP}*[\w./-]+",
        rf"\b(?:п{{1,2}}|ст|ч|гл|разд|прил)\.{_GAP}*\d+(?:[.–-]\d+)*",
        r"\b\d+-(?:ФЗ|П|О|од)\b",
        r"\b\d+(?:\.\d+){2,}(?:-\d+)?\b",
        rf"\b\d{{1,2}}(?:\s?[–-]\s?\d{{1,2}})?(?:-[а-я]{{1,2}})?{_GAP}*(?:класс|параллел)",
        r"\b\d+-(?:й|я|е|го|му|м|х|ми|ые|ый|ая|ое)\b",
        r"\b\d{1,2}[:.]\d{2}\b(?!\d)(?=\s*(?:час|до|–|,|\.|;|\)|$))",
        r"\b(?:СП|СанПиН|ГОСТ)\s[\d./–-]+",
        r"\b\d{1,2}[А-Я]\b",
        rf"\bкласс[а-я]*{_GAP}+{NUMBERED}",
    )
]
_LIST = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)


def own(text: Text, held: set[str]) -> list[tuple[int, str]]:
    """(line, number) of the numbers of a text that are neither exempt nor in ``held``, the numbers of the tables."""
    plain = text.markdown
    for pattern in (REFERENCE, _LIST, *_NO_FIGURE):
        plain = pattern.sub(lambda found: "\n" * found[0].count("\n") + " " * len(found[0].replace("\n", "")), plain)
    found = []
    for line, words in enumerate(plain.split("\n"), start=1):
        found += [(line, number[0]) for number in _NUMBER.finditer(words) if _same(number[0]) not in held]
    return found


def message(number: str) -> str:
    """What is said of a number that no table holds."""
    return f"число {number} вписано вручную, и в таблицах отчёта его нет"


def held_by(tables: Iterable[Table], more: Iterable[str] = ()) -> set[str]:
    """Every number that a cell of the tables has, and those of ``more`` (facts of the school)."""
    cells = (cell for table in tables for row in table.rows for cell in row.cells)
    return {_same(number[0]) for text in (*cells, *more) for number in _NUMBER.finditer(text)}


def _same(number: str) -> str:
    """One spelling: «1 258,50» and «1258.5» are the same number."""
    plain = re.sub(_GAP, "", number).replace(",", ".")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain.lstrip("0") or "0"
