"""What of a period goes to the site: the documents of its public folder, each in its formats, and data files.

Only the public edition is taken, and of it only what readers use: notebooks, Parquet, the audit of the release and
tables that params/site.yaml does not list stay at home. A page that does not say that it is of the public edition is
refused, whatever folder it lies in.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from soko.errors import DataError
from soko.russian import listing

FORMATS = {".html": "HTML", ".pdf": "PDF", ".docx": "DOCX"}
DATA = {".csv": "CSV", ".xlsx": "XLSX"}
_AT_HOME = {".ipynb", ".parquet", ".json"}
_MAIN = re.compile(r'<main id="text" class="soko">\s*(.*?)\s*</main>\s*(?:<footer|</body>)', re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_META = '<meta name="dcterms.{}" content="([^"]*)">'


@dataclass(frozen=True)
class Page:
    """A document's page, taken out of its frame. ``body`` is markup, ``title`` plain text, ``date`` ISO or empty."""

    title: str
    date: str
    body: str


@dataclass(frozen=True)
class Document:
    """A document: its name (stem of its files), its page, all its files by suffix."""

    name: str
    page: Page
    files: dict[str, Path]


@dataclass(frozen=True)
class Found:
    """What a folder of public files holds: documents in order, data files by name."""

    documents: list[Document] = field(default_factory=list)
    data: list[Path] = field(default_factory=list)

    @property
    def files(self) -> list[Path]:
        """Every file that goes to the site."""
        return [path for item in self.documents for path in item.files.values()] + self.data


def found(folder: Path, where: str, order: Sequence[str] = (), tables: Container[str] | None = None) -> Found:
    """Read ``folder`` (``where`` in messages); documents of ``order`` first. DataError for what cannot leave.

    Of data files only those in ``tables`` (names without suffix) are taken; None takes all.
    """
    paths = sorted(path for path in folder.glob("*") if not path.name.startswith((".", "~$")))
    strange = [path.name for path in paths if not path.is_file() or not _is_known(path)]
    if strange:
        raise DataError(
            f"среди публичных документов есть то, что на сайт не выкладывают: {listing(strange, 5)}",
            where=where,
            todo="уберите эти файлы из папки: на сайт идут только HTML, PDF, DOCX, CSV и XLSX",
        )
    stems: dict[str, dict[str, Path]] = {}
    for path in paths:
        if path.suffix in FORMATS:
            stems.setdefault(path.stem, {})[path.suffix] = path
    places = {name: at for at, name in enumerate(order)}
    names = sorted(stems, key=lambda name: (places.get(name, len(places)), name))
    documents = [_document(name, stems[name], where) for name in names]
    return Found(documents, [path for path in paths if path.suffix in DATA and (tables is None or path.stem in tables)])


def page(path: Path, where: str) -> Page:
    """A page of ours, in the frame of the product or of the site. DataError for any other, and for an internal one."""
    text = path.read_text(encoding="utf-8", errors="replace")
    main, title = _MAIN.search(text), _TITLE.search(text)
    if main is None or title is None:
        raise DataError(
            "страница сделана не этой программой",
            where=f"{where}/{path.name}",
            todo="уберите её из папки или выпустите документ заново",
        )
    if _meta(text, "audience") != "public":
        raise DataError(
            "это внутренняя редакция документа: на сайт идёт только публичная",
            where=f"{where}/{path.name}",
            todo="уберите файл: публичную редакцию программа делает сама",
        )
    return Page(unescape(title[1]).strip(), _meta(text, "date"), main[1])


def _document(name: str, files: dict[str, Path], where: str) -> Document:
    if ".html" not in files:
        raise DataError(
            "у документа нет страницы HTML",
            where=f"{where}/{next(iter(files.values())).name}",
            todo="выпустите документ заново",
        )
    ordered = {suffix: files[suffix] for suffix in FORMATS if suffix in files}
    return Document(name, page(files[".html"], where), ordered)


def _is_known(path: Path) -> bool:
    return path.suffix in FORMATS or path.suffix in DATA or path.suffix in _AT_HOME


def _meta(text: str, name: str) -> str:
    match = re.search(_META.format(name), text)
    return unescape(match[1]) if match else ""
