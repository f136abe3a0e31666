"""What charts of groups say: the finding for those who do not see the picture, and how large the groups are."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.rounding import format_share
from soko.indicators.model import Indicator
from soko.notes.data import NoteData
from soko.notes.figure_words import show as shown
from soko.notes.objects import Line, parts_of
from soko.russian import NBSP

_NAMED = 3  # of groups that share an end


def ends(data: NoteData, indicator: Indicator, rows: Sequence[Line], whole: Line | None) -> str:
    """«Охват: больше всего – 7А, 62,5 %, меньше всего – 5Б, 33,3 %; всего – 52,4 %»; groups that are equal together.

    ``rows`` have a figure each and are ranked, the smallest first.
    """

    def said(line: Line) -> str:
        return shown(indicator, parts_of(data, indicator.id, line.place))

    text = _ends([(line.name, said(line)) for line in rows], len(rows))
    if whole is not None:
        text += f"; всего{NBSP}– {said(whole)}"
    return russian.sentence(f"{indicator.label}: {text}")


def pieces(rows: Sequence[tuple[Line, list[float]]], labels: Sequence[str]) -> str:
    """Of shares stacked to a whole: where the first piece is largest and smallest, and the largest piece of the whole.

    ``rows`` are groups with the numbers of the pieces; of a single row the largest piece is told.
    """

    def share(numbers: Sequence[float], at: int) -> str:
        return format_share(numbers[at], sum(numbers))

    groups = [item for item in rows if not item[0].whole]
    told = [item for item in rows if item[0].whole] or (rows if len(rows) == 1 else [])
    said = []
    if len(groups) > 1:
        ranked = sorted(groups, key=lambda item: item[1][0] / sum(item[1]))
        ends_ = _ends([(line.name, share(numbers, 0)) for line, numbers in ranked], len(ranked))
        said.append(f"{labels[0]}: {ends_}")
    for line, numbers in told:
        top = max(range(len(numbers)), key=lambda i: numbers[i])
        said.append(f"{line.name}: больше всего{NBSP}– {russian.lower_first(labels[top])}, {share(numbers, top)}")
    return " ".join(russian.sentence(text) for text in said)


def sizes(data: NoteData, indicator: Indicator, rows: Sequence[Line]) -> str:
    """«В группе – 20–24 обучающихся»; empty of counts, whose figure is the number itself."""
    bases = [int(found.base) for line in rows if (found := parts_of(data, indicator.id, line.place)) and found.base]
    return span(bases, data.catalogue.noun(indicator.id))


def span(bases: Sequence[int], noun: str) -> str:
    """«В группе – 20–24 обучающихся» of bases in any order; empty of none."""
    if not bases:
        return ""
    most = russian.count(max(bases), noun)
    return f"В группе{NBSP}– {most if min(bases) == max(bases) else f'{russian.number(min(bases))}–{most}'}"


def _ends(ranked: Sequence[tuple[str, str]], count: int) -> str:
    """Of names with their values as printed, the smallest first."""
    low, high = ranked[0][1], ranked[-1][1]
    if low == high:
        return f"у всех ({count}){NBSP}– {low}"

    def those(value: str) -> str:
        names = [russian.lower_first(name) for name, own in ranked if own == value]
        return f"{russian.listing(names, _NAMED)}, {value if len(names) == 1 else f'по{NBSP}{value}'}"

    return f"больше всего{NBSP}– {those(high)}, меньше всего{NBSP}– {those(low)}"
