"""A document as one offline HTML page: what the page template gets, and the page itself without nbconvert."""

from __future__ import annotations

from typing import Any

import jinja2
from markupsafe import Markup

from soko.publish import document, html, styles, words

_TEMPLATE = "soko/index.html.j2"


def page(read: document.Document) -> dict[str, Any]:
    """Return what the HTML template needs; text is plain, ``body`` and ``css`` are markup."""
    return {
        "title": read.title.replace("\n", " "),
        "author": read.meta.author,
        "date": read.meta.date,
        "audience": read.meta.audience,
        "skip_link": words.SKIP_LINK,
        "css": Markup(styles.css() + styles.page_css()),
        "body": Markup(html.body(read)),
    }


def render(blocks: list[Any]) -> str:
    """Return the page of a document that no notebook makes: blocks in order, as ``soko.publish.blocks`` has them."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(styles.TEMPLATES), autoescape=False)
    return environment.get_template(_TEMPLATE).render(page=page(document.build(blocks)))
