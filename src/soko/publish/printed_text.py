"""Words for the Typst template: in glyphs that the font has, with places where what is too long may be broken."""

from __future__ import annotations

import re

from soko.publish import markdown, untorn
from soko.publish.glyphs import printable

_MANY_FIGURES, _TWO_LINES = 4, 150  # in a paragraph; letters
_LONGEST_RUN = 30  # characters without a place to break
_IN_CODE = re.compile(r"(?<=[a-z0-9][._])(?=[a-z0-9])")  # «conditions.programmes_compliant»
_AFTER_SLASH = re.compile(r"(?<=/)(?=[^\W\d])")  # a line may end there by itself
_SPACES = re.compile("([ \u00a0])")


def nodes(given: list[markdown.Node]) -> list[markdown.Node]:
    """Words of a text as Typst prints them: glyphs of the embedded font, long runs with places to break."""
    return [made for node in given for made in ([_node(node)] if node["t"] != "text" else _text(node["text"]))]


def _text(text: str) -> list[markdown.Node]:
    return untorn.pieces(breakable(printable(text)), prose=True)


def _node(node: markdown.Node) -> markdown.Node:
    made = dict(node)
    for key, value in node.items():
        if key == "text":
            made[key] = breakable(printable(value))
        elif key == "body":
            made[key] = nodes(value)
        elif key == "items":
            made[key] = [nodes(item) for item in value]
        elif key == "head":
            made[key] = [{"body": nodes(cell)} for cell in value]
        elif key == "rows":
            made[key] = [[{"body": nodes(cell)} for cell in row] for row in value]
    if node["t"] == "link":
        made["safe"] = node["url"].startswith(("https://", "http://", "mailto:")) and bool(node["body"])
        made["shown"] = "" if markdown.plain(node["body"]) == node["url"] else breakable(printable(node["url"]))
    if node["t"] == "p":
        made["ragged"] = ragged(node)
    return made


def ragged(paragraph: markdown.Node) -> bool:
    """Whether lines of full width would have gaps: of many figures that no line may tear, or of two lines alone."""
    untearable = sum(
        piece["t"] == "whole"
        for node in paragraph["body"]
        if node["t"] == "text"
        for piece in untorn.pieces(node["text"], prose=True)
    )
    return untearable >= _MANY_FIGURES or len(markdown.plain(paragraph["body"])) < _TWO_LINES


def breakable(text: str, longest: int = _LONGEST_RUN) -> str:
    """Let a run of characters without spaces be broken: Typst would print it over the next column or off the page.

    Hyphenation finds the places in words; only what is longer than a word can be gets zero-width spaces.
    """
    if len(text) <= longest:
        return text
    parts = _SPACES.split(text)  # what an unbreakable space holds together is still words
    if max(len(run) for part in parts for run in _AFTER_SLASH.split(part)) <= max(longest, _LONGEST_RUN):
        return text
    return "".join(
        _broken(part, longest) if max(map(len, _AFTER_SLASH.split(part))) > longest else part for part in parts
    )


def _broken(run: str, longest: int) -> str:
    """A code is broken after its full stops and underscores; what has none, anywhere."""
    pieces = _IN_CODE.split(run)
    if max(map(len, pieces)) > longest:
        step = max(longest // 2, 4)
        pieces = [run[i : i + step] for i in range(0, len(run), step)]
    return "\u200b".join(pieces)
