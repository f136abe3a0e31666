"""CommonMark to a small tree that HTML, Typst and DOCX writers walk.

The tree is JSON, because the Typst template reads it as data: text never becomes markup of another language,
so nothing has to be escaped there. Raw HTML is off: it is shown as the text that it is.

Block nodes (``t``): heading(level, body), p(body), list(ordered, start, items), quote(body), code(text), rule,
table(head, align, rows). Inline nodes: text(text), code(text), br, strong(body), em(body), del(body), link(url, body).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from soko.publish.glyphs import legal

Node = dict[str, Any]
_ARROW = re.compile(r"(?<=[\d%]) → (?=[\d–−])")  # «42,0 % → 50,0 %» stays together
_DASH = re.compile(r"(?<=\S) (?=[–—](?:\s|$))")  # a line of Russian text does not begin with a dash
# «№ 1324», «Верещагина Н. П.», «Н. П. Верещагина» are one word each to whoever reads them
_ONE = re.compile(
    r"(?<=№) (?=\S)|(?<=\b[А-ЯЁ]\.) (?=[А-ЯЁ]\.)|(?<=\b[А-ЯЁ]\.) (?=[А-ЯЁ][а-яё])|(?<=[а-яё]) (?=[А-ЯЁ]\. ?[А-ЯЁ]\.)"
)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["html_block"])


def parse(markdown: str) -> list[Node]:
    """Return the block nodes of ``markdown``."""
    return _blocks(SyntaxTreeNode(_parser().parse(legal(markdown))).children)


def inline(markdown: str) -> list[Node]:
    """Return the inline nodes of one line of ``markdown`` (a note under a table)."""
    return _inlines(SyntaxTreeNode(_parser().parseInline(legal(markdown))).children)


def plain(nodes: list[Node]) -> str:
    """Text of the nodes without any formatting."""
    parts = []
    for node in nodes:
        match node["t"]:
            case "text" | "code":
                parts.append(node["text"])
            case "br":
                parts.append(" ")
            case _:
                parts.append(plain(node.get("body", [])))
    return "".join(parts)


def without_headings(nodes: list[Node]) -> list[Node]:
    """Turn headings into bold paragraphs: a box, a list item or a quotation is no section of the document."""
    return [
        {"t": "p", "body": [{"t": "strong", "body": node["body"]}]} if node["t"] == "heading" else node
        for node in nodes
    ]


def _blocks(children: list[SyntaxTreeNode]) -> list[Node]:
    return [node for child in children for node in _block(child)]


def _block(node: SyntaxTreeNode) -> list[Node]:
    match node.type:
        case "heading":
            body = _inlines(node.children)
            return [{"t": "heading", "level": int(node.tag[1]), "body": body}] if plain(body).strip() else []
        case "paragraph":
            return [{"t": "p", "body": _inlines(node.children)}]
        case "bullet_list" | "ordered_list":
            ordered = node.type == "ordered_list"
            start = int(node.attrs.get("start", 1)) if ordered else 1
            items = [without_headings(_blocks(item.children)) for item in node.children]
            return [{"t": "list", "ordered": ordered, "start": start, "items": items}]
        case "blockquote":
            return [{"t": "quote", "body": without_headings(_blocks(node.children))}]
        case "fence" | "code_block":
            return [{"t": "code", "text": node.content.rstrip("\n")}]
        case "hr":
            return [{"t": "rule"}]
        case "table":
            return [_table(node)]
        case "inline":
            return [{"t": "p", "body": _inlines([node])}]
    raise AssertionError(f"unexpected Markdown token {node.type}")  # a parser rule was enabled without a writer


def _table(node: SyntaxTreeNode) -> Node:
    head = node.children[0].children[0].children
    body = node.children[1].children if len(node.children) > 1 else []
    aligns = []
    for cell in head:
        style = str(cell.attrs.get("style", ""))
        aligns.append(next((side for side in ("right", "center") if side in style), "left"))
    return {
        "t": "table",
        "head": [_inlines(cell.children) for cell in head],
        "align": aligns,
        "rows": [[_inlines(cell.children) for cell in row.children] for row in body],
    }


def _inlines(children: list[SyntaxTreeNode]) -> list[Node]:
    return [node for child in children for node in _inline(child)]


def _inline(node: SyntaxTreeNode) -> list[Node]:
    match node.type:
        case "inline":
            return _inlines(node.children)
        case "text" | "text_special":
            return (
                [{"t": "text", "text": _ARROW.sub("\xa0→\xa0", _DASH.sub("\xa0", _ONE.sub("\xa0", node.content)))}]
                if node.content
                else []
            )
        case "softbreak":
            return [{"t": "text", "text": " "}]
        case "hardbreak":
            return [{"t": "br"}]
        case "code_inline":
            return [{"t": "code", "text": node.content}]
        case "strong" | "em":
            return [{"t": node.type, "body": _inlines(node.children)}]
        case "s":
            return [{"t": "del", "body": _inlines(node.children)}]
        case "link":
            return [{"t": "link", "url": str(node.attrs.get("href", "")), "body": _inlines(node.children)}]
        case "image":
            # A file beside the notebook is not part of it; say what it was instead of losing it.
            return [{"t": "text", "text": f"{node.content} ({node.attrs.get('src', '')})"}]
    raise AssertionError(f"unexpected Markdown token {node.type}")
