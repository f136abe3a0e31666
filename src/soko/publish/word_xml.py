"""WordprocessingML as text: runs, paragraphs, fields. Strings, because python-docx takes minutes over long tables."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from soko.cohorts import NUMBERED
from soko.publish import markdown
from soko.publish.glyphs import legal

_NUMBERED = re.compile(NUMBERED)
_TORN = re.compile(r"(?<=\d)-(?=[а-яё]{1,3}\b)|(?<=[А-ЯЁ]{2})-(?=\d)")
TWIPS = 1440 / 2.54  # twentieths of a point in a cm
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def text(value: str) -> str:
    """Return ``value`` as the content of a run: escaped, line ends as breaks, tabs as tabs."""
    parts = []
    for at, line in enumerate(legal(value).split("\n")):
        parts.append("<w:br/>" if at else "")
        for nth, piece in enumerate(line.split("\t")):
            parts.append("<w:tab/>" if nth else "")
            parts.append(f'<w:t xml:space="preserve">{escape(piece, quote=False)}</w:t>' if piece else "")
    return "".join(parts)


def run(
    value: str,
    *,
    bold: bool = False,
    italic: bool = False,
    strike: bool = False,
    mono: bool = False,
    points: float | None = None,
) -> str:
    """Return one run of text; ``points`` only where the size differs from the style's."""
    if not value:
        return ""
    marks = (
        ('<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>' if mono else "")
        + ("<w:b/>" if bold else "")
        + ("<w:i/>" if italic else "")
        + ("<w:strike/>" if strike else "")
        + (f'<w:sz w:val="{round(points * 2)}"/>' if points else "")
    )
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f"<w:r>{properties}{text(value)}</w:r>"


def p(runs: str, style: str = "", extra: str = "") -> str:
    """Return a paragraph. ``extra`` are further properties in the order of the schema (keepNext … jc)."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{extra}</w:pPr>" if named or extra else ""
    return f"<w:p>{properties}{runs}</w:p>"


def inline(nodes: list[markdown.Node], **marks: Any) -> str:
    """Return Markdown inline nodes as runs; the address of a link follows its text."""
    parts = []
    for node in nodes:
        match node["t"]:
            case "text":
                parts.append(run(_untorn(node["text"]), **marks))
            case "code":
                parts.append(run(node["text"], **marks))
            case "br":
                parts.append("<w:r><w:br/></w:r>")
            case "strong":
                parts.append(inline(node["body"], **{**marks, "bold": True}))
            case "em":
                parts.append(inline(node["body"], **{**marks, "italic": True}))
            case "del":
                parts.append(inline(node["body"], **{**marks, "strike": True}))
            case "link":
                parts.append(inline(node["body"], **marks))
                if markdown.plain(node["body"]) != node["url"]:
                    parts.append(run(f" ({node['url']})", **marks))
    return "".join(parts)


def _untorn(value: str) -> str:
    """«7-е», «3-ю», «ГИА-9» with a hyphen at which Word does not end a line."""
    return _NUMBERED.sub(lambda name: name[0].replace("-", "\u2011"), _TORN.sub("\u2011", value))


def field(instruction: str, shown: str) -> str:
    """Return a field that Word computes, with what it shows until then."""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>{escape(shown)}</w:t></w:r></w:fldSimple>'


def page_of_pages() -> str:
    """Return the runs «N из M»."""
    return field("PAGE", "1") + run(" из ") + field("NUMPAGES", "1")
