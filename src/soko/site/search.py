"""The index of the search: titles, headings and words of all documents, embedded in the first page as JSON.

It is plain text, so that whoever searches public files for what must not be there finds it here too. Of tables the
words are kept and not the numbers; prose is kept whole, for the lines around a word that was found.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from soko.site import forms
from soko.site.gather import Page

_HEADS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_PROSE = {"p", "li", "caption", "figcaption", "blockquote", "pre"}
_SKIPPED = {"nav", "svg", "style", "script"}
_APART = ("br", "p", "li", "div")
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")  # what is not to be torn («61,4 %») is not torn in a result either


@dataclass
class Section:
    """A piece of a document under one heading; ``anchor`` is the heading's id, empty before the first."""

    anchor: str
    heading: str
    prose: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """A document as the index has it: its page, where it lies from the first page, what period it is of."""

    page: Page
    href: str
    period: str


def sections(body: str) -> list[Section]:
    """Sections of a document's markup, empty ones left out."""
    tree = html.fragment_fromstring(body, create_parent="div")
    for node in tree.iter(*_APART):  # what stands apart on the page stands apart here
        node.tail = f" {node.tail or ''}"
    found = [Section("", "")]
    _walk(tree, found)
    return [item for item in found if item.heading or item.prose or item.cells]


def index(sources: list[Source]) -> str:
    """The index as JSON that can stand inside a script element."""
    documents, listed, known = [], [], set[str]()
    for at, source in enumerate(sources):
        documents.append([source.page.title, source.period, source.href])
        known.update(forms.words(f"{source.page.title} {source.period}"))
        for item in sections(source.page.body):
            prose = _one_line(" ".join(item.prose))
            in_prose = set(forms.words(f"{prose} {item.heading}"))
            cells = _with_letters(" ".join(item.cells)) - in_prose
            known.update(in_prose, cells)
            listed.append([at, item.anchor, item.heading, prose, forms.listed(cells)])
    data: dict[str, Any] = {"documents": documents, "sections": listed, **forms.table(known)}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")


def _walk(node: Any, found: list[Section]) -> None:
    for child in node:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED:
            continue
        if child.tag in _HEADS and child.get("id"):
            found.append(Section(child.get("id"), _one_line(child.text_content())))
        elif child.tag in _HEADS:
            continue  # the title of the document
        elif child.tag in ("td", "th"):
            found[-1].cells.append(" ".join(child.itertext()))
        elif child.tag in _PROSE:
            found[-1].prose.append(_one_line(child.text_content()))
        else:
            _walk(child, found)


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _with_letters(text: str) -> set[str]:
    return {word for word in forms.words(text) if not word.isdigit()}
