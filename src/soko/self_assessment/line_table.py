"""The table of order 1324 as the report prints it, and what stands under it."""

from __future__ import annotations

from soko import russian
from soko.notes.data import NoteData
from soko.order1324 import Order1324
from soko.publish.blocks import Head, Row, Table
from soko.russian import NBSP
from soko.self_assessment.lines import HIDDEN, Line

LABEL = "order_1324"
UNITS = {"share": "человек/%", "flag": "да/нет"}


def table(data: NoteData, order: Order1324, found: list[Line], caption: str) -> Table:
    """52 lines with their code, unit, value, last year's value, change, day or period and source."""
    year = data.period.year
    rows: list[Row] = []
    section = ""
    for line in found:
        if (now := line.code.code.partition(".")[0]) != section:
            section = now
            rows.append(Row(cells=[f"{section}. {order.sections[section]}"], kind="section"))
        rows.append(Row(cells=cells(line)))
    columns = [
        Head(title="Код", width=0.7),
        Head(title="Показатель", width=4.6),
        Head(title="Единица", width=1.1),
        Head(title=f"{year} год", align="right", width=1.7),
        Head(title=f"{year - 1} год", align="right", width=1.7),
        Head(title="Изменение", align="right", width=1.5),
        Head(title="На дату, за период", width=1.5),
        Head(title="Источник", width=2.6),
    ]
    return Table(
        caption=caption, columns=columns, rows=rows, notes=notes(data, found), label=LABEL, landscape=True
    )  # fmt: skip


def cells(line: Line) -> list[str]:
    """One row as it is printed; a second row of a code has its own name under the same code."""
    name = line.code.name if line.first else ""
    label = f"{NBSP}{russian.DASH} {line.label}" if line.label else ""
    titled = f"{name}{label}" if line.first else f"{line.code.code}: {line.label}"
    return [
        line.code.code if line.first else "",
        titled,
        UNITS.get(line.code.kind, line.code.unit),
        line.text,
        line.previous,
        line.change,
        line.when,
        line.tables,
    ]


def notes(data: NoteData, found: list[Line]) -> list[str]:
    """Bases, scales, what the signs mean; only what the table really has."""
    year = data.period.year
    said = [
        f"Показатели 1.5 даны на двух базах: по тексту приказа – общая численность учащихся, включая 1{NBSP}классы; "
        "в журнале – только учащиеся, которые аттестуются. Обе строки посчитаны по годовым отметкам учебного года, "
        f"закончившегося в {year}{NBSP}году.",
        "Показатели 1.6 и 1.7 – средняя отметка (от 2 до 5), а не первичный балл; 1.8 и профильная строка 1.9 – "
        "средний тестовый балл ЕГЭ (от 0 до 100); базовая математика – отметка и в средний балл не входит. "
        "Показатели 1.10–1.13 – результаты с учётом пересдач.",
        "Доля считается от численности на ту же дату, на которую взята строка; дата – в графе «На дату, за период».",
    ]
    said += _remarks(found)
    if any(line.previous == "нс" for line in found):
        said.append(f"«нс» – сравнивать не с чем: за {year - 1}{NBSP}год значения нет.")
    if any(line.hidden for line in found):
        said.append(f"«{HIDDEN}»: полный экземпляр отчёта направлен учредителю.")
    return said


def _remarks(found: list[Line]) -> list[str]:
    """What is to be known of the data of some lines, each remark once with the codes that it is about."""
    codes: dict[str, list[str]] = {}
    for line in found:
        if line.remark and line.code.code not in codes.setdefault(line.remark, []):
            codes[line.remark].append(line.code.code)
    return [f"{', '.join(listed)}: {remark}." for remark, listed in codes.items()]
