"""Signatures in print: on one line, together, and never on a page of their own."""

from __future__ import annotations

import io

import pypdf
import pytest

from soko.publish import document, pdf
from soko.publish.blocks import Head, Meta, Prose, Row, Signature, Signatures, Table, Title

POST = "Составитель: заместитель директора по УВР"


def pages(count: int, text: str = "") -> list[str]:
    table = Table(
        caption="Рекомендации",
        columns=[Head(title="№"), Head(title="Что сделать")],
        rows=[Row(cells=[str(at), f"строка{at}{text}"]) for at in range(1, count + 1)],
        notes=["Предложены по правилам."],
    )
    signed = Signatures(lines=[Signature(post=POST, name="Лаптева Е.С.")], acquainted=3)
    parts = [Meta(title="Справка"), Title(school="Школа", title="Справка"), table, signed]
    reader = pypdf.PdfReader(io.BytesIO(pdf.build(document.build(parts))))
    return [page.extract_text() for page in reader.pages]


@pytest.mark.parametrize("count", [3, 31, 34, 36, 38, 40, 42, 44, 60])
def test_signatures_stand_with_rows_of_the_table_before_them(count):
    found = pages(count)
    assert "Ознакомлены" in found[-1]
    assert POST in found[-1]
    assert f"строка{count}" in found[-1]
    assert "Предложены" in found[-1]
    text = "\n".join(found)
    assert [at for at in range(1, count + 1) if f"строка{at}" not in text] == []
    assert all("Что сделать" in page for page in found), "the header repeats"


def test_one_tall_row_is_company_enough() -> None:
    """Three rows of many lines would leave half of the page before empty."""
    ends = [sum(f"строка{at}\n" in page.replace(" ", "\n") for at in range(1, count + 1)) for count in range(5, 12)
            for page in pages(count, " и ещё слова" * 40)[-1:]]  # fmt: skip
    assert min(ends) == 1


@pytest.mark.parametrize("count", range(34, 50, 2))
def test_a_page_never_begins_with_less_than_three_rows_of_a_table(count):
    table = Table(
        caption="Предметы",
        columns=[Head(title="№"), Head(title="Предмет")],
        rows=[Row(cells=[str(at), f"предмет{at}я"]) for at in range(1, count + 1)],
    )
    parts = [Meta(title="Справка"), Title(school="Школа", title="Справка"), table, Prose(markdown="Текст после.")]
    found = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.build(document.build(parts)))).pages]
    rows = [sum(f"предмет{at}я" in page for at in range(1, count + 1)) for page in found]
    assert sum(rows) == count
    assert min(number for number in rows if number) >= 3


def test_a_short_table_is_not_divided():
    table = Table(
        caption="Итоги",
        columns=[Head(title="№"), Head(title="Предмет")],
        rows=[Row(cells=[str(at), f"предмет{at}я"]) for at in range(1, 6)],
    )
    for lines in range(30, 46, 3):
        text = "\n\n".join(["Строка."] * lines)
        parts = [Meta(title="Справка"), Title(school="Школа", title="Справка"), Prose(markdown=text), table]
        found = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.build(document.build(parts)))).pages]
        assert {sum(f"предмет{at}я" in page for at in range(1, 6)) for page in found} <= {0, 5}
