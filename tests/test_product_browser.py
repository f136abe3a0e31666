"""The published pages in a real browser: nothing asked from anywhere, nothing wider than a phone, order of headings."""

from __future__ import annotations

import base64
import io
import itertools
from pathlib import Path

import axe
import pytest
from browser import CHROMIUM, Browser
from conftest import PERIOD
from pypdf import PdfReader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs it"),
]

#: Pictures without words for those who cannot see them.
SILENT = """[...document.querySelectorAll('svg')].filter(s =>
    !s.getAttribute('aria-label') && !s.querySelector('title') && s.getAttribute('aria-hidden') != 'true'
    && !s.closest('[aria-label],[aria-labelledby]')).length"""
#: Links within the page that lead nowhere.
BROKEN = """[...document.querySelectorAll('a[href^="#"]')].filter(a =>
    !document.getElementById(decodeURIComponent(a.hash.slice(1)))).length"""


@pytest.fixture(scope="module")
def pages(reported: Path) -> list[Path]:
    found = sorted((reported / "outputs" / PERIOD).rglob("*.html"))
    assert {"index.html", "academic_results.html", "protocol.html"} <= {path.name for path in found}
    return found


def test_a_page_asks_for_nothing_but_itself(browser: Browser, pages: list[Path]) -> None:
    for page in pages:
        browser.open(page)
        asked = [url for url in browser.requests() if not url.startswith("data:")]
        assert asked == [page.as_uri()], page.name
        assert browser.complaints() == [], page.name


def own(pages: list[Path]) -> list[Path]:
    """Without the technical pages of Great Expectations, whose markup is theirs."""
    return [page for page in pages if page.parent.name != "data_docs"]


@pytest.mark.parametrize("width", [360, 768, 1200])
def test_no_page_is_wider_than_the_window(browser: Browser, pages: list[Path], width: int) -> None:
    for page in own(pages):
        browser.open(page, width)
        assert browser.evaluate("document.documentElement.scrollWidth") <= width, page.name


def test_page_one_is_one_printed_page(browser: Browser, pages: list[Path]) -> None:
    """A director prints the page from the browser as often as the PDF."""
    browser.open(next(page for page in pages if page.name == "academic_results.html"))
    data = browser.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)["data"]
    printed = [page.extract_text() for page in PdfReader(io.BytesIO(base64.b64decode(data))).pages]
    assert "Решить:" in printed[0]
    assert printed[1].lstrip().startswith("Введение")


def test_headings_descend_without_gaps_and_pictures_speak(browser: Browser, pages: list[Path]) -> None:
    for page in own(pages):
        browser.open(page)
        levels = browser.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
        assert levels[0] == 1, page.name
        assert levels.count(1) == 1, page.name
        assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels)), page.name
        assert browser.evaluate(SILENT) == 0, page.name
        assert browser.evaluate("document.documentElement.lang") == "ru"


def test_every_table_has_a_caption_and_header_cells(browser: Browser, pages: list[Path]) -> None:
    note = next(page for page in pages if page.name == "academic_results.html")
    browser.open(note)
    assert browser.evaluate("document.querySelectorAll('table').length") > 5
    assert browser.evaluate("[...document.querySelectorAll('table')].filter(t => !t.caption).length") == 0
    assert browser.evaluate("[...document.querySelectorAll('thead th')].filter(t => !t.scope).length") == 0


def test_the_table_of_contents_leads_to_the_headings(browser: Browser, pages: list[Path]) -> None:
    note = next(page for page in pages if page.name == "academic_results.html")
    browser.open(note)
    assert browser.evaluate("document.querySelectorAll('nav a').length") > 5
    assert browser.evaluate(BROKEN) == 0


NO_AXE = pytest.mark.skipif(axe.script() is None, reason="no axe-playwright-python here; make test installs it")


@NO_AXE
@pytest.mark.parametrize("name", ["index.html", "academic_results.html", "protocol.html"])
def test_axe_finds_no_violation(browser: Browser, pages: list[Path], name: str) -> None:
    browser.open(next(page for page in own(pages) if page.name == name))
    assert axe.violations(browser) == []


@NO_AXE
@pytest.mark.deep
def test_axe_finds_no_violation_in_any_note(browser: Browser, every: Path) -> None:
    notes = sorted((every / "outputs" / PERIOD / "notes").glob("*.html"))
    # The notes of the classes differ in their figures alone: one of a kind stands for all.
    kinds = {page.stem.partition("_teacher_")[0].partition("_department_")[0]: page for page in notes}
    assert len(kinds) > 5
    for page in kinds.values():
        browser.open(page)
        assert axe.violations(browser) == [], page.name


@NO_AXE
def test_axe_sees_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text('<html><body><img src="x"><p style="color:#aaa">серое</p></body></html>', encoding="utf-8")
    browser.open(page)
    found = {line.split(":")[0] for line in axe.violations(browser)}
    assert {"image-alt", "color-contrast", "html-has-lang", "document-title"} <= found
