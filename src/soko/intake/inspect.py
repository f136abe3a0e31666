"""What soko makes of one file: layout and why, columns, rows read and set aside, findings. No value of it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from soko.errors import UsageError
from soko.findings import Finding
from soko.intake.columns import Collected, Normaliser
from soko.intake.config import Context
from soko.intake.grid import read_grid
from soko.intake.headers import NAME_PARTS
from soko.intake.lists import HEADER
from soko.intake.model import Draft, FileProblemError, Grid, Sheet
from soko.intake.prepare import prepare
from soko.intake.recognise import read_file
from soko.intake.words import blank, column_index, column_letter, listed, plural
from soko.workspace import Workspace

_REST = "заголовки блоков, подписи, легенда"
_MOST = 30
_SEVERITY = {"critical": "критическое", "warning": "предупреждение", "info": "к сведению"}
_EXTRA = {"journal": "Журнал по дням (промежуточная)"}


@dataclass
class SheetView:
    """One sheet. ``rows`` = ``empty`` + ``read`` + the rows ``aside``, always."""

    name: str
    rows: int
    empty: int = 0
    read: int = 0
    aside: dict[str, list[int]] = field(default_factory=dict)
    layout: str = ""
    why: str = ""
    tables: list[tuple[str, int]] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class FileView:
    """The whole file. ``recognised`` is False when no sheet has a known layout."""

    name: str
    kind: str
    recognised: bool
    sheets: list[SheetView]
    findings: list[Finding]


def inspect(path: Path, workspace: Workspace) -> FileView:
    """Read ``path`` as a run would, outside of any period, and tell what came of it."""
    if not path.exists():
        raise UsageError(f"файла нет: {path}", todo="проверьте путь и имя файла")
    context = Context.open(workspace)
    read = read_file(path, context)
    got = Collected(list(read.findings))
    normaliser = Normaliser(context)
    for draft in read.drafts:
        if draft.table in context.tables:
            prepare(draft, path.name, context, normaliser, got)
        else:
            got.findings += draft.findings
    try:
        grid = read_grid(path, context.sources)
    except FileProblemError:
        grid = Grid(read.source.kind, [])  # the finding about it is there already
    sheets = [_sheet(sheet, [d for d in read.drafts if d.sheet == sheet.name], context) for sheet in grid.sheets]
    return FileView(path.name, grid.kind, bool(read.drafts), sheets, got.findings)


def _sheet(sheet: Sheet, drafts: list[Draft], context: Context) -> SheetView:
    view = SheetView(sheet.name, len(sheet.rows))
    filled = {index + 1 for index, row in enumerate(sheet.rows) if not all(blank(value) for value in row)}
    read = {int(row) for draft in drafts for row in draft.frame["_row"]} | {r for d in drafts for r, _, _ in d.unmarked}
    aside = {row: why for draft in drafts for row, why in draft.rows_aside.items() if row not in read}
    first = min(read, default=0)
    view.read, view.empty = len(read), view.rows - len(filled | read)
    for row in sorted(filled - read):
        why = aside.get(row) or (HEADER if row < first else _REST)
        view.aside.setdefault(why if drafts else "лист не распознан", []).append(row)
    if drafts:
        titles = {layout.id: layout.title for layout in context.sources.layouts}
        view.layout = titles.get(drafts[0].layout, drafts[0].layout)
        view.why = drafts[0].why
        view.tables = [(_table(draft.table, context), len(draft.frame)) for draft in drafts if draft.table]
        _columns(view, sheet, drafts, context, max(read, default=0))
    return view


def _table(name: str, context: Context) -> str:
    return context.tables[name].title if name in context.tables else _EXTRA.get(name, name)


def _columns(view: SheetView, sheet: Sheet, drafts: list[Draft], context: Context, last: int) -> None:
    """Columns by letter: what each was taken for, and those that nobody reads."""
    known: dict[str, str] = {}
    for draft in drafts:
        titles = dict(NAME_PARTS)
        if draft.table in context.tables:
            titles |= {column.name: column.title for column in context.tables[draft.table].columns}
        layout = next((item for item in context.sources.layouts if item.id == draft.layout), None)
        for name, letter in draft.letters.items():
            words = layout.columns.get(name, []) if layout else []
            title = titles.get(name) or (words[0] if words else name)
            if letter not in known or name in NAME_PARTS:
                known[letter] = title
        wide = sorted({str(c) for c in draft.frame["_col"] if c}, key=column_index)
        known |= {letter: "значение, столбец на предмет или вопрос" for letter in wide if letter not in known}
        view.unread += [(letter, why) for letter, why in draft.columns_aside.items() if letter not in known]
    view.columns = sorted(known.items(), key=lambda item: column_index(item[0]))
    told = set(known) | {letter for letter, _ in view.unread}
    heads = sheet.rows[: last or len(sheet.rows)]
    used = {column_letter(c) for row in heads for c, value in enumerate(row) if not blank(value)}
    view.unread += [(letter, "") for letter in sorted(used - told, key=column_index)] if last else []


def lines(view: FileView) -> list[str]:
    """The view in Russian, a line a fact."""
    many = plural(len(view.sheets), "лист", "листа", "листов")
    told = [f"Файл «{view.name}»: {view.kind}, {many}." if view.sheets else f"Файл «{view.name}»."]
    for sheet in view.sheets:
        told += ["", *_lines(sheet)]
    if view.findings:
        told += ["", "Замечания:"]
        told += [f"  {_SEVERITY[item.severity]}: {_place(item)}{item.message_ru}" for item in view.findings[:_MOST]]
        if len(view.findings) > _MOST:
            told.append(f"  … и ещё {len(view.findings) - _MOST}")
    told += ["", "Итог: файл распознан." if view.recognised else "Итог: файл не распознан."]
    return told


def _lines(sheet: SheetView) -> list[str]:
    told = [f"Лист «{sheet.name}»: " + (f"«{sheet.layout}», {sheet.why}." if sheet.layout else "не распознан.")]
    if sheet.layout and not sheet.why:
        told = [f"Лист «{sheet.name}»: «{sheet.layout}»."]
    for title, count in sheet.tables:
        told.append(f"  Таблица «{title}»: {plural(count, 'запись', 'записи', 'записей')}.")
    aside = "; ".join(f"{why} – {len(rows)} ({spans(rows)})" for why, rows in sheet.aside.items())
    told.append(f"  Строк на листе {sheet.rows}: прочитано {sheet.read}, пустых {sheet.empty}"
                + (f", отложено: {aside}." if aside else "."))  # fmt: skip
    grouped: dict[str, list[str]] = {}
    for letter, title in sheet.columns:
        grouped.setdefault(title, []).append(letter)
    if grouped:
        told.append("  Столбцы: " + "; ".join(f"{letters(v)} – {title}" for title, v in grouped.items()) + ".")
    for reason in dict.fromkeys(why for _, why in sheet.unread):
        those = letters([letter for letter, why in sheet.unread if why == reason])
        told.append(
            f"  В таблицу не входят: {those} – {reason}."
            if reason
            else f"  Не читаются: {those} – нет в описании таблицы."
        )
    return told


def _place(item: Finding) -> str:
    where = f"лист «{item.sheet}»" if item.sheet else ""
    where += (", " if where and item.cell else "") + item.cell
    return f"{where}: " if where else ""


def letters(columns: list[str]) -> str:
    """«B–F, K»: letters of columns as people write them."""
    found = _runs([column_index(letter) for letter in columns])
    return listed([_span(column_letter(a), column_letter(b)) for a, b in found], 8)


def spans(rows: list[int]) -> str:
    """«1–3, 42»: row numbers as people write them."""
    return listed([_span(str(a), str(b)) for a, b in _runs(rows)], 8)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _runs(rows: list[int]) -> list[list[int]]:
    parts: list[list[int]] = []
    for row in rows:
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return parts
