"""Names of people: how they are written, and when two ways of writing can mean one person. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from soko.intake.words import LOOKALIKES, text

_DASH = re.compile(r"\s*[-‐‑‒–—−]\s*")
_INITIALS = re.compile(r"(?<![А-Яа-яЁё])([А-ЯЁа-яё])\.\s*")


@dataclass(frozen=True)
class PersonName:
    """Parts for comparison: capitals, Ё as Е; ``first`` and ``patronymic`` may be one letter or empty."""

    surname: str
    first: str = ""
    patronymic: str = ""

    @property
    def full(self) -> str:
        """The parts in one line: the identity of a person without a code."""
        return " ".join(part for part in (self.surname, self.first, self.patronymic) if part)

    @property
    def short(self) -> str:
        """Surname and initials: how journals write teachers."""
        return " ".join(part for part in (self.surname, self.first[:1], self.patronymic[:1]) if part)


def parse_name(raw: Any) -> PersonName | None:
    """«Иванов И.И.», «ИВАНОВ  Иван Иванович», «Иванова-Петрова Анна» → parts; None for an empty cell."""
    line = unicodedata.normalize("NFKC", text(raw))
    if re.search(r"[А-Яа-яЁё]", line):
        line = line.translate(LOOKALIKES)
    line = _DASH.sub("-", line)
    line = text(_INITIALS.sub(r"\1 ", line)).strip(" ,.;")
    words = [word.strip(".,;").upper().replace("Ё", "Е") for word in line.split()]
    words = [word for word in words if word]
    if not words:
        return None
    return PersonName(words[0], words[1] if len(words) > 1 else "", " ".join(words[2:]))


def compatible(written: PersonName, listed: PersonName) -> bool:
    """True when ``written`` may be a shorter way to write ``listed``."""
    return (
        written.surname == listed.surname
        and _part(written.first, listed.first)
        and _part(written.patronymic, listed.patronymic)
    )


def _part(written: str, listed: str) -> bool:
    if not written or written == listed:
        return True
    # A list without patronymics cannot contradict one; an initial fits every name that begins with it.
    return (
        not listed
        or (len(written) == 1 and listed.startswith(written))
        or (len(listed) == 1 and written.startswith(listed))
    )


def choose(written: PersonName, listed: dict[str, PersonName]) -> list[str]:
    """Ids of ``listed`` that ``written`` can mean; one exact hit beats all others."""
    exact = [code for code, name in listed.items() if name == written]
    if len(exact) == 1:
        return exact
    return [code for code, name in listed.items() if compatible(written, name)]
