"""What a file tells of those who made it and of their computer: author, template, paths, revisions, hidden contents.

A public file names the school, or a person of params/school.yaml, as its author, and nobody else.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from lxml import etree

from soko.disclosure.leaks import Also
from soko.disclosure.opened import pieces
from soko.disclosure.texts import Closed, Piece
from soko.params import Params
from soko.workspace import Workspace

AUTHOR, TEMPLATE, TRACKED, EMBEDDED = "автор не школа", "след шаблона", "исправления или примечания", "вложенный файл"
HIDDEN_SHEET, LINK, MACHINE, RUN = (
    "скрытый лист",
    "ссылка на другой файл",
    "путь на диске",
    "сведения о запуске тетради",
)
_PATH = re.compile(
    r"file:///|(?<![\w.])[A-Z]:\\(?:[^\\\s\"<>|]+\\)+|(?<![\w.:/])/(?:home|Users|root|tmp|work|mnt|var/folders)/[\w.-]+"
)
_AUTHORS = ("creator", "lastModifiedBy", "Manager", "Company")
_META = re.compile(r"<meta\s+name=\"author\"\s+content=\"([^\"]*)\"", re.IGNORECASE)
_CHANGES = ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:commentReference")
_RUN = re.compile(r"\"(?:papermill|execution|widgets|vscode|colab|signature)\"\s*:")


def checker(workspace: Workspace) -> Also:
    """The check of one file for ``soko.disclosure.leaks.search(…, also=…)``."""
    names = authors(workspace)
    return lambda content, opened: faults(content, names, opened)


def authors(workspace: Workspace) -> frozenset[str]:
    """Who may stand as the author of a public file."""
    school = Params(workspace).school
    people = [school.director, school.author, *school.responsible.values()]
    return frozenset({"", school.name_short, school.name_full, *(person.name for person in people)})


def faults(
    content: bytes, names: frozenset[str], opened: Iterable[Piece | Closed] | None = None
) -> Iterator[tuple[str, str]]:
    """(place, kind) of what one file tells; ``opened``: its pieces, where somebody has them already."""
    if content.startswith(b"PK"):
        yield from _office(content, names)
    elif content.startswith(b"%PDF"):
        yield from _pdf(content, names)
    for piece in pieces(content) if opened is None else opened:
        if isinstance(piece, Piece):
            yield from ((piece.where(found.start()), MACHINE) for found in _PATH.finditer(piece.text))
    start = content[:4096].decode("utf-8", "ignore")
    yield from (("свойства страницы", AUTHOR) for found in _META.finditer(start) if found.group(1) not in names)
    if start.lstrip().startswith("{") and b'"nbformat"' in content and _RUN.search(content.decode("utf-8", "ignore")):
        yield "свойства тетради", RUN


def _office(content: bytes, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.namelist()
        texts = {name: archive.read(name) for name in members if name.endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, RuntimeError, OSError):
        return  # «cannot be looked into» is told by the search for names
    for name, xml in texts.items():
        if name.startswith("docProps/"):
            for element in etree.fromstring(xml).iter(etree.Element):
                local = etree.QName(element).localname
                if local in _AUTHORS and (element.text or "") not in names:
                    yield name, AUTHOR
                elif local == "Template" and element.text:
                    yield name, TEMPLATE
        if b"attachedTemplate" in xml or b"w:docVar " in xml:
            yield name, TEMPLATE
        if name.startswith("word/") and any(
            f"<{tag}".encode() + end in xml for tag in _CHANGES for end in (b" ", b">")
        ):
            yield name, TRACKED
        if b'state="hidden"' in xml or b'state="veryHidden"' in xml:
            yield name, HIDDEN_SHEET
        if b"absPath" in xml:
            yield name, MACHINE
    for name in members:
        if "/embeddings/" in name or name.endswith("vbaProject.bin"):
            yield name, EMBEDDED
        elif "/externalLinks/" in name:
            yield name, LINK
        elif "/comments" in name or name.endswith("people.xml"):
            yield name, TRACKED


def _pdf(content: bytes, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        told = reader.metadata
        xmp = reader.xmp_metadata
        if ((told.author or "") if told else "") not in names or any(
            name not in names for name in ((xmp.dc_creator or []) if xmp else [])
        ):
            yield "свойства", AUTHOR
        if reader.attachments:
            yield "вложения", EMBEDDED
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError):
        return
