"""The numbers of a text and what each of them can be: a share, a count, «2 из 3», a number's word beside people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from soko.disclosure.hidden_facts import PART, VALUE

_NUMBER = re.compile(
    r"(?<![\d.,/№+−-])(?<![<≈±])(?<![<≈±№] )(?<!No )(?<!No)"
    r"(\d{2,3}(?: \d{3})+(?!\d)|\d+)([.,]\d+)?(?:\s*(%)|\s+из\s+(\d+)|\s+([а-яё]+))?"
)
_END = re.compile(r"\s*(?:[.,;)]|$)")
_IN_WORDS = {"один": 1, "одна": 1, "одного": 1, "одной": 1, "двое": 2, "двоих": 2, "два": 2, "две": 2, "двух": 2,
             "трое": 3, "троих": 3, "три": 3, "трех": 3, "четверо": 4, "четверых": 4, "четыре": 4,
             "четырех": 4}  # fmt: skip
_SAID = re.compile(rf"(?<![а-я])({'|'.join(_IN_WORDS)})(?![а-я])(?:\s+([а-я]+))?", re.IGNORECASE)
_PEOPLE = re.compile(
    r"чел|обуча|учени|учащ|уч$|детей|дет|ребен|школьник|участ|выпуск|семь|семе|родител|побед|приз|работ"
)
_TARGET = re.compile(r"\bцел(?:ь|и|ью|ям)\b[^.;()]*\(\s*$", re.IGNORECASE)  # what ought to be is no figure of a group
_NEAR = 160  # characters before a number in which a target would be named
_ALONE = re.compile(r"(?:[–:—-]|было|стало)\s*$")


def without_numbers(text: str) -> str:
    """``text`` as it may be printed of a hidden figure: an ellipsis in place of each number and number's word."""
    return _SAID.sub("…", re.sub(r"\d+(?:[.,]\d+)?", "…", text))


def numbers_of(text: str, *, prose: bool = False, comma: bool = False) -> Iterator[tuple[str, str, float, int]]:
    """(as printed, with a point, what it can be, base of «из», position) of the numbers of a text.

    ``comma``: that of a document is kept, with which no count is written.
    """
    nan = float("nan")
    for found in _NUMBER.finditer(text):
        if prose and _TARGET.search(text, max(0, found.start() - _NEAR), found.start()):
            continue
        fraction = found[2] or ""
        number = found[1].replace(" ", "") + (fraction if comma else fraction.replace(",", "."))
        if found[3]:
            yield number, VALUE, nan, found.start()
        elif found[4]:
            yield number, PART, float(found[4]), found.start()
        elif not prose or found[2]:
            yield number, "", nan, found.start()
        elif _PEOPLE.match(found[5] or ""):
            yield number, PART, nan, found.start()
        elif (
            not found[5]
            and _ALONE.search(text, max(0, found.start() - 12), found.start())
            and _END.match(text, found.end())
        ):
            yield number, "", nan, found.start()
    if prose:
        for said in _SAID.finditer(text):
            if said[1].lower() in ("двое", "трое", "четверо") or _PEOPLE.match(said[2] or ""):
                yield str(_IN_WORDS[said[1].lower()]), PART, nan, said.start()
