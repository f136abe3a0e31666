"""The school-wide lists as grids: attendance, movement, staff. Their layouts are described in docs/demo-data.md."""

from __future__ import annotations

from datetime import date, timedelta

from soko.cohorts import class_grade
from soko.demo.grid import Grid, Value
from soko.demo.school import AttendanceRow, MovementRow, Term
from soko.demo.staff import SUBJECT_OF_KIND, Employee
from soko.demo.teachers import MORE_HEADER, development, support_rows

PUPIL_HEADER = [
    "№ личного дела", "Фамилия Имя Отчество", "Дата рождения", "Пол", "Класс", "Дата прибытия", "Откуда прибыл",
    "Дата выбытия", "Куда выбыл", "Повторный год",
]  # fmt: skip
ATTENDANCE_HEADER: list[Value] = [
    "№", "Класс", "ФИО обучающегося", "Пропущено уроков всего", "По болезни", "По уважительной причине",
    "Без уважительной причины",
]  # fmt: skip
MOVEMENT_HEADER: list[Value] = ["Класс", "Классный руководитель", "На начало", "Прибыло", "Выбыло", "На конец"]
STAFF_HEADER: list[Value] = [
    "№", "Табельный номер", "ФИО", "Дата рождения", "Должность", "Предмет", "Нагрузка (час)", "Образование",
    "Стаж общий", "Категория", "Дата приказа", "Дата КПК",
]  # fmt: skip
_BLOCKS = ((1, 4, "1–4 классы"), (5, 9, "5–9 классы"), (10, 11, "10–11 классы"))
_CATEGORY = {"высшая": ("высшая", "в/к", "высш."), "первая": ("первая", "1КК", "I"),
             "СЗД": ("СЗД", "соответствие", "СЗД"), "нет": ("б/к", "нет", "б/к")}  # fmt: skip


def attendance(term: Term, school: str, by_parallel: bool) -> list[Grid]:
    """One long sheet, or a sheet for each parallel. Subtotals «Итого по классу 5А» stand after each class."""
    rows = term.attendance
    title = f"Сведения о пропусках уроков. Период: {term.period.title()}"
    if not by_parallel:
        return [_attendance_sheet("Посещаемость", rows, title, school, "Итого по школе")]
    grades = sorted({class_grade(row.class_name) for row in rows})
    return [
        _attendance_sheet(
            f"{grade} классы",
            [row for row in rows if class_grade(row.class_name) == grade],
            title,
            school,
            "Итого по параллели",
        )
        for grade in grades
    ]


def _head(grid: Grid, title: str, school: str, header: list[Value], width: int) -> None:
    """Title and school over the whole width, then the header: rows 1 to 3 of every list."""
    for row, text in ((1, title), (2, school)):
        grid.put(row, [text])
        grid.merge(row, 1, row, width)
    grid.bold |= {1, 2}
    grid.put(3, header)
    grid.head.add(3)


def _attendance_sheet(name: str, rows: list[AttendanceRow], title: str, school: str, total: str) -> Grid:
    grid = Grid(name, freeze="A4", widths={1: 5, 2: 8, 3: 38, 4: 14, 5: 12, 6: 16, 7: 18}, centred={1, 2, 4, 5, 6, 7})
    _head(grid, title, school, ATTENDANCE_HEADER, 7)
    at, number = 4, 0
    for class_name in dict.fromkeys(row.class_name for row in rows):
        mine = [row for row in rows if row.class_name == class_name]
        for number, row in enumerate(mine, start=1):
            missed = row.absences
            grid.put(at, [number, class_name, row.pupil.name.full, row.total, missed.illness, missed.excused])
            grid.put(at, [missed.unexcused], 7)
            at += 1
        grid.put(at, [None, None, f"Итого по классу {class_name}", *_sums(mine)])
        grid.bold.add(at)
        at += 1
    grid.put(at, [None, None, total, *_sums(rows)])
    grid.bold.add(at)
    grid.ruled |= set(range(3, at + 1))
    return grid


def _sums(rows: list[AttendanceRow]) -> list[Value]:
    parts = [(row.total, row.absences.illness, row.absences.excused, row.absences.unexcused) for row in rows]
    return [sum(part[i] for part in parts) for i in range(4)]


def movement(term: Term, school: str) -> list[Grid]:
    """Pupils by class at start, arrived, left, at end, with lines for the levels and «Итого»."""
    grid = Grid("Движение", freeze="A4", widths={1: 16, 2: 26, 3: 12, 4: 12, 5: 12, 6: 12}, centred={1, 3, 4, 5, 6})
    _head(grid, f"Движение обучающихся. Период: {term.period.title()}", school, MOVEMENT_HEADER, 6)
    at = 4
    for first, last, label in _BLOCKS:
        mine = [row for row in term.movement if first <= class_grade(row.class_name) <= last]
        for row in mine:
            grid.put(at, [row.class_name, row.tutor, row.start, row.arrived, row.left, row.end])
            at += 1
        if mine:
            grid.put(at, [label, None, *_moved(mine)])
            grid.bold.add(at)
            at += 1
    grid.put(at, ["Итого", None, *_moved(term.movement)])
    grid.bold.add(at)
    grid.ruled |= set(range(3, at + 1))
    return [grid]


def _moved(rows: list[MovementRow]) -> list[Value]:
    return [
        sum(r.start for r in rows),
        sum(r.arrived for r in rows),
        sum(r.left for r in rows),
        sum(r.end for r in rows),
    ]


def staff(term: Term, school: str, seed: int) -> list[Grid]:
    """The staff list: two lines for a person with two posts. The last quarter's has what is counted once a year."""
    assert term.staff is not None
    yearly = term.period.code == "q4"
    header = STAFF_HEADER + MORE_HEADER if yearly else STAFF_HEADER
    grid = Grid("Кадры", freeze="D4", widths={1: 5, 2: 11, 3: 36, 4: 13, 5: 34, 6: 28, 7: 11, 8: 34, 9: 13, 10: 14})
    grid.widths |= {11: 13, 12: 13}
    title = f"Педагогические работники (тарификационный список) на {term.span.end:%d.%m.%Y}"
    _head(grid, title, school, header, len(header))
    at = 4
    people = sorted(term.staff.people, key=lambda p: (not p.posts, p.name.last, p.name.first))
    for number, person in enumerate(people, start=1):
        for k, (post, subject, hours) in enumerate(_posts(person, term.period.year)):
            grid.put(at, _staff_row(person, number if k == 0 else None, post, subject, hours, term))
            if yearly:
                further = development(person, term.period.year, seed, term.span.end)
                grid.put(at, term.development.get(person.index, further), len(STAFF_HEADER) + 1)
            at += 1
    for further in support_rows(len(people), len(STAFF_HEADER)) if yearly else []:
        grid.put(at, further)
        at += 1
    grid.ruled |= set(range(3, at))
    grid.centred |= {1, 2, 4, 7, 9, 10, 11, 12}
    return [grid]


def _posts(person: Employee, year: int) -> list[tuple[str, str | None, int | None]]:
    posts: list[tuple[str, str | None, int | None]] = [(post, None, None) for post in person.posts]
    if person.hours.get(year):
        title = "учитель начальных классов" if person.kind == "начальные классы" else "учитель"
        posts.append((title, SUBJECT_OF_KIND[person.kind], person.hours[year]))
    return posts or [("учитель", SUBJECT_OF_KIND.get(person.kind), 0)]


def _staff_row(
    person: Employee,
    number: int | None,
    post: str,
    subject: str | None,
    hours: int | None,
    term: Term,
) -> list[Value]:
    way, day = person.index % 3, term.span.end
    months = (day.year - person.began.year) * 12 + day.month - person.began.month
    years, rest = divmod(months, 12)
    experience: Value = (f"{years}л {rest}м", years, f"{years} л. {rest} мес.")[way]
    category_date = term.category_dates.get(person.index, person.category_date)
    return [
        number,
        f"{person.index + 1:04d}",
        person.name.full,
        _day(person.birth, way != 1),
        post,
        subject,
        hours,
        person.education,
        experience,
        _CATEGORY[person.category][way],
        _day(category_date, way == 0) if category_date else None,
        _day(_training(person, term.period.year), way == 2),
    ]


def _training(person: Employee, year: int) -> date:
    """Most renew their training every third summer, as the law asks; a few are late."""
    if year - person.training.year >= 3 and person.index % 5:
        return date(year, 6, 5) + timedelta(days=person.index % 20)
    return person.training


def _day(day: date, as_text: bool) -> Value:
    return f"{day:%d.%m.%Y}" if as_text else day
