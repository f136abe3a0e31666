"""Pages of the published PDFs: none but the last is half empty, the last has more than a line or two."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PERIOD
from printed_pages import upright

from soko.publish import document

LEAST = 0.55
FEWEST_LINES = 4


def wrong(pdf: Path) -> list[str]:
    """What is wrong with the pages of one document."""
    pages = upright(pdf)
    told = [f"{pdf.stem}, page {page.number}: {page.filled:.2f}" for page in pages[:-1] if page.filled < LEAST]
    if len(pages) > 1 and pages[-1].lines < FEWEST_LINES:
        told.append(f"{pdf.stem}: the last page has {pages[-1].lines} lines")
    headings = {squeezed(text) for _, text, _ in document.read(pdf.with_suffix(".ipynb")).headings}
    told += [
        f"{pdf.stem}, page {page.number}: ends with a heading" for page in pages if squeezed(page.last) in headings
    ]
    return told


def squeezed(text: str) -> str:
    return "".join(text.split())


def documents(workspace: Path) -> list[Path]:
    """All PDFs of the current period that a notebook was made into."""
    found = sorted((workspace / "outputs" / PERIOD).rglob("*.pdf"))
    return [path for path in found if path.with_suffix(".ipynb").is_file()]


@pytest.mark.slow
def test_no_page_is_half_empty(reported: Path) -> None:
    """The note on academic results and the protocol."""
    found = documents(reported)
    assert {"academic_results", "protocol"} <= {path.stem for path in found}
    assert [line for path in found for line in wrong(path)] == []


@pytest.mark.deep
def test_no_page_of_any_document_is_half_empty(every: Path) -> None:
    found = documents(every)
    assert len({path.stem.split("_")[0] for path in found}) > 6
    assert [line for path in found for line in wrong(path)] == []
