"""Whom to forget: a pupil found in the registers of all periods, and how he is recognised in a cell or in a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from soko.cohorts import LETTERS, NUMBERED_AS_TYPED, spelled
from soko.intake.names import PersonName, compatible, parse_name
from soko.intake.private import pseudonym
from soko.retention.forgotten import keyed

_WORD = re.compile(r"[А-ЯA-Z]+(?:-[А-ЯA-Z]+)*")
_NUMBERED = re.compile(NUMBERED_AS_TYPED)
_CODE = re.compile(r"\b[pt]_[0-9a-f]{12}\b")
_CLASS = re.compile(r"(?<!\d)(\d{1,2})\s*[-«\"]?\s*(" + LETTERS + r")(?![А-Яа-я\d])", re.IGNORECASE)
_LONGEST_CELL = 4  # words of a cell that is a name and nothing else
_LONGEST_CODE = 40
_ENDING = 3  # letters that a case may add


@dataclass
class Person:
    """Somebody who is to be forgotten.

    ``names`` are the ways in which the lists write him; ``codes`` his pseudonyms; ``hashes`` those of a person who was
    forgotten before. ``like`` are other people of the school with the same surname: who is written as they are is not
    told apart by his name; maybe by ``classes``, his own and ``like_classes``, theirs.
    """

    names: list[str]
    codes: list[str]
    hashes: list[str] = field(default_factory=list)
    like: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    like_classes: list[str] = field(default_factory=list)
    secret: bytes = field(default=b"", repr=False)
    _seen: dict[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def parsed(self) -> list[PersonName]:
        """The names in parts."""
        return [name for name in map(parse_name, self.names) if name is not None]

    @cached_property
    def _others(self) -> list[PersonName]:
        return [name for name in map(parse_name, self.like) if name is not None]

    @cached_property
    def _stems(self) -> set[str]:
        return {_stem(name.surname) for name in self.parsed}

    def is_code(self, text: str) -> bool:
        """Whether the text is a pseudonym of this person."""
        if _CODE.fullmatch(text) is None:
            return False
        return text in self.codes or (bool(self.hashes) and keyed(self.secret, text) in self.hashes)

    def in_cell(self, value: Any) -> str:
        """«sure» when the cell says this person, «maybe» when it may say another one too, else nothing."""
        if not isinstance(value, (str, int)):  # a number may be a code; a date or a share is nobody
            return ""
        line = " ".join(str(value).split())
        if not line or len(line) > 10_000:
            return self.in_text(line) if line else ""
        if line not in self._seen:
            self._seen[line] = self._cell(line)
        return self._seen[line]

    def _cell(self, line: str) -> str:
        if self.is_code(line) or (
            len(line) <= _LONGEST_CODE and self.is_code(pseudonym(self.secret, "p_", f"id:{line}"))
        ):
            return "sure"
        if len(line.split()) <= _LONGEST_CELL:
            written = parse_name(line)
            if written is None:
                return ""
            if written.first and any(compatible(written, name) for name in self.parsed):
                return "maybe" if any(compatible(written, other) for other in self._others) else "sure"
        return self.in_text(line)

    def by_class(self, around: str) -> str:
        """Of a name that may be another's, with its row, sheet and file: «sure» by his class, «other» by theirs."""
        named = {spelled(grade, letters) for grade, letters in _CLASS.findall(around)}
        named |= {spelled(grade, f"-{number}") for grade, number in _NUMBERED.findall(around)}
        own, others = named & set(self.classes), named & set(self.like_classes)
        if own and not others:
            return "sure"
        return "other" if others and not own else "maybe"

    def in_text(self, text: str) -> str:
        """The same of running text: names in any case and order, pseudonyms."""
        if any(map(self.is_code, _CODE.findall(text))):
            return "sure"
        plain = normal(text)
        if not any(stem in plain for stem in self._stems):
            return ""
        words = _WORD.findall(plain)
        found = ""
        for at, word in enumerate(words):
            for name in self.parsed:
                if _same(word, name.surname):
                    told = self._beside(words, at, name)
                    if told == "sure":
                        return told
                    found = found or told
        return found

    def _beside(self, words: list[str], at: int, name: PersonName) -> str:
        """What the words around the surname at ``at`` say: first name and patronymic after it or before it."""
        after, before = words[at + 1 : at + 3], words[max(at - 2, 0) : at]
        for first, second in (_two(after), _two(before), (before[-1] if before else "", "")):
            if not first or not _part(first, name.first):
                continue
            # What follows the first name may be any word; only a patronymic that is not his speaks against him.
            if second and _is_patronymic(second) and name.patronymic and not _part(second, name.patronymic):
                continue
            told = PersonName(name.surname, first if len(first) == 1 else name.first, _given(second, name))
            return "maybe" if any(compatible(told, other) for other in self._others) else "sure"
        return ""


def normal(text: str) -> str:
    """Capitals, Ё as Е, no soft hyphens and accents: what texts are compared by."""
    line = unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("\u0301", "")
    return line.upper().replace("Ё", "Е").replace("‑", "-")


def _two(words: list[str]) -> tuple[str, str]:
    return (words[0], words[1] if len(words) > 1 else "") if words else ("", "")


def _given(second: str, name: PersonName) -> str:
    if not second or not name.patronymic or not _part(second, name.patronymic):
        return ""
    return second if len(second) == 1 else name.patronymic


def _is_patronymic(word: str) -> bool:
    return len(word) == 1 or bool(re.search(r"(ОВИЧ|ЕВИЧ|ИЧ|ОВН|ЕВН|ИЧН|ИНИЧН)[А-Я]{0,3}$", word))


def _part(written: str, name: str) -> bool:
    return bool(name) and (written == name[:1] or _same(written, name))


def _stem(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "АЕИОУЫЭЮЯЙЬ" else name


def _same(word: str, name: str) -> bool:
    """Whether the word is the name in some case."""
    stem = _stem(name)
    return word.startswith(stem) and len(word) - len(stem) <= _ENDING
