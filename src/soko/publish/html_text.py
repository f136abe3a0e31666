"""Text and Markdown nodes as HTML."""

from __future__ import annotations

import re
from html import escape

from soko.cohorts import NUMBERED
from soko.publish import markdown
from soko.publish.glyphs import legal

# What no line tears, in a head of a table too: «н/а», «7-е», «7-1», «ГИА-9».
_SHORT = rf"{NUMBERED}|" r"[«„]?н/а[»“]?|\b\d+-[а-яё]{1,3}\b|\b[А-ЯЁ]{2,5}-\d+\b"
# And in a sentence: «4 четверть», «5-е (42,0 % → 50,0 %)», «физика – 45,9 %», «42,0 % → 50,0 %».
_WHOLE = re.compile(
    r"\b\d-?[а-я]{0,2} (?:четверт|триместр|полугоди)[а-я]+|\b\d+(?:-[а-я]{1,3}|[А-ЯЁ]|-\d{1,2}) \([^()\n]{1,26}\)"
    r"|[^\s\xa0]+[ \xa0]–[ \xa0]\d[\d,]*(?:\xa0%)?|\d[\d,]*(?:\xa0%)?\xa0→\xa0\d[\d,]*(?:\xa0%)?"
    rf"|{_SHORT}"
)
_HEAD = re.compile(_SHORT)


def nodes_html(nodes: list[markdown.Node]) -> str:
    """Return Markdown block nodes as HTML; headings begin at ``h2``, ``h1`` is the title."""
    return "\n".join(_node(node) for node in nodes)


def inline_html(nodes: list[markdown.Node]) -> str:
    """Return Markdown inline nodes as HTML."""
    return "".join(_inline(node) for node in nodes)


def _node(node: markdown.Node) -> str:
    match node["t"]:
        case "heading":
            level = min(node["level"] + 1, 6)
            anchor = f' id="{node["anchor"]}"' if "anchor" in node else ""
            return f"<h{level}{anchor}>{inline_html(node['body'])}</h{level}>"
        case "p":
            return f"<p>{inline_html(node['body'])}</p>"
        case "list":
            tag = "ol" if node["ordered"] else "ul"
            start = f' start="{node["start"]}"' if node["ordered"] and node["start"] != 1 else ""
            return f"<{tag}{start}>" + "".join(f"<li>{_item(part)}</li>" for part in node["items"]) + f"</{tag}>"
        case "quote":
            return f"<blockquote>{nodes_html(node['body'])}</blockquote>"
        case "code":
            return f"<pre>{esc(node['text'])}</pre>"
        case "rule":
            return "<hr>"
    head = "".join(
        f'<th scope="col" class="{side}">{inline_html(cell)}</th>'
        for cell, side in zip(node["head"], node["align"], strict=True)
    )
    rows = (
        "".join(f'<td class="{s}">{inline_html(c)}</td>' for c, s in zip(row, node["align"], strict=True))
        for row in node["rows"]
    )
    filled = "".join(f"<tr>{row}</tr>" for row in rows)
    narrow = ' class="narrow"' if len(node["head"]) <= 3 else ""
    return f'<div class="scroll"><table{narrow}><thead><tr>{head}</tr></thead><tbody>{filled}</tbody></table></div>'


def _item(nodes: list[markdown.Node]) -> str:
    return inline_html(nodes[0]["body"]) if len(nodes) == 1 and nodes[0]["t"] == "p" else nodes_html(nodes)


def _inline(node: markdown.Node) -> str:
    match node["t"]:
        case "text":
            return _WHOLE.sub(r'<span class="whole">\g<0></span>', esc(node["text"]))
        case "code":
            return esc(node["text"])
        case "br":
            return "<br>"
        case "link":
            text = inline_html(node["body"])
            url = node["url"]
            beside = url.startswith("./")  # a page of the same folder: nothing to type on paper
            shown = "" if beside or markdown.plain(node["body"]) == url else f' <span class="url">({esc(url)})</span>'
            safe = beside or url.startswith(("https://", "http://", "mailto:", "#"))
            return f'<a href="{esc(url)}">{text}</a>{shown}' if safe else text + shown
        case kind:
            return f"<{kind}>{inline_html(node['body'])}</{kind}>"


def esc(text: str) -> str:
    """Return ``text`` escaped, without characters that are illegal in a page."""
    return escape(legal(text))


def head(text: str) -> str:
    """Return the text of a head of a table escaped, with what no line tears kept whole."""
    return _HEAD.sub(r'<span class="whole">\g<0></span>', esc(text))


def lines(text: str) -> str:
    """Return ``text`` escaped, its line ends as ``<br>``."""
    return esc(text).replace("\n", "<br>")
