"""Does a sheet belong where it lies? Its own lines over the table say class, school year and period."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from soko.cohorts import grade_of
from soko.findings import Finding
from soko.intake.classname import school_class
from soko.intake.config import Context
from soko.intake.meta import Line
from soko.intake.model import Draft, a1
from soko.intake.terms import allowed, date_range, parse_term, school_year
from soko.periods import Period

_CLASS_IN_NAME = re.compile(r"(?<![\dА-Яа-яA-Za-z])(\d{1,2})[-_]?([А-ЯA-Z](?:-?\d)?)(?![А-Яа-яA-Za-z\d])")


def check_dates(draft: Draft, file: str, context: Context) -> list[Finding]:
    """Critical findings when the lines over a list name another school year or period than its folder."""
    if context.period is None or context.period.kind == "calendar":
        return []
    found = [_year(draft, file, context.period), _period(draft, file, context, context.period)]
    return [item for item in found if item is not None][:1]


def check_place(draft: Draft, file: str, context: Context) -> list[Finding]:
    """Critical findings when the sheet is of another class, year or period than its place; empty when all agrees."""
    found = [_class(draft, file)]
    if context.period is not None and context.period.kind != "calendar":
        found += [_year(draft, file, context.period), _period(draft, file, context, context.period)]
    return [item for item in found if item is not None]


def _finding(
    draft: Draft, file: str, rule: str, line: Line | None, column: str, message: str, severity: Any
) -> Finding:
    cell, row = (a1(line.row, line.column), line.row + 1) if line is not None else ("", None)
    return Finding(severity, draft.table, rule, file, draft.sheet, cell, row, column, message)


def _class(draft: Draft, file: str) -> Finding | None:
    line = draft.about.get("class")
    own = school_class(draft.school_class).value
    if own is None:
        return _finding(
            draft, file, "class_missing", line, "class",
            "На листе не указан класс: нужна строка «Класс: 5А» над таблицей или имя листа «5А».", "critical",
        )  # fmt: skip
    by_sheet = school_class(draft.sheet).value
    if "-" in str(by_sheet) and "-" not in own:  # «1-4», «05-11»: where classes have letters no name of one
        by_sheet = None
    if line is not None and by_sheet is not None and by_sheet != own:
        return _finding(
            draft, file, "class_mismatch", line, "class",
            f"Лист называется «{by_sheet}», а в строке «Класс» указано «{own}». Проверьте, чья это ведомость, "
            "и исправьте имя листа или строку.", "critical",
        )  # fmt: skip
    stem = PurePosixPath(file).stem
    names = {school_class("".join(m)).value for m in _CLASS_IN_NAME.findall(stem)}
    if "-" in own and (whole := school_class(stem).value):  # «7-1» inside a longer name may be a date
        names = {whole}
    if by_sheet is None and len(names) == 1 and own not in names:
        return _finding(
            draft, file, "class_file_name", line, "class",
            f"В имени файла класс «{next(iter(names))}», а внутри «{own}»; прочитано как «{own}».", "warning",
        )  # fmt: skip
    return None


def _year(draft: Draft, file: str, period: Period) -> Finding | None:
    line = draft.about.get("year")
    year = school_year(line.value) if line is not None else None
    if year is None or year == period.year:
        return None
    return _finding(
        draft, file, "wrong_year", line, "",
        f"Файл за {year}/{year + 1} учебный год лежит в папке периода {period.id}. "
        "Переложите его или выгрузите нужный.", "critical",
    )  # fmt: skip


def _period(draft: Draft, file: str, context: Context, period: Period) -> Finding | None:
    line = draft.about.get("period")
    if line is None:
        return None
    grade = grade_of(school_class(draft.school_class).value)
    halfyear = context.params.conventions.halfyear_grades
    span = date_range(line.value)
    if span is not None:
        middle = span[0] + (span[1] - span[0]) / 2
        periods = [period]
        if period.kind == "quarter" and period.index % 2 == 0 and grade in halfyear:
            periods.append(Period(period.year, "half", period.index // 2))
        dates = [context.params.dates(item) for item in periods]
        fits = any(item.start <= middle <= item.end for item in dates)
    else:
        term = parse_term(line.value, context.sources)
        if term is None:
            return None
        fits = allowed(term, period, grade, halfyear)
    if fits:
        return None
    return _finding(
        draft, file, "wrong_period", line, "",
        f"Файл другого периода («{line.value[:40]}») лежит в папке периода {period.id}. "
        "Переложите его в папку своего периода или выгрузите нужный.", "critical",
    )  # fmt: skip
