"""Write the forms as workbooks: the same contracts give the same bytes, and what somebody filled in is never lost."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook

from soko.errors import UsageError
from soko.forms import guide, sheet
from soko.forms.form import Form, form_of
from soko.intake.config import Context
from soko.workspace import Workspace

SHEET = "Данные"
_MAKER = "СОКО"
# Excel, LibreOffice and openpyxl put the present time here when they save: a form that still has ours is untouched.
_STAMP = "2025-09-01T00:00:00Z"
_EPOCH = (1980, 1, 1, 0, 0, 0)
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
    buffer = io.BytesIO()
    book.save(buffer)
    return _fixed(buffer)


def _fixed(buffer: io.BytesIO) -> bytes:
    """The same workbook without the time of writing."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _TIME.sub(_STAMP, data.decode("utf-8")).encode("utf-8")
            info = zipfile.ZipInfo(name, _EPOCH)
            # Fixed, because Python would write the operating system's number here.
            info.create_system, info.compress_type = 0, zipfile.ZIP_DEFLATED
            target.writestr(info, data, compresslevel=9)
    return fixed.getvalue()


def is_untouched(path: Path) -> bool:
    """Whether the file is a form as we wrote it."""
    try:
        with zipfile.ZipFile(path) as book:
            core = book.read("docProps/core.xml").decode("utf-8")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
    return set(_TIME.findall(core)) == {_STAMP}
