"""Signatures in print: on one line, together, and never on a page of their own."""

from __future__ import annotations

import io

import pypdf
import pytest

from soko.publish import document, pdf
from soko.publish.blocks import Head, Meta, Row, Signature, Signatures, Table, Title

POST = "Составитель: заместитель директора по УВР"


def pages(count: int) -> list[str]:
    table = Table(
        caption="Рекомендации",
        columns=[Head(title="№"), Head(title="Что сделать")],
        rows=[Row(cells=[str(at), f"строка{at}"]) for at in range(1, count + 1)],
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
