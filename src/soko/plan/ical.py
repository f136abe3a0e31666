"""The plan's dates as a calendar file (iCalendar, RFC 5545): whole days, the same bytes for the same plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from soko import russian
from soko.plan import words
from soko.plan.model import Plan
from soko.plan.schedule import Task, files_owed
from soko.plan.tables import by_document
from soko.school import School
from soko.tables import Table

_LONGEST = 75  # octets of a line without its end (RFC 5545, 3.1)


def text(plan: Plan, tasks: list[Task], contracts: dict[str, Table], school: School, year: int) -> str:
    """The calendar: an event for each document's date, one for each table of files that a period needs.

    The identity of an event does not depend on its date, so that an imported plan moves its events instead of
    doubling them. The stamp is the first day of the school year: nothing of the moment goes into the file.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//soko//monitoring plan//RU",
        "CALSCALE:GREGORIAN",
        _property("X-WR-CALNAME", f"План мониторинга {year}/{year + 1}"),
    ]
    stamp = f"{year}0901T000000Z"
    for (name, period), shared in by_document(tasks):
        people = dict.fromkeys(who for task in shared for who in words.people(school, task.procedure))
        about = [f"{task.number}. {task.procedure.name}" for task in shared]
        detail = "\n".join([f"Отвечают: {'; '.join(people)}", "Процедуры:", *about])
        title = words.document(plan.documents[name], period, year)
        uid = f"{name}-{period.id}@{school.id}"
        lines += _event(uid, shared[0].due, title, detail, "Документы мониторинга", stamp)
    for (name, period), when in files_owed(tasks).items():
        table = contracts[name]
        summary = f"Сдать файлы: {russian.lower_first(table.title)}, {words.brief(period, year)}"
        detail = f"Сдаёт: {words.owner(school, name, table.owner)}"
        lines += _event(f"files-{name}-{period.id}@{school.id}", when, summary, detail, "Файлы мониторинга", stamp)
    return "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(uid: str, day: date, summary: str, detail: str, category: str, stamp: str) -> Iterable[str]:
    return (
        "BEGIN:VEVENT",
        _property("UID", re.sub(r"[^\w@./-]", "_", uid)),
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        _property("SUMMARY", summary),
        _property("DESCRIPTION", detail),
        _property("CATEGORIES", category),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _property(name: str, value: str) -> str:
    return f"{name}:{escaped(value)}"


def escaped(value: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11); control characters other than line ends are not allowed in it."""
    clean = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", value.replace("\r\n", "\n").replace("\r", "\n"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, no character torn; the pieces after the first begin with a space."""
    pieces: list[str] = []
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _LONGEST:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += width
    return "\r\n".join([*pieces, piece])
