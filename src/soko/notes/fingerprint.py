"""What a note about one class, subject, area or theme is made from: a hash of each thing that it can read.

``soko.notes.focus`` leaves a note nothing else, so a note whose fingerprint is the same would be the same document: a
changed mark of another class does not make it again, nor does any mark the note on contests. Settings, wording, code
and libraries are hashed by the run (``soko.run.memory``).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from soko.analysis.series import Stored, stored
from soko.errors import ConfigError
from soko.notes import telling, themed
from soko.notes.data import Figures, NoteData
from soko.notes.lacking import lacking
from soko.notes.references import TABLE
from soko.periods import Period
from soko.stamps import Stamp, stamp
from soko.tables import load_tables
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def fingerprint(data: NoteData) -> dict[str, str]:
    """Hashes by what they are of, as the reason of a rerun is said: «показатели справки», «замечания к данным»."""
    ids = themed.reads(telling.book(data))
    series = _stored(data.workspace, data.period, _stamp(data.workspace))
    return {
        "показатели справки": _figures(data.current, ids),
        "показатели для сравнения (параллель, уровень)": _figures(data.beside, ids),
        "показатели справки за прошлый период": _figures(data.previous, ids),
        "показатели справки за тот же период прошлого года": _figures(data.year_ago, ids),
        "показатели справки за позапрошлый период": _figures(data.earlier, ids),
        "ряды значений за прежние периоды": _series(data, series),
        "определения показателей за прежние периоды": _hash(
            [sorted(ids & data.redefined.get(which, frozenset())) for which in ("previous", "year_ago")]
        ),
        "значения территорий": _territories(data),
        "несданные таблицы": _hash([(item.indicator, item.tables) for item in lacking(data)]),
        "замечания к данным справки": _findings(data.findings),
        "исправления данных": _corrections(data),
        "описания таблиц": _contracts(data.workspace, stamp([data.workspace.root / "validation"])),
    }


def _figures(figures: Figures | None, ids: Collection[str]) -> str:
    """Every figure at full precision, in a fixed order; empty where there are none to be read."""
    if figures is None:
        return ""
    rows = [
        [indicator, school, sorted(dims), repr(parts.part), repr(parts.base)]
        for (indicator, school, dims), parts in figures.items()
    ]
    return _hash([figures.schools, sorted(figures.withheld.intersection(ids)), sorted(rows)])


def _stamp(workspace: Workspace) -> Stamp:
    return stamp([workspace.history, workspace.params, workspace.root / "data" / "clean"])


@lru_cache(maxsize=1)
def _stored(workspace: Workspace, period: Period, _stamp: Stamp) -> Stored:
    """All stored periods of the kind, read once for all notes."""
    from soko.indicators import load_catalogue

    return stored(workspace, period, load_catalogue(workspace, bind=False))


def _series(data: NoteData, known: Stored) -> str:
    """Of the indicators whose run chart the note draws: all their rows in every stored period of the kind."""
    shown = [pair for pairs in telling.book(data).shown.values() for pair in pairs]
    asked = {name for show, ids in shown if show.kind == "run_chart" for name in ids}
    if not asked or {"class", "area"} & data.focus.keys():  # they have none
        return ""
    return _hash(
        [
            [period.id, sorted(asked & changed), "" if frame is None else _rows(frame, asked)]
            for period, frame, changed in zip(known.periods, known.frames, known.changed, strict=True)
        ]
    )


def _rows(frame: pd.DataFrame, ids: Collection[str]) -> str:
    return frame[frame["indicator"].isin(ids)].to_csv(index=False)


def _territories(data: NoteData) -> str:
    path = data.workspace.clean(data.period) / f"{TABLE}.parquet"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _findings(findings: pd.DataFrame | None) -> str:
    """The findings that the note was left, by rule, with their messages."""
    if findings is None:
        return ""
    return _hash(findings[list(themed.FINDINGS)].to_numpy().tolist())


def _corrections(data: NoteData) -> str:
    if data.corrections is None:
        return ""
    counts = Counter(zip(data.corrections["table"], data.corrections["column"], strict=True))
    return _hash(sorted((*key, number) for key, number in counts.items()))


@lru_cache(maxsize=1)
def _contracts(workspace: Workspace, _stamp: Stamp) -> str:
    """The contracts of all tables; of their rules what a note says of them: how they are called."""
    try:
        tables = load_tables(workspace)
    except ConfigError:  # a workspace that only received indicators has none
        return ""
    return _hash(
        [
            [table.model_dump(mode="json", exclude={"rules"}), [(rule.id, rule.title) for rule in table.rules]]
            for _, table in sorted(tables.items())
        ]
    )


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
