"""Save an openpyxl workbook as bytes that depend on its content alone: openpyxl writes the present time into them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def steady(book: Workbook, day: date) -> bytes:
    """The file of ``book``; ``day`` is what its properties say when it was made and changed."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == _CORE:
                data = _TIME.sub(f"{day.isoformat()}T00:00:00Z", data.decode("utf-8")).encode("utf-8")
            info = zipfile.ZipInfo(name, _EPOCH)
            # Fixed, because Python would write the operating system's number here.
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 0
            new.writestr(info, data)
    return out.getvalue()
