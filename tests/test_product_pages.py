"""Pages of the published PDFs: none but the last is half empty, the last has more than a line or two."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PERIOD
from printed_pages import upright

from soko.publish import document

LEAST = 0.55
FEWEST_LINES = 4
# Long tables, many charts, a class without marks, a class with all of them, a department, the protocol.
SAMPLE = [
    "notes/academic_results",
    "notes/contests",
    "notes/external_assessment",
    "notes/health",
    "notes/upbringing",
    "notes/class_teacher_1А",
    "notes/class_teacher_8А",
    "notes/class_teacher_11А",
    "notes/subject_department_Математика_и_информатика",
    "notes/subject_department_Физическая_культура",
    "validation/protocol",
]


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


@pytest.mark.slow
def test_no_page_is_half_empty(reported: Path) -> None:
    told = [line for name in SAMPLE for line in wrong(reported / "outputs" / PERIOD / f"{name}.pdf")]
    assert told == []


@pytest.mark.deep
def test_no_page_of_any_document_is_half_empty(reported: Path) -> None:
    every = sorted((reported / "outputs" / PERIOD).rglob("*.pdf"))
    assert len(every) > 30
    told = [line for path in every if path.with_suffix(".ipynb").is_file() for line in wrong(path)]
    assert told == []
