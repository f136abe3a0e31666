"""Results of ЕГЭ, ОГЭ, ГВЭ as РЦОИ sends them: one exam a sheet, several blocks in one sheet, or after appeals.

Series and number of the document are never read. Cells of a protocol stand as far apart as its merged header does, so
the value of a column is the first filled cell before the next column.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from soko.cohorts import as_range, grade_of
from soko.findings import Finding
from soko.intake.classname import school_class
from soko.intake.config import Context, Layout
from soko.intake.examname import Exam, exam_of, stage_of
from soko.intake.lists import HEADER
from soko.intake.model import Draft, Sheet, a1
from soko.intake.normalise import number
from soko.intake.subtotals import total_label
from soko.intake.words import blank, column_letter, key, listed, plural, text

_NAME = ("full_name", "last_name", "first_name", "patronymic")
_LEAST = 3  # a row of fewer cells is a signature or a note
_KEPT = ("participant_code", "class", "variant", "status")
_NEEDED = "его нет ни над таблицей, ни в имени файла. Нужна строка, например «01 - Русский язык 2026.05.30»"


@dataclass
class Block:
    """One exam of the sheet: 0-based header row, first column of each role, all columns that have a title."""

    top: int
    columns: dict[str, int]
    titled: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)

    def cell(self, sheet: Sheet, row: int, role: str) -> Any:
        """The value of the role in a row, wherever between its title and the next one it stands."""
        if role not in self.columns:
            return ""
        start = self.columns[role]
        end = min((column for column in self.titled if column > start), default=sheet.width)
        return next((v for c in range(start, end) if not blank(v := sheet.cell(row, c))), "")


def find_exam(sheet: Sheet, layout: Layout, context: Context) -> list[Block]:
    """The exams of the sheet, one after another; empty when the first rows have no such header."""
    names = {key(word): role for role, words in layout.columns.items() for word in words}
    blocks: list[Block] = []
    if not layout.possible(names[word] for word in sheet.head(context.sources.limits.header_rows) if word in names):
        return blocks
    for row, cells in enumerate(sheet.rows):
        if not blocks and row >= context.sources.limits.header_rows:
            break
        block = Block(row, {})
        for column, raw in enumerate(cells):
            if not isinstance(raw, str) or blank(raw):
                continue
            role = names.get(key(raw), "")
            block.titled.append(column)
            if role == "dropped":
                block.dropped.append(column)
            elif role:
                block.columns.setdefault(role, column)
        if all(any(role in block.columns for role in group) for group in layout.needs):
            blocks.append(block)
    return blocks


def read_exam(sheet: Sheet, layout: Layout, blocks: list[Block], context: Context) -> Draft:
    """A row a participant, in the columns of the table of exams: ЕГЭ has a score of 100, ОГЭ a mark."""
    first = blocks[0]
    draft = Draft(layout.table, sheet.name, pd.DataFrame(), _letters(first), layout.id)
    draft.columns_aside = {column_letter(c): "документ участника" for block in blocks for c in block.dropped}
    draft.why = "по шапке протокола экзамена (первичный балл, фамилия)"
    records: list[dict[str, Any]] = []
    above = 0
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        lines = [text(raw) for row in sheet.rows[above : block.top] for raw in row if isinstance(raw, str) and raw]
        exam = next((found for line in reversed(lines) if (found := exam_of(line, context))), None)
        exam = exam or exam_of(sheet.stem, context)
        stage = stage_of([*lines, sheet.name, sheet.stem], context)
        stage = "апелляция" if "appeal" in block.columns else stage
        draft.rows_aside |= dict.fromkeys(range(above + 1, block.top + 2), HEADER)
        above = block.top + 1
        while above < (following.top if following else len(sheet.rows)):
            if following and exam_of(_only(sheet.rows[above]), context):
                break  # the title of the next block
            _row(draft, sheet, block, above, exam, stage, records, context)
            above += 1
    draft.frame = pd.DataFrame(records, dtype=object)
    if draft.frame.empty:
        draft.frame = pd.DataFrame(columns=["full_name", "exam", "subject", "_row", "_col"], dtype=object)
    # A line of signatures is no row of the table; a row with results and nobody's name is.
    draft.aside = Counter({"not_data": sum(why == "нет участника" for why in draft.rows_aside.values())})
    _report(draft, blocks, records)
    return draft


def _only(row: list[Any]) -> str:
    """The text of a row that has but one filled cell."""
    filled = [text(raw) for raw in row if not blank(raw)]
    return filled[0] if len(filled) == 1 else ""


def _row(
    draft: Draft, sheet: Sheet, block: Block, index: int, exam: Exam | None, stage: str,
    records: list[dict[str, Any]], context: Context,
) -> None:  # fmt: skip
    row = sheet.rows[index]
    filled = [column for column, value in enumerate(row) if not blank(value)]
    if not filled:
        return
    people = frozenset(block.columns[part] for part in _NAME if part in block.columns)
    if total_label(row, filled, context.sources, lambda name: as_range(name) is not None, people)[0]:
        draft.rows_aside[index + 1] = "итоги"
        _totals(draft, sheet, block, index, exam)
        return
    got = {role: block.cell(sheet, index, role) for role in block.columns}
    name = text(" ".join(text(got.get(part, "")) for part in _NAME))
    if not any(char.isalpha() for char in name) or len(filled) < _LEAST:
        draft.rows_aside[index + 1] = "нумерация граф" if name.isdecimal() else "нет участника"
        return
    own = exam_of(text(got.get("exam_cell", "")), context) or exam
    grade = grade_of(school_class(got.get("class", "")).value)
    record: dict[str, Any] = {"full_name": name, **{role: text(got[role]) for role in _KEPT if role in got}}
    for role in ("primary_score", "score"):
        if role in got:
            record[role] = number(got[role]).value
    if "mark" in got:
        record["mark"] = text(got["mark"])
    form = _form(own, grade, "score" in block.columns)
    record |= {
        "exam": form,
        "subject": own.subject if own else "",
        "exam_level": own.exam_level if own and form == "ЕГЭ" else "",  # code 02 of ОГЭ has no levels
        "held_on": got.get("held_on") or (own.held_on if own else None),
        "stage": stage,
        "school_code": text(got.get("school_code", "")),
    }
    records.append({**record, "_row": index + 1, "_col": ""})


def _form(exam: Exam | None, grade: int | None, scored: bool) -> str:
    """ОГЭ in grade 9, ЕГЭ in 10 and 11; without a class ЕГЭ is known by its score of 100."""
    last = (grade >= 10) if grade is not None else scored
    if exam is not None and exam.form:
        return f"{exam.form}-{11 if last else 9}"
    return "ЕГЭ" if last else "ОГЭ"


def _letters(block: Block) -> dict[str, str]:
    letters = {role: column_letter(column) for role, column in block.columns.items()}
    if "last_name" in letters:
        letters["full_name"] = letters["last_name"]
    return letters


def _totals(draft: Draft, sheet: Sheet, block: Block, index: int, exam: Exam | None) -> None:
    """«Средние»: what the protocol itself counted."""
    for role in ("primary_score", "score", "mark"):
        printed = number(block.cell(sheet, index, role)).value
        if printed is not None:
            subject = exam.subject if exam else ""
            cell = a1(index, block.columns[role])
            draft.totals.append(
                {"cell": cell, "class": "", "subject": subject, "measure": f"mean_mark.{role}", "printed": printed}
            )


def _report(draft: Draft, blocks: list[Block], records: list[dict[str, Any]]) -> None:
    def add(severity: Any, rule: str, message: str, row: int | None = None, column: str = "") -> None:
        draft.findings.append(
            Finding(severity, draft.table, rule, "", draft.sheet, row=row, column=column, message_ru=message)
        )

    nameless = [record["_row"] for record in records if not record["subject"]]
    if nameless:
        message = f"не понятно, по какому предмету экзамен: {_NEEDED}"
        add("critical", "exam_subject_missing", message, nameless[0], "subject")
    dropped = sorted({column for block in blocks for column in block.dropped})
    if dropped:
        letters = ", ".join(column_letter(column) for column in dropped)
        add("info", "document_dropped", f"серия и номер документа (столбцы {letters}) не читаются и никуда не попадают")
    without = [
        r["_row"] for r in records if r.get("primary_score") is None and r.get("score") is None and not r.get("mark")
    ]
    if without:
        many = plural(len(without), "участника", "участников", "участников")
        add("info", "exam_no_score", f"у {many} нет ни балла, ни отметки (строки {listed(without, 10)})", without[0])
    schools = {record["school_code"] for record in records} - {""}
    if len(schools) > 1:
        many = plural(len(schools), "организации", "организаций", "организаций")
        add("warning", "exam_schools", f"в файле участники {many}; прочитаны все. Оставьте строки своей школы")
    strange = [row for row, why in draft.rows_aside.items() if why == "нет участника"]
    if strange:
        many = plural(len(strange), "строка без участника", "строки без участника", "строк без участника")
        add("info", "row_not_data", f"в протоколе {many}, в таблицу не взято: {listed(strange, 10)}", strange[0])
    if not records:
        add("warning", "table_empty", "шапка протокола есть, а участников под ней нет")
