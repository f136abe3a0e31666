"""The look of Word files: ours, or that of the school's reference document (params/templates/reference.docx).

Of the reference its styles, theme, lists, page, headers and footers are taken; its text is not. Styles are found by
their names, because the ids that Word writes into the file depend on its language («1» for «heading 1»). A style that
the reference lacks is added, based on its «Normal», so that the school's typeface is in it.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from soko.errors import ConfigError
from soko.publish import layout, word_open
from soko.publish.word_xml import TWIPS

_NARROW, _WIDE = 14.0, 19.0  # cm of text: tables must fit, and a page is A4
_A4 = (21.0, 29.7)
#: Names of the styles that documents use → their ids in our XML.
STYLES = {
    "Normal": "Normal",
    "Body Text": "BodyText",
    "Title": "Title",
    "Subtitle": "Subtitle",
    "Caption": "Caption",
    **{f"Heading {level}": f"Heading{level}" for level in range(1, 7)},
    "Текст таблицы": "SokoTable",
    "Примечание к таблице": "SokoTableNote",
    "Пункт списка": "SokoList",
    "Рисунок": "SokoFigure",
    "Без отступа": "SokoPlain",
}


@dataclass(frozen=True)
class Page:
    """Size and margins of an upright page in cm: top, right, bottom, left; distance of header and footer."""

    width: float = 21.0
    height: float = 29.7
    margins: tuple[float, float, float, float] = (2, 1.5, 2, 3)
    header: float = 1.0
    footer: float = 1.0

    def text(self, *, landscape: bool) -> float:
        """Width of the text; on a turned page the binding is at the top."""
        top, right, bottom, left = self.margins
        return self.height - top - bottom if landscape else self.width - left - right

    def scale(self, *, landscape: bool) -> float:
        """How much wider the text is than that of our own page, for which tables are laid out."""
        return self.text(landscape=landscape) / (layout.LANDSCAPE if landscape else layout.PORTRAIT)

    def section(self, references: str, *, landscape: bool, first: bool) -> str:
        """The properties of a section."""
        width, height = round(self.width * TWIPS), round(self.height * TWIPS)
        size = f'w:w="{height}" w:h="{width}" w:orient="landscape"' if landscape else f'w:w="{width}" w:h="{height}"'
        top, right, bottom, left = self.margins
        sides = (left, top, right, bottom) if landscape else (top, right, bottom, left)
        named = zip(("top", "right", "bottom", "left"), sides, strict=True)
        margins = " ".join(f'w:{name}="{round(value * TWIPS)}"' for name, value in named)
        away = f'w:header="{round(self.header * TWIPS)}" w:footer="{round(self.footer * TWIPS)}"'
        return (
            f'<w:sectPr>{references}<w:pgSz {size}/><w:pgMar {margins} {away} w:gutter="0"/>'
            f"{'<w:titlePg/>' if first else ''}</w:sectPr>"
        )


@dataclass(frozen=True)
class Look:
    """The page, the ids of the styles that differ from ours, what the reference has of headers and footers.

    ``letterhead``: the first page has a header of the school, so that its name is not repeated under it.
    ``first``: the first page has headers and footers of its own.
    """

    page: Page = Page()
    ids: dict[str, str] = field(default_factory=dict)
    letterhead: bool = False
    first: bool = True

    def styled(self, xml: str) -> str:
        """``xml`` with the ids of the reference in place of ours."""
        if not self.ids:
            return xml
        return re.sub(
            r'(<w:pStyle w:val=")([^"]+)"', lambda found: f'{found[1]}{self.ids.get(found[2], found[2])}"', xml
        )


def open_reference(path: Path) -> tuple[Any, Page]:
    """The reference as a python-docx document, and its page; ConfigError for one that cannot be used."""
    try:
        document = docx.Document(io.BytesIO(word_open.read(path)))
        page = _page(document.sections[0])
        list(document.styles)
        if not any(word_open.kind(item.reltype) == "numbering" for item in document.part.rels.values()):
            _with_lists(document)
    except ConfigError:
        raise
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        raise ConfigError(
            "файл не читается как образец оформления",
            where=str(path),
            todo="запишите новый образец командой soko templates --reference и измените его",
        ) from error
    wrong = page.width > page.height or any(
        abs(have - wanted) > 0.2 for have, wanted in zip((page.width, page.height), _A4, strict=True)
    )
    if wrong or not _NARROW <= page.text(landscape=False) <= _WIDE:
        raise ConfigError(
            f"страница образца не подходит: {page.width:.1f} × {page.height:.1f} см, ширина текста "
            f"{page.text(landscape=False):.1f} см".replace(".", ","),
            where=str(path),
            todo=f"нужна книжная страница А4 с шириной текста от {_NARROW:.0f} до {_WIDE:.0f} см",
        )
    return document, page


def _page(section: Any) -> Page:
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    top, right, bottom, left = (abs(side.cm) for side in sides)
    return Page(
        section.page_width.cm,
        section.page_height.cm,
        (top, right, bottom, left),
        section.header_distance.cm if section.header_distance is not None else 1.25,
        section.footer_distance.cm if section.footer_distance is not None else 1.25,
    )


def _with_lists(document: Any) -> None:
    """Give a document without lists a part for them: python-docx cannot make one."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.oxml import parse_xml
    from docx.parts.numbering import NumberingPart

    from soko.publish.word_xml import NS

    lists = parse_xml(f"<w:numbering {NS}/>")
    part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, lists, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)


def has_content(part: Any) -> bool:
    """Whether a header or footer of the reference says or shows anything."""
    if part.is_linked_to_previous:
        return False
    element = part._element
    return any((node.text or "").strip() for node in element.iter(qn("w:t"))) or any(
        True for _ in element.iter(qn("w:drawing"), qn("w:pict"), qn("w:fldSimple"), qn("w:instrText"))
    )
