"""Health of pupils and the preventive registers: groups that stay from year to year, registers that are left again."""

from __future__ import annotations

from datetime import date, timedelta

from soko.demo.activities import sport_of
from soko.demo.grid import Value
from soko.demo.listing import Listing, yes
from soko.demo.moment import Moment
from soko.demo.pupils import Pupil

_GROUPS = {"I": 0.24, "II": 0.56, "III": 0.185, "IV": 0.012, "V": 0.003}
_WORSE = 0.03  # a year: one group further
_REGISTERED = 0.055
_FIRST_GRADE = 5
_REASONS = {"ОПДН": "правонарушение", "КДН": "правонарушение", "внутришкольный": "пропуски занятий"}


def health(moment: Moment) -> Listing:
    """A row a pupil; illness is that of the attendance list, in school days."""
    missed = {row.pupil.index: row for row in moment.term.attendance}
    rows: list[list[Value]] = []
    for pupil in moment.everybody:
        group, rng = _group(moment, pupil), moment.rng("health", pupil.index, moment.year)
        section = sport_of(moment, pupil)
        per_day = 4.3 if moment.grade(pupil) < 5 else 6.0
        row = missed.get(pupil.index)
        days = round(row.absences.illness / per_day) if row else 0
        # Some come with a healthy note and show deviations later; hardly anyone the other way.
        entry = group in ("III", "IV", "V") and bool(moment.rng("health", pupil.index, 7).random() < 0.6)
        rows.append(
            [
                pupil.number, moment.class_of(pupil), date(moment.year, 9 + pupil.index % 2, 5 + pupil.index % 20),
                group, _pe_group(moment, pupil, group), yes(entry), yes(group in ("III", "IV", "V")),
                yes(bool(section) or bool(rng.random() < 0.18)), section or None,
                0 if not days else 1 + (days > 6) + (days > 14), days,
                yes(bool(rng.random() < (0.97 if moment.grade(pupil) < 5 else 0.82))),
            ]
        )  # fmt: skip
    header = ["№ личного дела", "Класс", "Дата медосмотра", "Группа здоровья", "Группа по физкультуре",
              "Отклонения при поступлении", "Отклонения в здоровье сейчас", "Занимается спортом",
              "Спортивная секция", "Случаев болезни", "Дней болезни", "Горячее питание"]  # fmt: skip
    title = f"Сведения о состоянии здоровья обучающихся на {moment.end:%d.%m.%Y}"
    return Listing(
        "health", "Здоровье.ods" if moment.code == "q2" else "Здоровье.xlsx", title, header, rows, "Медкабинет"
    )


def _group(moment: Moment, pupil: Pupil) -> str:
    """The group of entry, one further in rare years."""
    rng = moment.rng("health", pupil.index)
    at = int(rng.choice(len(_GROUPS), p=list(_GROUPS.values())))
    worse = rng.random(12) < _WORSE
    return list(_GROUPS)[min(at + int(worse[: moment.year - moment.school.design.first_year + 1].sum()), 4)]


def _pe_group(moment: Moment, pupil: Pupil, group: str) -> str:
    if moment.school.marks.exempt(pupil):
        return "освобождён"
    usual = {"I": "основная", "II": "основная", "III": "подготовительная", "IV": "специальная А", "V": "специальная Б"}
    if group == "II" and moment.rng("health", pupil.index, 3).random() < 0.25:
        return "подготовительная"
    return usual[group]


def registers(moment: Moment) -> Listing:
    """Everybody who was on a register at some time of the school year until now."""
    rows: list[list[Value]] = []
    for pupil in moment.everybody:
        own = _registered(moment, pupil)
        if own is None:
            continue
        register, since, until = own
        begin = moment.school.params.calendar(moment.term.period).year.start
        if since > moment.end or (until is not None and until < begin):
            continue
        gone = until if until is not None and until <= moment.end else None
        fresh = moment.span.start <= since
        police = register != "внутришкольный"
        rng = moment.rng("registers", pupil.index, moment.year, ord(moment.code[1]))
        offences = int(fresh and police) + int(gone is None and police and rng.random() < 0.15)
        rows.append([pupil.name.full, moment.class_of(pupil), register, since, gone, _REASONS[register], offences, 0])
    header = ["ФИО обучающегося", "Класс", "Вид учёта", "Дата постановки на учёт", "Дата снятия с учёта", "Основание",
              "Правонарушений", "Преступлений"]  # fmt: skip
    title = f"Обучающиеся на профилактическом учёте. {moment.term.period.title()}"
    return Listing("registers", "Профилактический учёт.csv", title, header, rows)


def _registered(moment: Moment, pupil: Pupil) -> tuple[str, date, date | None] | None:
    """Register, since and until; the same in every term. Weak pupils get there more often."""
    rng = moment.rng("registers", pupil.index)
    weak = max(0.0, -moment.school.marks.gift(pupil))
    if rng.random() > _REGISTERED * (0.4 + 2.2 * weak):
        return None
    register = ("внутришкольный", "ОПДН", "КДН")[int(rng.choice(3, p=(0.55, 0.3, 0.15)))]
    first = moment.school.design.first_year
    since = date(first, 9, 10) + timedelta(days=int(rng.integers(-150, 560)))
    long = int(rng.integers(120, 520))
    then = moment.grade(pupil) - (moment.year - (since.year if since.month > 8 else since.year - 1))
    if then < _FIRST_GRADE:
        return None
    return register, since, since + timedelta(days=long) if long < 400 else None
