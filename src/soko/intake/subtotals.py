"""Rows of totals among rows of data: «Итого по классу 5А», «1–4 классы», «5-9» where that is no name of a class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from soko.cohorts import as_range
from soko.intake.classname import school_class
from soko.intake.config import Sources
from soko.intake.model import Sheet
from soko.intake.words import key, text


def total_label(
    row: list[Any],
    filled: list[int],
    sources: Sources,
    spans: Callable[[str], bool],
    people: frozenset[int] = frozenset(),
) -> tuple[str, str]:
    """(measure, label) when one of the first three filled cells says «Итого по классу 5А» or «1–4 классы».

    ``spans``: whether a name like «1-4» means grades here; never in a row that names somebody (columns ``people``).
    """
    for column in filled[:3]:
        raw = row[column]
        if not isinstance(raw, str) or raw.strip().isdecimal():
            continue  # a bare digit is a number, not the label «"5"»
        if sources.total_pattern.match(raw.strip()):
            name = str(school_class(raw).value or "")
            if "-" not in name or (spans(name) and not (people & set(filled)) - {column}):
                return "total", text(raw)
        elif raw[:2].lower() in ("вс", "ср", "ко", "по", "ит"):
            measure = sources.total_keys.get(key(raw))
            if measure in ("total", "pupils", "mean_mark"):
                return str(measure), text(raw)
    return "", ""


def grade_spans(sheet: Sheet, column: int | None, bottom: int) -> Callable[[str], bool]:
    """Tells whether «1-4» is four grades or the fourth first class: classes are counted from one, so there is a «1-1».

    ``column`` is that of the classes, ``bottom`` the last row (0-based) of the header. «7-1» is always a class.
    """
    cells = (sheet.cell(index, column) for index in range(bottom + 1, len(sheet.rows))) if column is not None else ()
    known = {school_class(raw).value for raw in {raw for raw in cells if isinstance(raw, (str, float))}}

    def spans(name: str) -> bool:
        grades = as_range(name)
        return grades is not None and f"{grades[0]}-1" not in known

    return spans
