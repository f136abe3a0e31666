"""Write the forms as workbooks: the same contracts give the same bytes, and what somebody filled in is never lost."""

from __future__ import annotations

import os
import re
import zipfile
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from soko.errors import UsageError
from soko.forms import guide, sheet
from soko.forms.form import Form, form_of
from soko.intake.config import Context
from soko.workbooks import steady
from soko.workspace import Workspace

SHEET = "Данные"
_MAKER = "СОКО"
# Excel, LibreOffice and openpyxl put the present time here when they save: a form that still has ours is untouched.
_DAY = date(2025, 9, 1)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')


def write_all(workspace: Workspace, folder: Path) -> list[Path]:
    """Write a form of every table into ``folder``; return the paths.

    Nothing is written when one of the files there has been changed since: it may be filled in.
    """
    context = Context.open(workspace)
    forms = {folder / file_name(table.title): form_of(table, context) for table in context.tables.values()}
    changed = [path.name for path in forms if path.exists() and not is_untouched(path)]
    if changed:
        raise UsageError(
            f"в папке есть заполненные или изменённые файлы: {', '.join(changed[:5])}",
            where=str(folder),
            todo="переложите их в папку периода (data/incoming) или укажите другую папку: soko templates ПАПКА",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, form in forms.items():
        fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        fresh.write_bytes(content(form))
        fresh.replace(path)
    return list(forms)


def file_name(title: str) -> str:
    """The name of a table's form: its title, without what a file name must not have."""
    return f"{' '.join(_FORBIDDEN.sub(' ', title).split())}.xlsx"


def content(form: Form) -> bytes:
    """The workbook of a form."""
    book = Workbook()
    data = book.worksheets[0]
    data.title = SHEET
    lists = guide.fill(book.create_sheet(guide.TITLE), form)
    sheet.fill(data, form, lists)
    book.security = sheet.lock_structure()
    book.properties.creator = book.properties.lastModifiedBy = _MAKER
    book.properties.title = form.table.title
    return steady(book, _DAY)


def is_untouched(path: Path) -> bool:
    """Whether the file is a form as we wrote it."""
    try:
        with zipfile.ZipFile(path) as book:
            core = book.read("docProps/core.xml").decode("utf-8")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
    return set(_TIME.findall(core)) == {f"{_DAY.isoformat()}T00:00:00Z"}
