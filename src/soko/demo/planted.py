"""Errors planted on purpose; docs/demo-data.md lists each with its address and the rule that should find it."""

from __future__ import annotations

import copy
from datetime import date

from soko.demo.gradebook import Gradebook, SubjectColumn, Totals
from soko.demo.school import Term
from soko.demo.staff import Employee

STRANGER = "Небывалов Тихон"


def plant_warnings(term: Term) -> None:
    """What a school's files hold every term: eight faults that are unusual or wrong, none of which stops the note."""
    _subject_of_last_year(term.gradebook("6А"))
    _marks_in_first_grade(term.gradebook("1А"))
    _all_fives(term.gradebook("9Б"))
    _wrong_total(term.gradebook("5А"))
    _empty_subject(term.gradebook("8Б"))
    _row_twice(term)
    _illness_above_total(term)
    _category_in_future(term)
    _latin_class(term)


def plant_critical(term: Term) -> dict[str, Gradebook]:
    """Faults that would make a figure wrong. Gives the additional gradebook, by file name without suffix."""
    first, second = term.gradebook("5А"), term.gradebook("5Б")
    column = _column(first, "Математика")
    column.marks[2] = "6"
    _append(first, STRANGER, 0)
    _append(first, first.pupils[4], 4)
    again = column.marks[-1]
    column.marks[-1] = "3" if again != "3" else "4"
    corrected = copy.deepcopy(second)
    marks = _column(corrected, "Математика").marks
    for i in range(3):
        marks[i] = "4" if marks[i] != "4" else "5"
    return {"Сводная ведомость 5Б (исправленная)": corrected}


def _column(book: Gradebook, subject: str) -> SubjectColumn:
    return next(column for column in book.columns if column.subject == subject)


def _append(book: Gradebook, name: str, like: int) -> None:
    book.pupils.append(name)
    for column in book.columns:
        column.marks.append(column.marks[like])


def _subject_of_last_year(book: Gradebook) -> None:
    """The template of the year before still had the subject that the law has moved to later grades."""
    history = _column(book, "История")
    at = book.columns.index(history) + 1
    book.columns.insert(at, SubjectColumn("Обществознание", "Обществознание", history.teacher, list(history.marks)))
    book.texts = {(i, j + (j >= at)): text for (i, j), text in book.texts.items()}


def _marks_in_first_grade(book: Gradebook) -> None:
    column = _column(book, "Русский язык")
    column.marks[2], column.marks[7] = "5", "4"


def _all_fives(book: Gradebook) -> None:
    column = _column(book, "История")
    column.marks = ["5" if mark else "" for mark in column.marks]
    at = book.columns.index(column)
    book.texts = {key: text for key, text in book.texts.items() if key[1] != at}


def _wrong_total(book: Gradebook) -> None:
    """A mark was corrected after the totals had been printed."""
    column = _column(book, "Математика")
    at, counts = book.columns.index(column), Totals.of(column.marks)
    base = counts.five + counts.four + counts.three + counts.two + counts.na
    book.printed[at, "«4»"] = counts.four + 1
    book.printed[at, "«3»"] = counts.three - 1
    book.printed[at, "% кач."] = round(100 * (counts.five + counts.four + 1) / base, 1)


def _empty_subject(book: Gradebook) -> None:
    column = _column(book, "Музыка")
    column.marks = [""] * len(column.marks)
    at = book.columns.index(column)
    book.texts = {key: text for key, text in book.texts.items() if key[1] != at}


def _row_twice(term: Term) -> None:
    at = len(term.pupil_rows) // 3
    term.pupil_rows.insert(at, list(term.pupil_rows[at]))


def _illness_above_total(term: Term) -> None:
    """A digit was lost in typing: 8 for 28."""
    rows = [row for row in term.attendance if row.class_name == "8А"]
    # Not every school has somebody ill for so long in this class; then the one who was ill longest.
    longest = max(rows, key=lambda row: row.absences.illness)
    row = next((row for row in rows if row.absences.illness >= 20), longest)
    row.total = min(row.absences.total % 10, row.absences.illness - 1)


def _category_in_future(term: Term) -> None:
    """Digits of the year changed places: 2042 for 2024."""
    assert term.staff is not None
    teachers = [person for person in term.staff.people if person.category_date and not person.posts]
    highest = [person for person in teachers if person.category == "высшая" and _swapped(person) > term.span.end]
    person = (highest or [person for person in teachers if _swapped(person) > term.span.end])[0]
    term.category_dates[person.index] = _swapped(person)


def _swapped(person: Employee) -> date:
    given = person.category_date
    assert given is not None
    century, year = divmod(given.year, 100)
    return given.replace(year=100 * century + year % 10 * 10 + year // 10)


def _latin_class(term: Term) -> None:
    """A Latin «A» in the class of two pupils looks right and groups wrong."""
    rows = [row for row in term.pupil_rows if row[4] == "9А"]
    for row in rows[3:5]:
        row[4] = "9A"
