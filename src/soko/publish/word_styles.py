"""The paragraph styles of our documents: typeface, sizes, distances. A reference document gets those that it lacks."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from soko.publish import word_look
from soko.publish.word_xml import NS

FACE = "Times New Roman"
_CENTER, _LEFT, _JUSTIFY = 1, 0, 3
_SIZE = 12
_FORMS: dict[str, dict[str, Any]] = {
    "Normal": {"size": _SIZE},
    "Body Text": {"size": _SIZE, "after": 6, "indent": 1.25, "align": _JUSTIFY},
    "Title": {"whole": True, "size": 14, "bold": True, "before": 18, "after": 6, "align": _CENTER, "keep": True},
    "Subtitle": {"whole": True, "size": _SIZE, "after": 12, "align": _CENTER},
    "Caption": {"whole": True, "size": _SIZE, "before": 10, "after": 4, "align": _LEFT},
    **{
        f"Heading {level}": {
            "whole": True,
            "size": 13 if level == 1 else _SIZE,
            "bold": True,
            "before": 14,
            "after": 6,
            "keep": True,
        }
        for level in range(1, 7)
    },
    "Текст таблицы": {"whole": True, "size": 11, "align": _LEFT},
    "Примечание к таблице": {"size": 10, "after": 2, "align": _LEFT},
    "Пункт списка": {"size": _SIZE, "after": 2, "align": _LEFT},
    "Рисунок": {"size": _SIZE, "after": 2, "align": _CENTER},
    "Без отступа": {"size": _SIZE, "after": 2, "align": _LEFT},
}
#: What may stand after ``suppressAutoHyphens`` in the properties of our styles, in the order of the schema.
_AFTER_HYPHENS = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
_OURS = frozenset(name for name, known in word_look.STYLES.items() if known.startswith("Soko"))


def ours(document: Any) -> None:
    """Give python-docx's own document our styles."""
    styles = document.styles
    _russian(document)
    for name, form in _FORMS.items():
        if name in _OURS:
            _added(document, name)
        if name == "Normal":
            _style(styles[name], face=FACE, **form)
        else:  # a school that changes «Обычный» in our sample changes all that rests on it
            _style(styles[name], **_inherited(form))
    for style in styles:  # the template's other styles carry blue headings in Calibri
        element = style.element.find(qn("w:rPr"))
        if element is not None and element.find(qn("w:lang")) is not None:
            element.remove(element.find(qn("w:lang")))


def missing(document: Any) -> dict[str, str]:
    """Add to a reference the styles that it lacks; return the id that each style of ours has in it."""
    _russian(document)
    ids = {}
    for name, form in _FORMS.items():
        known = {item.name.lower(): item for item in document.styles if item.type == WD_STYLE_TYPE.PARAGRAPH}
        found = known.get(name.lower())
        if found is None:
            found = _added(document, name)
            _style(found, **_inherited(form))
        ids[word_look.STYLES[name]] = found.style_id
    return ids


def _inherited(form: dict[str, Any]) -> dict[str, Any]:
    """The form of a style based on «Normal», which it leaves the typeface, and the size where that is the same."""
    return form | {"face": "", "size": 0 if form["size"] == _SIZE else form["size"]}


def _added(document: Any, name: str) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name not in _OURS)
    taken = {item.style_id for item in document.styles if item is not style}
    if word_look.STYLES[name] not in taken:
        style.element.set(qn("w:styleId"), word_look.STYLES[name])
    normal = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    if normal is not None and name != "Normal":
        style.base_style = normal
    return style


def _russian(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    found = None if defaults is None else defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if found is None:
        return
    for language in found.findall(qn("w:lang")):
        found.remove(language)
    found.append(parse_xml(f'<w:lang {NS} w:val="ru-RU" w:eastAsia="ru-RU" w:bidi="ar-SA"/>'))


def _style(
    style: Any,
    *,
    size: float,
    face: str,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    align: int | None = None,
    keep: bool = False,
    whole: bool = False,
) -> None:
    """``whole``: its words are not hyphenated."""
    font, form = style.font, style.paragraph_format
    properties = style.element.get_or_add_rPr()
    for name in ("w:rFonts", "w:spacing", "w:kern", "w:color", "w:sz", "w:szCs"):
        for item in properties.findall(qn(name)):
            properties.remove(item)
    if size:
        font.size = Pt(size)
    font.bold, font.italic = bold, False
    if face:
        font.name = face
        font.color.rgb = RGBColor(0, 0, 0)
        for attribute in ("w:cs", "w:eastAsia"):
            properties.find(qn("w:rFonts")).set(qn(attribute), face)
    paragraph = style.element.get_or_add_pPr()
    if whole and paragraph.find(qn("w:suppressAutoHyphens")) is None:
        paragraph.insert_element_before(OxmlElement("w:suppressAutoHyphens"), *_AFTER_HYPHENS)
    borders = paragraph.find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)
    form.space_before, form.space_after, form.first_line_indent = Pt(before), Pt(after), Cm(indent)
    form.line_spacing, form.keep_with_next, form.alignment = 1.0, keep, align
