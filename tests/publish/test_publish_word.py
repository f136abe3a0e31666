"""The DOCX: real styles, fields and tables; the same bytes every time; nothing of the machine in it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm
from hypothesis import HealthCheck, given, settings, strategies as st
from sample_note import blocks, notebook

from soko.publish import document, word
from soko.publish.blocks import Callout, Head, Meta, Prose, Row, Table, Title


@pytest.fixture(scope="module")
def made() -> bytes:
    return word.build(document.read(notebook(blocks())))


@pytest.fixture(scope="module")
def opened(made: bytes) -> Any:
    return docx.Document(io.BytesIO(made))


def test_page_and_type(opened: Any) -> None:
    section = opened.sections[0]
    assert (section.page_width.cm, section.page_height.cm) == pytest.approx((21, 29.7), abs=0.01)
    sides = (section.left_margin.cm, section.right_margin.cm, section.top_margin.cm, section.bottom_margin.cm)
    assert sides == pytest.approx((3, 1.5, 2, 2), abs=0.01)
    normal = opened.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 12)
    assert 'w:lang w:val="ru-RU"' in opened.styles.element.xml


def test_headings_are_headings(opened: Any) -> None:
    found = [(p.style.name, p.text) for p in opened.paragraphs if p.style.name.startswith("Heading")]
    assert ("Heading 1", "1. Цель и методы") in found
    assert ("Heading 2", "1.1. Контингент") in found
    assert [p.text.split("\n")[0] for p in opened.paragraphs if p.style.name == "Title"] == ["АНАЛИТИЧЕСКАЯ СПРАВКА"]


def test_captions_are_the_same_as_in_the_other_formats(opened: Any) -> None:
    captions = [p.text.replace("\xa0", " ") for p in opened.paragraphs if p.style.name == "Caption"]
    assert captions == [
        "Рисунок 1 – Качество знаний по параллелям, %",
        "Таблица 1 – Результаты II четверти по классам",
        "Рисунок 2 – Успеваемость по параллелям, %",
        "Таблица 2 – Качество знаний по предметам и классам, %",
    ]


def test_what_is_filled_in_by_hand_stays_with_its_line() -> None:
    supposed = Prose(markdown="Первое.\n\n**Предположение о причине**:\n\n____________\n\nДальше.")
    found = docx.Document(io.BytesIO(word.build(document.read(notebook([supposed])))))
    kept = [p.text for p in found.paragraphs if p.paragraph_format.keep_with_next]
    assert kept == ["Предположение о причине:"]


def test_header_rows_repeat_and_rows_are_not_split(opened: Any) -> None:
    table = next(t for t in opened.tables if t.cell(0, 0).text == "Класс")
    assert table.cell(0, 2).text == "Учатся"
    heads = [row for row in table.rows if row._tr.trPr.find(qn("w:tblHeader")) is not None]
    assert len(heads) == 2
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    total = next(row for row in table.rows if row.cells[0].text == "Всего в 5-х")
    assert all(run.bold for cell in total.cells for paragraph in cell.paragraphs for run in paragraph.runs)


def test_figures_are_pictures_with_alternative_text(opened: Any) -> None:
    assert len(opened.inline_shapes) == 2
    texts = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    assert texts[0] == "Столбики: в 7-х классах качество наименьшее, 33,6 %."
    assert all(shape.width <= Cm(16.51) for shape in opened.inline_shapes)


def test_footer_counts_pages_and_header_runs(opened: Any) -> None:
    section = opened.sections[0]
    for part in (section.footer, section.first_page_footer):
        assert re.findall(r'w:instr=" (\w+) "', part._element.xml) == ["PAGE", "NUMPAGES"]
    assert "Справка по итогам II четверти" in section.header._element.xml
    assert section.different_first_page_header_footer


def test_properties_name_the_school_and_the_date_only(made: bytes, opened: Any) -> None:
    core = opened.core_properties
    assert (core.author, core.last_modified_by) == ("МБОУ «СОШ № 7»",) * 2
    assert core.created.date().isoformat() == "2026-01-12"
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert not [name for name in package.namelist() if "thumbnail" in name]
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(package.read(name) for name in package.namelist() if name.endswith(".xml"))
    assert b"python-docx" not in everything


def test_ordered_lists_begin_anew(opened: Any) -> None:
    items = [p for p in opened.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None]
    numbers = {p.text: p._p.pPr.numPr.numId.val for p in items}
    assert numbers["Первый шаг."] == numbers["Второй шаг:"]
    assert numbers["Первый шаг."] != numbers["Вывод."]


def test_the_same_notebook_gives_the_same_bytes(made: bytes) -> None:
    assert word.build(document.read(notebook(blocks()))) == made


def test_a_wide_table_gets_its_own_landscape_section() -> None:
    columns = [Head(title=f"Показатель {at}", align="decimal") for at in range(18)]
    table = Table(caption="Широкая", columns=columns, rows=[Row(cells=["10,5"] * 18)])
    opened = docx.Document(io.BytesIO(word.build(document.build([Prose(markdown="А"), table, Prose(markdown="Б")]))))
    assert [section.orientation for section in opened.sections] == [0, 1, 0]
    for section in opened.sections:
        assert "NUMPAGES" in section.footer._element.xml


def test_three_thousand_rows_are_all_there() -> None:
    rows = [Row(cells=[f"строка {at}", f"{at},5"]) for at in range(3000)]
    table = Table(caption="Т", columns=[Head(title="А"), Head(title="Б", align="decimal")], rows=rows)
    with zipfile.ZipFile(io.BytesIO(word.build(document.build([table])))) as package:
        xml = package.read("word/document.xml").decode()
    assert re.findall(r">строка (\d+)<", xml) == [str(at) for at in range(3000)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=100))
def test_any_text_opens_in_word_and_stays(text: str) -> None:
    table = Table(caption=text, columns=[Head(title=text)], rows=[Row(cells=[f"|{text}|"])], notes=[text])
    parts = [
        Meta(title=text or "Т"),
        Title(school=text, title="Т"),
        Prose(markdown=text),
        Callout(markdown=text),
        table,
    ]
    opened = docx.Document(io.BytesIO(word.build(document.build(parts))))
    shown = opened.tables[-1].rows[-1].cells[0].text
    if text.isprintable():
        assert shown == f"|{text}|"


def test_no_line_of_word_ends_within_a_number_of_a_class() -> None:
    told = Prose(markdown="За 3-ю четверть в **5-х** классах; ГИА-9, учитель-предметник, 2025-2026.")
    made = word.build(document.build([told]))
    (text,) = [p.text for p in docx.Document(io.BytesIO(made)).paragraphs if "четверть" in p.text]
    assert text == "За 3\u2011ю четверть в 5\u2011х классах; ГИА\u20119, учитель-предметник, 2025-2026."


def test_long_words_are_hyphenated_where_it_helps_and_crowded_lines_are_ragged() -> None:
    """Lines have no gaps: Word hyphenates the text, and a paragraph of figures that hold is set to the left."""
    plain = "Слово за словом складываются в обычный абзац, который занимает на странице несколько строк. " * 3
    figures = "; ".join(f"в\u00a0{at}-х классах\u00a0– {at}\u00a0из\u00a050" for at in range(1, 12))
    heads = [Head(title="Что сделать", width=1), Head(title="Основание", width=8)]
    table = Table(caption="Т", columns=heads, rows=[Row(cells=["исследовательскообразовательный", "–"])])
    made = word.build(document.build([Meta(title="Т"), Prose(markdown=f"{plain}\n\n{figures}"), table]))
    opened = docx.Document(io.BytesIO(made))
    assert opened.settings.element.find(qn("w:autoHyphenation")) is not None
    body = [item for item in opened.paragraphs if item.style.style_id == "BodyText"]
    assert [item.alignment for item in body] == [None, WD_ALIGN_PARAGRAPH.LEFT]
    for name in ("Heading 1", "Caption", "Текст таблицы"):
        assert opened.styles[name].element.pPr.find(qn("w:suppressAutoHyphens")) is not None
    cells = [cell.paragraphs[0]._p.pPr.find(qn("w:suppressAutoHyphens")) for cell in opened.tables[-1].rows[1].cells]
    assert [found is not None for found in cells] == [True, False]
