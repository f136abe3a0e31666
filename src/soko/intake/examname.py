"""Which exam a line names: «02 - Математика 2026.06.02», «Математика(2026.06.02)», «20260602_22_математика базовая»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from soko.intake.above import subject_in
from soko.intake.config import Context, ExamCode
from soko.intake.normalise import SubjectBook, day
from soko.intake.words import text

_DATE = r"\(?\s*(?P<date>\d{4}\.\d{1,2}\.\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})\s*\)?"
_TITLE = re.compile(rf"(?:(?P<code>\d{{1,2}})\s*[-–—]?\s*)?(?P<name>[А-ЯЁа-яё][^\d]*?)\s*(?:{_DATE})?[\s.]*")
# Enough letters to know the word in any case of its: «апелляции», «базовая»; «основ» would be «Основы безопасности».
_STEM = {"stage": 6, "exam_level": 5}


@dataclass(frozen=True)
class Exam:
    """``form`` is empty for ЕГЭ and ОГЭ, which the class tells."""

    subject: str
    exam_level: str = ""
    form: str = ""
    held_on: date | None = None


def exam_of(line: str, context: Context) -> Exam | None:
    """The exam, or None when the line names neither a known subject nor a known code."""
    match = _TITLE.fullmatch(text(line.replace("_", " ")))
    if not match:
        return None
    codes, name = context.sources.exam_codes, match["name"]
    coded = codes.get(match["code"].zfill(2)) if match["code"] else None
    subject = _subject(name, context)
    if subject is None:
        if coded is None or not match["date"]:
            return None
        subject = coded.subject
    known = coded if coded and coded.subject == subject else ExamCode(subject=subject)
    low = name.lower()
    form = known.form or next((item.form for item in codes.values() if item.form and item.form.lower() in low), "")
    level = known.exam_level or _value(low, "exam_level", context)
    held = day(match["date"]).value if match["date"] else None
    return Exam(subject, level, form, held)


def _subject(name: str, context: Context) -> str | None:
    book = SubjectBook(context.subjects, context.sources.subject_noise)
    return str(book(name).value) if book.known(name) else subject_in(name, context.subjects)


def stage_of(lines: list[str], context: Context) -> str:
    """Main term, reserve days, after the appeal: by the contract's words, in any case of theirs; empty when unsaid."""
    return next((found for line in lines if (found := _value(line.lower(), "stage", context))), "")


def _value(line: str, column: str, context: Context) -> str:
    allowed = context.tables["exams"].column(column).values
    return next((value for value in reversed(allowed) if value.lower()[: _STEM[column]] in line), "")
