"""What stands in a cell of the table of order 1324, read strictly: «122 человека / 15,8 %», «6,9 кв. м», «да».

Schools write «человек/%» in many ways and with misprints («122/15?8%»). A cell is read only when it has one of the
known forms; anything else is a ``fault``, and the numbers that can nevertheless be seen in it are kept as a guess,
so that the balances of a published table can be recomputed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["count", "share", "mean", "ratio", "flag"]

_EMPTY = {"", "-", "–", "—", "−", "человек/%", "человек/", "чел./%", "чел/%", "/%", "%"}
_GAP = r"[ \u00a0\u202f]"
_WHOLE = rf"\d{{1,3}}(?:{_GAP}\d{{3}})+|\d+"
_REAL = rf"(?:{_WHOLE})(?:[.,]\d+)?"
_PEOPLE = rf"(?:{_GAP}*(?:человека|человек|чел\.?))?"
_UNITS = r"(?:кв\. ?м|м2|м²|ед\.?|единиц[аы]?|шт\.?|балл(?:а|ов)?|экз\.?)"
_COUNT = re.compile(rf"({_WHOLE}){_PEOPLE}", re.IGNORECASE)
_SHARE = re.compile(rf"({_WHOLE}){_PEOPLE}{_GAP}*/{_GAP}*({_REAL}){_GAP}*%?", re.IGNORECASE)
_ALONE = re.compile(rf"({_REAL}){_GAP}*/?{_GAP}*%")
_VALUE = re.compile(rf"({_REAL})(?:{_GAP}*{_UNITS})?", re.IGNORECASE)
_FLAG = re.compile(r"(да|нет|имеется|отсутствует)\.?", re.IGNORECASE)
#: A misprint that leaves no doubt what was meant: a foreign sign for the decimal comma, a slash too many.
_GUESS = re.compile(rf"({_WHOLE}){_PEOPLE}{_GAP}*/{_GAP}*(\d+)(?:[^\d\s/%](\d+))?{_GAP}*/?{_GAP}*%?", re.IGNORECASE)
_YES = {"да": True, "имеется": True, "нет": False, "отсутствует": False}


@dataclass(frozen=True)
class Cell:
    """A cell as it was read.

    ``count`` people of a share, ``number`` any other number, ``percent`` as printed and ``digits`` its decimals.
    ``filled`` is false for a block «человек/%» that nobody has filled in; ``fault`` says in Russian what is wrong.
    """

    text: str
    count: Fraction | None = None
    percent: Fraction | None = None
    digits: int = 0
    number: Fraction | None = None
    flag: bool | None = None
    filled: bool = True
    fault: str = ""

    @property
    def amount(self) -> Fraction | None:
        """The number that balances speak of: people of a share, else the number itself."""
        return self.count if self.count is not None else self.number


def read(text: str, kind: Kind) -> Cell:
    """The cell of a line of this kind. Never raises: what cannot be read has a ``fault``."""
    clean = re.sub(rf"\s*{_GAP}*\s+", " ", text.strip())
    if clean.lower().replace(" ", "").replace("\u00a0", "") in _EMPTY:
        return Cell(text, filled=False)
    match kind:
        case "flag":
            return _flag(text, clean)
        case "share":
            return _share(text, clean)
        case "count":
            found = _COUNT.fullmatch(clean)
            return Cell(text, count=_number(found[1])) if found else Cell(text, fault="ожидалось число человек")
    found = _VALUE.fullmatch(clean)
    return Cell(text, number=_number(found[1])) if found else Cell(text, fault="ожидалось число")


def _share(text: str, clean: str) -> Cell:
    if found := _SHARE.fullmatch(clean):
        return Cell(text, count=_number(found[1]), percent=_number(found[2]), digits=_digits(found[2]))
    if found := _ALONE.fullmatch(clean):
        return Cell(text, percent=_number(found[1]), digits=_digits(found[1]), fault="указана только доля")
    if found := _COUNT.fullmatch(clean):
        return Cell(text, count=_number(found[1]), fault="указана только численность")
    fault = "ожидалось «человек / %»"
    if found := _GUESS.fullmatch(clean):
        percent = found[2] + (f",{found[3]}" if found[3] else "")
        return Cell(text, count=_number(found[1]), percent=_number(percent), digits=_digits(percent), fault=fault)
    return Cell(text, fault=fault)


def _flag(text: str, clean: str) -> Cell:
    found = _FLAG.fullmatch(clean)
    if found:
        return Cell(text, flag=_YES[found[1].lower()])
    begun = re.match(r"(да|нет)\b", clean, re.IGNORECASE)
    return Cell(text, flag=_YES[begun[1].lower()] if begun else None, fault="ожидалось «да» или «нет»")


def _number(text: str) -> Fraction:
    return Fraction(re.sub(_GAP, "", text).replace(",", "."))


def _digits(text: str) -> int:
    return len(re.split("[.,]", text, maxsplit=1)[1]) if re.search("[.,]", text) else 0
