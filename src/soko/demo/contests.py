"""Olympiads, contests, sports events: who takes part, who wins, who prepared him."""

from __future__ import annotations

from datetime import timedelta

from soko.demo.grid import Value
from soko.demo.listing import Listing, yes
from soko.demo.moment import Moment
from soko.demo.monitoring import Contest
from soko.demo.pupils import Pupil
from soko.demo.school import Term
from soko.periods import Period

_WINS = {"победитель": 0.10, "призёр": 0.24}
# Where a subject has another name in the protocol of an olympiad than in the curriculum.
_TITLES = {"Английский язык": "Иностранный язык (английский)"}
_ANCHORS = {"q2": "Олимпиады и конкурсы, 2 четверть.xlsx", "q3": "Олимпиады и конкурсы, 3 четверть.csv",
            "q4": "Олимпиады и конкурсы, 4 четверть.xlsx"}  # fmt: skip
HEADER = ["ФИО участника", "Класс", "Наименование мероприятия", "Вид мероприятия", "Учебный предмет", "Уровень",
          "Форма участия", "Балл", "Макс. балл", "Статус", "В команде", "Наставник", "Дата проведения",
          "Дата согласия на публикацию"]  # fmt: skip


def contests(moment: Moment) -> Listing:
    """A row a participant and event of the term."""
    rows: list[list[Value]] = []
    for at, contest in enumerate(moment.things.contests):
        if contest.term == moment.code:
            for subject in contest.subjects or [""]:
                rows += _rows(moment, at, contest, subject)
    title = f"Участие в олимпиадах, конкурсах, соревнованиях. {moment.term.period.title()}"
    return Listing("contests", _ANCHORS[moment.code], title, HEADER, rows)


def _rows(moment: Moment, at: int, contest: Contest, subject: str) -> list[list[Value]]:
    held = moment.day(0.15 + 0.11 * (at % 7))
    placed = _placed(moment, at, contest, subject)
    rows: list[list[Value]] = []
    for rank, (pupil, points) in enumerate(placed):
        rng = moment.rng("contests", at, moment.year, pupil.index)
        # A team has one result (of two parallels the younger one won); otherwise the best have the diplomas.
        young = moment.grade(pupil) < sum(contest.grades) / 2
        ranked = _result(rank, len(placed), bool(contest.after))
        result = ("призёр" if young else "участник") if contest.team else ranked
        title = _TITLES.get(subject, subject)
        lesson = moment.lesson(pupil, title) if title else None
        mentor = lesson.teacher if lesson else moment.school.staff.tutors[moment.year, moment.class_of(pupil)]
        consent = held - timedelta(days=int(rng.integers(3, 40))) if rng.random() < 0.9 else None
        rows.append(
            [
                pupil.name.full, moment.class_of(pupil), contest.event, contest.kind, subject or None, contest.level,
                contest.form, points if contest.max else None, contest.max or None, result, yes(contest.team),
                mentor.name.initials, held, consent,
            ]
        )  # fmt: skip
    return rows


def _result(rank: int, number: int, late: bool) -> str:
    """By rank; at a late stage, among the best of the region, the school's best has a lower diploma."""
    if late:
        return "участник" if rank else "призёр"
    if rank < max(1, round(_WINS["победитель"] * number)):
        return "победитель"
    return "призёр" if rank < round((_WINS["победитель"] + _WINS["призёр"]) * number) else "участник"


def _placed(moment: Moment, at: int, contest: Contest, subject: str) -> list[tuple[Pupil, int]]:
    """Participants with their points, best first."""
    scored: list[tuple[float, Pupil]] = []
    title, number = _TITLES.get(subject, subject), contest.number
    for pupil in _asked(moment, contest, subject):
        if title and moment.lesson(pupil, title) is None:
            continue
        strength = moment.value(pupil, title) - 3.6 if title else moment.ability(pupil)
        luck = moment.rng("contests", at, moment.year, pupil.index, 1).normal(0, 0.45)
        scored.append((strength + float(luck), pupil))
    best = sorted(scored, key=lambda item: (-item[0], item[1].index))[:number]
    share = [min(0.98, max(0.12, 0.42 + 0.14 * score)) for score, _ in best]
    return [(pupil, round(contest.max * part)) for part, (_, pupil) in zip(share, best, strict=True)]


def _asked(moment: Moment, contest: Contest, subject: str) -> list[Pupil]:
    """The grades of the event; for a later stage those who were at the stage before and are still here."""
    pupils = moment.pupils(*contest.grades)
    if not contest.after:
        return pupils
    before = next(c for c in moment.things.contests if c.event == contest.event and c.level == contest.after)
    at, period = moment.things.contests.index(before), Period.parse(f"{moment.year}-{moment.year + 1}/{before.term}")
    earlier = Moment(moment.school, Term(period, moment.school.params.dates(period)))
    there = {pupil.index for pupil, _ in _placed(earlier, at, before, subject)}
    return [pupil for pupil in pupils if pupil.index in there]
