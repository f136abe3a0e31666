"""Files of every kind with something planted in one place of each: name of the case → (file name, bytes)."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import openpyxl
import pandas as pd
import typst
from docx.oxml import parse_xml
from leak_school import PUPIL
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

LAST, FIRST, THIRD = PUPIL.split()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html>\n<html><head>{head}</head>\n<body>\n<p>Итоги</p>\n{body}\n</body></html>".encode()


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunk(*item) for item in chunks) + data + chunk(b"IEND", b"")


def jpeg(field: bytes) -> bytes:
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(field) + 2) + field + b"\xff\xda\x00\x02\x00\xff\xd9"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def pdf(body: str, settings: str = "") -> bytes:
    source = f'#set document(title: "Отчёт", date: none)\n{settings}\n{body}'
    result = typst.compile(source.encode(), format="pdf", timestamp=0)
    assert isinstance(result, bytes)
    return result


def pdf_with_file(content: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Итоги"))))
    writer.add_attachment("список.csv", content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(change: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    document.add_paragraph("Итоги")
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_member(content: bytes, name: str, member: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, member)
    return out.getvalue()


def book(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "Итоги"
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _torn(document: docx.document.Document) -> None:
    paragraph = document.add_paragraph()
    for part in (LAST[:4], LAST[4:] + " ", FIRST[:2], FIRST[2:]):
        paragraph.add_run(part)


def _changed(document: docx.document.Document) -> None:
    document.element.body.append(
        parse_xml(f'<w:p {W}><w:del w:id="1" w:author="x"><w:r><w:delText>{PUPIL}</w:delText></w:r></w:del></w:p>')
    )


def _hidden(workbook: openpyxl.Workbook) -> None:
    sheet = workbook.create_sheet("Служебный")
    sheet.sheet_state = "veryHidden"
    sheet["B7"], sheet["C7"] = LAST, FIRST


def _comment(workbook: openpyxl.Workbook) -> None:
    workbook.active["A1"].comment = Comment(PUPIL, "x")


def _name(workbook: openpyxl.Workbook) -> None:
    workbook.defined_names[f"{LAST}_{FIRST}"] = DefinedName(f"{LAST}_{FIRST}", attr_text="Sheet!$A$1")


def _book_property(workbook: openpyxl.Workbook) -> None:
    workbook.properties.lastModifiedBy = f"{LAST} {FIRST}"


def _notebook(cell: dict[str, object], **metadata: object) -> bytes:
    whole = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["Итоги"]}, cell], "metadata": metadata,
             "nbformat": 4, "nbformat_minor": 5}  # fmt: skip
    return json.dumps(whole, ensure_ascii=True).encode()


def _output(**data: object) -> dict[str, object]:
    mime = {key.replace("_", "/"): value for key, value in data.items()}
    return {"cell_type": "code", "metadata": {}, "source": [], "outputs": [
        {"output_type": "display_data", "metadata": {}, "data": mime}]}  # fmt: skip


def _encrypted() -> bytes:
    content = bytearray(zipped(a__txt=b"1"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


def parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


TEXT = f"{LAST} {FIRST}".encode()
ENTITIES = "".join(f"&#{ord(char)};" for char in PUPIL)
ESCAPES = json.dumps(PUPIL)
PICTURE = png((b"tEXt", b"Author\0" + TEXT))
OFFICE = book(lambda made: made.active.append([LAST, FIRST]))

CASES: dict[str, tuple[str, bytes]] = {
    "html text": ("a.html", page(f"<p>Не успевает {PUPIL}.</p>")),
    "html cells": ("a.html", page(f"<table><tr><td>{LAST}</td>\n<td>{FIRST}</td></tr></table>")),
    "html torn by tags": ("a.html", page(f"<p>{LAST[:5]}<b>{LAST[5:]}</b> <i>{FIRST[0]}</i>{FIRST[1:]}</p>")),
    "html attribute": ("a.html", page(f'<img alt="Рисунок: {LAST} {FIRST}">')),
    "html comment": ("a.html", page(f"<!-- {PUPIL} -->")),
    "html script": ("a.html", page(f"<script>const data = [{ESCAPES}];</script>")),
    "html entities": ("a.html", page(f"<p>{ENTITIES}</p>")),
    "html address": (
        "a.html",
        page("<a href='/%D0%A5%D0%B0%D0%B1%D0%B8%D0%B1%D1%83%D0%BB%D0%BB%D0%B8%D0%BD%D0%B0'>я</a>"),
    ),
    "html meta": ("a.html", page("", f'<meta name="author" content="{LAST} {FIRST[0]}.{THIRD[0]}.">')),
    "svg in html": ("a.html", page(f"<svg><text>{LAST} {FIRST[0]}. {THIRD[0]}.</text></svg>")),
    "picture in html": ("a.html", page(f'<img src="data:image/png;base64,{base64.b64encode(PICTURE).decode()}">')),
    "svg": ("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{PUPIL}</desc></svg>'.encode()),
    "pdf page": ("a.pdf", pdf(f"Не успевает {PUPIL}.")),
    "pdf kerned": ("a.pdf", pdf(f"#text(tracking: 6pt)[{LAST} {FIRST}]")),
    "pdf hyphenated": ("a.pdf", pdf(f"#box(width: 2.6cm)[Обучающаяся {LAST[:6]}-?{LAST[6:]} {FIRST}]")),
    "pdf author": ("a.pdf", pdf("Итоги", f'#set document(author: "{LAST} {FIRST}")')),
    "pdf alternative text": ("a.pdf", pdf(f'#figure(alt: "{LAST} {FIRST}", rect())')),
    "pdf bookmark": ("a.pdf", pdf(f"= {LAST} {FIRST}")),
    "pdf file": ("a.pdf", pdf_with_file(TEXT)),
    "docx torn by runs": ("a.docx", word(_torn)),
    "docx property": ("a.docx", word(lambda made: setattr(made.core_properties, "keywords", PUPIL))),
    "docx header": ("a.docx", word(lambda made: setattr(made.sections[0].header.paragraphs[0], "text", PUPIL))),
    "docx tracked change": ("a.docx", word(_changed)),
    "docx comment": (
        "a.docx",
        word(lambda made: made.add_comment(made.paragraphs[0].add_run("?"), text=PUPIL, author="x")),
    ),
    "docx workbook": ("a.docx", with_member(word(lambda made: None), "word/embeddings/book.xlsx", OFFICE)),
    "docx picture": ("a.docx", with_member(word(lambda made: None), "word/media/image9.png", PICTURE)),
    "xlsx cells": ("a.xlsx", OFFICE),
    "xlsx hidden sheet": ("a.xlsx", book(_hidden)),
    "xlsx comment": ("a.xlsx", book(_comment)),
    "xlsx defined name": ("a.xlsx", book(_name)),
    "xlsx property": ("a.xlsx", book(_book_property)),
    "xlsx header": ("a.xlsx", book(lambda made: setattr(made.active.oddHeader.left, "text", PUPIL))),
    "notebook source": ("a.ipynb", _notebook({"cell_type": "code", "metadata": {}, "outputs": [], "source": [PUPIL]})),
    "notebook table": ("a.ipynb", _notebook(_output(text_html=[f"<td>{LAST}</td>\n", f"<td>{FIRST}</td>\n"]))),
    "notebook picture": ("a.ipynb", _notebook(_output(image_png=base64.b64encode(PICTURE).decode()))),
    "notebook property": ("a.ipynb", _notebook(_output(), authors=[{"name": PUPIL}])),
    "json": ("a.json", json.dumps({"rows": [[LAST, FIRST]]}).encode()),
    "csv": ("a.csv", f"№;Фамилия;Имя\n1;{LAST};{FIRST}\n".encode("cp1251")),
    "csv utf-16": ("a.csv", f"№;Фамилия;Имя\n1;{LAST};{FIRST}\n".encode("utf-16")),
    "parquet": ("a.parquet", parquet(pd.DataFrame({"a": [1], "last": [LAST], "first": [FIRST]}))),
    "parquet date": ("a.parquet", parquet(pd.DataFrame({"day": [pd.Timestamp(2013, 3, 14)]}))),
    "parquet column": ("a.parquet", parquet(pd.DataFrame({PUPIL: [1]}))),
    "png text": ("a.png", PICTURE),
    "png packed": ("a.png", png((b"zTXt", b"Title\0\0" + zlib.compress(TEXT)))),
    "png international": ("a.png", png((b"iTXt", b"Title\0\x01\0ru\0\0" + zlib.compress(TEXT)))),
    "png after its end": ("a.png", png() + TEXT),
    "jpeg exif": ("a.jpg", jpeg(b"Exif\0\0" + "Автор ".encode("utf-16-le") + PUPIL.encode("utf-16-le"))),
    "jpeg iptc": ("a.jpg", jpeg(b"Photoshop\0" + PUPIL.encode("cp1251"))),
    "zip in zip": ("a.zip", zipped(b__zip=zipped(c__docx=word(_torn)))),
    "name within a zip": ("a.zip", zipped(**{f"{LAST} {FIRST}__txt": b"1"})),
    "gzip": ("a.gz", gzip.compress(TEXT)),
    "file name": (f"Справка {LAST} {FIRST[0]}.{THIRD[0]}..txt", b"1"),
    "latin file name": ("Khabibullina_Snezhana.txt", b"1"),
    "latin initials": ("spravka_KhabibullinaSR.txt", b"1"),
    "folder name": (f"{LAST}/a.txt", b"1"),
    "encrypted zip": ("a.zip", _encrypted()),
    "unknown binary": ("a.bin", b"\x01\x02\x00\x03" * 9),
    "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "broken pdf": ("a.pdf", b"%PDF-1.7\n\x00"),
    "broken archive": ("a.docx", b"PK\x03\x04" + b"\0" * 50),
}

#: Cases that are a finding because nobody can look into them.
OPAQUE = {"encrypted zip", "unknown binary", "old word", "broken pdf", "broken archive"}

CLEAN: dict[str, tuple[str, bytes]] = {
    "html": ("a.html", page(f'<img src="data:image/png;base64,{base64.b64encode(png()).decode()}">')),
    "pdf": ("a.pdf", pdf("= Итоги\nУспеваемость – 96,6 %.")),
    "docx": ("a.docx", with_member(word(lambda made: None), "word/media/image9.png", png())),
    "xlsx": ("a.xlsx", book(lambda made: made.active.append(["Класс", "7А"]))),
    "notebook": ("a.ipynb", _notebook(_output(text_html=["<td>7А</td>\n"]))),
    "parquet": ("a.parquet", parquet(pd.DataFrame({"class": ["7А"], "day": [pd.Timestamp(2026, 5, 26)]}))),
    "jpeg": ("a.jpg", jpeg(b"Exif\0\0")),
    "zip": ("a.zip", zipped(b__txt="Итоги".encode())),
}
