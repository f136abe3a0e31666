"""The sheet that is filled in: the anchor line, small print, header, an example row, and unlocked cells under it."""

from __future__ import annotations

from datetime import date

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from soko import russian
from soko.forms import examples, look, words
from soko.forms.form import Field, Form

#: The first words of the sheet, by which intake knows the table (``anchors`` of params/sources.yaml).
ANCHOR = "Таблица: "
SMALL_ROW, HEADER_ROW, EXAMPLE_ROW, FIRST_ROW = 3, 4, 5, 6
#: Lists and checks of cells reach as far as the longest list of a school.
LAST_ROW = 5000
_NUMBER_WIDTH = 9.5
_FORMATS = {"date": "DD.MM.YYYY", "integer": "0", "number": "General", "mark": "General"}
_LONGEST_LIST = 255  # characters; Excel takes no longer list into the cell's own settings


def fill(sheet: Worksheet, form: Form, lists: dict[str, str]) -> None:
    """Lay the form out; ``lists`` are the ranges of the lists that are too long for a cell's own settings."""
    _top(sheet, form)
    widths = [_NUMBER_WIDTH, *(_width(item) for item in form.fields)]
    for place, item in enumerate(form.fields, 2):
        _column(sheet, place, item, widths[place - 1])
        _check(sheet, place, item, lists.get(item.column.name, ""))
    for place, size in enumerate(widths, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = size
        sheet.column_dimensions[letter].protection = Protection(locked=False)
    sheet.row_dimensions[SMALL_ROW].height = look.height(
        [(size, words.mark(item)) for size, item in zip(widths[1:], form.fields, strict=True)], 12.5
    )
    sheet.row_dimensions[HEADER_ROW].height = look.height(
        [(size * 0.93, item.column.title) for size, item in zip(widths[1:], form.fields, strict=True)]
    )
    _missing(sheet, form)
    _protect(sheet)
    _print(sheet, form, sum(widths))


def is_long(options: tuple[str, ...]) -> bool:
    """Whether the options must stand in cells: too long together, or with a comma, which is what parts them."""
    return len(",".join(options)) > _LONGEST_LIST or any("," in option or '"' in option for option in options)


def _top(sheet: Worksheet, form: Form) -> None:
    width = len(form.fields) + 1
    _put(sheet, 1, 1, ANCHOR + form.table.title, look.TITLE)
    hint = (
        f"Заполняет {russian.lower_first(form.owner)}. Вписывайте данные с {FIRST_ROW}-й строки, под примером. "
        "Пояснения – на листе «Как заполнять» и в примечаниях к заголовкам столбцов."
    )
    _put(sheet, 2, 1, hint, look.SMALL)
    for row in range(1, EXAMPLE_ROW + 1):
        for column in range(1, width + 1):
            sheet.cell(row, column).protection = Protection(locked=True)
    sheet.row_dimensions[1].height = 22
    number = _put(sheet, HEADER_ROW, 1, "№", look.BOLD)
    number.fill, number.alignment, number.border = look.HEADER_FILL, look.HEAD, look.BORDER
    example = _put(sheet, EXAMPLE_ROW, 1, examples.MARK, look.EXAMPLE)
    example.fill, example.border, example.alignment = look.EXAMPLE_FILL, look.BORDER, look.CELL


def _put(sheet: Worksheet, row: int, column: int, value: object, font: object) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value, cell.font = value, font
    return cell


def _column(sheet: Worksheet, place: int, item: Field, width: float) -> None:
    column = item.column
    small = _put(sheet, SMALL_ROW, place, words.mark(item) or None, look.SMALL)
    small.alignment = look.LOW
    head = _put(sheet, HEADER_ROW, place, column.title, look.BOLD)
    head.fill = look.REQUIRED_FILL if column.required or item.either else look.HEADER_FILL
    head.alignment, head.border = look.HEAD, look.BORDER
    said = words.about(item)
    head.comment = Comment(said, "СОКО", width=380, height=int(look.height([(56, said)], 19)) + 12)
    example = _put(sheet, EXAMPLE_ROW, place, item.example, look.EXAMPLE)
    example.fill, example.border, example.alignment = look.EXAMPLE_FILL, look.BORDER, look.CELL
    # Text cells, so that a code «0417» keeps its nought and «1.10» does not become a number or a date.
    form = _FORMATS.get(column.type, "@")
    example.number_format = form
    below = sheet.column_dimensions[get_column_letter(place)]
    below.number_format, below.font, below.alignment = form, look.PLAIN, look.CELL


def _check(sheet: Worksheet, place: int, item: Field, cells: str) -> None:
    """What the cells of the column accept, with a Russian message."""
    column = item.column
    if item.options:
        listed = cells or '"' + ",".join(item.options) + '"'
        rule = DataValidation(type="list", formula1=listed, allow_blank=True)
        rule.error = "Выберите значение из списка."
        if not item.is_closed:
            rule.error = "Такого значения в списке нет. Оставить всё равно?"
            rule.errorStyle = "warning"
    elif column.type == "date":
        rule = DataValidation(type="date", operator="between", formula1="DATE(1920,1,1)", formula2="DATE(2099,12,31)")
        rule.error = "Нужна дата, например 01.09.2025."
    elif column.type == "integer":
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
        rule.error = "Нужно целое число, ноль или больше."
    elif column.type == "number":
        rule = DataValidation(type="decimal", operator="between", formula1="-1000000000", formula2="1000000000")
        rule.error = "Нужно число, например 4,5."
    else:
        return
    rule.errorTitle = column.title[:32]
    rule.showErrorMessage = True
    letter = get_column_letter(place)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)


def _missing(sheet: Worksheet, form: Form) -> None:
    """A required cell that is empty in a row that has begun is coloured."""
    last = get_column_letter(len(form.fields) + 1)
    for place, item in enumerate(form.fields, 2):
        if item.column.required:
            letter = get_column_letter(place)
            begun = f'AND(COUNTA($B{FIRST_ROW}:${last}{FIRST_ROW})>0,{letter}{FIRST_ROW}="")'
            area = f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}"
            sheet.conditional_formatting.add(area, FormulaRule(formula=[begun], fill=look.MISSING_FILL))


def _protect(sheet: Worksheet) -> None:
    """The head is locked without a password: it cannot be spoilt by chance, and whoever must can unlock it."""
    guard = sheet.protection
    guard.sheet = True
    # In the file «false» means allowed.
    guard.formatColumns = guard.formatRows = guard.formatCells = False
    guard.insertRows = guard.deleteRows = guard.sort = guard.autoFilter = False


def _print(sheet: Worksheet, form: Form, total: float) -> None:
    names = form.names
    # The columns that say who or what the row is stay in sight.
    fixed = names.index("full_name") + 2 if "full_name" in names[:3] else 2
    sheet.freeze_panes = f"{get_column_letter(fixed + 1)}{HEADER_ROW + 1}"
    sheet.sheet_view.zoomScale = 100
    page_setup(sheet, max(1, round(total / look.PAGE + 0.2)))
    sheet.print_title_rows = f"{SMALL_ROW}:{HEADER_ROW}"
    if total > look.PAGE:
        sheet.print_title_cols = f"A:{get_column_letter(fixed)}"


def page_setup(sheet: Worksheet, pages: int) -> None:
    """Landscape A4, so many pages wide, numbered."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
    sheet.oddFooter.right.text = "&P из &N"
    sheet.oddFooter.right.size = 9


def _width(item: Field) -> float:
    example = f"{item.example:%d.%m.%Y}" if isinstance(item.example, date) else str(item.example or "")
    longest = max(item.options, key=len, default="")
    return look.width(item.column.title, words.mark(item), example, longest)


def lock_structure() -> WorkbookProtection:
    """Sheets cannot be renamed or removed by chance: the drop-down lists refer to the second one."""
    return WorkbookProtection(lockStructure=True)
