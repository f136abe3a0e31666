"""One file: read its cells, recognise the layout of each sheet, give drafts of tables. Never a guess in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from soko.findings import Finding
from soko.hashes import sha256_if_readable
from soko.intake.blocks import anchored, find_blocks, read_journal, read_report_card
from soko.intake.config import Context, Layout
from soko.intake.exams import find_exam, read_exam
from soko.intake.gradebook import find_gradebook, read_gradebook
from soko.intake.grid import read_grid
from soko.intake.headers import Header, near_misses, recognised
from soko.intake.lists import candidate, read_list
from soko.intake.model import Draft, FileProblemError, FileRead, Grid, Sheet, SourceFile
from soko.intake.scored import score_answers
from soko.intake.summaries import find_summary, read_summary
from soko.intake.surveys import find_survey, read_survey
from soko.intake.training import split_training
from soko.intake.vpr import explains_classes, find_vpr, read_classes, read_vpr
from soko.intake.words import key, plural


def read_file(path: Path, context: Context, shown: str = "") -> FileRead:
    """Read one file. ``shown`` is its name in findings (the file's name when empty).

    A file that cannot be used gives exactly one critical finding and no drafts; drafts hold raw values, names too.
    """
    name = shown or path.name
    read = FileRead(SourceFile(name, sha256_if_readable(path)))
    try:
        grid = read_grid(path, context.sources)
        read.source.kind = grid.kind
        for sheet in grid.sheets:
            sheet.stem = path.stem
        _sheets(grid, context, read)
    except FileProblemError as problem:
        message = f"{problem.message}. Что сделать: {problem.todo}" if problem.todo else problem.message
        read.findings = [Finding("critical", problem.table, problem.rule, message_ru=_sentence(message))]
        read.drafts = []
    _gather(read.drafts)
    read.findings = [replace(item, file=name) for item in read.findings]
    for draft in read.drafts:
        draft.findings = [replace(f, file=name, message_ru=_sentence(f.message_ru)) for f in draft.findings]
    read.source.rows = sum(len(draft.frame) for draft in read.drafts)
    read.source.layout = ", ".join(dict.fromkeys(draft.layout for draft in read.drafts))
    read.source.table = ", ".join(dict.fromkeys(draft.table for draft in read.drafts if draft.table))
    return read


def _gather(drafts: list[Draft]) -> None:
    """One info for the same thing on many sheets: eleven sheets of a workbook are one remark, not eleven."""
    same = Counter((f.rule, f.message_ru) for draft in drafts for f in draft.findings if f.severity == "info")
    told: set[tuple[str, str]] = set()
    for draft in drafts:
        kept: list[Finding] = []
        for item in draft.findings:
            slot = (item.rule, item.message_ru)
            if item.severity != "info" or same[slot] == 1:
                kept.append(item)
            elif slot not in told:
                told.add(slot)
                sheets = plural(same[slot], "листе", "листах", "листах")
                kept.append(replace(item, sheet="", row=None, message_ru=f"{item.message_ru} (на {sheets})"))
        draft.findings = kept


def _sheets(grid: Grid, context: Context, read: FileRead) -> None:
    unknown: list[Sheet] = []
    guides = {key(name) for name in context.sources.skip_sheets}
    for sheet in grid.sheets:
        if sheet.empty or key(sheet.name) in guides:
            continue
        drafts = _read_sheet(sheet, grid, context)
        if not drafts:
            unknown.append(sheet)
        read.drafts += drafts
    if not read.drafts:
        raise _unknown(grid, context)
    for rule, message in grid.notes:
        read.findings.append(Finding("info", read.drafts[0].table, rule, message_ru=_sentence(message)))
    if grid.encoding in ("cp866", "koi8-r"):
        message = f"файл в старой кодировке {grid.encoding}; прочитан, но лучше сохранить его в UTF-8"
        read.findings.append(Finding("info", read.drafts[0].table, "file_encoding", message_ru=_sentence(message)))
    if unknown:
        names = ", ".join(f"«{sheet.name}»" for sheet in unknown)
        count = plural(len(unknown), "лист не распознан и не прочитан", "листа не распознаны", "листов не распознаны")
        read.findings.append(Finding("info", read.drafts[0].table, "sheet_unknown", message_ru=f"{count}: {names}."))


def _read_sheet(sheet: Sheet, grid: Grid, context: Context) -> list[Draft]:
    """Drafts of one sheet: layouts that know themselves in their order, then the list with most recognised columns."""
    lists: list[tuple[Layout, Header]] = []
    own = any(layout.reader == "list" and anchored(sheet, layout, context) for layout in context.sources.layouts)
    for layout in context.sources.layouts:
        if layout.reader == "list":
            header = candidate(sheet, layout, context)
            if header is not None:
                lists.append((layout, header))
        elif own:
            continue  # a form of ours says which list it is; its columns may look like those of a protocol
        elif drafts := _try(sheet, layout, grid, context):
            return drafts
    if not lists:
        return []
    # A sheet that says which table it is (our own templates do) is taken at its word.
    named = [(layout, header) for layout, header in lists if anchored(sheet, layout, context)]
    layout, header = _most(named or lists, sheet)
    draft = read_list(sheet, layout, header, context)
    split_training(draft)
    score_answers(draft, context.sources.surveys)
    draft.why = "по надписи с названием таблицы и шапке" if named else "по шапке"
    return [draft]


def _try(sheet: Sheet, layout: Layout, grid: Grid, context: Context) -> list[Draft]:
    """What the reader of the layout makes of the sheet; nothing when it is not its layout."""
    if layout.reader in ("report_card", "journal"):
        if anchored(sheet, layout, context) and find_blocks(sheet, context):
            reader = read_report_card if layout.reader == "report_card" else read_journal
            return reader(sheet, layout, context)
    elif layout.reader == "totals":
        bottom = find_summary(sheet, layout, context)
        return [] if bottom is None else [read_summary(sheet, layout, bottom)]
    elif layout.reader == "exam":
        if blocks := find_exam(sheet, layout, context):
            return [read_exam(sheet, layout, blocks, context)]
    elif layout.reader == "vpr":
        if form := find_vpr(sheet, layout, context):
            return [read_vpr(sheet, layout, form, grid, context)]
        if explains_classes(sheet, layout) and any(find_vpr(other, layout, context) for other in grid.sheets):
            return [read_classes(sheet, layout)]
    elif layout.reader == "survey":
        if questions := find_survey(sheet, layout, context):
            return [read_survey(sheet, layout, questions, context)]
    elif wide := find_gradebook(sheet, layout, context):
        return [read_gradebook(sheet, layout, wide, context)]
    return []


def _most(lists: list[tuple[Layout, Header]], sheet: Sheet) -> tuple[Layout, Header]:
    """The list with most recognised columns; two tables that fit alike are refused."""
    most = max(len(header.columns) for _, header in lists)
    best = [(layout, header) for layout, header in lists if len(header.columns) == most]
    if len({layout.table for layout, _ in best}) > 1:
        titles = ", ".join(f"«{layout.title}»" for layout, _ in best)
        raise FileProblemError(
            "file_ambiguous",
            f"таблица на листе «{sheet.name}» подходит сразу под несколько описаний: {titles}",
            todo="добавьте в шапку столбцы, которые их отличают (например, «Предмет» и «Отметка» или «Должность»)",
        )
    # Of several layouts of one table the one that the lines over the table speak for.
    return max(best, key=lambda item: (len(item[1].said), len(item[0].fixed)))


def _unknown(grid: Grid, context: Context) -> FileProblemError:
    """The message for a readable file whose headers fit nothing: counts and expected titles, never contents."""
    filled = [sheet for sheet in grid.sheets if not sheet.empty]
    best: tuple[int, int, Layout, set[str]] | None = None
    for layout in context.sources.layouts:
        if layout.reader != "list":
            continue
        for sheet in filled:
            seen = recognised(sheet, context.tables[layout.table], context.sources.limits)
            hit = sum(bool(seen & set(group)) for group in layout.needs)
            if seen and (best is None or (hit, len(seen)) > best[:2]):
                best = (hit, len(seen), layout, seen)
    height, width = max(len(sheet.rows) for sheet in filled), max(sheet.width for sheet in filled)
    size = f"{plural(height, 'строка', 'строки', 'строк')}, {plural(width, 'столбец', 'столбца', 'столбцов')}"
    if len(filled) > 1:
        size = f"{plural(len(filled), 'лист', 'листа', 'листов')}, самый большой – {size}"
    message = (
        f"таблица не распознана ({size}): в первых {context.sources.limits.header_rows} строках нет известной шапки"
    )
    todo = "проверьте, та ли это выгрузка, и назовите столбцы как в docs/intake.md; лишний файл уберите из папки"
    if best is None:
        titles = ", ".join(f"«{layout.title}»" for layout in context.sources.layouts)
        return FileProblemError(
            "file_unknown", f"{message}, ни один заголовок столбца не узнан", todo=f"{todo}. Читаются: {titles}"
        )
    layout, seen = best[2], best[3]
    table = context.tables[layout.table]
    missing = [group for group in layout.needs if not seen & set(group)]
    lacks = ", ".join(" или ".join(f"«{table.column(name).title}»" for name in group) for group in missing)
    has = ", ".join(f"«{table.column(name).title}»" for name in sorted(seen))
    detail = f"; ближе всего «{layout.title}»: есть {has}, нет {lacks}" if lacks else ""
    near = [item for sheet in filled for item in near_misses(sheet, table, context.sources.limits)][:5]
    detail += "".join(f"; столбец {letter} похож на «{title}»" for letter, title in near)
    return FileProblemError("file_unknown", message + detail, todo=todo)


def _sentence(message: str) -> str:
    line = message[:1].upper() + message[1:]
    return line if line.endswith((".", "!", "?")) else line + "."


def about_text(draft: Draft, role: str) -> str:
    """The value of a line over the table: class, period, year."""
    line: Any = draft.about.get(role)
    return str(line.value) if line is not None else ""
