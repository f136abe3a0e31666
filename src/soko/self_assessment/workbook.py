"""order_1324.xlsx: the table of the order for the founder – printed values, numbers, dates, sources; how to read it."""

from __future__ import annotations

from soko.indicators.reasons import NO_BEFORE
from soko.indicators.sheet_parts import whole
from soko.indicators.sheets import Sheet, Value, save
from soko.notes.data import NoteData
from soko.order1324 import Order1324
from soko.self_assessment import line_table
from soko.self_assessment.lines import HIDDEN, NO_VALUE, NOBODY, Line

_COVER, _TABLE, _SIGNS = "Обложка", "Показатели", "Как читать"
_HEADS = ["Код", "Показатель", "Единица", "{now}", "Численность, число", "База", "Доля, %", "{before}", "Изменение",
          "На дату, за период", "Источник", "Пояснение"]  # fmt: skip
_WIDTHS = [9, 70, 12, 22, 13, 10, 10, 22, 16, 26, 60, 60]


def build(data: NoteData, order: Order1324, found: list[Line]) -> bytes:
    """The workbook; the same lines give the same bytes."""
    year, school = data.period.year, data.school
    title = f"Показатели деятельности за {year} год"
    rows, formats = _rows(order, found)
    heads = [head.format(now=f"{year} год", before=f"{year - 1} год") for head in _HEADS]
    table = Sheet(_TABLE, "Строки приказа с кодами, значениями, датами и источниками", heads, _WIDTHS, rows, formats)
    told: list[list[Value]] = [
        [f"Примечание {at}", note] for at, note in enumerate(line_table.notes(data, found), start=1)
    ]
    signs = Sheet(
        _SIGNS,
        "На каких базах и в каких шкалах даны значения, что значат обозначения",
        ["Что", "Пояснение"],
        [34, 100],
        [
            *told,
            [NO_BEFORE.sign, NO_BEFORE.text],
            [NO_VALUE, "таблица, из которой считается показатель, не сдана"],
            [NOBODY, "в базе показателя никого нет"],
            [HIDDEN, "строка скрыта в публичном экземпляре; полный экземпляр – у учредителя"],
        ],
    )
    cover: list[list[Value]] = [
        ["Школа", school.name_full],
        ["Период", data.period.title()],
        ["Основание", order.source],
        [_TABLE, table.about],
        [_SIGNS, signs.about],
    ]
    first = Sheet(_COVER, title, [title], [34, 100], cover, links={3: _TABLE, 4: _SIGNS})
    day = data.params.dates(data.period).end
    return save([first, table, signs], title=f"{title} (приказ № 1324)", author=school.name_short, day=day)


def _rows(order: Order1324, found: list[Line]) -> tuple[list[list[Value]], dict[int, list[str]]]:
    rows: list[list[Value]] = []
    section = ""
    for line in found:
        if (now := line.code.code.partition(".")[0]) != section:
            section = now
            rows.append([f"{section}.", order.sections[section], *[None] * (len(_HEADS) - 2)])
        code, name, unit, text, before, change, when, _ = line_table.cells(line)
        rows.append([code or line.code.code, name, unit, text, *_numbers(line), before, change, when, line.source,
                     line.remark])  # fmt: skip
    return rows, {4: ["#,##0.##"] * len(rows), 5: ["#,##0"] * len(rows), 6: ["0.0"] * len(rows)}


def _numbers(line: Line) -> list[Value]:
    """Number, base and share, so that the founder can recompute them; none of a flag."""
    if line.parts is None or line.code.kind == "flag":
        return [None, None, None]
    part, base = line.parts
    if line.code.kind == "share" and base:
        return [whole(part), whole(base), 100 * part / base]
    if base:
        return [round(part / base, 4), whole(base), None]
    return [whole(part), None, None]
