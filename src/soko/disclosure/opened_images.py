"""Pictures: text fields of PNG, EXIF, XMP, comments. What is drawn cannot be read; our charts draw aggregates alone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from soko.disclosure.texts import CUT, Closed, Piece

Found = Iterator[Piece | Closed]
_PNG = b"\x89PNG\r\n\x1a\n"
_TEXT = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP"}
# Critical chunks and those that hold numbers alone.
_DUMB = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"pHYs", b"gAMA", b"sRGB", b"cHRM", b"tRNS", b"bKGD", b"sBIT", b"hIST",
         b"tIME", b"cICP"}  # fmt: skip
_ENCODINGS = ("utf-8", "cp1251", "utf-16-le", "utf-16-be")


def picture(content: bytes, inside: str) -> Found:
    """The texts within a picture."""
    if content.startswith(_PNG):
        yield from _png(content, inside)
    elif content.startswith(b"\xff\xd8\xff"):
        yield from _jpeg(content, inside)
    else:
        yield from raw(content, inside, "содержимое рисунка")


def raw(content: bytes, inside: str, label: str) -> Found:
    """Bytes read in every encoding that a Russian text may have."""
    texts = [content.decode(name, errors="ignore") for name in _ENCODINGS]
    texts.append(content[1:].decode("utf-16-le", errors="ignore"))
    yield Piece(f"\n{CUT}\n".join(texts), f"{inside}, {label}" if inside else label)


def _png(content: bytes, inside: str) -> Found:
    at = len(_PNG)
    while at + 12 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + size]
        at += 12 + size
        if name not in _DUMB:
            label = f"поле {name.decode('latin-1', 'replace')} рисунка"
            yield from raw(_inflated(name, body) if name in _TEXT else body, inside, label)
        if name == b"IEND":
            break
    if content[at:].strip(b"\x00"):
        yield from raw(content[at:], inside, "данные после конца рисунка")


def _inflated(name: bytes, body: bytes) -> bytes:
    key, _, rest = body.partition(b"\x00")
    packed = rest[1:] if name in (b"zTXt", b"iCCP") else b""
    if name == b"iTXt" and rest[:1] == b"\x01":
        packed = rest[2:].split(b"\x00", 2)[-1]
        key += b"\n" + rest[2:].rpartition(packed)[0]
    if packed:
        try:
            return key + b"\n" + zlib.decompressobj().decompress(packed, 1 << 24)
        except zlib.error:
            return body
    return body


def _jpeg(content: bytes, inside: str) -> Found:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:  # the picture itself begins
            break
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            yield from raw(content[at + 4 : at + 2 + size], inside, "сведения о снимке (EXIF, XMP, IPTC)")
        at += 2 + size
    end = content.rfind(b"\xff\xd9")
    if end >= 0 and content[end + 2 :].strip(b"\x00"):
        yield from raw(content[end + 2 :], inside, "данные после конца рисунка")
