"""Russian as a reader expects it: numbers with words in agreement, dates, lists, class names, quotes.

Everything here returns text that is ready to print: decimal comma, non-breaking spaces between a number and what it
counts, «» quotes. Numbers are formatted, not judged; rounding of shares is the business of ``soko.analysis.rounding``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from soko.russian_words import Case, Gender, dative, forms

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "–"

MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)

_ENDINGS: dict[Gender, str] = {"masc": "", "femn": "а", "neut": "о"}


def number(value: float, places: int | None = None) -> str:
    """A number with decimal comma; groups of three from 10 000 on, a true minus sign.

    ``places`` None keeps an integer whole and shows at most two decimals otherwise. Halves go up, away from zero.
    """
    if not math.isfinite(value):
        raise ValueError("не число")
    exact = Decimal(repr(float(value)))
    if places is None:
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
        text = f"{abs(rounded):f}"
    else:
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = f"{abs(rounded):f}"
    whole, _, rest = text.partition(".")
    if len(whole) > 4:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", NBSP, whole)
    return (MINUS if rounded < 0 else "") + whole + ("," + rest if rest else "")


def signed(value: float, places: int | None = None) -> str:
    """A difference with its sign: «+2,1», «−3», «0»."""
    text = number(value, places)
    return text if text.startswith(MINUS) or not re.search(r"[1-9]", text) else f"+{text}"


def _told(n: float) -> float:
    """The number as ``number`` prints it, which the word after it has to suit: 4.999 is «5»."""
    return n if float(n).is_integer() else float(Decimal(repr(float(n))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def is_one(n: float) -> bool:
    """Whether a word after the number stands in the singular: 1, 21, 101; not 11, not 1,5."""
    n = _told(n)
    return float(n).is_integer() and abs(int(n)) % 10 == 1 and abs(int(n)) % 100 != 11


def _is_few(n: float) -> bool:
    n = _told(n)
    return float(n).is_integer() and abs(int(n)) % 10 in (2, 3, 4) and abs(int(n)) % 100 not in (12, 13, 14)


def word(n: float, noun: str, case: Case = "nomn") -> str:
    """The noun (dictionary form, adjectives in front allowed) as it stands after the number in the given case.

    «1 обучающийся», «2 обучающихся», «1,5 обучающегося»; dative «1 обучающемуся», «5 обучающимся».
    """
    n, found = _told(n), forms(noun)
    if not float(n).is_integer():
        return found.singular["gent"]
    if is_one(n):
        return found.singular[case]
    if case not in ("nomn", "accs"):
        return found.plural[case]
    if _is_few(n):
        # «вижу 2 учеников», but «вижу 22 ученика»: only the simple numerals 2-4 feel that the noun is animate.
        if found.plural_after_two or (case == "accs" and found.animate and abs(n) < 10):
            return found.plural["gent"]
        head, _, tail = noun.rpartition(" ")
        if not head:
            return found.singular["gent"]
        # «2 слабых класса»: the adjectives are plural while the noun is singular.
        adjectives = found.plural["gent"].split()[: len(head.split())]
        return " ".join([*adjectives, forms(tail).singular["gent"]])
    return found.plural["gent"]


def count(n: float, noun: str, case: Case = "nomn") -> str:
    """Number and noun: «5 обучающихся», «21 класс», «1,5 обучающегося»."""
    return f"{number(n)}{NBSP}{word(n, noun, case)}"


def choose(n: float, one: str, many: str) -> str:
    """The predicate in number: ``one`` for 1, 21, 101 («не успевает»), ``many`` otherwise («не успевают»)."""
    return one if is_one(n) else many


def participle(n: float, stem: str, noun: str = "обучающийся") -> str:
    """Short participle in agreement: «выявлен 1 обучающийся», «выявлена 1 ошибка», «выявлено 5 обучающихся»."""
    return stem + (_ENDINGS[forms(noun).gender] if is_one(n) else "о")


def listing(items: Iterable[str], limit: int | None = None) -> str:
    """«5А, 6Б и 7В»; with ``limit`` the rest is told as a number: «5А, 6Б и ещё 3»."""
    texts = list(items)
    if limit is not None and len(texts) > limit:
        return f"{', '.join(texts[:limit])} и{NBSP}ещё{NBSP}{len(texts) - limit}"
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} и{NBSP}{texts[-1]}"


def quote(text: str) -> str:
    """The text in «», inner quotes turned into „“."""
    inner = re.sub(r"«([^«»]*)»", "„\\1“", text)
    inner = re.sub(r'"([^"]*)"', "„\\1“", inner)
    return f"«{inner}»"


def percent(value: float, places: int = 1) -> str:
    """«46,2 %» of a value that is already in percent. Shares of pupils go through soko.analysis.rounding."""
    return f"{number(value, places)}{NBSP}%"


def points(value: float, places: int = 1) -> str:
    """A difference of shares without its sign: «2,1 п.п.»."""
    return f"{number(abs(value), places)}{NBSP}п.п."


def day(value: date) -> str:
    """«26 мая 2026 г.»."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]} {value.year}{NBSP}г."


def day_range(first: date, last: date) -> str:
    """«с 6 апреля по 26 мая 2026 г.»; both years are named when they differ."""
    start = day(first) if first.year != last.year else f"{first.day}{NBSP}{MONTHS[first.month - 1]}"
    return f"с{NBSP}{start} по{NBSP}{day(last)}"


def _preposition(text: str) -> str:
    # «во 2А» (во втором); before 12 or 20 it is «в».
    return "во" if re.match(r"2(?!\d)", text) else "в"


def in_classes(names: Sequence[str], limit: int | None = None) -> str:
    """«в 7А классе», «во 2Б и 7А классах»."""
    noun = "классе" if len(names) == 1 else "классах"
    return f"{_preposition(names[0])}{NBSP}{listing(names, limit)} {noun}"


def in_grades(grades: Sequence[int], *, span: bool = False) -> str:
    """«в 7-х классах», «во 2-х и 5-х классах»; with ``span`` «в 5–9-х классах»."""
    if span and len(grades) > 1 and grades[-1] - grades[0] == len(grades) - 1:
        return f"{_preposition(str(grades[0]))}{NBSP}{grades[0]}{DASH}{grades[-1]}-х классах"
    names = [f"{grade}-х" for grade in grades]
    return f"{_preposition(names[0])}{NBSP}{listing(names)} классах"


def upper_first(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text with a small first letter; an abbreviation («ОБЗР», «СанПиН») keeps its capitals."""
    return text if re.match(r"\w+[А-ЯЁA-Z]", text) else text[:1].lower() + text[1:]


def by_subject(name: str) -> str:
    """A school subject after «по»: «алгебре», «физической культуре»; «предмету «ОБЗР»» where it cannot be declined."""
    return dative(name) or f"предмету {quote(name)}"


def initials_first(name: str) -> str:
    """«Верещагина Н.П.» as it stands in a document: «Н. П. Верещагина», not torn; other names as they are."""
    found = re.fullmatch(r"(\S+)\s+([А-ЯЁ])\.\s*(?:([А-ЯЁ])\.)?", name.strip())
    if not found:
        return name
    return NBSP.join([*(f"{letter}." for letter in found.groups()[1:] if letter), found[1]])


def bound(text: str) -> str:
    """The text with each number held to its word or sign: «5 из 21», «20 %», «отличников – 21» are not torn.

    What a small group has in place of a share is not said twice: «3 из 8 (3 из 8)» becomes «3 из 8».
    """
    text = re.sub(r" {2,}", " ", text.strip())
    text = re.sub(r"(?<=\d) (?=%|п\.п\.|[а-яё])|(?<=\bиз) (?=\d)|(?<=№) (?=\d)", NBSP, text)
    text = re.sub(rf" {DASH} (?=\d)", f"{NBSP}{DASH}{NBSP}", text)
    return re.sub(rf"(\d+{NBSP}из{NBSP}\d+) \(\1\)", r"\1", text)


def sentence(text: str) -> str:
    """A finished sentence: capital letter, a full stop when nothing ends it, single spaces, numbers not torn off."""
    text = upper_first(bound(text))
    if not text or text[-1] in ".!?…" or text[-2:] in (".»", "!»"):
        return text
    return text + "."


def spans(values: Iterable[int], shortest: int = 3) -> str:
    """«1–3, 8» of whole numbers; runs of fewer than ``shortest`` neighbours are written out."""
    runs: list[list[int]] = []
    for value in sorted(set(values)):
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ", ".join(", ".join(map(str, run)) if len(run) < shortest else f"{run[0]}{DASH}{run[-1]}" for run in runs)
