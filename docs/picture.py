"""Make docs/images/note.png, the picture of README.md: the first two pages of the demo school's note, side by side.

Run after `make report` (`make picture`); needs nothing but what the report itself needs.
"""

from __future__ import annotations

import io
from pathlib import Path

import nbformat
from PIL import Image

from soko.publish import document, pdf

ROOT = Path(__file__).resolve().parents[1]
NOTE = ROOT / "outputs" / "2025-2026" / "q4" / "notes" / "academic_results.ipynb"
TARGET = ROOT / "docs" / "images" / "note.png"
PAGES = (0, 4)


def main() -> None:
    """Draw the pages that show most: page one for the head teacher, and one with a table and a chart."""
    pages = pdf.pictures(document.read(nbformat.read(NOTE, as_version=4)), ppi=80)
    images = [Image.open(io.BytesIO(pages[number])).convert("RGB") for number in PAGES]
    edge = 12
    width = sum(image.width for image in images) + edge * (len(images) + 1)
    sheet = Image.new("RGB", (width, images[0].height + 2 * edge), (200, 200, 200))
    left = edge
    for image in images:
        sheet.paste(image, (left, edge))
        left += image.width + edge
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(48).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
