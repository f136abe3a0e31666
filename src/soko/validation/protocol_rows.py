"""Sections of the protocol on rows and values: what was read and what became of it, what the ledger has corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soko import russian
from soko.publish import blocks
from soko.publish.blocks import Head, Row, Table
from soko.validation.protocol_tables import sheet_shown

if TYPE_CHECKING:
    from soko.validation.protocol import Protocol

#: So many corrections are printed; corrections.csv has all.
FIRST = 100


def accounted(protocol: Protocol) -> list[Any]:
    """Rows read, counted and set aside by table, with the reasons; the numbers of a line add up."""
    frame = protocol.result.accounting
    if frame is None or frame.empty:
        return []
    rows = []
    for name, lines in frame.groupby("table", sort=False):
        reasons = lines[lines["reason"] != ""].groupby("reason", sort=False)["set_aside"].sum()
        aside = "; ".join(f"{why} – {russian.number(int(number))}" for why, number in reasons.items())
        numbers = [russian.number(int(lines[column].sum())) for column in ("read", "clean", "set_aside")]
        rows.append(Row(cells=[protocol.title(str(name)), *numbers, aside or russian.DASH]))
    notes = ["Прочитано = учтено + отложено; по файлам – в файле accounting.csv. В ведомости строка – ячейка отметки."]
    if computed := int(frame["computed"].sum()):
        told = f"{russian.count(computed, 'строка')} движения, которых нет в файлах, программа составила"
        notes.append(f"Ещё {told} по списку обучающихся.")
    if protocol.result.is_critical:
        notes.append("Учтённое не записано: есть критические замечания.")
    return [
        Table(
            caption="Прочитано и учтено",
            columns=[
                Head(title="Таблица", width=2.4),
                Head(title="Прочитано", align="right"),
                Head(title="Учтено", align="right"),
                Head(title="Отложено", align="right"),
                Head(title="Почему отложено", width=3.6),
            ],
            rows=rows,
            notes=notes,
        )
    ]


def corrections(protocol: Protocol) -> list[Any]:
    """What the ledger of corrections has changed: where, what was, what became, why, who, when."""
    frame = protocol.result.intake.corrections
    if frame is None or frame.empty:
        return []
    rows = []
    for item in frame.head(FIRST).to_dict("records"):
        shown = sheet_shown(item["file"], item["sheet"])
        cell = f"ячейка {item['cell']}" if item["cell"] else f"строка {item['row']}"
        parts = (protocol.file(item["file"]), f"лист «{shown}»" if shown else "", cell)
        place = ", ".join(part for part in parts if part)
        column = protocol.tables[item["table"]].column(item["column"]).title
        change = f"{item['was']} → {item['became']}"
        day = ".".join(reversed(item["date"].split("-")))
        ground = f"{item['reason']} ({item['who']}, {day})"
        rows.append(Row(cells=[protocol.title(item["table"]), place, column, change, ground]))
    notes = [] if len(frame) <= FIRST else [
        f"Показаны первые {FIRST} из {russian.number(len(frame))}; все – в файле corrections.csv."
    ]  # fmt: skip
    number = russian.count(len(frame), "значение")
    return [
        blocks.Prose(
            markdown="## Внесённые исправления\n\nПо журналу исправлений (`data/corrections.yaml`) исправлено: "
            f"{number}. Сами файлы не изменены."
        ),
        Table(
            caption="Исправления по журналу исправлений",
            columns=[
                Head(title="Таблица", width=1.6),
                Head(title="Где", width=2.4),
                Head(title="Столбец", width=1.4),
                Head(title="Было → стало", width=1.4),
                Head(title="Основание, кто и когда внёс", width=3),
            ],
            rows=rows,
            notes=notes,
        ),
    ]
