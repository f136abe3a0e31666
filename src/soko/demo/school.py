"""The demo school in one term: gradebooks, pupils list, attendance, movement, staff – before they become files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from soko.calendars import Span
from soko.cohorts import class_grade
from soko.demo.design import Design, stream
from soko.demo.gradebook import Gradebook, SubjectColumn
from soko.demo.grid import Value
from soko.demo.marks import Absences, Marks
from soko.demo.pupils import Pupil, Roster
from soko.demo.staff import Lesson, Staff
from soko.params import Params
from soko.periods import Period

_LATIN = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass
class AttendanceRow:
    """A line of the attendance workbook; ``total`` is what was typed, which may differ from the sum of the parts."""

    class_name: str
    pupil: Pupil
    absences: Absences
    total: int


@dataclass
class MovementRow:
    """A line of the movement workbook: pupils at start, arrived, left, at end of the term."""

    class_name: str
    tutor: str
    start: int
    arrived: int
    left: int
    end: int


@dataclass
class Term:
    """Everything that goes into one folder of data/incoming; ``category_dates`` and ``development``: planted."""

    period: Period
    span: Span
    gradebooks: list[Gradebook] = field(default_factory=list)
    pupils: list[Pupil] = field(default_factory=list)
    pupil_rows: list[list[str]] = field(default_factory=list)
    attendance: list[AttendanceRow] = field(default_factory=list)
    movement: list[MovementRow] = field(default_factory=list)
    staff: Staff | None = None
    category_dates: dict[int, date] = field(default_factory=dict)
    development: dict[int, list[Value]] = field(default_factory=dict)

    def gradebook(self, class_name: str) -> Gradebook:
        """The gradebook of a class."""
        return next(book for book in self.gradebooks if book.class_name == class_name)


class School:
    """Builds terms; everything depends on the design, the seed and the settings in params/."""

    def __init__(self, design: Design, seed: int, params: Params) -> None:
        self.design, self.seed, self.params = design, seed, params
        years = range(design.first_year, design.first_year + design.years + 1)
        calendars = {year: params.calendar(Period(year, "year")) for year in years}
        self.subjects = {subject.title: subject for subject in params.subjects.subjects}
        self.roster = Roster(design, seed, calendars)
        self.taught = {
            year: {name: self._curriculum(name, calendars[year].year.start) for name in self.roster.class_names(year)}
            for year in years
        }
        self.staff = Staff(design, seed, self.roster, self.taught)
        self.marks = Marks(design, seed)

    def term(self, period: Period, classes: list[str] | None = None) -> Term:
        """The term's data; ``classes`` limits them (the folder with critical errors has two classes)."""
        span, year = self.params.dates(period), period.year
        term = Term(period, span, staff=self.staff)
        half = set(self.params.conventions.halfyear_grades)
        names = [name for name in self.roster.class_names(year) if classes is None or name in classes]
        for name in names:
            if period.kind == "year" or (class_grade(name) in half) == (period.kind == "half"):
                term.gradebooks.append(self._gradebook(name, term))
        if period.kind == "half":
            return term
        failing = {(book.class_name, name) for book in term.gradebooks for name in _failing(book)}
        days = (span.end - span.start).days * 5 // 7
        for pupil in self.roster.listed(year, span.end):
            name = pupil.classes[year]
            if name not in names:
                continue
            term.pupils.append(pupil)
            term.pupil_rows.append(_pupil_row(pupil, year, span.end))
            if period.kind == "year":
                continue
            if pupil.on_roll(year, span.end):
                risk = bool({(name, pupil.name.short), (name, pupil.name.initials)} & failing)
                present = min(days, (span.end - pupil.came(year)).days * 5 // 7)
                missed = self.marks.absences(pupil, year, period.code, present, risk)
                term.attendance.append(AttendanceRow(name, pupil, missed, missed.total))
        if period.kind != "year":
            term.movement = [self._movement(name, year, span, term.pupils) for name in names]
        return term

    def usual_mark(self, title: str, grade: int) -> float:
        """The usual mark of a subject in a grade."""
        return next(s.mean[grade] for s in self.design.subjects if s.title == title)

    def _curriculum(self, class_name: str, day: date) -> list[str]:
        grade = class_grade(class_name)
        return [
            s.title for s in self.design.subjects if grade in s.hours and self.subjects[s.title].taught_in(grade, day)
        ]

    def _movement(self, name: str, year: int, span: Span, pupils: list[Pupil]) -> MovementRow:
        mine = [p for p in pupils if p.classes[year] == name]
        return MovementRow(
            name,
            self.staff.tutors[year, name].name.initials,
            sum(p.on_roll(year, span.start) for p in mine),
            sum(span.start < p.came(year) <= span.end for p in mine),
            sum(p.left is not None and span.start < p.left <= span.end for p in mine),
            sum(p.on_roll(year, span.end) for p in mine),
        )

    def _gradebook(self, class_name: str, term: Term) -> Gradebook:
        year, grade, span = term.period.year, class_grade(class_name), term.span
        pupils = self.roster.in_class(year, class_name, span.end)
        at = self.roster.class_names(year).index(class_name)
        rng = stream(self.seed, "spelling", year, ord(term.period.code[0]), term.period.index, at)
        columns = [
            self._column(lesson, pupils, class_name, term, at) for lesson in self.staff.lessons[year, class_name]
        ]
        # Оценка поведения was tried by part of the classes only; the column must not get into the subjects.
        if grade > 1 and year > self.design.first_year and at % 7 == 3:
            order = [("5" if rng.random() < 0.8 else "4") for _ in pupils]
            columns.append(SubjectColumn("Поведение", "Поведение", "", order))
        texts: dict[tuple[int, int], str] = {}
        for j, column in enumerate(columns):
            for i, mark in enumerate(column.marks):
                if mark and rng.random() < 0.006:
                    texts[i, j] = _misspelt(mark, int(rng.integers(3)))
        return Gradebook(
            class_name=class_name,
            class_text=_class_text(class_name, at),
            year_text=f"{year}/{year + 1}" if at % 3 else f"{year}-{year + 1}",
            period_text=_period_text(term.period, span, at),
            school=self.params.school.name_short,
            tutor=self.staff.tutors[year, class_name].name.initials,
            pupils=[p.name.initials if at % 4 == 2 else _plain(p.name.short, at) for p in pupils],
            columns=columns,
            made=f"{span.end:%d.%m.%Y}",
            sheet=("Сводная ведомость", class_name, "Лист1")[at % 3],
            texts=texts,
        )

    def _column(self, lesson: Lesson, pupils: list[Pupil], class_name: str, term: Term, at: int) -> SubjectColumn:
        year, code = term.period.year, term.period.code
        title = lesson.subject.title
        spellings = [title, *self.subjects[title].synonyms[:2]]
        header = spellings[at % len(spellings)]
        if lesson.group:
            header += f" (гр.{lesson.group})" if at % 2 else f" ({lesson.group} гр.)"
        mine = [p for p in pupils if not lesson.group or self.marks.group(p, lesson.subject) == lesson.group]
        given = dict.fromkeys((p.index for p in pupils), "")
        if class_grade(class_name) in self.params.conventions.unmarked_grades:
            # Journals leave first-graders' cells empty or fill them with «осв».
            given.update((p.index, "осв" if class_name[-1] == "Б" else "") for p in mine)
        else:
            given.update((p.index, self.marks.mark(p, lesson, year, code)) for p in mine)
            if set(given.values()) <= {"5", "осв", ""} and len(mine) > 1:
                # A whole class of «5» is one of the planted errors, so it must not come about by chance.
                weakest = min(mine, key=lambda p: self.marks.value(p, lesson, year, code))
                given[weakest.index] = "4"
        return SubjectColumn(title, header, lesson.teacher.name.initials, [given[p.index] for p in pupils])


def _failing(book: Gradebook) -> list[str]:
    return [name for i, name in enumerate(book.pupils) if any(column.marks[i] == "2" for column in book.columns)]


def _pupil_row(pupil: Pupil, year: int, until: date) -> list[str]:
    came, whence = pupil.arrived.get(year, (None, ""))
    # What happens after the list was printed is not known to it.
    gone = pupil.left if pupil.left and pupil.left <= until else None
    return [
        pupil.number,
        pupil.name.full,
        f"{pupil.birth:%d.%m.%Y}",
        pupil.sex,
        pupil.classes[year],
        f"{came:%d.%m.%Y}" if came else "",
        whence,
        f"{gone:%d.%m.%Y}" if gone else "",
        pupil.left_to if gone else "",
        "да" if year in pupil.repeats else "",
    ]


def _class_text(name: str, at: int) -> str:
    grade, letter = name[:-1], name[-1]
    return (
        name,
        f"{grade} «{letter.lower()}»",
        f"{grade}-{letter}",
        f"{grade} {letter}",
        f"{grade}{letter.translate(_LATIN)}",
        f"{grade} «{letter}»",
        name.lower(),
    )[at % 7]


def _period_text(period: Period, span: Span, at: int) -> str:
    if period.kind == "year":
        return ("год", "учебный год")[at % 2]
    noun = "полугодие" if period.kind == "half" else "четверть"
    return (
        f"{period.index} {noun}",
        f"{_ROMAN[period.index]} {noun}",
        f"с {span.start:%d.%m.%Y} по {span.end:%d.%m.%Y}",
        f"{period.index}-я {noun}" if noun == "четверть" else f"{period.index}-е {noun}",
    )[at % 4]


def _plain(name: str, at: int) -> str:
    """Part of the journals print «ё» as «е»."""
    return name.replace("ё", "е").replace("Ё", "Е") if at % 4 == 3 else name


def _misspelt(mark: str, how: int) -> str:
    variants = {"н/а": ("Н/A", "н\\а", "н/а "), "осв": ("осв.", "Осв", "осв "), "зач": ("зач.", "Зач", "зач ")}
    return variants.get(mark, (f"{mark} ", mark, f" {mark}"))[how]
