"""Reading an executed notebook: what becomes a block, what is left out, what is refused."""

from __future__ import annotations

import base64
import io
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sample_note import classes_table

from soko.errors import FailureError
from soko.publish import decimals, document, frames, layout, markdown, svg
from soko.publish.blocks import MIME, Callout, Figure, Head, Meta, Prose, Row, Table, Title

META = Meta(title="Справка")


def cell(*outputs: Any, **metadata: Any) -> Any:
    return new_code_cell("код", outputs=list(outputs), metadata=metadata)


def shown(block: Any) -> Any:
    return new_output("display_data", {MIME: block.model_dump(mode="json"), "text/html": "<p>не отсюда</p>"})


def read(*cells: Any) -> document.Document:
    return document.read(new_notebook(cells=list(cells)), "note")


def test_order_is_kept_and_skipped_cells_are_left_out() -> None:
    made = read(
        cell(shown(META), tags=["parameters"]),
        new_markdown_cell("Служебное", metadata={"tags": ["skip"]}),
        cell(shown(Prose(markdown="мимо")), tags=["injected-parameters"]),
        cell(shown(META), shown(Prose(markdown="первое"))),
        new_markdown_cell("второе"),
        cell(shown(Table(caption="третье", columns=[Head(title="А")], rows=[]))),
    )
    assert [type(item.block).__name__ for item in made.items] == ["Prose", "Prose", "Table"]
    assert [markdown.plain(item.nodes[0]["body"]) for item in made.items[:2]] == ["первое", "второе"]
    assert made.items[2].number == 1


def test_frame_becomes_a_table() -> None:
    frame = pd.DataFrame({"класс": ["5А", "5Б"], "доля": [33.5, None], "верно": [True, False]})
    made = read(cell(new_output("execute_result", {"text/html": frame.to_html(), "text/plain": "x"}), caption="Доли"))
    table = made.items[0].block
    assert table.caption == "Доли"
    assert [column.title for column in table.columns] == ["класс", "доля", "верно"]
    assert [row.cells for row in table.rows] == [["5А", "33,5", "да"], ["5Б", "–", "нет"]]
    assert table.columns[1].align == "decimal"


def test_frame_with_levels_in_index_and_columns() -> None:
    frame = pd.DataFrame(
        [[1, 2], [3, 4], [-5.5, 6]],
        index=pd.MultiIndex.from_tuples([("5", "А"), ("5", "Б"), ("6", "А")], names=["параллель", "буква"]),
        columns=pd.MultiIndex.from_tuples([("I четверть", "на «5»"), ("I четверть", "на «4»")]),
    )
    table = frames.read(frame.to_html())
    assert table is not None
    assert [column.title for column in table.columns] == ["параллель", "буква", "на «5»", "на «4»"]
    assert table.columns[2].group == "I четверть"
    assert [row.cells[:2] for row in table.rows] == [["5", "А"], ["5", "Б"], ["6", "А"]]
    assert table.rows[2].cells[2] == "−5,5"


def test_rows_that_pandas_left_out_are_said() -> None:
    table = frames.read(pd.DataFrame({"а": range(100)}).to_html(max_rows=10, show_dimensions=True))
    assert table is not None
    assert table.notes == ["Показаны не все строки: всего строк – 100."]
    assert len(table.rows) == 10


def test_png_is_kept_with_its_size() -> None:
    from matplotlib.figure import Figure as Canvas

    out = io.BytesIO()
    Canvas(figsize=(4, 2)).savefig(out, format="png", dpi=200)
    data = base64.b64encode(out.getvalue()).decode()
    made = read(cell(new_output("display_data", {"image/png": data}, metadata={"alt": "Пустой график."})))
    figure = made.items[0].block
    assert isinstance(figure, Figure)
    assert figure.alt == "Пустой график."
    assert svg.size(figure.svg) == pytest.approx((288, 144), abs=0.5)


@pytest.mark.parametrize(
    "output", [new_output("stream", name="stdout", text="17\n"), new_output("execute_result", {"text/plain": "17"})]
)
def test_stray_text_is_refused_in_a_note_and_kept_in_an_investigation(output: Any) -> None:
    with pytest.raises(FailureError, match="ячейка 2"):
        read(cell(shown(META)), cell(output))
    nodes = read(cell(output)).items[0].nodes
    assert nodes[0]["t"] == "code"
    assert nodes[0]["text"].strip() == "17"


def test_fences_in_printed_text_do_not_end_it() -> None:
    text = "```\n# не заголовок\n````"
    assert read(cell(new_output("stream", name="stdout", text=text))).items[0].nodes == [{"t": "code", "text": text}]


def test_stderr_is_for_the_log() -> None:
    assert read(cell(shown(META), new_output("stream", name="stderr", text="warning"))).items == []


def test_an_error_in_a_cell_is_refused_without_its_text() -> None:
    with pytest.raises(FailureError) as caught:
        read(cell(new_output("error", ename="KeyError", evalue="Иванов Иван", traceback=["Иванов"])))
    assert "KeyError" in str(caught.value)
    assert "Иванов" not in str(caught.value)


def test_a_broken_block_names_the_cell() -> None:
    with pytest.raises(FailureError, match="ячейка 1"):
        read(cell(new_output("display_data", {MIME: {"type": "table", "caption": 1}})))


def test_two_titles_or_two_metas_are_refused() -> None:
    with pytest.raises(FailureError, match="Meta"):
        document.build([META, Meta(title="Другая")])
    with pytest.raises(FailureError, match="Title"):
        document.build([Title(school="", title="А"), Title(school="", title="Б")])


def test_tables_and_figures_are_numbered_apart_and_referred_to() -> None:
    blank = Table(caption="без номера", columns=[Head(title="А")], rows=[], numbered=False)
    figure = Figure(caption="Р", svg="<svg/>", alt="А", label="pic", source="к таблице {{table:classes}}")
    made = document.build(
        [Prose(markdown="таблица {{table:classes}}, рисунок {{ figure:pic }}"), blank, figure, classes_table()]
    )
    assert markdown.plain(made.items[0].nodes[0]["body"]) == "таблица 1, рисунок 1"
    assert [item.number for item in made.items] == [None, None, 1, 1]
    assert made.items[2].block.source == "к таблице 1"


def test_unknown_and_double_labels_are_refused() -> None:
    with pytest.raises(FailureError, match=r"clases.*возможно.*classes"):
        document.build([Callout(markdown="{{table:clases}}"), classes_table()])
    with pytest.raises(FailureError, match="двум"):
        document.build([classes_table(), classes_table()])


def test_heading_levels_have_no_gaps() -> None:
    made = document.build([META, Prose(markdown="## А\n\n#### Б\n\n##### В\n\n## Г"), Prose(markdown="### Д")])
    assert [(level, text) for level, text, _ in made.headings] == [(1, "А"), (2, "Б"), (3, "В"), (1, "Г"), (2, "Д")]


def test_the_only_top_heading_becomes_the_title_of_an_investigation() -> None:
    made = read(new_markdown_cell("# Почему упали 7-е\n\n## Данные"))
    assert made.title == "Почему упали 7-е"
    assert [text for _, text, _ in made.headings] == ["Данные"]


@given(st.text(max_size=200))
def test_any_markdown_is_read(text: str) -> None:
    document.build([Prose(markdown=text), Callout(markdown=text)])


@given(st.lists(st.decimals(-10000, 10000, places=2).map(lambda value: str(value).replace(".", ",")), min_size=1))
def test_padded_numbers_are_equally_wide(cells: list[str]) -> None:
    pads = decimals.pads(cells)
    assert all(left >= 0 and right >= 0 for left, right in pads)
    assert min(left for left, _ in pads) == 0
    assert min(right for _, right in pads) == 0


@given(st.integers(1, 40), st.lists(st.text("абв гд", max_size=80), min_size=1, max_size=5))
def test_columns_fill_the_page_whatever_is_in_them(count: int, texts: list[str]) -> None:
    rows = [Row(cells=[text] * count) for text in texts]
    form = layout.of(Table(caption="", columns=[Head(title=f"К{at}") for at in range(count)], rows=rows))
    assert sum(form.widths) == pytest.approx(layout.LANDSCAPE if form.landscape else layout.PORTRAIT)
    assert min(form.widths) > 0


def test_a_given_width_gives_way_to_the_longest_word() -> None:
    columns = [Head(title="№", width=0.4), Head(title="Важность", width=0.5), Head(title="Что", width=6)]
    rows = [Row(cells=["1", "предупреждение", "текст"])]
    form = layout.of(Table(caption="", columns=columns, rows=rows))
    assert form.whole == [True, True, True]
    assert sum(form.widths) == pytest.approx(layout.PORTRAIT)
    assert form.widths[2] == max(form.widths)


def test_a_line_does_not_begin_with_a_dash() -> None:
    made = document.build([Prose(markdown="качество – 46,5 %, 2–4 классы\n\n- пункт")])
    assert made.items[0].nodes[0]["body"][0]["text"] == "качество\xa0– 46,5 %, 2–4 классы"


def test_a_table_may_ask_for_a_turned_page_and_takes_its_heading_along() -> None:
    table = Table(caption="Таблица", columns=[Head(title="А"), Head(title="Б")], rows=[Row(cells=["1", "2"])])
    assert not layout.of(table).landscape
    turned = table.model_copy(update={"landscape": True})
    assert layout.of(turned).landscape
    read = document.build(
        [META, Prose(markdown="# Раздел\n\nТекст.\n\n## Свод"), turned, Prose(markdown="## Дальше"), table]
    )
    found = document.with_headings(read.items)
    led = [[markdown.plain(node["body"]) for node in nodes] for _, nodes in found]
    assert led == [[], ["Свод"], [], []]
    assert [node["t"] for node in found[0][0].nodes] == ["heading", "p"]
    alone = document.with_headings(document.build([META, Prose(markdown="## Свод"), turned]).items)
    assert [type(item.block) for item, _ in alone] == [Table]  # nothing is left for the page before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("приказ от 14.12.2017 № 1218", "№\xa01218"),
        ("Верещагина Н. П., директор", "Верещагина\xa0Н.\xa0П.,"),
        ("директор Н. П. Верещагина", "Н.\xa0П.\xa0Верещагина"),
    ],
)
def test_numbers_of_orders_and_initials_stay_on_one_line(typed: str, kept: str) -> None:
    assert kept in markdown.plain(markdown.parse(typed)[0]["body"])
    assert kept in markdown.plain(markdown.inline(typed))


def test_the_name_of_a_total_row_has_one_line() -> None:
    heads = [Head(title="Класс"), *(Head(title=f"Показатель {at}", align="decimal") for at in range(11))]
    rows = [Row(cells=["5А", *["97,1"] * 11]), Row(cells=["По школе", *["97,1"] * 11], kind="total")]
    form = layout.of(Table(caption="", columns=heads, rows=rows))
    room = form.widths[0] * layout.CM - 2 * layout.INSET
    assert layout.width("По школе") * 1.08 * form.points <= room + 0.01
