"""A draft on its way into a table: its place checked, its class set, terms and subjects that do not belong left out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from soko.cohorts import grade_of
from soko.findings import Finding
from soko.intake.classname import school_class
from soko.intake.columns import Collected, Normaliser
from soko.intake.config import Context
from soko.intake.model import Draft, a1, cells
from soko.intake.place import check_dates, check_place
from soko.intake.terms import allowed, parse_term
from soko.intake.words import blank, column_letter, listed, plural, text

# Lists whose numbers are those of one period; a list of pupils or staff is of a day.
_OF_THE_PERIOD = ("attendance", "classes")


def prepare(draft: Draft, file: str, context: Context, normaliser: Normaliser, got: Collected) -> pd.DataFrame | None:
    """Canonical rows of the draft (personal columns still in it), or None when the sheet must not be used.

    Every row of the draft is counted as read, and every one that goes no further as set aside for its reason.
    """
    got.findings += draft.findings
    tally, at = got.tally, (draft.table, file)
    tally.read[at] += len(draft.frame) + draft.aside.total()
    for reason, number in draft.aside.items():
        tally.aside[*at, reason] += number
    if draft.school_class:
        found = check_place(draft, file, context)
        got.findings += found
        if any(item.severity == "critical" for item in found):
            tally.aside[*at, "refused"] += len(draft.frame)
            return None
        _set_class(draft, file, got)
    elif draft.table in _OF_THE_PERIOD and (found := check_dates(draft, file, context)):
        # Eleven sheets of a workbook with one and the same title are one remark.
        told = {(item.file, item.rule, item.message_ru) for item in got.findings}
        got.findings += [item for item in found if (item.file, item.rule, item.message_ru) not in told]
        tally.aside[*at, "refused"] += len(draft.frame)
        return None
    got.changes += [{"table": draft.table, "file": file, "sheet": draft.sheet, **item} for item in draft.changes]
    frame = normaliser(draft, file, got)
    if draft.table == "marks":
        frame = _own_term(frame, draft, file, context, got)
        frame = _counted(frame, draft, file, normaliser, got)
        if draft.layout != "marks_list" and "mark" in frame:
            # An empty cell of a grid of pupils × subjects is no mark; a list keeps its rows, and validation names them.
            # A cell that cannot be read stays without its mark: the ledger of corrections may give it.
            there = frame["mark"].notna() | _unreadable(draft, frame, normaliser)
            tally.aside[*at, "blank"] += int((~there).sum())
            frame = frame[there]
    return frame.reset_index(drop=True)


def _unreadable(draft: Draft, frame: pd.DataFrame, normaliser: Normaliser) -> pd.Series:
    """Which rows without a mark have something in its cell that cannot be read."""
    read = normaliser.reader(normaliser.context.tables["marks"].column("mark"), "marks")
    raw = draft.frame["mark"].reset_index(drop=True)
    lost = {(row + 1, column_letter(column)) for row, column in draft.unread}
    places = zip(cells(frame, "mark"), cells(frame, "_row"), cells(frame, "_col"), frame.index, strict=True)
    found = [
        mark is None and ((row, col) in lost if blank(raw[index]) else bool(read(raw[index]).problem))
        for mark, row, col, index in places
    ]
    return pd.Series(found, index=frame.index, dtype=bool)


def totals_of(draft: Draft, file: str, normaliser: Normaliser) -> list[dict[str, Any]]:
    """Totals printed in the sheet, class and subject normalised as in the table."""
    own = school_class(draft.school_class).value or ""
    rows = []
    for item in draft.totals:
        named = school_class(item["class"]).value or own
        subject = normaliser.book(item["subject"]).value or ""
        if not subject or normaliser.book.counted(subject):
            rows.append({**item, "file": file, "sheet": draft.sheet, "class": named, "subject": subject})
    return rows


def _set_class(draft: Draft, file: str, got: Collected) -> None:
    """One class for the whole sheet; the change is recorded once, at the line that says it."""
    value = school_class(draft.school_class)
    draft.frame["class"] = value.value
    line = draft.about.get("class")
    if value.why:
        cell = a1(line.row, line.column) if line is not None else ""
        got.changes.append(
            {
                "table": draft.table, "file": file, "sheet": draft.sheet, "cell": cell, "column": "class",
                "was": text(draft.school_class), "became": value.value, "why": value.why,
            }
        )  # fmt: skip


def _own_term(frame: pd.DataFrame, draft: Draft, file: str, context: Context, got: Collected) -> pd.DataFrame:
    """Only rows of the folder's own period; the others are counted, unreadable terms are critical."""
    period = context.period
    if "term" not in frame or period is None or period.kind == "calendar" or frame["term"].isna().all():
        return frame
    terms = cells(frame, "term")
    halfyear = context.params.conventions.halfyear_grades
    classes = cells(frame, "class") if "class" in frame else [None] * len(frame)
    cache: dict[tuple[Any, Any], bool | None] = {}
    keep: list[bool] = []
    bad: list[int] = []
    for term_text, own, row in zip(terms, classes, cells(frame, "_row"), strict=True):
        slot = (term_text, own)
        if slot not in cache:
            term = parse_term(term_text, context.sources)
            cache[slot] = None if term is None else allowed(term, period, grade_of(own), halfyear)
        fits = cache[slot]
        if fits is None:
            bad.append(int(row))
        keep.append(bool(fits))
    others = Counter(str(term) for term, kept in zip(terms, keep, strict=True) if not kept)
    add = got.findings.append
    if bad:
        many = plural(len(bad), "строка", "строки", "строк")
        add(Finding("critical", "marks", "term_unreadable", file, draft.sheet, "", bad[0], "term",
                    f"Период не указан или не читается: {many} ({listed(bad, 10)}). Нужно, например, "
                    f"«2 четверть», «q2» или «2»."))  # fmt: skip
    elif not any(keep):
        halves_only = draft.layout == "report_card" and all(grade_of(own) in halfyear for own in set(classes))
        severity: Any = "info" if halves_only and period.kind == "quarter" else "critical"
        add(Finding(severity, "marks", "term_missing", file, draft.sheet, "", None, "term",
                    f"В файле нет ни одной отметки за {period.title()}: в нём другие периоды "
                    f"({listed(sorted(others), 5)}). Проверьте, в ту ли папку положен файл."))  # fmt: skip
    elif others and draft.layout != "report_card":
        many = plural(sum(others.values()), "строка других периодов не взята", "строки других периодов не взяты",
                      "строк других периодов не взято")  # fmt: skip
        add(Finding("info", "marks", "term_other", file, draft.sheet, "", None, "term",
                    f"{many} (период: {listed(sorted(others), 5)})."))  # fmt: skip
    got.tally.aside["marks", file, "term_unreadable"] += len(bad)
    got.tally.aside["marks", file, "other_term"] += len(keep) - sum(keep) - len(bad)
    return frame[keep]


def _counted(frame: pd.DataFrame, draft: Draft, file: str, normaliser: Normaliser, got: Collected) -> pd.DataFrame:
    """Columns that are no subject («Поведение») are left out, with a word about it."""
    if "subject" not in frame:
        return frame
    out = {name for name in frame["subject"].dropna().unique() if not normaliser.book.counted(name)}
    if not out:
        return frame
    titles = ", ".join(f"«{name}»" for name in sorted(out))
    got.findings.append(
        Finding("info", "marks", "subject_not_counted", file, draft.sheet, "", None, "subject",
                f"Не предмет, в показатели не входит: {titles}.")
    )  # fmt: skip
    left = frame["subject"].isin(out)
    got.tally.aside["marks", file, "not_subject"] += int(left.sum())
    return frame[~left]
