"""The DOCX file around the text: styles, lists, header and footer, properties, and bytes that repeat."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from soko.publish import printed, word_open
from soko.publish.blocks import Meta
from soko.publish.glyphs import legal
from soko.publish.word_xml import NS, TWIPS, p, page_of_pages, run

FACE = "Times New Roman"
BULLETS, NUMBERS = 901, 902  # ids of our abstract lists, away from those of the template
#: Settings that tell of whoever made a template, or of where it lay.
_TELLING = frozenset(["attachedTemplate", "docVars", "mailMerge", "rsids", "docId", "trackRevisions", "proofState"])
_EPOCH = datetime.datetime(2000, 1, 1)
_CENTER, _LEFT, _JUSTIFY = 1, 0, 3


def new(meta: Meta, title: str) -> Any:
    """Return an empty python-docx document with our styles, running head and page numbers."""
    document = plain()
    _furniture(document, meta, title)
    properties(document, meta, title)
    return document


def plain() -> Any:
    """Return an empty python-docx document with our styles and lists."""
    document = docx.Document()
    _styles(document)
    _lists(document)
    return document


def properties(document: Any, meta: Meta, title: str) -> None:
    """Say of the document its title, the school and its date; nothing of a person or a machine."""
    core = document.core_properties
    day = printed.day(meta.date)
    moment = datetime.datetime(day.year, day.month, day.day) if day else _EPOCH
    core.title, core.author, core.last_modified_by = (
        legal(title)[:255],
        legal(meta.author)[:255],
        legal(meta.author)[:255],
    )
    core.created = core.modified = core.last_printed = moment
    core.comments = core.keywords = core.subject = core.category = ""
    core.language, core.revision, core.version, core.identifier = "ru-RU", 1, "", ""
    core.content_status = ""


def list_number(document: Any, *, ordered: bool, start: int) -> int:
    """Add a list of its own (numbers begin anew) and return its id."""
    numbering = document.part.numbering_part.element
    number = max((int(item.get(qn("w:numId"))) for item in numbering.findall(qn("w:num"))), default=0) + 1
    restart = "".join(
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start if level == 0 else 1}"/></w:lvlOverride>'
        for level in range(4)
    )
    numbering.append(
        parse_xml(
            f'<w:num {NS} w:numId="{number}"><w:abstractNumId w:val="{NUMBERS if ordered else BULLETS}"/>'
            f"{restart if ordered else ''}</w:num>"
        )
    )
    return number


def save(document: Any) -> bytes:
    """Return the bytes of the file, with fixed times and order of its parts, without what Word adds on its own."""
    settings = document.settings.element
    for item in list(settings):
        if etree.QName(item).localname in _TELLING:
            settings.remove(item)
    package = document.part.package
    for relations in (package.rels, *(part.rels for part in list(package.iter_parts()))):
        for relation in list(relations.values()):
            if word_open.kind(relation.reltype) in word_open.DROPPED:
                del relations[relation.rId]
    raw = io.BytesIO()
    document.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new_zip:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new_zip.writestr(info, old.read(name))
    return out.getvalue()


def references(document: Any) -> str:
    """Return the references to header and footer, which every section has to repeat."""
    found = document.sections[0]._sectPr
    wanted = (qn("w:headerReference"), qn("w:footerReference"))
    return "".join(etree.tostring(item, encoding="unicode") for item in found if item.tag in wanted)


def _styles(document: Any) -> None:
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for language in defaults.findall(qn("w:lang")):
        defaults.remove(language)
    defaults.append(parse_xml(f'<w:lang {NS} w:val="ru-RU" w:eastAsia="ru-RU" w:bidi="ar-SA"/>'))
    _style(styles["Normal"], 12, before=0, after=0)
    _style(styles["Body Text"], 12, after=6, indent=1.25, align=_JUSTIFY)
    _style(styles["Title"], 14, bold=True, before=18, after=6, align=_CENTER, keep=True)
    _style(styles["Subtitle"], 12, after=12, align=_CENTER)
    _style(styles["Caption"], 12, before=10, after=4, align=_LEFT)
    for level in range(1, 7):
        _style(styles[f"Heading {level}"], 13 if level == 1 else 12, bold=True, before=14, after=6, keep=True)
    for name, title, size in (
        ("SokoTable", "Текст таблицы", 11),
        ("SokoTableNote", "Примечание к таблице", 10),
        ("SokoList", "Пункт списка", 12),
        ("SokoFigure", "Рисунок", 12),
        ("SokoPlain", "Без отступа", 12),
    ):
        style = styles.add_style(title, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), name)
        style.base_style = styles["Normal"]
        _style(style, size, after=2 if name != "SokoTable" else 0, align=_CENTER if name == "SokoFigure" else _LEFT)
    for style in styles:  # the template's other styles carry blue headings in Calibri
        element = style.element.find(qn("w:rPr"))
        if element is not None and element.find(qn("w:lang")) is not None:
            element.remove(element.find(qn("w:lang")))


def _style(
    style: Any,
    size: float,
    *,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    align: int | None = None,
    keep: bool = False,
) -> None:
    font, form = style.font, style.paragraph_format
    properties = style.element.get_or_add_rPr()
    for name in ("w:rFonts", "w:spacing", "w:kern", "w:color"):
        for item in properties.findall(qn(name)):
            properties.remove(item)
    font.name, font.size, font.bold, font.italic = FACE, Pt(size), bold, False
    font.color.rgb = RGBColor(0, 0, 0)
    for attribute in ("w:cs", "w:eastAsia"):
        properties.find(qn("w:rFonts")).set(qn(attribute), FACE)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)
    form.space_before, form.space_after, form.first_line_indent = Pt(before), Pt(after), Cm(indent)
    form.line_spacing, form.keep_with_next, form.alignment = 1.0, keep, align


def _lists(document: Any) -> None:
    numbering = document.part.numbering_part.element

    def levels(form: str, text: list[str]) -> str:
        return "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{round((1.25 + 0.75 * at) * TWIPS)}" '
            f'w:hanging="{round(0.6 * TWIPS)}"/></w:pPr></w:lvl>'
            for at, shown in enumerate(text)
        )

    for number, form, text in (
        (NUMBERS, "decimal", ["%1.", "%2.", "%3.", "%4."]),
        (BULLETS, "bullet", ["–", "•", "–", "•"]),
    ):
        body = f'<w:multiLevelType w:val="multilevel"/>{levels(form, text)}'
        numbering.insert(0, parse_xml(f'<w:abstractNum {NS} w:abstractNumId="{number}">{body}</w:abstractNum>'))


def _furniture(document: Any, meta: Meta, title: str) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    head = legal(meta.running_head or title)
    for part, content in (
        (section.header, p(run(head), "Normal", '<w:jc w:val="right"/>')),
        (section.footer, p(page_of_pages(), "Normal", '<w:jc w:val="center"/>')),
        (section.first_page_footer, p(page_of_pages(), "Normal", '<w:jc w:val="center"/>')),
    ):
        part.is_linked_to_previous = False
        element = part._element
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(content.replace("<w:p>", f"<w:p {NS}>", 1)))
