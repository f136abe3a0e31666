"""What must not be found in anything that leaves the school: names, birth dates, codes, numbers, phrases.

``Needles.find`` looks for all of them in one text. Names are met as a reader meets them: declined, with initials on
either side, in Latin letters, torn by tags, by hyphens or by the spaces that a PDF puts between letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from soko.disclosure import identifiers
from soko.disclosure.latin import LatinNames
from soko.disclosure.spellings import INVISIBLE, plain

_RUSSIAN = re.compile(r"[A-Za-z]*[А-Яа-яЁё][A-Za-zА-Яа-яЁё]*")
_CODE = re.compile(r"(?<![^\W_])([pt])_[0-9a-f]{12}(?![^\W_])", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
#: «улица Гагарина», «имени Ю. А. Гагарина», «формула В. П. Симонова»: whom these honour is no pupil. The list is short,
#: because a leak behind any of its words is not seen.
_NAMESAKE = re.compile(
    r"(?i:\bим\.|имени|\bул\.|улиц\w+|просп\w*\.?|пр-т|переул\w*|площад\w+|бульвар\w*|шоссе|формул\w+|методик\w+|опросник\w*)"
    r"\W{0,3}(?:[А-ЯЁ]\.\s*){0,2}(?:[А-ЯЁ][а-яё]+\s+){0,2}$"
)
_APART, _TORN = 10, 3  # signs between two parts of a name; between the pieces of one torn word

NAME, SURNAME, BIRTH = "имя и фамилия", "фамилия", "дата рождения"
PUPIL_CODE, STAFF_CODE, PHRASE = "псевдоним обучающегося", "псевдоним работника", "сведение о малой группе"
SNILS, PHONE, EMAIL, PASSPORT = "СНИЛС", "телефон", "адрес электронной почты", "серия и номер паспорта"


@dataclass(frozen=True, repr=False)
class Person:
    """Somebody's forms: plain ones of the first name and the patronymic, and the initials («ии», «и» or empty)."""

    given: frozenset[str]
    patronymic: frozenset[str]
    initials: str
    whose: str


@dataclass(frozen=True, repr=False)
class Needles:
    """Everything to be searched for. Its texts never leave it: ``find`` says kinds and places alone.

    surnames: plain form of a surname → numbers in ``people``. alone: forms that are a leak without a first name.
    allowed: (form, initials) of those who may be named. births: dates; known: those that laws and orders of params
    have too, a leak beside a word of birth alone. shared: how many people cannot be told from those allowed;
    unread: files of data/incoming that could not be read, whose people are not looked for.
    """

    people: tuple[Person, ...] = ()
    surnames: dict[str, tuple[int, ...]] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    allowed: frozenset[tuple[str, str]] = frozenset()
    allowed_full: frozenset[tuple[str, str]] = frozenset()
    latin: LatinNames = field(default_factory=LatinNames)
    births: frozenset[date] = frozenset()
    known: frozenset[date] = frozenset()
    snils: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    passports: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    shared: int = 0
    unread: int = 0
    _starts: frozenset[str] = field(init=False, repr=False, default=frozenset())
    _lengths: tuple[int, ...] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", frozenset(form[:5] for form in self.surnames))
        object.__setattr__(self, "_lengths", tuple(sorted({len(form) for form in self.surnames}, reverse=True)))

    def __repr__(self) -> str:
        """Nothing of what it holds: a traceback is printed and mailed."""
        return f"Needles({len(self.people)} people)"

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """(position, kind) of everything that is found; positions count in ``normal(text)``."""
        text = normal(text)
        if not text.isascii():
            yield from self._names(text)
        yield from self.latin.find(text)
        for found in _CODE.finditer(text):
            yield found.start(), PUPIL_CODE if found.group(1) in "pP" else STAFF_CODE
        yield from self._dates(text)
        for at, number in identifiers.snils(text):
            if number in self.snils or identifiers.snils_holds(number):
                yield at, SNILS
        known: list[tuple[str, frozenset[str], Callable[[str], Iterator[tuple[int, str]]]]] = [
            (PHONE, self.phones, identifiers.phones),
            (EMAIL, self.emails, identifiers.emails),
            (PASSPORT, self.passports, identifiers.passports),
        ]
        for kind, values, finder in known:
            if values:
                yield from ((at, kind) for at, value in finder(text) if value in values)
        if self.phrases:
            line = phrase(text)
            yield from ((0, PHRASE) for wanted in self.phrases if wanted in line)

    def touches(self, text: str) -> bool:
        """Whether anything is found."""
        return next(self.find(text), None) is not None

    # -- dates ---------------------------------------------------------------------------------------------------

    def _dates(self, text: str) -> Iterator[tuple[int, str]]:
        if not self.births:
            return
        for start, end, day in identifiers.dates(text):
            if day in self.births and not identifiers.of_document(text, start, end):
                full = re.search(r"\d{4}", text[start:end]) is not None
                if (full and day not in self.known) or identifiers.called_birth(text, start, end):
                    yield start, BIRTH

    # -- names ---------------------------------------------------------------------------------------------------

    def _names(self, text: str) -> Iterator[tuple[int, str]]:
        words = _Words(text)
        line, begins = words.line, words.begins
        for at, start in enumerate(begins):
            head = line[start : start + 5]
            if head in self._starts or any(head[:size] in self._starts for size in (4, 3, 2)):
                for size in self._lengths:
                    people = self.surnames.get(line[start : start + size])
                    last = words.ending.get(start + size)
                    if people and last is not None and words.one(at, last):
                        kind = self._met(words, at, last, line[start : start + size], people)
                        if kind and not _NAMESAKE.search(words.before(at)):
                            yield words.spans[at][0], kind
                            break

    def _met(self, words: _Words, first: int, last: int, form: str, people: tuple[int, ...]) -> str:
        """What kind of mention of these people the surname in words first…last is; empty for none."""
        begin, end = words.begins[first], words.begins[last] + len(words.plain[last])
        for number in people:
            person = self.people[number]
            for name in person.given:
                after = words.follows(last, end, name)
                if (after or words.precedes(first, begin, name)) and (form, name) not in self.allowed_full:
                    return f"{NAME} {person.whose}"
            if any(words.precedes(first, begin, name) for name in person.patronymic):
                return f"{NAME} {person.whose}"
        initials = words.initials(first, last)
        if initials:
            for number in people:
                own = self.people[number].initials
                if own and own.startswith(initials[: len(own)]) and (form, initials) not in self.allowed:
                    return f"фамилия и инициалы {self.people[number].whose}"
            return ""
        capital = words.text[words.spans[first][0]].isupper()
        if form in self.alone and capital:
            return f"{SURNAME} {self.people[people[0]].whose}"
        return ""


class _Words:
    """The Russian words of a text: as they stand, plain, and put together without anything between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [found.span() for found in _RUSSIAN.finditer(text)]
        self.plain = [plain(text[start:end]) for start, end in self.spans]
        self.line = "".join(self.plain)
        self.begins: list[int] = []
        self.ending: dict[int, int] = {}
        self.beginning: dict[int, int] = {}
        at = 0
        for number, word in enumerate(self.plain):
            self.begins.append(at)
            self.beginning[at] = number
            at += len(word)
            self.ending[at] = number

    def gap(self, left: int, right: int) -> str:
        """What stands between two words."""
        return self.text[self.spans[left][1] : self.spans[right][0]]

    def one(self, first: int, last: int) -> bool:
        """Whether words first…last can be one torn word."""
        return all(
            len(gap := self.gap(number, number + 1)) <= _TORN and not re.search(r"[.,;:!?()\d]", gap)
            for number in range(first, last)
        )

    def follows(self, last: int, end: int, name: str) -> bool:
        """Whether ``name`` stands right after word ``last``."""
        if not self.line.startswith(name, end) or last + 1 >= len(self.spans):
            return False
        final = self.ending.get(end + len(name))
        return final is not None and len(self.gap(last, last + 1)) <= _APART and self.one(last + 1, final)

    def precedes(self, first: int, begin: int, name: str) -> bool:
        """Whether ``name`` stands right before word ``first``."""
        start = begin - len(name)
        if start < 0 or first == 0 or not self.line.startswith(name, start):
            return False
        initial = self.beginning.get(start)
        return initial is not None and len(self.gap(first - 1, first)) <= _APART and self.one(initial, first - 1)

    def before(self, first: int) -> str:
        """Some text before a word."""
        return self.text[max(0, self.spans[first][0] - 50) : self.spans[first][0]]

    def initials(self, first: int, last: int) -> str:
        """Plain initials beside a surname: «Иванов И.И.», «Иванов ИИ», «И. И. Иванов»; empty without any."""
        end, start = self.spans[last][1], self.spans[first][0]
        if found := _AFTER.match(self.text, end, end + 16):
            return plain("".join(letter for letter in found.groups() if letter))
        if found := _BEFORE.search(self.text, max(0, start - 16), start):
            return plain("".join(letter for letter in found.groups() if letter))
        return ""


_CAPITAL = "[А-ЯЁA-Z]"
_AFTER = re.compile(
    rf"[\s,_\x01]{{1,6}}(?:({_CAPITAL})[.\x01]+[\s\x01]{{0,3}}(?:({_CAPITAL})(?:[.\x01]|\b))?"
    rf"|({_CAPITAL})[\s_\x01]?({_CAPITAL})(?![^\W_]))"
)
_BEFORE = re.compile(rf"(?<![^\W_])({_CAPITAL})[.\x01]+[\s\x01]{{0,3}}(?:({_CAPITAL})[.\x01]+[\s\x01]{{0,3}})?$")


def normal(text: str) -> str:
    """``text`` in one way of writing: no invisible marks, composed letters, ligatures as letters. Lines stay lines."""
    if text.isascii():
        return text
    text = INVISIBLE.sub("", text)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def phrase(text: str) -> str:
    """A phrase for comparison: small letters, single spaces, nothing of markup."""
    return _SPACES.sub(" ", normal(text).replace("\x01", " ")).lower().replace("ё", "е").strip()
