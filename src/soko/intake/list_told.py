"""What is told of a long list beside its rows: columns twice, shifted rows, examples, that there is nothing to list."""

from __future__ import annotations

from soko.findings import EMPTY, NOTHING, Finding, Severity
from soko.intake.config import Context
from soko.intake.headers import Header, misspelt
from soko.intake.model import Draft, Sheet
from soko.intake.words import column_letter, key, listed, plural


def layout(
    draft: Draft, sheet: Sheet, header: Header, context: Context, strange: list[int], shifted: list[int]
) -> None:
    """How the sheet is laid out: a column twice, rows wider than the head, rows that are no data, unknown columns."""
    title = context.tables[draft.table].title

    def add(severity: Severity, rule: str, message: str, row: int | None = None) -> None:
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


def nothing(draft: Draft, context: Context, said: list[tuple[int, str]]) -> None:
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


def examples(draft: Draft, rows: list[int]) -> None:
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
