"""Reader of long lists: a row a pupil, a mark, a worker. The header may stand anywhere in the first rows."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from soko.cohorts import NUMBERED
from soko.findings import EMPTY, NOTHING, Finding, Severity
from soko.intake.config import Context, Layout
from soko.intake.headers import NAME_PARTS, Header, find_header, misspelt
from soko.intake.meta import lines
from soko.intake.model import Draft, Sheet, a1
from soko.intake.normalise import number
from soko.intake.subtotals import grade_spans, total_label
from soko.intake.words import blank, column_letter, key, listed, plural, text

HEADER = "шапка и строки над ней"
_IDENTITY = ("pupil_id", "staff_id", "full_name", "last_name", "class", "subject")


def candidate(sheet: Sheet, layout: Layout, context: Context) -> Header | None:
    """The header by which the sheet fits the layout, or None."""
    return find_header(sheet, layout, context)


def read_list(sheet: Sheet, layout: Layout, header: Header, context: Context) -> Draft:
    """Rows under the header as a draft; totals, numbering rows and notes are told apart, never dropped unsaid."""
    sources = context.sources
    columns = header.columns
    bottom = _bottom(sheet, header)
    _fill_merged(sheet, bottom, set(columns.values()))
    width = max(columns.values()) + 1
    known = set(columns.values()) | set(header.unknown)
    values: dict[str, list[Any]] = {name: [] for name in columns}
    numbers: list[int] = []
    strange: list[int] = []
    shifted: list[int] = []
    examples: list[int] = []
    nothing: list[tuple[int, str]] = []
    draft = Draft(
        layout.table, sheet.name, pd.DataFrame(), {n: column_letter(c) for n, c in columns.items()}, layout.id
    )
    draft.about = lines(sheet, 0, header.top - 1, sources.labels)
    draft.rows_aside = dict.fromkeys(range(1, bottom + 2), HEADER)
    places = list(columns.values())
    header_width = _width(sheet, header)
    order = list(columns.items())
    identity = [columns[name] for name in _IDENTITY if name in columns]
    people = frozenset(columns[name] for name in _IDENTITY[:4] if name in columns)
    spans = grade_spans(sheet, columns.get("class"), bottom)
    for index in range(bottom + 1, len(sheet.rows)):
        row = sheet.rows[index]
        filled = [column for column, value in enumerate(row) if not blank(value)]
        if not filled:
            continue
        if _example(row, filled):
            examples.append(index + 1)
            continue
        there = set(filled)
        got = [column for column in places if column in there]
        if index <= bottom + 2 and _numbering(row, filled):
            draft.rows_aside[index + 1] = "нумерация граф"
            continue
        if len(filled) == 1 and sources.nothing_pattern.match(text(row[filled[0]])):
            nothing.append((index + 1, text(row[filled[0]])))
            draft.rows_aside[index + 1] = "сказано, что перечислять нечего"
            continue
        measure, label = total_label(row, filled, sources, spans, people)
        if measure:
            _totals(draft, sheet, index, (measure, label), order, context)
            draft.rows_aside[index + 1] = "итоги"
            continue
        if sheet.merged is None and filled[-1] >= header_width and filled[-1] not in known:
            shifted.append(index + 1)
        if not got or (len(got) == 1 and len(columns) > 2 and got[0] not in identity) or _legend(row, got, columns):
            strange.append(index + 1)
            draft.rows_aside[index + 1] = "не похожи на данные"
            continue
        cells = row if len(row) >= width else [*row, *[""] * (width - len(row))]
        for name, column in order:
            values[name].append(cells[column])
        numbers.append(index + 1)
    draft.frame = pd.DataFrame({**values, "_row": numbers, "_col": [""] * len(numbers)}, dtype=object)
    _one_name(draft, context)
    for name, value in {**layout.fixed, **{name: item.value for name, item in header.said.items()}}.items():
        if name not in columns:
            draft.frame[name] = value
    draft.unread = {
        cell: why for cell, why in sheet.unread.items() if cell[0] > bottom and cell[1] in set(columns.values())
    }
    draft.aside["not_data"] = len(strange)
    _report(draft, sheet, header, context, strange, shifted)
    _report_nothing(draft, context, nothing)
    _report_examples(draft, examples)
    return draft


def _one_name(draft: Draft, context: Context) -> None:
    """Surname, name and patronymic of three columns as one, where the table keeps the name in one."""
    parts = [name for name in NAME_PARTS if name in draft.frame]
    names = {column.name for column in context.tables[draft.table].columns}
    if not parts or "last_name" in names:
        return
    rows = zip(*[draft.frame.pop(name) for name in parts], strict=True)
    joined = [text(" ".join(text(part) for part in row)) for row in rows]
    if "full_name" not in draft.frame:
        draft.frame["full_name"] = pd.Series(joined, index=draft.frame.index, dtype=object)
        draft.letters["full_name"] = draft.letters[parts[0]]


def _width(sheet: Sheet, header: Header) -> int:
    """Columns of the header row; a row beyond it has lost its columns (a stray comma, a broken quote)."""
    row = sheet.rows[header.bottom]
    return max((column + 1 for column, value in enumerate(row) if not blank(value)), default=len(row))


def _bottom(sheet: Sheet, header: Header) -> int:
    """The header's last row; cells of the header merged downwards belong to it."""
    inside = set(header.columns.values())
    return max(
        [header.bottom]
        + [
            b
            for t, left, b, _ in sheet.merged or []
            if header.top <= t <= header.bottom and left in inside and b - t < 6
        ]
    )


def _fill_merged(sheet: Sheet, bottom: int, columns: set[int]) -> None:
    """A class or a subject merged over its rows holds for each of them."""
    for top, left, last, _ in sheet.merged or []:
        if top <= bottom or left not in columns or last == top:
            continue
        value = sheet.cell(top, left)
        for index in range(top + 1, min(last, len(sheet.rows) - 1) + 1):
            if left < len(sheet.rows[index]) and any(not blank(cell) for cell in sheet.rows[index]):
                sheet.rows[index][left] = value


def _example(row: list[Any], filled: list[int]) -> bool:
    """The row of our own forms that shows how to fill them in: its first cell begins with «Пример:»."""
    first = row[filled[0]]
    return isinstance(first, str) and text(first).lower().startswith("пример:")


def _numbering(row: list[Any], filled: list[int]) -> bool:
    """The row «1 2 3 …» under a header."""
    found = [text(row[column]) for column in filled]
    return (
        len(found) > 2
        and all(item.isdecimal() for item in found)
        and [int(item) for item in found] == list(range(int(found[0]), int(found[0]) + len(found)))
    )


def _legend(row: list[Any], got: list[int], columns: dict[str, int]) -> bool:
    """A note under the table: one long text in the first column and nothing else."""
    if len(got) != 1 or len(columns) < 3:
        return False
    line = text(row[got[0]])
    return len(line) > 60 or (line.endswith((":", ".")) and " " in line and len(line) > 25)


def _totals(
    draft: Draft, sheet: Sheet, index: int, label: tuple[str, str], order: list[tuple[str, int]], context: Context
) -> None:
    """Numbers of a total row by measure: the column's own name, with the measure before it for means."""
    table = context.tables[draft.table]
    named = re.search(rf"\d{{1,2}}\s*[А-ЯA-Z](?![а-яa-z])|{NUMBERED}", label[1])
    contract = {column.name for column in table.columns}
    for name, column in order:
        printed = number(sheet.cell(index, column)).value
        if name in contract and table.column(name).type in ("integer", "number") and printed is not None:
            measure = name if label[0] in ("total", "pupils") else f"{label[0]}.{name}"
            own = named[0] if named else ""
            draft.totals.append(
                {"cell": a1(index, column), "class": own, "subject": "", "measure": measure, "printed": printed}
            )


def _report(
    draft: Draft, sheet: Sheet, header: Header, context: Context, strange: list[int], shifted: list[int]
) -> None:
    title = context.tables[draft.table].title

    def add(severity: Any, rule: str, message: str, row: int | None = None) -> None:
        draft.findings.append(Finding(severity, draft.table, rule, "", sheet.name, row=row, message_ru=message))

    if header.twice:
        titles = ", ".join(f"«{name}»" for name in dict.fromkeys(header.twice))
        add(
            "critical",
            "header_twice",
            f"столбец таблицы «{title}» стоит дважды ({titles}); оставьте один",
            header.top + 1,
        )
    if shifted:
        rows = listed(shifted, 10)
        add(
            "critical",
            "row_shifted",
            f"в строках {rows} значений больше, чем столбцов в шапке: значения могли сдвинуться. "
            "Проверьте разделители и кавычки в этих строках или выгрузите файл в xlsx",
            shifted[0],
        )
    if strange:
        many = plural(len(strange), "строка не похожа", "строки не похожи", "строк не похожи")
        add("info", "row_not_data", f"{many} на данные и не прочитаны: {listed(strange, 10)}", strange[0])
    if not draft.why:
        draft.why = "по шапке"
    numbers = {key(word) for word in context.sources.labels.number}
    unknown = [c for c in header.unknown if key(sheet.cell(header.top, c)) not in numbers | {""}]
    if unknown:
        letters = listed([column_letter(column) for column in unknown], 10)
        message = f"столбцы, которых нет в описании таблицы «{title}», не читаются: {letters}"
        near = misspelt(sheet, header, context.tables[draft.table])
        hint = ", ".join(f"{letter} – «{name}»" for letter, name in near)
        add("info", "column_unknown", f"{message}. Похожи на известные, назовите их так: {hint}" if hint else message)


def _report_nothing(draft: Draft, context: Context, said: list[tuple[int, str]]) -> None:
    """An empty table: somebody says that there was nothing, or nobody says anything."""
    title, empty = context.tables[draft.table].title, draft.frame.empty
    row = said[0][0] if said else None
    found: tuple[Severity, str, str]
    if empty and said:
        found = ("info", NOTHING, f"«{said[0][1]}»: таблица «{title}» сдана, перечислять в ней нечего")
    elif empty:
        message = (
            f"шапка таблицы «{title}» есть, а строк с данными под ней нет. Если перечислять нечего, напишите под "
            "шапкой, например, «Мероприятия не проводились»"
        )
        found = ("warning", EMPTY, message)
    elif said:
        found = ("warning", NOTHING, f"сказано «{said[0][1]}», а в таблице «{title}» есть строки: они прочитаны")
    else:
        return
    severity, rule, message_ru = found
    draft.findings.append(Finding(severity, draft.table, rule, "", draft.sheet, row=row, message_ru=message_ru))


def _report_examples(draft: Draft, rows: list[int]) -> None:
    """One example row is the form's own; of more, somebody may have copied it and typed over the copy."""
    if rows:
        message = f"строка примера ({rows[0]}) не прочитана как данные"
        if len(rows) > 1:
            message = (
                f"строки с пометой «Пример:» не прочитаны как данные: {listed(rows, 10)}. Если в них данные, сотрите "
                "помету в первой ячейке"
            )
        draft.findings.append(
            Finding("info" if len(rows) == 1 else "warning", draft.table, "row_example", "", draft.sheet, row=rows[0],
                    message_ru=message)
        )  # fmt: skip
