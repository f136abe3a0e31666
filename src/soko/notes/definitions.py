"""The annex of definitions of a note: what each figure in it means, straight from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from soko import russian
from soko.notes.data import NoteData
from soko.publish.blocks import Head, Row, Table

LABEL = "definitions"


def annex(data: NoteData, ids: Iterable[str]) -> Table | None:
    """Definitions of the indicators, in the order given and each once; None without any.

    UsageError, with the nearest id, for one that the catalogue does not have: a note must not explain what it does
    not know. Indicators that share a base are told it once, so that the table stays readable.
    """
    catalogue, rows = data.catalogue, []
    told: dict[str, str] = {}
    for name in dict.fromkeys(ids):
        item, base = catalogue[name], catalogue.base(name)
        first = told.setdefault(base, item.label)
        tables = [catalogue.tables[table].title for table in catalogue.tables_of(name)]
        cells = [
            f"{item.name} ({item.id})",
            _sentence(item.formula),
            _sentence(base) if first == item.label else f"Та же, что у показателя {russian.quote(first)}.",
            _sentence(russian.listing(map(russian.quote, tables))),
            item.clause or "решение школы",
        ]
        rows.append(Row(cells=cells))
    if not rows:
        return None
    return Table(
        caption="Определения показателей",
        columns=[
            Head(title="Показатель (код)", width=2.2),
            Head(title="Формула", width=2.4),
            Head(title="База", width=2.4),
            Head(title="Источник", width=1.6),
            Head(title="Основание", width=1.4),
        ],
        rows=rows,
        notes=[f"Период: {data.period.title()}. Запрос и строки за каждым числом показывает команда soko explain КОД."],
        label=LABEL,
    )


def _sentence(text: str) -> str:
    return russian.sentence(text) if text else russian.DASH
