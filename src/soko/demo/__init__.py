"""The demo school: an invented school's files of two years, written as real schools have them."""

from __future__ import annotations

from pathlib import Path

from soko.demo.design import load_design
from soko.demo.gradebook import Gradebook, layout
from soko.demo.grid import Grid
from soko.demo.lists import PUPIL_HEADER, attendance, movement, staff
from soko.demo.moment import Moment
from soko.demo.planted import plant_critical, plant_warnings
from soko.demo.planted_lists import plant_lists
from soko.demo.school import School, Term
from soko.demo.write_other import write_csv, write_html_xls, write_ods
from soko.demo.write_xlsx import write_xlsx
from soko.demo.yearly import listings, write_lists
from soko.params import Params
from soko.periods import Period
from soko.resources import root
from soko.workspace import Workspace

# The journal exports one class as HTML named .xls, and one teacher keeps hers in LibreOffice.
_HTML_CLASSES = ("6Б",)
_ODS_CLASSES = ("3Б",)
_TERMS = ("q1", "q2", "q3", "q4", "h1", "h2", "year")


def generate(target: Path, seed: int) -> None:
    """Write the demo school's files below ``target``/data/incoming.

    Same seed, same bytes. Two school years of quarters, folders of half-years for grades 10–11 and of the years'
    examinations, planted warnings in the current period and year, and a folder with planted critical errors;
    docs/demo-data.md describes all of it. Settings (subjects, calendar, conventions) are those of the demo school
    that comes with the program.
    """
    params = Params(Workspace(root()))
    design = load_design()
    school = School(design, seed, params)
    current = Period.parse(params.school.current_period)
    incoming = target / "data" / "incoming"
    for year in range(design.first_year, design.first_year + design.years):
        for code in _TERMS:
            term = school.term(Period.parse(f"{year}-{year + 1}/{code}"))
            moment = Moment(school, term)
            lists = listings(moment)
            if term.period == current:
                plant_warnings(term)
            if year == current.year:
                plant_lists(moment, lists)
            _write(incoming, term, school, {})
            write_lists(incoming / term.period.id, moment, lists)
    term = school.term(Period(design.first_year + design.years, "quarter", 1), classes=["5А", "5Б"])
    _write(incoming, term, school, plant_critical(term))


def _write(incoming: Path, term: Term, school: School, further: dict[str, Gradebook]) -> None:
    folder, name, made = incoming / term.period.id, school.params.school.name_short, term.span.end
    weights = school.params.conventions.sou_on(made).value
    books = {f"Сводная ведомость {book.class_name}": book for book in term.gradebooks} | further
    for at, (stem, book) in enumerate(books.items()):
        # Every fifth column prints its totals as text with a comma, as part of the journals do.
        grid = layout(book, weights, comma=lambda j, at=at: (at + j) % 5 == 0)  # type: ignore[misc]
        _write_gradebook(folder / "gradebooks" / stem, book.class_name, grid, term)
    if term.pupils:
        write_csv(folder / "Список обучающихся.csv", [PUPIL_HEADER, *term.pupil_rows])
        write_xlsx(folder / "Кадры.xlsx", staff(term, name, school.seed), made)
    if term.movement:
        by_parallel = term.period.year > school.design.first_year
        write_xlsx(folder / "Посещаемость.xlsx", attendance(term, name, by_parallel), made)
        write_xlsx(folder / "Движение.xlsx", movement(term, name), made)


def _write_gradebook(stem: Path, class_name: str, grid: Grid, term: Term) -> None:
    if class_name in _HTML_CLASSES:
        write_html_xls(stem.with_name(f"{stem.name}.xls"), grid)
    elif class_name in _ODS_CLASSES:
        write_ods(stem.with_name(f"{stem.name}.ods"), grid)
    else:
        write_xlsx(stem.with_name(f"{stem.name}.xlsx"), [grid], term.span.end)
