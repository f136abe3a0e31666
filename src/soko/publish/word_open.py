"""Open a Word file that somebody else has made: a template of the school. What could do harm is refused in words.

A template is opened by a program without anybody looking: archives that unpack without end, macros, embedded objects,
links to other files and addresses, entities of XML. Comments and tracked changes would go out with every document.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from lxml import etree

from soko.errors import ConfigError

_MOST_BYTES, _MOST_PARTS, _CHUNK = 30 << 20, 400, 1 << 16
_MAIN = "word/document.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TRACKED = (f"{_WORD}ins", f"{_WORD}del", f"{_WORD}moveFrom", f"{_WORD}moveTo")
#: What documents may consist of, by the last word of a relation's type.
KEPT = frozenset(
    (
        *("officeDocument", "core-properties", "styles", "theme", "settings", "numbering", "fontTable"),
        *("header", "footer", "image", "footnotes", "endnotes"),
    )
)
#: What Word adds on its own and a document does without.
DROPPED = frozenset(
    (
        *("extended-properties", "custom-properties", "thumbnail", "webSettings", "glossaryDocument", "customXml"),
        *("customXmlProps", "people", "attachedTemplate", "stylesWithEffects", "commentsIds", "commentsExtended"),
        "classificationlabels",
    )
)
_NAMES = {
    "comments": "примечания",
    "vbaProject": "макросы",
    "oleObject": "внедрённый объект",
    "package": "внедрённый файл",
    "control": "элемент ActiveX",
    "chart": "диаграмма",
    "subDocument": "вложенный документ",
    "aFChunk": "вложенный документ",
    "mailMergeSource": "источник слияния",
}


def read(path: Path) -> bytes:
    """Return the bytes of a Word file that is safe to open; ConfigError says what is wrong with it and what to do."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = _unpacked(package, path)
    except FileNotFoundError:
        raise ConfigError(
            "нет файла шаблона", where=str(path), todo="верните файл или уберите ссылку на него"
        ) from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError, zlib.error):
        raise _broken(path) from None
    if _MAIN not in parts or "[Content_Types].xml" not in parts:
        raise _broken(path)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            _check(name, _parsed(content, path), path)
        elif name.lower().endswith((".bin", ".exe", ".dll", ".ocx")):
            raise _refused("макросы или внедрённый объект", path)
    return path.read_bytes()


def kind(relation: str) -> str:
    """The last word of a relation's type: «header», «oleObject»."""
    return relation.rpartition("/")[2]


def _unpacked(package: zipfile.ZipFile, path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    if len(package.infolist()) > _MOST_PARTS:
        raise ConfigError(f"в файле больше {_MOST_PARTS} частей", where=str(path), todo="сохраните шаблон заново")
    for item in package.infolist():
        pieces = []
        with package.open(item) as stream:  # by real bytes, not by what the archive says of itself
            while piece := stream.read(_CHUNK):
                total += len(piece)
                if total > _MOST_BYTES:
                    raise ConfigError(
                        f"после распаковки файл больше {_MOST_BYTES >> 20} МБ",
                        where=str(path),
                        todo="уменьшите рисунки в шаблоне и сохраните его заново",
                    )
                pieces.append(piece)
        found[item.filename] = b"".join(pieces)
    return found


def _parsed(content: bytes, path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise _broken(path) from None
    if tree.getroottree().docinfo.doctype:
        raise ConfigError(
            "в файле есть объявления XML (DOCTYPE), каких в документах Word не бывает",
            where=str(path),
            todo="возьмите шаблон из надёжного источника",
        )
    return tree


def _check(name: str, tree: etree._Element, path: Path) -> None:
    if name == "[Content_Types].xml":
        if any("macroEnabled" in str(item.get("ContentType", "")) for item in tree):
            raise _refused(_NAMES["vbaProject"], path)
    elif name.endswith(".rels"):
        for item in tree:
            what = kind(str(item.get("Type", "")))
            if what in DROPPED:
                continue
            if item.get("TargetMode") == "External":
                raise ConfigError(
                    f"шаблон ссылается на «{str(item.get('Target', ''))[:80]}»",
                    where=str(path),
                    todo="уберите гиперссылки и связанные рисунки (рисунок вставьте в сам файл)",
                )
            if what not in KEPT:
                raise _refused(_NAMES.get(what, f"часть, которая не поддерживается ({what})"), path)
    elif name.startswith("word/") and next(tree.iter(*_TRACKED), None) is not None:
        raise ConfigError(
            "в шаблоне есть исправления (режим правки)",
            where=str(path),
            todo="примите или отклоните все исправления и сохраните шаблон",
        )


def _broken(path: Path) -> ConfigError:
    return ConfigError(
        "файл не открывается как документ Word (.docx): он повреждён, защищён паролем или это другой формат",
        where=str(path),
        todo="откройте его в Word и сохраните как «Документ Word (.docx)» без пароля",
    )


def _refused(what: str, path: Path) -> ConfigError:
    return ConfigError(f"в шаблоне есть {what}", where=str(path), todo="удалите это из шаблона и сохраните его заново")
