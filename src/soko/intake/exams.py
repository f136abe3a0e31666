"""Results of ЕГЭ, ОГЭ as РЦОИ sends them (РИС ГИА). Series and number of the document are dropped at reading."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pandas as pd

from soko.intake.config import Context, Layout
from soko.intake.model import Draft, Sheet
from soko.intake.normalise import day, number
from soko.intake.words import blank, column_letter, key, text

_TITLE = re.compile(r"(\d{1,2})\s*[-–—]\s*(.+?)\s*\(?(\d{4}\.\d{2}\.\d{2}|\d{1,2}\.\d{1,2}\.\d{4})\)?$")


def find_exam(sheet: Sheet, layout: Layout, context: Context) -> tuple[int, dict[str, int]] | None:
    """Header row (0-based) and columns by role, or None."""
    names = {key(word): role for role, words in layout.columns.items() for word in words}
    for row in range(min(context.sources.limits.header_rows, len(sheet.rows))):
        found: dict[str, int] = {}
        for column, raw in enumerate(sheet.rows[row]):
            role = names.get(key(raw)) if isinstance(raw, str) else None
            if role is not None and role != "dropped":
                found.setdefault(role, column)
        if all(any(role in found for role in group) for group in layout.needs):
            return row, found
    return None


def read_exam(sheet: Sheet, layout: Layout, header: tuple[int, dict[str, int]], context: Context) -> Draft:
    """A row a participant, in the columns of the table of exams: ЕГЭ has a score of 100, ОГЭ a mark."""
    top, columns = header
    subject, held = "", None
    for row in sheet.rows[:top]:
        for raw in row:
            match = _TITLE.search(text(raw)) if isinstance(raw, str) else None
            if match:
                subject, held = match[2], day(match[3]).value
    records: list[dict[str, Any]] = []
    aside: Counter[str] = Counter()
    for index in range(top + 1, len(sheet.rows)):
        got = {role: sheet.cell(index, column) for role, column in columns.items()}
        if blank(got.get("last_name")) or blank(got.get("primary_score")):
            if any(not blank(value) for value in got.values()):
                aside["not_data" if blank(got.get("last_name")) else "no_result"] += 1
            continue
        name = text(" ".join(text(got.pop(part, "")) for part in ("last_name", "first_name", "patronymic")))
        for role in ("primary_score", "score"):
            if role in got:
                got[role] = number(got[role]).value
        for role in ("school_code", "class", "mark"):
            if role in got:
                got[role] = text(got[role])
        about = {"exam": "ЕГЭ" if "score" in columns else "ОГЭ", "subject": subject, "held_on": held}
        records.append({"full_name": name, **got, **about, "_row": index + 1, "_col": ""})
    letters = {
        role: column_letter(column) for role, column in columns.items() if role not in ("first_name", "patronymic")
    }
    letters["full_name"] = letters.pop("last_name")
    frame = pd.DataFrame(records, dtype=object)
    return Draft(layout.table, sheet.name, frame, letters, layout.id, aside=aside)
