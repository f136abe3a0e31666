"""The public site in a real browser: search, keyboard, version for the visually impaired, print, phone, no script."""

from __future__ import annotations

import base64
import io
import time
from pathlib import Path
from typing import Any

import axe
import pytest
from browser import CHROMIUM, Browser
from pypdf import PdfReader
from site_school import Q3, Q4, YEAR, desk, documents

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs it"),
]
NO_AXE = pytest.mark.skipif(axe.script() is None, reason="no axe-playwright-python here; make test installs it")
COLOURS = ["", "white", "black", "blue"]
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowDown": 40, "Space": 32}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = documents(tmp_path_factory.mktemp("documents"), ("html",))
    folder = tmp_path_factory.mktemp("share") / "сайт школы"  # as on a file share
    school = desk(tmp_path_factory.mktemp("school"), made)
    for period in (Q3, Q4, YEAR):
        school.publish(period, folder)
    return folder


@pytest.fixture
def front(browser: Browser, site: Path) -> Path:
    """The first page, as somebody sees it who has chosen nothing yet."""
    page = site / "index.html"
    browser.open(page)
    browser.evaluate("localStorage.clear()")
    browser.open(page)
    return page


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) == 5
    return found


def press(browser: Browser, key: str) -> None:
    code = {"key": " " if key == "Space" else key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
    text = {"Enter": {"text": "\r"}, "Space": {"text": " "}}.get(key, {})
    browser.call("Input.dispatchKeyEvent", type="keyDown", **code, **text)
    browser.call("Input.dispatchKeyEvent", type="keyUp", **code)


def focused(browser: Browser) -> str:
    return str(browser.evaluate("document.activeElement.id || document.activeElement.className || "
                                "document.activeElement.value || document.activeElement.tagName"))  # fmt: skip


def until(browser: Browser, expression: str) -> None:
    """Wait for what a page does in its own time."""
    deadline = time.monotonic() + 10
    while not browser.evaluate(expression):
        assert time.monotonic() < deadline, expression
        time.sleep(0.02)


def choose(browser: Browser, name: str, value: str) -> None:
    browser.evaluate(f"document.querySelector('[name={name}][value=\"{value}\"]').click()")


def search(browser: Browser, query: str) -> tuple[str, list[str]]:
    """Type a query with the keyboard's text; what is announced and the links found."""
    browser.evaluate("document.getElementById('query').value = ''; document.getElementById('query').focus()")
    browser.call("Input.insertText", text=query)
    press(browser, "Enter")
    told = browser.evaluate("document.getElementById('told').textContent")
    return told, browser.evaluate("[...document.querySelectorAll('#results a')].map(a => a.getAttribute('href'))")


def test_nothing_is_asked_from_anywhere_and_nothing_refused(browser: Browser, site: Path) -> None:
    for page in pages(site):
        browser.open(page)
        assert [url for url in browser.requests() if not url.startswith("data:")] == [page.as_uri()]
        assert browser.complaints() == [], page.name


def test_the_policy_refuses_a_script_that_is_not_ours(browser: Browser, front: Path) -> None:
    browser.evaluate(
        "const code = document.createElement('script'); code.textContent = 'window.strange = 1';"
        "const picture = new Image(); picture.src = 'http://example.org/x.png'; document.body.append(code, picture); 0"
    )
    until(browser, "window.strange === undefined")
    refused = [line for line in browser.complaints() if "Content Security Policy" in line]
    assert len(refused) == 2


def test_search_finds_other_forms_of_the_word(browser: Browser, front: Path) -> None:
    for query in ("учебниками", "справка", "библиотеке учебник", "пожарная безопасность", "Спра"):
        told, links = search(browser, query)
        assert told == "Найден 1 раздел.", query
        assert links[0].startswith(f"{Q4}/conditions.html#s"), query
    told, links = search(browser, "успеваемостью по алгебре")
    assert told == "Найдено 2 раздела."
    assert [link.split("#")[0] for link in links] == [f"{Q4}/academic_results.html", f"{Q3}/academic_results.html"]
    assert browser.evaluate("[...document.querySelectorAll('#results mark')].map(m => m.textContent)")[:2] == [
        "Успеваемость",
        "алгебре",
    ]


def test_what_the_title_says_is_told_once(browser: Browser, front: Path) -> None:
    assert search(browser, "отчёт о самообследовании")[1] == [f"{YEAR}/self_assessment.html"]


def test_search_says_that_nothing_is_found_and_takes_any_text(browser: Browser, front: Path) -> None:
    assert search(browser, "жираф") == ("Ничего не найдено. Попробуйте другое слово или его начало.", [])
    assert search(browser, "<img src=x onerror=alert(1)>")[1] == []
    assert search(browser, "и по") == ("", [])
    assert browser.evaluate("document.querySelectorAll('#search img').length") == 0


def test_a_result_leads_to_the_section(browser: Browser, front: Path) -> None:
    search(browser, "учебники")
    browser.evaluate("document.querySelector('#results a').click()")
    heading = "(document.querySelector(location.hash || 'none') || {textContent: ''}).textContent"
    until(browser, f"{heading} === 'Библиотека'")
    assert browser.evaluate("document.querySelector('.crumbs a').textContent") == "Все документы"
    browser.evaluate("document.querySelectorAll('.crumbs a')[1].click()")
    until(browser, f"{heading}.replace('\u2011', '-') === '4-я четверть'")


def test_a_keyboard_is_enough(browser: Browser, front: Path) -> None:
    press(browser, "Tab")
    assert focused(browser) == "skip"
    assert browser.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    order = []
    for _ in range(6):
        press(browser, "Tab")
        order.append(focused(browser))
    assert order == ["home", "sight", "query", "BUTTON", "A", "A"]
    browser.evaluate("document.getElementById('sight').focus()")
    press(browser, "Enter")
    assert browser.evaluate("document.getElementById('sight').getAttribute('aria-expanded')") == "true"
    press(browser, "Tab")
    press(browser, "ArrowDown")
    assert browser.evaluate("document.documentElement.dataset.size") == "150"
    press(browser, "Tab")
    press(browser, "ArrowDown")
    assert browser.evaluate("document.documentElement.dataset.colours") == "white"
    press(browser, "Escape")
    assert focused(browser) == "sight"
    assert browser.evaluate("document.getElementById('sight-panel').hidden")


def test_the_skip_link_leads_past_the_head(browser: Browser, front: Path) -> None:
    press(browser, "Tab")
    press(browser, "Enter")
    assert browser.evaluate("location.hash") == "#text"
    press(browser, "Tab")
    assert focused(browser) == "query"


def test_the_choice_is_remembered_on_every_page_until_it_is_taken_back(
    browser: Browser, front: Path, site: Path
) -> None:
    choose(browser, "colours", "black")
    choose(browser, "spacing", "wide")
    for page in pages(site):
        browser.open(page)
        assert browser.evaluate("document.documentElement.dataset.colours") == "black"
        assert browser.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(255, 255, 255)"
    browser.evaluate("document.getElementById('usual').click()")
    browser.open(front)
    assert browser.evaluate("Object.keys(document.documentElement.dataset).length") == 0


def test_letters_grow_on_documents_too(browser: Browser, front: Path, site: Path) -> None:
    page = site / Q4 / "academic_results.html"
    browser.open(page)
    size = "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    usual = browser.evaluate(size)
    choose(browser, "size", "200")
    assert browser.evaluate(size) == pytest.approx(2 * usual, rel=0.02)


def test_pictures_give_way_to_their_words(browser: Browser, front: Path, site: Path) -> None:
    browser.open(site / Q4 / "academic_results.html")
    assert browser.evaluate("document.querySelectorAll('.drawing svg').length") == 1
    choose(browser, "pictures", "off")
    assert browser.evaluate("getComputedStyle(document.querySelector('.drawing svg')).display") == "none"
    assert browser.evaluate("document.querySelector('.in-words').textContent").startswith("Рисунок: Столбики")
    choose(browser, "pictures", "")
    assert browser.evaluate("getComputedStyle(document.querySelector('.in-words')).display") == "none"


def test_a_browser_that_remembers_nothing_is_served_too(browser: Browser, front: Path) -> None:
    code = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }})"
    number = browser.call("Page.addScriptToEvaluateOnNewDocument", source=code)["identifier"]
    browser.open(front)
    choose(browser, "colours", "blue")
    assert browser.evaluate("document.documentElement.dataset.colours") == "blue"
    assert search(browser, "учебники")[1]
    assert not [event for event in browser.events if event["method"] == "Runtime.exceptionThrown"]
    browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=number)


def test_without_script_everything_is_there_to_read(browser: Browser, front: Path, site: Path) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(front)
        tree: dict[str, Any] = browser.call("Accessibility.getFullAXTree")
        roles = [(node["role"]["value"], node.get("name", {}).get("value")) for node in tree["nodes"]
                 if not node.get("ignored") and "role" in node]  # fmt: skip
        assert ("link", "Итоги успеваемости за 4‑ю четверть") in roles
        assert any(role == "DisclosureTriangle" for role, _ in roles)
        assert not [name for role, name in roles if role in ("searchbox", "button")]
        browser.open(site / Q4 / "conditions.html")
        tree = browser.call("Accessibility.getFullAXTree")
        headings = [node["name"]["value"] for node in tree["nodes"] if node.get("role", {}).get("value") == "heading"]
        assert "Библиотека" in headings
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("size", ["", pytest.param("200", marks=pytest.mark.deep)])
def test_no_page_is_wider_than_a_phone(browser: Browser, front: Path, site: Path, size: str) -> None:
    choose(browser, "size", size)
    choose(browser, "spacing", "wider" if size else "")
    for page in pages(site):
        browser.open(page, 320)
        browser.evaluate("document.getElementById('sight').click()")
        assert browser.evaluate("document.documentElement.scrollWidth") <= 320, page.name


def test_print_has_every_year_and_no_tools(browser: Browser, front: Path) -> None:
    assert browser.evaluate("[...document.querySelectorAll('details')].map(d => d.open)") == [True, False]
    data = base64.b64decode(browser.call("Page.printToPDF", printBackground=False)["data"])
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "самообследования" in text
    assert "Поиск по документам" not in text
    assert "Версия для слабовидящих" not in text
    assert browser.evaluate("[...document.querySelectorAll('details')].map(d => d.open)") == [True, False]


def unblemished(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.evaluate("document.getElementById('sight').click()")
    browser.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    if page.name == "index.html":
        search(browser, "алгебра")
    assert axe.violations(browser) == [], page.name


@NO_AXE
@pytest.mark.parametrize("name", ["index.html", f"{Q4}/academic_results.html"])
def test_axe_finds_no_violation(browser: Browser, front: Path, site: Path, name: str) -> None:
    unblemished(browser, site / name)


@NO_AXE
@pytest.mark.deep
@pytest.mark.parametrize("colours", [*COLOURS[1:], "dark"])
def test_axe_finds_no_violation_in_any_colours(browser: Browser, front: Path, site: Path, colours: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": "dark" if colours == "dark" else "light"}]
    browser.call("Emulation.setEmulatedMedia", media="", features=features)
    try:
        if colours != "dark":
            choose(browser, "colours", colours)
        for name in ("index.html", f"{Q4}/academic_results.html", f"{YEAR}/self_assessment.html"):
            unblemished(browser, site / name)
            dark = browser.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert (dark in ("rgb(0, 0, 0)", "rgb(16, 21, 28)")) == (colours in ("dark", "black"))
    finally:
        browser.call("Emulation.setEmulatedMedia", media="", features=[])
