"""Text as people type it, brought to a form that can be compared. Pure functions, all idempotent."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

# Latin letters that look like Russian ones; a class «5A» typed in the wrong layout is the commonest error of all.
LOOKALIKES = str.maketrans("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_NOT_WORD = re.compile(r"[^0-9a-zа-я]+")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def text(value: Any) -> str:
    """The value as one trimmed line: whole floats without «.0», runs of white space as one space."""
    if value.__class__ is str and value.isalnum():  # most codes, marks and classes: nothing to trim
        return str(value)
    if value is None:
        return ""
    if isinstance(value, float):
        if value != value:  # a NaN of pandas is an empty cell
            return ""
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    if isinstance(value, bool):
        return "да" if value else "нет"
    line = str(value)
    if not line.isascii():
        line = _INVISIBLE.sub("", line)
    return " ".join(line.split())


def blank(value: Any) -> bool:
    """True for an empty cell."""
    if isinstance(value, str):
        # Most cells begin with a letter or a digit; only the others are worth the search for invisible marks.
        return not value or (not value[0].isalnum() and not text(value))
    return value is None or value != value


def key(value: Any) -> str:
    """Comparison key of a header, a subject, a label: case, ё, spaces, dots, quotes and look-alikes do not matter."""
    return _key(value if isinstance(value, str) else text(value))


@lru_cache(maxsize=4096)
def _key(value: str) -> str:
    line = unicodedata.normalize("NFKC", text(value).replace("№", " "))
    # Look-alikes are replaced in the whole line: «O:А» and «OА» must give one key.
    if _CYRILLIC.search(line):
        line = line.translate(LOOKALIKES)
    return _NOT_WORD.sub("", line.lower().replace("ё", "е"))


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def plural(number: int, one: str, few: str, many: str) -> str:
    """«1 строка», «2 строки», «5 строк» with the number in front."""
    if number % 10 == 1 and number % 100 != 11:
        form = one
    elif number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
        form = few
    else:
        form = many
    return f"{number} {form}"


def listed(items: list[Any], most: int) -> str:
    """The first ``most`` items, comma separated, and how many more there are."""
    shown = ", ".join(str(item) for item in items[:most])
    return f"{shown} и ещё {len(items) - most}" if len(items) > most else shown
