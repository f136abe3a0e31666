"""axe-core, the accessibility engine, in a page of headless Chromium: what it finds against WCAG and good practice."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from browser import Browser

#: The rows of a table are alike, and the strokes of a picture are no text: axe takes minutes over thousands of them.
_SHORTER = """document.querySelectorAll('tbody').forEach(b => [...b.rows].slice(6).forEach(r => r.remove()));
document.querySelectorAll('svg').forEach(s => [...s.children].filter(e => e.tagName == 'g' || e.tagName == 'defs')
    .forEach(e => e.remove())); 0"""


@cache
def script() -> Path | None:
    """axe.min.js as axe-playwright-python brings it; of that package nothing is run."""
    found = importlib.util.find_spec("axe_playwright_python")
    places = found.submodule_search_locations if found else None
    return next((path for place in places or [] if (path := Path(place) / "axe.min.js").is_file()), None)


def violations(browser: Browser) -> list[str]:
    """A line for each rule that the open page breaks: its id, what it asks, the first elements that break it."""
    path = script()
    assert path is not None
    browser.wait(300)
    browser.evaluate(_SHORTER)
    browser.evaluate(f"{path.read_text(encoding='utf-8')}; 0")
    done = browser.call(
        "Runtime.evaluate",
        expression="axe.run(document, {resultTypes: ['violations']})",
        awaitPromise=True,
        returnByValue=True,
    )
    assert "exceptionDetails" not in done, done
    result: dict[str, Any] = done["result"]["value"]
    assert result["passes"], "axe has checked nothing"
    return [
        f"{rule['id']}: {rule['help']} – " + "; ".join(str(node["target"]) for node in rule["nodes"][:3])
        for rule in result["violations"]
    ]
