"""What can be printed: characters that XML forbids, and characters that the embedded font does not have.

Nothing is dropped in silence: a character that cannot be shown is written as its code, «[U+1F600]».
PDF/UA-1 makes a missing glyph an error of the whole document; one emoji in a comment must not stop a note.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Liberation Serif"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Checked without opening a font: ASCII, Latin-1, Cyrillic and the punctuation of Russian typesetting.
_COMMON = re.compile("[\n\t -~\xa0-\xffЀ-џ–—‘’“”„…№−≤≥▲▼↑↓→]*")
# The font has a near twin.
_TWINS = str.maketrans({"☐": "□", "\u2011": "-", "✓": "√", "✔": "√", "◆": "♦", "\ufeff": "", "\r": "\n"})


def legal(text: str) -> str:
    """Return ``text`` with line ends made ``\\n`` and every character that XML forbids written as its code."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub(_code, text)


def printable(text: str) -> str:
    """Return legal ``text`` in which every character has a glyph in all four faces of the embedded font."""
    if _COMMON.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", legal(text)).translate(_TWINS)
    known = coverage()
    return "".join(char if ord(char) in known or char in "\n\t" else _code(char) for char in text)


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """Code points that all faces of the embedded font have."""
    from fontTools.ttLib import TTFont  # seldom needed, and slow to import

    maps = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            maps.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*maps))


def _code(char: str | re.Match[str]) -> str:
    value = char if isinstance(char, str) else char.group()
    return f"[U+{ord(value):04X}]"
