"""Sentences of the note on key indicators. What may be chance is never told as a difference."""

from __future__ import annotations

import re
from collections.abc import Sequence

from soko import russian
from soko.analysis.rounding import format_number, format_share
from soko.notes.cluster import Index
from soko.notes.cluster_blocks import interval, points
from soko.notes.data import NoteData
from soko.notes.groups import Compared
from soko.notes.references import SCOPES, Line, References
from soko.notes.references_table import cut_name
from soko.russian import DASH, NBSP

_BRACKETS = re.compile(r"\s*\([^()]*\)$")  # what a name adds about its subjects: the cut says which
_SIDES = ("below", "above")
_TERRITORY = {"муниципалитет": "с муниципалитетом", "регион": "с регионом", "страна": "со страной"}


def index(data: NoteData, found: Index) -> list[str]:
    """The index with its range, how much of the cluster there is, what it hangs on most."""
    total, moved = found.total, found.range
    number, known = len(found.parts), sum(part.points is not None for part in found.parts)
    there = f"{known} из {russian.count(number, 'показатель', 'gent')}"
    coverage = russian.percent(total.coverage * 100, 0)
    if total.value is None or moved is None:
        return [f"Индекс ключевых показателей не рассчитан: есть {there} ({coverage} весов)."]
    lines = [
        f"Индекс ключевых показателей – {points(total.value)} из 100; при других весах – "
        f"{interval(moved.low, moved.high)}. Он рассчитан по {there} ({coverage} весов)."
    ]
    changes = {name: abs(value - total.value) for name, value in moved.without.items() if value is not None}
    if changes:
        name = max(changes, key=lambda key: changes[key])
        label = russian.lower_first(data.catalogue[name].name)
        lines[0] += (
            f" Больше всего индекс зависит от показателя {russian.quote(label)}: без него – "
            f"{points(moved.without[name])}."
        )
    return lines


def differs(found: Sequence[Compared]) -> list[Compared]:
    """Groups whose difference is beyond the threshold and beyond chance."""
    return [item for item in found if item.contrast.standing in ("above", "below")]


def groups(noun: str, found: Sequence[Compared]) -> list[str]:
    """Which groups differ from the rest, or that none does; nothing without groups."""
    if len(found) < 2:
        return []
    judged = [item for item in found if item.contrast.standing not in ("small", "alone")]
    if not judged:
        return [f"О различиях не судим: в каждой группе мало обучающихся ({noun})."]
    said = []
    for standing, word in (("below", "ниже"), ("above", "выше")):
        own = [item for item in judged if item.contrast.standing == standing]
        if own:
            parts = ", ".join(
                f"{item.group.name}{NBSP}({format_share(item.group.parts.part, item.group.parts.base)} против "
                f"{format_share(item.contrast.rest_part, item.contrast.rest_base)} у остальных)"
                for item in own
            )
            said.append(f"{word}, чем в остальных: {parts}")
    number = len(judged)
    if not said:
        return [
            f"Качество знаний: ни один {noun} из {format_number(number)} не отличается от остальных больше, чем "
            "допускает случайность."
        ]
    rest = number - len(differs(judged))
    return [
        f"Качество знаний {'; '.join(said)}. {russian.upper_first(_others(noun, rest))}" if rest else
        f"Качество знаний {'; '.join(said)}."
    ]  # fmt: skip


def _others(noun: str, rest: int) -> str:
    return f"у {russian.count(rest, noun, 'gent')} отличие от остальных не доказано или меньше порога."


def territories(data: NoteData, found: References) -> list[str]:
    """Which figures are below and above each territory, and of how many; nothing without any.

    Territories beside which the same figures differ are told of together.
    """
    told: dict[tuple[str, str, int], list[str]] = {}
    for scope in SCOPES:
        lines = [line for line in found.lines if scope in line.beside]
        if lines:
            of = [_named(data, [line for line in lines if line.beside[scope].standing == word]) for word in _SIDES]
            told.setdefault((of[0], of[1], len(lines)), []).append(_TERRITORY[scope])
    return [
        f"В сравнении {russian.listing(scopes)} (всего {russian.count(number, 'показатель')}): "
        + "; ".join(
            [
                f"ниже {DASH} {below}" if below else "ниже нет ни одного",
                f"выше {DASH} {above}" if above else "выше нет ни одного",
                "по остальным различие не доказано, меньше порога или данных мало.",
            ]
        )
        for (below, above, number), scopes in told.items()
    ]


def _named(data: NoteData, lines: Sequence[Line]) -> str:
    """«средняя отметка ГИА-9 (математика, русский язык)»: the indicators with their cuts."""
    cuts: dict[str, list[str]] = {}
    for line in lines:
        cuts.setdefault(line.indicator, []).append(russian.lower_first(cut_name(line.dims)))
    return russian.listing(
        f"{russian.lower_first(_BRACKETS.sub('', data.catalogue[name].name))} ({'; '.join(of)})"
        for name, of in cuts.items()
    )


def teachers(found: Sequence[tuple[str, Sequence[Compared]]], differing: Sequence[tuple[str, object]]) -> str:
    """How many subjects were compared and in how many anything differs, with the caution that belongs to it."""
    told = (
        f"Сравнивались учителя {russian.count(len(found), 'предмет', 'gent')}: каждый с коллегами по тому же предмету, "
        "под кодом. Учителя ведут разные классы, поэтому различие отметок не говорит о качестве работы: сначала "
        "смотрят состав классов и внешние работы. "
    )
    if not differing:
        return told + "Различий, которые нельзя объяснить случайностью, нет."
    return told + (
        f"Различия, которые больше случайных, – по {russian.count(len(differing), 'предмет', 'datv')}; коды – во "
        "второй таблице."
    )


def introduction(data: NoteData) -> str:
    """Goal, period, methods, how to read what follows."""
    dates = data.params.dates(data.period)
    sure = russian.percent(data.conventions.thresholds.confidence * 100, 0)
    limit = russian.count(data.conventions.thresholds.small_group, "обучающийся", "gent")
    lines = [
        "## Введение",
        "**Цель:** показать ключевые показатели школы (п. 4.7 положения), сопоставить классы, параллели, уровни, "
        "предметы и учителей, сравнить школу с муниципалитетом, регионом и страной – и отделить различия от "
        "случайности.",
        russian.sentence(f"**Период:** {data.period.title('ordinal')}, {russian.day_range(dates.start, dates.end)}"),
        f"**Методы:** сравнение каждой группы с остальными, точные тесты с поправкой на число сравнений (вероятность "
        f"{sure}), границы случайного по размеру группы; о группах менее {limit} выводов нет.",
        "**Как читать:** место без диапазона мест и индекс без диапазона при других весах здесь не приводятся: "
        "рейтинг одной цифрой чаще всего показывает случайность или выбор весов.",
    ]
    return "\n\n".join(lines)


def caution() -> str:
    """How the comparisons may be used."""
    return (
        "## Как использовать\n\n"
        "Доказанное различие – повод посмотреть состав класса, условия и внешние работы, а не оценка учителя или "
        "класса. Причины здесь не называются. Не доказанное различие повторно смотрят в следующем периоде. Внутренний "
        "экземпляр с кодами учителей не размещают на сайте и не передают."
    )
