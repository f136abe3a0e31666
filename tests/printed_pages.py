"""What stands where on the pages of a published PDF, for tests of how they are filled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader

MARGIN = 56.7  # points: 2 cm above and below the text
_FOOTER = 50.0  # points from the bottom, under which the page number stands
_LINE = 14.0


@dataclass(frozen=True)
class Page:
    """An upright page: what part of its text height is taken, how many lines it has, its last line."""

    number: int
    filled: float
    lines: int
    last: str


def upright(path: Path) -> list[Page]:
    """The upright pages of a PDF; a turned one holds a table and nothing else."""
    found = []
    for number, page in enumerate(PdfReader(path).pages, start=1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        if width > height:
            continue
        heights: dict[float, str] = {}

        def visit(text: str, cm: list[float], tm: list[float], *_: object, seen: dict[float, str] = heights) -> None:
            at = round(tm[4] * cm[1] + tm[5] * cm[3] + cm[5], 1)
            if text.strip() and at > _FOOTER:
                seen[at] = seen.get(at, "") + text

        page.extract_text(visitor_text=visit)
        body = {at: text for at, text in heights.items() if at < height - MARGIN}
        low = min(body, default=height - MARGIN)
        filled = (height - MARGIN - low) / (height - 2 * MARGIN)
        found.append(Page(number, filled, len(body), body.get(low, "")))
    return found
