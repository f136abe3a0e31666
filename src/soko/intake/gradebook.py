"""Reader of the wide gradebook: pupils down, subjects across, one sheet a class, totals and a legend below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.config import Context, Layout
from soko.intake.headers import joined, names_of, spread
from soko.intake.meta import lines
from soko.intake.model import Draft, Sheet, a1
from soko.intake.normalise import SubjectBook, number
from soko.intake.words import blank, column_letter, key, listed, plural, text

_TEACHER = re.compile(r"[А-ЯЁ][а-яё]+(?:[-–][А-ЯЁ][а-яё]+)?\s+[А-ЯЁ]\.\s*(?:[А-ЯЁ]\.?)?")


@dataclass
class Wide:
    """Where the gradebook's parts stand, 0-based."""

    top: int
    bottom: int
    name: int
    pupil_id: int | None = None
    subjects: dict[int, str] = field(default_factory=dict)
    teachers: dict[int, str] = field(default_factory=dict)
    known: int = 0


def find_gradebook(sheet: Sheet, layout: Layout, context: Context) -> Wide | None:
    """The gradebook's header: a cell with the pupils' title and at least ``min_subjects`` known subjects after it."""
    names = {key(word) for word in context.sources.labels.name}
    if names.isdisjoint(sheet.head(context.sources.limits.header_rows)):
        return None
    book = SubjectBook(context.subjects, context.sources.subject_noise)
    for row in range(min(context.sources.limits.header_rows, len(sheet.rows))):
        for column, raw in enumerate(sheet.rows[row]):
            if isinstance(raw, str) and key(raw) in names:
                wide = _header(sheet, row, column, context, book)
                if wide.known >= layout.min_subjects:
                    return wide
    return None


def _header(sheet: Sheet, top: int, name: int, context: Context, book: SubjectBook) -> Wide:
    bottom = next((b for t, left, b, _ in sheet.merged or [] if t == top and left == name), top)
    while (
        bottom - top < 5
        and blank(sheet.cell(bottom + 1, name))
        and _still_header(sheet, bottom + 1, name, context, book)
    ):
        bottom += 1
    wide = Wide(top, bottom, name)
    rows = spread(sheet, top, bottom)
    labels = context.sources.labels
    teacher_rows = [i for i, row in enumerate(rows) if _label(row, name, labels.teacher) or _people(row[name + 1 :])]
    title_rows = [row for i, row in enumerate(rows) if i not in teacher_rows]
    # Columns that a list may have and a gradebook sometimes does are no subjects.
    other = set(names_of(context.tables["pupils"])) | set(names_of(context.tables["attendance"]))
    other |= set(names_of(context.tables["marks"])) | {key(word) for word in [*labels.number, *labels.subject]}
    ids = {word for word, (column, _) in names_of(context.tables["marks"]).items() if column == "pupil_id"}
    for column in range(sheet.width):
        ways = joined(title_rows, column) if title_rows else []
        if any(key(way) in ids for way in ways):
            wide.pupil_id = column
        if column <= name or not ways:
            continue
        title, teacher = _subject(sheet, top, bottom, column, ways, book)
        if key(title) in context.sources.total_keys or key(title) in other or not key(title):
            continue
        wide.subjects[column] = title
        wide.known += book.known(title)
        for index in teacher_rows:
            teacher = teacher or text(sheet.cell(top + index, column)) or rows[index][column]
        if teacher and not blank(teacher):
            wide.teachers[column] = teacher
    return wide


def _still_header(sheet: Sheet, row: int, name: int, context: Context, book: SubjectBook) -> bool:
    """A row under the header without a name: teachers, the subjects themselves, numbering; not a row of marks."""
    cells = [text(value) for value in (sheet.rows[row] if row < len(sheet.rows) else []) if not blank(value)]
    if not cells or any(key(cell) in context.sources.total_keys and not cell.isdecimal() for cell in cells[:1]):
        return False
    letters = sum(any(char.isalpha() for char in cell) and len(cell) > 3 for cell in cells)
    return letters * 2 >= len(cells) or any(book.known(cell) for cell in cells)


def _label(row: list[str], name: int, words: list[str]) -> bool:
    keys = {key(word) for word in words}
    return any(key(cell) in keys for cell in row[: name + 2] if cell)


def _people(cells: list[str]) -> bool:
    """A row of «Иванова А. П.» under the subjects, unlabelled."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and sum(bool(_TEACHER.fullmatch(cell)) for cell in filled) > 0.5 * len(filled)


def _subject(sheet: Sheet, top: int, bottom: int, column: int, ways: list[str], book: SubjectBook) -> tuple[str, str]:
    """The subject's title; its teacher when both share one cell («Алгебра⏎Иванова А.П.»)."""
    for way in ways:
        if book.known(way):
            return way, ""
    for row in range(top, bottom + 1):
        raw = sheet.cell(row, column)
        if isinstance(raw, str) and "\n" in raw:
            first, _, rest = raw.strip().partition("\n")
            if book.known(first):
                return text(first), text(rest)
    return ways[1] if len(ways) > 1 else ways[0], ""


def read_gradebook(sheet: Sheet, layout: Layout, wide: Wide, context: Context) -> Draft:
    """Marks of the sheet as a draft; ``about`` has the lines over the table (class, period, year, class teacher)."""
    about = lines(sheet, 0, wide.top, context.sources.labels)
    draft = Draft("marks", sheet.name, pd.DataFrame(), {"full_name": column_letter(wide.name)}, layout.id)
    if wide.pupil_id is not None:
        draft.letters["pupil_id"] = column_letter(wide.pupil_id)
    draft.about = dict(about)
    draft.why = "по шапке: столбец с обучающимися и столбцы известных предметов"
    draft.school_class = about["class"].value if "class" in about else sheet.name
    rows: list[tuple[Any, ...]] = []
    strange: list[int] = []
    below = False
    for index in range(wide.bottom + 1, len(sheet.rows)):
        row = sheet.rows[index]
        if all(blank(value) for value in row) and not any(cell[0] == index for cell in sheet.unread):
            continue
        if _numbers_row(row, wide):
            draft.rows_aside[index + 1] = "нумерация граф"
            continue
        name = text(row[wide.name]) if wide.name < len(row) else ""
        measure = _measure(row, wide, context)
        if measure:
            below = True
            _totals(draft, sheet, index, wide, measure)
            draft.rows_aside[index + 1] = "итоги"
            continue
        cells = {c: row[c] if c < len(row) else "" for c in wide.subjects}
        marked = any(not blank(value) for value in cells.values())
        if not name and marked and not below:
            draft.findings.append(_nobody(sheet, index))
            draft.rows_aside[index + 1] = "отметки без обучающегося"
            draft.aside["nobody"] += _filled(cells)
            continue
        if not name or (below and (not marked or not _person(name))):
            if marked:
                strange.append(index + 1)  # a line of text alone is a legend or a signature
                draft.aside["not_data"] += _filled(cells)
            continue
        pupil = row[wide.pupil_id] if wide.pupil_id is not None and wide.pupil_id < len(row) else ""
        for column, value in cells.items():
            if blank(value) and (index, column) not in sheet.unread:
                continue  # an empty cell: not in this group, or no mark
            teacher = wide.teachers.get(column, "")
            rows.append((name, pupil, wide.subjects[column], teacher, value, index + 1, column_letter(column)))
        if not marked and _person(name):
            draft.unmarked.append((index + 1, name, pupil))
    frame = pd.DataFrame(
        rows, columns=["full_name", "pupil_id", "subject", "teacher", "mark", "_row", "_col"], dtype=object
    )
    frame["class"] = draft.school_class
    draft.frame = frame
    draft.unread = {
        cell: why
        for cell, why in sheet.unread.items()
        if cell[0] + 1 in set(frame["_row"]) and cell[1] in wide.subjects
    }
    if strange:
        many = plural(len(strange), "строка", "строки", "строк")
        message = (
            f"под таблицей {many} без обозначенного смысла (подписи, легенда), не прочитаны: {listed(strange, 10)}"
        )
        draft.findings.append(
            Finding("info", "marks", "row_not_data", "", sheet.name, row=strange[0], message_ru=message)
        )
    return draft


def _numbers_row(row: list[Any], wide: Wide) -> bool:
    if wide.name >= len(row) or not text(row[wide.name]).isdecimal():
        return False
    found = [text(value) for value in row if not blank(value)]
    return len(found) > 2 and all(item.isdecimal() for item in found)


def _measure(row: list[Any], wide: Wide, context: Context) -> str:
    """The measure id when the row is a total: its label stands left of the first subject."""
    first = min(wide.subjects)
    for column, raw in enumerate(row[:first]):
        if isinstance(raw, str) and raw.strip():
            # The pupil's number «5» is no label; «"5"» in quotes or in the column of names is.
            if text(raw).isdecimal() and column != wide.name:
                continue
            measure = context.sources.total_keys.get(key(raw), "")
            if measure:
                return measure
    return ""


def _totals(draft: Draft, sheet: Sheet, index: int, wide: Wide, measure: str) -> None:
    for column, subject in wide.subjects.items():
        raw = sheet.cell(index, column)
        if blank(raw):
            continue
        printed = number(raw).value
        if printed is not None:
            draft.totals.append(
                {"cell": a1(index, column), "class": "", "subject": subject, "measure": measure, "printed": printed}
            )


def _filled(cells: dict[int, Any]) -> int:
    return sum(not blank(value) for value in cells.values())


def _nobody(sheet: Sheet, index: int) -> Finding:
    message = f"в строке {index + 1} есть отметки, а обучающийся не указан: впишите его или удалите строку"
    return Finding("critical", "marks", "row_without_name", "", sheet.name, row=index + 1, message_ru=message)


def _person(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 5 and not any(char.isdigit() or char in "%:;=_" for char in name)
