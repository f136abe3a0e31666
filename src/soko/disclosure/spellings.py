"""How a person's name may be spelt: declined by rule, in Latin letters, with look-alike letters. Pure functions.

Rules are over-generous on purpose: a form that no Russian would write costs nothing, a form that is missing is a leak.
A morphological analyser declines «Иванова» well and guesses at «Хабибуллин», «Цой» and every misspelt name of a list.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from soko.intake.words import LOOKALIKES

#: Zero-width marks, soft hyphens and marks of direction: they split a word for a program and not for a reader.
INVISIBLE = re.compile(r"[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LETTER = re.compile(r"[^\W\d_]+")

# Ending of the nominative → the stem loses it, and the stem takes any of these.
_SURNAMES = [
    (re.compile(r"(?:ск|цк)(?:ий|ая|ой)$"), 2, "ий ая ой ого ому им ом ую ою ие их ими"),
    (re.compile(r"(?:ый|ой|ая)$"), 2, "ый ой оя ое оем ои ая ого ому ым ом ую ою ые ых ыми"),
    (re.compile(r"(?:ий|яя)$"), 2, "ий яя его ему им ем юю ею ей ие их ими ия ию ии"),
    (re.compile(r"(?:ов|ев|ин|ын)а$"), 1, "- а у ым е ой ою ы ых ыми"),
    (re.compile(r"(?:ов|ев|ин|ын)$"), 0, "- а у ым е ой ою ы ых ыми"),
    (re.compile(r"(?:их|ых)$"), 0, "-"),
    (re.compile(r"а$"), 1, "а ы и у е ой ою"),
    (re.compile(r"я$"), 1, "я и ю е ей ею"),
    (re.compile(r"й$"), 1, "й я ю ем е и ев"),
    (re.compile(r"ь$"), 1, "ь я ю ем е и ью"),
    (re.compile(r"[бвгджзклмнпрстфхцчшщ]$"), 0, "- а у ом ем е ы и ов ам ами ах"),
]
_GIVEN = [
    (re.compile(r"ия$"), 1, "я и ю ей ею"),
    (re.compile(r"я$"), 1, "я и ю е ей ею"),
    (re.compile(r"а$"), 1, "а ы и у е ой ою ей"),
    (re.compile(r"й$"), 1, "й я ю ем е и"),
    (re.compile(r"ь$"), 1, "ь я ю ем е и ью"),
    (re.compile(r"[бвгджзклмнпрстфхцчшщ]$"), 0, "- а у ом ем е"),
]
# Names that lose a vowel when they are declined (Ё is Е here).
_FLEETING = {"павел": "павл", "лев": "льв", "петр": "петр", "любовь": "любов"}


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """Small letters, Ё as Е, no invisible marks; Latin look-alikes as Russian letters in a word that has those."""
    word = INVISIBLE.sub("", unicodedata.normalize("NFKC", word))
    if not word.isascii():
        word = word.translate(LOOKALIKES)
    return word.lower().replace("ё", "е")


def letters(text: str) -> str:
    """``text`` as plain letters alone: «Иванова-Петрова» → «ивановапетрова»."""
    return plain("".join(_LETTER.findall(text)))


def surname_forms(surname: str) -> frozenset[str]:
    """Plain forms of a surname in all cases, of both genders; each half of a double surname is declined or not."""
    halves = [half for half in re.split(r"[-‐‑‒–—−\s]+", surname) if half]
    forms = {""}
    for half in halves:
        own = _declined(letters(half), _SURNAMES)
        forms = {start + form for start in forms for form in own}
    return frozenset(form for form in forms if form)


def given_forms(name: str) -> frozenset[str]:
    """Plain forms of a first name or a patronymic in all cases."""
    word = letters(name)
    forms = _declined(word, _GIVEN)
    if word in _FLEETING:
        forms |= {_FLEETING[word] + ending for ending in ("а", "у", "ом", "е", "и", "ью")}
    return frozenset(forms)


def _declined(word: str, rules: list[tuple[re.Pattern[str], int, str]]) -> set[str]:
    for ending, cut, endings in rules:
        if ending.search(word):
            stem = word[: len(word) - cut]
            return {word} | {stem + ("" if end == "-" else end) for end in endings.split()}
    return {word}


# Every usual transliteration of a letter (ГОСТ 7.79, ГОСТ Р 52535, ICAO, how people type) is brought to one skeleton:
# longer pieces first, and both sides pass the same table.
_LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e j z i i k l m n o p r s t u f h c C S S _ i _ e u a".replace("_", "-").split(),
        strict=True,
    )
)
_PIECES = [
    ("shch", "S"), ("sch", "S"), ("sh", "S"), ("ch", "C"), ("zh", "j"), ("kh", "h"), ("tz", "c"), ("ts", "c"),
    ("yo", "e"), ("jo", "e"), ("ye", "e"), ("je", "e"), ("yu", "u"), ("iu", "u"), ("ju", "u"),
    ("ya", "a"), ("ia", "a"), ("ja", "a"), ("x", "ks"), ("w", "v"), ("q", "k"),
    ("y", "i"),
]  # fmt: skip
_PIECE = re.compile("|".join(re.escape(piece) for piece, _ in _PIECES))
_ONE = dict(_PIECES)
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What remains of a word when ways of transliteration no longer matter: «Щербаков», «Shcherbakov» → one string.

    Take it of whole words only; й and j are the usual traps («Sergey», «Sergei», «Sergej» → one string).
    """
    word = plain(word)
    if not word.isascii():
        word = "".join({"ю": "u", "я": "a", "е": "e"}.get(char) or _LATIN.get(char, "") for char in word)
        word = word.replace("-", "")
    else:
        word = re.sub(r"(?<=[aeiou])j(?=$|[^aeou])", "i", word)
        word = re.sub(r"i(?=y[aeou])", "", word)
        word = _PIECE.sub(lambda found: _ONE[found.group()], word)
    return _DOUBLE.sub(r"\1", re.sub(r"i(?=[aeou])", "", word))
