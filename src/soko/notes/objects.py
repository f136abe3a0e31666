"""Figures of a table or chart on any theme: which objects it has, what each shows now and showed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soko import russian
from soko.analysis.compare import Change
from soko.analysis.narrative_sections import Show, among
from soko.analysis.rounding import format_number, format_points
from soko.indicators.model import Indicator
from soko.notes import legend
from soko.notes.data import NoteData, Parts
from soko.notes.facts import before, change
from soko.notes.places import Place, level_name, places
from soko.russian import DASH, NBSP

#: Head of the first column by dimension.
FIRST = {
    "level": "Уровень образования",
    "grade": "Параллель",
    "class": "Класс",
    "subject": "Предмет",
    "sex": "Пол",
    "item": "Направление",
    "work": "Работа",
    "class_subject": "Класс, предмет",
}
_SEX = {"ж": "девочки", "м": "мальчики"}


@dataclass(frozen=True)
class Line:
    """An object with its name as a row has it; ``whole`` is the total."""

    place: Place
    name: str
    whole: bool = False


def lines(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> list[Line]:
    """The objects of the dimension for which an indicator has a row, in reading order; the whole last where asked."""
    found = []
    dimension = show.dimension
    if dimension == "sex":
        present = {key for name in ids for key in data.current.keys(name, "sex", school)}
        chosen = [_of_sex(key, school) for key in sorted(present)]
    else:
        every = places(data, school, lambda scope: ids if scope == dimension else ())
        chosen = [place for place in every if place.scope == dimension]
    for place in chosen:
        if not wanted(show, place.key):
            continue
        if any(data.current.has(name, school, **place.now) for name in ids):
            shared = _shared(show)
            name = russian.upper_first(place.name.removeprefix(shared)) if shared else row_name(data, place)
            found.append(Line(place, name))
    if show.only:
        place_of = {key: at for at, key in enumerate(show.only)}
        found.sort(key=lambda line: place_of.get(line.place.key, len(place_of)))
    if found and show.total:
        total = _total(data, school, show, found, ids)
        if _says_more(data, found, total.place, ids):
            found.append(total)
    return found


def _total(data: NoteData, school: str, show: Show, found: Sequence[Line], ids: Sequence[str]) -> Line:
    """The whole school; where the rows were chosen and are classes of one parallel, the parallel."""
    grades = {line.place.grade for line in found}
    if show.dimension == "class" and show.only and len(grades) == 1:
        for place in places(data, school, lambda scope: ids if scope == "grade" else ()):
            if place.scope == "grade" and place.grade in grades:
                return Line(place, place.name, whole=True)
    whole = next(iter(places(data, school, lambda _scope: ())))
    return Line(whole, legend.whole(data) if not data.focus else "Всего", whole=True)


def _says_more(data: NoteData, found: list[Line], whole: Place, ids: Sequence[str]) -> bool:
    """Whether there is a whole to show, and it is not the only object once more (an area of one subject)."""
    figures = [parts_of(data, name, whole) for name in ids]
    if any(data.current.why_hidden(name, whole.school, **whole.now) for name in ids):
        return True
    alone = len(found) == 1 and figures == [parts_of(data, name, found[0].place) for name in ids]
    return any(figures) and not alone


def _shared(show: Show) -> str:
    """What all names begin with, where the rows are «планирование: *» alone: the caption says it."""
    return f"{show.whole_item}: " if show.whole_item else ""


def by_two(
    data: NoteData, school: str, show: Show, indicator: str
) -> tuple[list[Line], list[Line], dict[tuple[str, str], Parts]]:
    """Objects of ``dimension`` and of ``across`` between which the indicator has figures, and these by both keys.

    ``only`` and ``without`` choose among the former.
    """
    figures, found = data.current, dict[tuple[str, str], Parts]()
    first, second = show.dimension, show.across
    of_first = [key for key in _ordered(data, indicator, first, school, second) if wanted(show, key)]
    of_second = _ordered(data, indicator, second, school, first)
    for one in of_first:
        for other in of_second:
            parts = figures.get(indicator, school, **{first: one, second: other})
            if parts is not None:
                found[one, other] = parts
    rows = [_line(data, school, first, key) for key in of_first if any(pair[0] == key for pair in found)]
    columns = [_line(data, school, second, key) for key in of_second if any(pair[1] == key for pair in found)]
    return rows, columns, found


def _ordered(data: NoteData, indicator: str, dimension: str, school: str, other: str) -> list[str]:
    keys = data.current.keys(indicator, dimension, school, (other,))
    levels = [level.id for level in data.school.levels]
    return sorted(keys, key=levels.index) if dimension == "level" and set(keys) <= set(levels) else keys


def wanted(show: Show, key: str) -> bool:
    """Whether a table or chart is to show the value of its dimension."""
    return not among(key, show.without) and (not show.only or among(key, show.only))


def _line(data: NoteData, school: str, dimension: str, key: str) -> Line:
    dims = {dimension: key}
    place = Place(dimension, key, _SEX.get(key, key) if dimension == "sex" else key, key, school, dims, dims, dims)
    return Line(place, row_name(data, place))


def row_name(data: NoteData, place: Place) -> str:
    """Name of an object as the first cell of its row."""
    if place.scope == "grade":
        return f"{place.key}-е"
    if place.scope == "level":
        level = next((item for item in data.school.levels if item.id == place.key), None)
        return level_name(level) if level else place.key
    if place.scope in ("work", "class_subject"):
        of = f"{place.grade}-е" if place.scope == "work" else place.now["class"]
        return f"{place.now['subject']}, {of}"
    return russian.upper_first(place.name)


def _of_sex(key: str, school: str) -> Place:
    name = _SEX.get(key, key)
    dims = {"sex": key}
    return Place("sex", key, name, name, school, dims, dims, dims)


def parts_of(data: NoteData, indicator: str, place: Place, which: str = "now") -> Parts | None:
    """The figure now, in the previous period or a year ago."""
    if which == "now":
        return data.current.get(indicator, place.school, **place.now)
    return before(data, indicator, place, which)


def apart(place: Place, which: str) -> bool:
    """Whether a comparison with the period would be of different things."""
    return (place.previous if which == "previous" else place.year_ago) is None


def changed(data: NoteData, indicator: Indicator, place: Place, which: str) -> Change | None:
    """The difference to an earlier period with its verdict."""
    now, earlier = parts_of(data, indicator.id, place), parts_of(data, indicator.id, place, which)
    return change(data, indicator, now, earlier)


def signed(indicator: Indicator, found: Change | None, *, unit: bool = True) -> str:
    """A difference with its sign and unit: «+2,1 п.п.», «−0,12», «+3»; «–» without one."""
    if found is None:
        return DASH
    if indicator.unit == "percent":
        text = format_points(found.delta, unit="")
        return f"{text}{NBSP}п.п." if unit and text != DASH else text
    if indicator.unit == "flag":
        return "0" if found.delta == 0 else ("стало «да»" if found.delta > 0 else "стало «нет»")
    return format_points(found.delta, indicator.decimals, unit="")


def axis_title(indicator: Indicator) -> str:
    """«Качество знаний, %»; the unit is left out where the name has it («Средний балл»)."""
    unit = indicator.unit_title
    return f"{indicator.label}, {unit}" if unit and unit not in indicator.label.lower().split() else indicator.label


def amount(value: float | None) -> str:
    """A base or a part of it as a cell has it: people as they are, posts with their halves."""
    if value is None:
        return DASH
    return format_number(value) if float(value).is_integer() else russian.number(value)


def is_share(indicator: Indicator) -> bool:
    """Whether the figure is a share of a whole that is counted in people, marks or the like."""
    return indicator.unit == "percent" and indicator.scale == 100
