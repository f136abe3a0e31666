"""Word files in the school's own look: its styles, page and letterhead; its text and whoever made it stay out."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from lxml import etree
from sample_note import blocks, notebook

sys.path.insert(0, str(Path(__file__).parents[1]))
import word_files
from test_orders_templates import META, VALUES

from soko.errors import ConfigError, UsageError
from soko.orders import defaults
from soko.orders.content import FIELDS
from soko.orders.template import fill
from soko.publish import document, word, word_sample
from soko.publish.blocks import Head, Prose, Row, Table

W = word_files.W
REAL = document.read(notebook(blocks()))
HEADING = "1. Цель и методы"


def saved(made: Any, path: Path) -> Path:
    made.save(str(path))
    return path


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A reference as a Russian Word writes it: ids of styles are numbers, a letterhead, margins of its own."""
    made = docx.Document()
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Arial", Pt(13)
    made.styles["Heading 1"].font.size = Pt(17)
    for name, number in (("Heading 1", "1"), ("Heading 2", "2"), ("Title", "a5")):
        made.styles[name].element.set(qn("w:styleId"), number)
    body = made.styles["Body Text"].element  # a document of the school may lack a style
    body.getparent().remove(body)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(1)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.5)
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Бланк школы № 4"
    made.add_paragraph("Текст образца")
    made.core_properties.author = "Секретов С.С."
    return saved(made, tmp_path / "reference.docx")


def styles(content: bytes) -> dict[str, etree._Element]:
    """The styles by id."""
    tree = etree.fromstring(word_files.parts(content)["word/styles.xml"])
    return {item.get(f"{W}styleId"): item for item in tree.iter(f"{W}style")}


def used(content: bytes) -> dict[str, str]:
    """Text of a paragraph → id of its style."""
    tree = etree.fromstring(word_files.parts(content)["word/document.xml"])
    found = {}
    for item in tree.iter(f"{W}p"):
        style = item.find(f"{W}pPr/{W}pStyle")
        text = "".join(node.text or "" for node in item.iter(f"{W}t"))
        found[text] = "" if style is None else style.get(f"{W}val")
    return found


def margins(content: bytes) -> list[list[str]]:
    """What headers and footers say."""
    names = sorted(name for name in word_files.parts(content) if re.search(r"word/(header|footer)\d", name))
    return sorted(word_files.paragraphs(content, name) for name in names)


def test_headings_have_the_styles_of_the_school(school: Path) -> None:
    made = word.build(REAL, school)
    word_files.sound(made)
    known, where = styles(made), used(made)
    assert set(where.values()) - {""} <= set(known)
    assert where[HEADING] == "1"
    assert known["1"].find(f"{W}name").get(f"{W}val") == "heading 1"
    assert known["1"].find(f"{W}rPr/{W}sz").get(f"{W}val") == "34"
    assert known["Normal"].find(f"{W}rPr/{W}rFonts").get(f"{W}ascii") == "Arial"


def test_a_style_that_is_lacking_is_added_in_the_typeface_of_the_school(school: Path) -> None:
    known = styles(word.build(REAL, school))
    for name in ("BodyText", "SokoTable"):
        assert known[name].find(f"{W}rPr/{W}rFonts") is None
        assert known[name].find(f"{W}basedOn").get(f"{W}val") == "Normal"
    assert known["BodyText"].find(f"{W}rPr/{W}sz") is None
    assert known["SokoTable"].find(f"{W}rPr/{W}sz").get(f"{W}val") == "22"


def test_the_page_of_the_school_holds_and_tables_fill_it(school: Path) -> None:
    columns = [Head(title=f"Показатель {at}", align="decimal") for at in range(18)]
    wide = Table(caption="Ш", columns=columns, rows=[Row(cells=["10,5"] * 18)])
    small = Table(caption="М", columns=[Head(title="А"), Head(title="Б")], rows=[Row(cells=["в", "г"])])
    content = word.build(document.build([Prose(markdown="А"), small, wide, Prose(markdown="Б")]), school)
    made = docx.Document(io.BytesIO(content))
    upright, turned, last = made.sections
    assert [section.orientation for section in made.sections] == [0, 1, 0]
    for section in (upright, last):
        assert (section.left_margin.cm, section.right_margin.cm) == pytest.approx((2.5, 1), abs=0.01)
    assert (turned.top_margin.cm, turned.page_width.cm) == pytest.approx((2.5, 29.7), abs=0.01)
    widths = [int(table._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w"))) / 1440 * 2.54 for table in made.tables]
    assert widths == pytest.approx([17.5, 26.7], abs=0.02)


def test_the_letterhead_stands_on_the_first_page_instead_of_the_schools_name(school: Path) -> None:
    made = word.build(REAL, school)
    found = word_files.parts(made)
    headers = [word_files.paragraphs(made, name) for name in found if name.startswith("word/header")]
    assert ["Бланк школы № 4"] in headers
    own = next(item.block.school for item in REAL.items if item.block.type == "title").replace("\n", "")
    assert own in word_files.paragraphs(word.build(REAL))
    assert own not in word_files.paragraphs(made)
    xml = found["word/document.xml"].decode()
    assert any('w:type="first"' in item for item in re.findall(r"<w:headerReference[^>]*>", xml))
    assert "<w:titlePg/>" in xml
    assert any("NUMPAGES" in part.decode(errors="ignore") for name, part in found.items() if "footer" in name)


def test_text_and_author_of_the_reference_stay_out(school: Path) -> None:
    found = word_files.parts(word.build(REAL, school))
    everything = b"".join(found.values()).decode(errors="replace")
    assert "Текст образца" not in everything
    assert "Секретов" not in everything
    assert "docProps/app.xml" not in found


def test_the_same_bytes_twice(school: Path) -> None:
    assert word.build(REAL, school) == word.build(REAL, school)


def test_our_own_sample_changes_nothing(tmp_path: Path) -> None:
    path = word_sample.write_reference(tmp_path / "templates", "МБОУ «СОШ № 7»")
    made, own = word.build(REAL, path), word.build(REAL)
    assert word_files.paragraphs(made) == word_files.paragraphs(own)
    assert used(made) == used(own)
    assert margins(made) == margins(own)
    known, ours = styles(made), styles(own)
    for name in set(used(own).values()) - {""}:
        assert etree.tostring(known[name]) == etree.tostring(ours[name]), name
    with pytest.raises(UsageError, match="образец оформления уже есть"):
        word_sample.write_reference(tmp_path / "templates", "МБОУ «СОШ № 7»")


def test_who_changes_normal_in_our_sample_changes_the_whole_document(tmp_path: Path) -> None:
    path = word_sample.write_reference(tmp_path / "templates", "МБОУ «СОШ № 7»")
    sample = docx.Document(str(path))
    sample.styles["Normal"].font.name = "Arial"
    sample.save(str(path))
    made = word.build(REAL, path)
    known = styles(made)
    for name in set(used(made).values()) - {"", "Normal"}:
        assert known[name].find(f"{W}basedOn").get(f"{W}val") == "Normal", name
        assert known[name].find(f"{W}rPr/{W}rFonts") is None, name
    assert known["BodyText"].find(f"{W}rPr/{W}sz") is None


def test_a_reference_without_lists_gets_ours(tmp_path: Path) -> None:
    found = word_files.parts(word_sample.sample("Ш"))
    for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        tree = etree.fromstring(found[name])
        for item in list(tree):
            if "numbering" in item.get("PartName", "") + item.get("Target", ""):
                tree.remove(item)
        found[name] = etree.tostring(tree)
    del found["word/numbering.xml"]
    path = tmp_path / "r.docx"
    path.write_bytes(word_files.packed(found))
    made = word.build(REAL, path)
    word_files.sound(made)
    assert b'w:abstractNumId="902"' in word_files.parts(made)["word/numbering.xml"]


@pytest.mark.parametrize(
    ("width", "left", "said"),
    [(21, 6, "ширина текста 14,0 см"), (14.8, 1, "14,8 × 29,7 см"), (21, 0.4, "ширина текста 19,6 см")],
)
def test_a_page_on_which_tables_do_not_fit_is_refused(tmp_path: Path, width: float, left: float, said: str) -> None:
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(width), Cm(29.7)
    section.left_margin, section.right_margin = Cm(left), Cm(1.01)
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        word.build(REAL, saved(made, tmp_path / "r.docx"))
    assert "r.docx" in str(caught.value)
    assert "книжная страница А4" in str(caught.value)


def test_a_broken_reference_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(b"text")
    with pytest.raises(ConfigError, match="не открывается как документ Word"):
        word.build(REAL, tmp_path / "r.docx")


@pytest.mark.slow
def test_what_libreoffice_has_saved_is_a_reference_and_a_template(tmp_path: Path) -> None:
    for name, content in (("reference", word_sample.sample("Ш")), ("order", defaults.order())):
        word_files.resaved(content, tmp_path / f"{name}.docx")
    made = word.build(REAL, tmp_path / "reference.docx")
    word_files.sound(made)
    assert styles(made)[used(made)[HEADING]].find(f"{W}name").get(f"{W}val").lower() == "heading 1"
    order = fill(tmp_path / "order.docx", FIELDS, VALUES, META, "Приказ")
    word_files.sound(order)
    assert "Сделать. Ответственный – завуч. Срок – до 1 июня 2026 г." in word_files.paragraphs(order)


@pytest.mark.slow
def test_libreoffice_prints_the_note_under_the_letterhead(school: Path, tmp_path: Path) -> None:
    text = word_files.printed(word.build(REAL, school), tmp_path)
    assert text.index("Бланк школы № 4") < text.index("АНАЛИТИЧЕСКАЯ СПРАВКА") < text.index("Цель и методы")
    assert text.count("Бланк школы № 4") == 1
