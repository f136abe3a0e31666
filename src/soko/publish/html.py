"""Blocks to HTML: fragments for JupyterLab and the body of the offline page.

Colours have a contrast of at least 4.5 on white and never speak alone: each box begins with its word.
"""

from __future__ import annotations

from soko.publish import markdown, numbering, svg, words
from soko.publish.blocks import (
    Block,
    Callout,
    Contents,
    Figure,
    Meta,
    PageBreak,
    Prose,
    Signatures,
    Table,
    Title,
)
from soko.publish.document import Document, Item
from soko.publish.html_tables import table_html
from soko.publish.html_text import esc, inline_html, lines, nodes_html
from soko.publish.styles import css
from soko.russian import bound


def fragment(block: Block) -> str:
    """Return one block as HTML for JupyterLab. References read «№»: a lone block does not know the numbers."""
    if isinstance(block, Meta):
        return ""
    nodes: list[markdown.Node] = []
    if isinstance(block, Prose | Callout):
        nodes = markdown.parse(numbering.without_numbers(block.markdown))
    if isinstance(block, Table):
        block = numbering.without_numbers_in(block)
    if isinstance(block, Figure):
        block = block.model_copy(update={"source": numbering.without_numbers(block.source)})
    return f'<style>{css()}</style><div class="soko">{render(Item(block, None, nodes), [], "")}</div>'


def body(document: Document) -> str:
    """Return the document as HTML, in order, without the page around it.

    The table of contents is added where the document does not ask for one itself: after the first page, which is for
    a reader who reads nothing else, or after the title of a document without pages.
    """
    parts = [render(item, document.headings, f"r{at}-") for at, item in enumerate(document.items, start=1)]
    titled = next((at for at, item in enumerate(document.items, start=1) if isinstance(item.block, Title)), 0)
    if not any(isinstance(item.block, Contents) for item in document.items):
        breaks = (at for at, item in enumerate(document.items) if isinstance(item.block, PageBreak))
        parts.insert(next(breaks, titled), contents(document.headings))
    if not titled:
        parts.insert(0, f"<h1>{lines(document.title)}</h1>")
    return "\n".join(part for part in parts if part)


def contents(headings: list[tuple[int, str, str]]) -> str:
    """Return the table of contents as nested lists; empty for fewer than two headings."""
    if len(headings) < 2:
        return ""
    parts, depth = [], 0
    for level, text, anchor in headings:
        if level > depth:
            parts.append("<ol><li>" * (level - depth))
        else:
            parts.append("</li></ol>" * (depth - level) + "</li><li>")
        parts.append(f'<a href="#{anchor}">{esc(text)}</a>')
        depth = level
    inner = "".join(parts) + "</li></ol>" * depth
    return f'<nav class="toc" aria-label="{words.CONTENTS}"><p>{words.CONTENTS}</p>{inner}</nav>'


def render(item: Item, headings: list[tuple[int, str, str]], prefix: str) -> str:
    """Return one block as HTML. ``prefix`` makes the ids inside an SVG unique on the page."""
    match item.block:
        case Title():
            return _title(item.block)
        case Prose():
            return nodes_html(item.nodes)
        case Callout(kind=kind, title=title):
            head = esc(words.callout_title(kind, title))
            # A note and not an aside: a landmark would need a name of its own, and a document has many boxes.
            body = nodes_html(item.nodes)
            return f'<div class="box {kind}" role="note"><p class="box-title">{head}</p>{body}</div>'
        case Table():
            return table_html(item.block, item.number)
        case Figure():
            return _figure(item.block, item.number, prefix)
        case Signatures():
            return _signatures(item.block)
        case PageBreak(flowing=flowing):
            return "" if flowing else '<div class="page-break"></div>'
        case Contents():
            return contents(headings)
    return ""


def _title(block: Title) -> str:
    parts = ["<header>"]
    if block.mark:
        parts.append(f'<p class="mark">{esc(block.mark)}</p>')
    parts.append(f'<p class="school">{lines(bound(block.school))}</p>')
    if block.approve or block.considered:
        parts.append('<div class="approval">')
        if block.considered:
            parts.append(f'<div class="considered">{words.CONSIDERED}<br>{lines(block.considered)}</div>')
        if block.approve:
            sign = f"{words.SIGN_LINE} {esc(block.approve.name)}"
            parts.append(
                f'<div class="approve">{words.APPROVE}<br>{lines(block.approve.post)}<br>{sign}<br>'
                f"{esc(block.approved) or words.DATE_LINE}</div>"
            )
        parts.append("</div>")
    parts.append(f"<h1>{lines(block.title)}</h1>")
    if block.subtitle:
        parts.append(f'<p class="subtitle">{lines(block.subtitle)}</p>')
    return "".join(parts) + "</header>"


def _figure(block: Figure, number: int | None, prefix: str) -> str:
    caption = words.numbered("figure", number, block.caption)
    picture = svg.clean(block.svg, prefix).replace("<svg", f'<svg role="img" aria-label="{esc(block.alt)}"', 1)
    under = f"<figcaption>{esc(caption)}</figcaption>" if caption else ""
    source = f'<p class="source">{inline_html(markdown.inline(block.source))}</p>' if block.source else ""
    drawing = (
        f'<div class="drawing" role="region" tabindex="0" aria-label="{esc(caption or block.alt)}">{picture}</div>'
    )
    return f"<figure>{drawing}{under}{source}</figure>"


def _signatures(block: Signatures) -> str:
    rows = "".join(
        f'<div class="sign"><span>{esc(line.post)}</span><span class="line"></span><span>{esc(line.name)}</span></div>'
        for line in block.lines
    )
    if block.acquainted:
        blank = '<div class="sign blank"><span class="line"></span><span class="line"></span></div>'
        rows += f"<p>{words.ACQUAINTED}</p>" + blank * block.acquainted
    return f'<div class="signatures">{rows}</div>'
