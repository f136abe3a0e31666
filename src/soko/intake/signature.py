"""What a file is, by its first bytes. The extension is never believed: a journal's .xls is often an HTML table."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from soko.intake.model import FileProblemError

Kind = Literal["xlsx", "xlsb", "ods", "xls", "html", "text"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes → what to tell; none of them can hold a table that intake reads.
_FOREIGN = {
    b"%PDF": "документ PDF",
    b"\x89PNG": "рисунок",
    b"\xff\xd8\xff": "фотография",
    b"GIF8": "рисунок",
    b"Rar!": "архив RAR",
    b"7z\xbc\xaf": "архив 7z",
    b"\x1f\x8b": "архив gzip",
    b"{\\rtf": "документ RTF",
    b"PAR1": "файл Parquet",
    b"SQLite format 3": "база данных",
}
_RESAVE = "откройте файл в Excel или LibreOffice, сохраните как «Книга Excel (.xlsx)» и положите вместо прежнего"


def kind_of(path: Path) -> Kind:
    """Tell the kind; FileProblemError for what is empty, encrypted or no table at all."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise FileProblemError("file_empty", "файл пуст (0 байт)", todo="выгрузите его заново или уберите из папки")
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise FileProblemError(
                "file_kind",
                f"это {what}, а не таблица",
                todo="положите сюда выгрузку журнала (xlsx, xls, ods, csv), а этот файл уберите",
            )
    if head[:4] in (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00") or head[:2] == b"\x09\x04":
        return "xls"  # a bare BIFF stream without its OLE container, as old exporters wrote it
    return "html" if _looks_like_html(head) else "text"


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            encrypted = any(item.flag_bits & 1 for item in archive.infolist())
            mime = archive.read("mimetype")[:100] if "mimetype" in names and not encrypted else b""
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        raise FileProblemError(
            "file_damaged",
            "книга повреждена: файл оборван или записан не до конца",
            todo="выгрузите файл заново; если он открывается в Excel, сохраните его под новым именем",
        ) from None
    if encrypted:
        raise password()
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.lower() == "xl/workbook.xml" for name in names) or ("[Content_Types].xml" in names and _has_xl(names)):
        return "xlsx"
    if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet") or "content.xml" in names:
        return "ods"
    what = "документ Word" if any(name.startswith("word/") for name in names) else "архив"
    raise FileProblemError(
        "file_kind",
        f"это {what}, а не таблица",
        todo="распакуйте архив или выгрузите таблицу (xlsx, xls, ods, csv), а этот файл уберите",
    )


def _has_xl(names: set[str]) -> bool:
    return any(name.startswith("xl/") for name in names)


def _ole_kind(path: Path) -> Kind:
    # The directory of an OLE container holds stream names in UTF-16; an encrypted xlsx is one stream of that name.
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        # The directory may stand anywhere; files of a school are small, and the size was checked before.
        content = stream.read(size)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise password()
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xls"
    what = "документ Word" if "WordDocument".encode("utf-16-le") in content else "файл старого формата Office"
    raise FileProblemError("file_kind", f"это {what}, а не таблица Excel", todo=_RESAVE)


def _looks_like_html(head: bytes) -> bool:
    sample = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    marks = (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<body", b"<style")
    return sample.startswith(b"<") and any(mark in sample for mark in marks)


def password() -> FileProblemError:
    """The finding for anything that asks for a password."""
    return FileProblemError(
        "file_password",
        "книга защищена паролем, прочитать её нельзя",
        todo="откройте её с паролем, снимите защиту (Файл – Сведения – Защита книги) и сохраните",
    )
