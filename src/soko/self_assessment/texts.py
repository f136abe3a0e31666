"""The texts of the school: params/reports/self_assessment/<section>.md, of one year in <year>/<section>.md.

A text of the year goes before the standing one; a yearly section (conclusions) has no standing text at all, so that
last year's words cannot go on by themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from soko.errors import ConfigError
from soko.self_assessment.settings import Files, Section
from soko.workspace import Workspace

TO_WRITE = "Раздел ещё не написан"
#: A text that consists of this alone is as good as none: an outline that was begun.
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """A text with its file; empty where nothing is written. ``path`` is where it stands or would stand."""

    section: str
    path: Path
    markdown: str
    place: str

    @property
    def written(self) -> bool:
        """Whether anything is written."""
        return bool(self.markdown.strip())


def text(files: Files, year: int, name: str) -> Text:
    """The text of a section of the year; ConfigError for a file that is not UTF-8."""
    section = files.settings.sections[name]
    own, standing = files.folder / str(year) / f"{name}.md", files.folder / f"{name}.md"
    candidates = [own] if section.yearly else [own, standing]
    path = next((one for one in candidates if one.is_file() and _read(files.workspace, one).strip()), None)
    wanted = own if section.yearly else standing
    found = path or wanted
    words = _read(files.workspace, path) if path else ""
    return Text(name, found, words, files.workspace.relative(found))


def every(files: Files, year: int) -> dict[str, Text]:
    """The texts of all sections of the chosen model that ask for one, in its order."""
    wanted = [name for name in files.settings.chosen().every if files.settings.sections[name].text != "none"]
    return {name: text(files, year, name) for name in wanted}


def to_write(files: Files, year: int) -> list[tuple[Section, Text]]:
    """What is still to be written: required sections first."""
    missing = [
        (files.settings.sections[name], found) for name, found in every(files, year).items() if not found.written
    ]
    return sorted(missing, key=lambda item: item[0].text != "required")


def stray(files: Files, year: int) -> list[str]:
    """Files of the folder that no section asks for: a misspelt name would hide a text without a word."""
    known = {f"{name}.md" for name, section in files.settings.sections.items() if section.text != "none"}
    yearly = {f"{name}.md" for name, section in files.settings.sections.items() if section.yearly}
    found = [path for path in files.folder.glob("*.md") if path.name not in known - yearly]
    found += [path for path in (files.folder / str(year)).glob("*.md") if path.name not in known]
    return [files.workspace.relative(path) for path in sorted(found)]


def similarity(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1, by their words in order; figures are left out, because they follow the data."""
    words = [re.findall(r"[а-яёa-z]{2,}", re.sub(r"\{[^{}]*\}", " ", text.lower())) for text in (one, other)]
    if not words[0] or not words[1]:
        return 0.0
    return SequenceMatcher(None, words[0], words[1], autojunk=False).ratio()


def _read(workspace: Workspace, path: Path) -> str:
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            "текст раздела не в кодировке UTF-8", where=workspace.relative(path), todo="сохраните его в UTF-8"
        ) from None
    # A comment keeps its lines, so that a finding names the right one.
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), raw)
