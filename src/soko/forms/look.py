"""How a form looks: fonts, fills, widths. Readable in black and white, and on paper."""

from __future__ import annotations

import math
from collections.abc import Iterable

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

FONT = "Calibri"
_SIDE = Side(style="thin", color="8C96A3")

BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
TITLE = Font(name=FONT, size=14, bold=True, color="1F3552")
SECTION = Font(name=FONT, size=12, bold=True, color="1F3552")
BOLD = Font(name=FONT, size=11, bold=True)
PLAIN = Font(name=FONT, size=11)
SMALL = Font(name=FONT, size=9, color="44546A")
EXAMPLE = Font(name=FONT, size=11, italic=True, color="5A6572")
HEADER_FILL = PatternFill("solid", fgColor="DCE6F1")
REQUIRED_FILL = PatternFill("solid", fgColor="FCE4C8")
EXAMPLE_FILL = PatternFill("solid", fgColor="F0F0F0")
MISSING_FILL = PatternFill("solid", bgColor="FBD5D5")
HEAD = Alignment(horizontal="center", vertical="center", wrap_text=True)
LOW = Alignment(horizontal="center", vertical="bottom", wrap_text=True)
TEXT = Alignment(vertical="top", wrap_text=True)
CELL = Alignment(vertical="top")

#: Characters of one line of print on a landscape page A4, at the size that is still easily read.
PAGE = 165
_LINE = 15.0


def lines(text: str, width: float) -> int:
    """How many lines the text takes in a column of the width, broken between words."""
    count = 0
    for part in text.split("\n"):
        used, count = 0.0, count + 1
        for word in part.split(" "):
            size = float(len(word))
            if used and used + 1 + size > width:
                count, used = count + 1, 0.0
            count += max(math.ceil(size / width) - 1, 0)
            used += size + (1 if used else 0)
    return count


def height(texts: Iterable[tuple[float, str]], line: float = _LINE) -> float:
    """Height of a row whose cells hold these texts, each with the width of its column."""
    return max((lines(text, width) for width, text in texts), default=1) * line + 3


def width(title: str, mark: str, example: str, longest: str) -> float:
    """A column as wide as its longest word, its example and a usual value ask; the title takes up to four lines."""
    word = max(len(word) for word in title.split())
    least = max(word * 1.15 + 2, len(title) / 3, max((len(part) for part in mark.split(" · ")), default=0) * 0.95)
    return round(min(max(least, min(len(example) + 2, 34), min(len(longest) + 3, 30), 9), 40), 1)
