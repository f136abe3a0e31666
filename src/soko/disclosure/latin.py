"""Names in Latin letters: file names, addresses, exports of foreign programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from soko.disclosure.spellings import skeleton

# «IvanovIvan» are two words: a capital begins the next one.
_WORD = re.compile(r"[A-Z]?[a-z]+(?:'[a-z]+)?|[A-Z]{2,}(?![a-z])|[A-Z](?![a-z])")
_APART = 4
_SHORTEST = 3  # letters of a skeleton that are a surname and no accident
_INITIALS = {"и": "ij", "й": "jyi", "ж": "zj", "х": "xhk", "ц": "tc", "ч": "c", "ш": "s", "щ": "s", "ю": "yjiu",
             "я": "yjia", "э": "e", "е": "ey", "в": "vw", "к": "kc"}  # fmt: skip
_PLAIN = dict(zip("абгдзлмнопрстуфы", "abgdzlmnoprstufy", strict=True))
LATIN_NAME = "имя латинскими буквами"


@dataclass(frozen=True, repr=False)
class LatinNames:
    """Skeleton of a surname → (skeleton of a first name, initials) of those who bear it."""

    surnames: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """(position, kind) of surnames that stand beside their owner's first name or both initials."""
        if not self.surnames:
            return
        met = {word for word in set(_WORD.findall(text)) if len(word) > 2 and skeleton(word) in self.surnames}
        if not met:
            return
        for found in re.finditer("|".join(rf"{re.escape(word)}" for word in sorted(met, key=len, reverse=True)), text):
            start, end = found.span()
            if _WORD.match(text, start) is None or text[start - 1 : start].islower():
                continue
            after = _WORD.search(text, end, end + 24)
            before = list(_WORD.finditer(text, max(0, start - 24), start))[-1:]
            beside = [w for w in (after, *before) if w and min(abs(w.start() - end), abs(start - w.end())) <= _APART]
            names = {skeleton(word.group()) for word in beside}
            written = [
                *re.findall(r"^[\s._,-]{0,3}([A-Z])[\s._-]{0,2}([A-Z])(?![A-Za-z])", text[end : end + 10]),
                *re.findall(r"(?<![A-Za-z])([A-Z])[\s._-]{0,2}([A-Z])[\s._-]{0,3}$", text[max(0, start - 10) : start]),
            ]
            for given, initials in self.surnames[skeleton(found.group())]:
                if given in names or any(_same(initials, pair) for pair in written):
                    yield start, LATIN_NAME
                    break


def of(surname: str, given: str, initials: str) -> tuple[str, tuple[str, str]] | None:
    """An entry of ``LatinNames.surnames``; None for a name too short to be told from any word."""
    whole = skeleton(surname)
    return (whole, (skeleton(given), initials)) if len(whole) >= _SHORTEST and len(given) > 1 else None


def _same(initials: str, pair: tuple[str, str]) -> bool:
    letters = [_INITIALS.get(letter) or _PLAIN.get(letter, "") for letter in initials]
    return len(letters) == 2 and all(one.lower() in own for one, own in zip(pair, letters, strict=True))
