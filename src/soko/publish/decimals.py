"""Alignment of numbers at the decimal comma, the same for HTML, PDF and DOCX.

A decimal cell is padded on both sides to the widest integer part and the widest tail of its column, then centred:
commas stand under each other and the block of numbers stands in the middle of the column. Word's decimal tabs would
do the same in Word alone. Widths are those of Times, in em; its digits are all 0.5 em wide, bold ones too.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"([<>≈≤≥]?\s?[+−–-]?\d{1,3}(?:[\s  ]?\d{3})*|[+−–-]?\d+)(,\d+)?([\s  ]?[%*▲▼↑↓]{0,3})")
_WIDTHS = {",": 0.25, ".": 0.25, "%": 0.833, "+": 0.564, "−": 0.564, "<": 0.564, ">": 0.564, "≈": 0.549, "-": 0.333}
_WIDTHS |= {"▲": 0.99, "▼": 0.99, "≤": 0.549, "≥": 0.549}


def pads(cells: list[str]) -> list[tuple[float, float]]:
    """Return the left and right padding in em of each cell; what is no number gets none and is centred as it is."""
    matches = [_NUMBER.fullmatch(cell.strip()) for cell in cells]
    parts = [(_width(m[1]), _width((m[2] or "") + m[3])) if m else None for m in matches]
    left = max((part[0] for part in parts if part), default=0.0)
    right = max((part[1] for part in parts if part), default=0.0)
    return [(round(left - p[0], 3), round(right - p[1], 3)) if p else (0.0, 0.0) for p in parts]


def unbroken(cell: str) -> str:
    """Return a number with its spaces made non-breaking; any other text as it is."""
    return re.sub(r"\s", "\xa0", cell.strip()) if _NUMBER.fullmatch(cell.strip()) else cell


def _width(text: str) -> float:
    return sum(0.25 if char.isspace() else _WIDTHS.get(char, 0.5) for char in text)
