"""The texts of the school: params/reports/self_assessment/<section>.md, of one year in <year>/<section>.md.

A text of the year goes before the standing one; a yearly section (conclusions) has no standing text at all, so that
last year's words cannot go on by themselves.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from soko.reports.texts import Text, read
from soko.self_assessment.settings import Files, Section

TO_WRITE = "Раздел ещё не написан"


def text(files: Files, year: int, name: str) -> Text:
    """The text of a section of the year; ConfigError for a file that cannot be read as a text."""
    section = files.settings.sections[name]
    return read(files.workspace, files.folder.name, name, section.title, str(year), yearly=section.yearly)


def every(files: Files, year: int) -> dict[str, Text]:
    """The texts of all sections of the chosen model that ask for one, in its order."""
    wanted = [name for name in files.settings.chosen().every if files.settings.sections[name].text != "none"]
    return {name: text(files, year, name) for name in wanted}


def to_write(files: Files, year: int) -> list[tuple[Section, Text]]:
    """What is still to be written: required sections first."""
    missing = [
        (files.settings.sections[name], found) for name, found in every(files, year).items() if not found.is_written
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
