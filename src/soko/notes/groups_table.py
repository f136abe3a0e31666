"""The table of groups side by side: figure, difference from the rest, chance, place with what chance leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from soko import russian
from soko.analysis.rounding import format_number, format_points
from soko.notes import legend
from soko.notes.data import NoteData
from soko.notes.figure_words import show
from soko.notes.groups import HEADS, Compared
from soko.publish.blocks import Head, Row, Table
from soko.russian import NBSP

WORDS = {
    "above": "выше",
    "below": "ниже",
    "same": "не отличается",
    "unproven": "не доказано",
    "small": "мало данных",
    "alone": russian.DASH,
}


_OF_TEST = (4, 5)  # columns «Интервал» and «p»


def span(first: int, last: int) -> str:
    """«3» or «2–5»."""
    return str(first) if first == last else f"{first}{russian.DASH}{last}"


def p_text(p: float | None) -> str:
    """«0,03»; «< 0,001» for less."""
    if p is None:
        return "×"
    return f"<{NBSP}0,001" if p < 0.001 else russian.number(p, 3 if p < 0.01 else 2)


def groups_table(
    data: NoteData,
    indicator: str,
    sections: Sequence[tuple[str, Sequence[Compared]]],
    dimension: str,
    caption: str,
    label: str,
    rest: str = "остальными",
) -> Table | None:
    """Compared groups; ``sections`` (title, groups) get a heading row each where the title is not empty.

    None when no section has two groups. ``rest`` names what each is compared with, in the instrumental.
    """
    rows: list[Row] = []
    everything: list[Compared] = []
    several = [(title, found) for title, found in sections if len(found) > 1]
    for title, found in several:
        if title:
            rows.append(Row(cells=[title], kind="section"))
        rows += [Row(cells=_cells(data, indicator, item)) for item in found]
        everything += found
    tested = any(item.contrast.p is not None for item in everything)
    if not rows:
        return None
    item = data.catalogue[indicator]
    columns = [
        Head(title=HEADS[dimension], width=1.9),
        Head(title="В базе", unit="чел." if dimension != "subject" else "отметок", align="decimal"),
        Head(title=item.label, unit="%", align="decimal", width=1.3),
        Head(title="Разность", unit="п.п.", align="decimal", group=f"В сравнении с{NBSP}{rest}"),
        Head(title="Интервал", unit="п.п.", align="center", width=1.6, group=f"В сравнении с{NBSP}{rest}"),
        Head(title="p", align="decimal", group=f"В сравнении с{NBSP}{rest}", width=0.9),
        Head(title="Вывод", width=1.6, group=f"В сравнении с{NBSP}{rest}"),
        Head(title="по доле", align="center", group="Место"),
        Head(title="возможное", align="center", group="Место", width=1.2),
    ]
    if not tested:  # two columns of «×» tell nothing
        columns = [head for at, head in enumerate(columns) if at not in _OF_TEST]
        rows = [row if row.kind == "section" else row.model_copy(update={"cells": _without_test(row)}) for row in rows]
    notes = _notes(data, indicator, everything, label, tested=tested)
    return Table(caption=caption, columns=columns, rows=rows, notes=notes, label=label)


def _without_test(row: Row) -> list[str]:
    return [cell for at, cell in enumerate(row.cells) if at not in _OF_TEST]


def summary_table(
    data: NoteData, indicator: str, sections: Sequence[tuple[str, Sequence[Compared]]], caption: str, label: str
) -> Table | None:
    """A row a section: how many groups, how far apart they are, and whether that is beyond chance. None without any.

    Small groups are counted, but neither the lowest nor the highest figure is theirs.
    """
    small_group = data.conventions.thresholds.small_group
    rows = []
    for title, found in sections:
        judged = [item for item in found if item.contrast.standing not in ("small", "alone")]
        shares = sorted(item.group.parts.part / (item.group.parts.base or 1) * 100 for item in judged)
        ps = [item.contrast.p for item in judged if item.contrast.p is not None]
        differing = sum(item.contrast.standing in ("above", "below") for item in judged)
        rows.append(
            Row(
                cells=[
                    title,
                    format_number(len(found)),
                    format_number(len(judged)),
                    format_number(shares[0], 1) if shares else russian.DASH,
                    format_number(shares[-1], 1) if shares else russian.DASH,
                    p_text(min(ps)) if ps else "×",
                    f"различаются: {differing}" if differing else "не доказано" if judged else WORDS["small"],
                ]
            )
        )
    if not rows:
        return None
    return Table(
        caption=caption,
        columns=[
            Head(title="Предмет", width=2.6),
            Head(title="Учителей", align="decimal"),
            Head(title="из них сравнимы", align="decimal"),
            Head(title="от", unit="%", align="decimal", group=data.catalogue[indicator].label),
            Head(title="до", unit="%", align="decimal", group=data.catalogue[indicator].label),
            Head(title="наименьшее p", align="decimal", width=1.2),
            Head(title="Вывод", width=1.6),
        ],
        rows=rows,
        notes=[
            f"Сравнимы – учителя, у которых и у чьих коллег по предмету в базе не меньше {format_number(small_group)} "
            "обучающихся. p – точный тест (mid-p) каждого учителя против коллег с поправкой Холма на все сравнения "
            "таблицы; в таблице – наименьшее по предмету. «×» – сравнимых нет.",
        ],
        label=label,
    )


def _cells(data: NoteData, indicator: str, item: Compared) -> list[str]:
    contrast, rank = item.contrast, item.rank
    small_group = data.conventions.thresholds.small_group
    judged = contrast.standing not in ("small", "alone")
    interval = "×"
    if contrast.interval is not None and judged:
        ends = [format_points(end * 100, unit="") for end in contrast.interval]
        interval = f"{ends[0]}{NBSP}…{NBSP}{ends[1]}"
    return [
        item.group.name,
        format_number(item.group.parts.base),
        show(data.catalogue[indicator], item.group.parts, small_group, sign=False),
        format_points(contrast.gap, unit="") if judged else "×",
        interval,
        p_text(contrast.p),
        WORDS[contrast.standing],
        span(rank.first, rank.last) if rank else "×",
        span(rank.best, rank.worst) if rank else "×",
    ]


def _notes(data: NoteData, indicator: str, found: Sequence[Compared], label: str, *, tested: bool) -> list[str]:
    """Base, what each column means (once in a note), and the codes that the table really has."""
    thresholds = data.conventions.thresholds
    result = [f"База: {data.catalogue.base(indicator)}."]
    told = legend.once(data, f"groups {tested} {data.catalogue[indicator].stable_within(thresholds)}", "", label)
    result += [f"Обозначения граф – под таблицей {told}."] if told else _columns_told(data, indicator, tested=tested)
    if any(item.contrast.standing == "small" for item in found):
        result.append(f"«×» – не судим: в группе или среди остальных меньше {format_number(thresholds.small_group)}.")
    small = any((item.group.parts.base or 0) < thresholds.small_group for item in found)
    return result + legend.small_groups(data, small)


def _columns_told(data: NoteData, indicator: str, *, tested: bool) -> list[str]:
    thresholds = data.conventions.thresholds
    text = "Разность – доля группы минус доля всех остальных вместе, из неокруглённых долей. "
    if tested:
        text += (
            f"Интервал разности ({russian.percent(thresholds.confidence * 100, 0)}) – для одного сравнения (метод "
            "Ньюкомба); p – точный тест (mid-p) с поправкой Холма на число сравнений. «Выше» и «ниже» – когда разность "
            f"больше порога и случайность маловероятна (p{NBSP}<{NBSP}{russian.number(1 - thresholds.confidence)}); "
            "«не доказано» – разность может быть случайной."
        )
    else:
        text += (
            "Тест не применяется: у одного обучающегося в базе много отметок, и счёт по отметкам завысил бы "
            "уверенность; «выше» и «ниже» – только по порогу."
        )
    stable = data.catalogue[indicator].stable_within(thresholds)
    return [
        text,
        f"Порог – {russian.points(stable)} или один обучающийся группы, если это больше. Возможное место – места, "
        "которых не исключает случайность (попарные точные тесты); место по доле без него ни о чём не говорит.",
    ]
