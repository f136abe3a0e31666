"""What a note about one class, subject or area is made from: a hash of each thing that it can read.

``soko.notes.focus`` leaves a note nothing else, so a note whose fingerprint is the same would be the same document: a
changed mark of another class does not make it again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from soko.notes import checked
from soko.notes.data import Figures, NoteData
from soko.notes.lacking import lacking


def fingerprint(data: NoteData) -> dict[str, str]:
    """Hashes by what they are of, as the reason of a rerun is said: «показатели справки», «замечания к данным»."""
    return {
        "показатели справки": _figures(data.current),
        "показатели для сравнения (параллель, уровень)": _figures(data.beside),
        "показатели справки за прошлый период": _figures(data.previous),
        "показатели справки за тот же период прошлого года": _figures(data.year_ago),
        "несданные таблицы": _hash([(item.indicator, item.tables) for item in lacking(data)]),
        "замечания к данным справки": _findings(data),
        "исправления данных": _corrections(data),
    }


def _figures(figures: Figures | None) -> str:
    """Every figure at full precision, in a fixed order; empty where there are none to be read."""
    if figures is None:
        return ""
    rows = [
        [indicator, school, sorted(dims), repr(parts.part), repr(parts.base)]
        for (indicator, school, dims), parts in figures.items()
    ]
    return _hash([figures.schools, sorted(rows)])


def _findings(data: NoteData) -> str:
    """The findings that name the class or subject: by rule, with their messages; those of other tables all together."""
    if data.findings is None:
        return ""
    own = checked.own(data, data.findings)
    grave = int((data.findings["severity"] != "info").sum())
    found = own[["severity", "table", "rule", "message_ru"]].to_numpy().tolist()
    return _hash([found, grave])


def _corrections(data: NoteData) -> str:
    if data.corrections is None:
        return ""
    counts = Counter(zip(data.corrections["table"], data.corrections["column"], strict=True))
    return _hash(sorted((*key, number) for key, number in counts.items()))


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
