"""The drafts of orders in a folder, for the index page: which files belong together and what they are about."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

EXTRACT = "_extract"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def drafts(folder: Path) -> list[tuple[str, list[tuple[Path, str]]]]:
    """Of every order: what it is about, and its files with the word of their links."""
    found = []
    for path in sorted(folder.glob("*.docx")):
        if path.stem.endswith(EXTRACT):
            continue
        files = [(path, "Приказ (DOCX)"), (path.with_name(f"{path.stem}{EXTRACT}.docx"), "Выписка (DOCX)")]
        about = _title(path).removeprefix("Приказ. ") or path.stem
        found.append((about, [(item, word) for item, word in files if item.is_file()]))
    return found


def _title(path: Path) -> str:
    """The title among a Word file's properties; empty where there is none."""
    try:
        with zipfile.ZipFile(path) as package:
            read = etree.fromstring(package.read("docProps/core.xml"), etree.XMLParser(resolve_entities=False))
    except (OSError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError):
        return ""
    return str(read.findtext(_TITLE) or "").strip()
