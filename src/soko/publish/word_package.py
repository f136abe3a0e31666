"""The DOCX file around the text: styles, lists, header and footer, properties, and bytes that repeat."""

from __future__ import annotations

import datetime
import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from soko.publish import printed, word_look, word_open, word_styles
from soko.publish.blocks import Meta
from soko.publish.glyphs import legal
from soko.publish.word_look import Look
from soko.publish.word_xml import NS, TWIPS, p, page_of_pages, run

BULLETS, NUMBERS = 901, 902  # ids of our abstract lists, away from those of the template
#: Settings that tell of whoever made a template, or of where it lay.
_TELLING = frozenset(["attachedTemplate", "docVars", "mailMerge", "rsids", "docId", "trackRevisions", "proofState"])
#: What stands before ``autoHyphenation`` in the order of the schema.
_BEFORE_HYPHENATION = (
    "writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries "
    "displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData embedTrueTypeFonts "
    "embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges bordersDoNotSurroundHeader "
    "bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors activeWritingStyle proofState "
    "formsDesign attachedTemplate linkStyles stylePaneFormatFilter stylePaneSortMethod documentType mailMerge "
    "revisionView trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride "
    "styleLockTheme styleLockQFSet defaultTabStop"
)
_EPOCH = datetime.datetime(2000, 1, 1)


def new(meta: Meta, title: str, reference: Path | None = None) -> tuple[Any, Look]:
    """Return an empty python-docx document with styles, running head and page numbers, and its look.

    With a ``reference`` its styles, page, headers and footers hold; what it lacks is ours.
    """
    if reference is None:
        document, look = plain(), Look()
    else:
        document, look = _of_reference(reference)
    _hyphenated(document)
    _furniture(document, meta, title, look)
    properties(document, meta, title)
    return document, look


def plain() -> Any:
    """Return an empty python-docx document with our styles and lists."""
    return docx.Document(io.BytesIO(_plain()))


@cache
def _plain() -> bytes:
    """Its file: to read it back takes a fifth of the time that to give the document its styles does."""
    document = docx.Document()
    word_styles.ours(document)
    _lists(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _of_reference(path: Path) -> tuple[Any, Look]:
    document, page = word_look.open_reference(path)
    ids = word_styles.missing(document)
    _lists(document)
    first, shown = document.sections[0], word_look.has_content
    heads = [part for part in (first.header, first.first_page_header) if shown(part)]
    feet = [part for part in (first.footer, first.first_page_footer) if shown(part)]
    return document, Look(
        page,
        {name: found for name, found in ids.items() if name != found},
        letterhead=shown(first.first_page_header if first.different_first_page_header_footer else first.header),
        first=first.different_first_page_header_footer or not (heads or feet),
    )


def _hyphenated(document: Any) -> None:
    """Let Word hyphenate: justified lines of long words have wide gaps. A reference that says no is obeyed."""
    settings = document.settings.element
    if settings.find(qn("w:autoHyphenation")) is not None:
        return
    before = [at for at, item in enumerate(settings) if etree.QName(item).localname in _BEFORE_HYPHENATION.split()]
    settings.insert(max(before, default=-1) + 1, parse_xml(f"<w:autoHyphenation {NS}/>"))


def properties(document: Any, meta: Meta, title: str) -> None:
    """Say of the document its title, the school and its date; nothing of a person or a machine."""
    package = document.part.package
    for name, relation in list(package.rels.items()):
        # LibreOffice relates to its properties in another way; python-docx makes new ones of the same name.
        if word_open.kind(relation.reltype) == "core-properties" and relation.reltype != RT.CORE_PROPERTIES:
            del package.rels[name]
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


def _lists(document: Any) -> None:
    numbering = document.part.numbering_part.element

    def levels(form: str, text: list[str]) -> str:
        return "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{round((1.25 + 0.75 * at) * TWIPS)}" '
            f'w:hanging="{round(0.6 * TWIPS)}"/></w:pPr></w:lvl>'
            for at, shown in enumerate(text)
        )

    known = {item.get(qn("w:abstractNumId")) for item in numbering.findall(qn("w:abstractNum"))}
    for number, form, text in (
        (NUMBERS, "decimal", ["%1.", "%2.", "%3.", "%4."]),
        (BULLETS, "bullet", ["–", "•", "–", "•"]),
    ):
        if str(number) in known:  # a reference that was made of a document of ours
            continue
        body = f'<w:multiLevelType w:val="multilevel"/>{levels(form, text)}'
        numbering.insert(0, parse_xml(f'<w:abstractNum {NS} w:abstractNumId="{number}">{body}</w:abstractNum>'))


def _furniture(document: Any, meta: Meta, title: str, look: Look) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = look.first
    head = legal(meta.running_head or title)
    pages = p(page_of_pages(), "Normal", '<w:jc w:val="center"/>')
    if meta.mark:
        even = document.settings.odd_and_even_pages_header_footer
        _marked([section.header, *([section.even_page_header] if even else [])], legal(meta.mark), look)
    for part, content in (
        (section.header, p(run(head, points=9.5), "Normal", '<w:jc w:val="right"/>')),
        (section.footer, pages),
        *([(section.first_page_footer, pages)] if look.first else []),
    ):
        if word_look.has_content(part):
            continue
        part.is_linked_to_previous = False
        element = part._element
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(look.styled(content).replace("<w:p>", f"<w:p {NS}>", 1)))


def _marked(headers: list[Any], mark: str, look: Look) -> None:
    """Put the mark above what the school's own headers say; ours say it by themselves, and a first page in its text."""
    content = look.styled(p(run(mark), "Normal", '<w:jc w:val="right"/>')).replace("<w:p>", f"<w:p {NS}>", 1)
    for part in headers:
        if word_look.has_content(part):
            part._element.insert(0, parse_xml(content))
