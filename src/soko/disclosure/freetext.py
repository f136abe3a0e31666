"""Does a text that somebody typed tell of a person? Names, numbers, addresses, diagnoses – without any list of people.

For texts that leave the school: commentaries, edits, the sections of the yearly reports, free answers of surveys.
``soko.disclosure.typed`` reads those of a workspace; who may be named is ``soko.disclosure.allowed``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from soko.cohorts import LETTERS, NUMBERED
from soko.disclosure import identifiers
from soko.disclosure.allowed import by_given, by_initials
from soko.disclosure.needles import normal
from soko.disclosure.spellings import plain
from soko.intake.names import PersonName
from soko.yamlio import Strict, load

NAME, PHONE, EMAIL, BIRTH = "имя человека", "телефон", "адрес электронной почты", "дата рождения"
SNILS, PASSPORT, CERTIFICATE = "СНИЛС", "серия и номер паспорта", "свидетельство о рождении"
ADDRESS, HEALTH = "домашний адрес", "сведения о здоровье одного человека"

_WORD = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = (
    r"[А-ЯЁ][а-яё]+(?:вич(?:а|у|ем|е)?|[ьи]ич(?:а|у|ом|ем|е)?|[оеё]вн(?:а|ы|е|у|ой|ою)|иничн(?:а|ы|е|у|ой|ою)"
    r"|ичн(?:а|ы|е|у|ой|ою))(?![а-яё])|[А-ЯЁ][а-яё]+[\s-]+(?:оглы|кызы|угли|оглу)(?![а-яё])"
)
# name + patronymic, with the surname on either side
_FULL = re.compile(rf"(?<![^\W_])(?:({_WORD})[\s,]+)?({_WORD})\s+(?:{_PATRONYMIC})(?:\s+({_WORD}))?")
_INITIALS = re.compile(
    rf"(?<![^\W_])(?:(?P<s1>{_WORD})\s*(?P<a1>[А-ЯЁ])\.\s?(?:(?P<b1>[А-ЯЁ])\.)?"
    rf"|(?P<a2>[А-ЯЁ])\.\s?(?:(?P<b2>[А-ЯЁ])\.\s?)?(?P<s2>{_WORD}))"
)
_PAIR = re.compile(rf"(?<![^\W_])(?=({_WORD})\s+({_WORD})(?![а-яё]))")
_CALLED = re.compile(
    r"(?:ученик\w*|учениц\w*|обучающ(?:ийся|егося|емуся|имся|емся|аяся|ейся|уюся)|школьник\w*|воспитанни\w+|реб[её]н\w+|"
    rf"мальчик\w*|девочк\w+|сын\w*|дочь|дочери|мама|мать|матери|отец|отца)\s+(?:(?:{NUMBERED}|\d{{1,2}}\s?[«\"]?{LETTERS}[»\"]?)\s+(?:класса\s+)?)?({_WORD})"
)
_EPONYM = re.compile(
    r"(?:\bим\.|имени|\bул\.|улиц\w+|просп\w*\.?|пр-т|переул\w*|\bпл\.|площад\w+|бульвар\w*|формул\w+|теорем\w+|метод\w*"
    r"|анкет\w*|опросник\w*|шкал\w+|тест\w*|конкурс\w*|чтени\w+|творчеств\w+|роман\w*|повест\w+|рассказ\w*)\W{0,3}$",
    re.IGNORECASE,
)
_CITY_PHONE = re.compile(r"(?:тел\.|телефон\w*|моб\.)\W{0,5}((?:\d[\s()-]?){5,9}\d)(?!\d)", re.IGNORECASE)
_PAPER = re.compile(r"паспорт|серия|выдан", re.IGNORECASE)
_STREET = (
    r"(?:\b(?:ул|пер|просп|пл|мкр|б-р|ш)\.|"
    r"\b(?:улиц[аеуы]|переул\w+|проспект\w*|бульвар\w*|шоссе|микрорайон\w*)|\bпр-т)"
)
_ADDRESS = re.compile(
    rf"{_STREET}\s*[^\n;]{{2,40}}?,?\s*(?:\bд(?:\.|ом)\s*)?\d+[а-яА-Я]?(?:/\d+)?(?:\s*,?\s*корп\.?\s*\d+)?"
    r"\s*,?\s*(?P<flat>\bкв(?:\.|артира)\s*\d+)?",
    re.IGNORECASE,
)
_LIVES = re.compile(r"прожива|живёт|живет|зарегистрирован|прописан|домашн", re.IGNORECASE)
_KIND = re.compile(
    r"(?<![\w.,])(?:[5-8]|VI{0,3})(?:-?го|-?й)?\s+вид[ау]?(?![а-яё])|(?<!\w)F(?:7\d|8\d|9[0-8])(?:\.\d)?(?!\w)"
)
_SENTENCE = re.compile(r"[^.!?\n]+")
_CHILD = (5, 19)  # years


@dataclass(frozen=True, order=True)
class Found:
    """Something that tells of a person: its position in ``normal(text)`` and its kind (Russian)."""

    at: int
    kind: str


class Words(Strict):
    """freetext.yaml: beginnings of words; several words of a diagnosis are apart by a space."""

    person: list[str]
    diagnoses: list[str]


def words(path: Path | None = None) -> Words:
    """The words about health: those of params/reports/freetext.yaml where the school has one, else the package's."""
    return load(path if path is not None and path.is_file() else Path(__file__).with_name("freetext.yaml"), Words)


def scan(
    text: str, *, on: date | None = None, allowed: Iterable[PersonName] = (), vocabulary: Words | None = None
) -> list[Found]:
    """All that tells of a person, in order. ``on``: the day on which a birth date would be a child's."""
    text = normal(text)
    free = list(allowed)
    found = {Found(at, NAME) for at in _names(text, by_initials(free), by_given(free))}
    found |= {Found(at, PHONE) for at, _ in identifiers.phones(text)}
    found |= {Found(match.start(1), PHONE) for match in _CITY_PHONE.finditer(text)}
    found |= {Found(at, EMAIL) for at, _ in identifiers.emails(text)}
    found |= {Found(at, SNILS) for at, _ in identifiers.snils(text)}
    found |= {Found(at, CERTIFICATE) for at, _ in identifiers.certificates(text)}
    for at, _ in identifiers.passports(text):
        called = _PAPER.search(text[max(0, at - 40) : at]) is not None
        if called or re.match(r"\d{2}\s\d{2}\s\d{6}|\d{2}\s?\d{2}\s?(?:№|No|N)", text[at : at + 20]):
            found.add(Found(at, PASSPORT))
    for start, end, day in identifiers.dates(text):
        young = on is not None and _CHILD[0] <= (on - day).days / 365.25 < _CHILD[1]
        full = re.search(r"\d{4}", text[start:end]) is not None
        if identifiers.called_birth(text, start, end) or (
            young and full and not identifiers.of_document(text, start, end)
        ):
            found.add(Found(start, BIRTH))
    for match in _ADDRESS.finditer(text):
        if match.group("flat") or _LIVES.search(text[max(0, match.start() - 60) : match.start()]):
            found.add(Found(match.start(), ADDRESS))
    found |= {Found(match.start(), HEALTH) for match in _KIND.finditer(text)}
    found |= {Found(at, HEALTH) for at in _diagnoses(text, vocabulary or words())}
    return sorted(found)


def _names(text: str, initials: frozenset[tuple[str, str]], given: frozenset[tuple[str, str]]) -> Iterator[int]:
    for match in _FULL.finditer(text):
        before, name, after = match.groups()
        if "Name" not in _tags(name) and before is None and after is None and _tags(name) & {"known"}:
            continue  # «Дмитрий Иванович» is a name, «Вопрос Ивановича» is not
        people = {(plain(surname), plain(name)) for surname in (before, after) if surname}
        if not people & given and not _EPONYM.search(text[max(0, match.start() - 20) : match.start()]):
            yield match.start()
    for match in _INITIALS.finditer(text):
        surname = match["s1"] or match["s2"]
        first, second = match["a1"] or match["a2"], match["b1"] or match["b2"] or ""
        if (plain(surname), plain(first + second)) in initials:
            continue
        if not second and "Surn" not in _tags(surname):
            continue
        if second and _tags(surname) & {"known"} and not _tags(surname) & {"Surn", "Name"}:
            continue
        if not _EPONYM.search(text[max(0, match.start() - 20) : match.start()]):
            yield match.start()
    for match in _PAIR.finditer(text):
        one, two = match.groups()
        for surname, name in ((one, two), (two, one)):
            if "Surn" in _tags(surname) and "Name" in _tags(name) and (plain(surname), plain(name)) not in given:
                if not _EPONYM.search(text[max(0, match.start() - 20) : match.start()]):
                    yield match.start()
                break
    for match in _CALLED.finditer(text):
        if _tags(match.group(1)) & {"Surn", "Name"} or not _tags(match.group(1)) & {"known"}:
            yield match.start(1)


def _diagnoses(text: str, vocabulary: Words) -> Iterator[int]:
    for sentence in _SENTENCE.finditer(text):
        line = sentence.group().lower().replace("ё", "е")
        said = re.findall(r"[а-я-]+", line)
        if not {plain(word) for word in vocabulary.person} & set(said):
            continue
        for diagnosis in vocabulary.diagnoses:
            parts = plain(diagnosis).split()
            if all(any(word.startswith(part) for word in said) for part in parts):
                yield sentence.start() + max(line.find(parts[0]), 0)
                break


@lru_cache(maxsize=1)
def _morphology() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=8192)
def _tags(word: str) -> frozenset[str]:
    """«Surn», «Name», «Patr» when the word may be one; «known» when the dictionary has it."""
    morph = _morphology()
    tags = {mark for parse in morph.parse(word) for mark in ("Surn", "Name", "Patr") if mark in parse.tag}
    return frozenset(tags | ({"known"} if morph.word_is_known(word.lower()) else set()))
