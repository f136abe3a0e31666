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
#: Stands between words of a list where one of them may be somebody's name. A list in the order of the alphabet puts the
#: first name of one winner beside the surname of another, and whoever looks for names would read a third person there.
APART = "·" * 12


def normal(text: str) -> str:
    """The text as it is compared: small letters, «е» for «ё»."""
    return text.lower().replace("ё", "е")


def words(text: str) -> list[str]:
    """Words of the text, in order, as they are compared."""
    return _WORD.findall(normal(text))


def table(found: Iterable[str]) -> dict[str, Any]:
    """Forms of the words: ``endings`` (lists), ``lemmas`` ([stem, number of its endings]), ``empty`` (words to skip).

    The number is written in letters: a figure beside «качеств» would pass for a share that is hidden.
    A lemma beside which a name stands has ``APART`` as its third value. Words without Russian letters (numbers, «7а»)
    are not in it: they have one form, themselves.
    """
    endings: dict[tuple[str, ...], int] = {}
    lemmas: dict[tuple[str, int], bool] = {}
    empty = []
    for word in sorted({word for word in found if _LETTERS.fullmatch(word) or (len(word) < 3 and word.isalpha())}):
        if _parsed(word).tag.POS in _EMPTY:
            empty.append(word)
            continue
        stem, ends = _declined(word)
        number = endings.setdefault(ends, len(endings))
        lemmas[stem, number] = lemmas.get((stem, number), False) or is_name(word)
    told = [
        [stem, _letters(number), *[APART] * apart]
        for (stem, number), apart in zip(lemmas, _beside(lemmas.values()), strict=True)
    ]
    return {"endings": [" ".join(ends) for ends in endings], "lemmas": told, "empty": empty}


def listed(found: Iterable[str]) -> str:
    """The words in the order of the alphabet, names kept ``APART`` from what is beside them."""
    ordered = sorted(found)
    gaps = _beside([is_name(word) for word in ordered])
    return "".join(
        f"{word} {APART} " if apart else f"{word} " for word, apart in zip(ordered, gaps, strict=True)
    ).strip()


def _beside(names: Iterable[bool]) -> list[bool]:
    """Whether an item of a list or the one after it is a name."""
    known = list(names)
    return [one or other for one, other in zip(known, [*known[1:], False], strict=False)]


@cache
def is_name(word: str) -> bool:
    """Whether the word may be a first name, a patronymic or a surname; words that no dictionary has count too."""
    if not _LETTERS.fullmatch(word):
        return False
    analyser = _analyser()
    names = any(tag in form.tag for form in analyser.parse(word) for tag in ("Name", "Surn", "Patr"))
    return names or not analyser.word_is_known(word)


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


def _letters(number: int) -> str:
    """The number to the base 26: «a»…«z», «ba», …"""
    return (_letters(number // 26) if number > 25 else "") + chr(97 + number % 26)
