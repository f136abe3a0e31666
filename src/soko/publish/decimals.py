"""Alignment of numbers at the decimal comma, the same for HTML, PDF and DOCX.

A decimal cell is padded on both sides to the widest integer part and the widest tail of its column, then centred:
commas stand under each other and the block of numbers stands in the middle of the column. Word's decimal tabs would
do the same in Word alone. Widths are those of Times, in em; its digits are all 0.5 em wide, bold ones too.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = re.compile(r"([<>≈≤≥]?\s?[+−–-]?\d{1,3}(?:[\s  ]?\d{3})*|[+−–-]?\d+)(,\d+)?([\s  ]?(?:[%*▲▼↑↓]{0,3}|п\.п\.))")
_WIDTHS = {",": 0.25, ".": 0.25, "%": 0.833, "+": 0.564, "−": 0.564, "<": 0.564, ">": 0.564, "≈": 0.549, "-": 0.333}
_WIDTHS |= {"▲": 0.99, "▼": 0.99, "п": 0.535, "≤": 0.549, "≥": 0.549}


def pads(cells: list[str]) -> list[tuple[float, float]]:
    """Return the left and right padding in em of each cell; what is no number gets none and is centred as it is."""
    parts = [_parts(cell) for cell in cells]
    left = max((part[0] for part in parts if part), default=0.0)
    right = max((part[1] for part in parts if part), default=0.0)
    return [(round(left - p[0], 3), round(right - p[1], 3)) if p else (0.0, 0.0) for p in parts]


def unbroken(cell: str) -> str:
    """Return a number with its spaces made non-breaking; any other text as it is."""
    return re.sub(r"\s", "\xa0", cell.strip()) if _parts(cell) else cell


@lru_cache(maxsize=4096)  # a note has the same figures in its tables again and again, and each format asks
def _parts(cell: str) -> tuple[float, float] | None:
    """Width in em of the integer part and of the tail; None for what is no number."""
    found = _NUMBER.fullmatch(cell.strip())
    return (_width(found[1]), _width((found[2] or "") + found[3])) if found else None


def _width(text: str) -> float:
    return sum(0.25 if char.isspace() else _WIDTHS.get(char, 0.5) for char in text)
