"""Which figures a report is written from: those of its audience."""

from __future__ import annotations

from pathlib import Path

from soko.errors import UsageError
from soko.notes.data import NoteData, read
from soko.periods import Period
from soko.workspace import Workspace

AUDIENCES = ("internal", "public")
#: Of the internal documents alone: the council of the school decides on all its figures.
_INTERNAL = ("management_summary",)
#: Of school years alone.
_OF_YEARS = ("public_report",)


def data(workspace: Workspace, period: Period, report: str, audience: str, out: Path | None = None) -> NoteData:
    """The period's figures for the report; of the public audience the masked ones.

    UsageError for an audience that is unknown, or an audience or period that the report is not made for.
    """
    if audience not in AUDIENCES:
        raise UsageError(
            f"экземпляр «{audience}» неизвестен", todo="укажите internal (внутренний) или public (публичный)"
        )
    if audience == "public" and report in _INTERNAL:
        raise UsageError(
            "сводка для педагогического совета – внутренний документ, публичного экземпляра у неё нет",
            todo="для сайта выпустите публичный доклад (public_report)",
        )
    if report in _OF_YEARS and period.kind != "year":  # half a year has no graduates and no year before
        year = f"{period.school_year}/year" if period.kind != "calendar" else f"{period.year - 1}-{period.year}/year"
        raise UsageError(
            f"публичный доклад составляется за учебный год, а не за период {period.id}",
            todo=f"укажите год: soko report {year}",
        )
    return read(workspace, period, out, report, audience)
