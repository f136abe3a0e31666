"""The annex of definitions of a note: what each figure in it means, straight from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from soko import russian
from soko.notes.data import NoteData
from soko.publish.blocks import Block, Head, Prose, Row, Table

LABEL = "definitions"
_LETTERS = "АБВГДЕЖИКЛМНПРСТУФХЦШЭЮЯ"


def section(data: NoteData) -> list[Block]:
    """Heading and table of the indicators that the note has used so far, in the order of the catalogue."""
    found = annex(data, (item.id for item in data.catalogue if item.id in data.current.used))
    return [Prose(markdown="## Приложение. Определения показателей"), found] if found else []


def annex(data: NoteData, ids: Iterable[str]) -> Table | None:
    """Definitions of the indicators, in the order given and each once; None without any.

    UsageError, with the nearest id, for one that the catalogue does not have: a note must not explain what it does
    not know. A base that several indicators share is told once, under the table, so that the table stays readable.
    """
    catalogue, rows = data.catalogue, []
    bases: dict[str, str] = {}
    for name in dict.fromkeys(ids):
        item, base = catalogue[name], catalogue.base(name)
        letter = bases.setdefault(base, _letter(len(bases)))
        tables = [catalogue.tables[table].title for table in catalogue.tables_of(name)]
        cells = [
            f"{item.name} ({item.id})",
            _sentence(item.formula),
            letter,
            _sentence(russian.listing(map(russian.quote, tables))),
            item.clause or "решение школы",
        ]
        rows.append(Row(cells=cells))
    if not rows:
        return None
    told = "; ".join(f"{letter} – {base or 'не указана'}" for base, letter in bases.items())
    return Table(
        caption="Определения показателей, которые есть в справке",
        columns=[
            Head(title="Показатель (код)", width=2.3),
            Head(title="Формула", width=2.8),
            Head(title="База", align="center", width=0.5),
            Head(title="Источник", width=1.5),
            Head(title="Основание", width=1.3),
        ],
        rows=rows,
        notes=[
            f"База: {told}.",
            f"Период: {data.period.title()}. Запрос и строки за каждым числом показывает команда soko explain КОД.",
        ],
        label=LABEL,
    )


def _letter(number: int) -> str:
    """А, Б, …, Я, А2, Б2, …"""
    again, at = divmod(number, len(_LETTERS))
    return _LETTERS[at] + (str(again + 1) if again else "")


def _sentence(text: str) -> str:
    return russian.sentence(text) if text else russian.DASH
