"""Tables and the figure of the cluster of key indicators. An index never stands without its range."""

from __future__ import annotations

from soko import russian
from soko.analysis.rounding import format_number
from soko.notes import legend, theme
from soko.notes.cluster import GroupIndex, GroupIndexes, Index, Part
from soko.notes.data import NoteData
from soko.notes.figure_words import show
from soko.notes.groups import HEADS, OF_MANY
from soko.notes.groups_table import span
from soko.publish.blocks import Figure, Head, Row, Table
from soko.russian import NBSP

_ROW_CM, _FRAME_CM = 0.42, 2.2
_WHY = {"absent": russian.DASH, "period": "×", "small": "мало"}
_CODES = {
    "absent": "«–» – нет данных.",
    "period": "«×» – за такой период не считается.",
    "small": "«Мало» – посчитан по меньшему числу обучающихся, чем нужно для индекса.",
}


def points(value: float | None) -> str:
    """An index or points, with one decimal; «–» when there is none."""
    return russian.DASH if value is None else format_number(value, 1)


def interval(low: float, high: float) -> str:
    """«61,2–66,0», or one number when nothing moves."""
    ends = (points(low), points(high))
    return ends[0] if ends[0] == ends[1] else russian.DASH.join(ends)


def index_table(data: NoteData, found: Index, label: str = "cluster") -> Table:
    """Each indicator with its weight, scale and points, and what the index is without it; the index last."""
    rows = [Row(cells=_cells(data, found, part)) for part in found.parts]
    total, moved = found.total, found.range
    rows.append(
        Row(
            cells=[
                "Индекс (диапазон – при других весах)",
                russian.percent(total.coverage * 100, 0),
                russian.DASH,
                russian.DASH,
                points(total.value),
                interval(moved.low, moved.high) if moved else russian.DASH,
                points(moved.equal) + " при равных весах" if moved else russian.DASH,
            ],
            kind="total",
        )
    )
    return Table(
        caption=f"Кластер ключевых показателей, {data.period.title('ordinal')}",
        columns=[
            Head(title="Показатель", width=3.0),
            Head(title="Вес (в кластере)", align="center", width=1.2),
            Head(title="Значение", align="right", width=1.2),
            Head(title=f"Шкала: 0{NBSP}–{NBSP}100 баллов", align="center", width=1.4),
            Head(title="Баллы", align="decimal", width=0.9),
            Head(title="Индекс, если вес изменить", align="center", width=1.4),
            Head(title="Индекс без показателя", align="center", width=1.3),
        ],
        rows=rows,
        notes=_notes(data, found),
        label=label,
    )


def _cells(data: NoteData, found: Index, part: Part) -> list[str]:
    indicator, item = data.catalogue[part.item.id], part.item
    share = found.total.shares.get(item.id)
    everything = sum(found.cluster.value.weights.values())
    given = russian.percent(item.weight / everything * 100, 0)
    weight = f"0 ({given})" if share is None else f"{russian.percent(share * 100, 0)} ({given})"
    value = _WHY[part.why] if part.why else show(indicator, part.parts)
    moved = found.range.moved.get(item.id) if found.range else None
    without = found.range.without.get(item.id) if found.range else None
    scale = f"{russian.number(item.worst)}{NBSP}{russian.DASH}{NBSP}{russian.number(float(item.best))}"
    return [
        indicator.name,
        weight,
        value,
        scale,
        points(part.points),
        interval(*moved) if moved else russian.DASH,
        points(without),
    ]


def _notes(data: NoteData, found: Index) -> list[str]:
    cluster = found.cluster
    step = russian.percent(cluster.value.weight_step * 100, 0)
    notes = [
        "Индекс – средневзвешенное баллов; баллы – положение значения на шкале между худшим (0) и лучшим (100), за "
        "пределами шкалы – 0 или 100. Вес – доля имеющихся показателей; в скобках – доля во всём кластере: вес "
        "отсутствующих делят остальные.",
        f"«Если вес изменить» – индекс, когда вес одного показателя меньше или больше на{NBSP}{step}. Диапазон – самый "
        "низкий и самый высокий индекс при всех таких изменениях, без каждого из показателей и при равных весах.",
        f"Состав, веса и шкалы действуют с{NBSP}{russian.day(cluster.since)}; источник: {cluster.source}.",
    ]
    notes += [text for why, text in _CODES.items() if any(part.why == why for part in found.parts)]
    if found.total.value is None:
        least = russian.percent(cluster.value.least_coverage * 100, 0)
        notes.append(f"Индекс не рассчитан: у имеющихся показателей меньше {least} всех весов.")
    return notes


def groups_table(data: NoteData, found: GroupIndexes, dimension: str, label: str) -> Table:
    """Groups by the same indicators: index with its range, place with its range. In reading order, not by place."""
    rows = [Row(cells=_group_cells(data, item)) for item in found.groups]
    partial = any(item.lacking for item in found.groups)
    if found.school is not None:
        rows.append(Row(cells=["По школе", points(found.school.value), *["×"] * 3, ""], kind="total"))
    columns = [
        Head(title=HEADS[dimension], width=1.4),
        Head(title="Индекс", align="decimal"),
        Head(title="Диапазон индекса", align="center", width=1.3),
        Head(title="Место", align="center"),
        Head(title="Диапазон мест", align="center", width=1.2),
        Head(title="Чего нет", width=2.2),
    ]
    if not partial:
        columns, rows = columns[:-1], [row.model_copy(update={"cells": row.cells[:-1]}) for row in rows]
    weights = [f"{russian.lower_first(data.catalogue[name].name)}" for name in found.by]
    notes = [
        f"По показателям: {'; '.join(weights)}; это {russian.percent(found.coverage * 100, 0)} всех весов кластера. "
        + _ranges(data, label),
        f"Не вошли: {_names(data, found.left_out)} (нет за такой период, есть не у всех "
        f"{OF_MANY[dimension]} или считаются только по школе).",
    ]
    if partial:
        notes.append("«×» в строке группы – нет одного из показателей, поэтому место не определяется.")
    return Table(
        caption=f"Индекс ключевых показателей: {_WHOSE[dimension]}, {data.period.title('ordinal')}",
        columns=columns,
        rows=rows,
        notes=notes,
        label=label,
    )


def _ranges(data: NoteData, label: str) -> str:
    told = legend.once(data, "index_range", "", label)
    if told:
        return f"Диапазоны – как под таблицей {told}."
    return (
        "Диапазон индекса и мест – при весах, изменённых, как под таблицей кластера, без каждого из показателей и при "
        "равных весах. Различие мест внутри диапазона зависит от выбора весов, а не от обучающихся; случайность, "
        "которая в малых группах велика, в диапазон не входит – о ней таблицы сравнения."
    )


_WHOSE = {"class": "классы", "grade": "параллели", "level": "уровни"}


def _group_cells(data: NoteData, item: GroupIndex) -> list[str]:
    place = item.places
    return [
        item.name,
        points(item.total.value),
        interval(item.range.low, item.range.high) if item.range else russian.DASH,
        span(place.first, place.last) if place else "×",
        span(place.best, place.worst) if place else "×",
        _names(data, item.lacking) if item.lacking else "",
    ]


def _names(data: NoteData, ids: tuple[str, ...]) -> str:
    return "; ".join(russian.lower_first(data.catalogue[name].name) for name in ids)


def groups_figure(data: NoteData, found: GroupIndexes, dimension: str, label: str) -> Figure | None:
    """The index of each group as a point on its range, the school as a line; None for fewer than three groups."""
    rows = [item for item in found.groups if item.range is not None and item.total.value is not None]
    if len(rows) < 3:
        return None
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, max(4.0, len(rows) * _ROW_CM + _FRAME_CM))
        for y, item in enumerate(rows):
            assert item.range is not None
            axes.plot([item.range.low, item.range.high], [y, y], color="#6E6E6E", linewidth=2.2, solid_capstyle="butt",
                      label="диапазон при других весах" if y == 0 else None)  # fmt: skip
            axes.text(102, y, points(item.total.value), va="center_baseline", ha="left", fontsize=9)
        for face, title, own in (
            (theme.NOW, "индекс", [(y, item) for y, item in enumerate(rows) if item.places]),
            ("white", "индекс без части показателей", [(y, item) for y, item in enumerate(rows) if not item.places]),
        ):
            if own:
                axes.plot(
                    [item.total.value or 0 for _, item in own], [y for y, _ in own], linestyle="none", marker="o",
                    markersize=5.5, markerfacecolor=face, markeredgecolor="black", label=title, clip_on=False,
                )  # fmt: skip
        if found.school is not None and found.school.value is not None:
            axes.axvline(found.school.value, color="black", linewidth=1.1, linestyle="--",
                         label=f"школа {points(found.school.value)}")  # fmt: skip
        axes.set_yticks(range(len(rows)), [item.name for item in rows])
        axes.tick_params(axis="y", length=0)
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel("Индекс, баллы")
        fig.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)
        drawn = theme.svg(plt, fig)
    return Figure(
        caption=f"Индекс ключевых показателей: {_WHOSE[dimension]}, {data.period.title('ordinal')}",
        svg=drawn,
        alt=_alt(rows),
        source=f"Источник: показатели кластера за {data.period.title('accusative')}; веса и шкалы – в таблице "
        "кластера. Отрезок – индекс при изменённых весах.",
        label=label,
    )


def _alt(rows: list[GroupIndex]) -> str:
    """Who is highest and lowest, and whether other weights would change it."""
    known = [item for item in rows if item.places]
    if not known:
        return "Сопоставимых групп нет: у каждой недостаёт показателей."
    top = [item for item in known if item.places and item.places.first == 1]
    sure = top[0].places is not None and top[0].places.worst == 1
    bottom = max(known, key=lambda item: item.places.last if item.places else 0)
    text = f"Самый высокий индекс – {top[0].name} ({points(top[0].total.value)}), самый низкий – {bottom.name} "
    text += f"({points(bottom.total.value)}). "
    assert top[0].places is not None
    if sure:
        return text + "Первое место не зависит от выбора весов."
    return text + f"При других весах {top[0].name} занимает места от {top[0].places.best} до {top[0].places.worst}."
