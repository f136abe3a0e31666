"""The class gradebook («Сводная ведомость учёта успеваемости») as an electronic journal exports it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from soko.conventions import SouWeights
from soko.demo.grid import Grid, Value

LABELS = ("Средний балл", "«5»", "«4»", "«3»", "«2»", "н/а", "осв", "% усп.", "% кач.", "СОУ")
FIRST_PUPIL_ROW = 11
_LEGEND = "Условные обозначения: н/а – не аттестован(а), осв – освобождён(а), зач – зачёт."


@dataclass
class SubjectColumn:
    """A column: the canonical subject, the header as written, the teacher and the marks by row of the list."""

    subject: str
    header: str
    teacher: str
    marks: list[str]


@dataclass
class Gradebook:
    """One class in one term. ``printed`` overrides totals: (column number from 0, label) -> value as printed."""

    class_name: str
    class_text: str
    year_text: str
    period_text: str
    school: str
    tutor: str
    pupils: list[str]
    columns: list[SubjectColumn]
    made: str
    sheet: str
    printed: dict[tuple[int, str], Value] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Totals:
    """Counts of a column: marks 5…2, «н/а», «осв»; N is 5…2 and «н/а»."""

    five: int
    four: int
    three: int
    two: int
    na: int
    exempt: int

    @classmethod
    def of(cls, marks: list[str]) -> Totals:
        """Count the marks of a column."""
        return cls(*(marks.count(mark) for mark in ("5", "4", "3", "2", "н/а", "осв")))

    def values(self, weights: SouWeights) -> dict[str, Value]:
        """What stands in the total rows; None where the base is empty."""
        marked = self.five + self.four + self.three + self.two
        base = marked + self.na
        points = 5 * self.five + 4 * self.four + 3 * self.three + 2 * self.two
        sou = (
            weights.five * self.five
            + weights.four * self.four
            + weights.three * self.three
            + weights.two * self.two
            + weights.na * self.na
        )
        counts = (self.five, self.four, self.three, self.two, self.na, self.exempt)
        return {
            "Средний балл": _ratio(points, marked, 1, 2),
            **dict(zip(LABELS[1:7], counts, strict=True)),
            "% усп.": _ratio(self.five + self.four + self.three, base, 100, 1),
            "% кач.": _ratio(self.five + self.four, base, 100, 1),
            "СОУ": _ratio(sou, base, 1, 1),
        }


def _ratio(part: float, base: int, scale: int, digits: int) -> float | None:
    """Rounded half up, as journals do; Python's own rounding would print 62,2 where they print 62,3."""
    if not base:
        return None
    exact = Decimal(str(part)) * scale / Decimal(base)
    return float(exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def layout(book: Gradebook, weights: SouWeights, comma: Callable[[int], bool]) -> Grid:
    """The sheet of a gradebook. ``comma(i)``: totals of column i are texts with a comma, as some journals print."""
    grid = Grid(book.sheet, freeze=f"C{FIRST_PUPIL_ROW}")
    last = 2 + len(book.columns)
    head = [
        book.school,
        "Сводная ведомость учёта успеваемости обучающихся",
        f"Учебный год: {book.year_text}",
        f"Класс: {book.class_text}",
        f"Период: {book.period_text}",
        f"Классный руководитель: {book.tutor}",
    ]
    for row, text in enumerate(head, start=1):
        grid.put(row, [text])
        grid.merge(row, 1, row, last)
    grid.bold |= {1, 2}
    grid.put(8, ["№", "Фамилия и имя обучающегося", "Предметы"])
    grid.merge(8, 1, 10, 1)
    grid.merge(8, 2, 10, 2)
    grid.merge(8, 3, 8, last)
    for j, column in enumerate(book.columns):
        grid.put(9, [column.header], 3 + j)
        grid.put(10, [column.teacher or None], 3 + j)
        grid.vertical |= {(9, 3 + j), (10, 3 + j)}
    grid.head |= {8, 9, 10}
    for i, name in enumerate(book.pupils):
        grid.put(FIRST_PUPIL_ROW + i, [i + 1, name])
        for j, column in enumerate(book.columns):
            typed = book.texts.get((i, j)) or _typed(column.marks[i])
            grid.put(FIRST_PUPIL_ROW + i, [typed], 3 + j)
    first_total = FIRST_PUPIL_ROW + len(book.pupils)
    for k, label in enumerate(LABELS):
        row = first_total + k
        grid.put(row, [None, label.replace("«", '"').replace("»", '"')])
        grid.bold.add(row)
        for j, column in enumerate(book.columns):
            value = book.printed.get((j, label), Totals.of(column.marks).values(weights)[label])
            if isinstance(value, float):
                digits = 2 if label == "Средний балл" else 1
                if comma(j):
                    value = f"{value:.{digits}f}".replace(".", ",")
                else:
                    grid.formats[row, 3 + j] = "0." + "0" * digits
            grid.put(row, [value], 3 + j)
    grid.ruled |= set(range(8, first_total + len(LABELS)))
    grid.put(first_total + len(LABELS) + 1, [_LEGEND])
    grid.put(first_total + len(LABELS) + 2, [f"Ведомость сформирована {book.made}"])
    grid.widths = {1: 4.5, 2: 27.0, **{3 + j: 5.6 for j in range(len(book.columns))}}
    grid.centred |= {1, *range(3, last + 1)}
    return grid


def _typed(mark: str) -> Value:
    return int(mark) if mark.isdigit() else mark or None
