"""Which numbers of a note's sentences none of its tables and charts has.

A number of a sentence stands in a table, follows from one row or column of it (a difference; so many of a base from
its share), or is a value that a chart of the note draws. Dates, names of periods and classes, thresholds and counts of
what is listed are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from pathlib import Path

import pandas as pd

from soko.publish import document
from soko.publish.blocks import Callout, Figure, Prose, Table
from soko.reports import numbers
from soko.reports.texts import Text
from soko.yamlio import load_raw

#: Tables after this heading repeat the sentences: what is to be done, the annexes.
_END = re.compile(r"^#+ (?:Рекомендации|Приложение)", re.MULTILINE)
_NO_FIGURE = re.compile(
    r"\b(?:меньше|больше|ниже|выше|менее|более|от|до|порог\w*)\s(?:чем\sна\s)?\d[\d,]*\s?(?:%|п\.п\.)"  # thresholds
    r"|\bот\s\d,\d+"
    r"|\bещё\s\d+|не посчитано:\s\d+|\bпо\s\d+\sпредмет\w*|\bвсе\s\d+"  # how many are listed
    r"|\((?:таблица|рисунок)\s\d+\)"
    r"|\d+\sнедел\w+|\d+-ю\b|\d+\sчетверт\w+|\d+\s(?:классов?|класса|классах)\b|\d+–\d+-е"  # periods and classes
    r"|^\s*\d+\.\s",
    re.MULTILINE | re.IGNORECASE,
)
_CHARTS = {"bars", "stacked", "slope", "heat", "multiples", "histogram", "funnel", "run_chart"}
_MOST = 60  # numbers of a row or column of which differences are taken


def untold(notebook: Path, params: Path, figures: pd.DataFrame) -> list[str]:
    """«number | sentence» of what stands nowhere else; ``figures`` are the indicators of the period."""
    return untold_in(document.read(notebook), notebook.stem, params, figures)


def untold_in(read: document.Document, name: str, params: Path, figures: pd.DataFrame) -> list[str]:
    """The same for a document; ``name`` is that of the note, of its class or subject too."""
    blocks = [item.block for item in read.items]
    end = next(
        (at for at, block in enumerate(blocks) if isinstance(block, Prose) and _END.search(block.markdown)), None
    )
    blocks = blocks[:end]
    tables = [block for block in blocks if isinstance(block, Table) and block.numbered]
    held = numbers.held_by(tables, [block.alt for block in blocks if isinstance(block, Figure)])
    held |= _followed(tables) | _drawn(name, params, figures)
    found = []
    for block in blocks:
        if isinstance(block, Prose | Callout):
            plain = _NO_FIGURE.sub(" ", block.markdown)
            said = Text("", "", plain, Path(), "")
            for line, number in numbers.own(said, held):
                found.append(f"{number} | {plain.splitlines()[line - 1].strip()}")
    return found


def _followed(tables: list[Table]) -> set[str]:
    """Differences of two numbers of a row or column; how many of a base a share is, and the rest of it."""
    found: set[str] = set()
    for table in tables:
        rows = [row.cells for row in table.rows if row.kind != "section"]
        for cells in (*rows, *map(list, zip(*rows, strict=True))):
            values = sorted(_values(cells))
            if len(values) <= _MOST:
                found |= {_text(high - low) for low, high in combinations(values, 2)}
        for cells in rows:
            found |= {_text(part) for part in _parts(_values(cells))}
    return found


def _parts(values: set[Decimal]) -> Iterator[Decimal]:
    for base in (value for value in values if value == int(value) and value > 1):
        for share in (value for value in values if 0 < value <= 100):
            part = (base * share / 100).quantize(Decimal(1), ROUND_HALF_UP)
            if abs(part / base * 100 - share) <= Decimal("0.0501"):
                yield part
                yield base - part


def _drawn(name: str, params: Path, figures: pd.DataFrame) -> set[str]:
    """Values of the indicators that the note's charts show, as they are printed."""
    files = sorted((params / "narrative").glob("*.yaml"))
    path = next((path for path in files if f"{name}_".startswith(f"{path.stem}_")), None)
    if path is None:  # a note that is no file of settings
        return set()
    shown = [show for section in load_raw(path)[0]["sections"] for show in section.get("show", [])]
    ids = [name for show in shown if show["kind"] in _CHARTS for name in show["indicators"]]
    known = figures[figures["indicator"].isin(ids)]["value"].dropna()
    return {_text(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)) for value in known.astype(float)}


def _values(cells: list[str]) -> set[Decimal]:
    return {Decimal(number) for number in numbers.held_by([], cells)}


def _text(value: Decimal) -> str:
    (number,) = numbers.held_by([], [f"{abs(value):f}"])
    return number
