"""The PDF: no row is lost, the header repeats, the file is accessible and always the same."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest
import typst
from hypothesis import HealthCheck, given, settings, strategies as st
from sample_note import blocks, notebook

from soko.errors import FailureError
from soko.publish import document, glyphs, pdf, printed, printed_text, untorn
from soko.publish.blocks import Callout, Contents, Figure, Head, Meta, PageBreak, Prose, Row, Table, Title

META = Meta(title="Проверочная справка", running_head="Колонтитул", date="2026-01-12", author="Школа")


def read(*parts: Any) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.build(document.build([META, *parts]))))


def text_of(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def assert_inside(reader: pypdf.PdfReader) -> None:
    """All text stands on the page: what runs off the end is still found by a search in the text, but nobody sees it."""
    for number, page in enumerate(reader.pages, start=1):
        heights: list[float] = []

        def visit(text: str, cm: list[float], tm: list[float], *_: Any, seen: list[float] = heights) -> None:
            if text.strip():
                seen.append(tm[4] * cm[1] + tm[5] * cm[3] + cm[5])

        page.extract_text(visitor_text=visit)
        assert heights
        assert min(heights) > 20, f"page {number}"
        assert max(heights) < float(page.mediabox.height) - 20, f"page {number}"


def squeezed(text: str) -> str:
    return re.sub(r"[\s\xad\u200b]", "", text)


def long_table(count: int) -> Table:
    rows: list[Row] = []
    for at in range(count):
        if at % 100 == 0:
            rows.append(Row(cells=[f"Раздел R{at:04d}"], kind="section"))
        kind = "total" if at % 50 == 49 else "body"
        # every seventh cell takes two lines: rows of different height meet the end of a page in different ways
        note = f"Примечание к строке номер {at}, которое занимает больше одной строки ячейки" if at % 7 == 0 else "–"
        rows.append(Row(cells=[f"строка-{at:05d}-конец", note, f"{at},{at % 10}"], kind=kind))
    columns = [Head(title="НАЗВАНИЕ СТОЛБЦА"), Head(title="Примечание"), Head(title="Доля", unit="%", align="decimal")]
    return Table(caption="Длинная таблица", columns=columns, rows=rows, notes=["Последнее примечание."])


@pytest.mark.parametrize("count", [1, 200, pytest.param(3000, marks=pytest.mark.deep)])
def test_every_row_is_printed_once_and_the_header_on_each_page(count: int) -> None:
    made = pdf.build(document.build([META, Prose(markdown="Вступление.\n\n" * 12), long_table(count)]))
    reader = pypdf.PdfReader(io.BytesIO(made))
    if count < 1000:  # the slow way of reading; the long table breaks no differently
        assert_inside(reader)
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > count / 60
    found = re.findall(r"строка-?(\d{5})-?конец", squeezed("\n".join(pages)))  # bold ones may take two lines
    assert found == [f"{at:05d}" for at in range(count)]
    assert re.findall(r"Раздел R(\d+)", "\n".join(pages)) == [f"{at:04d}" for at in range(0, count, 100)]
    text = squeezed("".join(pages))
    assert [at for at in range(count) if f"{at},{at % 10}" not in text] == []
    for page in pages:
        if "строка-" in page:
            assert squeezed(page).count("НАЗВАНИЕСТОЛБЦА") == 1
    assert sum("Таблица 1 – Длинная таблица" in page.replace("\xa0", " ") for page in pages) == 1
    assert "Последнее примечание." in pages[-1]


@pytest.mark.parametrize(("count", "columns"), [(2500, 2), (90, 12)])
def test_a_row_taller_than_a_page_is_not_cut(count: int, columns: int) -> None:
    words = [f"слово{at}" for at in range(count)]
    heads = [Head(title=f"Показатель{at}", width=1.0) for at in range(columns)]
    table = Table(caption="Высокая", columns=heads, rows=[Row(cells=[" ".join(words)] + ["х"] * (columns - 1))])
    reader = read(table)
    assert_inside(reader)
    text = squeezed(text_of(reader))
    assert [word for word in words if word not in text.replace("-", "")] == []


def test_caption_stays_with_its_table() -> None:
    for lines in range(36, 48):
        reader = read(Prose(markdown="Строка.\n\n" * lines), long_table(5))
        for page in reader.pages:
            text = page.extract_text()
            assert ("Длинная таблица" in text) == ("строка-00000-конец" in text)


def test_section_row_is_not_the_last_of_a_page() -> None:
    rows = [Row(cells=["Раздел А", ""], kind="section"), Row(cells=["Раздел Б", ""], kind="section")]
    for at in range(150):
        if at % 5 == 0:
            rows.append(Row(cells=[f"Глава {at}.", ""], kind="section"))
        rows.append(Row(cells=[f"строка {at}.", "1"]))
    rows.append(Row(cells=["Пустой раздел", ""], kind="section"))
    table = Table(caption="Т", columns=[Head(title="А"), Head(title="Б")], rows=rows)
    for lines in range(4):
        reader = read(Prose(markdown="Строка.\n\n" * lines), table)
        for page in reader.pages:
            text = page.extract_text()
            if "Глава" in text:
                assert "строка" in text[text.rindex("Глава") :] or "Пустой" in text
        whole = text_of(reader)
        assert [at for at in range(150) if f"строка {at}." not in whole] == []
        assert [at for at in range(0, 150, 5) if whole.count(f"Глава {at}.") != 1] == []
        assert all(name in whole for name in ("Раздел А", "Раздел Б", "Пустой раздел"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["body", "body", "total", "section"]), max_size=70), st.integers(0, 40))
def test_rows_of_any_kinds_in_any_order_are_printed(kinds: list[Any], lines: int) -> None:
    rows = [Row(cells=[f"строка{at}к"] * (1 if kind == "section" else 2), kind=kind) for at, kind in enumerate(kinds)]
    table = Table(caption="Т", columns=[Head(title="А", group="Г"), Head(title="Б", group="Г")], rows=rows)
    text = text_of(read(Prose(markdown="Абзац.\n\n" * lines), table))
    counts = [text.count(f"строка{at}к") for at in range(len(kinds))]
    assert counts == [1 if kind == "section" else 2 for kind in kinds]


def test_a_panic_of_typst_is_a_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # pyo3's name; a real panic needs a bug of one version of Typst
        pass

    class Compiler:
        def __init__(self, *_: Any, **__: Any) -> None: ...

        def compile(self, *_: Any, **__: Any) -> bytes:
            raise PanicException("index out of range")

        query = compile

    monkeypatch.setattr(pdf.typst, "Compiler", Compiler)
    with pytest.raises(FailureError, match="аварийно"):
        read(Prose(markdown="А"))


def test_heading_is_not_left_alone_at_the_end_of_a_page() -> None:
    for lines in range(36, 48):
        for page in read(Prose(markdown="Строка.\n\n" * lines + "## Одинокий\n\nПродолжение.")).pages:
            assert ("Одинокий" in page.extract_text()) == ("Продолжение" in page.extract_text())


def test_wide_table_gets_a_landscape_page_and_every_cell() -> None:
    columns = [Head(title="Класс")] + [Head(title=f"Показатель{at}", align="decimal") for at in range(18)]
    rows = [Row(cells=[f"{at}А"] + [f"{at * 100 + i},5" for i in range(18)]) for at in range(40)]
    reader = read(Prose(markdown="До."), Table(caption="Широкая", columns=columns, rows=rows), Prose(markdown="После."))
    boxes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages]
    assert boxes[0][0] < boxes[0][1]
    assert boxes[1][0] > boxes[1][1]
    text = squeezed(text_of(reader))
    assert [cell for row in rows for cell in row.cells if cell not in text] == []


def test_the_file_is_tagged_russian_and_embeds_its_fonts() -> None:
    made = pdf.build(document.read(notebook(blocks())))
    reader = pypdf.PdfReader(io.BytesIO(made))
    catalog = reader.trailer["/Root"]
    assert str(catalog["/Lang"]).lower().startswith("ru")
    assert catalog["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Аналитическая справка по итогам II четверти 2025/26 учебного года"
    assert reader.metadata.author == "МБОУ «СОШ № 7»"
    names = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            names.add(str(descendant["/BaseFont"]))
            descriptor = descendant["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    assert names
    assert all("LiberationSerif" in name for name in names)


def test_tables_and_figures_are_tagged_with_headers_and_alternative_text() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf.build(document.read(notebook(blocks())))))
    seen: dict[str, int] = {}
    alts = []
    stack = [reader.trailer["/Root"]["/StructTreeRoot"].get_object()]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += [item.get_object() for item in node if not isinstance(item, int)]
        elif isinstance(node, dict):
            seen[str(node.get("/S"))] = seen.get(str(node.get("/S")), 0) + 1
            if "/Alt" in node:
                alts.append(str(node["/Alt"]))
            if "/K" in node and not isinstance(node["/K"], int):
                stack.append(node["/K"].get_object())
    assert seen["/Table"] >= 4
    assert seen["/TH"] > 20
    assert seen["/TD"] > 100
    assert "Столбики: в 7-х классах качество наименьшее, 33,6 %." in alts
    assert seen["/H1"] >= 4


def test_pages_are_numbered_and_carry_the_running_head() -> None:
    pages = [page.extract_text() for page in read(Prose(markdown="Абзац.\n\n" * 120)).pages]
    assert len(pages) > 2
    assert all(f"{at} из {len(pages)}" in page for at, page in enumerate(pages, start=1))
    assert ["Колонтитул" in page for page in pages] == [False] + [True] * (len(pages) - 1)


def test_the_same_blocks_give_the_same_bytes() -> None:
    assert pdf.build(document.read(notebook(blocks()))) == pdf.build(document.read(notebook(blocks())))


def test_characters_without_a_glyph_are_named_not_lost() -> None:
    text = text_of(read(Prose(markdown="Молодцы 😀 и 漢字"), Callout(markdown="\x07 звонок")))
    assert "[U+1F600]" in text
    assert "[U+6F22][U+5B57]" in text
    assert "[U+0007] звонок" in text


def test_missing_alt_text_stops_the_build() -> None:
    source = b'#set document(title: "T")\n#image(bytes("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"))'
    with pytest.raises(FailureError, match="Typst"):
        pdf.run(typst.Compiler(source), source, format="pdf", pdf_standards=pdf.STANDARDS)


def test_wrong_date_is_refused() -> None:
    with pytest.raises(FailureError, match=re.escape("31.12.2025")):
        pdf.build(document.build([Meta(title="Т", date="31.12.2025"), Prose(markdown="А")]))


NASTY = "#$*_@<>\\`[]~\"'=-+/{}()!|^&%:;,.№«»–—…©0123456789 абвгдеёжзийклмнопрстуфхцчшщъыьэюяАЯabcXYZ"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(NASTY, min_size=1, max_size=60), st.text(NASTY, min_size=1, max_size=200))
def test_any_typed_text_survives_in_cells_and_titles(short: str, long: str) -> None:
    table = Table(
        caption=short,
        columns=[Head(title=short), Head(title="Б")],
        rows=[Row(cells=[long, "яя"])],
        notes=["примечание"],
    )
    text = squeezed(text_of(read(Title(school=short, title=long), table)))
    flat = text.replace("-", "")  # hyphenation adds hyphens at the ends of lines
    assert flat.count(squeezed(short).replace("-", "")) >= 1
    assert flat.count(squeezed(long).replace("-", "")) >= 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80))
def test_any_unicode_compiles(text: str) -> None:
    table = Table(caption=text, columns=[Head(title=text)], rows=[Row(cells=[text])], notes=[text])
    assert read(Title(school=text, title="Т"), Prose(markdown=text), Callout(title=text, markdown=text), table).pages


def test_fonts_cover_what_notes_use() -> None:
    assert not [char for char in "▲▼●■□№«»–−≤≥≈×…\xa0\u2009ёЁ→" if ord(char) not in glyphs.coverage()]


def test_figure_is_never_wider_than_the_text() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="3000pt" height="100pt"><rect width="3000" height="100"/></svg>'
    )
    made = document.build([META, Figure(caption="Широкий", svg=svg, alt="Полоса.")])
    from soko.publish import printed

    assert printed.data(made)["blocks"][1]["width"] == pytest.approx(printed.TEXT_POINTS)


def test_not_attested_is_not_torn_after_its_slash() -> None:
    """Wherever the line of a cell ends, «н/а» is on one side of it."""
    texts = [f"{'и' * filler} с «2» и «н/а» по предметам" for filler in range(1, 24)]
    columns = [Head(title="Что сделать", width=3), Head(title="Прочее", width=13)]
    table = Table(caption="Рекомендации", columns=columns, rows=[Row(cells=[text, "–"]) for text in texts])
    assert text_of(read(table)).count("«н/а»") == len(texts)


def test_a_few_lines_of_contents_do_not_take_a_page_of_their_own() -> None:
    def pages(headings: int) -> list[int]:
        texts = "\n\n".join(f"## Раздел {at}\n\nТекст." for at in range(1, headings + 1))
        parts = [Meta(title="Отчёт"), Prose(markdown="# Отчёт"), PageBreak(), Contents(), PageBreak()]
        made = pdf.build(document.read(notebook([*parts, Prose(markdown=texts)])))
        return [page.extract_text().count("Раздел") for page in pypdf.PdfReader(io.BytesIO(made)).pages]

    assert [pages(count)[1] for count in (40, 54)] == [40, 54]


def test_a_long_word_does_not_hold_its_figure_and_no_line_begins_with_a_space():
    held = "\u00a0–\u00a0"
    short = untorn.pieces(f"отличников{held}21", prose=True)
    long = untorn.pieces(f"в расчёте на одного обучающегося{held}20,35", prose=True)
    assert [node["t"] for node in short] == ["whole"]
    assert [(node["t"], node["text"]) for node in long] == [("text", "в расчёте на одного обучающегося\u00a0– 20,35")]
    assert untorn.loose(f"0{held}100") == f"0{held}100"  # a range is no word with its figure


def test_a_reference_to_a_table_is_not_torn():
    for prose in (True, False):  # in a cell too
        nodes = untorn.pieces("Снизилось качество знаний (таблица\u00a06).", prose=prose)
        assert [node["text"] for node in nodes if node["t"] == "whole"] == ["(таблица\u00a06)"]


def test_words_that_unbreakable_spaces_hold_together_are_no_long_run():
    """A zero-width space in a word would tear it without a hyphen, and hide it from a search."""
    for text in (
        "гражданско-патриотическое\u00a0–\u00a09,9\u00a0%",
        "границе – 142\u00a0из\u00a0634\u00a0результатов\u00a0с\u00a0отметкой «3»–«5»",
    ):
        assert printed_text.breakable(text) == text
    long = "а" * 40
    assert printed_text.breakable(f"до\u00a0{long}").replace("\u200b", "") == f"до\u00a0{long}"
    assert max(map(len, printed_text.breakable(f"до\u00a0{long}").split("\u200b"))) <= 30


def test_a_code_is_broken_after_its_stops_and_heads_are_not_hyphenated():
    code = printed_text.breakable("требованиям (conditions.programmes_compliant)", 30)
    assert code.split("\u200b") == ["требованиям (conditions.", "programmes_", "compliant)"]
    columns = [
        Head(title="Предмет"),
        *(Head(title=at, group="Качество знаний,\u00a0%", align="decimal") for at in "аб"),
    ]
    table = Table(caption="Доли", columns=columns, rows=[Row(cells=["Алгебра", "45,9", "1,0"])])
    shown = printed.data(document.build([META, table]))["blocks"]
    head = next(block for block in shown if block["type"] == "table")["header"]
    assert next(item for item in head if item["colspan"] == 2)["whole"]


@pytest.mark.parametrize(
    ("text", "ragged"),
    [
        ("Оценка профилактических мероприятий экспертами (доля наибольшего балла) – 86,7\u00a0%.", True),
        ("Слово за словом складываются в обычный абзац, который занимает на странице несколько строк. " * 3, False),
        ("Качество знаний выросло в 3А (59,3 % → 69,2 %), 3Б (76,2 % → 85,7 %), 6Б (36,4 % → 45,5 %), 8А (27,3 % → "
         "36,4 %), 2Б (54,2 % → 62,5 %), 5Б (45,8 % → 54,2 %) и снизилось в остальных классах.", True),
    ],
)  # fmt: skip
def test_lines_that_would_have_gaps_are_ragged(text: str, ragged: bool) -> None:
    [made] = printed_text.nodes([{"t": "p", "body": [{"t": "text", "text": text}]}])
    assert made["ragged"] is ragged
