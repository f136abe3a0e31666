"""What a piece of a file says and where: the common currency of all readers of ``soko.disclosure.opened``."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

#: Stands where markup was: it is no letter, so a torn word is still seen as torn, and no space, so lines stay lines.
CUT = "\x01"


@dataclass(frozen=True)
class Piece:
    """A text with its place. ``inside``: archive members on the way; ``unit``: what its lines are called («строка»).

    ``places``: (offset in ``text``, label) in ascending order, for texts put together of named parts.
    """

    text: str
    inside: str = ""
    unit: str = ""
    places: tuple[tuple[int, str], ...] = field(default=())

    def where(self, at: int) -> str:
        """The place of a position, in Russian."""
        parts = [self.inside] if self.inside else []
        if self.places:
            number = bisect_right(self.places, at, key=lambda place: place[0]) - 1
            parts.append(self.places[max(number, 0)][1])
        elif self.unit:
            parts.append(f"{self.unit} {bisect_left(self._ends, at) + 1}")
        return ", ".join(parts)

    @cached_property
    def _ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.text)]


@dataclass(frozen=True)
class Closed:
    """Something that cannot be looked into, and why (Russian)."""

    inside: str
    why: str


def together(parts: list[tuple[str, str]], inside: str = "") -> Piece:
    """One text of (label, text) parts, a line each, so that what stands in neighbouring parts is found together."""
    places, texts, at = [], [], 0
    for label, text in parts:
        places.append((at, label))
        texts.append(text)
        at += len(text) + 1
    return Piece("\n".join(texts), inside, places=tuple(places))


_TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_CUTS = re.compile(rf"{CUT}(?:[ \t]*{CUT})+")
_DATA = re.compile(r"data:([\w/+.-]*)(?:;[\w=-]+)*;base64,([A-Za-z0-9+/=\s]{16,})")


def without_tags(markup: str) -> str:
    """``markup`` with tags replaced by ``CUT``, one for all that follow each other, line by line where they stood."""
    return _CUTS.sub(CUT, _TAG.sub(lambda tag: CUT + "\n" * tag.group().count("\n"), markup))


def without_data(text: str, found: Callable[[str, int], None]) -> str:
    """``text`` without base64 contents of data addresses; each is given to ``found`` with its position."""
    if ";base64," not in text:
        return text

    def cut(match: re.Match[str]) -> str:
        found(match.group(2), match.start())
        return CUT + "\n" * match.group().count("\n")

    return _DATA.sub(cut, text)
