"""Read a file of any kind as pieces of text. What it is, its first bytes say; the name is not believed.

Everything that holds text is looked into: markup with its attributes, comments and scripts; parts of office files;
pages, properties, attachments and alternative texts of PDF; rows of tables; text and camera fields of pictures; members
of archives within archives. A kind that is not known is ``Closed``, which is a finding of its own.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator

from soko.disclosure.opened_images import picture
from soko.disclosure.opened_markup import markup, notebook, script
from soko.disclosure.opened_tables import parquet, sheets
from soko.disclosure.texts import Closed, Piece, together

Found = Iterator[Piece | Closed]
_DEPTH = 6
_MOST = 512 * 1024 * 1024  # bytes unpacked of one archive: what is bigger is a bomb
_FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*", b"BM")
_CLOSED = {
    b"\xd0\xcf\x11\xe0": "документ старого вида (doc, xls), объект OLE или файл под паролем",
    b"Rar!": "архив RAR",
    b"7z\xbc\xaf": "архив 7z",
    b"SQLite format 3": "база данных",
    b"{\\rtf": "документ RTF",
}


def pieces(content: bytes, inside: str = "", depth: int = 0) -> Found:
    """Everything that ``content`` says; ``inside`` names the way to it within a file."""
    if not content:
        return
    if depth > _DEPTH:
        yield Closed(inside, "архивы вложены слишком глубоко")
    elif content.startswith(b"PK"):
        yield from _zip(content, inside, depth)
    elif content[:1024].lstrip().startswith(b"%PDF"):
        from soko.disclosure.opened_pdf import pdf

        yield from pdf(content, inside, lambda data, place: pieces(data, place, depth + 1))
    elif content.startswith(b"PAR1"):
        yield from parquet(content, inside)
    elif content.startswith(_PICTURES):
        yield from picture(content, inside)
    elif content.startswith(_FONTS):
        yield from _font(content, inside)
    elif content.startswith(b"\x1f\x8b"):
        yield from _gzip(content, inside, depth)
    elif closed := next((why for magic, why in _CLOSED.items() if content.startswith(magic)), ""):
        yield from _old_table(content, inside)
        yield Closed(inside, closed)
    elif (text := decoded(content)) is None:
        yield Closed(inside, "двоичный файл неизвестного вида")
    else:
        yield from _text(text, inside, depth)


def decoded(content: bytes) -> str | None:
    """The text of ``content``; None when it is none. Without a mark it is UTF-8, else Windows' Cyrillic."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        strange = sum(byte < 9 or 13 < byte < 32 for byte in content[:4096])
        return None if strange else content.decode("cp1251", errors="replace")


def _text(text: str, inside: str, depth: int) -> Found:
    start = text[:2000].lstrip()
    if start.startswith("{") and '"nbformat"' in text:
        yield from notebook(text, inside, lambda data, place: pieces(data, place, depth + 1))
    elif start.startswith("<"):
        yield from markup(text, inside, lambda data, place: pieces(data, place, depth + 1))
    else:
        yield from script(text, inside, lambda data, place: pieces(data, place, depth + 1))


def _zip(content: bytes, inside: str, depth: int) -> Found:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        if sum(item.file_size for item in members) > _MOST:
            yield Closed(inside, "архив распаковывается в слишком большой объём")
            return
        comments = [("пояснение к архиву", archive.comment.decode("utf-8", "replace"))]
        comments += [("имена внутри архива", item.filename) for item in members]
        comments += [("пояснение к файлу архива", item.comment.decode("utf-8", "replace")) for item in members]
        yield together([part for part in comments if part[1]], inside)
        names = {item.filename for item in members}
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
            yield from sheets(content, inside)
        for item in members:
            place = f"{inside} → {item.filename}" if inside else item.filename
            if item.flag_bits & 1:
                yield Closed(place, "файл архива под паролем")
            elif not item.is_dir():
                yield from pieces(archive.read(item), place, depth + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        yield Closed(inside, "архив или документ повреждён")


def _gzip(content: bytes, inside: str, depth: int) -> Found:
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            unpacked = stream.read(_MOST + 1)
    except (OSError, EOFError, ValueError):
        yield Closed(inside, "архив повреждён")
        return
    if len(unpacked) > _MOST:
        yield Closed(inside, "архив распаковывается в слишком большой объём")
    else:
        yield from pieces(unpacked, inside, depth + 1)


def _font(content: bytes, inside: str) -> Found:
    """A font has names of its own, in UTF-16; the outlines say nothing of anybody."""
    if not content.startswith(b"wOF"):
        yield Piece(content.decode("utf-16-be", errors="ignore") + "\n" + content.decode("latin-1"), inside)


def _old_table(content: bytes, inside: str) -> Found:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        yield from (item for item in sheets(content, inside) if isinstance(item, Piece))
