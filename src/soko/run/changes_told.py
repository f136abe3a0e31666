"""What is said of changes.csv: one line on the index page, a short list on the terminal. Reads the file, no pandas."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from soko import russian
from soko.run.changes import CODE, CORRECTION, DATA, DEFINITION, NAME, SETTINGS

#: So many changes are named on the terminal.
SHOWN = 5
_PERCENT = "%"


_BECAUSE = {
    DATA: "данных",
    CORRECTION: "исправлений",
    DEFINITION: "определения",
    SETTINGS: "настроек",
    CODE: "новой версии программы",
}


@dataclass(frozen=True)
class Told:
    """How many values of how many indicators changed, how many for which causes, and the largest changes in words."""

    number: int
    because: dict[str, int]
    largest: list[str]
    indicators: int = 1

    @property
    def line(self) -> str:
        """«Изменилось 12 значений у 5 показателей: из-за данных – 10; из-за определения и данных вместе – 2»."""
        parts = "; ".join(f"{_cause(text)} {russian.DASH} {russian.number(n)}" for text, n in self.because.items())
        values = russian.count(self.number, "значение")
        return f"Изменилось {values} у {russian.count(self.indicators, 'показатель', 'gent')}: {parts}"


def _cause(text: str) -> str:
    """Several causes of one change are named together: nobody can tell their shares apart."""
    words = [_BECAUSE[name] for name in text.split(", ") if name in _BECAUSE]
    if not words:
        return "причина не установлена"
    return f"из-за {russian.listing(words)}" + (" вместе" if len(words) > 1 else "")


def told(folder: Path) -> Told | None:
    """What ``folder``/changes.csv says; None where there is none."""
    path = folder / NAME
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    causes = Counter(row["because"] for row in rows)
    # A person's figures are for the table, not for the terminal.
    shown = sorted((row for row in rows if not row["teacher"]), key=_size, reverse=True)[:SHOWN]
    return Told(
        len(rows),
        dict(sorted(causes.items(), key=lambda item: (-item[1], item[0]))),
        [_words(r) for r in shown],
        len({row["indicator"] for row in rows}),
    )


def index_lines(folder: Path) -> tuple[str, ...]:
    """What the index page says: first the account, then the largest changes; empty where nothing was ever changed."""
    found = told(folder)
    if found is None:
        return ()
    return (f"При последнем обновлении показателей {russian.lower_first(found.line)}.", *found.largest)


def _size(row: dict[str, str]) -> float:
    """Order of importance: percentage points as they are, other units in per cent of the larger value.

    What appeared or went has no size and comes last.
    """
    if not row["delta"]:
        return -1.0
    delta = abs(float(row["delta"]))
    if row["unit"] == _PERCENT:
        return delta
    return 100 * delta / max(abs(float(row["was"])), abs(float(row["became"])))


def _words(row: dict[str, str]) -> str:
    """«Качество знаний, 7А: было 45,2 %, стало 48,1 % (данные)»."""
    group = _group(row) or ["по школе"]
    was, became = (_value(row[name], row["unit"]) for name in ("was", "became"))
    return f"{row['name'] or row['indicator']}, {', '.join(group)}: было {was}, стало {became} ({row['because']})"


def _group(row: dict[str, str]) -> list[str]:
    names = [row[name].removeprefix("'") for name in ("level", "class", "subject", "item") if row.get(name)]
    names += [f"{row['grade']}-е классы"] if row["grade"] else []
    return names + ([f"пол: {row['sex']}"] if row["sex"] else [])


def _value(text: str, unit: str) -> str:
    if not text:
        return "нет значения"
    if unit == _PERCENT:
        return russian.percent(float(text))
    return russian.number(float(text))  # «балл» would have to agree with the number
