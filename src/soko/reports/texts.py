"""Texts that people write for a report: params/reports/<report>/<name>.md, Markdown in UTF-8.

A text that speaks of one year (the director's address, plans) stands in a folder of that year
(params/reports/public_report/2025-2026/address.md): last year's words are never printed as this year's. What stands in
``<!-- … -->`` is a hint for the one who writes, and no text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from soko.errors import ConfigError
from soko.publish.blocks import Block, Callout, Prose
from soko.workspace import Workspace

_HINT = re.compile(r"<!--.*?-->", re.DOTALL)
_LONGEST = 20_000  # characters: a report has room for words, not for a book


@dataclass(frozen=True)
class Text:
    """A text of a report. ``markdown`` is blank while nobody has written it.

    ``path`` says where it is expected, ``place`` the same for people.
    """

    name: str
    title: str
    markdown: str
    path: Path
    place: str

    @property
    def is_written(self) -> bool:
        """Whether there is anything to print."""
        return bool(self.markdown.strip())


def folder(workspace: Workspace, report: str, year: str = "") -> Path:
    """params/reports/<report>, of a text of one year with its folder."""
    place = workspace.params / "reports" / report
    return place / year if year else place


def read(workspace: Workspace, report: str, name: str, title: str, year: str, *, yearly: bool = False) -> Text:
    """The text ``name`` of a report: that of the ``year`` (2025-2026), else the standing one.

    A ``yearly`` text has no standing one. Raises ConfigError for a file that is not UTF-8, or that is too long to be
    the text of a section.
    """
    own, standing = (folder(workspace, report, when) / f"{name}.md" for when in (year, ""))
    places = [own] if yearly else [own, standing]
    path = next((one for one in places if _words(workspace, one).strip()), places[-1])
    return Text(name, title, _words(workspace, path), path, workspace.relative(path))


def _words(workspace: Workspace, path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        written = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            "текст не читается: он записан не в кодировке UTF-8",
            where=workspace.relative(path),
            todo="сохраните файл в кодировке UTF-8",
        ) from None
    # A hint keeps its lines, so that a finding names the right one.
    words = _HINT.sub(lambda found: "\n" * found[0].count("\n"), written)
    if len(words) > _LONGEST:
        raise ConfigError(
            f"текст длиннее {_LONGEST} знаков",
            where=workspace.relative(path),
            todo="сократите его или вынесите в приложение",
        )
    return words


def blocks(text: Text, audience: str, hint: str = "") -> list[Block]:
    """Heading and text; of one that nobody has written a mark for the internal reader, for the public one nothing."""
    head = Prose(markdown=f"## {text.title}")
    if text.is_written:
        return [head, Prose(markdown=text.markdown.strip())]
    if audience == "public":
        return []
    told = f"{hint.rstrip('.')}. " if hint else ""
    mark = Callout(kind="warning", title="Нужно написать", markdown=f"{told}Файл: `{text.place}`.")
    return [head, mark]
