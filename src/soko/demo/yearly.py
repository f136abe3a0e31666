"""Which lists lie in which folder: the yearly ones only where the monitoring plan asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from soko.demo.activities import activities, programmes
from soko.demo.community import parents, self_government, survey_list
from soko.demo.contests import contests
from soko.demo.diagnostics import autumn, upbringing
from soko.demo.forms import write_f1, write_form
from soko.demo.gia import PROTOCOLS, listed, protocol
from soko.demo.graduates import certificates, destinations
from soko.demo.health import health, registers
from soko.demo.listing import Listing, write_listing
from soko.demo.moment import Moment
from soko.demo.premises import conditions, expert_scores, facts, schools
from soko.demo.references import of_exams, of_works
from soko.demo.teachers import lesson_visits, staffing
from soko.demo.works import monitoring4, regional, vpr
from soko.demo.write_xlsx import write_xlsx

Maker = Callable[[Moment], Listing]
PLAN: dict[str, tuple[Maker, ...]] = {
    "q1": (autumn, staffing, destinations, programmes, activities, registers),
    "q2": (contests, registers, lesson_visits, health),
    "q3": (contests, registers, parents),
    "q4": (
        vpr, monitoring4, contests, registers, activities, programmes, parents, survey_list, conditions,
        self_government, expert_scores, health, upbringing, facts, schools, of_works,
    ),
    "year": (listed, certificates, of_exams, regional),
}  # fmt: skip
# False: surveys as a long list and all of ВПР in one; True: surveys as Google Forms gives them, and these works as Ф1.
FORMS = False
F1_WORKS = ((7, "Математика"), (8, "Физика"))


def listings(moment: Moment) -> list[Listing]:
    """The lists of the folder, without faults."""
    made = []
    for make in PLAN.get(moment.code, ()):
        if FORMS and make is vpr:
            made.append(vpr(moment, F1_WORKS))
        elif not (FORMS and make is survey_list):
            made.append(make(moment))
    return made


def write_lists(folder: Path, moment: Moment, lists: list[Listing]) -> None:
    """Write the lists and what is no list: protocols of РИС ГИА, Ф1 of ВПР, answers of Google Forms."""
    name, made = moment.school.params.school.name_short, moment.end
    for listing in lists:
        write_listing(folder, listing, name, made)
    if moment.code == "year":
        for grade, code in PROTOCOLS:
            file, grid = protocol(moment, grade, code)
            write_xlsx(folder / file, [grid], made)
    if FORMS and moment.code == "q4":
        for survey in moment.things.surveys:
            write_form(folder / f"{survey.survey} (ответы).csv", moment, survey)
        for work in moment.things.vpr:
            if (work.grade, work.subject) in F1_WORKS:
                write_f1(folder / "ВПР", moment, work)
