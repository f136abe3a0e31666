"""The state examinations of June: who takes what, points, marks and retakes; protocols of РИС ГИА and a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from soko.demo.grid import Grid, Value
from soko.demo.listing import Listing
from soko.demo.moment import Moment
from soko.demo.monitoring import Work
from soko.demo.pupils import Pupil
from soko.demo.works import mark_for, points

# Subjects whose protocols come as РИС ГИА writes them: grade and code.
PROTOCOLS = ((9, "01"), (9, "02"), (11, "01"))
_RESERVE = {9: (7, 2), 11: (6, 25)}
_PROFILE = 0.55
RIS_HEADER: list[Value] = ["№", "Код МСУ", "Код ОО", "Класс", "Код ППЭ", "Аудитория", "Фамилия", "Имя", "Отчество",
                           "Серия", "Номер", "Задания с кратким ответом", "Задания с развёрнутым ответом",
                           "Первичный балл"]  # fmt: skip


@dataclass(frozen=True)
class Sitting:
    """One pupil at one examination; ``mark`` of ОГЭ and of the basic ЕГЭ, ``score`` of the others."""

    pupil: Pupil
    work: Work
    primary: int
    mark: str
    score: int | None
    held: date
    stage: str = "основной"

    @property
    def failed(self) -> bool:
        """Below the minimum."""
        return self.mark == "2" if self.score is None else self.score < self.work.cuts[0]


@cache
def sittings(moment: Moment, grade: int) -> tuple[Sitting, ...]:
    """All sittings of grade 9 or 11 in June, retakes after their first attempts; by subject and class."""
    works = moment.things.oge if grade == 9 else moment.things.ege
    chosen = {pupil.index: _chosen(moment, pupil, grade) for pupil in moment.pupils(grade, grade)}
    found: list[Sitting] = []
    for at, work in enumerate(works):
        for pupil in moment.pupils(grade, grade):
            if work in chosen[pupil.index]:
                found.append(_sit(moment, pupil, work, at, grade))
                if found[-1].failed and work.code in ("01", "02", "22"):
                    found.append(_sit(moment, pupil, work, at, grade, again=True))
    return tuple(found)


def _chosen(moment: Moment, pupil: Pupil, grade: int) -> list[Work]:
    """Russian and mathematics (in grade 11 of one level) and subjects of choice: the liked and the strong ones."""
    rng = moment.rng("gia", pupil.index, grade)
    works = moment.things.oge if grade == 9 else moment.things.ege
    must = [work for work in works if not work.weight]
    if grade == 11:
        profile = rng.random() < _PROFILE + 0.3 * moment.ability(pupil)
        must = [work for work in must if work.profile in ("", "профильный" if profile else "базовый")]
    free = [work for work in works if work.weight and moment.lesson(pupil, work.marked_as)]
    draw = {work.code: rng.random() ** (1 / work.weight) for work in free}
    liked = sorted(free, key=lambda w: -draw[w.code] - 0.15 * moment.value(pupil, w.marked_as, "year"))
    number = 2 if grade == 9 else int(rng.choice(3, p=(0.2, 0.45, 0.35)))
    return must + liked[:number]


def _sit(moment: Moment, pupil: Pupil, work: Work, at: int, grade: int, again: bool = False) -> Sitting:
    rng = moment.rng("gia", pupil.index, grade, 1 + at)
    shift = work.shift if moment.year > moment.school.design.first_year else 0.0
    noise = float(rng.normal(0, moment.things.gia_sd, 2)[int(again)])
    # Who failed learns for weeks and has, as a rule, a little more the second time.
    latent = moment.value(pupil, work.marked_as, "year") + shift + noise + 0.35 * again
    day = _RESERVE[grade] if again else work.day
    held, stage = date(moment.year + 1, *day), "резервный" if again else "основной"
    if grade == 9 or work.profile == "базовый":
        got = points(work, latent)
        return Sitting(pupil, work, got, mark_for(work, got), None, held, stage)
    score = min(100, points(work.model_copy(update={"max": 100}), latent))
    return Sitting(pupil, work, round(score * work.max / 100), "", score, held, stage)


def protocol(moment: Moment, grade: int, code: str) -> tuple[str, Grid]:
    """File name and sheet of a protocol of РИС ГИА; the document's series and number are noughts here."""
    mine = [s for s in sittings(moment, grade) if s.work.code == code and s.stage == "основной"]
    work, exam = mine[0].work, "ОГЭ" if grade == 9 else "ЕГЭ"
    grid = Grid("Sheet", freeze="A3")
    grid.put(1, [f"{code} - {work.subject} {mine[0].held:%Y.%m.%d}"])
    grid.put(2, [*RIS_HEADER, "Оценка" if grade == 9 else "Балл"])
    grid.head.add(2)
    for number, sitting in enumerate(mine, start=1):
        name = sitting.pupil.name
        grid.put(
            2 + number,
            [
                number, 116, 116004, moment.class_of(sitting.pupil), 1161, f"{1 + (number - 1) // 15:04d}", name.last,
                name.first, name.patronymic or None, "0000", "000000", _short(sitting), None, sitting.primary,
                int(sitting.mark) if grade == 9 else sitting.score,
            ],
        )  # fmt: skip
    return f"РИС ГИА/{exam} {code} {work.subject}.xlsx", grid


def _short(sitting: Sitting) -> str:
    """Signs of the short answers: a plus for each of the points that were got, in a fixed mixture."""
    number, share = min(sitting.work.max, 20), sitting.primary / sitting.work.max
    return "".join(
        "+" if (7 * i + sitting.pupil.index) % number < round(share * number) else "-" for i in range(number)
    )


def listed(moment: Moment) -> Listing:
    """The other subjects and all retakes in one list of both grades."""
    rows: list[list[Value]] = []
    for grade in (9, 11):
        for sitting in sittings(moment, grade):
            if (grade, sitting.work.code) in PROTOCOLS and sitting.stage == "основной":
                continue
            work = sitting.work
            rows.append(
                [
                    sitting.pupil.name.full, moment.class_of(sitting.pupil), "ОГЭ" if grade == 9 else "ЕГЭ",
                    work.subject, work.profile or None, sitting.stage, sitting.held, sitting.primary, work.max,
                    sitting.score, int(sitting.mark) if sitting.mark else None,
                ]
            )  # fmt: skip
    header = ["ФИО выпускника", "Класс", "Экзамен", "Предмет", "Уровень экзамена", "Срок", "Дата экзамена",
              "Первичный балл", "Макс. первичный балл", "Тестовый балл", "Отметка"]  # fmt: skip
    title = f"Результаты государственной итоговой аттестации, {moment.year + 1} год"
    return Listing("exams", "ГИА по выбору и пересдачи.xlsx", title, header, rows)
