"""A file of any supported kind as one common grid of cells."""

from __future__ import annotations

from pathlib import Path

from soko.intake.config import Sources
from soko.intake.htmltable import read_html
from soko.intake.model import FileProblemError, Grid
from soko.intake.ooxml import too_big
from soko.intake.signature import kind_of
from soko.intake.textfile import decode, read_text
from soko.intake.workbook import read_workbook


def read_grid(path: Path, sources: Sources) -> Grid:
    """Read ``path`` by its signature. FileProblemError (one Russian message) when it cannot be used."""
    try:
        if path.is_dir():
            raise FileProblemError(
                "file_kind",
                "это папка, а названа как файл с таблицей",
                todo="положите вместо неё саму выгрузку (xlsx, xls, ods, csv) или дайте папке другое имя",
            )
        size = path.stat().st_size
        if size > sources.limits.file_mb << 20:
            raise too_big(f"файл больше {sources.limits.file_mb} МБ")
        kind = kind_of(path)
        if kind == "html":
            content, encoding = decode(path.read_bytes(), sources.text)
            grid = read_html(content, sources.limits)
            grid.encoding = encoding
        elif kind == "text":
            grid = read_text(path.read_bytes(), sources.text, sources.limits)
        else:
            grid = read_workbook(path, kind, sources.limits)
    except OSError:
        raise FileProblemError(
            "file_unreadable",
            "файл не открывается: он занят другой программой или нет прав",
            todo="закройте его в Excel и повторите",
        ) from None
    if all(sheet.empty for sheet in grid.sheets):
        raise FileProblemError(
            "file_empty", "в файле нет ни одной заполненной ячейки", todo="выгрузите его заново или уберите из папки"
        )
    return grid
