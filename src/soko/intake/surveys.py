"""Questionnaires of form services (Google Forms, Яндекс Формы): a column a question → the long table of surveys.

A respondent is the number of his row with a mark of the file. Columns about who answers are dropped at reading, and a
name, phone or e-mail inside an answer hides that answer: findings tell the place, never the value.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.answers import Scale, names_people, options, personal_question, spelled_class, without_names
from soko.intake.classname import school_class
from soko.intake.config import Context, Layout
from soko.intake.lists import HEADER
from soko.intake.model import Draft, Sheet, a1
from soko.intake.words import blank, column_letter, key, listed, plural, text

HIDDEN = "[скрыто: в ответе были личные данные]"
_COLUMNS = ["survey", "audience", "respondent", "class", "question", "theme", "answer", "score", "answered_on"]
_OTHER = "иное"
_ENOUGH = 3  # of two questions many people answer the same


@dataclass
class Form:
    """Where the parts stand, 0-based: ``columns`` by role, ``questions`` by column."""

    top: int
    columns: dict[str, int]
    ignored: list[int] = field(default_factory=list)
    questions: dict[int, str] = field(default_factory=dict)


def find_survey(sheet: Sheet, layout: Layout, context: Context) -> Form | None:
    """The row of questions: it has «Отметка времени» or «Время создания» and at least one more title."""
    names = {key(word): role for role, words in layout.columns.items() for word in words}
    long = {key(word): column.name for column in context.tables[layout.table].columns
            if column.name in ("question", "respondent") for word in [column.title, *column.synonyms]}  # fmt: skip
    if not layout.possible(names[word] for word in sheet.head(context.sources.limits.header_rows) if word in names):
        return None
    for row in range(min(context.sources.limits.header_rows, len(sheet.rows))):
        form = Form(row, {})
        if len({long[name] for raw in sheet.rows[row] if (name := key(raw)) in long}) > 1:
            return None  # a long table of surveys, not an export of a form
        for column, raw in enumerate(sheet.rows[row]):
            line = text(raw)
            role = names.get(key(line), "") if line else ""
            if role == "ignored":
                form.ignored.append(column)
            elif role:
                form.columns.setdefault(role, column)
            elif line:
                form.questions[column] = line
        if all(any(role in form.columns for role in group) for group in layout.needs) and form.questions:
            return form
    return None


def read_survey(sheet: Sheet, layout: Layout, form: Form, context: Context) -> Draft:
    """A row a respondent and question; of a question with several answers a row an option, «да» or «нет»."""
    rules = context.sources.surveys
    draft = Draft(layout.table, sheet.name, pd.DataFrame(), {}, layout.id)
    draft.why = "по столбцу с отметкой времени: выгрузка сервиса форм, столбец на вопрос"
    draft.letters = {role: column_letter(column) for role, column in form.columns.items()}
    draft.rows_aside = dict.fromkeys(range(1, form.top + 2), HEADER)
    draft.columns_aside = {column_letter(column): "служебный столбец сервиса форм" for column in form.ignored}
    rows = [i for i in range(form.top + 1, len(sheet.rows)) if not all(blank(value) for value in sheet.rows[i])]
    title, mark = _title(sheet, form, rules.name_noise), _mark(sheet)
    common = {"survey": title, "audience": _stem(f"{title} {sheet.stem} {sheet.name}", rules.audiences)}
    people = _people(sheet, form, rows)
    records: list[dict[str, Any]] = []
    dropped: list[int] = []
    hidden: list[str] = []
    strange: Counter[int] = Counter()
    seen: Counter[str] = Counter()
    for column, question in form.questions.items():
        values = [sheet.cell(row, column) for row in rows]
        scale = Scale(values, rules)
        if personal_question(question, values, scale, rules):
            dropped.append(column)
            draft.columns_aside[column_letter(column)] = "личные данные"
            continue
        question = without_names(question)
        seen[question] += 1
        asked = question if seen[question] == 1 else f"{question} ({seen[question]})"
        theme = _stem(question, rules.themes) or _OTHER
        several = options(values, scale, rules.most_options)
        for row, value in zip(rows, values, strict=True):
            if blank(value):
                continue
            base = {**common, **people[row], "theme": theme, "respondent": f"{mark}-{row + 1}"}
            base |= {"_row": row + 1, "_col": column_letter(column)}
            if several:
                chosen = {part.strip() for part in text(value).split(several[0])}
                records += [
                    {**base, "question": f"{asked} [{option}]", "answer": "да" if option in chosen else "нет"}
                    for option in several[1]
                ]
                continue
            if names_people(value, scale):
                hidden.append(a1(row, column))
                records.append({**base, "question": asked, "answer": HIDDEN})
                continue
            strange[column] += not scale.known(value)
            records.append({**base, "question": asked, "answer": text(value), "score": scale.score(value)})
        if strange[column] == sum(not blank(value) for value in values):
            del strange[column]  # an open question has no scale at all
    draft.frame = pd.DataFrame(records, columns=[*_COLUMNS, "_row", "_col"], dtype=object)
    draft.frame = draft.frame.where(draft.frame.notna(), None)
    silent = set(draft.frame["_row"])
    draft.rows_aside |= {row + 1: "нет ни одного ответа" for row in rows if row + 1 not in silent}
    _changes(draft, sheet, form, rows)
    _report(draft, form, dropped, hidden, strange, _same(sheet, form, rows))
    return draft


def _title(sheet: Sheet, form: Form, noise: list[str]) -> str:
    """A title over the questions, else the file's name without what the service adds («(Ответы) – …»)."""
    lines = [text(raw) for row in sheet.rows[: form.top] for raw in row if not blank(raw)]
    name = lines[0] if lines else text(sheet.stem.replace("_", " "))
    for pattern in noise:
        name = text(re.sub(pattern, "", name, flags=re.IGNORECASE)).strip(" -–—.")
    return without_names(name or text(sheet.name))


def _mark(sheet: Sheet) -> str:
    """Four characters of the file and sheet: row 7 of two forms is not one respondent."""
    return hashlib.sha256(f"{sheet.stem}/{sheet.name}".encode()).hexdigest()[:4]


def _stem(line: str, known: dict[str, list[str]]) -> str:
    words = re.findall(r"[\w-]+", line.lower().replace("ё", "е"))
    return next(
        (value for value, stems in known.items() if any(word.startswith(stem) for stem in stems for word in words)), ""
    )


def _people(sheet: Sheet, form: Form, rows: list[int]) -> dict[int, dict[str, Any]]:
    """Class and day of each respondent."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        found[row] = {role: sheet.cell(row, column) for role, column in form.columns.items()}
        if "class" in found[row]:
            found[row]["class"] = spelled_class(found[row]["class"])
        if "answered_on" in found[row] and isinstance(found[row]["answered_on"], str):
            # «2025/01/20 9:15:03 PM GMT+3»: the day alone is asked for.
            found[row]["answered_on"] = text(found[row]["answered_on"]).split(" ")[0]
    return found


def _same(sheet: Sheet, form: Form, rows: list[int]) -> list[int]:
    """Rows that repeat all answers of an earlier one: perhaps somebody sent the form twice."""
    first: dict[tuple[str, ...], int] = {}
    twice = []
    wanted = [*form.questions, *([form.columns["class"]] if "class" in form.columns else [])]
    for row in rows:
        answers = tuple(text(sheet.cell(row, column)) for column in wanted)
        if first.setdefault(answers, row) != row and len(wanted) >= _ENOUGH:
            twice.append(row + 1)
    return twice


def _changes(draft: Draft, sheet: Sheet, form: Form, rows: list[int]) -> None:
    if "class" not in form.columns:
        return
    column = form.columns["class"]
    for row in rows:
        was, became = text(sheet.cell(row, column)), spelled_class(sheet.cell(row, column))
        # A text that is no class may be a name: it is not shown.
        if was != became and school_class(became).value:
            draft.changes.append(
                {"cell": a1(row, column), "column": "class", "was": was, "became": became, "why": "класс словами"}
            )


def _report(
    draft: Draft, form: Form, dropped: list[int], hidden: list[str], strange: Counter[int], same: list[int]
) -> None:
    def add(severity: Any, rule: str, message: str, cell: str = "", row: int | None = None) -> None:
        draft.findings.append(
            Finding(severity, draft.table, rule, "", draft.sheet, cell, row, "answer", message_ru=message)
        )

    if dropped:
        letters = listed([column_letter(column) for column in dropped], 10)
        add("warning", "survey_personal", f"столбцы с именами, телефонами или адресами не читаются: {letters}. "
            "Для мониторинга они не нужны; уберите такие вопросы из анкеты")  # fmt: skip
    if hidden:
        many = plural(len(hidden), "ответе", "ответах", "ответах")
        add("warning", "survey_hidden", f"в {many} есть имя, телефон или адрес, они скрыты: {listed(hidden, 10)}",
            hidden[0])  # fmt: skip
    for column, count in strange.items():
        if count:
            many = plural(count, "ответ", "ответа", "ответов")
            add("info", "survey_scale", f"столбец {column_letter(column)}: {many} не из шкалы (surveys.scale в "
                "params/sources.yaml), балла у них нет")  # fmt: skip
    if same:
        many = plural(len(same), "анкета повторяет", "анкеты повторяют", "анкет повторяют")
        add("info", "survey_twice", f"{many} все ответы другой; прочитаны все: строки {listed(same, 10)}", "", same[0])
    if form.ignored:
        letters = listed([column_letter(column) for column in form.ignored], 10)
        add("info", "column_unknown", f"служебные столбцы сервиса форм не читаются: {letters}")
    if draft.frame.empty:
        add("warning", "table_empty", "вопросы есть, а ответов под ними нет")
