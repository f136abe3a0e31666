"""Reports of totals («Сводный отчёт об успеваемости», Ф3 of ВПР): known by their header, not read as data.

Their cells hold names of pupils («не успевают по предметам»), so nothing of them is ever shown or kept.
"""

from __future__ import annotations

import pandas as pd

from soko.findings import Finding
from soko.intake.config import Context, Layout
from soko.intake.lists import HEADER
from soko.intake.model import Draft, Sheet
from soko.intake.words import blank, key, plural

_ASIDE = "сводные числа, не данные"


def is_summary(sheet: Sheet, layout: Layout, context: Context) -> bool:
    """True when every title of the layout begins a cell of the first rows."""
    rows = sheet.rows[: context.sources.limits.header_rows]
    there = {key(raw) for row in rows for raw in row if isinstance(raw, str) and not blank(raw)}
    return all(any(cell.startswith(key(title)) for cell in there) for title in layout.headers)


def read_summary(sheet: Sheet, layout: Layout, context: Context) -> Draft:
    """No rows, one info finding: what the sheet is and what to hand in instead."""
    filled = [index for index, row in enumerate(sheet.rows) if not all(blank(value) for value in row)]
    wanted = [key(title) for title in layout.headers]
    top = max(
        (i for i in filled[: context.sources.limits.header_rows]
         for raw in sheet.rows[i] if isinstance(raw, str) and any(key(raw).startswith(w) for w in wanted)),
        default=0,
    )  # fmt: skip
    draft = Draft("", sheet.name, pd.DataFrame({"_row": [], "_col": []}, dtype=object), {}, layout.id)
    draft.why = "по шапке сводного отчёта"
    draft.rows_aside = {index + 1: HEADER if index <= top else _ASIDE for index in filled}
    count = plural(sum(index > top for index in filled), "строка", "строки", "строк")
    message = f"«{layout.title}» – сводный отчёт ({count}), в нём итоги, а не данные; он не прочитан. {layout.instead}"
    draft.findings.append(Finding("info", "", "summary_report", "", sheet.name, message_ru=message))
    return draft
