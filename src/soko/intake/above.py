"""What stands over a table and holds for each of its rows: «Предмет: Химия», «Школьный этап … по химии»."""

from __future__ import annotations

import re

from soko.intake.config import Context, Layout
from soko.intake.meta import Line, labelled
from soko.intake.model import Sheet
from soko.intake.words import blank, key, text
from soko.subjects import Subjects

_ENDING = 3  # by how many letters the cases of one word may differ: «математике», «математика»
_STEM = 3  # and how many they share at least


def said(sheet: Sheet, top: int, layout: Layout, context: Context) -> dict[str, Line]:
    """Values by canonical column from the rows over ``top``; a labelled line beats a title that tells it in words."""
    if not layout.over and not layout.titles:
        return {}
    names = {key(word): name for name, words in layout.over.items() for word in words}
    found = labelled(sheet, 0, top - 1, names)
    for row in range(top):
        for column, raw in enumerate(sheet.rows[row]):
            if isinstance(raw, str) and not blank(raw):
                for name, value in in_words(text(raw), layout, context).items():
                    found.setdefault(name, Line(value, row, column))
    return found


def in_words(line: str, layout: Layout, context: Context) -> dict[str, str]:
    """What the layout's ``titles`` find in a line; a subject in any case is given its title."""
    found: dict[str, str] = {}
    for pattern in layout.titles:
        match = re.search(pattern, line, re.IGNORECASE)
        if match is None:
            continue
        for name, value in match.groupdict().items():
            if value and name == "subject":
                value = subject_in(value, context.subjects) or ""
            if value:
                found.setdefault(name, text(value))
    return found


def subject_in(phrase: str, subjects: Subjects) -> str | None:
    """The title of the subject with which the phrase begins, whatever its case: «русскому языку среди 5 классов»."""
    words = re.findall(r"[а-яё]+", phrase.lower().replace("ё", "е"))
    best: tuple[int, str] | None = None
    for subject in subjects.subjects:
        for name in [subject.title, *subject.synonyms]:
            wanted = re.findall(r"[а-яё]+", name.lower().replace("ё", "е"))
            fits = wanted and len(wanted) <= len(words) and all(map(_same_word, wanted, words))
            # Abbreviations («ист.») would fit too much: a word of the phrase is never much longer than the title's.
            if fits and (best is None or len(wanted) > best[0]):
                best = len(wanted), subject.title
    return best[1] if best else None


def _same_word(wanted: str, word: str) -> bool:
    common = 0
    while common < min(len(wanted), len(word)) and wanted[common] == word[common]:
        common += 1
    if wanted == word:
        return True
    return common >= _STEM and max(len(wanted), len(word)) - common <= _ENDING
