"""A Word template filled in: docxtpl puts the texts in, what comes out has no trace of whoever made the template."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from lxml import etree

from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.orders.language import Environment
from soko.publish import word_open, word_package
from soko.publish.blocks import Meta

_NEEDED = "items"
_LEFT = re.compile(r"\{\{|\}\}|\{%|%\}")


def fill(path: Path, pattern: dict[str, Any], fields: dict[str, Any], meta: Meta, title: str) -> bytes:
    """Return the document of the template ``path`` with ``fields``, which have the form of ``pattern``.

    ConfigError for a template that is missing, broken, unsafe, names something unknown or leaves the assignments out.
    The same template and fields give the same bytes.
    """
    if not path.is_file():
        found = sorted(item.name for item in path.parent.glob("*.docx"))
        raise ConfigError(
            f"нет шаблона «{path.name}»{did_you_mean(path.name, found)}",
            where=str(path.parent),
            todo="верните файл или удалите папку templates: тогда действуют шаблоны программы",
        )
    content = word_open.read(path)
    environment = Environment(pattern, str(path))
    template = _Template(io.BytesIO(content), path)
    try:
        template.render(fields, environment)
    except (KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise _torn(path) from error
    if _NEEDED not in environment.used:
        raise ConfigError(
            "в шаблоне нет поручений: перечня items",
            where=str(path),
            todo="добавьте абзацы {%p for item in items %}, {{ item.what }}, {%p endfor %}",
        )
    document = template.docx
    for part in document.part.package.iter_parts():
        text = _text(getattr(part, "_element", None))
        if _LEFT.search(text):
            raise ConfigError(
                "в документе осталась незаполненная подстановка",
                where=str(path),
                todo="вписывайте подстановки в текст, колонтитулы и таблицы, но не в надписи и сноски",
            )
    word_package.properties(document, meta, title)
    return word_package.save(document)


class _Template(DocxTemplate):
    """docxtpl that does not repair what a wrong loop has torn: the repair loses paragraphs without a word."""

    def __init__(self, file: Any, path: Path) -> None:
        super().__init__(file)
        self.path = path

    def fix_tables(self, xml: str) -> Any:
        """Check that the filled-in text is whole before docxtpl adjusts its tables."""
        try:
            etree.fromstring(xml)
        except etree.XMLSyntaxError:
            raise _torn(self.path) from None
        return super().fix_tables(xml)


def _torn(path: Path) -> ConfigError:
    return ConfigError(
        "заполненный документ не складывается: цикл или условие начинается в одном месте, а кончается в другом",
        where=str(path),
        todo="ставьте {%p for … %}, {%p endfor %}, {%p if … %}, {%p endif %} в отдельных абзацах, {%tr … %} – в "
        "отдельных строках таблицы",
    )


def _text(element: Any) -> str:
    return "" if element is None else "".join(element.itertext())
