"""Lines over a table in journal exports: «Учебный год: 2024/2025», «Класс» | «8А», «Период: с 24.03.25 по 24.05.25»."""

from __future__ import annotations

from dataclasses import dataclass

from soko.intake.config import Labels
from soko.intake.model import Sheet
from soko.intake.words import blank, key, text

_REACH = 6  # how many cells to the right of a label its value may stand


@dataclass(frozen=True)
class Line:
    """A labelled value with its 0-based address."""

    value: str
    row: int
    column: int


def lines(sheet: Sheet, first: int, last: int, labels: Labels) -> dict[str, Line]:
    """Values of rows first…last (0-based, inclusive) by role: year, class, period, pupil, class_teacher."""
    roles = {
        "year": labels.year,
        "class": labels.school_class,
        "period": labels.period,
        "pupil": labels.pupil,
        "class_teacher": labels.class_teacher,
    }
    return labelled(sheet, first, last, {key(word): role for role, words in roles.items() for word in words})


def labelled(sheet: Sheet, first: int, last: int, names: dict[str, str]) -> dict[str, Line]:
    """Values of rows first…last by what ``names`` call their labels (key of a label → role)."""
    found: dict[str, Line] = {}
    for row in range(max(first, 0), min(last + 1, len(sheet.rows))):
        for column, raw in enumerate(sheet.rows[row]):
            if not isinstance(raw, str) or not raw:
                continue
            line = text(raw)
            label, colon, rest = line.partition(":")
            # «Сведения о пропусках уроков. Период: 4 четверть»: the label is the last sentence before the colon.
            role = names.get(key(label)) or (names.get(key(label.rpartition(". ")[2])) if colon else None)
            if role is None and not colon:
                role, rest = _without_colon(line, names)
            if role is None or role in found:
                continue
            value = text(rest) or _right_of(sheet, row, column)
            if value:
                found[role] = Line(value, row, column)
    return found


def _without_colon(line: str, names: dict[str, str]) -> tuple[str | None, str]:
    """«Класс 8А», «Учебный год 2024/2025»: the label is a prefix, the value has a digit."""
    words = line.split(" ")
    for count in (2, 1):
        role = names.get(key(" ".join(words[:count])))
        rest = " ".join(words[count:])
        if role in ("year", "class", "period") and any(char.isdigit() for char in rest) and len(rest) < 60:
            return role, rest
    return None, ""


def _right_of(sheet: Sheet, row: int, column: int) -> str:
    for step in range(1, _REACH):
        raw = sheet.cell(row, column + step)
        if not blank(raw):
            return text(raw)
    return ""
