"""How pages are filled: what cannot be divided leaves no half-empty page, and nothing is lost when blocks move."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from soko.publish import document, paging, pdf
from soko.publish.blocks import (
    Callout,
    Figure,
    Head,
    Meta,
    PageBreak,
    Prose,
    Row,
    Signature,
    Signatures,
    Table,
    Title,
)

META = Meta(title="Проверочная справка", running_head="Колонтитул", date="2026-01-12", author="Школа")
WORDS = "Слово за словом складываются в обычный абзац, который занимает на странице несколько строк. " * 3


def chart(height: float, name: str = "А") -> Figure:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="460pt" height="{height}pt">'
        f'<rect width="460" height="{height}" fill="#ccc"/></svg>'
    )
    return Figure(caption=f"Рисунок-{name}", svg=svg, alt="Полоса.", source="Источник.")


def table(rows: int, name: str = "А") -> Table:
    cells = [[f"строка-{name}-{at:03d}", "1,5"] for at in range(rows)]
    heads = [Head(title="Предмет"), Head(title="Доля", unit="%", align="decimal")]
    return Table(caption=f"Таблица-{name}", columns=heads, rows=[Row(cells=one) for one in cells], notes=["База."])


def paragraphs(count: int) -> Prose:
    return Prose(markdown="\n\n".join(f"Абзац{at}. {WORDS}" for at in range(count)))


def settled(*blocks: Any) -> paging._Pages:
    """The layout that is printed."""
    seen: list[tuple[dict[str, Any], paging._Pages]] = []
    made = pdf.data(document.build([META, *blocks]))

    def lay_out(laid: dict[str, Any]) -> paging.Places:
        compiler = pdf._compiler((pdf.TEMPLATES / "note.typ").read_bytes(), {"doc": pdf._text(laid)})
        seen.append((laid, paging._Pages(laid["blocks"], pdf._places(compiler))))
        return seen[-1][1].places

    printed = paging.settle(made, lay_out)
    return next(pages for laid, pages in seen if laid is printed)


def text(*blocks: Any) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf.build(document.build([META, *blocks]))))
    return "\n".join(page.extract_text() for page in reader.pages)


def figures(pages: paging._Pages) -> list[dict[str, Any]]:
    return [block for block in pages.blocks if block["type"] == "figure"]


def test_a_chart_that_nearly_fits_is_made_a_little_smaller() -> None:
    made = settled(paragraphs(4), chart(430), paragraphs(3))
    [shown] = figures(made)
    assert made.places["z5"][0] == 1
    assert paging.SMALLEST * 430 <= shown["height"] < 430
    assert shown["width"] / shown["height"] == pytest.approx(460 / 430)


def test_text_of_the_section_comes_before_a_chart_that_does_not_fit() -> None:
    made = settled(paragraphs(5), chart(540), table(30), Prose(markdown="## Другой раздел\n\nТекст."))
    assert not made.short()
    kinds = [block["type"] for block in made.blocks]
    assert kinds.index("table") < kinds.index("figure")
    heading = next(at for at, block in enumerate(made.blocks) if paging._is_heading(block))
    assert kinds.index("figure") < heading  # it stays in its section


def test_charts_keep_their_order() -> None:
    made = settled(paragraphs(5), chart(540, "А"), chart(540, "Б"), table(30))
    assert [block["caption"].split("-")[-1] for block in figures(made)] == ["А", "Б"]


def test_a_line_to_be_filled_in_by_hand_stays_at_the_end_of_its_section() -> None:
    asked = Prose(markdown="**Предположение о причине** (заполняет заместитель директора):\n\n---")
    made = settled(paragraphs(5), chart(540), asked, paragraphs(8))
    kinds = [block["nodes"][0]["t"] if block["type"] == "prose" else block["type"] for block in made.blocks]
    assert kinds.index("figure") < kinds.index("rule")


def test_a_last_page_of_a_few_lines_is_taken_back() -> None:
    """However long the text is, its last page has more than a few lines."""
    for lines in range(38, 47, 2):
        made = settled(Prose(markdown="Строка.\n\n" * lines))
        assert not made.tiny_end(), lines


def test_a_page_break_under_a_few_lines_is_none_and_a_title_page_stays_alone() -> None:
    flowing = settled(paragraphs(3), PageBreak(), paragraphs(12))
    assert not any(block["type"] == "page_break" for block in flowing.blocks)
    kept = settled(paragraphs(10), PageBreak(), paragraphs(12))
    assert any(block["type"] == "page_break" for block in kept.blocks)
    alone = settled(Title(school="Школа", title="Отчёт", alone=True), PageBreak(), paragraphs(12))
    assert alone.places["a2"][0] == 2
    asked = settled(paragraphs(9), PageBreak(flowing=True), paragraphs(12))
    assert not any(block["type"] == "page_break" for block in asked.blocks)


def test_a_short_table_of_tall_rows_is_divided_rather_than_leave_half_a_page() -> None:
    rows = [Row(cells=[f"Строка {at}. {WORDS * 2}", "–"]) for at in range(5)]
    heads = [Head(title="Что сделать", width=1), Head(title="Кто", width=1)]
    made = settled(paragraphs(4), Table(caption="Рекомендации", columns=heads, rows=rows), paragraphs(6))
    assert not made.short()


def test_signatures_are_not_alone_on_a_page() -> None:
    signed = Signatures(lines=[Signature(post="Директор", name="А. А. Иванова")], acquainted=3)
    for lines in range(24, 42, 3):
        made = settled(Prose(markdown="Строка.\n\n" * lines), table(8), signed)
        assert not made.signed_alone(), lines


@pytest.mark.parametrize("rows", [14, 18, 22])
def test_a_table_with_long_notes_is_not_two_tables_on_one_page(rows: int) -> None:
    """Its last rows go with the notes to the next page, or stay; a second head in the middle of a page is neither."""
    noted = table(rows).model_copy(update={"notes": [f"Примечание {at}." for at in range(50)]})
    made = settled(noted, paragraphs(2))
    again = [at for at, block in enumerate(made.blocks) if block["type"] == "table" and not block["caption"]]
    assert all(made.places[f"a{at}"][0] != made.places[f"z{at - 2}"][0] for at in again)


def test_a_table_does_not_begin_with_one_row_at_the_end_of_a_page_nor_end_in_notes_alone() -> None:
    for lines in range(28, 44, 3):
        made = settled(Prose(markdown="Строка.\n\n" * lines), table(9), paragraphs(2))
        assert made.heads_alone() == made.notes_alone() == [], lines


BLOCKS = st.lists(
    st.one_of(
        st.integers(1, 5).map(paragraphs),
        st.sampled_from([120, 300, 480, 540]).map(chart),
        st.integers(1, 40).map(table),
        st.just(Prose(markdown="## Раздел\n\nТекст раздела.")),
        st.just(Callout(title="Коротко", markdown=WORDS)),
        st.just(PageBreak()),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS)
def test_nothing_is_lost_or_said_twice_wherever_it_is_put(blocks: list[Any]) -> None:
    shown = text(*blocks)
    flat = re.sub(r"[\s\xad\u200b-]", "", shown)
    assert flat.count("Рисунок") == 2 * sum(block.type == "figure" for block in blocks)  # «Рисунок 1 – Рисунок-А»
    assert re.findall(r"Рисунок(\d+)–", flat) == [
        str(at) for at in range(1, 1 + sum(block.type == "figure" for block in blocks))
    ]
    assert flat.count("строкаА000") == sum(block.type == "table" for block in blocks)
    assert flat.count("Текстраздела.") == sum(getattr(block, "markdown", "").startswith("##") for block in blocks)
    assert settled(*blocks).faults() <= _unsettled(blocks)


def _unsettled(blocks: list[Any]) -> int:
    """Faults of the layout that nothing was done about."""
    made = pdf.data(document.build([META, *blocks]))
    compiler = pdf._compiler((pdf.TEMPLATES / "note.typ").read_bytes(), {"doc": pdf._text(made)})
    return paging._Pages(made["blocks"], pdf._places(compiler)).faults()
