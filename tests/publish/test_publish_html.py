"""The HTML page: offline, accessible, nothing of the data becomes markup."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from lxml import html as lxml_html
from sample_note import blocks, figure_svg, notebook

from soko.errors import FailureError
from soko.publish import document, html, svg
from soko.publish.blocks import Callout, Figure, Head, Meta, Prose, Row, Table, Title
from soko.publish.exporters import SokoHTMLExporter


@pytest.fixture(scope="module")
def page() -> str:
    return str(SokoHTMLExporter().from_notebook_node(notebook(blocks()))[0])


@pytest.fixture(scope="module")
def tree(page: str) -> Any:
    return lxml_html.document_fromstring(page)


def test_nothing_is_asked_from_anywhere(page: str, tree: Any) -> None:
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert not tree.xpath("//script | //link | //iframe | //object | //@src[not(starts-with(., 'data:'))]")
    assert not re.search(r"@import|url\((?!#)", page)


def test_language_title_and_skip_link(tree: Any) -> None:
    assert tree.get("lang") == "ru"
    assert tree.findtext(".//title") == "Аналитическая справка по итогам II четверти 2025/26 учебного года"
    assert tree.xpath("//body/a[1]/@href") == ["#text"]
    assert tree.xpath("//main/@id") == ["text"]


def test_headings_have_no_gaps_and_the_contents_lead_to_them(tree: Any) -> None:
    levels = [int(node.tag[1]) for node in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    targets = [href[1:] for href in tree.xpath("//nav//a/@href")]
    assert len(targets) == 5
    assert all(tree.xpath(f"//*[@id='{target}']") for target in targets)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_tables_have_captions_and_scoped_headers(tree: Any) -> None:
    captions = [node.text_content().replace("\xa0", " ") for node in tree.iter("caption")]
    assert captions == [
        "Таблица 1 – Результаты II четверти по классам",
        "Таблица 2 – Качество знаний по предметам и классам, %",
    ]
    assert not tree.xpath("//th[not(@scope)]")
    for table in tree.iter("table"):
        assert table.getparent().get("class") == "scroll"
        widths = {sum(int(cell.get("colspan", 1)) for cell in row) for row in table.findall("./tbody/tr")}
        assert len(widths) == 1


def test_figures_say_what_they_show(tree: Any) -> None:
    labels = tree.xpath("//figure//*[local-name()='svg']/@aria-label")
    assert labels[0] == "Столбики: в 7-х классах качество наименьшее, 33,6 %."
    assert [node.text_content().split(" –")[0].replace("\xa0", " ") for node in tree.iter("figcaption")] == [
        "Рисунок 1",
        "Рисунок 2",
    ]
    for picture in tree.xpath("//figure//*[local-name()='svg']"):
        text = lxml_html.tostring(picture, encoding="unicode")
        own = set(re.findall(r' id="([^"]+)"', text))
        used = set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', text))
        assert used <= own  # the second figure must not draw with the clip paths of the first


def test_no_code_and_no_english_words_are_shown(tree: Any) -> None:
    for style in tree.xpath("//style"):
        style.getparent().remove(style)
    text = tree.text_content()
    assert "2025-2026/q2" not in text  # the parameters cell
    assert not re.search(r"NaN|None|True|display\(|table:|\{\{", text)


def test_same_notebook_same_bytes(page: str) -> None:
    assert SokoHTMLExporter().from_notebook_node(notebook(blocks()))[0] == page


def test_contents_are_added_where_the_note_has_none() -> None:
    made = html.body(document.build([Title(school="Ш", title="Т"), Prose(markdown="# А\n\nтекст\n\n# Б\n\nтекст")]))
    assert made.index("</header>") < made.index("<nav") < made.index("<h2")


def test_raw_html_is_text() -> None:
    made = html.body(
        document.build([Prose(markdown="<script>alert(1)</script>\n\nА <img src=x onerror=y> [x](javascript:1)")])
    )
    assert "<script" not in made
    assert "<img" not in made
    assert "javascript:1)" in made
    assert "href" not in made.replace("&", "")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_stays_text(text: str) -> None:
    evil = f'"><script>alert(1)</script>&{text}'
    table = Table(
        caption=evil, columns=[Head(title=evil, group=evil, unit=evil)], rows=[Row(cells=[evil])], notes=[evil]
    )
    parts = [
        Meta(title=evil),
        Title(school=evil, title=evil),
        Prose(markdown=evil),
        Callout(title=evil, markdown=evil),
        table,
    ]
    made = html.body(document.build(parts))
    tree = lxml_html.document_fromstring(f"<body>{made}</body>")
    assert not tree.xpath("//script")
    assert "alert(1)" in tree.findtext(".//td", default="") + tree.findtext(".//tbody//th", default="")


def test_decimals_stand_under_each_other() -> None:
    rows = [Row(cells=[value]) for value in ("5", "12,5", "−100,25", "–")]
    made = html.fragment(Table(caption="", columns=[Head(title="%", align="decimal")], rows=rows))
    pads = re.findall(r'<td class="num"><span(?: style="padding:0 ([\d.]+)em 0 ([\d.]+)em")?>([^<]+)', made)
    left = {text: float(before or 0) for _, before, text in pads}
    right = {text: float(after or 0) for after, _, text in pads}
    assert left["5"] - left["12,5"] == pytest.approx(0.5)
    assert left["−100,25"] == 0
    assert right["5"] == pytest.approx(0.25 + 1.0)
    assert right["12,5"] == pytest.approx(0.5)


def test_fragment_is_what_jupyterlab_shows() -> None:
    bundle = Prose(markdown="см. таблицу {{table:x}}")._repr_mimebundle_()
    assert "см. таблицу №" in bundle["text/html"]
    for part in blocks():
        shown = html.fragment(part)
        assert (shown == "") == isinstance(part, Meta)
        assert "{{" not in shown.split("</style>")[-1]


def test_svg_is_cleaned() -> None:
    dirty = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10" '
        'onload="x()"><script>x()</script><style>*{stroke-linecap:butt}</style><defs><clipPath id="c"/></defs>'
        '<image xlink:href="https://example.org/a.png"/><g clip-path="url(#c)"/><foreignObject/></svg>'
    )
    made = svg.clean(dirty, "f-")
    assert not re.search("onload|script|example.org|foreignObject|<style", made)
    assert 'id="f-c"' in made
    assert "url(#f-c)" in made
    assert "stroke-linecap:butt" in made


def test_two_figures_of_matplotlib_keep_their_ids_apart() -> None:
    one, two = (svg.clean(figure_svg([10.0, 20.0, at], "%"), f"r{at}-") for at in (30, 40))
    assert not set(re.findall(r' id="([^"]+)"', one)) & set(re.findall(r' id="([^"]+)"', two))


def test_bad_svg_is_a_clear_failure() -> None:
    for text in ("", "нет", "<html/>", "<svg xmlns='http://www.w3.org/2000/svg'><style>g{fill:red}</style></svg>"):
        with pytest.raises(FailureError):
            html.body(document.build([Figure(caption="Р", svg=text, alt="А")]))


def test_a_table_of_few_columns_is_as_wide_as_a_phone() -> None:
    def table(columns: int) -> str:
        heads = [Head(title=f"Графа {at}") for at in range(columns)]
        return html.fragment(Table(caption="Сведения", columns=heads, rows=[Row(cells=["1"] * columns)]))

    assert '<table class="narrow">' in table(3)
    assert "<table>" in table(4)
    assert "<table>" in table(6)
    assert '<table class="wide">' in table(7)


def test_what_no_line_tears_is_whole_in_heads_and_in_sentences() -> None:
    """A browser ends a line after a slash and after a hyphen."""
    table = Table(caption="Итоги", columns=[Head(title="Класс"), Head(title="с «н/а»")], rows=[Row(cells=["5А", "0"])])
    told = Prose(markdown="Без «н/а» за 3-ю четверть в 5-х классах; ГИА-9 впереди.")
    page = html.body(document.build([table, told]))
    whole = re.findall(r'<span class="whole">([^<]+)</span>', page)
    assert whole == ["«н/а»", "«н/а»", "3-ю четверть", "5-х", "ГИА-9"]
