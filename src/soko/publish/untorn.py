"""Words that no line of the PDF may tear: «7-е», «н/а», «А.В. Петрова», «5-е (42,0 % → 50,0 %)».

They are found here and reach Typst as boxes. Typst's own ``show regex`` finds the same, and took a third of the layout.
"""

from __future__ import annotations

import re

from soko.cohorts import NUMBERED
from soko.publish.markdown import Node

_EVERYWHERE = (
    r"\((?:таблица|рисунок)\xa0\d+\)",  # «(таблица 6)»: a hyphen in it is worse than a shorter line
    r"\d+-[а-яёА-ЯЁ]{1,3}\b|[«„]?н/а[»“]?",  # «7-е» and «н/а»
    NUMBERED,  # «7-1»
    r"[А-ЯЁA-Z]\.[ \xa0]?[А-ЯЁA-Z]\.[ \xa0][А-ЯЁA-Z][а-яёa-z]+",  # a name is not torn from its initials
)
_IN_PROSE = (
    r"\d+(?:-[а-яёА-ЯЁ]{1,3}|[а-яёА-ЯЁ]|-\d{1,2}) \([^()\n]{1,26}\)",  # «5-е (42,0 % → 50,0 %)»
    # «отличников – 21» stays whole; a longer word would leave wide gaps in the line before, or a hole.
    "(?<![^\\s(])[^\\s\u00a0]{1,10}\u00a0–\u00a0\\d[\\d,]*(?:\u00a0%)?",
)
# Typst ends a line after a dash even before a non-breaking space, and begins the next one with that space.
_HELD = re.compile("(?<=[^\\W\\d])\u00a0–\u00a0(?=\\d)")
_SHORT = re.compile("|".join(_EVERYWHERE))
_LONG = re.compile("|".join((*_IN_PROSE, *_EVERYWHERE)))


def loose(text: str) -> str:
    """``text`` with an ordinary space between a dash after a word and the figure, so that no line begins with it."""
    return _HELD.sub("\u00a0– ", text)


def torn(text: str) -> bool:
    """Whether ``text`` has anything that a line could tear."""
    return _SHORT.search(text) is not None


def pieces(text: str, *, prose: bool = False) -> list[Node]:
    """``text`` as inline nodes: ``text``, and ``whole`` for what stays on one line."""
    nodes: list[Node] = []
    end = 0
    for found in (_LONG if prose else _SHORT).finditer(text):
        if found.start() > end:
            nodes.append({"t": "text", "text": loose(text[end : found.start()])})
        nodes.append({"t": "whole", "text": found[0]})
        end = found.end()
    if end < len(text) or not nodes:
        nodes.append({"t": "text", "text": loose(text[end:])})
    return nodes


def lines(text: str) -> list[Node]:
    """The same for a head of a column, which may have several lines."""
    nodes: list[Node] = []
    for number, line in enumerate(text.split("\n")):
        nodes += [{"t": "br"}] if number else []
        nodes += pieces(line)
    return nodes
