"""Graduates of grades 9 and 11: certificates and honours in June, what became of them in September."""

from __future__ import annotations

from datetime import date

from soko.cohorts import class_grade
from soko.demo.design import stream
from soko.demo.gia import sittings
from soko.demo.grid import Value
from soko.demo.listing import Listing, yes
from soko.demo.moment import Moment
from soko.demo.names import draw
from soko.demo.pupils import COLLEGES, Pupil
from soko.demo.school import Term
from soko.periods import Period

_UNIVERSITIES = ("Приволжский государственный университет", "Верхнереченский технический университет",
                 "Ключевогорский педагогический институт", "Нижнеозёрский медицинский университет")  # fmt: skip
# After grade 11, with shares.
_AFTER_11 = {"вуз": 0.62, "СПО": 0.16, "работает": 0.10, "служба в армии": 0.08, "нет сведений": 0.04}
_ISSUED = {9: (6, 19), 11: (6, 26)}
_LEAST_FOR_MEDAL = 70


def certificates(moment: Moment) -> Listing:
    """June: admitted, certificate, honours; a row a graduate."""
    rows: list[list[Value]] = []
    for grade in (9, 11):
        failed, scores = _failed(moment, grade), _scores(moment, grade)
        for pupil in moment.pupils(grade, grade):
            marks = [
                moment.school.marks.mark(pupil, lesson, moment.year, "year")
                for lesson in moment.school.staff.lessons[moment.year, moment.class_of(pupil)]
                if lesson.group in (0, moment.school.marks.group(pupil, lesson.subject))
            ]
            passed = pupil.index not in failed
            honours = _honours(grade, marks, scores.get(pupil.index, [])) if passed else "нет"
            issued = date(moment.year + 1, *_ISSUED[grade]) if passed else None
            rows.append([pupil.name.full, moment.class_of(pupil), "да", yes(passed), honours, issued])
    header = ["ФИО выпускника", "Класс", "Допуск к ГИА", "Аттестат получен", "Отличие", "Дата выдачи аттестата"]
    title = f"Выдача аттестатов, {moment.year + 1} год"
    return Listing("graduates", "Выпускники.xlsx", title, header, rows)


def _failed(moment: Moment, grade: int) -> set[int]:
    """Who failed Russian or mathematics at the last attempt; the other subjects can be taken again in autumn."""
    last: dict[tuple[int, str], bool] = {}
    for sitting in sittings(moment, grade):
        if not sitting.work.weight and sitting.work.profile != "профильный":
            last[sitting.pupil.index, sitting.work.code] = sitting.failed
    return {index for (index, _), failed in last.items() if failed}


def _scores(moment: Moment, grade: int) -> dict[int, list[float]]:
    """Results by pupil, marks in hundredths of five so that one limit does for both examinations."""
    found: dict[int, list[float]] = {}
    for sitting in sittings(moment, grade):
        value = sitting.score if sitting.score is not None else 20.0 * int(sitting.mark)
        found.setdefault(sitting.pupil.index, []).append(value)
    return found


def _honours(grade: int, marks: list[str], scores: list[float]) -> str:
    fours, others = marks.count("4"), sum(mark in ("3", "2", "н/а") for mark in marks)
    if others or (grade == 9 and fours):
        return "нет"
    if grade == 9:
        return "аттестат с отличием" if min(scores, default=0) >= 100 else "нет"
    if not fours and min(scores, default=0) >= _LEAST_FOR_MEDAL:
        return "медаль I степени"
    return "медаль II степени" if fours <= 2 and min(scores, default=0) >= _LEAST_FOR_MEDAL - 10 else "нет"


def destinations(moment: Moment) -> Listing:
    """September: what became of those who finished in the summer before; a row a graduate."""
    before = moment.year - 1
    if before < moment.school.design.first_year:
        rows = _strangers(moment)
    else:
        period = Period(before, "year")
        then = Moment(moment.school, Term(period, moment.school.params.dates(period)))
        rows = [
            _row(moment, p.number, p.name.full, p.classes[before], p)
            for grade in (9, 11)
            for p in then.pupils(grade, grade)
        ]
    header = ["№ личного дела", "ФИО выпускника", "Класс", "Куда поступил", "Организация", "По профилю",
              "Бюджетное место"]  # fmt: skip
    title = f"Дальнейшее обучение и занятость выпускников {moment.year} года"
    return Listing("graduates", f"Трудоустройство выпускников {moment.year}.csv", title, header, rows)


def _row(moment: Moment, number: str, name: str, class_name: str, pupil: Pupil | None) -> list[Value]:
    rng = stream(moment.school.seed, "graduates", moment.year, sum(map(ord, number + name)))
    profile, paid = rng.random() < 0.7, rng.random() < 0.25
    known = [number, name, class_name]
    stays = moment.year in pupil.classes if pupil else rng.random() < 0.7
    if class_grade(class_name) == 9:
        if stays:
            return [*known, "10 класс", moment.school.params.school.name_short, yes(profile), "да"]
        college = pupil.left_to if pupil else COLLEGES[int(rng.integers(len(COLLEGES)))]
        if rng.random() < 0.05:
            return [*known, "не работает и не учится", None, None, None]
        return [*known, "СПО", college, None, yes(not paid)]
    where = list(_AFTER_11)[int(rng.choice(len(_AFTER_11), p=list(_AFTER_11.values())))]
    places = {"вуз": _UNIVERSITIES, "СПО": COLLEGES}.get(where, ("",))
    studies = where in ("вуз", "СПО")
    place = places[int(rng.integers(len(places)))] or None
    return [*known, where, place, yes(profile) if studies else None, yes(not paid) if studies else None]


def _strangers(moment: Moment) -> list[list[Value]]:
    """Those who finished before the demo begins: as many, with names of their own."""
    rng, rows = stream(moment.school.seed, "graduates", moment.year), list[list[Value]]()
    for class_name, number in (("9А", 24), ("9Б", 21), ("11А", 15), ("11Б", 10)):
        for _ in range(number):
            name = draw(rng, "м" if rng.random() < 0.5 else "ж").full
            rows.append(_row(moment, f"{name[0].replace('Ё', 'Е')}-{len(rows) + 11}", name, class_name, None))
    return rows
