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


def find_summary(sheet: Sheet, layout: Layout, context: Context) -> int | None:
    """The last row (0-based) of a header that has every title of the layout, or None.

    All of them in a few rows together: a gradebook has «5», «4», «% кач.» too, one under another below the pupils.
    """
    limits = context.sources.limits
    cells = sheet.keys[: limits.header_rows]
    wanted = [key(title) for title in layout.headers]
    everything = sheet.head(limits.header_rows)
    if not all(any(_says(cell, title) for cell in everything) for title in wanted):
        return None
    for top in range(len(cells)):
        there: set[str] = set()
        for depth, row in enumerate(cells[top : top + limits.header_depth + 1]):
            there |= row
            if all(any(_says(cell, title) for cell in there) for title in wanted):
                return top + depth
    return None


def _says(cell: str, title: str) -> bool:
    """«Успевают: всего» begins with its title; of a digit nothing less than the whole cell will do."""
    return cell == title or (not title.isdecimal() and cell.startswith(title))


def read_summary(sheet: Sheet, layout: Layout, bottom: int) -> Draft:
    """No rows, one info finding: what the sheet is and what to hand in instead."""
    filled = [index for index, row in enumerate(sheet.rows) if not all(blank(value) for value in row)]
    draft = Draft("", sheet.name, pd.DataFrame({"_row": [], "_col": []}, dtype=object), {}, layout.id)
    draft.why = "по шапке сводного отчёта"
    draft.rows_aside = {index + 1: HEADER if index <= bottom else _ASIDE for index in filled}
    count = plural(sum(index > bottom for index in filled), "строка", "строки", "строк")
    message = f"«{layout.title}» – сводный отчёт ({count}), в нём итоги, а не данные; он не прочитан. {layout.instead}"
    draft.findings.append(Finding("info", "", "summary_report", "", sheet.name, message_ru=message))
    return draft
