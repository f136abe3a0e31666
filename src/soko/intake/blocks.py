"""Reports that repeat a block for every pupil: «Табель успеваемости» and «Отчёт об успеваемости и посещаемости»."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.config import Context, Layout, Sources
from soko.intake.headers import spread
from soko.intake.meta import Line, lines
from soko.intake.model import Draft, Sheet, a1
from soko.intake.terms import parse_term
from soko.intake.words import LOOKALIKES, blank, column_letter, key, listed, plural, text

_WHY = "по названию отчёта и блокам «Ученик: …»"
_MARK = re.compile(r"[1-5]")


@dataclass
class Block:
    """One pupil's part of the sheet, 0-based: header rows, data rows, the lines over it."""

    pupil: Line
    about: dict[str, Line]
    top: int
    bottom: int
    last: int
    subject: int


def anchored(sheet: Sheet, layout: Layout, context: Context) -> bool:
    """True when one of the layout's anchors begins a cell of the first rows."""
    if not layout.anchors:
        return False
    anchors = tuple(key(word) for word in layout.anchors)
    return any(cell.startswith(anchors) for cell in sheet.head(context.sources.limits.header_rows))


def find_blocks(sheet: Sheet, context: Context) -> list[Block]:
    """All pupils' blocks of the sheet, in order."""
    labels = context.sources.labels
    pupil_keys = {key(word) for word in labels.pupil}
    subject_keys = {key(word) for word in labels.subject}
    starts = [
        row
        for row, cells in enumerate(sheet.rows)
        if any(isinstance(c, str) and ":" in c and key(c.partition(":")[0]) in pupil_keys for c in cells)
    ]
    blocks = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(sheet.rows)
        about = lines(sheet, start if index else 0, start, labels)
        # The lines over the pupil («Класс: 8А») belong to the block, and stand after the previous block's data.
        above = lines(sheet, max(start - 6, starts[index - 1] + 1 if index else 0), start, labels)
        about = {**about, **above, "pupil": lines(sheet, start, start, labels)["pupil"]}
        header = next(
            ((r, c) for r in range(start + 1, min(start + 12, end)) for c, raw in enumerate(sheet.rows[r])
             if isinstance(raw, str) and key(raw) in subject_keys),
            None,
        )  # fmt: skip
        if header is None:
            continue
        top, subject = header
        bottom = top
        while bottom + 1 < end and blank(sheet.cell(bottom + 1, subject)) and bottom - top < 6:
            bottom += 1
        last = bottom
        while last + 1 < end and not blank(sheet.cell(last + 1, subject)):
            last += 1
        blocks.append(Block(about["pupil"], about, top, bottom, last, subject))
    return blocks


def read_report_card(sheet: Sheet, layout: Layout, context: Context) -> list[Draft]:
    """Marks of every pupil, subject and term of the school year, empty ones too: term is «q1»…«h2», «year»."""
    records: list[dict[str, Any]] = []
    about: dict[str, Any] = {}
    for block in find_blocks(sheet, context):
        about = about or dict(block.about)
        terms = _terms(sheet, block, layout, context.sources)
        for row in range(block.bottom + 1, block.last + 1):
            for column, term in terms.items():
                records.append(
                    {
                        "full_name": block.pupil.value,
                        "class": _value(block.about, "class"),
                        "subject": text(sheet.cell(row, block.subject)),
                        "term": term,
                        "mark": sheet.cell(row, column),
                        "_row": row + 1,
                        "_col": column_letter(column),
                    }
                )
    letters = {"subject": column_letter(find_blocks(sheet, context)[0].subject)} if records else {}
    draft = Draft("marks", sheet.name, _frame(records, ["full_name", "class", "subject", "term", "mark"]), letters)
    draft.why = _WHY
    draft.layout, draft.about, draft.school_class = layout.id, about, _value(about, "class")
    places = {(row - 1, col) for row, col in zip(draft.frame["_row"], draft.frame["_col"], strict=True)}
    draft.unread = {c: why for c, why in sheet.unread.items() if (c[0], column_letter(c[1])) in places}
    return [draft]


def _terms(sheet: Sheet, block: Block, layout: Layout, sources: Sources) -> dict[int, str]:
    """Column of each term's final mark → term code; a column group of means and finals gives only the final."""
    rows = spread(sheet, block.top, block.bottom)
    final = {key(word) for word in layout.columns.get("final", [])}
    year = {key(word) for word in layout.columns.get("year", [])}
    letters = {"quarter": "q", "trimester": "t", "half": "h"}
    groups: dict[str, list[tuple[int, str]]] = {}
    for column in range(sheet.width):
        texts = [row[column] for row in rows if row[column]]
        if any(key(item) in year for item in texts):
            groups.setdefault("year", []).append((column, ""))
            continue
        for item in texts:
            term = parse_term(item, sources)
            if term is not None and term.kind in letters:
                groups.setdefault(f"{letters[str(term.kind)]}{term.index}", []).append((column, key(texts[-1])))
                break
    found: dict[int, str] = {}
    for code, columns in groups.items():
        chosen = [column for column, low in columns if low in final] or ([columns[0][0]] if len(columns) == 1 else [])
        found |= dict.fromkeys(chosen[:1], code)
    return found


def read_journal(sheet: Sheet, layout: Layout, context: Context) -> list[Draft]:
    """Three drafts: current marks and absences by subject (journal), final marks (marks), absences (attendance)."""
    codes: dict[str, str] = {
        _code(word): kind for kind, words in context.sources.absence_codes.items() for word in words
    }
    journal: list[dict[str, Any]] = []
    missed: list[dict[str, Any]] = []
    strange: list[str] = []
    about: dict[str, Any] = {}
    for block in find_blocks(sheet, context):
        about = about or dict(block.about)
        roles = _roles(sheet, block, layout)
        stop = min(roles.values(), default=sheet.width)
        total: Counter[str] = Counter()
        for row in range(block.bottom + 1, block.last + 1):
            marks: list[int] = []
            absent: Counter[str] = Counter()
            for column in range(block.subject + 1, stop):
                raw = sheet.cell(row, column)
                if not blank(raw) and not _tokens(text(raw), codes, marks, absent):
                    strange.append(a1(row, column))
            total += absent
            journal.append(
                {
                    "full_name": block.pupil.value,
                    "class": _value(block.about, "class"),
                    "subject": text(sheet.cell(row, block.subject)),
                    "n_marks": len(marks),
                    "sum_marks": sum(marks),
                    "mean": sum(marks) / len(marks) if marks else 0.0,
                    "mark": sheet.cell(row, roles["final"]) if "final" in roles else "",
                    **{kind: absent[kind] for kind in context.sources.absence_codes},
                    "_row": row + 1,
                    "_col": column_letter(roles["final"]) if "final" in roles else "",
                }
            )
        missed.append(_missed(block, total))
    frame = _frame(journal, ["full_name", "class", "subject", "mark"])
    draft = Draft("journal", sheet.name, frame, {}, layout.id, findings=_unknown(sheet, strange))
    draft.columns_aside = {
        column_letter(column): "дни занятий: отметки и пропуски сосчитаны"
        for block in find_blocks(sheet, context)
        for column in range(block.subject + 1, min(_roles(sheet, block, layout).values(), default=sheet.width))
    }
    marked = frame[[not blank(value) for value in frame["mark"]]]
    wanted = ["full_name", "class", "subject", "mark", "_row", "_col"]
    final = Draft("marks", sheet.name, marked[wanted].reset_index(drop=True), {}, layout.id)
    columns = ["full_name", "class", "lessons_missed", "lessons_missed_illness", "lessons_missed_unexcused"]
    attendance = Draft("attendance", sheet.name, _frame(missed, columns), {}, layout.id)
    for item in (draft, final, attendance):
        item.why = _WHY
        item.about, item.school_class = about, _value(about, "class")
    return [draft, final, attendance]


def _roles(sheet: Sheet, block: Block, layout: Layout) -> dict[str, int]:
    names = {key(word): role for role, words in layout.columns.items() for word in words}
    found: dict[str, int] = {}
    for row in range(block.top, block.bottom + 1):
        for column, raw in enumerate(sheet.rows[row]):
            role = names.get(key(raw)) if isinstance(raw, str) else None
            if role is not None:
                found.setdefault(role, column)
    return found


def _tokens(cell: str, codes: dict[str, str], marks: list[int], absent: Counter[str]) -> bool:
    """«5 4», «Н», «4 Н», «3/4»: marks and absences of one lesson; False when something else stands there."""
    understood = True
    for token in re.split(r"[\s/,;]+", cell):
        if _MARK.fullmatch(token):
            marks.append(int(token))
        elif _code(token) in codes:
            absent[codes[_code(token)]] += 1
        elif token and token not in (".", "-", "–"):
            understood = False
    return understood


def _code(word: str) -> str:
    return word.upper().translate(LOOKALIKES)


def _missed(block: Block, total: Counter[str]) -> dict[str, Any]:
    kinds = ("illness", "excused", "unexcused", "other")
    return {
        "full_name": block.pupil.value,
        "class": _value(block.about, "class"),
        "lessons_missed": sum(total[kind] for kind in kinds),
        "lessons_missed_illness": total["illness"],
        "lessons_missed_unexcused": total["unexcused"],
        "_row": block.pupil.row + 1,
        "_col": column_letter(block.pupil.column),
    }


def _unknown(sheet: Sheet, cells: list[str]) -> list[Finding]:
    if not cells:
        return []
    many = plural(len(cells), "ячейке", "ячейках", "ячейках")
    message = (
        f"В {many} ({listed(cells, 10)}) обозначения, которых нет ни среди отметок, ни среди пропусков "
        "(params/sources.yaml, absence_codes); они не учтены."
    )
    row = int("".join(char for char in cells[0] if char.isdigit()))
    return [Finding("warning", "journal", "journal_code", "", sheet.name, cells[0], row, message_ru=message)]


def _value(about: dict[str, Any], role: str) -> str:
    line = about.get(role)
    return str(line.value) if line is not None else ""


def _frame(records: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(records, dtype=object)
    return frame if len(frame) else pd.DataFrame(columns=[*columns, "_row", "_col"], dtype=object)
