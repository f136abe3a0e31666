"""The annex of definitions of a note: what each figure in it means, straight from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from soko import russian
from soko.notes.data import NoteData
from soko.publish.blocks import Block, Head, Prose, Row, Table

LABEL = "definitions"
_LETTERS = "АБВГДЕЖИКЛМНПРСТУФХЦШЭЮЯ"


def section(data: NoteData) -> list[Block]:
    """Heading and table of the indicators that the note has used so far, in the order of the catalogue.

    A count whose formula only repeats its name («число отметок „5“») needs no definition.
    """
    used = [item for item in data.catalogue if item.id in data.current.used]
    found = annex(data, (item.id for item in used if item.formula.lower() != item.name.lower()))
    return [Prose(markdown="## Приложение. Определения показателей"), found] if found else []


def annex(data: NoteData, ids: Iterable[str]) -> Table | None:
    """Definitions of the indicators, in the order given and each once; None without any.

    UsageError, with the nearest id, for one that the catalogue does not have: a note must not explain what it does
    not know. A base is told once, with its tables, under the table, so that the table stays readable.
    """
    catalogue, rows = data.catalogue, []
    bases: dict[tuple[str, str], str] = {}
    for name in dict.fromkeys(ids):
        item = catalogue[name]
        tables = russian.listing([russian.quote(catalogue.tables[table].title) for table in catalogue.tables_of(name)])
        letter = bases.setdefault((catalogue.base(name), tables), _letter(len(bases)))
        formula = russian.sentence(item.formula) if item.formula else russian.DASH
        rows.append(Row(cells=[f"{item.name} ({item.id})", formula, letter, item.clause or "решение школы"]))
    if not rows:
        return None
    told = [f"{letter} – {base or 'не указана'} ({tables})." for (base, tables), letter in bases.items()]
    return Table(
        caption="Определения показателей, которые есть в справке",
        columns=[
            Head(title="Показатель (код)", width=3.8),
            Head(title="Формула", width=3.6),
            Head(title="База", align="center", width=0.6),
            Head(title="Основание", width=2.4),
        ],
        rows=rows,
        notes=[
            "База (в скобках – таблицы, из которых она взята):",
            *told,
            f"Период: {data.period.title()}."
            + ("" if data.public else " Запрос и строки за каждым числом показывает команда soko explain КОД."),
        ],
        label=LABEL,
        small=True,
    )


def _letter(number: int) -> str:
    """А, Б, …, Я, А2, Б2, …"""
    again, at = divmod(number, len(_LETTERS))
    return _LETTERS[at] + (str(again + 1) if again else "")
