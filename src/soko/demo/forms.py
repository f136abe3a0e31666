"""Files as services give them: answers of Google Forms, ВПР as Ф1 «Индивидуальные результаты» of ФИС ОКО."""

from __future__ import annotations

from pathlib import Path

from soko.demo.community import answers
from soko.demo.grid import Grid, Value
from soko.demo.moment import Moment
from soko.demo.monitoring import Survey, Work
from soko.demo.works import vpr_rows
from soko.demo.write_xlsx import write_xlsx

# Points of the tasks of a work, again and again until its maximum is reached.
_TASKS = (1, 2, 1, 1, 2)


def write_form(path: Path, moment: Moment, survey: Survey) -> None:
    """A survey as Google Forms gives it: UTF-8, commas, the time of each answer, whole questions as headers."""
    # Every cell of such a file stands in quotes, and none holds one.
    who = "В каком классе учится Ваш ребёнок?" if survey.audience == "родители" else "В каком классе ты учишься?"
    lines = [_line("Отметка времени", who, *(question.text for question in survey.questions))]
    for when, typed, scores in answers(moment, survey):
        half = "PM" if when.hour >= 12 else "AM"
        clock = f"{when:%Y/%m/%d} {(when.hour - 1) % 12 + 1}:{when:%M:%S} {half} GMT+3"
        lines.append(_line(clock, typed, *scores))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))


def _line(*cells: str | int) -> str:
    return ",".join(f'"{cell}"' for cell in cells)


def write_f1(folder: Path, moment: Moment, work: Work) -> None:
    """One work of ВПР: lines about it, the header with its tasks, the line of the school, the participants."""
    name, year = moment.school.params.school.name_short, moment.year + 1
    tasks = _tasks(work)
    rows = vpr_rows(moment, work)
    grid = Grid("Индивидуальные результаты", freeze="A9")
    grid.put(1, ["Ф1. Индивидуальные результаты"])
    grid.put(3, [f"ВПР {year} {work.subject} {work.grade} класс"])
    for row, label, value in ((4, "Предмет:", work.subject), (5, "Макс. первичный балл:", work.max),
                              (6, "Дата:", rows[0][-1]), (7, "Уровень сложности:", "Б")):  # fmt: skip
        grid.put(row, [label, value])
    header: list[Value] = ["ОО", "Муниципалитет", "Название ОО", "Код участника", "Класс", "Вариант"]
    titles = [f"{number} ({points}б)" for number, points in enumerate(tasks, start=1)]
    grid.put(8, [*header, *titles, "Первичный балл", "Отметка", "Отметка по журналу"])
    grid.head.add(8)
    grid.put(9, [f"{name} (edu160004)", None, f"Кол-во участников: {len(rows)}"])
    place = moment.school.params.school.place
    for row, (_, _, code, own, variant, got, _, mark, journal, _) in enumerate(rows, start=10):
        about: list[Value] = ["edu160004", place, name, code, own, variant]
        grid.put(row, [*about, *_shared(tasks, int(str(got)), row), got, mark, journal])
    write_xlsx(folder / f"ВПР_{year}_{work.subject}_{work.grade}_класс_Ф1.xlsx", [grid], moment.end)


def _tasks(work: Work) -> list[int]:
    found: list[int] = []
    while sum(found) < work.max:
        found.append(min(_TASKS[len(found) % len(_TASKS)], work.max - sum(found)))
    return found


def _shared(tasks: list[int], got: int, first: int) -> list[Value]:
    """The points of the work given to its tasks, beginning anywhere, so that the sum is right."""
    points: dict[int, int] = {}
    for i in range(len(tasks)):
        at = (first * 3 + i * 7) % len(tasks)
        while at in points:
            at = (at + 1) % len(tasks)
        points[at] = min(tasks[at], got - sum(points.values()))
    return [points[at] for at in range(len(tasks))]
