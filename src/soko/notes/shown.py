"""What a section shows: the table or chart that each kind of ``show`` in params/narrative stands for.

A new kind is a function here (NoteData, school, what is asked, ids → a block, or None without data) and its name in
``soko.analysis.narrative_sections``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from soko.analysis.narrative_sections import Show
from soko.notes import (
    charts_any,
    dynamics,
    funnel_chart,
    heat_map,
    hidden,
    histograms,
    multiples,
    references_table,
    run_chart,
    slopes,
    tables_any,
    tables_beside,
    wide,
)
from soko.notes.data import NoteData
from soko.publish.blocks import Block, Figure, Table

Maker = Callable[[NoteData, str, Show, Sequence[str]], Block | Sequence[Block] | None]

MAKERS: dict[str, Maker] = {
    "values": tables_any.values,
    "by": tables_any.by,
    "beside": tables_beside.beside,
    "bars": charts_any.bars,
    "stacked": charts_any.stacked,
    "slope": slopes.figure,
    "heat": heat_map.figures,
    "multiples": multiples.figure,
    "histogram": histograms.figure,
    "funnel": funnel_chart.figure,
    "dynamics": dynamics.table,
    "run_chart": run_chart.figure,
    "reference": references_table.shown,
}


#: What rests on more than the released figures: values that territories gave, all earlier periods, single scores.
_INTERNAL = {"reference", "run_chart", "histogram"}
_SHAPES = {"work": {"grade", "subject"}, "class_subject": {"class", "subject"}}


def blocks(data: NoteData, school: str, section: str) -> Iterator[Block | None]:
    """Tables and charts of a section, in the order of its file."""
    from soko.notes import telling

    for show, ids in telling.book(data).shown.get(section, ()):
        if data.public and show.kind in _INTERNAL:
            continue
        for made in parts(data, school, show, ids):
            if isinstance(made, Figure):
                yield hidden.shown(data, made, ids, _SHAPES.get(show.dimension, {show.dimension, show.across} - {""}))
            elif isinstance(made, Table):
                yield from wide.split(made)
            else:
                yield made


def parts(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> list[Block]:
    """What ``show`` stands for: one block, several where it is too high for a page, none without data."""
    made = MAKERS[show.kind](data, school, show, ids)
    if made is None:
        return []
    return list(made) if isinstance(made, Sequence) else [made]
