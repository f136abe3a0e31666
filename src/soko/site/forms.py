"""Forms of the words of the site, so that the search finds «успеваемости» by «успеваемость».

Morphology is done here, when the site is made: pymorphy3 says which forms each word has, and the page only looks them
up. Words that decline alike share one list of endings, so that four thousand words take about 100 KB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

_WORD = re.compile(r"[0-9a-zа-я]+")
_LETTERS = re.compile(r"[а-я]{3,}")
#: Parts of speech that say nothing of what is looked for: prepositions, conjunctions, particles, pronouns.
_EMPTY = {"PREP", "CONJ", "PRCL", "NPRO", "INTJ"}


def normal(text: str) -> str:
    """The text as it is compared: small letters, «е» for «ё»."""
    return text.lower().replace("ё", "е")


def words(text: str) -> list[str]:
    """Words of the text, in order, as they are compared."""
    return _WORD.findall(normal(text))


def table(found: Iterable[str]) -> dict[str, Any]:
    """Forms of the words: ``endings`` (lists), ``lemmas`` ([stem, number of its endings]), ``empty`` (words to skip).

    Words without Russian letters (numbers, «7а») are not in it: they have one form, themselves.
    """
    endings: dict[tuple[str, ...], int] = {}
    lemmas: dict[tuple[str, int], None] = {}
    empty = []
    for word in sorted({word for word in found if _LETTERS.fullmatch(word) or (len(word) < 3 and word.isalpha())}):
        if _parsed(word).tag.POS in _EMPTY:
            empty.append(word)
            continue
        stem, ends = _declined(word)
        lemmas[stem, endings.setdefault(ends, len(endings))] = None
    return {"endings": [" ".join(ends) for ends in endings], "lemmas": [list(item) for item in lemmas], "empty": empty}


def _declined(word: str) -> tuple[str, tuple[str, ...]]:
    """The common beginning of all forms of the word, and their endings."""
    forms = {normal(form.word) for form in _parsed(word).lexeme} | {word}
    # «лучше», «наилучший»: what begins otherwise would leave no common beginning
    forms = {form for form in forms if form[:2] == word[:2] and _WORD.fullmatch(form)}
    first, last = min(forms), max(forms)  # what these two begin with, all between them do
    stem = first[: next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
    return stem, tuple(sorted(form[len(stem) :] for form in forms))


@cache
def _parsed(word: str) -> Any:
    return _analyser().parse(word)[0]


@cache
def _analyser() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()
