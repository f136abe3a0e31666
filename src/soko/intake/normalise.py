"""Values as schools write them → values as the tables want them. Pure functions; f(f(x)) = f(x).

Each returns ``Value``: the canonical value (None for an empty cell or an unreadable one) and ``problem``, the Russian
explanation when the cell holds something that cannot be read. What people really type: see the tests.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from soko.intake.config import Sources
from soko.intake.words import LOOKALIKES, blank, key, text
from soko.subjects import Subjects


@dataclass(frozen=True)
class Value:
    """``value`` (None: nothing there, or unreadable), ``problem`` (why unreadable), ``why`` (what was changed)."""

    value: Any = None
    problem: str = ""
    why: str = ""


EMPTY = Value()
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_UNIT = re.compile(r"(?:%|чел(?:овек[а]?)?|ч|час(?:а|ов)?|урок(?:а|ов)?|лет|год(?:а)?|дн(?:я|ей)?|день)?\.?$", re.I)
_YEARS = re.compile(r"(\d+)\s*(?:лет|год[а]?|л|г)\.?(?:\s*(\d+)\s*(?:м(?:ес(?:яц(?:а|ев)?)?)?)\.?)?$", re.I)
_MONTHS = re.compile(r"(\d+)\s*м(?:ес(?:яц(?:а|ев)?)?)?\.?$", re.I)
_DASHES = {"-", "–", "—", "--", "―", "−"}
_DAY_FIRST = re.compile(r"(\d{1,2})[.,/\-](\d{1,2})[.,/\-](\d{4}|\d{2})(?:\s*г(?:ода|\.)?)?(?:[ T]\d{1,2}:\d{2}.*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[.,/\-](\d{1,2})[.,/\-](\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?")
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's calendar


class Marks:
    """Reads marks by the codes of sources.yaml; ``allowed`` are the digits and codes of the table's contract."""

    def __init__(self, sources: Sources, allowed: list[str]) -> None:
        self._codes = {_mark_key(word): code for code, words in sources.mark_codes.items() for word in [code, *words]}
        self._codes |= {code: code for code in allowed}
        self._blank = set(sources.mark_blank)
        self._allowed = set(allowed)

    def __call__(self, raw: Any) -> Value:
        """«5», 5.0, «'5», «Н/A», «н\\а», «осв.» → the contract's mark. «-», «–», blank → no mark."""
        if blank(raw):
            return EMPTY
        if isinstance(raw, (bool, date, datetime, timedelta)):
            return Value(None, "в ячейке дата или логическое значение, а не отметка")
        line = text(raw)
        if line in self._blank:
            return Value(None, why="прочерк вместо отметки")
        value = self._codes.get(_mark_key(line))
        if value is None and re.fullmatch(r"[+-]?\d+[.,]0+", line.strip("'’`")):
            value = self._codes.get(re.split(r"[.,]", line.strip("'’`"))[0])
        if value in self._allowed:
            return Value(value, why="запись отметки" if value != line else "")
        if re.fullmatch(r"\d\s*[/\\|]\s*\d", line):
            return Value(None, "две отметки в одной ячейке")
        return Value(None, "неизвестное обозначение отметки")


def _mark_key(line: str) -> str:
    lowered = unicodedata.normalize("NFKC", line).lower().translate(LOOKALIKES).lower().replace("ё", "е")
    return re.sub(r"[\s'’`.\"«»]", "", lowered).replace("\\", "/")


def day(raw: Any, latest: int = 2100) -> Value:
    """A date: 20.04.2026, 2025.05.30, 1.9.24, ISO, an Excel serial. ``latest`` year splits two-digit years."""
    if blank(raw):
        return EMPTY
    if isinstance(raw, datetime):
        return Value(raw.date())
    if isinstance(raw, date):
        return Value(raw)
    line = text(raw).strip("'")
    if line in _DASHES:
        return EMPTY
    serial = _NUMBER.fullmatch(line)
    if serial and not isinstance(raw, bool):
        number = float(line.replace(",", "."))
        if 3653 <= number < 73416:  # 1910…2100: smaller and bigger numbers are no dates of a school
            return Value(_EPOCH + timedelta(days=int(number)), why="дата, записанная числом Excel")
    parts: tuple[int, int, int] | None = None
    if match := _YEAR_FIRST.fullmatch(line):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := _DAY_FIRST.fullmatch(line):
        year = int(match[3])
        if len(match[3]) == 2:
            year += 2000 if 2000 + year <= latest else 1900
        parts = year, int(match[2]), int(match[1])
    if parts is not None:
        try:
            found = date(*parts)
        except ValueError:
            return Value(None, "такой даты нет в календаре")
        return Value(found, why="запись даты" if line != f"{found:%d.%m.%Y}" else "")
    return Value(None, "не похоже на дату (нужно, например, 01.09.2025)")


def number(raw: Any) -> Value:
    """A number with comma or dot, thousands apart, a unit after it; «12л 4м» in years."""
    if blank(raw):
        return EMPTY
    if isinstance(raw, (bool, date, datetime, timedelta)):
        return Value(None, "в ячейке не число")
    if isinstance(raw, (int, float)):
        return Value(float(raw))
    line = text(raw).strip("'")
    if line in _DASHES:
        return EMPTY
    if match := _YEARS.fullmatch(line):
        return Value(int(match[1]) + int(match[2] or 0) / 12, why="стаж в годах")
    if match := _MONTHS.fullmatch(line):
        return Value(int(match[1]) / 12, why="стаж в годах")
    compact = re.sub(r"(?<=\d)[ ’'](?=\d{3}(?:\D|$))", "", line)
    match = _NUMBER.match(compact)
    if match and _UNIT.fullmatch(compact[match.end() :].strip()):
        value = float(match[0].replace(",", "."))
        return Value(value, why="" if compact == match[0] == line else "запись числа")
    return Value(None, "не похоже на число")


def integer(raw: Any) -> Value:
    """A whole number; a dash in a column of counts is nought."""
    if isinstance(raw, str) and text(raw) in _DASHES:
        return Value(0, why="прочерк в столбце количества – ноль")
    found = number(raw)
    if found.value is None:
        return found
    if not float(found.value).is_integer():
        return Value(None, "нужно целое число")
    return Value(int(found.value), why=found.why)


class Choice:
    """A word of a closed list, however people write it. ``strict``: anything else is a problem; if not, it is kept."""

    def __init__(self, words: dict[str, list[str]], strict: bool, expected: str) -> None:
        self._words = {_choice_key(word): value for value, ways in words.items() for word in [value, *ways]}
        self._strict = strict
        self._expected = expected

    def __call__(self, raw: Any) -> Value:
        """The accepted word."""
        if blank(raw):
            return EMPTY
        line = text(raw)
        found = self._words.get(_choice_key(line))
        if found is None and not self._strict:  # «высшее, педагогический университет, 2001»
            found = self._words.get(_choice_key(re.split(r"[,(]", line)[0]))
        if found is not None:
            return Value(found, why="принятое обозначение" if found != line else "")
        if self._strict:
            return Value(None, f"нужно одно из: {self._expected}")
        return Value(line)


def _choice_key(line: str) -> str:
    return key(line) or line


def boolean(sources: Sources) -> Callable[[Any], Value]:
    """Да/нет, 1/0, +/-."""
    choice = Choice({"да": sources.boolean["yes"], "нет": sources.boolean["no"]}, True, "да, нет")

    def read(raw: Any) -> Value:
        if isinstance(raw, bool):
            return Value(raw)
        found = choice(raw)
        return found if found.value is None else Value(found.value == "да", why=found.why)

    return read


def plain(raw: Any) -> Value:
    """Text: white space cleaned, whole floats without «.0»; a dash alone is an empty cell."""
    line = text(raw)
    return EMPTY if not line or line in _DASHES else Value(line)


class SubjectBook:
    """Names of subjects by params/subjects.yaml; what is not there is kept as written, white space cleaned."""

    def __init__(self, subjects: Subjects, noise: list[str]) -> None:
        self._titles: dict[str, tuple[str, bool]] = {}
        for subject in subjects.subjects:
            for name in [subject.title, *subject.synonyms]:
                self._titles.setdefault(key(name), (subject.title, subject.counted))
        self._noise = [re.compile(pattern, re.IGNORECASE) for pattern in noise]

    def __call__(self, raw: Any) -> Value:
        """The title of the subject."""
        line = text(raw)
        if not line:
            return EMPTY
        title = self._find(line)
        if title is None:
            return Value(self._bare(line), why="подгруппа снята" if self._bare(line) != line else "")
        return Value(title, why="название предмета" if title != line else "")

    def known(self, raw: Any) -> bool:
        """True when the subject is in params/subjects.yaml (counted or not)."""
        return self._find(text(raw)) is not None

    def counted(self, title: str | None) -> bool:
        """False for columns that are no subject («Поведение»)."""
        return self._titles.get(key(title), ("", True))[1]

    def _find(self, line: str) -> str | None:
        for candidate in (line, self._bare(line)):
            found = self._titles.get(key(candidate))
            if found is not None:
                return found[0]
        return None

    def _bare(self, line: str) -> str:
        for pattern in self._noise:
            stripped = text(pattern.sub("", line)).rstrip(" ,-–")
            if stripped:
                line = stripped
        return line
