"""Look into a zipped workbook before calamine does: its real size, hidden parts, cells without a value.

calamine allocates a dense rectangle up to the last filled cell and drops error cells and formulas that were never
calculated without a word; one mark in XFD1048576 would take the machine's memory, and a mark column of formulas
written by a script would read as «no marks».
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from soko.intake.config import Limits
from soko.intake.model import CELL_ERROR, NO_CACHE, FileProblemError
from soko.intake.words import column_index

_REF = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_NO_VALUE = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_CHUNK = 1 << 20
_MB = 1 << 20


@dataclass
class Scan:
    """What the scan of one sheet found: 0-based cells without a readable value, and how many rows are hidden."""

    unread: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: int = 0


def too_big(what: str) -> FileProblemError:
    """The finding for a file beyond the limits of params/sources.yaml."""
    return FileProblemError(
        "file_too_big",
        f"{what}; такой файл не читается, чтобы не занять всю память",
        todo="удалите лишние строки и столбцы за концом таблицы и сохраните; пределы – params/sources.yaml, limits",
    )


def unpack_guard(path: Path, limits: Limits) -> None:
    """Refuse a zip whose parts unpack beyond the limit (by real bytes, not by what the archive says of itself)."""
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for item in archive.infolist():
                with archive.open(item) as stream:
                    while chunk := stream.read(_CHUNK):
                        total += len(chunk)
                        if total > limits.unpacked_mb * _MB:
                            raise too_big(f"после распаковки книга больше {limits.unpacked_mb} МБ")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        raise damaged() from None
    except Exception as error:
        if isinstance(error, FileProblemError):
            raise
        raise damaged() from None  # zlib.error and its kind


def damaged() -> FileProblemError:
    """The finding for a workbook that does not open."""
    return FileProblemError(
        "file_damaged",
        "книга не открывается: она повреждена или в ней листы, которых программа не читает (макросы)",
        todo="выгрузите файл заново; если Excel его открывает, сохраните как «Книга Excel (.xlsx)»",
    )


def scan_xlsx(path: Path, limits: Limits) -> dict[str, Scan]:
    """Scan every worksheet; the key is the sheet's name. FileProblemError when a sheet's area is beyond the limits."""
    scans: dict[str, Scan] = {}
    with zipfile.ZipFile(path) as archive:
        for name, part in _sheet_parts(archive).items():
            try:
                content = archive.read(part)
            except KeyError:
                continue
            _area_guard(content, name, limits)
            scan = Scan(hidden_rows=len(_HIDDEN_ROW.findall(content)))
            if b"<f" in content or b":f" in content:
                scan.unread |= {_cell(match): NO_CACHE for match in _NO_VALUE.findall(content)}
            if b't="e"' in content:
                scan.unread |= {_cell(match): CELL_ERROR for match in _ERROR.findall(content)}
            scans[name] = scan
    return scans


def _cell(match: tuple[bytes, bytes]) -> tuple[int, int]:
    return int(match[1]) - 1, column_index(match[0].decode())


def _area_guard(content: bytes, name: str, limits: Limits) -> None:
    columns: set[bytes] = set()
    last = 0
    for letters, number in _REF.findall(content):
        columns.add(letters)
        row = int(number)
        if row > last:
            last = row
    width = max((column_index(letters.decode()) + 1 for letters in columns), default=0)
    check_area(last, width, name, limits)


def check_area(height: int, width: int, name: str, limits: Limits) -> None:
    """Refuse a sheet whose filled rectangle is beyond the limits."""
    if height > limits.rows or width > limits.columns or height * width > limits.cells:
        raise too_big(f"на листе «{name}» заполненная область – {height} × {width} ячеек")


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
        rels = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    except (KeyError, etree.XMLSyntaxError):
        return {}  # calamine is asked next and says whether the book opens
    targets = {item.get("Id"): item.get("Target", "") for item in rels}
    parts = {}
    for sheet in book.iter("{*}sheet"):
        relation = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        target = targets.get(relation, "")
        parts[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def scan_ods(path: Path, limits: Limits) -> None:
    """Refuse an ODS sheet whose repeated cells unfold beyond the limits."""
    with zipfile.ZipFile(path) as archive:
        try:
            stream = archive.open("content.xml")
        except KeyError:
            raise damaged() from None
        with stream:
            _unfold(stream, limits)


def _unfold(stream: object, limits: Limits) -> None:
    height = filled_height = width = row_width = 0
    name = ""
    try:
        for event, node in etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=True
        ):
            tag = etree.QName(node).localname
            if event == "start":
                if tag == "table":
                    name = next((value for key, value in node.attrib.items() if key.endswith("}name")), "")
                    height = filled_height = width = 0
                elif tag == "table-row":
                    row_width = 0
                continue
            if tag in ("table-cell", "covered-table-cell"):
                row_width += _repeated(node, "columns")
                if len(node) or any(key.endswith("}value") for key in node.attrib):
                    width = max(width, row_width)
                    filled_height = -1
            elif tag == "table-row":
                height += _repeated(node, "rows")
                if filled_height == -1:
                    filled_height = height
                    check_area(height, width, name, limits)
                node.clear()
    except etree.XMLSyntaxError:
        raise damaged() from None


def _repeated(node: etree._Element, what: str) -> int:
    for key, value in node.attrib.items():
        if str(key).endswith(f"}}number-{what}-repeated"):
            return int(value) if str(value).isdigit() else 1
    return 1
