"""The sheet «Как заполнять»: what the table is, who fills it in, what each column takes and what will be checked."""

from __future__ import annotations

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from soko import russian
from soko.findings import SEVERITIES
from soko.forms import look, words
from soko.forms.form import Form
from soko.forms.sheet import FIRST_ROW, is_long, page_setup
from soko.tables import Rule

TITLE = "Как заполнять"
_WIDTHS = (34, 50, 20, 62)
_FITS = (31, 48, 19, 60)  # characters that surely fit into a line of the column; the first is bold
_LIST_AT = 40  # options shown in the table of columns; longer lists stand below, one value a line


class _Page:
    """Rows written one after another."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.row = 0

    def line(self, text: str, font: Font = look.PLAIN) -> None:
        """A line over the whole width."""
        self.row += 1
        cell = self.sheet.cell(self.row, 1, text)
        cell.font, cell.alignment = font, look.TEXT
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=len(_WIDTHS))
        size = 20 if font in (look.TITLE, look.SECTION) else look.height([(sum(_WIDTHS), text)])
        self.sheet.row_dimensions[self.row].height = size

    def section(self, text: str) -> None:
        """A heading with an empty line over it."""
        self.row += 1
        self.line(text, look.SECTION)

    def cells(self, texts: list[str], header: bool = False) -> None:
        """A row of a table."""
        self.row += 1
        for place, text in enumerate(texts, 1):
            cell = self.sheet.cell(self.row, place, text)
            cell.font = look.BOLD if header or place == 1 else look.PLAIN
            cell.alignment, cell.border = look.HEAD if header else look.TEXT, look.BORDER
            if header:
                cell.fill = look.HEADER_FILL
        self.sheet.row_dimensions[self.row].height = look.height(zip(_FITS, texts, strict=True))


def fill(sheet: Worksheet, form: Form) -> dict[str, str]:
    """Write the page; return the ranges of the lists that the drop-downs of the first sheet refer to."""
    page = _Page(sheet)
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    table = form.table
    page.line(f"Как заполнять таблицу «{table.title}»", look.TITLE)
    page.line(russian.sentence(table.description or table.title))
    page.line(f"Кто отвечает – {russian.lower_first(form.owner)}.")
    page.line("Когда – к концу отчётного периода (четверти, полугодия, года), данные на его последний день.")
    _steps(page, form)
    _columns(page, form)
    _rules(page, form)
    ranges = _lists(page, form)
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    page_setup(sheet, 1)
    return ranges


def _steps(page: _Page, form: Form) -> None:
    page.section("Что сделать")
    page.line(
        f"1. На первом листе впишите данные с {FIRST_ROW}-й строки. Строка «Пример» не читается; удалять её не нужно."
    )
    either = any(item.either for item in form.fields)
    one = " (из кода и ФИО – хотя бы один)" if either else ""
    page.line(
        f"2. Столбцы с оранжевым заголовком нужны в каждой строке{one}, остальные – если сведения есть. "
        "Чего не знаете, оставьте пустым: ноль значит, что не было ни одного."
    )
    page.line(
        "3. Сохраните файл под любым именем и положите в папку периода, например data/incoming/2025-2026/q1. "
        "Первую строку и заголовки не меняйте: по ним таблица узнаётся."
    )
    if either:
        page.line(
            "4. Человек узнаётся по коду или по фамилии, имени и отчеству – пишите их так же, как в остальных списках "
            "школы. В справки имена не попадают: там только коды."
        )


def _columns(page: _Page, form: Form) -> None:
    page.section("Столбцы")
    page.cells(["Столбец", "Что вписать", "Обязательно", "Допустимые значения и пояснения"], header=True)
    for item in form.fields:
        column = item.column
        allowed = ""
        if len(item.options) > _LIST_AT or column.type == "subject":
            allowed = f"Список – внизу этого листа («{column.title}»)."
        elif item.options and column.type != "boolean":
            allowed = russian.upper_first("; ".join(item.options)) + "."
        if column.name == "school_id" and not column.required:
            allowed = "Если школа одна, оставьте столбец пустым."
        notes = [allowed, russian.sentence(column.note) if column.note else ""]
        notes.append("Персональные данные." if column.personal else "")
        page.cells([column.title, words.kind(item), words.need(item), " ".join(filter(None, notes))])


def _rules(page: _Page, form: Form) -> None:
    """What is checked, the gravest first. Rules about the whole table stand with those of its columns."""
    rules = [(item.column.title, rule) for item in form.fields for rule in item.rules]
    rules += [("таблица в целом", rule) for rule in form.rules]
    if not rules:
        return
    page.section("Что проверит программа")
    page.line(
        "Критично – показатель вышел бы неверным, справка не выпускается, пока ошибка не исправлена. "
        "Предупреждение – необычно, нужно проверить; справка выйдет с оговоркой. К сведению – менять ничего не нужно."
    )
    page.cells(["Что обнаруживается", "Что нужно", "Важность", "Столбец и основание"], header=True)
    for where, rule in sorted(rules, key=lambda pair: SEVERITIES.index(pair[1].severity)):
        page.cells([rule.title, words.advice(rule), words.SEVERITY[rule.severity], _where(where, rule)])


def _where(where: str, rule: Rule) -> str:
    said = russian.upper_first(where)
    return f"{said}. {russian.upper_first(rule.source)}" if rule.source else said


def _lists(page: _Page, form: Form) -> dict[str, str]:
    """Long lists, one value a line: they are read here, and chosen from in the drop-downs.

    On this sheet and not on a hidden one: a hidden sheet in a file is something that intake rightly tells of.
    """
    ranges = {}
    for item in form.fields:
        if not is_long(item.options):
            continue
        page.section(f"Список значений столбца «{item.column.title}»")
        first = page.row + 1
        for option in item.options:
            page.row += 1
            page.sheet.cell(page.row, 1, option).font = look.PLAIN
        ranges[item.column.name] = f"'{TITLE}'!$A${first}:$A${page.row}"
    return ranges
