"""ВПР, monitoring of grade 4, the region's study: points from the latent mark, so that they go with the journal."""

from __future__ import annotations

from datetime import date

from soko.demo.grid import Value
from soko.demo.listing import Listing
from soko.demo.moment import Moment
from soko.demo.monitoring import Work
from soko.demo.pupils import Pupil

# Latent marks that go with the cuts of a work; beyond the last of them the maximum.
_LATENT = (1.0, 2.12, 3.5, 4.5, 5.6)
VPR_HEADER = ["Работа", "Учебный предмет", "Код участника", "Класс", "Вариант", "Первичный балл",
              "Макс. первичный балл", "Отметка", "Отметка по журналу", "Дата проведения"]  # fmt: skip
NAMED_HEADER = ["ФИО обучающегося", "Класс", "Вид работы", "Предмет", "Дата работы", "Участие", "Сумма баллов",
                "Максимальный балл", "Отметка за работу"]  # fmt: skip


def points(work: Work, latent: float) -> int:
    """Points of a work for a latent mark, straight between the cuts."""
    marks = (0, *work.cuts, work.max)
    for low, high, least, most in zip(_LATENT, _LATENT[1:], marks, marks[1:], strict=False):
        if latent < high:
            return round(least + (most - least) * max(0.0, latent - low) / (high - low))
    return work.max


def mark_for(work: Work, got: int) -> str:
    """The mark by the scale of the work."""
    return str(2 + sum(got >= cut for cut in work.cuts))


def vpr_rows(moment: Moment, work: Work) -> list[list[Value]]:
    """The participants of one work under their codes: the same code in all works, as in the protocol of the room."""
    things, at = moment.things, moment.things.vpr.index(work)
    rows: list[list[Value]] = []
    for number, pupil in enumerate(moment.pupils(work.grade, work.grade), start=1):
        rng = moment.rng("exams", at, moment.year, pupil.index)
        if rng.random() < things.vpr_absent:
            continue
        shift = work.shift if moment.year > moment.school.design.first_year else 0.0
        latent = moment.value(pupil, work.marked_as) - things.vpr_stricter + shift
        got = points(work, latent + float(rng.normal(0, things.vpr_sd)))
        journal = moment.mark(pupil, work.marked_as)
        rows.append(
            [
                "ВПР", work.subject, f"{work.grade}{number:04d}", moment.class_of(pupil), 1 + number % 2, got,
                work.max, int(mark_for(work, got)), int(journal) if journal.isdigit() else journal,
                date(moment.year + 1, *work.day),
            ]
        )  # fmt: skip
    return rows


def vpr(moment: Moment, without: tuple[tuple[int, str], ...] = ()) -> Listing:
    """The works of the spring in one list, but those ``without`` (grade, subject): a row a participant."""
    rows = [
        row for work in moment.things.vpr if (work.grade, work.subject) not in without for row in vpr_rows(moment, work)
    ]
    title = f"Результаты всероссийских проверочных работ, {moment.year + 1} год"
    return Listing("exams", "ВПР.xlsx", title, VPR_HEADER, rows, "ВПР")


def monitoring4(moment: Moment) -> Listing:
    """The school's own works of grade 4 in Russian, mathematics and reading, with names."""
    title = f"Мониторинг качества знаний обучающихся 4 классов, май {moment.year + 1} года"
    rows = _named_rows(moment, moment.things.monitoring4, 100, "мониторинг 4 класса")
    return Listing("exams", "Мониторинг 4 класс.xlsx", title, NAMED_HEADER, rows)


def regional(moment: Moment) -> Listing:
    """The study of the region, whose results come in summer: with names, in the form of the school's own works."""
    title = f"Региональное исследование качества образования, {moment.year + 1} год"
    rows = _named_rows(moment, moment.things.regional, 200, "региональное исследование")
    return Listing("exams", "Региональное исследование.xlsx", title, NAMED_HEADER, rows)


def _named_rows(moment: Moment, works: list[Work], first: int, kind: str) -> list[list[Value]]:
    """A row a pupil and work; the works take random numbers from ``first`` on."""
    rows: list[list[Value]] = []
    for at, work in enumerate(works, start=first):
        for pupil in moment.pupils(work.grade, work.grade):
            rng = moment.rng("exams", at, moment.year, pupil.index)
            held = date(moment.year + 1, *work.day)
            row: list[Value] = [pupil.name.full, moment.class_of(pupil), kind, work.subject, held]
            if rng.random() < moment.things.vpr_absent:
                rows.append([*row, "отсутствовал", None, work.max, None])
                continue
            got = points(work, _spring(moment, pupil, work) + float(rng.normal(0, moment.things.vpr_sd)))
            rows.append([*row, "участвовал", got, work.max, int(mark_for(work, got))])
    return rows


def _spring(moment: Moment, pupil: Pupil, work: Work) -> float:
    return moment.value(pupil, work.marked_as, "q4")
