"""ВПР: the form «Протокол» that the school fills, and Ф1 «Индивидуальные результаты». Codes only, no names.

The class stands as a sequence number; the sheet «Порядковый номер класса» says which class it is. Marks of single tasks
do not go into the table of exams: their sum is compared with the printed total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.above import subject_in
from soko.intake.classname import school_class
from soko.intake.config import Context, Layout
from soko.intake.lists import HEADER
from soko.intake.model import Draft, Grid, Sheet, a1
from soko.intake.normalise import day, number
from soko.intake.words import blank, column_letter, key, listed, plural, text

_TASK = re.compile(r"\d{1,2}(?:\.\d{1,2})?\s*(?:[кkКK]\s*\d)?\s*\(\s*(\d+)\s*б\.?\s*\)", re.IGNORECASE)
_GRADE = re.compile(r"(?<!\d)(\d{1,2})\s*(?:-?(?:й|го|е|х))?\s*(?:кл\b|класс)", re.IGNORECASE)
_NOT_TRIED = ("х", "x")
_LEAST_TASKS = 3
_CLASS_SHEET = "class_sheet"  # not a column: names of the sheet that explains the numbers of classes


@dataclass
class Form:
    """Where the form's parts stand, 0-based; ``tasks``: column → most points."""

    top: int
    columns: dict[str, int]
    tasks: dict[int, int] = field(default_factory=dict)


def find_vpr(sheet: Sheet, layout: Layout, context: Context) -> Form | None:
    """The header: a code of the participant and tasks «1 (2б)»."""
    roles = {role: words for role, words in layout.columns.items() if role != _CLASS_SHEET}
    names = {key(word): role for role, words in roles.items() for word in words}
    if not layout.possible(names[word] for word in sheet.head(context.sources.limits.header_rows) if word in names):
        return None
    for row in range(min(context.sources.limits.header_rows, len(sheet.rows))):
        form = Form(row, {})
        for column, raw in enumerate(sheet.rows[row]):
            line = text(raw) if isinstance(raw, str) else ""
            if task := _TASK.fullmatch(line):
                form.tasks[column] = int(task[1])
            elif line and (role := names.get(key(line))):
                form.columns.setdefault(role, column)
        fits = all(any(role in form.columns for role in group) for group in layout.needs)
        if fits and len(form.tasks) >= _LEAST_TASKS:
            return form
    return None


def read_vpr(sheet: Sheet, layout: Layout, form: Form, grid: Grid, context: Context) -> Draft:
    """A row a participant. A prepared row has no code; an absent pupil is read with the status «отсутствовал»."""
    draft = Draft(layout.table, sheet.name, pd.DataFrame(), {}, layout.id)
    draft.why = f"по шапке: код участника и задания с баллами ({len(form.tasks)})"
    draft.letters = {role: column_letter(column) for role, column in form.columns.items()}
    draft.rows_aside = dict.fromkeys(range(1, form.top + 2), HEADER)
    draft.columns_aside = {column_letter(column): "баллы за задания: сверены с суммой" for column in form.tasks}
    about = _about(sheet, form, grid, context)
    numbers = _class_numbers(grid, layout)
    most = about["max_primary"] or sum(form.tasks.values())
    records: list[dict[str, Any]] = []
    wrong: list[int] = []
    unmapped: list[int] = []
    strange: list[str] = []
    for index in range(form.top + 1, len(sheet.rows)):
        got = {role: sheet.cell(index, column) for role, column in form.columns.items()}
        if all(blank(value) for value in sheet.rows[index]):
            continue
        if blank(got["participant_code"]):
            group = any(isinstance(raw, str) and "участник" in raw.lower() for raw in sheet.rows[index])
            draft.rows_aside[index + 1] = "строка группы участников" if group else "заготовка без кода участника"
            continue
        absent = key(got.get("variant")).startswith("отсут")
        printed = number(got.get("primary_score")).value
        points = [_points(sheet.cell(index, column)) for column in form.tasks]
        strange += [a1(index, c) for c, point in zip(form.tasks, points, strict=True) if point is None]
        total = (
            sum(point or 0.0 for point in points)
            if any(not blank(sheet.cell(index, column)) for column in form.tasks)
            else None
        )
        if not absent and printed is not None and total is not None and printed != total:
            wrong.append(index + 1)
        own = _class(got.get("class"), numbers, about["grade"])
        if own is None and not absent:
            unmapped.append(index + 1)
        records.append(
            {
                "participant_code": text(got["participant_code"]),
                "class": own,
                "exam": "ВПР",
                "subject": about["subject"],
                "held_on": about["held_on"],
                "status": "отсутствовал" if absent else "участвовал",
                "variant": None if absent else text(got.get("variant")),
                "primary_score": None if absent else (printed if printed is not None else total),
                "max_primary": most,
                "mark": _mark(got.get("mark")),
                "term_mark": _mark(got.get("term_mark")),
                "_row": index + 1,
                "_col": "",
            }
        )
    draft.frame = pd.DataFrame(records, dtype=object)
    if not records:
        draft.frame = pd.DataFrame(columns=["participant_code", "_row", "_col"], dtype=object)
    if strange:
        many = plural(len(strange), "ячейка", "ячейки", "ячеек")
        message = f"баллы за задания не читаются ({many}: {listed(strange, 10)}); нужно число или «X» – не приступал"
        draft.findings.append(
            Finding(
                "warning", draft.table, "value_unreadable", "", sheet.name, strange[0], None, "primary_score", message
            )
        )
    _report(draft, about, wrong, unmapped)
    return draft


def _points(raw: Any) -> float | None:
    """Points of a task; «X» in either alphabet: not attempted. None for what is neither."""
    return 0.0 if blank(raw) or key(raw) in _NOT_TRIED else number(raw).value


def _mark(raw: Any) -> str:
    line = text(raw)
    return "" if line.lower().startswith("нет") else line


def _class(raw: Any, numbers: dict[str, str], grade: int | None) -> str | None:
    """A class as it is written, or by its sequence number; a number that nothing explains is no class."""
    value = school_class(raw).value
    if value is None or not str(value).isdecimal():
        return value
    return numbers.get(str(value)) or (str(value) if grade == int(value) and not numbers else None)


def explains_classes(sheet: Sheet, layout: Layout) -> bool:
    """True for the sheet that says which class a number is."""
    return key(sheet.name) in {key(word) for word in layout.columns.get(_CLASS_SHEET, [])}


def read_classes(sheet: Sheet, layout: Layout) -> Draft:
    """That sheet as it is told of: it is read with the protocol and gives no rows of its own."""
    draft = Draft("", sheet.name, pd.DataFrame({"_row": [], "_col": []}, dtype=object), {}, layout.id)
    draft.why = "номера классов к протоколу этой книги"
    draft.rows_aside = dict.fromkeys(range(1, len(sheet.rows) + 1), "номера классов: прочитаны вместе с протоколом")
    return draft


def _class_numbers(grid: Grid, layout: Layout) -> dict[str, str]:
    """«1» → «5А» from the sheet that explains the numbers."""
    found: dict[str, str] = {}
    for sheet in grid.sheets:
        if not explains_classes(sheet, layout):
            continue
        for row in sheet.rows:
            filled = [text(raw) for raw in row if not blank(raw)]
            if len(filled) > 1 and filled[0].isdecimal() and school_class(filled[1]).value:
                found[filled[0]] = str(school_class(filled[1]).value)
    return found


def _about(sheet: Sheet, form: Form, grid: Grid, context: Context) -> dict[str, Any]:
    """Subject, grade, day and most points: over the table, on the other sheets, in the names of sheet and file."""
    lines = [text(raw) for row in sheet.rows[: form.top] for raw in row if not blank(raw)]
    for other in grid.sheets:
        if other is not sheet and not any(_TASK.fullmatch(text(raw)) for row in other.rows[:5] for raw in row):
            lines += [text(raw) for row in other.rows[:40] for raw in row if isinstance(raw, str) and not blank(raw)]
    lines += [sheet.name, sheet.stem.replace("_", " ")]
    found: dict[str, Any] = {"subject": "", "grade": None, "held_on": None, "max_primary": None}
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        label = key(line.partition(":")[0])
        value = line.partition(":")[2].strip() or following
        if label.startswith("макс") and found["max_primary"] is None:
            found["max_primary"] = number(value).value
        if label.startswith("дат") and found["held_on"] is None:
            held = day(value).value
            found["held_on"] = held if isinstance(held, date) else None
        if grade := _GRADE.search(line):
            found["grade"] = found["grade"] or int(grade[1])
        found["subject"] = found["subject"] or _subject(line, context)
    return found


def _subject(line: str, context: Context) -> str:
    """«ВПР 2026 Русский язык 4 класс», «Предмет: Химия»: the subject begins at one of the first words."""
    words = re.sub(r"[:\d]", " ", line).split()
    return next((s for i in range(min(len(words), 6)) if (s := subject_in(" ".join(words[i:]), context.subjects))), "")


def _report(draft: Draft, about: dict[str, Any], wrong: list[int], unmapped: list[int]) -> None:
    def add(severity: Any, rule: str, message: str, row: int | None = None, column: str = "") -> None:
        draft.findings.append(Finding(severity, draft.table, rule, "", draft.sheet, "", row, column, message))

    if not about["subject"]:
        add("critical", "exam_subject_missing", "не понятно, по какому предмету работа: назовите его в имени файла, "
            "например «ВПР 5 класс математика»", column="subject")  # fmt: skip
    if wrong:
        many = plural(len(wrong), "строке", "строках", "строках")
        add("warning", "exam_sum", f"в {many} сумма баллов за задания не равна графе «Итого»: {listed(wrong, 10)}. "
            "Прочитано «Итого»; проверьте задания", wrong[0], "primary_score")  # fmt: skip
    if unmapped:
        many = plural(len(unmapped), "участника", "участников", "участников")
        add("warning", "class_number", f"у {many} класс указан порядковым номером, а листа «Порядковый номер класса» "
            f"с названиями классов нет: строки {listed(unmapped, 10)}. Допишите лист: номер и класс (1 – 5А)",
            unmapped[0], "class")  # fmt: skip
    prepared = sum(why.startswith("заготовка") for why in draft.rows_aside.values())
    if prepared:
        many = plural(prepared, "заготовленная строка", "заготовленные строки", "заготовленных строк")
        add("info", "row_prepared", f"в протоколе {many} без кода участника: в них ничего не внесено")
    if draft.frame.empty:
        add("warning", "table_empty", "шапка протокола ВПР есть, а участников под ней нет")
