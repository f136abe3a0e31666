"""Files tell nothing of a person, a computer or a template; each such trace, planted, is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from leak_school import make
from planted_files import CLEAN as UNTOUCHED, OFFICE, book, page, pdf, pdf_with_file, png, with_member, word

from soko.disclosure import properties
from soko.workspace import Workspace

TEMPLATE = b'<w:settings xmlns:w="a"><w:attachedTemplate w:val="x"/></w:settings>'


def _tracked(document: object) -> None:
    from docx.oxml import parse_xml
    from planted_files import W

    document.element.body.append(  # type: ignore[attr-defined]
        parse_xml(f'<w:p {W}><w:ins w:id="1" w:author="x"><w:r><w:t>да</w:t></w:r></w:ins></w:p>')
    )


CASES = {
    "docx author": (word(lambda made: setattr(made.core_properties, "author", "user")), properties.AUTHOR),
    "docx template": (with_member(word(lambda made: None), "word/other.xml", TEMPLATE), properties.TEMPLATE),
    "docx workbook": (with_member(word(lambda made: None), "word/embeddings/a.xlsx", OFFICE), properties.EMBEDDED),
    "docx change": (word(_tracked), properties.TRACKED),
    "docx comment": (
        word(lambda made: made.add_comment(made.paragraphs[0].runs, text="?", author="x")),
        properties.TRACKED,
    ),
    "xlsx author": (book(lambda made: setattr(made.properties, "creator", "user")), properties.AUTHOR),
    "xlsx hidden": (
        book(lambda made: setattr(made.create_sheet("2"), "sheet_state", "hidden")),
        properties.HIDDEN_SHEET,
    ),
    "pdf author": (pdf("Итоги", '#set document(author: "user")'), properties.AUTHOR),
    "pdf file": (pdf_with_file(b"1"), properties.EMBEDDED),
    "html author": (page("", '<meta name="author" content="user">'), properties.AUTHOR),
    "html path": (page("<!-- C:\\Users\\user\\report.html -->"), properties.MACHINE),
    "png path": (png((b"tEXt", b"Source\0/home/user/a.png")), properties.MACHINE),
    "notebook run": (
        json.dumps({"cells": [], "metadata": {"papermill": {"input_path": "a"}}, "nbformat": 4}).encode(),
        properties.RUN,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_trace_is_found(case: str) -> None:
    content, kind = CASES[case]
    assert kind in {found for _, found in properties.faults(content, frozenset({"", "Школа"}))}


@pytest.mark.parametrize("case", sorted(set(UNTOUCHED) - {"docx", "xlsx"}))
def test_a_file_without_traces_is_clean(case: str) -> None:
    assert list(properties.faults(UNTOUCHED[case][1], frozenset({""}))) == []


def test_the_school_and_its_people_are_authors(tmp_path: Path) -> None:
    names = properties.authors(Workspace(make(tmp_path / "school")))
    assert {"МБОУ «СОШ № 4 г. Ключевогорска»", "Лаптева Е.С."} <= names
    assert "user" not in names
