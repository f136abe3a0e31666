"""The DOCX of a document: the copy that the school edits and signs. The same blocks, real styles and fields."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docx.shared import Pt
from lxml import etree

from soko.publish import layout, markdown, pdf, printed, printed_text, svg, word_package, word_tables, words
from soko.publish.blocks import Callout, Contents, Figure, PageBreak, Prose, Signatures, Table, Title
from soko.publish.document import Document, Item, with_headings
from soko.publish.glyphs import legal
from soko.publish.word_xml import NS, inline, p, run

_BOX = {
    "concern": ("A11212", "single"),
    "warning": ("8A5A00", "dashed"),
    "neutral": ("555555", "single"),
    "strength": ("0F6B33", "double"),
}


_MANY_HELD = 5  # spaces of a paragraph at which no line may end: full lines of it would have gaps


def build(document: Document, reference: Path | None = None) -> bytes:
    """Return the DOCX file, in the look of the ``reference`` where there is one."""
    return _Writer(document, reference).bytes()


class _Writer:
    def __init__(self, document: Document, reference: Path | None) -> None:
        self.document = document
        self.file, self.look = word_package.new(document.meta, document.title.replace("\n", " "), reference)
        self.scale = self.look.page.scale(landscape=False)
        self.references = word_package.references(self.file)
        self.pictures = 0
        self.first_section = self.look.first

    def bytes(self) -> bytes:
        """Write all blocks and return the package."""
        parts = [self.block(item, led) for item, led in with_headings(self.document.items)]
        if not any(isinstance(item.block, Title) for item in self.document.items):
            parts.insert(0, p(run(self.document.title), "Title"))
        last = self.look.page.section(self.references, landscape=False, first=self.first_section)
        made = parse_xml(f"<w:body {NS}>{self.look.styled(''.join(parts))}{last}</w:body>")
        # one move of the whole body: lxml takes seconds to move long tables child by child
        self.file.element.replace(self.file.element.body, made)
        return word_package.save(self.file)

    def block(self, item: Item, led: list[markdown.Node]) -> str:
        match item.block:
            case Title():
                return self.title(item.block)
            case Prose():
                return self.nodes(item.nodes, "BodyText")
            case Callout(kind=kind, title=title):
                head = p(run(words.callout_title(kind, title), bold=True), "SokoPlain", "<w:keepNext/>")
                return word_tables.box(head + self.nodes(item.nodes, "SokoPlain"), *_BOX[kind], scale=self.scale)
            case Table():
                return self.table(item.block, item.number, led)
            case Figure():
                return self.figure(item.block, item.number)
            case Signatures():
                return self.signatures(item.block)
            case PageBreak(flowing=flowing):
                return "" if flowing else p('<w:r><w:br w:type="page"/></w:r>')
            case Contents():
                return self.contents()
        raise AssertionError(f"no DOCX form of {type(item.block).__name__}")

    def title(self, block: Title) -> str:
        parts = [p(run(block.mark), "SokoPlain", '<w:jc w:val="right"/>')] if block.mark else []
        # the school's letterhead names the school; a space keeps the rest away from it
        school = "" if self.look.letterhead else run(block.school)
        parts.append(p(school, "SokoPlain", '<w:spacing w:after="240"/><w:jc w:val="center"/>'))
        if block.approve or block.considered:
            left = p(run(f"{words.CONSIDERED}\n{block.considered}" if block.considered else ""), "SokoPlain")
            right = ""
            if block.approve:
                sign = f"{words.SIGN_LINE} {block.approve.name}"
                right = f"{words.APPROVE}\n{block.approve.post}\n{sign}\n{block.approved or words.DATE_LINE}"
            parts.append(word_tables.grid([[left, p(run(right), "SokoPlain")]], [8.25 * self.scale] * 2, valign="top"))
        parts.append(p(run(block.title), "Title"))
        if block.subtitle:
            parts.append(p(run(block.subtitle), "Subtitle"))
        return "".join(parts)

    def table(self, block: Table, number: int | None, led: list[markdown.Node]) -> str:
        form = layout.of(block)
        made = word_tables.table(block, number, form, self.look.page.scale(landscape=form.landscape))
        if not form.landscape:
            return made
        before = self.look.page.section(self.references, landscape=False, first=self.first_section)
        self.first_section = False
        after = self.look.page.section(self.references, landscape=True, first=False)
        return p("", "SokoTableNote", before) + self.nodes(led, "BodyText") + made + p("", "SokoTableNote", after)

    def figure(self, block: Figure, number: int | None) -> str:
        width, height = svg.size(block.svg)
        scale = min(1.0, printed.TEXT_POINTS * min(1.0, self.scale) / width, printed.TALLEST_FIGURE / height)
        self.pictures += 1
        drawn = io.BytesIO(pdf.picture(svg.clean(block.svg, "")))
        shape = self.file.part.new_pic_inline(drawn, width=Pt(width * scale), height=Pt(height * scale))
        shape.docPr.set("id", str(1000 + self.pictures))
        shape.docPr.set("name", f"Рисунок {self.pictures}")
        shape.docPr.set("descr", legal(block.alt))
        picture = f"<w:r><w:drawing>{etree.tostring(shape, encoding='unicode')}</w:drawing></w:r>"
        caption = words.numbered("figure", number, block.caption)
        parts = [p(picture, "SokoFigure", "<w:keepNext/>" if caption or block.source else "")]
        if caption:
            keep = "<w:keepNext/>" if block.source else ""
            parts.append(p(run(caption), "Caption", f'{keep}<w:spacing w:before="60"/><w:jc w:val="center"/>'))
        if block.source:
            parts.append(p(inline(markdown.inline(block.source)), "SokoTableNote", '<w:jc w:val="center"/>'))
        return "".join(parts)

    def signatures(self, block: Signatures) -> str:
        rows = [[p(run(line.post), "SokoPlain"), p(""), p(run(line.name), "SokoPlain")] for line in block.lines]
        space = p("", "SokoPlain", "<w:keepNext/>")
        widths = [at * self.scale for at in (9.5, 3.0, 4.0)]
        made = "".join(space + word_tables.grid([row], widths, frozenset({1})) for row in rows)
        if block.acquainted:
            made += space + p(run(words.ACQUAINTED), "SokoPlain", "<w:keepNext/>")
            blank = word_tables.grid([[p(""), p(""), p("")]], [4.0, 0.5, 7.0], frozenset({0, 2}))
            made += (space + blank) * block.acquainted
        return made + p("", "SokoPlain")

    def contents(self) -> str:
        """A field that Word can refresh; until then it lists the headings (page numbers are known to Word alone)."""
        lines = [(level, text) for level, text, _ in self.document.headings]
        if not lines:
            return ""
        parts = [p(run(words.CONTENTS, bold=True), "SokoPlain", "<w:keepNext/>")]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
            ' TOC \\o "1-6" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for at, (level, text) in enumerate(lines):
            indent = f'<w:ind w:left="{(level - 1) * 340}"/>'
            tail = end if at == len(lines) - 1 else ""
            parts.append(p((begin if at == 0 else "") + run(text) + tail, "SokoPlain", indent))
        return "".join(parts)

    def nodes(self, nodes: list[markdown.Node], style: str, depth: int = 0) -> str:
        # what is filled in by hand stays with its line
        led = [after["t"] == "rule" for after in nodes[1:]] + [False]
        return "".join(self.node(node, style, depth, led=led[at]) for at, node in enumerate(nodes))

    def node(self, node: markdown.Node, style: str, depth: int, *, led: bool = False) -> str:
        match node["t"]:
            case "heading":
                return p(inline(node["body"]), f"Heading{min(node['level'], 6)}")
            case "p":
                ragged = style == "BodyText" and (printed_text.ragged(node) or _held(node) >= _MANY_HELD)
                keep = "<w:keepNext/>" if led else ""
                return p(inline(node["body"]), style, keep + ('<w:jc w:val="left"/>' if ragged else ""))
            case "list":
                return self.items(node, depth)
            case "quote":
                return self.nodes(node["body"], "SokoList", depth)
            case "code":
                return p(run(node["text"], mono=True), "SokoTableNote")
            case "rule":
                line = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="5A5A5A"/></w:pBdr>'
                return p("", "SokoPlain", line)
        return word_tables.markdown_table(node, self.scale)

    def items(self, node: Any, depth: int) -> str:
        number = word_package.list_number(self.file, ordered=node["ordered"], start=node["start"])
        level = min(depth, 3)
        mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        parts = []
        for item in node["items"]:
            first, rest = (item[:1], item[1:]) if item and item[0]["t"] == "p" else ([], item)
            parts.append(p(inline(first[0]["body"]) if first else "", "SokoList", mark))
            parts.append(self.nodes(rest, "SokoList", depth + 1))
        return "".join(parts)


def _held(paragraph: markdown.Node) -> int:
    """Word keeps to non-breaking spaces and, unlike Typst, does not weigh a whole paragraph against a gap in a line."""
    return markdown.plain(paragraph["body"]).count("\u00a0")
