"""Numbers, dates and addresses that point at a person, found in text. Pure functions.

СНИЛС: order of its check digits by the Pension Fund (постановление Правления ПФР от 11.01.2017 № 2п, приложение):
numbers up to 001-001-998 have none. Birth certificates: series of Roman digits and two letters (приказ Минюста).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

_DASH = "[‐‑‒–—−-]"
_GAP = rf"[\s{_DASH[1:-1]}]"
_SNILS = re.compile(rf"(?<![\d.,])\d{{3}}{_GAP}?\d{{3}}{_GAP}?\d{{3}}{_GAP}?\d{{2}}(?!\d)")
_SNILS_NEAR = re.compile(r"снилс\D{0,20}$", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d\w+])(?:\+\s?7|8)[\s(‐‑‒–—−-]{0,3}(?:\d[\s()‐‑‒–—−-]{0,3}){9}\d(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_BETWEEN = r"[\s()‐‑‒–—−-]{0,3}"
_SHORTEST = 5  # digits of a telephone within a town
_PASSPORT = re.compile(r"(?<![\d.,-])(\d{2})\s?(\d{2})\s?(?:№|No|N|номер)?\s?(\d{6})(?![\d])")
_CERTIFICATE = re.compile(rf"(?<!\w)[IVXLCІХУ1]{{1,6}}\s?{_DASH}\s?[А-ЯЁ]{{2}}\s?(?:№|No|N)?\s?\d{{6}}(?!\d)")
_MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
           "декабря")  # fmt: skip
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<d>\d{1,2})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})"
    r"|(?P<Y>\d{4})[-./](?P<M>\d{2})[-./](?P<D>\d{2})"
    rf"|(?P<dd>\d{{1,2}})\s+(?P<mm>{'|'.join(_MONTHS)})\s+(?P<yy>\d{{4}}))(?!\d)",
    re.IGNORECASE,
)
#: «род.», «г.р.», «д. р.», «дата рождения», «родилась»: what makes a date one of birth.
BIRTH = re.compile(r"рожд|род\.|родил|г\.?\s?р\.|д\.\s?р\.|(?<![а-я])г/р|birth", re.IGNORECASE)
_OF_DOCUMENT = re.compile(r"(?:(?<![а-я])от|редакци[ия]|ред\.)\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s?(?:г\.?|года)?\s?(?:№|No|N\s?\d)")


def digits(text: str) -> str:
    """The digits of ``text``."""
    return re.sub(r"\D", "", text)


def snils_holds(number: str) -> bool:
    """Whether the last two of eleven digits are the check digits of the first nine."""
    if len(number) != 11 or not number.isdecimal():
        return False
    if int(number[:9]) <= 1001998:
        return True
    rest = sum(int(digit) * weight for digit, weight in zip(number[:9], range(9, 0, -1), strict=True)) % 101
    return int(number[9:]) == (0 if rest == 100 else rest)


def snils(text: str) -> Iterator[tuple[int, str]]:
    """(position, eleven digits) of СНИЛС: right check digits in the usual groups, or any number called so."""
    for found in _SNILS.finditer(text):
        number = digits(found.group())
        grouped = bool(re.match(rf"\d{{3}}{_DASH}\d{{3}}{_DASH}\d{{3}}{_GAP}\d{{2}}$", found.group()))
        called = _SNILS_NEAR.search(text, max(0, found.start() - 40), found.start()) is not None
        if called or (snils_holds(number) and (grouped or number[0] not in "78") and len(set(number)) > 2):
            yield found.start(), number


def phones(text: str) -> Iterator[tuple[int, str]]:
    """(position, ten digits without the 8 or +7) of Russian telephone numbers in all usual notations."""
    for found in _PHONE.finditer(text):
        number = digits(found.group())
        if len(number) == 11 and number[1] in "3489":
            yield found.start(), number[1:]


def emails(text: str) -> Iterator[tuple[int, str]]:
    """(position, small letters) of e-mail addresses."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield found.start(), found.group().lower()


def contacts(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of telephones and addresses of mail."""
    for pattern in (_PHONE, _EMAIL):
        yield from (found.span() for found in pattern.finditer(text))


def without(text: str, known: Iterable[str]) -> str:
    """``text`` with spaces in place of known telephones (however their digits are grouped) and addresses of mail."""
    for one in known:
        number = digits(one)
        if "@" in one:
            pattern = rf"(?<![\w.+-]){re.escape(one.strip())}(?![\w-]|\.\w)"
        elif len(number) >= _SHORTEST:
            ahead, own = (r"(?:\+\s?7|8)", number[1:]) if len(number) == 11 else ("", number)
            pattern = rf"(?<![\d\w+]){ahead}{_BETWEEN}" + _BETWEEN.join(own) + r"(?!\d)"
        else:
            continue
        text = re.sub(pattern, lambda found: " " * len(found[0]), text, flags=re.IGNORECASE)
    return text


def passports(text: str) -> Iterator[tuple[int, str]]:
    """(position, ten digits) of what may be series and number of a passport."""
    for found in _PASSPORT.finditer(text):
        yield found.start(), "".join(found.groups())


def certificates(text: str) -> Iterator[tuple[int, str]]:
    """(position, as written) of birth certificates: «II-МЮ № 123456»."""
    for found in _CERTIFICATE.finditer(text):
        yield found.start(), found.group()


def dates(text: str) -> Iterator[tuple[int, int, date]]:
    """(start, end, date) of the dates of ``text``; a year of two digits is one of this century."""
    for found in _DATE.finditer(text):
        part = found.groupdict()
        year, month, day = (
            (part["y"], part["m"], part["d"])
            if part["d"]
            else (part["Y"], part["M"], part["D"])
            if part["Y"]
            else (part["yy"], str(_MONTHS.index((part["mm"] or "").lower()) + 1) if part["mm"] else "0", part["dd"])
        )
        try:
            yield found.start(), found.end(), date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        except ValueError:
            continue


def called_birth(text: str, start: int, end: int) -> bool:
    """Whether the words beside the date say that somebody was born then."""
    line = text[max(0, start - 30) : start]
    return BIRTH.search(line) is not None or BIRTH.search(text[end : end + 12]) is not None


def of_document(text: str, start: int, end: int) -> bool:
    """Whether the date is that of an order or a law: «от 17.12.2010 № 1897»."""
    before = _OF_DOCUMENT.search(text, max(0, start - 15), start) is not None
    return before or _NUMBERED.match(text[end : end + 10]) is not None
